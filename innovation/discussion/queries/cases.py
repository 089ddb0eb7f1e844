"""Reading what was reported: the queue of those who keep order, one case, and how it stands for a comment's writer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from innovation.discussion.models import Case, Comment, Report, Thread
from innovation.discussion.queries.places import PLAIN_MANAGER, is_closed, roles_on_comment, visible
from innovation.discussion.queries.readers import reading
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import loader_of, locks_of, roles_of
from innovation.people import queries as people
from innovation.rules.moderation import OBJECTION_DAYS, CaseState
from innovation.rules.predicates import Role

PAGE = 10


@locks_of(Case)
def _locks(case: Case) -> Sequence[Select[Any]]:
    of_comment = select(Comment.thread_id).where(Comment.id == case.comment_id).scalar_subquery()
    return [
        select(Thread.id).where(Thread.id == of_comment).with_for_update(),
        select(Comment.id).where(Comment.id == case.comment_id).with_for_update(),
        select(Case.id).where(Case.id == case.id).with_for_update(),
    ]


def _whole() -> Select[Case]:
    return (
        select(Case)
        .join(Case.comment)
        .join(Comment.thread)
        .options(
            joinedload(Case.comment).joinedload(Comment.thread),
            joinedload(Case.comment).joinedload(Comment.person),
        )
    )


@loader_of(Case)
def case_by_id(case_id: int) -> Case | None:
    """A case for the house's own work, with comment, thread and writer."""
    return db.session.scalars(_whole().where(Case.id == case_id)).one_or_none()


def case(actor: Actor, public_id: str) -> Case | None:
    """A case about a comment in a thread this person may read."""
    return db.session.scalars(_whole().where(Case.public_id == public_id, visible(actor))).one_or_none()


def latest(comment_id: int) -> Case | None:
    """The last case about a comment, if it was ever reported."""
    return db.session.scalars(_whole().where(Case.comment_id == comment_id).order_by(Case.id.desc()).limit(1)).one_or_none()


@roles_of(Case)
def roles_on_case(actor: Actor, case: Case) -> frozenset[Role]:
    roles = set(roles_on_comment(actor, case.comment))
    if actor.person_id is None:
        return frozenset(roles)
    if has_reported(actor.person_id, case.comment_id):
        roles.add(Role.REPORTER)
    if case.decided_by == actor.person_id:
        roles.add(Role.DECIDER)
    if roles & {Role.SPONSOR, Role.PANEL} and is_closed(case.comment.thread):
        roles.add(Role.MODERATOR)
    return frozenset(roles)


def has_reported(person_id: int, comment_id: int) -> bool:
    """Whether a person has reported a comment, in whatever case."""
    mine = select(Report.id).join(Case, Case.id == Report.case_id)
    return db.session.scalar(mine.where(Case.comment_id == comment_id, Report.person_id == person_id).limit(1)) is not None


def _keeps_order(actor: Actor) -> ColumnElement[bool]:
    """Threads in which this person looks at reports; the thread must be joined. The twin of the policy table's lines."""
    if actor.is_house:
        return true()
    lines: list[ColumnElement[bool]] = []
    if actor.holds(Role.MANAGER) or actor.administrator:
        lines.append(true())
    elif programmes := actor.scopes(Role.MANAGER, "programme"):
        lines.append(Thread.programme_id.in_(programmes))
    if near := actor.scopes(Role.SPONSOR, "challenge") | actor.scopes(Role.PANEL, "challenge"):
        lines.append(and_(Thread.challenge_id.in_(near), ~visible(PLAIN_MANAGER)))
    return and_(or_(*lines), visible(actor)) if lines else ~true()


def _waiting(actor: Actor) -> ColumnElement[bool]:
    """Cases that wait for this person: nobody sees those about his own words, those he reported, and objections to him."""
    earlier = aliased(Case)
    reported = exists().where(
        Report.case_id == earlier.id, earlier.comment_id == Case.comment_id, Report.person_id == actor.person_id
    )
    return and_(
        or_(Case.state == CaseState.OPEN, and_(Case.state == CaseState.APPEALED, Case.decided_by != actor.person_id)),
        Comment.trashed_at.is_(None),
        or_(Comment.person_id.is_(None), Comment.person_id != actor.person_id),
        ~reported,
        _keeps_order(actor),
    )


def queue(actor: Actor, cursor: str | None) -> paging.Page[Case]:
    """What waits for this person, the oldest first, with comments: one query."""
    order = [paging.Key(Case.id)]
    return paging.fetch(_whole().where(_waiting(actor)), order, cursor, lambda row: (row[0].id,), PAGE)


def waiting(actor: Actor) -> int:
    """How many cases wait for this person."""
    counted = select(func.count(Case.id)).join(Case.comment).join(Comment.thread).where(_waiting(actor))
    return db.session.scalar(counted) or 0


@dataclass(slots=True)
class Reported:
    """What people said of a comment: how many gave which reason, and their words. Nobody is named."""

    people: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    since: datetime | None = None


def reported(case_ids: Iterable[int]) -> dict[int, Reported]:
    """What was reported, by case: one query."""
    rows = db.session.execute(
        select(Report.case_id, Report.reason, Report.words, Report.made_at)
        .where(Report.case_id.in_(list(case_ids)))
        .order_by(Report.id)
    )
    found: dict[int, Reported] = {}
    for case_id, reason, words, made_at in rows:
        each = found.setdefault(case_id, Reported(since=made_at))
        each.people += 1
        each.reasons[reason] = each.reasons.get(reason, 0) + 1
        if words:
            each.words.append(words)
    return found


def may_object_until(case: Case) -> datetime | None:
    """Until when the writer of a removed comment may object; None where nothing was removed, or an objection was made."""
    if case.state != CaseState.REMOVED or case.decided_at is None:
        return None
    return case.decided_at + timedelta(days=OBJECTION_DAYS)


def deciders(case: Case) -> list[int]:
    """Whom a case waits for, to be told: the managers who read the thread; where there are none, administrators; where
    neither reads it, its sponsors and panel. Without the writer, those who reported it, and who decided already."""
    thread = case.comment.thread
    reporters = set(db.session.scalars(select(Report.person_id).join(Case).where(Case.comment_id == case.comment_id)))
    out = {case.comment.person_id, case.decided_by, *reporters}
    near = [*people.holders(Role.SPONSOR, "challenge", thread.challenge_id)]
    near += people.holders(Role.PANEL, "challenge", thread.challenge_id)
    if is_closed(thread):
        return [each for each in dict.fromkeys(near) if each not in out]
    for asked in (people.managers(thread.programme_id), people.holders(Role.ADMINISTRATOR, "host", 0)):
        readers = reading(thread, asked) - out
        if readers:
            return sorted(readers)
    return []
