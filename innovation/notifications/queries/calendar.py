"""A person's deadlines: of the challenges and projects that are his in some way, as he may see them now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.notifications.models import Watch
from innovation.projects import queries as projects
from innovation.projects.models import Project
from innovation.rules.challenge import LIVE, ChallengeState
from innovation.rules.idea import IdeaState
from innovation.rules.project import GateState, ProjectState
from innovation.voting.models import Vote

MOST = 300
BACK = timedelta(days=30)
"""How long a day that is over stays in the calendar."""

TO_COME = frozenset({GateState.AHEAD, GateState.OPEN, GateState.ASKED, GateState.HELD})
"""States of a gate whose day is still to come."""


@dataclass(frozen=True, slots=True)
class Day:
    """One deadline. ``key`` is the same for as long as it is the same deadline, wherever it moves.

    ``what`` is ``closes``, ``vote``, ``review``, ``answer`` (of a challenge) or ``gate``; ``title`` the name of what it is
    of, by reference where it is sealed; ``gate`` the gate's own (title, key).
    """

    key: str
    what: str
    at: datetime
    zone: str
    title: str
    public_id: str
    gate: tuple[str, str] = ("", "")


def days(actor: Actor, now: datetime, host_zone: str) -> list[Day]:
    """A person's deadlines from a month ago on, the first one first: three queries."""
    found = [*_of_challenges(actor, now), *_of_projects(actor, host_zone)]
    return sorted((each for each in found if each.at > now - BACK), key=lambda each: (each.at, each.key))


def _of_challenges(actor: Actor, now: datetime) -> Iterator[Day]:
    """Challenges that he sponsors or judges, wrote or voted in, or follows; each with the days that concern him."""
    mine = Author.person_id == actor.person_id, Author.idea_id == Idea.id
    wrote = exists().where(Idea.challenge_id == Challenge.id, Idea.state != IdeaState.WITHDRAWN, *mine)
    voted = exists().where(Vote.person_id == actor.person_id, Vote.idea_id == Idea.id, Idea.challenge_id == Challenge.id)
    follows = exists().where(Watch.challenge_id == Challenge.id, Watch.person_id == actor.person_id, Watch.level == "follow")
    works = challenges.works_on(actor)
    rows = db.session.execute(
        select(Challenge, works)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.source.is_(None),
            challenges.visible(actor),
            or_(works, wrote, voted, follows),
        )
        .order_by(Challenge.closes_at.desc(), Challenge.id)
        .limit(MOST)
    ).all()
    for challenge, at_work in rows:
        dated = [("closes", challenge.closes_at), ("vote", challenge.vote_closes_at), ("answer", challenge.answer_by)]
        if at_work:
            dated.append(("review", challenge.review_closes_at))
        for what, at in dated:
            if at is not None:
                key = f"challenge-{challenge.public_id}-{what}"
                yield Day(key, what, at, challenge.zone, challenge.title, challenge.public_id)


def _of_projects(actor: Actor, zone: str) -> Iterator[Day]:
    """Gates to come of the projects he works in, and of those whose challenge he sponsors."""
    rows: Sequence[Project] = db.session.scalars(
        select(Project)
        .join(Project.challenge)
        .options(selectinload(Project.gates), joinedload(Project.challenge))
        .where(
            Project.state == ProjectState.RUNNING,
            projects.visible(actor),
            or_(projects.is_member(actor), challenges.works_on(actor)),
        )
        .order_by(Project.id.desc())
        .limit(MOST)
    ).all()
    for project in rows:
        title = project.public_id if project.visibility == "sealed" else project.title
        for gate in project.gates:
            if gate.state in TO_COME:
                key, named = (
                    f"gate-{project.public_id}-{gate.position}",
                    ("" if project.visibility == "sealed" else gate.title),
                )
                yield Day(key, "gate", gate.due_at, zone, title, project.public_id, (named, gate.key))


def published(actor: Actor, limit: int) -> Sequence[Challenge]:
    """Challenges that were published and that this person may see, the newest first."""
    return db.session.scalars(
        select(Challenge)
        .where(Challenge.state.in_(LIVE), Challenge.published_at.is_not(None), challenges.visible(actor))
        .order_by(Challenge.published_at.desc(), Challenge.id.desc())
        .limit(limit)
    ).all()
