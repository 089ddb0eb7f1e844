"""A stop and the clock at one moment, two clocks at one moment, a process killed half way: one wins whole, once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, DeliveryState, Event
from innovation.kernel.queue import deliveries
from innovation.steering.models import Sending
from innovation.steering.queries import sendings as reading
from innovation.steering.service import acting, sendings
from tests.integration.steering.conftest import Desk
from tests.support.race import at_once


def _release() -> int:
    done: int = sendings.release(actor=house(Origin.CLOCK))
    return done


def _of(sending: Sending) -> list[str]:
    return list(
        db.session.scalars(
            select(Event.name)
            .where(Event.name.in_(["SendingStopped", "SendingReleased", "IdeaTurnedDown", "LineCarriedOut", "LineRefused"]))
            .order_by(Event.id)
        )
    )


def _carried(handler: str = sendings.CARRY_OUT) -> int:
    return db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.handler == handler)) or 0


def test_stopping_and_releasing_at_one_moment_leaves_one_winner(desk: Desk) -> None:
    for _round in range(4):
        ideas = [desk.idea(), desk.idea()]
        made = desk.decide(*ideas)
        public_id, who, before = made.public_id, desk.sponsor, Counter(_of(made))
        desk.later()

        def stop(public_id: str = public_id, who: Any = who) -> str:
            found = reading.get(who, public_id)
            assert found is not None
            sendings.stop(actor=who, sending=found)
            return "stopped"

        stopped, _released = at_once(desk.world.app, [stop, _release], slow="sending")
        desk.release()
        state = desk.again(made).state
        assert (stopped == "stopped") == (state == "stopped")
        new = Counter(_of(made)) - before
        if state == "stopped":
            assert (desk.states(*ideas), new) == (["checking"] * 2, {"SendingStopped": 1})
        else:
            assert str(stopped) == "cannot_stop"
            assert desk.states(*ideas) == ["declined"] * 2
            assert new == {"SendingReleased": 1, "IdeaTurnedDown": 2, "LineCarriedOut": 2}


def test_two_clocks_release_it_once(desk: Desk) -> None:
    ideas = [desk.idea() for _ in range(3)]
    made = desk.decide(*ideas)
    desk.later()
    results = at_once(desk.world.app, [_release] * 4, slow="sending")
    assert sorted(results) == [0, 0, 0, 1]
    assert _carried() == 3
    desk.release()
    counted = Counter(_of(made))
    assert counted == {"SendingReleased": 1, "IdeaTurnedDown": 3, "LineCarriedOut": 3}
    assert len(desk.mails()) == len(set(desk.mails())) >= 3


def test_one_line_is_carried_out_once_by_two_workers(desk: Desk) -> None:
    idea = desk.idea()
    made = desk.decide(idea)
    desk.later()
    _release()
    line_id = reading.waiting_lines(made.id)[0].id

    def carry_out() -> None:
        sendings.carry_out(actor=house(Origin.CLOCK), line_id=line_id)

    assert at_once(desk.world.app, [carry_out] * 3, slow="sending_line") == [None] * 3
    assert Counter(_of(made)) == {"SendingReleased": 1, "IdeaTurnedDown": 1, "LineCarriedOut": 1}
    assert desk.lines(made) == [("done", "")]


class Killed(Exception):
    pass


@pytest.mark.parametrize("after", [False, True])
def test_broken_off_half_way_it_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    """The second line breaks off, before or after its act; the first stays done, and both are done in the end, once."""
    ideas = [desk.idea(), desk.idea()]
    made = desk.decide(*ideas)
    desk.later()
    _release()
    really, times = acting.do_line, Counter[str]()

    def breaks(*args: Any) -> None:
        times["called"] += 1
        if times["called"] == 2:
            if after:
                really(*args)
            raise Killed
        really(*args)

    monkeypatch.setattr(acting, "do_line", breaks)
    for delivery_id in deliveries.due(100):
        deliveries.deliver(delivery_id)
    assert times["called"] == 2
    assert desk.states(*ideas) == ["declined", "checking"]
    assert desk.lines(made) == [("done", ""), ("waiting", "")]
    waits = db.session.scalars(select(Delivery).where(Delivery.handler == sendings.CARRY_OUT, Delivery.attempts > 0)).all()
    assert Counter(each.state for each in waits) == {DeliveryState.DONE: 1, DeliveryState.DUE: 1}
    for each in waits:
        each.due_at = each.due_at.replace(year=2020)
    db.session.commit()
    queue.settle()
    assert desk.lines(made) == [("done", ""), ("done", "")]
    assert Counter(_of(made)) == {"SendingReleased": 1, "IdeaTurnedDown": 2, "LineCarriedOut": 2}
