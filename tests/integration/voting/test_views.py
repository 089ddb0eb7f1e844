"""What was seen counts once, of voters only, and while they may vote."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from sqlalchemy import delete, func, select, update

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.actor import VISITOR, Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import BallotRow, Flag, View
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def _seen(idea: Idea) -> int:
    db.session.rollback()
    counted = voting.recount(idea.challenge_id)
    kept = voting.kept(idea.challenge_id)
    assert {k: v for k, v in kept.items() if any(v)} == {k: v for k, v in counted.items() if any(v)}
    return kept.get(idea.id, (0,) * 7)[6]


def test_a_view_counts_once_for_a_person_and_idea_and_a_vote_is_one(world: World) -> None:
    challenge = world.challenge()
    one, two = world.idea(challenge), world.idea(challenge)
    reader, voter = world.person(), world.person()
    assert [world.see(reader, one), world.see(reader, one, two), world.see(reader, two, how="opened")] == [1, 1, 0]
    world.vote(one, voter)
    world.vote(one, voter, 0)
    assert world.see(voter, one) == 0
    world.vote(two, reader)
    assert (_seen(one), _seen(two)) == (2, 1)
    rows = db.session.execute(select(View.person_id, View.idea_id, View.how, View.circle).order_by(View.id)).all()
    assert [tuple(row) for row in rows] == [
        (reader.person_id, one.id, "screen", "staff"),
        (reader.person_id, two.id, "screen", "staff"),
        (voter.person_id, one.id, "voted", "staff"),
    ]


def test_comparing_is_seeing_both(world: World) -> None:
    challenge = world.ballot("pairs")
    one, two = world.idea(challenge), world.idea(challenge)
    voter = world.compare(one, two, preferred=0)
    world.compare(two, one, voter)
    assert (_seen(one), _seen(two), world.see(voter, one, two)) == (1, 1, 0)


def test_who_cannot_vote_sees_nothing_that_counts(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    idea = world.idea(challenge, author)
    outside = world.grant(world.person("", Circle.PARTNER), Role.MANAGER)
    nobodies = [author, world.sponsor_of(challenge), world.panellist(challenge), outside, world.person("", Circle.PUBLIC)]
    assert [world.see(who, idea) for who in nobodies] == [0] * 5
    assert answer(lambda: world.see(VISITOR, idea)) == "Refused use_account"
    assert (_seen(idea), world.see(world.person(), idea)) == (0, 1)


def test_nothing_is_seen_while_nobody_votes(world: World) -> None:
    challenge, reader = world.challenge(), world.person()
    idea = world.idea(challenge)
    now = clock.now()
    closed: list[dict[str, Any]] = [
        {"vote_opens_at": now.replace(year=2090)},
        {"vote_closes_at": now},
        {"frozen_at": now},
        {"who_decides": "sponsor"},
        {"state": "stopped"},
    ]
    as_it_was = {name: getattr(challenge, name) for values in closed for name in values}
    for values in closed:
        with transaction():
            db.session.execute(update(Challenge).values(**as_it_was))
            db.session.execute(update(Challenge).values(**values))
        assert (world.see(reader, idea), _seen(idea)) == (0, 0), values
    with transaction():
        db.session.execute(update(Challenge).values(**as_it_was))
        db.session.execute(update(Idea).values(state="withdrawn"))
    assert world.see(reader, idea) == 0
    with transaction():
        db.session.execute(update(Idea).values(state="submitted"))
    assert world.see(reader, idea) == 1


def test_who_had_his_votes_removed_is_no_viewer_any_more(world: World) -> None:
    idea = world.idea(world.challenge())
    voter = world.vote(idea)
    with transaction():
        db.session.execute(update(BallotRow).values(removed_at=clock.now()))
        db.session.execute(delete(View))
    assert world.see(voter, idea) == 0
    assert world.see(world.person(), idea) == 1


def test_ten_beacons_at_once_are_one_view(world: World) -> None:
    challenge, reader = world.challenge(), world.person()
    names = [world.idea(challenge).public_id for _ in range(3)]
    calls = [partial(votes.see, actor=reader, public_ids=names if n % 2 else names[::-1], how="screen") for n in range(10)]
    results = at_once(world.app, calls)
    assert {spelled(each) for each in results} == {"int"}
    assert sum(results) == 3
    assert db.session.scalar(select(func.count()).select_from(View)) == 3
    assert [counts[6] for counts in voting.kept(challenge.id).values()] == [1, 1, 1]


def test_views_that_come_in_while_counts_are_made_anew_are_counted(world: World) -> None:
    """Removing votes counts ideas anew; a view that came in between reading and writing would be missing for ever."""
    challenge, manager = world.challenge(), world.manager
    idea = world.idea(challenge)
    voter, name = world.vote(idea), idea.public_id
    with transaction():
        flag = Flag(challenge_id=challenge.id, fingerprint="x", people=[voter.person_id], figures={}, found_at=clock.now())
        db.session.add(flag)
    number, challenge_id = flag.id, challenge.id

    def remove() -> None:
        found = voting.flag(number)
        assert found is not None
        votes.remove_votes(actor=manager, challenge=challenges.by_id(challenge_id), flag=found, reason="So it is.")

    def look(who: Actor, after: float) -> int:
        time.sleep(after)
        return votes.see(actor=who, public_ids=[name], how="screen")

    calls: list[Any] = [remove, *(partial(look, who, n * 0.03) for n, who in enumerate(world.crowd(9)))]
    results = at_once(world.app, calls, slow="count(*)")
    assert [spelled(each) for each in results] == ["NoneType"] + ["int"] * 9
    assert _seen(idea) == 9
