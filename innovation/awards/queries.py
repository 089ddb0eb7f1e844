"""Reading awards. Who wins one, who sponsors the challenge and who manages the programme may see it; nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from innovation.awards.models import Award, Paper, Remark, Share
from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import loader_of, locks_of, roles_of
from innovation.people import queries as people
from innovation.rules.award import GIVEN_UP, AwardState, due_on
from innovation.rules.predicates import Role

OPEN = (AwardState.OFFERED, AwardState.ACCEPTED, AwardState.COMPLETE)


def wins(actor: Actor) -> ColumnElement[bool]:
    """Awards this person has a share of."""
    if actor.person_id is None:
        return false()
    return exists().where(Share.award_id == Award.id, Share.person_id == actor.person_id)


def offers(actor: Actor) -> ColumnElement[bool]:
    """Awards of challenges that this person sponsors or manages. The panel is not among them."""
    sponsored = actor.scopes(Role.SPONSOR, "challenge")
    return or_(Award.challenge_id.in_(sponsored) if sponsored else false(), challenges.manages(actor, Award.programme_id))


def visible(actor: Actor) -> ColumnElement[bool]:
    """Awards this person may see."""
    return true() if actor.is_house else or_(wins(actor), offers(actor))


@roles_of(Award)
def roles_on_award(actor: Actor, award: Award) -> frozenset[Role]:
    """What a person is to an award: a winner has a share of it, an author is one of its idea, whether he wins or not."""
    roles = set(challenges.role_set(actor, award.challenge, in_audience=False))
    if actor.person_id in {share.person_id for share in award.shares}:
        roles |= {Role.WINNER, Role.AUTHOR}
    if actor.person_id in {author.person_id for author in award.idea.authors}:
        roles.add(Role.AUTHOR)
    return frozenset(roles)


@locks_of(Award)
def _locks(award: Award) -> Sequence[Select[Any]]:
    return [select(Award.id).where(Award.id == award.id).with_for_update()]


def get(actor: Actor, public_id: str) -> Award | None:
    """An award this person may see, with idea, challenge, shares and papers."""
    return db.session.scalars(_whole().where(Award.public_id == public_id, visible(actor))).one_or_none()


@loader_of(Award)
def by_id(award_id: int) -> Award | None:
    """One award for the house's own work, with idea, challenge, shares and papers."""
    return db.session.scalars(_whole().where(Award.id == award_id)).one_or_none()


def by_ids(ids: Iterable[int]) -> Sequence[Award]:
    """Awards for the house's own work."""
    return db.session.scalars(select(Award).where(Award.id.in_(list(ids))).order_by(Award.id)).all()


def _whole() -> Select[Award]:
    return select(Award).options(
        joinedload(Award.idea).selectinload(Idea.authors),
        joinedload(Award.challenge).joinedload(Challenge.programme),
        selectinload(Award.shares).joinedload(Share.person),
        selectinload(Award.papers),
    )


def readable(actor: Actor, awards: Iterable[Award]) -> set[int]:
    """Of some awards those, by id, that this person reads by title: one for a sealed idea only who may read the idea."""
    found = list(awards)
    sealed = [award.idea_id for award in found if award.visibility == "sealed"]
    read: set[int] = set()
    if sealed:
        read = set(db.session.scalars(select(Idea.id).join(Idea.challenge).where(Idea.id.in_(sealed), ideas.visible(actor))))
    return {award.id for award in found if award.visibility != "sealed" or award.idea_id in read}


SHOWS = ("all", "mine", "offered")


def _listed(actor: Actor, show: str, state: str) -> Select[Award]:
    """Awards of one view, ``mine`` as a winner or ``offered`` by me and mine, in one state; ``""`` is any."""
    statement = select(Award).where({"mine": wins, "offered": offers}.get(show, visible)(actor))
    return statement.where(Award.state == state) if state in set(AwardState) else statement


def page(actor: Actor, *, show: str = "all", state: str = "", cursor: str | None = None) -> paging.Page[Award]:
    """Awards of a view, the latest first, with challenge, idea and shares."""
    statement = _listed(actor, show, state).options(
        joinedload(Award.challenge), joinedload(Award.idea), selectinload(Award.shares)
    )
    return paging.fetch(statement, [paging.Key(Award.id, True)], cursor, lambda row: (row[0].id,))


def has_any(actor: Actor) -> bool:
    """Whether this person has an award to look at."""
    return db.session.scalar(select(Award.id).where(visible(actor)).limit(1)) is not None


def of_idea(actor: Actor, idea_id: int) -> Sequence[Award]:
    """The awards for an idea that this person may see, for the pages of the idea and of its project."""
    return db.session.scalars(
        select(Award).where(Award.idea_id == idea_id, visible(actor)).order_by(Award.id.desc()).limit(20)
    ).all()


def promised_in(challenge: Challenge) -> int:
    """What the awards of a challenge come to, in minor units; without those that were declined or taken back."""
    total = db.session.scalar(
        select(cast(func.coalesce(func.sum(Award.amount_minor), 0), BigInteger)).where(
            Award.challenge_id == challenge.id, Award.state.not_in(GIVEN_UP)
        )
    )
    return total or 0


def over_prize(challenge: Challenge) -> int:
    """By how much the awards of a challenge exceed the prize it promised, in minor units; 0 when they do not."""
    return 0 if challenge.prize_minor is None else max(0, promised_in(challenge) - challenge.prize_minor)


def remarks(award: Award, cursor: str | None) -> paging.Page[Remark]:
    """What was asked and answered, the latest first, with who wrote it."""
    statement = select(Remark).options(joinedload(Remark.person)).where(Remark.award_id == award.id)
    return paging.fetch(statement, [paging.Key(Remark.id, True)], cursor, lambda row: (row[0].id,), 10)


# --- what is due, and for whom -------------------------------------------------------------------------------------


def today(award: Award, now: datetime) -> date:
    """The day it is where the challenge keeps its days."""
    return now.astimezone(ZoneInfo(award.challenge.zone)).date()


def due_day(award: Award) -> date | None:
    """The day by which the next step of an award is due; None when there is none."""
    return due_on(award.state, award.accept_by, award.papers_by, award.pay_by)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An award that waits for somebody to ``answer``, ``hand_in``, ``check`` or ``pay``; ``title`` is None where he may
    not read it."""

    award: Award
    step: str
    title: str | None
    due_at: datetime | None


def waiting(actor: Actor, limit: int = 25) -> list[Waiting]:
    """Awards that wait for a person, for what is due to him: as a winner, and as who offers them."""
    if actor.person_id is None:
        return []
    mine = exists().where(Share.award_id == Award.id, Share.person_id == actor.person_id, Share.agreed_at.is_(None))
    missing = exists().where(Paper.award_id == Award.id, Paper.handed_in_at.is_(None))
    handed = exists().where(Paper.award_id == Award.id, Paper.handed_in_at.is_not(None), Paper.checked_at.is_(None))
    others = and_(offers(actor), ~wins(actor))
    steps = {
        "answer": and_(Award.state == AwardState.OFFERED, mine),
        "hand_in": and_(Award.state == AwardState.ACCEPTED, wins(actor), missing),
        "check": and_(Award.state == AwardState.ACCEPTED, others, handed),
        "pay": and_(Award.state == AwardState.COMPLETE, others),
    }
    rows = db.session.execute(
        select(Award, *(condition.label(step) for step, condition in steps.items()))
        .options(joinedload(Award.challenge))
        .where(or_(*steps.values()))
        .order_by(Award.id)
        .limit(limit)
    ).all()
    read = readable(actor, [row[0] for row in rows])
    found = []
    for award, *on in rows:
        step = next(name for name, holds in zip(steps, on, strict=True) if holds)
        title = award.title if award.id in read else None
        found.append(Waiting(award, step, title, _end_of(due_day(award), award.challenge.zone)))
    return found


def _end_of(day: date | None, zone: str) -> datetime | None:
    return None if day is None else datetime.combine(day, time(23, 59), ZoneInfo(zone)).astimezone(UTC)


# --- who is told ---------------------------------------------------------------------------------------------------


def winners(award_id: int) -> set[int]:
    """Who has a share of an award."""
    return set(db.session.scalars(select(Share.person_id).where(Share.award_id == award_id)))


def offerers(award_id: int) -> set[int]:
    """Who answers for an award: the challenge's sponsors and the programme's managers, without its winners."""
    award = db.session.get_one(Award, award_id)
    found = {*people.holders(Role.SPONSOR, "challenge", award.challenge_id), *people.managers(award.programme_id)}
    return found - winners(award_id)


# --- for finance ---------------------------------------------------------------------------------------------------


BATCH = 500


def shares_to_export(actor: Actor, *, show: str, state: str) -> Iterator[tuple[Share, Award, bool]]:
    """Every share of the awards in a view, the latest award first: (share with its person, award with challenge and idea,
    whether this person reads its title). A fixed number of queries for every five hundred awards."""
    cursor: str | None = None
    while True:
        statement = _listed(actor, show, state).options(
            joinedload(Award.challenge),
            joinedload(Award.idea),
            selectinload(Award.shares).joinedload(Share.person),
        )
        found = paging.fetch(statement, [paging.Key(Award.id, True)], cursor, lambda row: (row[0].id,), BATCH)
        read = readable(actor, found.items)
        for award in found.items:
            for share in award.shares:
                yield share, award, award.id in read
        cursor = found.next
        if cursor is None:
            return
