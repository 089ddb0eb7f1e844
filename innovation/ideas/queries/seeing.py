"""Which ideas an actor may read: one SQL predicate, :func:`visible`; what he is to one, and what a verb locks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true

from innovation.challenges import queries as challenges
from innovation.ideas.models import Author, Idea
from innovation.ideas.queries.unlocking import unlocked
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import locks_of, roles_of
from innovation.rules.idea import IdeaState
from innovation.rules.predicates import Role

READ_UNCHECKED = (IdeaState.CHECKING, IdeaState.DECLINED)
"""In which states an idea that nobody accepted is read by who checks it."""


def is_author(actor: Actor) -> ColumnElement[bool]:
    """Ideas this person is an author of, or was named as one."""
    if actor.person_id is None:
        return false()
    return exists().where(Author.idea_id == Idea.id, Author.person_id == actor.person_id)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Ideas this person may read; the challenge must be joined.

    Drafts are their authors' alone, and so is one that was sent back until it comes again. What waits to be checked, or
    was turned down there, is read by its authors and by who checks, whatever else somebody is to the challenge.
    """
    if actor.is_house:
        return true()
    return or_(
        is_author(actor),
        and_(Idea.visibility == "audience", challenges.visible(actor), Idea.state != IdeaState.WITHDRAWN),
        and_(
            Idea.visibility == "sealed",
            Idea.unchecked.is_(False),
            or_(challenges.works_on(actor), unlocked(actor)),
            Idea.state != IdeaState.WITHDRAWN,
        ),
        and_(Idea.unchecked, Idea.state.in_(READ_UNCHECKED), or_(challenges.checks(actor), unlocked(actor))),
    )


@roles_of(Idea, remembered=True)
def roles_on_idea(actor: Actor, idea: Idea) -> frozenset[Role]:
    roles = challenges.roles_on_challenge(actor, idea.challenge)
    mine = select(Author.id).where(Author.idea_id == idea.id, Author.person_id == actor.person_id)
    if actor.person_id is not None and db.session.scalar(mine) is not None:
        roles = roles | {Role.AUTHOR}
    return roles


@locks_of(Idea)
def _locks(idea: Idea) -> Sequence[Select[Any]]:
    return [challenges.share_lock(idea.challenge_id), select(Idea.id).where(Idea.id == idea.id).with_for_update()]
