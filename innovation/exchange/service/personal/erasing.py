"""Erasing a person. What makes him somebody goes at once; what there may be much of goes after, bit by bit.

Every step may be repeated, and does nothing the second time: whatever breaks off goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update

from innovation.attachments.service.forgetting import forget_uploads
from innovation.exchange.models import Order
from innovation.exchange.queries import personal as queries
from innovation.exchange.service.orders.asking import cancel
from innovation.exchange.service.orders.exporting import left_of
from innovation.exchange.service.personal.holding import Fate, Holding, Lead
from innovation.exchange.service.personal.registry import HOLDINGS
from innovation.ideas.service import erasing as ideas
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.files import Store
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries as people
from innovation.people.events import PersonErased
from innovation.people.models import Person
from innovation.people.service.erasing import empty_person
from innovation.rules.order import UNDER_WAY
from innovation.rules.policy import May
from innovation.search.service.forgetting import forget, squeeze
from innovation.voting.service.forgetting import forget_views

BATCH = 300
AT_ONCE = ("mail_link", "message", "credential", "sign_in", "provider_account", "feed_key", "succession", "form_draft")
"""Tables that are emptied in the first transaction, besides the addresses, which others are found by, and go last."""


@use_case(May.USE_ACCOUNT)
def erase_myself(*, actor: Actor, typed: str, now: datetime = AT_LOCK) -> None:
    """Erase one's own account; the door has checked that it is really he.

    Args:
        typed: his address (his name, where he has none), typed once more.

    Raises:
        Invalid: something else was typed.
        NotPossible: he alone answers for something that runs.
    """
    assert actor.person_id is not None
    _erase(actor, actor.person_id, typed, now)


@use_case(May.RUN_THE_PLACE)
def erase_other(*, actor: Actor, person: Person, typed: str, now: datetime = AT_LOCK) -> None:
    """Erase somebody on his request, as an administrator.

    Raises:
        Invalid: something else than his address was typed.
        NotPossible: he is erased already, or alone answers for something that runs.
    """
    _erase(actor, person.id, typed, now)


def _erase(actor: Actor, person_id: int, typed: str, now: datetime) -> None:
    if not confirms(person_id, typed):
        raise Invalid("not_the_address", field="typed")
    if queries.to_hand_over(person_id):
        raise NotPossible("hand_over_first")
    clerk = house(actor.origin)
    empty_person(actor=clerk, person_id=person_id)
    for holding in (each for each in HOLDINGS if each.table in AT_ONCE):
        for lead in holding.leads:
            while _remove(holding, lead, person_id):
                pass
    forget(actor=clerk, kind="person", subject_id=person_id)
    _remove_all("email_address", person_id)
    db.session.expire_all()
    emit(PersonErased(person_id=person_id), actor=actor, now=now)


def confirms(person_id: int, typed: str) -> bool:
    """Whether what was typed is the person's address; his name, where he has none."""
    address, names = people.address_of(person_id), people.names([person_id])
    if address is not None:
        return people.email_key(typed) == address.key
    return bool(names) and typed.strip() == names[person_id].strip()


def rest(origin: Origin, person_id: int, store: Store, renew: Callable[[], object]) -> None:
    """Everything there may be much of, each step a transaction of its own.

    Args:
        renew: called between steps, so that nobody else takes the work over meanwhile.
    """
    actor = house(origin)
    for holding in HOLDINGS:
        for lead in holding.leads:
            if lead.fate in (Fate.DELETE, Fate.EMPTY):
                while remove(actor=actor, table=holding.table, column=lead.column, person_id=person_id):
                    renew()
    while emptied := ideas.empty_unsent(actor=actor, person_id=person_id):
        for idea_id in emptied:
            forget(actor=actor, kind="idea", subject_id=idea_id)
        renew()
    while ideas.leave_unsent(actor=actor, person_id=person_id):
        renew()
    while forget_views(actor=actor, person_id=person_id):
        renew()
    while forget_uploads(actor=actor, person_id=person_id):
        renew()
    while let_go_of_orders(actor=actor, person_id=person_id, store=store):
        renew()
    forget(actor=actor, kind="person", subject_id=person_id)
    squeeze(actor=actor)


WITH_A_STEP = frozenset(
    {"person", "circle_membership", "role_grant", "invitation"}  # empty_person
    | {"idea", "revision", "answer", "author"}  # empty_unsent, leave_unsent
    | {"view", "upload", "work_order", "search_entry"}
)
"""Tables whose rows a step of their own empties or ends; the rest is done as the registry says."""


@use_case(None)
def remove(*, actor: Actor, table: str, column: str, person_id: int) -> int:
    """Delete or empty the next rows of a table that lead to an erased person by a column; returns how many."""
    if queries.is_there(person_id):
        raise NotPossible("not_erased")
    holding = next(each for each in HOLDINGS if each.table == table)
    return _remove(holding, next(each for each in holding.leads if each.column == column), person_id)


def _remove(holding: Holding, lead: Lead, person_id: int) -> int:
    held = queries.table(holding.table)
    wanted = queries.whose(holding.table, lead.column, lead.through, person_id)
    unsaid: list[Any] = [held.c[name].is_distinct_from(value) for name, value in lead.empties.items()]
    if unsaid:
        wanted = wanted & or_(*unsaid)
    ids = db.session.scalars(select(held.c.id).where(wanted).order_by(held.c.id).limit(BATCH)).all()
    if ids:
        these = held.c.id.in_(ids)
        db.session.execute(delete(held).where(these) if not unsaid else update(held).where(these).values(**lead.empties))
    return len(ids)


def _remove_all(table: str, person_id: int) -> None:
    holding = next(each for each in HOLDINGS if each.table == table)
    for lead in holding.leads:
        while _remove(holding, lead, person_id):
            pass


@use_case(None)
def let_go_of_orders(*, actor: Actor, person_id: int, store: Store, now: datetime = AT_LOCK) -> int:
    """Stop a person's long work, and delete what it made or brought; the row stays and says that there was some."""
    found = db.session.scalars(
        select(Order)
        .where(Order.asked_by == person_id, or_(Order.file_name != "", Order.file_key != "", Order.cursor != "gone"))
        .order_by(Order.id)
        .limit(BATCH)
    ).all()
    for order in found:
        if order.state in UNDER_WAY:
            cancel(actor=actor, order=order)
        store.delete(*([order.file_key] if order.file_key else ()), *left_of(order, store))
        order.file_key = order.file_name = order.error = ""
        order.params, order.cursor = {}, "gone"
    return len(found)
