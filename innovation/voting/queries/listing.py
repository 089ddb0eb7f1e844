"""The order in which a person is offered the ideas of an open vote."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.rules.ballot import Ballot
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.ranking import listing
from innovation.voting.models import Comparison, ListOrder, Tally, View, Vote

ORDERED = "offered"
"""The name of this order in addresses."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """One page of the ideas offered to a person, and how many of all he has not judged yet."""

    page: paging.Page[Idea]
    not_judged: int
    total: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins: in which stored order, as seen at which instant, after how many ideas."""

    order_id: int
    as_of: datetime
    offset: int


def offer(
    actor: Actor, challenge: Challenge, now: datetime, *, judged: bool, cursor: str | None, by_chance: bool = False
) -> Offer:
    """The ideas of an open vote in this person's own order: unseen first, then what was seen, as it was seen.

    Everybody's order comes from the row that the clock stored last, with a seed of the person and the phase, so it
    stays the same for the whole phase but for what is new; the cursor names the row, so paging is stable.

    Args:
        judged: whether ideas this person has judged are shown too.
        by_chance: order by chance alone, whatever is known of the ideas.
    """
    place, rows = _begun(challenge, cursor, now)
    mine = _mine(actor, challenge, place.as_of)
    who = str(actor.person_id) if actor.person_id is not None else "visitor"
    # The clock gives a challenge its secret with the first order it stores; before that there is nothing to find out.
    secret = challenge.pseudonym_key if place.order_id and challenge.pseudonym_key else challenge.public_id
    seed = listing.seed_of(who, secret, "chance" if by_chance else "vote")
    ids, known = [row[0] for row in rows], [[0, 0] if by_chance else row[1:3] for row in rows]
    floor = 0 if by_chance else listing.FLOOR
    order = listing.order(ids, [row[0] for row in known], [row[1] for row in known], seed=seed, floor=floor)
    seen = [idea_id for idea_id, *_ in sorted(mine.seen, key=lambda each: each[1:])]
    personal = listing.personal(order, seen)
    if place.offset > len(personal):
        place = replace(place, offset=0)
    hidden = frozenset() if judged else mine.judged_before | mine.own
    # Places are counted in the whole list: what is judged between two pages moves none of the others.
    wanted = [(at, idea_id) for at, idea_id in enumerate(personal) if at >= place.offset and idea_id not in hidden]
    found, read = _first_readable(actor, [idea_id for _, idea_id in wanted])
    after = _spelled(replace(place, offset=wanted[read][0])) if read < len(wanted) else None
    left = len([idea_id for idea_id in personal if idea_id not in mine.judged | mine.own])
    return Offer(paging.Page(found, after, place.offset == 0), left, len(personal))


def left_to_judge(actor: Actor, challenge: Challenge, now: datetime) -> tuple[int, int]:
    """How many of the offered ideas a person has not judged yet, and how many are offered: as :func:`offer` counts them."""
    place, rows = _newest(challenge, now)
    mine = _mine(actor, challenge, place.as_of)
    ids = {row[0] for row in rows}
    return len(ids - mine.judged - mine.own), len(ids)


def _begun(challenge: Challenge, cursor: str | None, now: datetime) -> tuple[_Place, Sequence[Sequence[int]]]:
    """Where a page begins and what its order rests on; the first page for a cursor that leads nowhere."""
    place = _place(cursor)
    rows = _rows(challenge, place) if place else None
    return (place, rows) if place is not None and rows is not None else _newest(challenge, now)


def _first_readable(actor: Actor, idea_ids: Sequence[int]) -> tuple[list[Idea], int]:
    """One page of those this person may read, and after how many of the ids it ends."""
    found: list[Idea] = []
    for start in range(0, len(idea_ids), paging.PAGE * 2):
        batch = idea_ids[start : start + paging.PAGE * 2]
        readable = {idea.id: idea for idea in _readable(actor, batch)}
        for at, idea_id in enumerate(batch, start + 1):
            found.extend([readable[idea_id]] if idea_id in readable else [])
            if len(found) == paging.PAGE:
                return found, at
    return found, len(idea_ids)


@dataclass(frozen=True, slots=True)
class _Mine:
    """``judged`` and ``judged_before``: ever, and before the page's instant. Nobody judges ``own`` ideas."""

    seen: Sequence[tuple[int, datetime, int]]
    judged: frozenset[int]
    judged_before: frozenset[int]
    own: frozenset[int]


def _mine(actor: Actor, challenge: Challenge, as_of: datetime) -> _Mine:
    """What this person had seen at an instant, and what he has judged, ever and before that instant."""
    if actor.person_id is None:
        return _Mine([], frozenset(), frozenset(), frozenset())
    person = actor.person_id
    rows = db.session.execute(
        select(Idea.id, View.seen_at, View.id, Vote.cast_at, Author.id)
        .outerjoin(View, and_(View.idea_id == Idea.id, View.person_id == person, View.seen_at <= as_of))
        .outerjoin(Vote, and_(Vote.idea_id == Idea.id, Vote.person_id == person))
        .outerjoin(Author, and_(Author.idea_id == Idea.id, Author.person_id == person))
        .where(
            Idea.challenge_id == challenge.id,
            or_(View.id.is_not(None), Vote.id.is_not(None), Author.id.is_not(None)),
        )
    ).all()
    judged = [(row[0], row[3]) for row in rows if row[3] is not None] + _compared(actor, challenge)
    return _Mine(
        [(row[0], row[1], row[2]) for row in rows if row[1] is not None],
        frozenset(idea_id for idea_id, _ in judged),
        frozenset(idea_id for idea_id, said_at in judged if said_at <= as_of),
        frozenset(row[0] for row in rows if row[4] is not None),
    )


def _compared(actor: Actor, challenge: Challenge) -> list[tuple[int, datetime]]:
    """What this person has compared with another idea, and when."""
    if challenge.ballot != Ballot.PAIRS:
        return []
    mine = (Comparison.challenge_id == challenge.id, Comparison.person_id == actor.person_id)
    pairs = select(Comparison.first_id, Comparison.second_id, Comparison.cast_at).where(*mine)
    return [(idea_id, row[2]) for row in db.session.execute(pairs) for idea_id in row[:2]]


def _newest(challenge: Challenge, now: datetime) -> tuple[_Place, Sequence[Sequence[int]]]:
    """The first page of the order stored last; before the clock first came by, of what has come in so far."""
    last = select(ListOrder.id, ListOrder.rows).where(ListOrder.challenge_id == challenge.id)
    found = db.session.execute(last.order_by(ListOrder.id.desc()).limit(1)).first()
    if found is not None:
        return _Place(found[0], now, 0), found[1]
    place = _Place(0, now, 0)
    return place, _rows(challenge, place) or []


def _rows(challenge: Challenge, place: _Place) -> Sequence[Sequence[int]] | None:
    """What was stored: (idea id, support, views), oldest first; None where that row is not there (any more).

    Before the clock first came by nothing is known of what came in until then, withdrawn or not: whoever pages through it
    finds every idea where it was.
    """
    if place.order_id:
        stored = select(ListOrder.rows).where(ListOrder.id == place.order_id, ListOrder.challenge_id == challenge.id)
        return db.session.scalar(stored)
    sent = select(Idea.id).where(Idea.challenge_id == challenge.id, Idea.submitted_at <= place.as_of)
    return [[idea_id, 0, 0] for idea_id in db.session.scalars(sent.order_by(Idea.submitted_at, Idea.id))]


def present_rows(challenge_id: int) -> list[list[int]]:
    """What an order rests on, as it stands: (idea id, support, views) of every idea in the running, oldest first."""
    rows = db.session.execute(
        select(Idea.id, Tally.for_count, Tally.against_count, Tally.seen)
        .outerjoin(Tally, Tally.idea_id == Idea.id)
        .where(Idea.challenge_id == challenge_id, Idea.state.in_(IN_THE_RUNNING))
        .order_by(Idea.submitted_at, Idea.id)
    )
    return [[row[0], row[1] or 0, max(row[3] or 0, (row[1] or 0) + (row[2] or 0))] for row in rows]


def _readable(actor: Actor, idea_ids: Sequence[int]) -> Sequence[Idea]:
    return db.session.scalars(
        select(Idea)
        .join(Idea.challenge)
        .options(selectinload(Idea.authors).joinedload(Author.person), joinedload(Idea.thread))
        .where(Idea.id.in_(idea_ids), Idea.state.in_(IN_THE_RUNNING), ideas.visible(actor))
    ).all()


def _spelled(place: _Place) -> str:
    text = f"{place.order_id}.{(place.as_of - _EPOCH) // _MICRO}.{place.offset}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str | None) -> _Place | None:
    """A page's place; None for one that cannot be read, which leads to the first page."""
    try:
        text = base64.urlsafe_b64decode((cursor or "") + "=" * (-len(cursor or "") % 4)).decode()
        order_id, micros, offset = (int(part) for part in text.split("."))
        place = _Place(order_id, _EPOCH + micros * _MICRO, offset)
    except (ValueError, OverflowError):
        return None
    return place if 0 <= order_id < 2**63 and offset >= 0 else None
