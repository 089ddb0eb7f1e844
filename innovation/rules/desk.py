"""What a manager finds on his desk, list by list, and what he does with things he picked there."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Section(StrEnum):
    """A list of the desk, in the order in which it is read."""

    APPROVALS = "approvals"
    """Challenges that were handed in."""
    RESULTS = "results"
    """Results to announce."""
    CHECKS = "checks"
    """Ideas that wait to be looked at before others see them."""
    QUESTIONS = "questions"
    """What was asked of sponsors."""
    ANSWERS = "answers"
    """Challenges whose answer is promised this week, or late."""
    GATES = "gates"
    """Gates to decide, and gates that are late."""


class DeskAct(StrEnum):
    """What is done at once with everything picked. What people are told in one's own words is a sending instead."""

    PUBLICATION = "publication"
    ANNOUNCEMENT = "announcement"
    ACCEPTANCE = "acceptance"
    EXTENSION = "extension"
    ASSIGNMENT = "assignment"


KINDS: dict[DeskAct, frozenset[str]] = {
    DeskAct.PUBLICATION: frozenset({"challenge"}),
    DeskAct.ANNOUNCEMENT: frozenset({"run"}),
    DeskAct.ACCEPTANCE: frozenset({"idea"}),
    DeskAct.EXTENSION: frozenset({"challenge", "gate"}),
    DeskAct.ASSIGNMENT: frozenset({"challenge", "run", "idea", "gate"}),
}
"""What each act is done to."""

AHEAD = timedelta(days=7)
"""How far ahead the promised answers of the desk reach."""
SHOWN = 20
"""So many rows of a list stand on the desk; the others have a page of their own."""
COUNTED = 100
"""Further than this no list is counted."""


class Waits(StrEnum):
    """What a promised answer waits for."""

    IDEAS = "ideas"
    VOTES = "votes"
    PANEL = "panel"
    CHOICE = "choice"
    RESULT = "result"
    """The house works it out."""
    ANNOUNCEMENT = "announcement"
    CALLS = "calls"
    """Ideas too close to call wait for a person."""
