"""Reading saved reasons: those offered for an act, and those a manager keeps."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, or_, select, true

from innovation.challenges import queries as challenges
from innovation.challenges.models import Programme
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, loader_of, roles_of
from innovation.rules.predicates import Role
from innovation.rules.sending import SendingAct
from innovation.steering.models import SavedReason


def keeps_for_house(actor: Actor) -> bool:
    """Whether this person keeps the reasons of the whole house."""
    return actor.is_house or actor.administrator or actor.holds(Role.MANAGER)


def kept_by(actor: Actor) -> ColumnElement[bool]:
    """Saved reasons that this person keeps: of his programmes, or every one."""
    return true() if keeps_for_house(actor) else SavedReason.programme_id.in_(actor.scopes(Role.MANAGER, "programme"))


def for_act(actor: Actor, act: SendingAct, programme_ids: Collection[int] | None = None) -> Sequence[SavedReason]:
    """The reasons offered for an act: those of the whole house, and those of some programmes, by title.

    Args:
        programme_ids: the programmes of what was chosen; None for those that this person keeps.
    """
    of_programme = kept_by(actor) if programme_ids is None else SavedReason.programme_id.in_(programme_ids)
    return db.session.scalars(
        select(SavedReason)
        .where(
            SavedReason.act == act,
            SavedReason.trashed_at.is_(None),
            or_(SavedReason.programme_id.is_(None), of_programme),
        )
        .order_by(SavedReason.title, SavedReason.id)
    ).all()


def kept(actor: Actor, cursor: str | None) -> paging.Page[tuple[SavedReason, str | None]]:
    """The reasons this person keeps, with the programme's title (None for those of the whole house): one query."""
    return paging.fetch(
        select(SavedReason, Programme.title)
        .outerjoin(Programme, Programme.id == SavedReason.programme_id)
        .where(SavedReason.trashed_at.is_(None), kept_by(actor)),
        [paging.Key(SavedReason.act), paging.Key(SavedReason.title), paging.Key(SavedReason.id)],
        cursor,
        lambda row: (row[0].act, row[0].title, row[0].id),
    )


def get(actor: Actor, public_id: str) -> SavedReason | None:
    """A reason this person keeps and can change."""
    return db.session.scalars(
        select(SavedReason).where(SavedReason.public_id == public_id, SavedReason.trashed_at.is_(None), kept_by(actor))
    ).one_or_none()


@loader_of(SavedReason)
def by_id(reason_id: int) -> SavedReason | None:
    """A reason for the house's own work."""
    return db.session.scalars(select(SavedReason).where(SavedReason.id == reason_id)).one_or_none()


def programmes_kept(actor: Actor) -> Sequence[Programme]:
    """The programmes whose reasons this person keeps, by title."""
    return db.session.scalars(
        select(Programme)
        .where(true() if keeps_for_house(actor) else challenges.manages(actor, Programme.id))
        .order_by(Programme.title, Programme.id)
    ).all()


@roles_of(SavedReason)
def roles_on_reason(actor: Actor, reason: SavedReason) -> frozenset[Role]:
    roles = set(general_roles(actor)) - {Role.MANAGER}
    of_programme = reason.programme_id is not None and actor.holds(Role.MANAGER, "programme", reason.programme_id)
    if actor.holds(Role.MANAGER) or of_programme:
        roles.add(Role.MANAGER)
    return frozenset(roles)
