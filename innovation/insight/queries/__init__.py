"""Reading the funnel. Figures come from counters that facts keep up; lists from the passages behind them."""

from __future__ import annotations

from innovation.insight.queries.checks import mismatches
from innovation.insight.queries.filters import EVERYTHING, Choices, Filters, choices, of_challenge
from innovation.insight.queries.flows import COLUMNS, Flows, flows
from innovation.insight.queries.growth import Cohort, Growth, cohorts, growth
from innovation.insight.queries.lists import PARTS, Line, lines, members, named, people, readable
from innovation.insight.queries.money import Asked, Spent, asked, per_proof
from innovation.insight.queries.stages import (
    IDEA_STAGES,
    MAIN_STAGES,
    PEOPLE_STAGES,
    SIDE_STAGES,
    Funnel,
    Stage,
    funnel,
    gate_title,
    is_stage,
)
from innovation.insight.queries.strips import strip
from innovation.insight.queries.stuck import SETTLE_DAYS, Late, Promise, answered_in_time, late, promises
from innovation.insight.queries.times import Step, Timed, authors_answered, conversion, first_response, in_stages
from innovation.insight.queries.views import mine, views

__all__ = [
    "COLUMNS",
    "EVERYTHING",
    "IDEA_STAGES",
    "MAIN_STAGES",
    "PARTS",
    "PEOPLE_STAGES",
    "SETTLE_DAYS",
    "SIDE_STAGES",
    "Asked",
    "Choices",
    "Cohort",
    "Filters",
    "Flows",
    "Funnel",
    "Growth",
    "Late",
    "Line",
    "Promise",
    "Spent",
    "Stage",
    "Step",
    "Timed",
    "answered_in_time",
    "asked",
    "authors_answered",
    "choices",
    "cohorts",
    "conversion",
    "first_response",
    "flows",
    "funnel",
    "gate_title",
    "growth",
    "in_stages",
    "is_stage",
    "late",
    "lines",
    "members",
    "mine",
    "mismatches",
    "named",
    "of_challenge",
    "people",
    "per_proof",
    "promises",
    "readable",
    "strip",
    "views",
]
