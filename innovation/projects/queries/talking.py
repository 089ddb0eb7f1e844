"""Who reads the talk of a project, and what people are there."""

from __future__ import annotations

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import joinedload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.discussion.models import Thread
from innovation.discussion.queries import Place
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects import queries
from innovation.projects.models import Project
from innovation.rules.predicates import Role


def sees_talk(actor: Actor) -> ColumnElement[bool]:
    """Threads of projects: whoever sees the project reads them."""
    seen = select(Project.id).join(Project.challenge).where(Project.thread_id == Thread.id, queries.visible(actor))
    return seen.correlate(Thread).exists()


def roles_in_talk(actor: Actor, thread: Thread) -> frozenset[Role]:
    """What a person is to the project, and whether its challenge's audience is open to him: it may ask and advise."""
    project = _talked_of(thread)
    roles = queries.roles_on_project(actor, project)
    if not actor.signed_in:
        return roles
    inside = db.session.scalar(select(challenges.in_audience(actor)).where(Challenge.id == project.challenge_id))
    return roles | {Role.AUDIENCE} if inside else roles


def place_of_talk(thread: Thread) -> Place:
    project = _talked_of(thread)
    return Place("pages.project_talk", project.public_id, project.title, project.language)


def talk_of(project: Project) -> Thread:
    """A project's talk; a thread that is not stored yet where nobody has said anything."""
    if project.thread_id is not None:
        return db.session.get_one(Thread, project.thread_id)
    return Thread(
        kind="project",
        programme_id=project.programme_id,
        challenge_id=project.challenge_id,
        idea_id=project.idea_id,
        project_id=project.id,
    )


def _talked_of(thread: Thread) -> Project:
    project = db.session.get(Project, thread.project_id, options=[joinedload(Project.challenge)])
    if project is None or "challenge" in inspect(project).unloaded:
        found = select(Project).options(joinedload(Project.challenge)).where(Project.id == thread.project_id)
        project = db.session.scalars(found).one()
    return project
