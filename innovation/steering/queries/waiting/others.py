"""Lists of what is not a challenge: ideas to check, questions to sponsors, and gates of projects."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Inquiry
from innovation.challenges.queries import inquiries
from innovation.ideas.models import Idea
from innovation.ideas.queries.seeing import is_author
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people.models import GrantRow, Person
from innovation.projects.models import Gate, Project
from innovation.projects.queries import gates as reading
from innovation.rules import promises
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IdeaState
from innovation.rules.predicates import Role
from innovation.rules.project import GateState
from innovation.steering.queries.waiting.rows import Listing, Row


def checks(actor: Actor, now: datetime, programme_id: int | None) -> Listing:
    """Ideas he may look at before others see them, and late ones in programmes he manages; the oldest first."""
    too_long = and_(Idea.submitted_at < now - promises.CHECK, challenges.manages(actor, Challenge.programme_id))
    found = (
        select(Idea)
        .join(Idea.challenge)
        .options(contains_eager(Idea.challenge))
        .where(
            Idea.state == IdeaState.CHECKING,
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.frozen_at.is_(None),
            or_(_may_check(actor), too_long),
        )
    )
    if programme_id is not None:
        found = found.where(Challenge.programme_id == programme_id)
    order = [paging.Key(Idea.submitted_at), paging.Key(Idea.id)]
    return Listing(found, order, lambda row: (row.submitted_at, row.id), _to_check)


def _may_check(actor: Actor) -> ColumnElement[bool]:
    return and_(challenges.checks(actor), ~is_author(actor))


def _to_check(actor: Actor, found: Sequence[Idea], now: datetime) -> list[Row]:
    ids = [each.id for each in found]
    mine = set(db.session.scalars(select(Idea.id).join(Idea.challenge).where(Idea.id.in_(ids), _may_check(actor))))
    names = _checkers({each.challenge_id for each in found}, actor)
    return [
        Row(
            name=f"idea:{each.public_id}",
            thing=each,
            challenge=each.challenge,
            due=each.submitted_at + promises.CHECK if each.submitted_at else None,
            late=each.submitted_at is not None and each.submitted_at + promises.CHECK < now,
            who=names.get(each.challenge_id, ()),
            mine=each.id in mine,
        )
        for each in found
    ]


def _checkers(challenge_ids: Collection[int], actor: Actor) -> dict[int, tuple[str, ...]]:
    """Who checks, by challenge id: those named for it, else its sponsors."""
    rows = db.session.execute(
        select(GrantRow.scope_id, Person.name)
        .join(Person, Person.id == GrantRow.person_id)
        .where(
            GrantRow.role == Role.CHECKER,
            GrantRow.scope == "challenge",
            GrantRow.scope_id.in_(challenge_ids),
            GrantRow.valid_to.is_(None),
        )
        .order_by(GrantRow.id)
    )
    named: dict[int, tuple[str, ...]] = {}
    for challenge_id, name in rows:
        named[challenge_id] = (*named.get(challenge_id, ()), name)
    sponsors = challenges.sponsor_names(challenge_ids, actor)
    return {each: (name,) for each, name in sponsors.items()} | named


def questions(actor: Actor, now: datetime, programme_id: int | None) -> Listing:
    """What was asked of sponsors and waits for an answer that he may give; the oldest first."""
    found = (
        select(Inquiry)
        .join(Inquiry.challenge)
        .options(contains_eager(Inquiry.challenge))
        .where(inquiries.UNANSWERED, inquiries.answers(actor))
    )
    if programme_id is not None:
        found = found.where(Challenge.programme_id == programme_id)
    return Listing(found, [paging.Key(Inquiry.id)], lambda row: (row.id,), _asked)


def _asked(actor: Actor, found: Sequence[Inquiry], now: datetime) -> list[Row]:
    sponsors = challenges.sponsor_names({each.challenge_id for each in found}, actor)
    return [
        Row(
            name=f"inquiry:{each.public_id}",
            thing=each,
            challenge=each.challenge,
            due=each.asked_at + promises.INQUIRY,
            late=each.asked_at + promises.INQUIRY < now,
            who=tuple([sponsors[each.challenge_id]] if each.challenge_id in sponsors else []),
        )
        for each in found
    ]


def gates(actor: Actor, now: datetime, programme_id: int | None) -> Listing:
    """Gates he may decide now, and those that are late in programmes he manages; the first due first."""
    found = reading.waiting(actor, now)
    if programme_id is not None:
        found = found.where(Project.programme_id == programme_id)
    return Listing(found, [paging.Key(Gate.due_at), paging.Key(Gate.id)], lambda row: (row.due_at, row.id), _to_pass)


def _to_pass(actor: Actor, found: Sequence[Gate], now: datetime) -> list[Row]:
    duties = reading.duties([(gate, gate.project) for gate in found], now, actor)
    mine = reading.mine_of(actor, [gate.id for gate in found], now)
    rows = []
    for gate in found:
        duty = duties[gate.id]
        due = duty.turn.answer_by if gate.state == GateState.ASKED else gate.due_at
        rows.append(
            Row(
                name=f"gate:{gate.project.public_id}/{gate.key}",
                thing=gate,
                challenge=gate.project.challenge,
                due=due,
                late=min(due, gate.due_at) < now,
                who=duty.keepers,
                mine=gate.id in mine,
                duty=duty,
            )
        )
    return rows
