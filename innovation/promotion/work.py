"""Doors of facts and time for promotion."""

from __future__ import annotations

from innovation.kernel import clock, queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.events import Delivery, Event, on
from innovation.promotion import queries
from innovation.promotion.events import RunDecided, RunQueued
from innovation.promotion.service import queueing, running


@queue.every(name="promotion.queue_due", seconds=10)
def queue_due() -> int:
    return queueing.queue_due(actor=house(Origin.CLOCK))


@on(RunQueued, name="promotion.carry_on", apart=True, imports=True)
def carry_on(event: Event, delivery: Delivery) -> None:
    delivery_id, fence = delivery.id, delivery.fence
    running.carry_on(
        actor=house(Origin(event.origin)),
        run_id=event.payload["run_id"],
        still_mine=lambda: queue.renew(delivery_id, fence),
    )


@on(RunDecided, name="promotion.announce_at_once", apart=True, imports=True)
def announce_at_once(event: Event, delivery: Delivery) -> None:
    run = queries.run(event.payload["run_id"])
    if running.announces_itself(run, clock.now()):
        running.announce(actor=house(Origin(event.origin)), run=run, seen=run.outcome_hash)


@queue.every(name="promotion.announce_due", seconds=30)
def announce_due() -> None:
    failed: list[Exception] = []
    for run_id in [run.id for run in queries.to_announce_by_clock()]:
        try:
            run = queries.run(run_id)  # anew: the announcement before this one ended its transaction
            if running.announces_itself(run, clock.now()):
                running.announce(actor=house(Origin.CLOCK), run=run, seen=run.outcome_hash)
        except Exception as error:  # one result that cannot be told must not hold up the others
            failed.append(error)
    if failed:
        raise failed[0]
