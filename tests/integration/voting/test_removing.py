"""Votes in lockstep are flagged once, and what a person decides about them is done and recorded."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, update

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db, insert_many
from innovation.kernel.errors import NotPossible
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import BallotRow, Comparison, ComparisonChange, Flag, View, Vote, VoteChange
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def _cast_all(challenge: Challenge, people: Sequence[Actor], ideas: Sequence[Idea], said: list[list[int]]) -> None:
    """Votes as an import brings them, a few minutes apart."""
    now = clock.now()
    rows = [
        {
            "person_id": who.person_id,
            "idea_id": idea.id,
            "value": value,
            "revision_no": 1,
            "circle": "staff",
            "group_key": "c:staff",
            "cast_at": now - timedelta(minutes=30 - at % 30),
        }
        for at, (who, row) in enumerate(zip(people, said, strict=True))
        for idea, value in zip(ideas, row, strict=True)
        if value
    ]
    with transaction():
        votes.take_in_votes(challenge.id, rows)


def _ideas(world: World, challenge: Challenge, count: int) -> list[Idea]:
    """Many ideas of one author, past the verbs."""
    author = world.idea(challenge)
    now = clock.now()
    row = {"challenge_id": challenge.id, "visibility": "audience", "state": "submitted", "submitted_at": now}
    columns = {"revision_no": 1, "language": "en", "created_at": now, "updated_at": now}
    known = {column.name for column in Idea.__table__.columns}
    copied = {name: getattr(author, name) for name in known - {"id", "public_id", "title"}}
    with transaction():
        values = copied | {k: v for k, v in (row | columns).items() if k in known}
        insert_many(Idea, [values | {"public_id": f"many{n:06}", "title": f"Many {n}"} for n in range(count)])
    db.session.rollback()
    return list(db.session.scalars(select(Idea).where(Idea.public_id.like("many%")).order_by(Idea.id)))


def _find() -> int:
    return votes.find_lockstep(actor=house(Origin.CLOCK))


def _by_chance(people: int, ideas: int, seed: int) -> list[list[int]]:
    chance = random.Random(seed)
    return [[int(chance.random() < 0.4) for _ in range(ideas)] for _ in range(people)]


def _flagged(world: World, kind: str = "approval") -> tuple[Challenge, list[Idea], list[Actor], Flag]:
    """Three people of one mind on two ideas, flagged by hand, and one more who voted too."""
    challenge = world.ballot(kind)
    ideas, people = [world.idea(challenge) for _ in range(3)], world.crowd(4)
    for who in people:
        if kind == "pairs":
            world.compare(ideas[0], ideas[1], who)
        else:
            world.vote(ideas[0], who)
            world.vote(ideas[1], who)
            world.see(who, ideas[2])
    with transaction():
        numbers = sorted(who.person_id or 0 for who in people[:3])
        flag = Flag(challenge_id=challenge.id, fingerprint="x", people=numbers, figures={}, found_at=clock.now())
        db.session.add(flag)
    return challenge, ideas, people, flag


def _kept(challenge: Challenge) -> dict[int, tuple[int, ...]]:
    db.session.rollback()
    counted, kept = voting.recount(challenge.id), voting.kept(challenge.id)
    assert {k: v for k, v in kept.items() if any(v)} == {k: v for k, v in counted.items() if any(v)}
    return kept


def _remove(world: World, challenge: Challenge, flag: Flag, reason: str = "One hand.") -> None:
    votes.remove_votes(actor=world.manager, challenge=world.again(challenge), flag=flag, reason=reason)


def test_twelve_of_one_mind_are_flagged_once_and_a_crowd_is_not(world: World) -> None:
    challenge, calm = world.challenge(), world.challenge()
    ideas = _ideas(world, challenge, 20)
    people = world.crowd(52)
    crowd, gang = people[:40], people[40:]
    alike = [[1] * 8 + [0] * 12 for _ in gang]
    _cast_all(challenge, people, ideas, _by_chance(40, 20, 3) + alike)
    other = [world.idea(calm) for _ in range(6)]
    _cast_all(calm, crowd, other, _by_chance(40, 6, 4))
    assert [_find(), _find()] == [1, 0]
    flag = db.session.scalars(select(Flag)).one()
    assert (flag.challenge_id, flag.people) == (challenge.id, sorted(who.person_id for who in gang))  # type: ignore[type-var]
    assert (flag.figures["people"], flag.figures["common"], flag.figures["any"]) == (12, 8, 8)
    assert 0 <= flag.figures["seconds"] <= 3600
    assert flag.verdict == ""
    facts = db.session.scalars(select(Event.payload).where(Event.name == "VotesFlagged")).all()
    assert [(fact["flag_id"], fact["people"]) for fact in facts] == [(flag.id, 12)]
    # One of them takes his votes back: the eleven that are left are no new group.
    with transaction():
        db.session.execute(update(Vote).where(Vote.person_id == gang[0].person_id).values(value=0))
    assert _find() == 0
    votes.keep_votes(actor=world.manager, flag=flag, challenge=world.again(challenge), reason="A class voted together.")
    assert _find() == 0


def test_removed_votes_and_views_count_no_more_and_no_more_are_taken(world: World) -> None:
    challenge, ideas, people, flag = _flagged(world)
    _remove(world, challenge, flag)
    assert _kept(challenge) == {
        ideas[0].id: (1, 0, 1, 0, 1, 1, 1),
        ideas[1].id: (1, 0, 1, 0, 1, 1, 1),
        ideas[2].id: (0, 0, 0, 0, 0, 0, 1),
    }
    changes = db.session.execute(select(VoteChange.person_id, VoteChange.before, VoteChange.after, VoteChange.cause)).all()
    removed = sorted(who.person_id or 0 for who in people[:3])
    assert sorted(tuple(row) for row in changes) == [(n, 1, 0, "removed") for n in removed for _ in range(2)]
    assert set(db.session.scalars(select(View.person_id))) == {people[3].person_id}
    assert voting.turnout(challenge.id) == 1
    for idea in (ideas[0], ideas[2]):
        assert answer(partial(world.vote, idea, people[0])) == "NotPossible votes_were_removed"
        assert world.see(people[0], idea) == 0
    assert answer(partial(world.vote, ideas[0], people[3], 0)) == "done"
    db.session.refresh(flag)
    assert (flag.verdict, flag.reason, flag.settled_by) == ("removed", "One hand.", world.manager.person_id)
    facts = db.session.scalars(select(Event.payload).where(Event.name == "VotesRemoved")).all()
    assert sorted((fact["person_id"], fact["flag_id"]) for fact in facts) == [(n, flag.id) for n in removed]
    elsewhere = world.idea(world.challenge())
    assert answer(partial(world.vote, elsewhere, people[0])) == "done"


def test_removed_pairs_say_nothing_any_more_and_stay_on_record(world: World) -> None:
    challenge, ideas, people, flag = _flagged(world, "pairs")
    world.compare(ideas[0], ideas[1], people[0], -1)
    _remove(world, challenge, flag)
    assert _kept(challenge) == {ideas[0].id: (1, 0, 1, 0, 0, 0, 1), ideas[1].id: (0, 1, 0, 1, 0, 0, 1)}
    assert sorted(db.session.scalars(select(Comparison.preferred))) == [0, 0, 0, 1]
    rows = db.session.execute(select(ComparisonChange.before, ComparisonChange.after))
    assert sorted(tuple(row) for row in rows) == [(-1, 0), (1, -1), (1, 0), (1, 0)]
    assert answer(partial(world.compare, ideas[0], ideas[2], people[1])) == "NotPossible votes_were_removed"


def test_flags_are_settled_once_with_a_reason_by_a_manager_before_the_freeze(world: World) -> None:
    challenge, _, people, flag = _flagged(world)

    def settle(verb: str, who: Actor, reason: str) -> str:
        row = world.again(challenge)
        call = votes.keep_votes if verb == "keep" else votes.remove_votes
        return answer(lambda: call(actor=who, challenge=row, flag=flag, reason=reason))

    for verb in ("keep", "remove"):
        assert settle(verb, world.manager, " ") == "Invalid reason_missing"
        for who in (world.sponsor_of(challenge), people[3]):
            assert settle(verb, who, "Why not.") == "Refused remove_votes"
    with transaction():
        db.session.execute(update(Challenge).values(frozen_at=clock.now()))
    assert settle("remove", world.manager, "Late.") == "NotPossible decision_under_way"
    assert (voting.turnout(challenge.id), db.session.scalar(select(func.count()).select_from(VoteChange))) == (4, 0)
    assert settle("keep", world.manager, "A class voted together.") == "done"
    with transaction():
        db.session.execute(update(Challenge).values(frozen_at=None))
    assert [settle(verb, world.manager, "Again.") for verb in ("keep", "remove")] == ["NotPossible settled_already"] * 2
    facts = db.session.scalars(select(Event.name).where(Event.name.in_(["VotesKept", "VotesRemoved"]))).all()
    assert list(facts) == ["VotesKept"]
    assert db.session.scalar(select(func.count()).where(BallotRow.removed_at.is_not(None))) == 0


def test_a_flag_of_another_challenge_is_nobodys_to_settle_here(world: World) -> None:
    _, _, _, flag = _flagged(world)
    other = world.challenge()
    with pytest.raises(ValueError, match="another challenge"):
        _remove(world, other, flag)
    db.session.refresh(flag)
    assert flag.verdict == ""


def test_two_who_settle_a_flag_at_once_do_not_both_decide(world: World) -> None:
    challenge, _, _, flag = _flagged(world)
    manager, number, challenge_id = world.manager, flag.id, challenge.id

    def settle(verb: str) -> None:
        found = voting.flag(number)
        assert found is not None
        call = votes.keep_votes if verb == "keep" else votes.remove_votes
        call(actor=manager, challenge=challenges.by_id(challenge_id), flag=found, reason="So it is.")

    results = at_once(world.app, [partial(settle, verb) for verb in ("keep", "remove") * 2], slow="vote_flag")
    assert sorted(spelled(each) for each in results) == ["NoneType"] + ["NotPossible settled_already"] * 3
    names = list(db.session.scalars(select(Event.name).where(Event.name.in_(["VotesKept", "VotesRemoved"]))))
    verdict = db.session.scalars(select(Flag.verdict)).one()
    assert names == (["VotesKept"] if verdict == "kept" else ["VotesRemoved"] * 3)


def test_nobody_removes_votes_where_an_idea_of_his_own_takes_part(world: World) -> None:
    challenge = world.challenge()
    manager = world.grant(world.person("Second manager"), Role.MANAGER)
    world.idea(challenge, manager)
    with transaction():
        flag = Flag(challenge_id=challenge.id, fingerprint="x", people=[], figures={}, found_at=world.now())
        db.session.add(flag)
    with pytest.raises(NotPossible, match="own_idea_takes_part"):
        votes.remove_votes(actor=manager, challenge=world.again(challenge), flag=flag, reason="They lead.")
