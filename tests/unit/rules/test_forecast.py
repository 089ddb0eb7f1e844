"""Forecasts: what they say of simple plans, that they are repeatable, and that they cover what they promise."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.rules.forecast import ENOUGH, FARTHEST, PUBLISHED, Outlook, Stretch, outlook, ratio, score

TODAY = date(2026, 11, 2)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def of(*stretches: tuple[int, int], promised: int = 42, own: tuple[float, ...] = (), today: int = 0) -> Outlook:
    found = outlook(
        open_=[Stretch(day(starts), day(due)) for starts, due in stretches],
        promised=day(promised),
        today=day(today),
        own=own,
    )
    assert found is not None
    return found


ON_TIME = (1.0,) * ENOUGH
DOUBLE = (2.0,) * ENOUGH


def test_a_house_that_is_always_on_time_finishes_on_the_planned_day() -> None:
    found = of((0, 10), (10, 30), own=ON_TIME)
    assert (found.likely_on, found.safe_on, found.chance_micro, found.own) == (day(30), day(30), 1_000_000, True)


def test_a_house_that_takes_twice_as_long_says_so() -> None:
    found = of((0, 10), (0, 30), own=DOUBLE)
    assert (found.likely_on, found.safe_on, found.chance_micro) == (day(60), day(60), 0)


def test_with_too_few_milestones_of_its_own_the_published_class_speaks() -> None:
    few = of((0, 30), own=DOUBLE[:-1])
    assert (few.own, few.samples, few) == (False, ENOUGH - 1, of((0, 30), own=(1.0,) * (ENOUGH - 1)))


def test_the_published_class_gives_its_own_median_and_p80() -> None:
    found = of((0, 1000), promised=1430)
    assert abs((found.likely_on - TODAY).days - 1000) <= 25
    assert abs((found.safe_on - TODAY).days - 1430) <= 60
    assert 770_000 <= found.chance_micro <= 830_000


def test_nothing_open_is_no_forecast() -> None:
    assert outlook(open_=[], promised=day(42), today=TODAY, own=ON_TIME) is None


def test_a_milestone_that_becomes_late_moves_the_finish_at_once() -> None:
    before, on_the_day, after = (of((0, 20), own=ON_TIME, today=now) for now in (10, 20, 26))
    assert (before.likely_on, on_the_day.likely_on >= day(21), after.likely_on > day(26)) == (day(20), True, True)
    assert before.chance_micro >= on_the_day.chance_micro >= after.chance_micro


@pytest.mark.parametrize("plan", [(0, 2_900_000), (-700_000, -699_990)])
def test_a_plan_beyond_any_calendar_is_forecast_a_century_ahead_at_most(plan: tuple[int, int]) -> None:
    found = of(plan)
    assert (found.likely_on, found.safe_on, found.chance_micro) == (day(FARTHEST), day(FARTHEST), 0)


@given(
    plan=st.lists(st.tuples(st.integers(-60, 30), st.integers(1, 90)), min_size=1, max_size=6),
    promised=st.integers(0, 120),
    own=st.lists(st.floats(0.1, 5), min_size=0, max_size=60),
)
def test_laws_of_every_forecast(plan: list[tuple[int, int]], promised: int, own: list[float]) -> None:
    stretches = [(starts, starts + length) for starts, length in plan]
    found = of(*stretches, promised=promised, own=tuple(own))
    assert found == of(*reversed(stretches), promised=promised, own=tuple(reversed(own)))
    assert TODAY <= found.likely_on <= found.safe_on
    assert 0 <= found.chance_micro <= 1_000_000
    if found.safe_on <= day(promised):
        assert found.chance_micro >= 800_000
    if any(starts <= 0 for starts, _due in stretches):
        assert found.likely_on > TODAY


@pytest.mark.parametrize("milestones", [1, 4])
def test_the_safe_day_covers_about_eight_of_ten(milestones: int) -> None:
    """Projects whose milestones are drawn from the house's own kind of ratios, half of their lateness shared."""
    chance = np.random.default_rng(7)
    levels, ratios = zip(*PUBLISHED, strict=True)
    history = tuple(float(each) for each in np.interp(chance.random(400), levels, ratios))
    covered = 0
    projects = 300
    for _ in range(projects):
        shared = chance.random()
        finish = 0
        plan = []
        for _milestone in range(milestones):
            length = int(chance.integers(5, 40))
            level = shared if chance.random() < 0.5 else chance.random()
            finish = max(finish, int(np.ceil(np.interp(level, levels, ratios) * length)))
            plan.append((0, length))
        covered += day(finish) <= of(*plan, own=history).safe_on
    assert 0.74 <= covered / projects <= 0.88


def test_a_ratio_is_actual_over_planned_days() -> None:
    assert [
        ratio(starts=day(0), planned=day(planned), done=day(done)) for planned, done in ((10, 10), (10, 15), (10, 0), (0, 3))
    ] == [1.0, 1.5, 0.1, 3.0]


def test_scores_count_and_square() -> None:
    rows = [
        (day(10), day(20), day(15), 800_000, day(9)),
        (day(10), day(20), day(15), 800_000, day(18)),
        (day(10), day(20), day(15), 0, day(30)),
    ]
    found = score(rows)
    assert (found.scored, found.by_likely, found.by_safe) == (3, 1, 2)
    assert found.brier_micro == (40_000 + 640_000 + 0) // 3
    assert score([]).brier_micro is None
