"""The outbox: a fact and its deliveries are one with what they tell of, and every delivery is carried out, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from innovation.kernel import clock, events, queue
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event, Fact
from innovation.kernel.queue import pokes
from innovation.kernel.usecase import transaction, use_case
from innovation.notifications.models import Message
from innovation.people.models import Department
from innovation.rules.predicates import Role
from tests.support.race import at_once
from tests.support.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class SomethingHappened(Fact):
    number: int


class Handlers:
    """Handlers of a test's own fact: in the database, outside it, and for imports too; each does what it is told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []
        self.act: dict[str, Callable[[Event, Delivery], object]] = {}

    def run(self, name: str, event: Event, delivery: Delivery) -> None:
        self.seen.append((name, event.payload["number"]))
        self.act.get(name, lambda _event, _delivery: None)(event, delivery)


@pytest.fixture
def handlers() -> Iterator[Handlers]:
    told = Handlers()
    made = {
        name: events.Subscriber(f"test.{name}", lambda e, d, n=name: told.run(n, e, d), apart, imports)  # type: ignore[misc]
        for name, apart, imports in (("inside", False, False), ("outside", True, False), ("imports", False, True))
    }
    events._by_fact["SomethingHappened"] = list(made.values())
    events._by_name.update({each.name: each for each in made.values()})
    yield told
    del events._by_fact["SomethingHappened"]
    for each in made.values():
        del events._by_name[each.name]


@use_case(None)
def _do(*, actor: Actor, number: int = 1, fail: bool = False) -> None:
    db.session.add(Department(name=f"Department {number}"))
    events.emit(SomethingHappened(number=number), actor=actor, now=clock.now())
    if fail:
        raise OSError("half-way")


def _deliveries() -> dict[str, Delivery]:
    db.session.rollback()
    rows = db.session.scalars(select(Delivery).where(Delivery.handler.like("test.%")).order_by(Delivery.id))
    return {row.handler.removeprefix("test."): row for row in rows}


def _count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _make_due() -> None:
    with transaction():
        db.session.execute(update(Delivery).values(due_at=clock.now() - timedelta(seconds=1)))


def test_fact_delivery_and_change_are_committed_or_undone_together(world: World, handlers: Handlers) -> None:
    with pytest.raises(OSError, match="half-way"):
        _do(actor=house(Origin.CLI), fail=True)
    assert (_count(Event), _count(Delivery), _count(Department)) == (0, 0, 0)
    _do(actor=house(Origin.CLI))
    assert (_count(Event), _count(Delivery), _count(Department)) == (1, 3, 1)


def test_an_inner_verb_is_undone_with_the_outer_one(world: World, handlers: Handlers) -> None:
    with pytest.raises(OSError, match="outer"), transaction():
        _do(actor=house(Origin.CLI))
        raise OSError("outer")
    assert (_count(Event), _count(Delivery), _count(Department)) == (0, 0, 0)


def test_nobody_is_poked_before_the_commit_nor_after_a_failure(world: World, handlers: Handlers) -> None:
    poked: list[list[int]] = []

    def hook(ids: Any) -> None:
        poked.append([*ids, _count(Delivery)])

    events.after_commit.append(hook)
    try:
        with pytest.raises(OSError, match="half-way"):
            _do(actor=house(Origin.CLI), fail=True)
        assert poked == []
        _do(actor=house(Origin.CLI))
        assert [len(each) for each in poked] == [4]
        assert poked[0][-1] == 3
        with transaction():
            pass
        assert len(poked) == 1
    finally:
        events.after_commit.remove(hook)


def test_every_delivery_is_carried_out_once(world: World, handlers: Handlers) -> None:
    _do(actor=house(Origin.CLI))
    assert [queue.settle(), queue.settle()] == [3, 0]
    assert sorted(handlers.seen) == [("imports", 1), ("inside", 1), ("outside", 1)]
    assert {name: row.state for name, row in _deliveries().items()} == dict.fromkeys(
        ("inside", "outside", "imports"), "done"
    )


def test_four_workers_at_once_carry_out_each_delivery_once(world: World, handlers: Handlers) -> None:
    for number in range(6):
        _do(actor=house(Origin.CLI), number=number)
    results = at_once(world.app, [queue.settle] * 4)
    assert sum(results) == 18
    assert len(handlers.seen) == len(set(handlers.seen)) == 18


def test_facts_of_an_import_reach_only_handlers_that_ask_for_them(world: World, handlers: Handlers) -> None:
    _do(actor=house(Origin.IMPORT))
    assert list(_deliveries()) == ["imports"]
    queue.settle()
    assert handlers.seen == [("imports", 1)]


def test_facts_are_not_stated_before_the_handlers_are_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_complete", False)
    with pytest.raises(RuntimeError):
        _do(actor=house(Origin.CLI))
    assert _count(Department) == 0


@pytest.mark.parametrize("name", ["inside", "outside"])
def test_a_failing_handler_backs_off_and_is_given_up_after_eight_attempts(
    world: World, handlers: Handlers, name: str
) -> None:
    def fail(_event: Event, _delivery: Delivery) -> None:
        raise OSError("no answer from there")

    handlers.act[name] = fail
    _do(actor=house(Origin.CLI))
    waits = []
    for attempt in range(1, 9):
        before = clock.now()
        queue.settle()
        row = _deliveries()[name]
        assert row.attempts == attempt
        assert "no answer from there" in (row.error or "")
        waits.append(round((row.due_at - before).total_seconds()))
        if row.state == "due":
            assert queue.settle() == 0
        _make_due()
    assert waits == [10, 30, 90, 270, 810, 2430, 3600, 3600]
    assert _deliveries()[name].state == "failed"
    assert (queue.settle(), [seen[0] for seen in handlers.seen].count(name)) == (0, 8)
    others = {other: row.state for other, row in _deliveries().items() if other != name}
    assert set(others.values()) == {"done"}


def test_what_a_failing_handler_wrote_is_undone(world: World, handlers: Handlers) -> None:
    def half(_event: Event, _delivery: Delivery) -> None:
        db.session.add(Department(name="Half"))
        db.session.flush()
        raise OSError("x")

    handlers.act["inside"] = half
    _do(actor=house(Origin.CLI))
    queue.settle()
    assert _count(Department) == 1


def test_the_operators_page_gives_a_failed_delivery_its_attempts_back(world: World, handlers: Handlers) -> None:
    _do(actor=house(Origin.CLI))
    with transaction():
        failed = {"state": "failed", "attempts": 8, "error": "Traceback: it broke"}
        db.session.execute(update(Delivery).where(Delivery.handler == "test.inside").values(**failed))
    row = _deliveries()["inside"]
    boss, manager = world.manager, world.grant(world.person(), Role.MANAGER)
    number, path = row.id, f"/admin/deliveries/{row.id}/retry"
    assert [world.browser(who).post(path).status_code for who in (None, world.person(), manager)] == [403, 403, 403]
    page = world.browser(boss).get("/admin/deliveries")
    assert (page.status_code, "it broke" in page.get_data(as_text=True)) == (200, True)
    assert [world.browser(boss).post(path).status_code for _ in range(2)] == [303, 303]
    again = db.session.get_one(Delivery, number, populate_existing=True)
    assert (again.state, again.attempts) == ("due", 0)
    queue.settle()
    assert _deliveries()["inside"].state == "done"
    assert world.browser(boss).post("/admin/deliveries/99999999999999999999/retry").status_code in {303, 404}


# --- leases and fences ---------------------------------------------------------------------------------------------


def test_a_delivery_that_somebody_holds_is_left_alone_until_his_lease_is_over(world: World, handlers: Handlers) -> None:
    _do(actor=house(Origin.CLI))
    with transaction():
        db.session.execute(update(Delivery).values(lease_until=clock.now() + timedelta(minutes=1), fence=1, attempts=1))
    assert queue.settle() == 0
    with clock.travelling(clock.now() + timedelta(minutes=2)):
        assert queue.settle() == 3
    assert {row.fence for row in _deliveries().values()} == {2}


def test_no_transaction_is_open_while_a_handler_reaches_outside(world: World, handlers: Handlers) -> None:
    seen: list[tuple[bool, int]] = []

    def look(_event: Event, delivery: Delivery) -> None:
        held = db.session().in_transaction()
        with _other_connection() as other:
            leased = other.scalar(select(func.count()).where(Delivery.id == delivery.id, Delivery.lease_until.is_not(None)))
        seen.append((held, leased or 0))

    handlers.act["outside"] = look
    _do(actor=house(Origin.CLI))
    queue.settle()
    assert seen == [(False, 1)]


@contextmanager
def _other_connection() -> Iterator[Any]:
    with db.engine.connect() as connection:
        yield connection


def test_a_worker_that_was_overtaken_neither_marks_nor_puts_back(world: World, handlers: Handlers) -> None:
    """The slow one comes to an end, well or badly, after somebody else took the delivery: that one's claim stands."""
    for ends_badly in (False, True):
        _do(actor=house(Origin.CLI), number=10 + ends_badly)
        row_id = db.session.scalars(
            select(Delivery.id).where(Delivery.handler == "test.outside").order_by(Delivery.id.desc())
        ).first()
        assert row_id is not None

        def overtaken(_event: Event, delivery: Delivery, bad: bool = ends_badly) -> None:
            later = clock.now() + timedelta(minutes=9)
            with transaction():
                db.session.execute(
                    update(Delivery).where(Delivery.id == delivery.id).values(fence=Delivery.fence + 1, lease_until=later),
                    execution_options={"synchronize_session": False},
                )
            if bad:
                raise OSError("too slow")

        handlers.act["outside"] = overtaken
        db.session.rollback()
        assert queue.deliver(row_id) is False
        row = db.session.get_one(Delivery, row_id, populate_existing=True)
        assert (row.state, row.fence, row.error) == ("due", 2, None)
        assert row.lease_until is not None
        assert row.lease_until > clock.now()


def test_a_lease_is_renewed_by_who_holds_it_alone(world: World, handlers: Handlers) -> None:
    said: list[str] = []

    def renew(_event: Event, delivery: Delivery) -> None:
        delivery_id, fence = delivery.id, delivery.fence
        queue.renew(delivery_id, fence)
        said.append("renewed")
        with transaction():
            db.session.execute(update(Delivery).where(Delivery.id == delivery_id).values(fence=fence + 1))
        try:
            queue.renew(delivery_id, fence)
        except LookupError:
            said.append("taken over")

    handlers.act["outside"] = renew
    _do(actor=house(Origin.CLI))
    queue.settle()
    assert said == ["renewed", "taken over"]


def test_a_handler_that_is_no_more_leaves_its_delivery_with_an_error(world: World, handlers: Handlers) -> None:
    _do(actor=house(Origin.CLI))
    with transaction():
        db.session.execute(update(Delivery).where(Delivery.handler == "test.inside").values(handler="test.gone"))
    queue.settle()
    row = _deliveries()["gone"]
    assert (row.state, row.attempts, "no handler is called test.gone" in (row.error or "")) == ("due", 1, True)


# --- the sweeper ---------------------------------------------------------------------------------------------------


def test_the_sweeper_pokes_what_is_due_and_was_not_poked_within_a_minute(
    world: World, handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    poked: list[list[int]] = []
    monkeypatch.setattr(pokes, "poke", lambda ids: poked.append(sorted(ids)))
    _do(actor=house(Origin.CLI))
    ids = sorted(row.id for row in _deliveries().values())
    start = clock.now()
    swept = []
    for seconds in (1, 20, 62):
        with clock.travelling(start + timedelta(seconds=seconds)):
            swept.append(queue.sweep())
    assert (swept, poked) == ([3, 0, 3], [ids, [], ids])
    queue.settle()
    with clock.travelling(start + timedelta(hours=1)):
        assert queue.sweep() == 0


def test_the_sweeper_leaves_what_waits_and_what_somebody_holds(world: World, handlers: Handlers) -> None:
    _do(actor=house(Origin.CLI))
    rows = _deliveries()
    with transaction():
        later = clock.now() + timedelta(minutes=5)
        db.session.execute(update(Delivery).where(Delivery.id == rows["inside"].id).values(due_at=later))
        db.session.execute(update(Delivery).where(Delivery.id == rows["outside"].id).values(lease_until=later))
        db.session.execute(update(Delivery).where(Delivery.id == rows["imports"].id).values(state="failed"))
    assert queue.sweep() == 0


def test_the_sweeper_pokes_at_most_five_hundred(world: World, handlers: Handlers) -> None:
    with transaction():
        for number in range(180):
            events.emit(SomethingHappened(number=number), actor=house(Origin.CLI), now=clock.now())
    assert [queue.sweep(), queue.sweep(), queue.sweep()] == [500, 40, 0]


# --- messages ------------------------------------------------------------------------------------------------------


def test_a_fact_delivered_twice_writes_one_mail(world: World) -> None:
    idea = world.idea(world.challenge(), world.person("Author"))
    world.settle()
    with transaction():
        db.session.execute(update(Delivery).values(state="due", lease_until=None, attempts=0, due_at=clock.now()))
    before = (_count(Message), [letter.message_id for letter in world.letters()])
    world.settle()
    assert (_count(Message), [letter.message_id for letter in world.letters()]) == before
    receipts = [letter for letter in world.letters() if letter.to == "author@example.org"]
    assert (len(receipts), idea.state) == (1, "submitted")
    assert set(db.session.scalars(select(Delivery.state))) == {"done"}
