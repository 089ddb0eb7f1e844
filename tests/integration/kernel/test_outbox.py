"""The outbox: a fact and what it causes commit together; a failing handler waits, gives up, and is given another chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from innovation.kernel import clock, events, queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event, Fact, emit, on
from innovation.kernel.usecase import transaction
from innovation.people.models import Organisation
from tests.support.race import at_once
from tests.support.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRung(Fact):
    """A fact of these tests alone."""

    strokes: int = 1


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test register handlers that are gone when it ends."""
    monkeypatch.setattr(events, "_by_fact", {name: list(found) for name, found in events._by_fact.items()})
    monkeypatch.setattr(events, "_by_name", dict(events._by_name))


def ring(origin: Origin = Origin.CLI, strokes: int = 1) -> Event:
    with transaction():
        return emit(BellRung(strokes=strokes), actor=house(origin), now=clock.now())


def deliveries() -> list[Delivery]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def only() -> Delivery:
    [found] = deliveries()
    return found


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def forge(name: str) -> None:
    db.session.add(Organisation(name=name))
    db.session.flush()


def fail_until_given_up() -> None:
    """Deliver the only delivery at each time it is due, until it is given up."""
    for _ in range(queue.ATTEMPTS):
        with clock.travelling(only().due_at + timedelta(seconds=1)):
            assert not queue.deliver(only().id)


def _ring_and_fall() -> None:
    with transaction():
        emit(BellRung(), actor=house(Origin.CLI), now=clock.now())
        forge("Foundry")
        raise ZeroDivisionError


# --- writing -------------------------------------------------------------------------------------------------------


def test_fact_and_delivery_are_committed_together(app: Flask) -> None:
    on(BellRung, name="tests.hear")(lambda event, delivery: None)
    event = ring(strokes=3)
    assert (only().event_id, only().handler, only().state, only().attempts) == (event.id, "tests.hear", "due", 0)
    assert db.session.scalars(select(Event.payload)).all() == [{"strokes": 3}]


def test_fact_and_delivery_roll_back_together(app: Flask) -> None:
    on(BellRung, name="tests.hear")(lambda event, delivery: None)
    poked: list[int] = []
    events.after_commit.append(poked.extend)
    try:
        with pytest.raises(ZeroDivisionError):
            _ring_and_fall()
        assert (count(Event), count(Delivery), count(Organisation), poked) == (0, 0, 0, [])
        ring()
        assert poked == [only().id]
    finally:
        events.after_commit.remove(poked.extend)


def test_every_handler_of_a_fact_has_a_delivery_of_its_own(app: Flask) -> None:
    heard: list[str] = []
    on(BellRung, name="tests.first")(lambda event, delivery: heard.append(delivery.handler))
    on(BellRung, name="tests.second", apart=True)(lambda event, delivery: heard.append(delivery.handler))
    ring()
    assert queue.settle() == 2
    assert sorted(heard) == ["tests.first", "tests.second"]
    assert {each.state for each in deliveries()} == {"done"}


def test_facts_of_imports_reach_only_handlers_that_ask(app: Flask) -> None:
    heard: list[str] = []
    on(BellRung, name="tests.asks", imports=True)(lambda event, delivery: heard.append(event.origin))
    on(BellRung, name="tests.does_not_ask")(lambda event, delivery: heard.append("wrong"))
    ring(Origin.IMPORT)
    assert [each.handler for each in deliveries()] == ["tests.asks"]
    queue.settle()
    assert heard == ["import"]


def test_a_delivery_may_be_planned_for_later(app: Flask) -> None:
    heard: list[int] = []
    on(name="tests.later")(lambda event, delivery: heard.append(event.id))
    later = clock.now() + timedelta(hours=1)
    with transaction():
        event = emit(BellRung(), actor=house(Origin.CLI), now=clock.now())
        events.deliver_later(event, "tests.later", due_at=later)
    assert queue.settle() == 0
    assert heard == []
    with clock.travelling(later + timedelta(seconds=1)):
        assert queue.settle() == 1
    assert heard == [event.id]


# --- failing -------------------------------------------------------------------------------------------------------


def hum(event: Event, delivery: Delivery) -> None:
    raise RuntimeError("the clapper is gone")


@pytest.mark.parametrize("apart", [False, True])
def test_a_failing_handler_comes_back_later_and_later_until_it_is_given_up(apart: bool, app: Flask) -> None:
    on(BellRung, name="tests.hum", apart=apart)(hum)
    ring()
    waits = []
    for attempt in range(1, queue.ATTEMPTS + 1):
        moment = only().due_at + timedelta(seconds=1)
        with clock.travelling(moment):
            assert not queue.deliver(only().id)
        row = only()
        assert (row.attempts, row.lease_until, row.done_at) == (attempt, None, None)
        assert row.state == ("failed" if attempt == queue.ATTEMPTS else "due")
        assert "the clapper is gone" in (row.error or "")
        waits.append(round((row.due_at - moment).total_seconds()))
    assert waits == [10, 30, 90, 270, 810, 2430, 3600, 3600]
    with clock.travelling(only().due_at + timedelta(days=9)):
        assert not queue.deliver(only().id)
        assert queue.settle() == 0
    assert only().attempts == queue.ATTEMPTS


def test_a_failed_attempt_is_not_due_before_its_time(app: Flask) -> None:
    tries: list[int] = []

    def fail(event: Event, delivery: Delivery) -> None:
        tries.append(delivery.id)
        raise RuntimeError("no")

    on(BellRung, name="tests.fail")(fail)
    ring()
    for _ in range(3):
        queue.settle()
    assert (len(tries), queue.due(10)) == (1, [])


def test_one_failing_handler_does_not_hold_up_another(app: Flask) -> None:
    heard: list[int] = []
    on(BellRung, name="tests.hum")(hum)
    on(BellRung, name="tests.hear")(lambda event, delivery: heard.append(event.id))
    event = ring()
    queue.settle()
    assert heard == [event.id]
    assert {each.handler: each.state for each in deliveries()} == {"tests.hum": "due", "tests.hear": "done"}


def test_a_delivery_whose_handler_is_no_more_is_kept_with_its_error(app: Flask) -> None:
    with transaction():
        events.deliver_later(emit(BellRung(), actor=house(Origin.CLI), now=clock.now()), "tests.of_an_older_release")
    assert queue.settle() == 0
    assert (only().state, only().attempts) == ("due", 1)
    assert "no handler is called tests.of_an_older_release" in (only().error or "")


def test_success_after_a_failure_clears_the_error(app: Flask) -> None:
    broken = [True]

    def repaired(event: Event, delivery: Delivery) -> None:
        if broken:
            broken.pop()
            raise RuntimeError("the clapper is gone")

    on(BellRung, name="tests.repaired")(repaired)
    ring()
    queue.settle()
    assert only().error
    with clock.travelling(only().due_at + timedelta(seconds=1)):
        assert queue.settle() == 1
    assert (only().state, only().error, only().attempts) == ("done", None, 2)


# --- effects -------------------------------------------------------------------------------------------------------


def test_database_work_and_its_mark_commit_together(app: Flask) -> None:
    def build(event: Event, delivery: Delivery) -> None:
        forge(f"Foundry {delivery.attempts}")

    on(BellRung, name="tests.build")(build)
    ring()
    assert queue.settle() == 1
    assert not queue.deliver(only().id)
    assert db.session.scalars(select(Organisation.name)).all() == ["Foundry 1"]
    assert (only().state, only().attempts, only().lease_until) == ("done", 1, None)


def test_an_error_after_the_effect_undoes_the_effect(app: Flask) -> None:
    def build_and_fall(event: Event, delivery: Delivery) -> None:
        forge("Foundry")
        emit(BellRung(strokes=2), actor=house(Origin.CLI), now=clock.now())
        raise RuntimeError("it fell down")

    on(BellRung, name="tests.build")(build_and_fall)
    ring()
    assert queue.settle() == 0
    assert (count(Organisation), count(Event)) == (0, 1)
    assert (only().state, only().attempts, only().fence) == ("due", 1, 0)


def test_two_workers_at_once_carry_a_delivery_out_once(app: Flask) -> None:
    on(BellRung, name="tests.build")(lambda event, delivery: forge("Foundry"))
    ring()
    number = only().id
    assert sorted(at_once(app, [lambda: queue.deliver(number)] * 4)) == [False, False, False, True]
    assert count(Organisation) == 1


# --- work that reaches outside ------------------------------------------------------------------------------------


def slow_and_overtaken(then: Callable[[int], None]) -> list[int]:
    """A handler whose lease runs out while it works: another worker takes over, and ``then`` follows on either.

    Returns:
        The fences under which it ran, in order.
    """
    fences: list[int] = []

    def run(event: Event, delivery: Delivery) -> None:
        number = delivery.id
        fences.append(delivery.fence)
        if len(fences) == 1:
            assert not queue.deliver(number), "the lease holds: nobody else may have it"
            with clock.travelling(clock.now() + queue.LEASE + timedelta(seconds=1)):
                queue.deliver(number)
        then(len(fences))
        if len(fences) == 1:
            raise AssertionError("it was not taken over")

    on(BellRung, name="tests.slow", apart=True)(run)
    return fences


def test_a_stale_fence_cannot_mark_as_done(app: Flask) -> None:
    """The second worker fails after it took over; the first one, late, must not call the work done."""
    calls: list[int] = []

    def second_fails(_runs: int) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the second worker fell")

    fences = slow_and_overtaken(second_fails)
    ring()
    assert not queue.deliver(only().id)
    assert fences == [1, 2]
    row = only()
    assert (row.state, row.fence, row.attempts) == ("due", 2, 2)
    assert "the second worker fell" in (row.error or "")


def test_a_stale_failure_does_not_undo_what_another_finished(app: Flask) -> None:
    calls: list[int] = []

    def first_fails(_runs: int) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the first worker fell, late")

    fences = slow_and_overtaken(first_fails)
    ring()
    assert not queue.deliver(only().id)
    assert fences == [1, 2]
    assert (only().state, only().error) == ("done", None)


def test_a_worker_that_died_leaves_a_lease_that_runs_out(app: Flask) -> None:
    heard: list[int] = []
    on(BellRung, name="tests.hear", apart=True)(lambda event, delivery: heard.append(delivery.fence))
    ring()
    until = clock.now() + queue.LEASE
    with transaction():  # what a worker's claim leaves behind when the worker is killed
        db.session.execute(update(Delivery).values(lease_until=until, fence=1, attempts=1))
    assert (queue.settle(), queue.due(10)) == (0, [])
    with clock.travelling(until + timedelta(seconds=1)):
        assert queue.settle() == 1
    assert heard == [2]
    assert (only().state, only().attempts) == ("done", 2)


def test_work_apart_runs_with_no_transaction_open(app: Flask) -> None:
    seen: list[bool] = []
    on(BellRung, name="tests.look", apart=True)(
        lambda event, delivery: seen.append(bool(db.session().info.get("use_case_depth")))
    )
    ring()
    assert queue.settle() == 1
    assert seen == [False]


# --- the sweeper ---------------------------------------------------------------------------------------------------


def poked_at() -> list[datetime | None]:
    return [each.poked_at for each in deliveries()]


def test_the_sweeper_pokes_what_is_stale_and_only_that(app: Flask) -> None:
    on(BellRung, name="tests.hear")(lambda event, delivery: None)
    for _ in range(5):
        ring()
    done, planned, taken, *_rest = (each.id for each in deliveries())
    assert queue.deliver(done)
    now = clock.now()
    with transaction():
        db.session.execute(update(Delivery).where(Delivery.id == planned).values(due_at=now + timedelta(hours=1)))
        db.session.execute(update(Delivery).where(Delivery.id == taken).values(lease_until=now + queue.LEASE))
    assert queue.sweep() == 2
    first = poked_at()
    assert [moment is not None for moment in first] == [False, False, False, True, True]
    assert queue.sweep() == 0
    assert poked_at() == first
    with clock.travelling(now + queue.POKE_AGAIN + timedelta(seconds=5)):
        assert queue.sweep() == 2
    with clock.travelling(now + timedelta(hours=2)):
        assert queue.sweep() == 4


def test_sweeping_carries_nothing_out_by_itself(app: Flask) -> None:
    heard: list[int] = []
    on(BellRung, name="tests.hear")(lambda event, delivery: heard.append(event.id))
    ring()
    assert queue.sweep() == 1
    assert (heard, only().state, only().attempts) == ([], "due", 0)


# --- the operators' page -------------------------------------------------------------------------------------------


def test_what_was_given_up_stands_on_the_operators_page_until_it_is_tried_again(world: World) -> None:
    heard: list[int] = []
    broken = [True]

    def repaired(event: Event, delivery: Delivery) -> None:
        if broken:
            raise RuntimeError("the <clapper> is gone")
        heard.append(event.id)

    browser = world.browser(world.manager)
    world.settle()
    on(BellRung, name="tests.repaired")(repaired)
    event = ring()
    fail_until_given_up()
    page = browser.get("/admin/deliveries")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "tests.repaired" in text
    assert "the &lt;clapper&gt; is gone" in text
    assert "the <clapper>" not in text
    broken.clear()
    again = browser.post(f"/admin/deliveries/{only().id}/retry")
    assert (again.status_code, again.headers["Location"]) == (303, "/admin/deliveries")
    assert (only().state, only().attempts, only().poked_at) == ("due", 0, None)
    assert queue.settle() == 1
    assert heard == [event.id]
    assert only().state == "done"


def test_trying_again_what_is_not_given_up_changes_nothing(world: World) -> None:
    browser = world.browser(world.manager)
    world.settle()
    before = [(each.id, each.state, each.attempts) for each in deliveries()]
    for number in (before[0][0] if before else 1, 999_999):
        assert browser.post(f"/admin/deliveries/{number}/retry").status_code == 303
    assert [(each.id, each.state, each.attempts) for each in deliveries()] == before


def test_nobody_but_an_administrator_sees_or_retries_deliveries(world: World) -> None:
    on(BellRung, name="tests.hum")(hum)
    sponsor = world.sponsor_of(world.challenge())
    world.settle()
    with transaction():
        event = emit(BellRung(), actor=house(Origin.CLI), now=clock.now())
    number = next(each.id for each in deliveries() if each.event_id == event.id)
    with transaction():
        db.session.execute(update(Delivery).where(Delivery.id == number).values(state="failed", attempts=8))
    for who in (sponsor, world.person()):
        browser = world.browser(who)
        assert browser.get("/admin/deliveries").status_code == 403
        assert browser.post(f"/admin/deliveries/{number}/retry").status_code == 403
    visitor = world.browser()
    assert visitor.get("/admin/deliveries").headers["Location"].startswith("/sign-in?next=")
    assert visitor.post(f"/admin/deliveries/{number}/retry").status_code == 403
    [row] = [each for each in deliveries() if each.id == number]
    assert (row.state, row.attempts) == ("failed", 8)
