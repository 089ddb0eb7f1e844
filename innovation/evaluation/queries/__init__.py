"""Reading panels: criteria, reviews, progress, lists."""

from innovation.evaluation.queries.lists import MemberRow, ResultRow, member_page, result_page
from innovation.evaluation.queries.progress import Progress, Share, my_progress, next_to_score, progress
from innovation.evaluation.queries.reading import (
    Said,
    criteria,
    criteria_fixed,
    is_scored,
    may_open,
    my_review,
    panel_scores,
    reasons,
    said,
    scored,
    stage,
    to_open,
    to_review,
    to_score,
    was_opened,
)

__all__ = [
    "MemberRow",
    "Progress",
    "ResultRow",
    "Said",
    "Share",
    "criteria",
    "criteria_fixed",
    "is_scored",
    "may_open",
    "member_page",
    "my_progress",
    "my_review",
    "next_to_score",
    "panel_scores",
    "progress",
    "reasons",
    "result_page",
    "said",
    "scored",
    "stage",
    "to_open",
    "to_review",
    "to_score",
    "was_opened",
]
