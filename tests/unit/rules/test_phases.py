"""Is it time? Windows are half open, and may overlap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from innovation.rules.phases import Phase, Schedule, schedule_errors
from innovation.rules.policy import May

DAY = timedelta(days=1)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
VOTES = Schedule(START, START + 10 * DAY, START + 5 * DAY, START + 20 * DAY)
PICKS = Schedule(START, START + 10 * DAY)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("schedule", "now", "phases"),
    [
        (VOTES, START - TICK, set()),
        (VOTES, START, {Phase.COLLECT}),
        (VOTES, START + 5 * DAY, {Phase.COLLECT, Phase.VOTE}),
        (VOTES, START + 10 * DAY - TICK, {Phase.COLLECT, Phase.VOTE}),
        (VOTES, START + 10 * DAY, {Phase.VOTE}),
        (VOTES, START + 20 * DAY, {Phase.DECIDE}),
        (PICKS, START + 10 * DAY - TICK, {Phase.COLLECT}),
        (PICKS, START + 10 * DAY, {Phase.DECIDE}),
    ],
)
def test_phases_follow_the_schedule(schedule: Schedule, now: datetime, phases: set[Phase]) -> None:
    assert schedule.phases(now) == phases


def test_an_idea_is_late_at_the_closing_instant_itself() -> None:
    assert VOTES.allows(May.SUBMIT_IDEA, VOTES.closes - TICK) is True
    assert VOTES.allows(May.SUBMIT_IDEA, VOTES.closes) is False


def test_an_act_bound_to_no_phase_is_always_in_time() -> None:
    assert VOTES.allows(May.EDIT_CHALLENGE, START + 1000 * DAY) is True


@pytest.mark.parametrize(
    ("schedule", "errors"),
    [
        (VOTES, []),
        (Schedule(START, START), [("closes", "closes_before_it_opens")]),
        (Schedule(START, START + DAY, START - DAY, START + 2 * DAY), [("vote_opens", "vote_before_ideas")]),
        (Schedule(START, START + 2 * DAY, START, START + DAY), [("vote_closes", "vote_ends_before_ideas")]),
        (Schedule(START, START + DAY, START + DAY, START + DAY), [("vote_closes", "vote_ends_before_it_begins")]),
    ],
)
def test_schedules_out_of_order_are_named(schedule: Schedule, errors: list[tuple[str, str]]) -> None:
    assert schedule_errors(schedule) == errors
