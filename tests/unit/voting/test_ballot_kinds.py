"""What a ballot takes and what it costs."""

from __future__ import annotations

import pytest

from innovation.rules.ballot import KINDS, OFFERED, Ballot, cost, has_budget, most_affordable


@pytest.mark.parametrize(
    ("ballot", "taken"),
    [
        (Ballot.APPROVAL, [0, 1]),
        (Ballot.YES_NO, [-1, 0, 1]),
        (Ballot.STARS, [0, 1, 2, 3, 4, 5]),
        (Ballot.POINTS, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (Ballot.QUADRATIC, [0, 1, 2, 3]),
        (Ballot.PAIRS, [0]),
        (Ballot.ORDINAL, list(range(12))),
    ],
)
def test_a_ballot_takes_just_these_values_with_nine_to_spend(ballot: Ballot, taken: list[int]) -> None:
    assert [value for value in range(-3, 12) if KINDS[ballot].takes(value, 9)] == taken


def test_only_points_and_credits_are_spent() -> None:
    assert [ballot for ballot in Ballot if has_budget(ballot)] == [Ballot.POINTS, Ballot.QUADRATIC]
    assert [cost(ballot, 4) for ballot in Ballot] == [0, 0, 0, 4, 16, 0, 0]


def test_an_ordinal_ballot_only_comes_with_imports() -> None:
    assert set(Ballot) - set(OFFERED) == {Ballot.ORDINAL}


@pytest.mark.parametrize("left", [0, 1, 3, 4, 8, 9, 10, 100])
def test_the_greatest_vote_is_affordable_and_one_more_is_not(left: int) -> None:
    for ballot in (Ballot.POINTS, Ballot.QUADRATIC):
        most = most_affordable(ballot, left)
        assert cost(ballot, most) <= left < cost(ballot, most + 1)
    assert most_affordable(Ballot.STARS, left) == 0
