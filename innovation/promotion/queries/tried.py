"""Reading earlier results with an outcome: what a rule can be tried on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, literal, select
from sqlalchemy.orm import defer, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects.models import Project
from innovation.promotion.models import Round, Run, RunChallenge
from innovation.rules.backtest import ENDED, outcome_of
from innovation.rules.challenge import ChallengeState
from innovation.rules.run import RunState

OFFERED = 30
"""So many rules of one's own challenges are offered, the newest."""


def results(reader: Actor, before: int | None, limit: int, *, with_ballots: bool) -> list[tuple[int, int]]:
    """First passes of announced results, in programmes this person manages, in which a project has ended, the newest first:
    (id, how many bytes their snapshot, and ballots if asked for, take)."""
    ended = exists().where(
        RunChallenge.run_id == Run.id, Project.challenge_id == RunChallenge.challenge_id, Project.state.in_(ENDED)
    )
    cast = func.coalesce(func.length(Run.ballots), 0) if with_ballots else literal(0)
    statement = (
        select(Run.id, func.length(Run.snapshot) + cast)
        .join(Round, Round.id == Run.round_id)
        .where(
            Run.state == RunState.ANNOUNCED,
            Run.pass_no == 1,
            Run.snapshot.is_not(None),
            Round.purpose == "promotion",
            challenges.manages(reader, Run.programme_id),
            ended,
        )
        .order_by(Run.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(Run.id < before)
    return [(run_id, size) for run_id, size in db.session.execute(statement)]


def stored(run_ids: Iterable[int], *, with_ballots: bool) -> Sequence[Run]:
    """These runs with what they froze, and their challenges."""
    statement = (
        select(Run).options(selectinload(Run.challenges).joinedload(RunChallenge.challenge)).where(Run.id.in_(list(run_ids)))
    )
    return db.session.scalars(statement if with_ballots else statement.options(defer(Run.ballots))).all()


@dataclass(frozen=True, slots=True)
class Grown:
    """The project that grew from an idea, by the idea's public id."""

    idea: str
    challenge_id: int
    worked: bool | None
    """None while nobody knows."""


def projects(runs: Iterable[Run]) -> dict[int, list[Grown]]:
    """By run every project that grew from an idea of its challenges."""
    of = {each.challenge_id: run.id for run in runs for each in run.challenges}
    found: dict[int, list[Grown]] = {}
    for idea, challenge_id, state, settled_at in db.session.execute(
        select(Idea.public_id, Project.challenge_id, Project.state, Project.settled_at)
        .join(Idea, Idea.id == Project.idea_id)
        .where(Project.challenge_id.in_(list(of)))
    ):
        found.setdefault(of[challenge_id], []).append(
            Grown(idea, challenge_id, outcome_of(state, settled=settled_at is not None))
        )
    return found


def with_rules(reader: Actor) -> Sequence[Challenge]:
    """Challenges this person manages whose rule could be tried on others, the newest first."""
    return db.session.scalars(
        select(Challenge)
        .where(
            challenges.manages(reader, Challenge.programme_id),
            Challenge.state != ChallengeState.STOPPED,
            Challenge.who_decides != "sponsor",
        )
        .order_by(Challenge.id.desc())
        .limit(OFFERED)
    ).all()


def with_rule(reader: Actor, public_id: str) -> Challenge | None:
    """One of them by its name, however old."""
    return db.session.scalars(
        select(Challenge).where(
            Challenge.public_id == public_id,
            challenges.manages(reader, Challenge.programme_id),
            Challenge.who_decides != "sponsor",
        )
    ).one_or_none()
