"""How long things stay, how soon they are answered, how many go on: from passages, one grouping a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, literal, select, union_all

from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea
from innovation.insight.queries.filters import Filters, on_ideas, on_passages, within
from innovation.kernel.actor import Actor
from innovation.kernel.db import UtcDateTime, db
from innovation.kernel.lifecycle import Passage
from innovation.projects.models import Gate, Project
from innovation.rules.figures import Share, share
from innovation.rules.idea import IdeaState
from innovation.rules.survival import Curve, Stay, curve

TIMED: tuple[tuple[str, str], ...] = (
    ("idea", IdeaState.CHECKING),
    ("idea", IdeaState.SUBMITTED),
    ("idea", IdeaState.RETURNED),
    ("idea", IdeaState.SHORTLISTED),
    ("project", "project_running"),
    ("project", "project_passed"),
)
"""Stages in which waiting is worth a figure, besides the gates."""

SENT = (IdeaState.CHECKING, IdeaState.SUBMITTED)
"""What an idea comes to when its authors send it."""

ANSWERS = (IdeaState.PROMOTED, IdeaState.DECLINED, IdeaState.PARKED)
"""What an idea's authors take for an answer."""

RESPONSES = (*ANSWERS, IdeaState.RETURNED, IdeaState.SHORTLISTED)
"""Anything the other side did with an idea."""

_GONE = (IdeaState.WITHDRAWN, IdeaState.MERGED)
HOURS = 24


def hours(since: Any, until: Any) -> ColumnElement[int]:
    """Whole hours between two instants."""
    if db.session.get_bind().dialect.name == "postgresql":
        return cast(func.floor(func.extract("epoch", until - since) / 3600), Integer)
    # A ten-thousandth of an hour more: julian days are fractions, and 23.99999999 hours are 24.
    return cast((func.julianday(until) - func.julianday(since)) * 24 + 0.0001, Integer)


@dataclass(frozen=True, slots=True)
class Timed:
    """How long things stay in a stage; times are hours."""

    kind: str
    key: str
    curve: Curve


def in_stages(actor: Actor, filters: Filters, now: datetime) -> Sequence[Timed]:
    """How long ideas and projects stay in each stage: one query."""
    stayed = hours(Passage.entered_at, func.coalesce(Passage.left_at, instant(now))).label("hours")
    gone = cast(Passage.left_at.is_not(None), Integer).label("gone")
    waits = [stage for _kind, stage in TIMED]
    statement = (
        select(Passage.subject_kind, Passage.stage, stayed, gone, func.count())
        .join(Challenge, Challenge.id == Passage.challenge_id)
        .where(Passage.subject_kind.in_(["idea", "project", "gate"]), *on_passages(actor, filters))
        .where((Passage.subject_kind == "gate") | Passage.stage.in_(waits))
        .group_by(Passage.subject_kind, Passage.stage, stayed, gone)
    )
    stays: dict[tuple[str, str], list[Stay]] = {}
    for kind, stage, time, left, count in db.session.execute(statement):
        stays.setdefault((kind, stage), []).append(Stay(int(time), bool(left), count))
    gates = sorted(key for key in stays if key[0] == "gate")
    order = [(kind, str(key)) for kind, key in (*TIMED[:4], *gates, *TIMED[4:])]
    return [Timed(kind, key, curve(stays[kind, key])) for kind, key in order if (kind, key) in stays]


def first_response(actor: Actor, filters: Filters, now: datetime) -> Curve:
    """The time until anybody did anything with an idea; ideas withdrawn or merged before that count until then."""

    def first(states: Sequence[str]) -> ColumnElement[Any]:
        return func.min(case((Passage.stage.in_([str(state) for state in states]), Passage.entered_at)))

    ways = (
        select(first(SENT).label("sent"), first(RESPONSES).label("answered"), first(_GONE).label("gone"))
        .join(Idea, and_(Passage.subject_kind == "idea", Passage.subject_id == Idea.id))
        .join(Challenge, Challenge.id == Idea.challenge_id)
        .where(*on_ideas(actor, filters))
        .group_by(Passage.subject_id)
        .having(and_(*within(first(SENT), filters), first(SENT).is_not(None)))
    ).subquery()
    end = func.coalesce(ways.c.answered, ways.c.gone, instant(now))
    stayed, left = hours(ways.c.sent, end), cast(ways.c.answered.is_not(None), Integer)
    rows = db.session.execute(select(stayed, left, func.count()).group_by(stayed, left))
    return curve(Stay(int(time), bool(answered), count) for time, answered, count in rows)


def instant(now: datetime) -> ColumnElement[Any]:
    return literal(now, UtcDateTime())


@dataclass(frozen=True, slots=True)
class Step:
    """Of the ideas that came to one stage, how many came to another."""

    source: str
    target: str
    share: Share


def _ways(actor: Actor, filters: Filters) -> tuple[Any, list[str]]:
    """Which of the counted stages every idea ever came to, one row an idea, with one column a stage."""
    wanted = ["submitted", "eligible", "shortlisted", "promoted"]
    grown = ["project_passed", "project_adopted"]
    of_ideas = select(Passage.subject_id.label("idea"), Passage.stage.label("stage")).where(
        Passage.subject_kind == "idea", Passage.stage.in_(wanted)
    )
    of_projects = (
        select(Project.idea_id.label("idea"), Passage.stage.label("stage"))
        .join(Project, and_(Passage.subject_kind == "project", Project.id == Passage.subject_id))
        .where(Passage.stage.in_(grown))
    )
    of_gates = (
        select(Project.idea_id.label("idea"), literal("first_gate").label("stage"))
        .select_from(Passage)
        .join(Gate, and_(Passage.subject_kind == "gate", Gate.id == Passage.subject_id))
        .join(Project, Project.id == Gate.project_id)
        .where(Gate.position == 1, Passage.left_at.is_not(None))
    )
    passages = union_all(of_ideas, of_projects, of_gates).subquery()
    stages = ["submitted", "eligible", "shortlisted", "promoted", "first_gate", *grown]
    came = [func.max(case((passages.c.stage == stage, 1), else_=0)).label(stage) for stage in stages]
    sent = within(Idea.submitted_at, filters)
    statement = (
        select(*came)
        .join(Idea, Idea.id == passages.c.idea)
        .join(Challenge, Challenge.id == Idea.challenge_id)
        .where(*on_ideas(actor, filters), *sent)
        .group_by(passages.c.idea)
    )
    return statement.subquery(), stages


def conversion(actor: Actor, filters: Filters) -> Sequence[Step]:
    """How many went on from each stage to the next one: one query, over ideas sent in the filters' time.

    An idea counts once, however often it came. Where nothing was ever shortlisted that stage is no step.
    """
    ways, stages = _ways(actor, filters)
    columns = [ways.c[stage] for stage in stages]
    rows = [tuple(row) for row in db.session.execute(select(*columns, func.count()).group_by(*columns))]
    came: Mapping[str, set[int]] = {
        stage: {n for n, row in enumerate(rows) if row[place]} for place, stage in enumerate(stages)
    }
    used = [stage for stage in stages if stage != "shortlisted" or came[stage]]

    def count(which: set[int]) -> int:
        return sum(int(rows[n][-1]) for n in which)

    return [
        Step(source, target, share(count(came[source] & came[target]), count(came[source])))
        for source, target in pairwise(used)
        if came[source]
    ]


def authors_answered(actor: Actor, filters: Filters) -> Share:
    """Of the authors of ideas that were sent, how many know of every one of theirs what became of it: one query."""
    answered = case((Idea.state.in_([str(state) for state in ANSWERS]), 1), else_=0)
    each = (
        select(Author.person_id, func.min(answered).label("every"))
        .join(Idea, Idea.id == Author.idea_id)
        .join(Challenge, Challenge.id == Idea.challenge_id)
        .where(Author.accepted_at.is_not(None), Idea.submitted_at.is_not(None), Idea.state.not_in(_GONE))
        .where(*on_ideas(actor, filters), *within(Idea.submitted_at, filters))
        .group_by(Author.person_id)
    ).subquery()
    whole, part = db.session.execute(select(func.count(), func.coalesce(func.sum(each.c.every), 0)).select_from(each)).one()
    return share(int(part), int(whole))
