"""Where it gets stuck: what is older than its stage's limit, and who has to act; and whether promises are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import contains_eager

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.insight.queries.filters import Filters, on_challenges, on_ideas
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import StageCount
from innovation.projects.models import Gate, Project
from innovation.rules.challenge import ChallengeState
from innovation.rules.figures import Share, share
from innovation.rules.idea import WAITS_OR_RUNS, IdeaState
from innovation.rules.project import AT_THE_GATE, GateState, ProjectState
from innovation.rules.promises import CHECK

SETTLE_DAYS = 30
"""Within how many days of a proof's end it should be said what came of it."""
ROWS = 25

_WAITING = tuple(str(state) for state in WAITS_OR_RUNS)


@dataclass(frozen=True, slots=True)
class Late:
    """One thing that is over its limit.

    Attributes:
        what: ``ideas`` (of a challenge, without an answer), ``checks`` (ideas of a challenge that nobody has checked),
            ``gate`` (not passed by its day), ``asked`` (a gate whose keeper was asked and has not decided) or ``outcome``
            (of a proof).
        who: ``sponsor``, ``checker``, ``team`` or ``manager``.
        count: how many ideas wait; 1 for others.
        project: None for ideas and checks.
    """

    what: str
    who: str
    since: datetime
    count: int
    challenge: Challenge
    project: Project | None = None
    gate: Gate | None = None


def late(actor: Actor, filters: Filters, now: datetime, limit: int = ROWS) -> Sequence[Late]:
    """What is over its limit, the longest over first: four queries."""
    found = [
        *_ideas(actor, filters, now),
        *_checks(actor, filters, now),
        *_gates(actor, filters, now, limit),
        *_outcomes(actor, filters, now, limit),
    ]
    return sorted(found, key=lambda each: (each.since, each.challenge.id))[:limit]


def _ideas(actor: Actor, filters: Filters, now: datetime) -> Sequence[Late]:
    """Challenges whose ideas still wait although their answer was promised by now; counters, so of a whole challenge."""
    waiting = func.sum(StageCount.entered - StageCount.left)
    statement = (
        select(Challenge, waiting)
        .join(StageCount, and_(StageCount.challenge_id == Challenge.id, StageCount.subject_kind == "idea"))
        .where(Challenge.state == ChallengeState.PUBLISHED, Challenge.answer_by < now, StageCount.stage.in_(_WAITING))
        .where(*on_challenges(actor, filters))
        .group_by(Challenge.id)
        .having(waiting > 0)
        .order_by(Challenge.answer_by, Challenge.id)
    )
    return [
        Late("ideas", "sponsor", challenge.answer_by, int(count), challenge)
        for challenge, count in db.session.execute(statement)
        if challenge.answer_by is not None
    ]


def _checks(actor: Actor, filters: Filters, now: datetime) -> Sequence[Late]:
    """Challenges in which ideas wait to be checked for longer than their authors were promised."""
    over = now - CHECK
    statement = (
        select(Challenge, func.min(Idea.submitted_at), func.count())
        .join(Idea, Idea.challenge_id == Challenge.id)
        .where(Challenge.state == ChallengeState.PUBLISHED, Challenge.frozen_at.is_(None))
        .where(Idea.state == IdeaState.CHECKING, Idea.submitted_at <= over, *on_ideas(actor, filters))
        .group_by(Challenge.id)
        .order_by(Challenge.id)
    )
    return [
        Late("checks", "checker", since + CHECK, int(count), challenge)
        for challenge, since, count in db.session.execute(statement)
        if since is not None
    ]


def _gates(actor: Actor, filters: Filters, now: datetime, limit: int) -> Sequence[Late]:
    statement = (
        select(Gate)
        .join(Gate.project)
        .join(Project.idea)
        .join(Project.challenge)
        .options(contains_eager(Gate.project).contains_eager(Project.challenge))
        .where(Gate.state.in_([str(state) for state in AT_THE_GATE]), Project.state == ProjectState.RUNNING)
        .where(or_(Gate.due_at < now, Gate.asked_at.is_not(None)), *on_ideas(actor, filters))
        .order_by(Gate.due_at, Gate.id)
    )
    found = []
    for gate in db.session.scalars(statement.limit(limit * 4)):
        if gate.state == GateState.ASKED and gate.asked_at is not None:
            promised = gate.asked_at + timedelta(days=gate.answer_days)
            if promised < now:
                found.append(Late("asked", gate.keeper, promised, 1, gate.project.challenge, gate.project, gate))
        elif gate.due_at < now:
            found.append(Late("gate", "team", gate.due_at, 1, gate.project.challenge, gate.project, gate))
    return found


def _outcomes(actor: Actor, filters: Filters, now: datetime, limit: int) -> Sequence[Late]:
    statement = (
        select(Project)
        .join(Project.idea)
        .join(Project.challenge)
        .options(contains_eager(Project.challenge))
        .where(Project.state == ProjectState.PASSED, Project.ended_at < now - timedelta(days=SETTLE_DAYS))
        .where(*on_ideas(actor, filters))
        .order_by(Project.ended_at, Project.id)
        .limit(limit)
    )
    limit_of = timedelta(days=SETTLE_DAYS)
    return [
        Late("outcome", "manager", project.ended_at + limit_of, 1, project.challenge, project)
        for project in db.session.scalars(statement)
        if project.ended_at is not None
    ]


@dataclass(frozen=True, slots=True)
class Promise:
    """A challenge's promise that every idea gets its answer by a day, and how far it is kept: ideas answered in time, out
    of those answered and those that wait although the day is past."""

    challenge: Challenge
    kept: Share
    waiting: int


def promises(actor: Actor, filters: Filters, now: datetime, limit: int = ROWS) -> Sequence[Promise]:
    """The promises of challenges, the latest day first: two queries over counters."""
    figures: dict[int, Counter[str]] = {}
    asked = (
        select(Challenge)
        .where(Challenge.answer_by.is_not(None), Challenge.published_at.is_not(None), *on_challenges(actor, filters))
        .order_by(Challenge.answer_by.desc(), Challenge.id.desc())
        .limit(limit)
    )
    rows = list(db.session.scalars(asked))
    counted = (
        select(StageCount.challenge_id, StageCount.stage, func.sum(StageCount.entered), func.sum(StageCount.left))
        .where(StageCount.challenge_id.in_([row.id for row in rows]), StageCount.subject_kind == "idea")
        .where(StageCount.stage.in_([*_WAITING, "answered_in_time", "answered_late"]))
        .group_by(StageCount.challenge_id, StageCount.stage)
    )
    for challenge_id, stage, entered, left in db.session.execute(counted):
        of = figures.setdefault(challenge_id, Counter())
        if stage in _WAITING:
            of["waiting"] += int(entered - left)
        else:
            of[stage] += int(entered)
    return [_promise(row, figures.get(row.id, Counter()), now) for row in rows]


def _promise(challenge: Challenge, figures: Counter[str], now: datetime) -> Promise:
    in_time, late_ones, waiting = (figures[key] for key in ("answered_in_time", "answered_late", "waiting"))
    past = challenge.answer_by is not None and challenge.answer_by < now and challenge.state == ChallengeState.PUBLISHED
    return Promise(challenge, share(in_time, in_time + late_ones + (waiting if past else 0)), waiting)


def answered_in_time(in_time: int, answered_late: int, found: Sequence[Late]) -> Share:
    """The share answered in time: of ideas answered, and of those whose answer is overdue."""
    return share(in_time, in_time + answered_late + sum(each.count for each in found if each.what == "ideas"))
