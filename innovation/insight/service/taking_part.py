"""How far people came into challenges: read from audiences, views, ballots, authors and assessments, in sets.

Who took part was reached, and who was reached could take part, also where no audience says so, as in an import.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from innovation.challenges.models import Audience, Challenge
from innovation.evaluation.models import Review
from innovation.ideas.models import Author, Idea
from innovation.insight.models import Participation
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import UtcDateTime, db, upsert
from innovation.kernel.lifecycle import StageCount
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people.models import CircleMembership
from innovation.rules.challenge import ChallengeState
from innovation.voting.models import BallotRow, View

AFTERWARDS = timedelta(days=1)
"""For how long after its decision a challenge is still looked at; what is imported later is found when none was counted."""

Column = ColumnElement[Any]


@use_case(None)
def keep_participation(*, actor: Actor, now: datetime = AT_LOCK) -> int:
    """Add who came in since, and count. Doing it twice, or at once, changes nothing.

    Returns:
        How many challenges were looked at.
    """
    counted = exists().where(Participation.challenge_id == Challenge.id)
    fresh = or_(Challenge.state == ChallengeState.PUBLISHED, Challenge.decided_at > now - AFTERWARDS, ~counted)
    ids = db.session.scalars(
        select(Challenge.id).where(Challenge.published_at.is_not(None), fresh).order_by(Challenge.id)
    ).all()
    _add(ids, now)
    _count(ids)
    return len(ids)


def read_anew(now: datetime) -> None:
    """Forget who took part where, and read it again from what it was read from; inside a verb's transaction."""
    db.session.execute(delete(Participation))
    db.session.execute(delete(StageCount).where(StageCount.subject_kind == "person"))
    ids = db.session.scalars(_published()).all()
    _add(ids, now)
    _count(ids)


def _published() -> Select[int]:
    return select(Challenge.id).where(Challenge.published_at.is_not(None)).order_by(Challenge.id)


def _add(ids: Sequence[int], now: datetime) -> None:
    if not ids:
        return
    for stage, found in (("took_part", _took_part(ids)), ("reached", _reached(ids))):
        _insert(stage, found)
    _insert_invited(ids, now)
    _insert("invited", _at(ids, "reached"))


def _took_part(ids: Sequence[int]) -> Any:
    """(challenge, person, since) of everybody who voted, wrote or assessed."""
    voted = select(BallotRow.challenge_id, BallotRow.person_id, BallotRow.first_at.label("at")).where(
        BallotRow.challenge_id.in_(ids)
    )
    wrote = (
        select(Idea.challenge_id, Author.person_id, func.coalesce(Idea.submitted_at, Idea.created_at))
        .join(Author, Author.idea_id == Idea.id)
        .where(Idea.challenge_id.in_(ids), Idea.submitted_at.is_not(None), Author.accepted_at.is_not(None))
    )
    assessed = (
        select(Idea.challenge_id, Review.reviewer_id, func.coalesce(Review.written_at, Idea.submitted_at))
        .join(Review, Review.idea_id == Idea.id)
        .where(Idea.challenge_id.in_(ids), Review.reviewer_id.is_not(None), Review.valid)
    )
    return _first(union_all(voted, wrote, assessed))


def _reached(ids: Sequence[int]) -> Any:
    """The same of everybody who had an idea before him, and of who took part."""
    saw = select(Idea.challenge_id, View.person_id, View.seen_at.label("at")).join(View, View.idea_id == Idea.id)
    return _first(union_all(saw.where(Idea.challenge_id.in_(ids)), _at(ids, "took_part")))


def _at(ids: Sequence[int], stage: str) -> Any:
    return select(Participation.challenge_id, Participation.person_id, Participation.since.label("at")).where(
        Participation.challenge_id.in_(ids), Participation.stage == stage
    )


def _first(rows: Any) -> Any:
    """Of several rows about a person in a challenge, the earliest."""
    each = rows.subquery()
    at = func.min(each.c.at, type_=UtcDateTime())
    return select(each.c.challenge_id, each.c.person_id, at.label("at")).group_by(each.c.challenge_id, each.c.person_id)


def _insert(stage: str, found: Any) -> None:
    """Write the rows that are not there yet, with where each person stood then."""
    each = found.subquery()
    person = CircleMembership.person_id == each.c.person_id
    standing = select(CircleMembership.id).where(person).correlate(each).limit(1)
    then = standing.where(CircleMembership.valid_from <= each.c.at).order_by(CircleMembership.valid_from.desc())
    # Somebody known from an import stood nowhere yet when he took part elsewhere: his first place is taken.
    place = func.coalesce(then.scalar_subquery(), standing.order_by(CircleMembership.valid_from).scalar_subquery())
    stood = select(each.c.challenge_id, each.c.person_id, each.c.at, place.label("membership_id")).subquery()
    _write(
        select(
            stood.c.challenge_id,
            stood.c.person_id,
            literal(stage),
            func.coalesce(CircleMembership.circle, ""),
            CircleMembership.organisation_id,
            stood.c.at,
        )
        .outerjoin(CircleMembership, CircleMembership.id == stood.c.membership_id)
        .where(literal(True))
        .order_by(stood.c.challenge_id, stood.c.person_id)
    )


def _insert_invited(ids: Sequence[int], now: datetime) -> None:
    """Everybody whom the audience of a challenge named, at any time between its publication and its decision."""
    since = case(
        (CircleMembership.valid_from > Challenge.published_at, CircleMembership.valid_from), else_=Challenge.published_at
    )
    ended = func.coalesce(Challenge.decided_at, literal(now, UtcDateTime()))
    named = or_(
        and_(
            Audience.kind == "circle", or_(Audience.value == CircleMembership.circle, Audience.value == str(Circle.PUBLIC))
        ),
        and_(Audience.kind == "organisation", Audience.value == cast(CircleMembership.organisation_id, String)),
        and_(Audience.kind == "department", Audience.value == cast(CircleMembership.department_id, String)),
        and_(Audience.kind == "person", Audience.value == cast(CircleMembership.person_id, String)),
    )
    there = and_(
        CircleMembership.valid_from <= ended,
        or_(CircleMembership.valid_to.is_(None), CircleMembership.valid_to > Challenge.published_at),
    )
    _write(
        select(
            Challenge.id,
            CircleMembership.person_id,
            literal("invited"),
            CircleMembership.circle,
            CircleMembership.organisation_id,
            since,
        )
        .join(Audience, Audience.challenge_id == Challenge.id)
        .join(CircleMembership, and_(named, there))
        .where(Challenge.id.in_(ids))
        .order_by(Challenge.id, CircleMembership.person_id, since, CircleMembership.id)
    )


def _write(rows: Select[Any]) -> None:
    columns = ["challenge_id", "person_id", "stage", "circle", "organisation_id", "since"]
    statement = upsert(Participation).from_select(columns, rows, include_defaults=False)
    db.session.execute(statement.on_conflict_do_nothing(index_elements=["challenge_id", "person_id", "stage"]))


def _count(ids: Sequence[int]) -> None:
    """Let the counters of people say what the rows say."""
    if not ids:
        return
    rows = (
        select(
            Challenge.programme_id,
            Participation.challenge_id,
            literal("person"),
            Participation.stage,
            literal("audience"),
            func.count(),
            literal(0),
        )
        .join(Challenge, Challenge.id == Participation.challenge_id)
        .where(Participation.challenge_id.in_(ids))
        .group_by(Challenge.programme_id, Participation.challenge_id, Participation.stage)
    )
    columns = ["programme_id", "challenge_id", "subject_kind", "stage", "visibility", "entered", "left"]
    statement = upsert(StageCount).from_select(columns, rows, include_defaults=False)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["challenge_id", "subject_kind", "stage", "visibility"],
            set_={"entered": statement.excluded.entered},
        )
    )
