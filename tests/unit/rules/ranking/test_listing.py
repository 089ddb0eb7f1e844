"""The order of the list while voting is open."""

from __future__ import annotations

import numpy as np
import pytest

from innovation.rules.ranking.chance import betas, uniforms
from innovation.rules.ranking.listing import order, personal, seed_of

MANY = np.arange(20_000)


def test_every_third_place_goes_to_the_oldest_below_the_floor() -> None:
    ids = [11, 12, 13, 14, 15, 16, 17, 18]
    views = [900, 900, 900, 900, 900, 9, 3, 9]
    for_ = [899, 899, 899, 899, 899, 0, 0, 0]
    assert order(ids, for_, views, seed=1, submitted=[1, 2, 3, 4, 5, 9, 8, 7])[2::3] == [18, 17]
    assert order(ids, for_, views, seed=1)[2::3] == [16, 17]


def test_an_idea_at_the_floor_waits_no_longer() -> None:
    ids = list(range(6))
    assert order(ids, [9, 9, 9, 0, 0, 0], [10] * 6, seed=1, floor=10)[2] in (0, 1, 2)
    assert order(ids, [90, 90, 90, 90, 90, 0], [100] * 5 + [9], seed=1, floor=10)[2] == 5


def test_much_seen_and_well_liked_ideas_come_before_disliked_ones() -> None:
    ids = list(range(30))
    for seed in range(5):
        assert order(ids, [10 * idea for idea in ids], [300] * 30, seed)[:2] != [0, 1]
        assert min(order(ids, [10 * idea for idea in ids], [300] * 30, seed)[:5]) > 20


def test_other_people_get_other_orders_and_the_same_person_the_same() -> None:
    ids, votes, views = list(range(30)), [20] * 30, [40] * 30
    assert order(ids, votes, views, seed_of("1", "vote")) == order(ids, votes, views, seed_of("1", "vote"))
    assert order(ids, votes, views, seed_of("1", "vote")) != order(ids, votes, views, seed_of("2", "vote"))


def test_a_vote_moves_its_own_idea_and_no_other() -> None:
    ids, votes, views = list(range(40)), [20] * 40, [40] * 40
    before = order(ids, votes, views, 7)
    after = order(ids, [21, *votes[1:]], [41, *views[1:]], 7)
    assert [idea for idea in before if idea != 0] == [idea for idea in after if idea != 0]
    fewer = order(ids[1:], votes[1:], views[1:], 7)
    assert fewer == [idea for idea in before if idea != 0]


@pytest.mark.parametrize(("yes", "no"), [(1, 1), (1, 12), (4, 2), (60, 90), (5000, 3)])
def test_draws_are_those_of_the_beta_distribution(yes: float, no: float) -> None:
    drawn = betas(3, MANY, np.full(len(MANY), float(yes)), np.full(len(MANY), float(no)))
    other = np.random.default_rng(1).beta(yes, no, len(MANY))
    shares = np.linspace(0.05, 0.95, 19)
    spread = other.std()
    assert np.quantile(drawn, shares) == pytest.approx(np.quantile(other, shares), abs=0.08 * spread)


def test_figures_of_chance_are_even_and_differ_by_seed_id_and_stream() -> None:
    figures = uniforms(5, MANY, 0)
    assert np.histogram(figures, bins=10, range=(0, 1))[0] == pytest.approx(np.full(10, 2000), abs=200)
    assert len(set(figures.tolist())) == len(MANY)
    for other in (uniforms(6, MANY, 0), uniforms(5, MANY, 1), uniforms(5, MANY + 1, 0)):
        assert abs(np.corrcoef(figures, other)[0, 1]) < 0.03


def test_chance_is_the_same_on_every_machine() -> None:
    assert seed_of("person", "7") == 4522707511186497345
    assert seed_of("a", "bc") != seed_of("ab", "c")
    assert uniforms(1, np.asarray([1, 2]), 0).tolist() == [0.7471597450147434, 0.7289116583722319]
    assert order(list(range(12)), [5] * 12, [10] * 12, 3) == [9, 0, 11, 4, 6, 5, 7, 2, 3, 8, 1, 10]


def test_a_personal_list_lets_new_ideas_in_among_the_unseen() -> None:
    assert personal([5, 9, 1, 2, 3], seen=[3, 1, 8]) == [5, 9, 2, 3, 1]
    assert personal([1, 2], seen=[]) == [1, 2]
