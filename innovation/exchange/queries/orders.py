"""Reading orders: a person's own, and what one still offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from innovation.exchange.models import Order
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, loader_of, locks_of, roles_of
from innovation.people.models import Person
from innovation.rules.order import OrderState
from innovation.rules.predicates import Role

KEPT = timedelta(days=7)
"""How long what an export made can be fetched, and what an import brought is kept."""


@roles_of(Order)
def roles_on_order(actor: Actor, order: Order) -> frozenset[Role]:
    mine = actor.person_id is not None and order.asked_by == actor.person_id
    return general_roles(actor) | ({Role.AUTHOR} if mine else frozenset())


@locks_of(Order)
def _locks(order: Order) -> Sequence[Select[Any]]:
    return [select(Order.id).where(Order.id == order.id).with_for_update()]


def mine(actor: Actor, public_id: str) -> Order | None:
    """One of a person's own orders, with its challenge. Nobody else sees it, managers included."""
    return db.session.scalars(
        select(Order)
        .options(joinedload(Order.challenge))
        .where(Order.public_id == public_id, Order.asked_by == actor.person_id)
    ).one_or_none()


@loader_of(Order)
def by_id(order_id: int) -> Order | None:
    """An order for the house's own work, with its challenge."""
    statement = select(Order).options(joinedload(Order.challenge)).where(Order.id == order_id)
    return db.session.scalars(statement).one_or_none()


def page(actor: Actor, cursor: str | None) -> paging.Page[Order]:
    """A person's own orders, the newest first."""
    statement = select(Order).options(joinedload(Order.challenge)).where(Order.asked_by == actor.person_id)
    return paging.fetch(statement, [paging.Key(Order.id, True)], cursor, lambda row: (row[0].id,))


def of_house(limit: int = 50) -> list[tuple[Order, str | None]]:
    """Archives of the whole house that were asked for, the newest first, each with the name of who asked."""
    found = (
        select(Order, Person.name)
        .join(Person, Person.id == Order.asked_by, isouter=True)
        .where(Order.kind == "export", Order.what == "house")
        .order_by(Order.id.desc())
        .limit(limit)
    )
    return [(order, name) for order, name in db.session.execute(found)]


def offered_until(order: Order) -> datetime | None:
    """Until when what an export made can be fetched; None where there is nothing to fetch."""
    done = order.kind == "export" and order.state == OrderState.DONE and order.file_key and order.ended_at is not None
    return order.ended_at + KEPT if done and order.ended_at else None


def standing(actor: Actor) -> frozenset[str]:
    """What a person is here, in words that can be kept: where he belongs, and what was granted to him."""
    near = {f"circle:{actor.circle}", f"organisation:{actor.organisation_id}", f"department:{actor.department_id}"}
    return frozenset(near | {f"{grant.role}:{grant.scope}:{grant.scope_id}" for grant in actor.grants})


def expired(now: datetime, limit: int = 100) -> Sequence[Order]:
    """Orders that ended more than seven days ago and still have something in the store."""
    half_made = and_(Order.kind == "export", Order.state != OrderState.DONE, Order.cursor != "")
    return db.session.scalars(
        select(Order)
        .where(or_(Order.file_key != "", half_made), Order.ended_at <= now - KEPT)
        .order_by(Order.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
