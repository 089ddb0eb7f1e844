"""Ballots that agree more than people do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random

import pytest

from innovation.rules.ranking.lockstep import _independent, clusters, clusters_of_pairs

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


# --- pairs ---------------------------------------------------------------------------------------------------------

EVERY = list(combinations(range(5), 2))
Judged = tuple[int, int, int, int]


def judged(voter: int, order: Sequence[int], pairs: Sequence[tuple[int, int]] = EVERY) -> list[Judged]:
    """Pairs answered by somebody who likes ideas in this order."""
    return [(voter, a, b, 1 if order.index(a) < order.index(b) else -1) for a, b in pairs]


def minds(people: int, seed: int = 1, pairs: Sequence[tuple[int, int]] = EVERY) -> list[Judged]:
    """People each with an order of their own."""
    chance = Random(seed)
    return [row for voter in range(people) for row in judged(voter, chance.sample(range(5), 5), pairs)]


def same(rows: Sequence[Judged], size: int = 3) -> list[tuple[int, ...]]:
    return [found.voters for found in clusters_of_pairs(*zip(*rows, strict=True), size=size)]


def test_people_who_judge_pairs_by_an_order_of_their_own_are_not_flagged() -> None:
    assert same(minds(60)) == []


def test_those_who_gave_the_same_answers_to_the_same_pairs_are_flagged() -> None:
    rows = minds(60) + [row for voter in range(100, 112) for row in judged(voter, [3, 0, 4, 1, 2])]
    [found] = clusters_of_pairs(*zip(*rows, strict=True), size=5)
    assert set(range(100, 112)) <= set(found.voters)
    assert (len(found.common), found.any, found.seconds) == (10, 10, None)
    # 72 people were put every pair, and of the ten answers four bring the others with them.
    shares = [
        sum(row[1:] == (min(a, b), max(a, b), 1 if a < b else -1) for row in rows) / 72
        for a, b in ((3, 0), (0, 4), (4, 1), (1, 2))
    ]
    assert found.expected == pytest.approx(72 * shares[0] * shares[1] * shares[2] * shares[3])
    assert found.expected < 12


def test_which_side_an_idea_stood_on_does_not_matter() -> None:
    rows = minds(60) + [row for voter in range(100, 112) for row in judged(voter, [3, 0, 4, 1, 2])]
    turned = [(voter, b, a, -said) if voter % 2 else (voter, a, b, said) for voter, a, b, said in rows]
    assert same(turned) == same(rows)


def test_the_same_pairs_answered_the_other_way_and_pairs_nobody_else_judged_are_no_agreement() -> None:
    calm = minds(60)
    assert same(calm + judged(100, [3, 0, 4, 1, 2]) + judged(101, [2, 1, 4, 0, 3]), size=2) == same(calm, size=2)
    line = [(a, a + 1) for a in range(10, 60)]
    apart = [(voter, a, b, 1) for n, voter in enumerate(range(100, 108)) for a, b in line[6 * n : 6 * n + 6]]
    assert same(calm + apart) == []


def test_cannot_say_is_no_answer_and_few_answers_are_left_alone() -> None:
    calm = minds(60)
    assert same(calm + [(voter, a, b, 0) for voter in range(100, 112) for a, b in EVERY]) == []
    assert same(calm + [row for voter in range(100, 112) for row in judged(voter, [3, 0, 4, 1, 2], EVERY[:4])]) == []


def test_what_everybody_thinks_is_no_conspiracy_however_few_were_asked() -> None:
    # Twenty of sixty were put the pairs, and all but a few of them think alike.
    few = [row for voter in range(20) for row in judged(voter, [0, 1, 2, 3, 4] if voter % 6 else [0, 1, 2, 4, 3])]
    assert same(few + [(voter, 7, 8, 1) for voter in range(100, 140)]) == []


def test_answers_that_follow_from_others_count_once() -> None:
    chain = [(1, 2), (2, 3), (3, 4), (1, 3), (1, 4), (2, 4)]
    assert _independent(chain) == [(1, 2), (2, 3), (3, 4)]
    assert _independent(list(reversed(chain))) == [(3, 4), (2, 3), (1, 2)]
    assert _independent([(1, 2), (2, 3), (3, 1), (1, 4), (2, 4)]) == [(1, 2), (2, 3), (3, 1), (2, 4)]


def test_nobody_comparing_is_nothing_to_flag() -> None:
    assert clusters_of_pairs([], [], [], []) == []
