"""Doors of facts and time for exchange: long work is carried out step by step, each its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import IO

from flask import current_app, render_template
from flask_babel import force_locale

from innovation.challenges import queries as challenges
from innovation.exchange import schemas
from innovation.exchange.events import OrderAsked, OrderEnded
from innovation.exchange.models import Order
from innovation.exchange.queries import orders as queries
from innovation.exchange.queries.house import Kept
from innovation.exchange.schemas import house_readme
from innovation.exchange.service import orders
from innovation.exchange.service.house import packing as house_packing
from innovation.exchange.service.house.gathering import HOUSE, gather_house, gathered_house
from innovation.exchange.service.mapping.taking import carried, spooled, take_step
from innovation.exchange.service.mapping.task import is_mapped, task_of
from innovation.exchange.service.orders.asking import OWN_DATA, WITH_COMMENTS
from innovation.exchange.service.orders.importing import file_of
from innovation.exchange.service.personal import erasing, packing
from innovation.exchange.service.personal.gathering import gather_own, gathered_own
from innovation.kernel import queue
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import DomainError
from innovation.kernel.events import Delivery, Event, on
from innovation.kernel.files import store
from innovation.notifications import service as notifications
from innovation.people.events import PersonErased


@on(OrderAsked, name="exchange.carry_out", apart=True)
def carry_out(event: Event, delivery: Delivery) -> None:
    """Carry an order out, batch by batch. What is broken off goes on from its place; what has ended is left alone."""
    order_id, number, fence = event.payload["order_id"], delivery.id, delivery.fence
    order = _look(order_id)
    if order is None:
        return
    steps = {"export": _export, "import": _import}
    try:
        steps[order.kind](order, lambda: queue.renew(number, fence))
    except DomainError as error:
        db.session.rollback()
        orders.fail(actor=house(Origin.CLOCK), order_id=order_id, code=error.code)


def _look(order_id: int) -> Order | None:
    order = queries.by_id(order_id)
    db.session.rollback()
    return order


def _export(order: Order, renew: Callable[[], None]) -> None:
    who: Actor = house(Origin.CLOCK)
    gather = {OWN_DATA: gather_own, HOUSE: gather_house}.get(order.what, orders.gather)
    while gather(actor=who, order_id=order.id, store=store()):
        renew()
    whole = _look(order.id)
    if whole is None or whole.state != "running":
        return
    name, made = _whole(whole, renew) if whole.what in (HOUSE, OWN_DATA) else _made(whole)
    key = f"orders/{whole.public_id}/{name.rsplit('.', 1)[-1]}"
    with made as content:  # bytes, or a file at its beginning
        store().put(key, content)
    renew()
    orders.finish(actor=who, order_id=order.id, file_key=key, file_name=name)


def _made(order: Order) -> tuple[str, AbstractContextManager[bytes | IO[bytes]]]:
    """The file an export becomes, in the language it was asked in."""
    form = order.params["form"]
    asked = challenges.questions(order.challenge_id) if order.challenge_id else []
    with current_app.test_request_context(), force_locale(order.params["language"]):
        if order.what == WITH_COMMENTS:
            parts = (
                lambda: orders.gathered(order, store()),
                lambda: orders.gathered(order, store(), "comments"),
            )
            return "ideas-and-comments.zip", nullcontext(schemas.bundle(*parts, asked))
        made = schemas.file(order.what, form, orders.gathered(order, store()), asked)
        return f"{order.what}.{form}", nullcontext(made)


def _whole(order: Order, renew: Callable[[], None]) -> tuple[str, AbstractContextManager[bytes | IO[bytes]]]:
    """Everything of a person, or of the house."""
    return (house_packing.NAME, _house(order, renew)) if order.what == HOUSE else (packing.NAME, _own(order))


@contextmanager
def _own(order: Order) -> Iterator[IO[bytes]]:
    """The file with everything held of who asked, in the language he asked in."""
    with current_app.test_request_context(), force_locale(order.params["language"]):
        shares = list(gathered_own(order, store()))
        with packing.packed(shares, store(), partial(render_template, made_at=order.asked_at)) as made:
            db.session.rollback()
            yield made


@contextmanager
def _house(order: Order, renew: Callable[[], None]) -> Iterator[IO[bytes]]:
    """The archive of the house, with its README in the language it was asked in."""
    kept = Kept(bool(order.params["why"]))
    with current_app.test_request_context(), force_locale(order.params["language"]):
        readme = house_readme(order.asked_at, opened=kept.opened)
        with house_packing.packed(gathered_house(order, store()), store(), readme, kept, renew) as made:
            db.session.rollback()
            yield made


def _import(order: Order, renew: Callable[[], None]) -> None:
    if is_mapped(order):
        _mapped(order, renew)
        return
    content = file_of(order, store())
    while orders.take_in(actor=house(Origin.IMPORT), order_id=order.id, content=content):
        renew()
    orders.finish(actor=house(Origin.CLOCK), order_id=order.id)


def _mapped(order: Order, renew: Callable[[], None]) -> None:
    """A file whose columns a person mapped, batch by batch; it is read once, and again up to its place after a break."""
    if task_of(order).dry and order.cursor:
        orders.begin_anew(actor=house(Origin.CLOCK), order_id=order.id)
    with spooled(store().get(order.file_key)) as file, carried(_look(order.id) or order, file) as (taking, batches):
        for lines in batches:
            who = house(Origin.IMPORT)
            if not take_step(actor=who, order_id=order.id, taking=taking, lines=lines, store=store()):
                return
            renew()
    orders.finish(actor=house(Origin.CLOCK), order_id=order.id)


@on(PersonErased, name="exchange.erase_the_rest", apart=True)
def erase_the_rest(event: Event, delivery: Delivery) -> None:
    """What there may be much of about a person who was erased goes bit by bit; twice does nothing."""
    number, fence = delivery.id, delivery.fence
    erasing.rest(Origin.CLOCK, event.payload["person_id"], store(), lambda: queue.renew(number, fence))


@on(OrderEnded, name="exchange.tell_who_asked")
def tell_who_asked(event: Event, delivery: Delivery) -> None:
    """Whoever asked for long work and left its page hears that it has ended."""
    order = queries.by_id(event.payload["order_id"])
    if order is not None and order.asked_by is not None:
        came = {"done": order.done, "new": order.params.get("new", 0), "left_out": order.params.get("left_out", 0)}
        about = {"challenge_id": order.challenge_id} if order.challenge_id is not None else {}
        said = {"order": order.public_id, "work": order.kind, "state": event.payload["state"]} | came | about
        notifications.tell(event, "order_ended", [order.asked_by], said)


@queue.every(name="exchange.empty_orders", minutes=60)
def empty_orders() -> None:
    while orders.empty_store(actor=house(Origin.CLOCK), store=store()):
        pass
