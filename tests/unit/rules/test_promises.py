"""When who is reminded: of answers, and of gates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from innovation.rules.gatekeeping import due_step, held_step
from innovation.rules.promises import approval_step, step

DAY = timedelta(days=1)
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_promised_answer_is_named_soon_today_and_then_late_once_a_week() -> None:
    said = [step(AT, AT + days * DAY) for days in (-3.1, -3, -0.1, 0, 0.9, 1, 7.9, 8, 15)]
    names = [None if each is None else f"{each[0]} {each[1]}" for each in said]
    assert names == [
        None,
        "soon answer_soon",
        "soon answer_soon",
        "today answer_today",
        "today answer_today",
        "late answer_late_0",
        "late answer_late_0",
        "late answer_late_1",
        "late answer_late_2",
    ]


def gate(days: float, asked: float | None = None) -> str | None:
    found = due_step(
        asked_at=None if asked is None else AT + asked * DAY, due_at=AT, answer_days=5, soon=2 * DAY, now=AT + days * DAY
    )
    return found and found.name


def test_a_gate_nobody_asked_for_is_named_before_and_after_its_day() -> None:
    assert [gate(days) for days in (-2.1, -2, 0, 6.9, 7)] == [
        None,
        "soon_2026-11-20",
        "late_2026-11-20_0",
        "late_2026-11-20_0",
        "late_2026-11-20_1",
    ]


def test_a_gate_that_was_asked_for_waits_for_its_keeper_then_his_deputy_then_the_manager() -> None:
    assert [gate(days, asked=-1) for days in (0, 3.9, 4, 8.9, 9, 30)] == [
        None,
        None,
        "deputy_2026-11-19",
        "deputy_2026-11-19",
        "manager_2026-11-19",
        "manager_2026-11-19",
    ]


def test_a_gate_on_hold_is_named_when_its_answer_would_be_due_and_then_every_week() -> None:
    found = [held_step(held_at=AT, answer_days=5, now=AT + days * DAY) for days in (0, 4.9, 5, 11.9, 12, 19)]
    assert [each and each.name for each in found] == [
        None,
        None,
        "on_hold_2026-11-20_0",
        "on_hold_2026-11-20_0",
        "on_hold_2026-11-20_1",
        "on_hold_2026-11-20_2",
    ]


@pytest.mark.parametrize(
    ("hours", "step"),
    [
        (23, None),
        (24, "approve_soon_261116120000"),
        (47, "approve_soon_261116120000"),
        (48, "approve_late_261116120000_0"),
        (48 + 7 * 24, "approve_late_261116120000_1"),
    ],
)
def test_an_approval_is_reminded_of_after_a_day_and_when_two_are_over_then_every_week(hours: int, step: str | None) -> None:
    handed_in = datetime(2026, 11, 16, 12, tzinfo=UTC)
    found = approval_step(handed_in, handed_in + timedelta(hours=hours))
    assert (found and found[1]) == step
