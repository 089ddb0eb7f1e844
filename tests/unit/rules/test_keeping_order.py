"""Who may report, decide, object and settle: the rows of the policy table that keep order in talks."""

from __future__ import annotations

import pytest

from innovation.rules.moderation import CASE, HIDDEN, CaseState
from innovation.rules.policy import May, allowed
from innovation.rules.predicates import Case, Role

R = Role
IN = R.SIGNED_IN
ROWS = [
    (May.REPORT_COMMENT, set(), False),
    (May.REPORT_COMMENT, {IN}, True),
    (May.REPORT_COMMENT, {IN, R.WRITER}, False),
    (May.MODERATE, {IN, R.SPONSOR}, False),
    (May.MODERATE, {IN, R.PANEL}, False),
    (May.MODERATE, {IN, R.MANAGER}, True),
    (May.MODERATE, {IN, R.ADMINISTRATOR}, True),
    (May.MODERATE, {IN, R.SPONSOR, R.MODERATOR}, True),
    (May.MODERATE, {IN, R.MANAGER, R.WRITER}, False),
    (May.MODERATE, {IN, R.ADMINISTRATOR, R.REPORTER}, False),
    (May.MODERATE, {IN, R.MODERATOR, R.REPORTER}, False),
    (May.OBJECT_TO_REMOVAL, {IN, R.MANAGER}, False),
    (May.OBJECT_TO_REMOVAL, {IN, R.WRITER}, True),
    (May.SETTLE_OBJECTION, {IN, R.MANAGER}, True),
    (May.SETTLE_OBJECTION, {IN, R.ADMINISTRATOR}, True),
    (May.SETTLE_OBJECTION, {IN, R.MANAGER, R.ADMINISTRATOR, R.DECIDER}, False),
    (May.SETTLE_OBJECTION, {IN, R.MODERATOR, R.DECIDER}, False),
    (May.SETTLE_OBJECTION, {IN, R.MANAGER, R.REPORTER}, False),
    (May.SETTLE_OBJECTION, {IN, R.MANAGER, R.WRITER}, False),
    (May.SETTLE_OBJECTION, {IN, R.WRITER}, False),
]


@pytest.mark.parametrize(("act", "roles", "expected"), ROWS)
def test_nobody_keeps_order_in_his_own_cause(act: May, roles: set[Role], expected: bool) -> None:
    assert allowed(act, Case(frozenset(roles))) is expected


def test_a_case_ends_kept_upheld_or_restored() -> None:
    moves = ("keep", "remove", "appeal", "uphold", "restore")
    ends = {state for state in CaseState if not any(CASE.can(state, move) for move in moves)}
    assert ends == {CaseState.KEPT, CaseState.UPHELD, CaseState.RESTORED}
    assert ends & HIDDEN == {CaseState.UPHELD}
