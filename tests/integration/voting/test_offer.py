"""The list while voting is open: unseen first, one's own order, and pages that stay as they were begun."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea
from innovation.ideas.service import writing
from innovation.kernel import clock
from innovation.kernel.actor import VISITOR, Actor, Circle, Origin, house
from innovation.kernel.db import db, insert_many
from innovation.kernel.usecase import transaction
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import ListOrder
from tests.conftest import counting
from tests.support.world import World


def _ideas(world: World, challenge: Challenge, count: int) -> list[Idea]:
    """Many ideas of one author, past the verbs."""
    first = world.idea(challenge)
    if count == 1:
        return [first]
    copied = {column.name: getattr(first, column.name) for column in Idea.__table__.columns}
    names = [f"{challenge.id}x{n:06}" for n in range(count - 1)]
    rows = [copied | {"public_id": name, "title": f"Many {name}"} for name in names]
    with transaction():
        insert_many(Idea, [{key: value for key, value in row.items() if key != "id"} for row in rows])
        numbers = db.session.scalars(select(Idea.id).where(Idea.public_id.in_(names))).all()
        author = db.session.scalars(select(Author).where(Author.idea_id == first.id)).one()
        values = {"person_id": author.person_id, "position": 1, "accepted_at": author.accepted_at}
        insert_many(Author, [values | {"idea_id": number} for number in numbers])
    db.session.rollback()
    return list(db.session.scalars(select(Idea).where(Idea.challenge_id == challenge.id).order_by(Idea.id)))


def _offer(
    who: Actor, challenge: Challenge, cursor: str | None = None, *, judged: bool = True, by_chance: bool = False
) -> voting.Offer:
    db.session.rollback()
    found = voting.offer(who, challenge, clock.now(), judged=judged, cursor=cursor, by_chance=by_chance)
    db.session.rollback()
    return found


def _ids(offer: voting.Offer) -> list[int]:
    return [idea.id for idea in offer.page.items]


def _all(who: Actor, challenge: Challenge, *, judged: bool = True) -> list[int]:
    found, cursor = [], None
    while True:
        page = _offer(who, challenge, cursor, judged=judged).page
        found += [idea.id for idea in page.items]
        cursor = page.next
        if cursor is None:
            return found


def _renew(world: World, later: timedelta = timedelta()) -> int:
    db.session.rollback()
    with clock.travelling(clock.now() + later):
        return votes.renew_orders(actor=house(Origin.CLOCK))


def test_everybody_has_an_order_of_his_own_and_keeps_it(world: World) -> None:
    challenge = world.challenge()
    ideas = _ideas(world, challenge, 30)
    people = world.crowd(4)
    orders = [_all(who, challenge) for who in people]
    assert [sorted(order) for order in orders] == [sorted(idea.id for idea in ideas)] * 4
    assert len({tuple(order) for order in orders}) == 4
    assert [_all(who, challenge) for who in people] == orders
    assert _renew(world) == 1
    stored = [_all(who, challenge) for who in people]
    assert len({tuple(order) for order in stored}) == 4
    for who in people[1:]:
        world.vote(ideas[3], who)
    assert _all(people[0], challenge) == stored[0]  # what came in since the clock came by moves nothing
    by_chance = [_ids(_offer(people[0], challenge, by_chance=True)) for _ in range(2)]
    assert by_chance[0] == by_chance[1] != stored[0][:25]


def test_the_unseen_come_first_what_was_seen_keeps_its_place_and_new_ideas_enter_among_the_unseen(world: World) -> None:
    challenge, who = world.challenge(), world.person()
    ideas = _ideas(world, challenge, 12)
    assert _renew(world) == 1
    order = _all(who, challenge)
    seen = [order[7], order[2], order[9]]
    for number in seen:
        world.see(who, world.idea_again(next(idea for idea in ideas if idea.id == number)))
    rest = [number for number in order if number not in seen]
    assert _all(who, challenge) == rest + seen
    assert (_renew(world), _all(who, challenge)) == (0, rest + seen)
    new = world.idea(challenge)
    assert _all(who, challenge) == rest + seen  # until the clock comes by
    assert _renew(world, timedelta(minutes=6)) == 1
    after = _all(who, challenge)
    assert after[-3:] == seen
    assert sorted(after[:-3]) == sorted([*rest, new.id])
    assert [row.rows[-1] for row in db.session.scalars(select(ListOrder).order_by(ListOrder.id))][-1] == [new.id, 0, 0]


@pytest.mark.parametrize(("stored", "judged"), [(True, True), (True, False), (False, False)])
def test_pages_stay_as_they_were_begun_whatever_comes_in_between(world: World, stored: bool, judged: bool) -> None:
    challenge, who = world.challenge(), world.person()
    ideas = {idea.id: idea for idea in _ideas(world, challenge, 60)}
    others = world.crowd(3)
    if stored:
        _renew(world)
    voted = _all(who, challenge)[55]
    world.vote(ideas[voted], who)
    whole = _all(who, challenge, judged=judged)
    first = _offer(who, challenge, judged=judged).page
    assert [idea.id for idea in first.items] == whole[:25]
    # Between two pages: looks and votes on either side of the line, a changed vote, somebody else's, a new order.
    world.see(who, *(ideas[number] for number in whole[3:8] + whole[30:33]))
    world.vote(ideas[whole[1]], who)
    world.vote(ideas[whole[40]], who)
    world.vote(ideas[voted], who, 0)
    for other in others:
        world.vote(ideas[whole[35]], other)
    world.idea(challenge)
    _renew(world, timedelta(minutes=6))
    found, cursor = list(whole[:25]), first.next
    while cursor is not None:
        page = _offer(who, challenge, cursor, judged=judged).page
        found += [idea.id for idea in page.items]
        cursor = page.next
    assert [number for number in found if judged or number != voted] == whole


def test_hidden_ideas_never_appear_and_pages_are_full_without_them(world: World) -> None:
    challenge, author, who = world.challenge(), world.person(), world.person()
    ideas = _ideas(world, challenge, 30)
    gone, draft, into = world.idea(challenge, author), world.draft_idea(challenge, author), world.idea(challenge, author)
    _renew(world)
    with transaction():
        db.session.execute(update(Idea).where(Idea.id == ideas[4].id).values(visibility="sealed"))
        db.session.execute(update(Idea).where(Idea.id == ideas[5].id).values(state="merged"))
    writing.withdraw(actor=author, idea=world.idea_again(gone))
    for reader in (who, VISITOR, author):
        shown = _all(reader, challenge) if reader is not VISITOR else []
        hidden = {ideas[4].id, ideas[5].id, gone.id, draft.id}
        assert [number for number in shown if number in hidden] == []
        if shown:
            assert sorted(shown) == sorted({*(idea.id for idea in ideas), into.id} - hidden)
            assert len(_offer(reader, challenge).page.items) == 25
    assert _all(world.person("", Circle.PARTNER), challenge) == []


def test_what_is_not_judged_leaves_out_ones_own_and_what_was_said(world: World) -> None:
    for kind in ("stars", "pairs"):
        challenge, who = world.ballot(kind), world.person()
        mine, one, two, three = world.idea(challenge, who), *(world.idea(challenge) for _ in range(3))
        if kind == "pairs":
            world.compare(one, two, who, 0)
        else:
            world.vote(one, who, 4)
            world.vote(two, who, 0)
        world.see(who, three)
        offer = _offer(who, challenge, judged=False)
        assert (_ids(offer), offer.not_judged, offer.total) == ([three.id], 1, 4)
        assert sorted(_ids(_offer(who, challenge))) == [mine.id, one.id, two.id, three.id]


def test_a_forged_cursor_gives_the_first_page(world: World) -> None:
    challenge, other, who = world.challenge(), world.challenge(), world.person()
    _ideas(world, challenge, 30)
    _ideas(world, other, 2)
    _renew(world)
    first = _offer(who, challenge)
    strange = max(db.session.scalars(select(ListOrder.id).where(ListOrder.challenge_id == other.id)))
    micros = int(clock.now().timestamp() * 1_000_000)
    texts = [
        "x", "1.2", f"{10**30}.{micros}.0", f"-1.{micros}.0", f"{strange}.{micros}.25", f"987654.{micros}.25",
        f"1.{10**30}.0", f"1.{micros}.{10**30}", f"1.{micros}.-5", "1.2.3.4", "é.1.1",
    ]  # fmt: skip
    cursors = [base64.urlsafe_b64encode(text.encode()).decode().rstrip("=") for text in texts]
    for cursor in [*cursors, "", "%%%", "é", "AAAA", "=" * 9, "0" * 5000]:
        found = _offer(who, challenge, cursor)
        assert (_ids(found), found.page.first) == (_ids(first), True), cursor


def test_a_page_costs_the_same_with_one_and_with_thirty_ideas(world: World) -> None:
    few, many, who = world.challenge(), world.challenge(), world.person()
    _ideas(world, few, 1)
    _ideas(world, many, 30)
    _renew(world)
    sent = []
    for challenge in (few, many):
        db.session.refresh(challenge)
        with counting() as statements:
            offer = voting.offer(who, challenge, clock.now(), judged=True, cursor=None)
            names = [author.person.name for idea in offer.page.items for author in idea.authors]
        sent.append((len(statements), len(names)))
    assert sent == [(4, 1), (4, 25)]


def test_orders_are_renewed_for_open_votes_alone_and_forgotten_after_a_day(world: World) -> None:
    open_now, closed, elsewhere = world.challenge(), world.challenge(), world.challenge(who_decides="sponsor")
    for challenge in (open_now, closed, elsewhere):
        world.idea(challenge)
    assert [_renew(world), _renew(world)] == [2, 0]
    world.close(closed)
    assert _renew(world, timedelta(minutes=6)) == 1
    assert _renew(world, timedelta(days=1, minutes=1)) == 1
    numbers = list(db.session.scalars(select(ListOrder.challenge_id).order_by(ListOrder.id)))
    assert numbers == [open_now.id, open_now.id]
