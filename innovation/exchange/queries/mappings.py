"""Reading saved mappings: everybody who brings files may use them all, since they hold columns and no rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from innovation.challenges.models import Programme
from innovation.exchange.models import ImportMapping
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, loader_of, may, roles_of
from innovation.rules.policy import May
from innovation.rules.predicates import Role

MOST = 100


@roles_of(ImportMapping)
def roles_on_mapping(actor: Actor, mapping: ImportMapping) -> frozenset[Role]:
    mine = actor.person_id is not None and mapping.made_by == actor.person_id
    return general_roles(actor) | ({Role.AUTHOR} if mine else frozenset())


@loader_of(ImportMapping)
def by_id(mapping_id: int) -> ImportMapping | None:
    return db.session.get(ImportMapping, mapping_id)


def get(actor: Actor, public_id: str) -> ImportMapping | None:
    """A saved mapping, for those who bring files."""
    if not may(actor, May.IMPORT):
        return None
    return db.session.scalars(select(ImportMapping).where(ImportMapping.public_id == public_id)).one_or_none()


def saved(actor: Actor, kind: str | None = None) -> Sequence[ImportMapping]:
    """Saved mappings, of one kind or all, the newest first; people's are for administrators."""
    wanted = select(ImportMapping).order_by(ImportMapping.id.desc()).limit(MOST)
    if kind is not None:
        wanted = wanted.where(ImportMapping.kind == kind)
    if not may(actor, May.IMPORT_PEOPLE):
        wanted = wanted.where(ImportMapping.kind != "people")
    return db.session.scalars(wanted).all()


def programmes(actor: Actor) -> Sequence[Programme]:
    """Programmes into which this person may bring challenges."""
    every = db.session.scalars(select(Programme).order_by(Programme.title, Programme.id).limit(500)).all()
    return [each for each in every if may(actor, May.IMPORT_INTO, each)]
