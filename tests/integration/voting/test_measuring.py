"""Measuring: the same figures twice, hand-counted ones on a small case, and nothing about fewer than five people."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db, insert_many
from innovation.kernel.usecase import transaction
from innovation.rules.ranking import METHODS
from innovation.voting import service as votes
from innovation.voting.models import BallotRow, Fit, Measured, Standing, View, Vote
from innovation.voting.service import measuring
from tests.conftest import counting
from tests.support.world import World


def _measure(challenge: Challenge, k: int = 3) -> None:
    number = challenge.id
    votes.measure(actor=house(Origin.CLOCK), challenge_id=number, k=k)
    db.session.rollback()
    db.session.expire_all()


def _raw(idea: Idea) -> dict[str, Any]:
    found: dict[str, Any] = db.session.scalars(select(Measured.raw).where(Measured.idea_id == idea.id)).one()
    return found


def _figures() -> dict[int, dict[str, Any]]:
    rows = db.session.scalars(select(Standing).where(Standing.method == "support"))
    return {row.idea_id: row.figures for row in rows}


def _stored() -> list[tuple[Any, ...]]:
    columns = [column for column in Standing.__table__.columns if column.name != "id"]
    standings = db.session.execute(select(*columns).order_by(Standing.method, Standing.idea_id)).all()
    measured = db.session.execute(select(Measured.idea_id, Measured.raw).order_by(Measured.idea_id)).all()
    fits = db.session.execute(select(Fit.challenge_id, Fit.figures)).all()
    return [tuple(row) for row in (*standings, *measured, *fits)]


def _looks(idea: Idea, people: list[Actor], group: str, *, circle: str = "staff", approve: int = 0) -> None:
    """Views of some people, of whom the first so many approve."""
    now = clock.now()
    row = {"idea_id": idea.id, "circle": circle, "group_key": group}
    with transaction():
        insert_many(View, [row | {"person_id": who.person_id, "how": "screen", "seen_at": now} for who in people])
        cast = {"value": 1, "weight": 1, "revision_no": 1, "cast_at": now}
        insert_many(Vote, [row | cast | {"person_id": who.person_id} for who in people[:approve]])


def test_a_small_case_has_the_figures_counted_by_hand(world: World) -> None:
    challenge = world.challenge()
    good, fair, unseen = (world.idea(challenge) for _ in range(3))
    crowd = world.crowd(5)
    for who in crowd[:3]:
        world.vote(good, who)
    for who in crowd[:2]:
        world.vote(fair, who)
    world.vote(fair, crowd[0], 0)
    world.see(crowd[3], good, fair)
    world.see(crowd[4], fair)
    _measure(challenge, k=1)
    found = {row.idea_id: row for row in db.session.scalars(select(Standing).where(Standing.method == "support"))}
    # Fewer than eight ideas: (U + 2) / (V + 5).
    expected = {good.id: (1, 555_556), fair.id: (3, 333_333), unseen.id: (2, 400_000)}
    assert {number: (row.place, row.score_micro) for number, row in found.items()} == expected
    assert all(0 <= row.low_micro <= row.score_micro <= row.high_micro <= 1_000_000 for row in found.values())
    assert abs(sum(row.top_micro for row in found.values()) - 1_000_000) <= 3
    zeros = {f"{name}_{side}": 0 for name in ("for", "views", "voters") for side in ("internal", "external")}
    none = {"for": 0, "against": 0, "voters": 0, "views": 0, "points": 0} | zeros
    assert _raw(unseen) == none | {"support_least_micro": 400_000}
    inside = {"for_internal": 3, "views_internal": 4, "voters_internal": 3}
    same = {"for": 3, "against": 0, "voters": 3, "views": 4, "points": 3} | inside
    # All are of one group; without it nothing is left but the prior.
    assert _raw(good) == none | same | {"support_least_micro": 400_000}
    assert db.session.scalars(select(Fit.figures)).one() == {
        "prior_for_micro": 2_000_000,
        "prior_against_micro": 3_000_000,
        "stars_mean_micro": 3_000_000,
        "stars_weight_micro": 5_000_000,
        "k": 1,
    }


@pytest.mark.parametrize(
    ("kind", "methods"),
    [
        ("approval", ["support", "net", "support_least"]),
        ("yes_no", ["support", "net", "approval_share", "wilson", "support_least"]),
        ("stars", ["stars"]),
        ("quadratic", ["points"]),
        ("pairs", ["pairs"]),
    ],
)
def test_standings_are_those_of_the_ballot_and_the_same_twice(world: World, kind: str, methods: list[str]) -> None:
    challenge = world.ballot(kind)
    ideas = [world.idea(challenge) for _ in range(3)]
    for n, who in enumerate(world.crowd(2)):
        if kind == "pairs":
            world.compare(ideas[0], ideas[1], who)
            world.compare(ideas[1], ideas[2], who, 1 - n)
        else:
            world.vote(ideas[0], who, 1 + (kind == "stars"))
            world.vote(ideas[n], who)
    _measure(challenge)
    first = _stored()
    _measure(challenge)
    assert (_stored(), len(first)) == (first, 3 * len(methods) + 3 + 1)
    counted = dict.fromkeys(METHODS, 0)
    for name in db.session.scalars(select(Standing.method)):
        counted[name] += 1
    assert counted == {name: 3 if name in methods else 0 for name in METHODS}
    places = db.session.scalars(select(Standing.place).where(Standing.method == methods[0]).order_by(Standing.idea_id))
    assert sorted(places) == [1, 2, 3]
    if kind == "pairs":
        assert [_raw(idea)["voters"] for idea in ideas] == [2, 4, 2]
        assert [(_raw(idea)["for"], _raw(idea)["against"]) for idea in ideas] == [(2, 0), (1, 2), (0, 1)]
        with transaction():
            db.session.execute(update(BallotRow).values(removed_at=clock.now()))
        _measure(challenge)
        assert [_raw(idea)["voters"] for idea in ideas] == [0, 0, 0]


def test_unverified_people_are_one_group_of_at_most_fifteen_per_cent(world: World) -> None:
    challenge = world.challenge(who_may="everyone", visibility="open", who_decides="votes")
    idea, alone = world.idea(challenge), world.idea(challenge)
    staff, public = world.crowd(20), world.crowd(10, Circle.PUBLIC)
    _looks(idea, staff, "c:staff", approve=4)
    _looks(idea, public[:6], "u", circle="public", approve=6)
    # Somebody without a circle is of the same group: both together are capped, not each.
    with transaction():
        row = {"idea_id": idea.id, "circle": None, "group_key": "u", "how": "screen", "seen_at": clock.now()}
        insert_many(View, [row | {"person_id": who.person_id} for who in public[6:]])
    _looks(alone, public, "u", circle="public", approve=10)
    _looks(alone, staff[:6], "c:staff")
    _measure(challenge)
    raw = _raw(idea)
    # 15 % of twenty are three of ten views, and three tenths of six votes, rounded down, are one.
    assert (raw["views"], raw["for"], raw["voters"]) == (23, 5, 5)
    assert (raw["views_internal"], raw["views_external"]) == (20, 3)
    assert (_raw(alone)["views"], _raw(alone)["for"]) == (6, 0)


def test_where_all_are_unverified_all_count(world: World) -> None:
    challenge = world.challenge(who_may="everyone", visibility="open", who_decides="votes")
    idea = world.idea(challenge)
    for who in world.crowd(4, Circle.PUBLIC):
        world.vote(idea, who)
    _measure(challenge)
    assert (_raw(idea)["views"], _raw(idea)["for"]) == (4, 4)
    assert db.session.scalars(select(View.group_key).distinct()).all() == ["u"]


@pytest.mark.parametrize(("size", "told"), [(4, False), (5, True)])
def test_nothing_is_stored_about_fewer_than_five_people(world: World, size: int, told: bool) -> None:
    """The first idea is first because of one department, which is as large as ``size``; so is each idea's outside."""
    challenge = world.challenge(who_may="experts")
    carried, second, third = (world.idea(challenge) for _ in range(3))
    staff, partners, people = world.crowd(8), world.crowd(size, Circle.PARTNER), world.crowd(size)
    _looks(carried, people, "d7", approve=size)
    _looks(carried, staff, "d1", approve=2)
    _looks(second, staff, "d1", approve=4)
    _looks(third, staff, "d1", approve=3)
    for idea in (carried, second, third):
        _looks(idea, partners, "o3", circle="partner", approve=2)
    _measure(challenge)
    figures = _figures()
    if told:
        assert (figures[carried.id]["carried_by"], figures[carried.id]["without_place"]) == ("d7", 3)
        assert {"internal_micro", "external_micro", "both"} <= figures[second.id].keys()
    else:
        small = {"d7", "o3"}
        assert [row for row in figures.values() if row.get("carried_by") in small] == []
        assert [key for row in figures.values() for key in row if key not in {"carried_by", "without_place"}] == []


def test_measuring_asks_the_same_number_of_queries_for_one_and_for_thirty_ideas(world: World) -> None:
    sent = []
    for size in (1, 30):
        challenge = world.challenge()
        idea = world.idea(challenge)
        row = {column.name: getattr(idea, column.name) for column in Idea.__table__.columns if column.name != "id"}
        with transaction():
            names = [f"{challenge.id}x{n:06}" for n in range(size - 1)]
            insert_many(Idea, [row | {"public_id": name} for name in names])
        world.vote(idea)
        number = challenge.id
        db.session.rollback()
        with counting() as statements:
            votes.measure(actor=house(Origin.CLOCK), challenge_id=number, k=1)
        sent.append(len(statements))
    assert sent[0] == sent[1]


@pytest.mark.parametrize(
    ("kind", "values", "sums"),
    [
        ("approval", (1, 1, 0), (2, 2)),
        ("yes_no", (1, -1, -1), (-1, 3)),
        ("stars", (5, 3, 0), (8, 34)),
        ("points", (4, 2, 1), (7, 21)),
    ],
)
def test_sums_are_those_of_the_values_whatever_the_ballot(
    world: World, kind: str, values: tuple[int, ...], sums: tuple[int, int]
) -> None:
    challenge = world.ballot(kind)
    idea = world.idea(challenge)
    for who, value in zip(world.crowd(3), values, strict=True):
        world.vote(idea, who, value or 1)
        if not value:
            world.vote(idea, who, 0)
    read = measuring.gather(challenge.id)
    assert (read.counts["points"].sum(), read.counts["squares"].sum()) == sums
    assert read.counts["voters"].sum() == sum(value != 0 for value in values)
    assert read.counts["views"].sum() == 3


def test_the_embedded_database_reads_votes_from_the_index_alone(embedded: World) -> None:
    """PostgreSQL joins by hashing instead, which needs no index: its plan is not ours to say."""
    challenge = embedded.ballot("yes_no")
    embedded.vote(embedded.idea(challenge))
    number = challenge.id
    with counting() as statements:
        measuring.gather(number)
    [statement] = [each for each in statements.seen if "FROM view" in each or 'FROM "view"' in each]
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (0,) * statement.count("?")).all()
    plan = "\n".join(row[-1] for row in rows)
    assert "COVERING INDEX ix_vote_idea_id" in plan
    assert "COVERING INDEX ix_view_idea_id" in plan


def test_groups_are_numbered_in_order_however_they_are_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    challenge = world.challenge()
    first, second = world.idea(challenge), world.idea(challenge)
    crowd = world.crowd(6)
    for n, group in enumerate(("o9", "d7", "c:staff")):
        _looks(second if n else first, crowd[2 * n : 2 * n + 2], group, approve=n)
    whole = measuring.gather(challenge.id)
    monkeypatch.setattr(measuring, "_AT_ONCE", 1)
    parts = measuring.gather(challenge.id)
    for read in (whole, parts):
        assert read.keys == ["c:staff", "d7", "o9"]
        rows = zip(read.idea, read.group, read.counts["views"], read.counts["for"], strict=True)
        assert sorted(tuple(map(int, row)) for row in rows) == [(0, 2, 2, 0), (1, 0, 2, 2), (1, 1, 2, 1)]
