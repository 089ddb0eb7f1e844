"""Sealed ideas that a manager or an administrator opened with a reason: for whom, and for how long."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, false, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.events import IdeaOpenedWithReason
from innovation.ideas.models import Author, Idea
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.rules.idea import IdeaState
from innovation.rules.predicates import Role

MINUTES = 30
"""How long an idea that was opened with a reason can be read."""


def unlocked(actor: Actor) -> ColumnElement[bool]:
    """Ideas this person opened with a reason within the last half hour, as long as he is what he was then."""
    if not _keeps_the_place(actor):
        return false()
    since = clock.now() - timedelta(minutes=MINUTES)
    return (
        exists()
        .where(
            Event.idea_id == Idea.id,
            Event.actor_id == actor.person_id,
            Event.name == IdeaOpenedWithReason.__name__,
            Event.occurred_at > since,
        )
        .correlate(Idea)
    )


def locked(actor: Actor, public_id: str) -> Idea | None:
    """A sealed idea that this person could open with a reason: one that was sent, in a place that he keeps."""
    if not _keeps_the_place(actor):
        return None
    statement = (
        select(Idea)
        .join(Idea.challenge)
        .options(
            joinedload(Idea.challenge).joinedload(Challenge.programme),
            selectinload(Idea.authors).joinedload(Author.person),
        )
        .where(
            Idea.public_id == public_id,
            Idea.visibility == "sealed",
            Idea.submitted_at.is_not(None),
            Idea.state.not_in([IdeaState.WITHDRAWN, IdeaState.RETURNED]),
        )
    )
    if not actor.administrator:
        statement = statement.where(challenges.manages(actor, Challenge.programme_id))
    return db.session.scalars(statement).one_or_none()


def _keeps_the_place(actor: Actor) -> bool:
    if actor.person_id is None:
        return False
    return actor.administrator or actor.holds(Role.MANAGER) or bool(actor.scopes(Role.MANAGER, "programme"))
