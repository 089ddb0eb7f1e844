"""Saved views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from innovation.insight.models import SavedView
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, locks_of, roles_of
from innovation.rules.predicates import Role


@roles_of(SavedView)
def roles_on_view(actor: Actor, view: SavedView) -> frozenset[Role]:
    mine = actor.person_id is not None and view.person_id == actor.person_id
    return general_roles(actor) | ({Role.AUTHOR} if mine else frozenset())


@locks_of(SavedView)
def _locks(view: SavedView) -> Sequence[Select[Any]]:
    return [select(SavedView.id).where(SavedView.id == view.id).with_for_update()]


def views(actor: Actor, page: str, limit: int = 50) -> Sequence[SavedView]:
    """A person's own views of a page, and those that others share, with whose they are."""
    return db.session.scalars(
        select(SavedView)
        .options(joinedload(SavedView.person))
        .where(SavedView.page == page, or_(SavedView.person_id == actor.person_id, SavedView.shared))
        .order_by(SavedView.title, SavedView.id)
        .limit(limit)
    ).all()


def mine(actor: Actor, public_id: str) -> SavedView | None:
    """One of a person's own views."""
    return db.session.scalars(
        select(SavedView).where(SavedView.public_id == public_id, SavedView.person_id == actor.person_id)
    ).one_or_none()
