"""Which rows and which columns of them the outside may read. Nothing else leaves this package."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.insight.queries.public.shapes import Chosen
from innovation.people.models import Organisation, Person
from innovation.projects.models import Gate, GateDecision, Project
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IdeaState
from innovation.rules.project import ProjectState

CLASSES = ("audience", "public")


def shown(now: datetime) -> ColumnElement[bool]:
    """Challenges whose results may be read; none before it opened."""
    return and_(
        Challenge.results_public,
        Challenge.visibility == "open",
        Challenge.state.in_([ChallengeState.PUBLISHED, ChallengeState.DECIDED]),
        or_(Challenge.opens_at.is_(None), Challenge.opens_at <= now),
    )


def owns() -> ColumnElement[bool]:
    """The organisation whose question a challenge is: the host, where none is named, or where the name is withheld."""
    hosts = or_(Challenge.organisation_id.is_(None), Challenge.sponsor_withheld)
    named = and_(Organisation.id == Challenge.organisation_id, Challenge.sponsor_withheld.is_(False))
    return or_(named, and_(hosts, Organisation.is_host))


def open_projects() -> ColumnElement[bool]:
    return Project.visibility.in_(CLASSES)


def open_ideas() -> ColumnElement[bool]:
    return and_(Idea.visibility.in_(CLASSES), Idea.trashed_at.is_(None))


def named() -> ColumnElement[bool]:
    """People who agree to be named, now."""
    return and_(Person.named_publicly_at.is_not(None), Person.erased_at.is_(None))


def told_columns() -> Select[*tuple[Any, ...]]:
    return select(
        Challenge.id,
        Challenge.public_id,
        Challenge.title,
        Challenge.summary,
        Challenge.language,
        Challenge.state,
        Challenge.zone,
        Challenge.closes_at,
        Challenge.decided_at,
        Challenge.who_decides,
    )


def rank() -> ColumnElement[int]:
    """Where a chosen idea stands in a list: what is used first, what was given up last."""
    order = [ProjectState.ADOPTED, ProjectState.PASSED, ProjectState.ITERATED, ProjectState.RUNNING]
    ranks = {str(state): place for place, state in enumerate(order)} | {str(ProjectState.STOPPED): len(order) + 1}
    return case(ranks, value=func.coalesce(Project.state, ""), else_=len(order))


def lesson_column() -> ColumnElement[str]:
    """What an ended project taught. A reason given to the team at a gate is none, until somebody writes it anew."""
    said = (
        exists()
        .where(GateDecision.gate_id == Gate.id, Gate.project_id == Project.id, GateDecision.reason == Project.lesson)
        .correlate(Project)
    )
    return case((or_(Project.state == ProjectState.RUNNING, said), ""), else_=Project.lesson)


def chosen_columns() -> Select[*tuple[Any, ...]]:
    """Chosen ideas and their projects: the columns of :class:`Chosen`, the idea's id and challenge, and its rank."""
    return (
        select(
            Idea.public_id,
            Idea.title,
            Idea.language,
            Project.id,
            Project.state,
            Project.goal,
            Project.language,
            Project.started_at,
            Project.ended_at,
            Project.settled_at,
            lesson_column().label("lesson"),
            Idea.id.label("idea_id"),
            Idea.challenge_id.label("challenge_id"),
            rank().label("rank"),
        )
        .select_from(Idea)
        .outerjoin(Project, and_(Project.idea_id == Idea.id, open_projects()))
        .where(Idea.state == IdeaState.PROMOTED, open_ideas())
    )


def read_chosen(row: Any) -> Chosen:
    return Chosen(*tuple(row)[:11])
