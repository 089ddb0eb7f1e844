"""What stands when one group of voters is left out."""

from __future__ import annotations

from typing import Any

import numpy as np

from innovation.rules.ranking import Prior
from innovation.rules.ranking.groups import NO_GROUP, both_sides, capped, capped_pairs, carried_by, least, parts_of

ONE = Prior(1_000_000, 1_000_000)
UNVERIFIED = 9


def test_the_least_names_the_group_that_carries_an_idea() -> None:
    parts = parts_of(3, [0, 0, 1, 1], [4, 7, 4, 7], [10, 1, 3, 3], [10, 8, 6, 6])
    found = least(parts, ONE)
    assert found.group.tolist() == [4, NO_GROUP, NO_GROUP]
    assert found.score.tolist() == [2 / 10, 7 / 14, 1 / 2]
    assert (found.for_.tolist(), found.views.tolist()) == ([1, 6, 0], [8, 12, 0])


def test_an_idea_of_one_group_falls_to_the_mean_and_gains_nothing_by_it() -> None:
    parts = parts_of(2, [0, 1], [4, 4], [10, 0], [10, 10])
    assert least(parts, ONE).score.tolist() == [1 / 2, 1 / 12]


def test_rows_of_one_idea_and_group_are_added_up() -> None:
    parts = parts_of(2, [1, 1, 0], [3, 3, 3], [1, 2, 0], [1, 5, 4])
    assert (parts.idea.tolist(), parts.for_.tolist(), parts.views.tolist()) == ([0, 1], [0, 3], [4, 6])


def test_unverified_accounts_are_cut_to_fifteen_percent_of_the_verified() -> None:
    parts = parts_of(3, [0, 0, 0, 1, 1, 2], [1, 2, UNVERIFIED, 1, UNVERIFIED, UNVERIFIED], [5] * 6, [10, 11, 40, 100, 15, 5])
    cut = capped(parts, UNVERIFIED)
    rows = list(zip(cut.idea.tolist(), cut.group.tolist(), cut.for_.tolist(), cut.views.tolist(), strict=True))
    # 15 % of 21 is 3.15: three people, of whom 5 x 3 / 40 were in favour. Nobody verified saw the last idea.
    assert rows == [(0, 1, 5, 10), (0, 2, 5, 11), (0, 9, 0, 3), (1, 1, 5, 100), (1, 9, 5, 15), (2, 9, 0, 0)]


def test_where_nobody_is_verified_all_count_in_full() -> None:
    parts = parts_of(2, [0, 1], [UNVERIFIED] * 2, [5, 3], [10, 4])
    assert capped(parts, UNVERIFIED).totals()[1].tolist() == [10, 4]


def test_many_new_accounts_cannot_lift_an_idea_far() -> None:
    honest = [(idea, group, for_, 20) for idea, for_ in enumerate((4, 10, 12)) for group in (1, 2)]
    attacked = parts_of(3, *np.asarray([*honest, (0, UNVERIFIED, 5000, 5000)]).T)
    whole = least(attacked, ONE)
    assert whole.score.argmax() == 2
    assert carried_by(attacked, ONE).place.tolist()[0] == 1
    assert carried_by(capped(attacked, UNVERIFIED), ONE).place.tolist() == [3, 2, 1]


def test_who_carries_an_idea_is_the_group_whose_absence_costs_it_most() -> None:
    # Group 1 is all for idea 0, group 2 mildly against it; both judge the others alike.
    rows = [(0, 1, 20, 20), (0, 2, 2, 10), *((idea, group, 4 + idea, 10) for idea in (1, 2, 3) for group in (1, 2))]
    found = carried_by(parts_of(4, *np.asarray(rows).T), ONE)
    assert found.place.tolist() == [1, 4, 3, 2]
    assert found.without.tolist() == [4, 4, 3, 2]
    assert found.group.tolist() == [1, NO_GROUP, NO_GROUP, NO_GROUP]


def test_equal_ideas_share_a_place() -> None:
    parts = parts_of(3, [0, 1, 2], [1, 1, 1], [5, 5, 2], [10, 10, 10])
    assert carried_by(parts, ONE).place.tolist() == [1, 1, 3]


def test_both_sides_must_be_surely_above_the_mean() -> None:
    found = both_sides([90, 90, 90, 3], [100, 100, 100, 4], [80, 10, 0, 3], [100, 100, 0, 4], ONE)
    assert found.both.tolist() == [True, False, False, False]
    assert found.external.tolist() == [81 / 102, 11 / 102, 1 / 2, 4 / 6]
    assert (found.internal_low < found.internal).all()


def test_numbers_that_cannot_be_are_refused() -> None:
    for idea, group in ((2, 0), (-1, 0), (0, -1)):
        try:
            parts_of(2, [idea], [group], [1], [1])
        except ValueError:
            continue
        raise AssertionError((idea, group))


def _pairs(*rows: tuple[int, int, int]) -> tuple[np.ndarray[Any, Any], ...]:
    """So many verified comparisons, or (below nought) unverified ones, of two ideas."""
    first, second, times = np.asarray(rows).T
    return np.repeat(first, abs(times)), np.repeat(second, abs(times)), np.repeat(times < 0, abs(times))


def test_unverified_comparisons_weigh_fifteen_percent_of_an_ideas_verified_ones() -> None:
    # Idea 0 has 40 verified comparisons, so 6 of the unverified may count: 30 of them weigh a fifth each.
    weight = capped_pairs(3, *_pairs((0, 1, 40), (2, 1, 160), (0, 1, -30)))
    assert weight.tolist() == [1_000_000] * 200 + [200_000] * 30
    # Of 7 verified ones 1.05 may count, and three share that: a third of it each, rounded down.
    assert set(capped_pairs(2, *_pairs((0, 1, 7), (1, 0, -3))).tolist()) == {1_000_000, 350_000}


def test_no_comparison_weighs_more_than_one_or_than_the_weaker_of_its_ideas_allows() -> None:
    weight = capped_pairs(4, *_pairs((0, 1, 100), (0, 1, -2), (1, 2, -2), (3, 0, 10), (0, 3, -4)))
    assert weight.tolist()[100:102] == [1_000_000] * 2
    assert weight.tolist()[102:104] == [0] * 2  # nobody verified compared idea 2
    assert weight.tolist()[114:] == [375_000] * 4


def test_whatever_is_compared_no_idea_gets_more_than_its_fifteen_percent() -> None:
    chance = np.random.default_rng(2)
    first = chance.integers(0, 12, 3000)
    second = (first + chance.integers(1, 12, 3000)) % 12
    unverified = chance.random(3000) < 0.2 + 0.06 * first
    weight = capped_pairs(12, first, second, unverified)
    for idea in range(12):
        of_it = (first == idea) | (second == idea)
        assert weight[of_it & unverified].sum() * 100 <= 15 * weight[of_it & ~unverified].sum()
    assert weight[unverified].sum() > 0


def test_where_nobody_verified_compared_all_comparisons_count_in_full() -> None:
    assert capped_pairs(2, *_pairs((0, 1, -5))).tolist() == [1_000_000] * 5
    nothing = np.empty(0, dtype=np.int64)
    assert capped_pairs(2, nothing, nothing, nothing.astype(bool)).tolist() == []
