"""Every kind of ballot: what it takes, what it costs, and that nobody spends what he does not have, in any race."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import func, select, update

from innovation.challenges.models import Challenge
from innovation.ideas.service import writing
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.usecase import transaction
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import BallotRow, View, Vote, VoteChange
from innovation.voting.queries.papers import Budget
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def _cast(who: Actor, name: str, value: int) -> None:
    with transaction():
        paper = voting.ballot_paper(who, name)
        assert paper is not None, "not seen"
        votes.cast(actor=who, paper=paper, value=value)


def _compare(who: Actor, name: str, other: str, preferred: int) -> None:
    with transaction():
        paper = voting.ballot_paper(who, name)
        assert paper is not None, "not seen"
        votes.compare(actor=who, paper=paper, other=other, preferred=preferred)


def _adds_up(challenge: Challenge) -> None:
    db.session.rollback()
    counted, kept = voting.recount(challenge.id), voting.kept(challenge.id)
    assert {k: v for k, v in kept.items() if any(v)} == {k: v for k, v in counted.items() if any(v)}


def _mine(who: Actor) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Vote.value).where(Vote.person_id == who.person_id).order_by(Vote.idea_id)))


# --- what a ballot takes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "budget", "taken", "refused"),
    [
        ("approval", None, [1, 0, 1], [-1, 2]),
        ("yes_no", None, [1, -1, 0], [-2, 2]),
        ("stars", None, [5, 1, 0, 3], [-1, 6]),
        ("points", 7, [7, 0, 3], [-1]),
        ("quadratic", 9, [3, 0, 2], [-1]),
        ("ordinal", None, [], [1, 0, 5, 10**9]),
        ("pairs", None, [], [1, 0, -1]),
    ],
)
def test_a_ballot_takes_its_values_the_last_counts_and_each_change_is_kept(
    world: World, kind: str, budget: int | None, taken: list[int], refused: list[int]
) -> None:
    challenge = world.ballot(kind, budget)
    idea, voter = world.idea(challenge), world.person()
    name = idea.public_id
    assert [answer(partial(_cast, voter, name, value)) for value in refused] == ["Invalid no_such_vote"] * len(refused)
    assert _mine(voter) == []
    for value in taken:
        _cast(voter, name, value)
        _adds_up(challenge)
        assert _mine(voter) == [value]
    assert [answer(partial(_cast, voter, name, value)) for value in refused] == ["Invalid no_such_vote"] * len(refused)
    rows = db.session.execute(select(VoteChange.before, VoteChange.after, VoteChange.cause).order_by(VoteChange.id))
    assert [tuple(row) for row in rows] == [(a, b, "person") for a, b in pairwise(taken)]
    kept = {idea.id: (1, 0, 1, 0, taken[-1], taken[-1] ** 2, 1)} if taken and taken[-1] else {}
    if kind == "yes_no":
        kept = {idea.id: (0, 0, 0, 0, 0, 0, 1)}
    assert voting.kept(challenge.id) == kept


@pytest.mark.parametrize("kind", ["stars", "points", "quadratic", "pairs"])
def test_nobody_judges_his_own_or_as_a_judge_or_outside_its_hours(world: World, kind: str) -> None:
    challenge, author = world.ballot(kind), world.person("Author")
    mine, other = world.idea(challenge, author), world.idea(challenge)
    name, another, voter = mine.public_id, other.public_id, world.person()
    panel = world.panellist(challenge)
    opens, closes = challenge.vote_opens_at, challenge.vote_closes_at
    assert opens is not None
    assert closes is not None

    def judge(who: Actor, one: str = name, two: str = another) -> str:
        return answer(lambda: _compare(who, one, two, 1) if kind == "pairs" else _cast(who, one, 1))

    assert [judge(who) for who in (author, world.sponsor_of(challenge), panel)] == ["Refused vote"] * 3
    with transaction():
        db.session.execute(update(Challenge).values(vote_opens_at=clock.now().replace(year=2090)))
    assert judge(voter) == "NotNow not_open_yet"
    with transaction():
        db.session.execute(update(Challenge).values(vote_opens_at=opens, vote_closes_at=clock.now()))
    assert judge(voter) == "NotNow closed"
    with transaction():
        db.session.execute(update(Challenge).values(vote_closes_at=closes))
    assert judge(voter) == "done"
    if kind == "pairs":
        assert judge(author, another, name) == "NotPossible own_idea"
    assert db.session.scalar(select(func.count()).select_from(BallotRow)) == 1
    _adds_up(challenge)


def test_merged_and_withdrawn_ideas_refuse_votes_and_pairs(world: World) -> None:
    author, voter = world.person(), world.person()
    for kind in ("stars", "pairs"):
        challenge = world.ballot(kind)
        gone, merged, into, other = (world.idea(challenge, author) for _ in range(4))
        writing.withdraw(actor=author, idea=world.idea_again(gone))
        world.merge(merged, into)
        for idea in (gone, merged):
            assert voting.ballot_paper(voter, idea.public_id) is None
            if kind == "pairs":
                said = answer(partial(_compare, voter, other.public_id, idea.public_id, 1))
                assert said == "Invalid no_such_vote"
        assert db.session.scalar(select(func.count()).select_from(Vote)) == 0
        db.session.rollback()


# --- budgets -------------------------------------------------------------------------------------------------------


def test_points_are_spent_once_and_the_refusal_says_what_is_left(world: World) -> None:
    challenge, voter = world.ballot("points"), world.person()  # ten, unless said otherwise
    ideas = [world.idea(challenge) for _ in range(3)]
    world.vote(ideas[0], voter, 6)
    assert voting.budget(voter, challenge) == Budget(10, 4)
    with pytest.raises(Invalid) as refusal:
        world.vote(ideas[1], voter, 5)
    assert (refusal.value.code, refusal.value.params) == ("budget_too_small", {"left": 4, "cost": 5})
    world.vote(ideas[1], voter, 4)
    with pytest.raises(Invalid) as refusal:
        world.vote(ideas[0], voter, 7)  # what this idea has already may be spent on it again, and no more
    assert refusal.value.params == {"left": 6, "cost": 7}
    assert (_mine(voter), voting.budget(voter, challenge)) == ([6, 4], Budget(10, 0))
    world.vote(ideas[0], voter, 0)
    world.vote(ideas[2], voter, 6)
    assert (_mine(voter), voting.budget(voter, challenge)) == ([0, 4, 6], Budget(10, 0))
    _adds_up(challenge)


def test_quadratic_votes_cost_their_squares(world: World) -> None:
    challenge, voter = world.ballot("quadratic", 25), world.person()
    ideas = [world.idea(challenge) for _ in range(3)]
    world.vote(ideas[0], voter, 4)
    assert voting.budget(voter, challenge) == Budget(25, 9)
    with pytest.raises(Invalid) as refusal:
        world.vote(ideas[1], voter, 4)
    assert refusal.value.params == {"left": 9, "cost": 16}
    world.vote(ideas[1], voter, 3)
    assert answer(lambda: world.vote(ideas[2], voter, 1)) == "Invalid budget_too_small"
    assert (_mine(voter), voting.budget(voter, challenge)) == ([4, 3], Budget(25, 0))
    assert voting.budget(world.person(), challenge) == Budget(25, 25)
    assert voting.budget(voter, world.ballot("stars")) is None


def test_what_was_given_to_a_withdrawn_or_merged_idea_comes_back(world: World) -> None:
    challenge, voter, author = world.ballot("points"), world.person(), world.person()
    gone, merged, into = (world.idea(challenge, author) for _ in range(3))
    for idea, points in ((gone, 5), (merged, 4), (into, 1)):
        world.vote(idea, voter, points)
    writing.withdraw(actor=author, idea=world.idea_again(gone))
    assert voting.budget(voter, challenge) == Budget(10, 5)
    world.merge(merged, into)
    assert voting.budget(voter, challenge) == Budget(10, 9)
    assert voting.my_votes(voter, [into.id]) == {into.id: 1}
    world.vote(into, voter, 10)
    assert voting.budget(voter, challenge) == Budget(10, 0)
    _adds_up(challenge)


def test_a_refused_vote_leaves_no_ballot_behind_whatever_a_door_does_with_the_refusal(world: World) -> None:
    challenge, voter = world.ballot("points"), world.person()
    name = world.idea(challenge).public_id
    with transaction():
        paper = voting.ballot_paper(voter, name)
        assert paper is not None
        with pytest.raises(Invalid):
            votes.cast(actor=voter, paper=paper, value=11)
    assert (voting.turnout(challenge.id), _mine(voter), voting.kept(challenge.id)) == (0, [], {})


@pytest.mark.parametrize("spent_before", [0, 2])
def test_two_tabs_on_two_ideas_never_spend_more_than_there_is(world: World, spent_before: int) -> None:
    """With nothing spent before, both votes are the very first, and there is no ballot yet to wait for."""
    challenge, voter = world.ballot("points"), world.person()
    first = world.idea(challenge)
    names = [world.idea(challenge).public_id for _ in range(3)]
    if spent_before:
        world.vote(first, voter, spent_before)
    calls = [partial(_cast, voter, name, 6) for name in names]
    results = [spelled(each) for each in at_once(world.app, calls, slow="sum(vote.value)")]
    assert sorted(results) == ["Invalid budget_too_small"] * 2 + ["NoneType"]
    assert (sum(_mine(voter)), voting.budget(voter, challenge)) == (6 + spent_before, Budget(10, 4 - spent_before))
    assert db.session.scalar(select(func.count()).select_from(BallotRow)) == 1
    _adds_up(challenge)


def test_many_people_on_the_same_two_ideas_do_not_wait_for_each_other_for_ever(world: World) -> None:
    """Pairs lock two ideas: judged from either side at once by many, nobody is sent away."""
    challenge = world.ballot("pairs")
    one, two = (world.idea(challenge).public_id for _ in range(2))
    sides = [(one, two), (two, one)] * 3
    calls = [partial(_compare, who, *pair, 1) for who, pair in zip(world.crowd(6), sides, strict=True)]
    assert [spelled(each) for each in at_once(world.app, calls, slow="person.circle")] == ["NoneType"] * 6
    rows = voting.kept(challenge.id)
    assert sorted(rows.values()) == [(3, 3, 3, 3, 0, 0, 6)] * 2
    _adds_up(challenge)


def test_a_view_and_a_vote_of_one_person_at_once_are_both_taken(world: World) -> None:
    challenge = world.challenge()
    ideas = [world.idea(challenge) for _ in range(4)]
    names = [idea.public_id for idea in ideas]
    crowd = world.crowd(3)
    calls: list[Any] = []
    for who in crowd:
        calls.append(partial(votes.see, actor=who, public_ids=names, how="screen"))
        calls.extend(partial(_cast, who, name, 1) for name in names)
    results = {spelled(each) for each in at_once(world.app, calls)}
    assert results <= {"NoneType", "int"}
    assert set(voting.kept(challenge.id).values()) == {(3, 0, 3, 0, 3, 3, 3)}
    assert db.session.scalar(select(func.count()).select_from(View)) == 12
    _adds_up(challenge)
