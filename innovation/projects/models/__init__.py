"""Tables of projects, by what they are about."""

from innovation.projects.models.gates import (
    Citation,
    Evidence,
    GateDecision,
    Hypothesis,
    Process,
)
from innovation.projects.models.money import BudgetLine, MoneyEntry, ValueClaim
from innovation.projects.models.plan import Document, Forecast, LogEntry, Milestone, Risk, Task, Update
from innovation.projects.models.project import Check, Follower, Gate, Member, Project

__all__ = [
    "BudgetLine",
    "Check",
    "Citation",
    "Document",
    "Evidence",
    "Follower",
    "Forecast",
    "Gate",
    "GateDecision",
    "Hypothesis",
    "LogEntry",
    "Member",
    "Milestone",
    "MoneyEntry",
    "Process",
    "Project",
    "Risk",
    "Task",
    "Update",
    "ValueClaim",
]
