"""Strength from pairs, on records whose answer can be worked out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from innovation.rules.ranking import bradley_terry, field_of, uncertainty


def test_equal_records_give_equal_strengths() -> None:
    found = bradley_terry.fit(3, [0, 1, 2], [1, 2, 0], [1, 1, 1])
    assert found.theta == pytest.approx([0, 0, 0], abs=1e-12)
    assert found.spread[0] == pytest.approx(found.spread[2])


def test_cannot_say_is_half_a_win_for_each() -> None:
    undecided = bradley_terry.fit(3, [0, 0, 1, 1], [1, 1, 2, 2], [0, 0, 1, 1])
    divided = bradley_terry.fit(3, [0, 0, 1, 1], [1, 1, 2, 2], [1, -1, 1, 1])
    assert undecided.theta == pytest.approx(divided.theta)
    assert undecided.spread == pytest.approx(divided.spread)


def test_strengths_give_back_the_chance_of_winning() -> None:
    # Three wins of four: the difference tends to ln 3 as the prior weighs less.
    found = bradley_terry.fit(2, [0] * 4000, [1] * 4000, [1, 1, 1, -1] * 1000)
    assert found.theta[0] - found.theta[1] == pytest.approx(np.log(3), abs=0.002)
    assert found.theta.sum() == pytest.approx(0, abs=1e-9)


def test_an_idea_in_no_pair_stands_at_nought_with_the_priors_spread() -> None:
    found = bradley_terry.fit(3, [0], [1], [1])
    assert found.theta[2] == 0
    assert found.spread[2] == pytest.approx(bradley_terry.PRIOR_SPREAD)
    assert found.spread[0] < bradley_terry.PRIOR_SPREAD
    assert bradley_terry.fit(2, [], [], []).theta.tolist() == [0, 0]


def test_the_root_is_one_of_the_inverse_hessian() -> None:
    found = bradley_terry.fit(2, [0] * 10, [1] * 10, [1] * 6 + [-1] * 4)
    chance = 1 / (1 + np.exp(found.theta[1] - found.theta[0]))
    weight, prior = 10 * chance * (1 - chance), 1 / bradley_terry.PRIOR_SPREAD**2
    hessian = np.asarray([[weight + prior, -weight], [-weight, weight + prior]])
    assert found.factor @ found.factor.T == pytest.approx(np.linalg.inv(hessian))
    assert found.spread**2 == pytest.approx(np.diag(np.linalg.inv(hessian)))


@pytest.mark.parametrize("count", [0, 1, 500])
def test_pairs_are_counted_the_same_in_a_table_and_by_sorting(count: int) -> None:
    chance = np.random.default_rng(3)
    keys = chance.integers(0, 30 * 30, count)
    weight = chance.integers(0, 4, count) * 250_000
    won = weight * chance.integers(0, 3, count)
    table, by_sorting = bradley_terry._in_a_table(keys, weight, won), bradley_terry._by_sorting(keys, weight, won)
    for ours, theirs in zip(table, by_sorting, strict=True):
        assert ours.tolist() == theirs.tolist()
    assert table[0].tolist() == sorted(set(keys[weight > 0].tolist()))
    assert (table[1].sum(), table[2].sum()) == (weight.sum(), won.sum())


@pytest.mark.parametrize("most", [0, 30])
def test_a_fit_is_the_same_however_its_pairs_are_counted(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Both ways are walked: the one that is not to be taken is made to fail."""
    chance = np.random.default_rng(3)
    first = chance.integers(0, 30, 500)
    second = (first + chance.integers(1, 30, 500)) % 30
    outcome = chance.integers(-1, 2, 500)
    usual = bradley_terry.fit(30, first, second, outcome).theta
    monkeypatch.setattr(bradley_terry, "_DENSE", most)
    monkeypatch.setattr(bradley_terry, "_in_a_table" if most == 0 else "_by_sorting", None)
    assert bradley_terry.fit(30, first, second, outcome).theta.tolist() == usual.tolist()


def test_one_idea_that_always_wins_is_found() -> None:
    size = 40
    found = bradley_terry.fit(size, [0] * 3900, list(range(1, size)) * 100, [1] * 3900)
    assert np.isfinite(found.theta).all()
    assert found.theta.argmax() == 0
    standing = uncertainty("pairs", field_of(size, strengths=found), 1, 8)
    assert standing.p_top[0] > 0.99


def test_draws_of_ideas_that_were_compared_move_together() -> None:
    # A thousand ties between two: which strength they share is not known, that they share it is.
    field = field_of(2, strengths=bradley_terry.fit(2, [0] * 1000, [1] * 1000, [0] * 1000))
    drawn = bradley_terry.draws(field, np.random.default_rng(1), 4000)
    assert np.asarray(np.corrcoef(drawn.T))[0, 1] > 0.99


@pytest.mark.parametrize(
    "columns", [([0], [0], [1]), ([0], [1], [2]), ([0], [2], [1]), ([-1], [0], [1]), ([0, 1], [1], [1])]
)
def test_impossible_comparisons_are_refused(columns: Any) -> None:
    with pytest.raises(ValueError, match=r"idea|itself|column"):
        bradley_terry.fit(2, *columns)


def test_a_comparison_of_half_the_weight_is_half_a_comparison() -> None:
    whole = bradley_terry.fit(3, [0, 1, 1], [1, 2, 2], [1, 0, 1])
    halves = bradley_terry.fit(3, [0, 1, 0, 2, 1], [1, 0, 1, 1, 2], [1, -1, -1, 0, 1], [500_000] * 2 + [0] + [1_000_000] * 2)
    assert halves.theta == pytest.approx(whole.theta, abs=1e-10)
    assert halves.spread == pytest.approx(whole.spread)
    with pytest.raises(ValueError, match="weight"):
        bradley_terry.fit(2, [0], [1], [1], [-1])


def test_records_add_up_and_round_parts_down() -> None:
    columns = ([0, 0, 1, 2], [1, 1, 2, 0], [1, -1, 0, -1], [1_000_000, 700_000, 600_000, 1_000_000])
    found = bradley_terry.records(3, *(np.asarray(column) for column in columns))
    assert (found.won.tolist(), found.lost.tolist(), found.times.tolist()) == ([2, 0, 0], [0, 1, 1], [2, 2, 1])
