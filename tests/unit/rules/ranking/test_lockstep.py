"""Ballots that agree more than people do."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from innovation.rules.ranking.lockstep import clusters

Row = tuple[int, int, int, int]
CALM: list[Row] = [
    (voter, idea, 1, 1000 * voter + idea)
    for voter in range(40)
    for idea in Random(voter).sample(range(30), 8)  # forty people with a mind of their own
]


def flagged(rows: list[Row], **how: int) -> list[tuple[tuple[int, ...], int, int]]:
    voter, idea, value, time = zip(*rows, strict=True)
    return [(c.voters, len(c.common), c.any) for c in clusters(voter, idea, value, time, **how)]


def ballot(voter: int, ideas: list[int], at: int = 0, value: int = 1) -> list[Row]:
    return [(voter, idea, value, at + n) for n, idea in enumerate(ideas)]


TEN = [0, 3, 4, 8, 11, 15, 17, 20, 21, 29]


def test_people_of_their_own_mind_are_not_flagged() -> None:
    assert flagged(CALM) == []


def test_identical_ballots_are_one_cluster_with_its_figures() -> None:
    rows = CALM + [row for voter in (103, 101, 102) for row in ballot(voter, TEN, at=voter)]
    voter, idea, value, time = zip(*rows, strict=True)
    [found] = clusters(voter, idea, value, time)
    assert (found.voters, found.common, found.any, found.seconds) == ((101, 102, 103), tuple(TEN), 10, 11)
    assert 0 < found.expected < 0.01
    assert clusters(voter, idea, value)[0].seconds is None


def test_nine_of_ten_ideas_in_common_is_agreement_and_eight_is_not() -> None:
    near = CALM + ballot(101, TEN) + ballot(102, TEN) + ballot(103, TEN[1:])
    assert flagged(near) == [((101, 102, 103), 9, 10)]
    far = CALM + ballot(101, TEN) + ballot(102, TEN) + ballot(103, TEN[2:])
    assert flagged(far) == []
    assert flagged(far, size=2) == [((101, 102), 10, 10)]


def test_votes_against_and_votes_taken_back_are_no_agreement() -> None:
    rows = CALM + [row for voter in range(101, 107) for row in ballot(voter, TEN, value=-(voter % 2))]
    assert flagged(rows) == []


def test_ballots_shorter_than_the_least_are_left_alone() -> None:
    rows = CALM + [row for voter in (101, 102, 103) for row in ballot(voter, TEN[:4])]
    assert flagged(rows) == []
    assert flagged(rows, least=4) == [((101, 102, 103), 4, 4)]


def test_within_a_window_only_votes_at_the_same_time_agree() -> None:
    rows = CALM + [row for voter in range(100, 106) for row in ballot(voter, TEN, at=500 * (voter // 103))]
    assert flagged(rows) == [(tuple(range(100, 106)), 10, 10)]
    assert flagged(rows, window=60) == [((100, 101, 102), 10, 10), ((103, 104, 105), 10, 10)]


def test_within_a_window_votes_must_begin_and_end_together() -> None:
    drawn_out = [(104, idea, 1, 9 if idea < TEN[-1] else 900) for idea in TEN]
    rows = CALM + [row for voter in (101, 102, 103) for row in ballot(voter, TEN)] + drawn_out
    assert flagged(rows, window=60) == [((101, 102, 103), 10, 10)]
    early = [(104, idea, 1, 9 if idea < TEN[-1] else -900) for idea in TEN]
    assert flagged(rows[:-10] + early, window=60) == [((101, 102, 103), 10, 10)]


def test_what_everybody_supports_is_no_conspiracy() -> None:
    rows = [row for voter in range(50) for row in ballot(voter, [1, 2, 3, 4, 5, 6])]
    assert flagged(rows) == []


def test_nobody_voting_is_nothing_to_flag() -> None:
    assert clusters([], [], []) == []
    assert flagged(ballot(1, TEN, value=0)) == []


@pytest.mark.parametrize("seed", range(6))
def test_every_agreeing_pair_is_found(seed: int) -> None:
    chance = Random(seed)
    held: dict[int, set[int]] = {}
    for voter in range(60):
        kept = set(chance.choice(list(held.values()))) if held and chance.random() < 0.6 else set()
        held[voter] = kept ^ set(chance.sample(range(40), chance.choice((0, 1, 2, 15))))
    held = {voter: ideas for voter, ideas in held.items() if len(ideas) >= 5}
    rows = [row for voter, ideas in held.items() for row in ballot(voter, sorted(ideas))]
    # A crowd that supports nothing of it, so that no agreement can be put down to chance.
    rows += [(voter, 99, 1, 0) for voter in range(1000, 1500)]
    alike = [
        {one, other}
        for one, other in combinations(held, 2)
        if len(held[one] & held[other]) * 10 >= 9 * len(held[one] | held[other])
    ]
    found = {voters for voters, _, _ in flagged(rows, size=2)}
    expected: list[set[int]] = []
    for pair in alike:
        touching = [group for group in expected if group & pair]
        expected = [group for group in expected if not group & pair] + [pair.union(*touching)]
    assert found == {tuple(sorted(group)) for group in expected}
