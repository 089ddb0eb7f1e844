"""A worker dies by kill -9 somewhere on an idea's way from votes to the answer; others finish, and nothing is doubled.

The dying worker holds at a named place (``saboteur.py``), says its process id, and the test reads in the database how
far it had come before it kills exactly that process. The worker and the clock that follow run five minutes ahead, so
that the dead worker's leases are over without anybody waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from innovation.kernel.db import db
from innovation.kernel.events import Delivery, DeliveryState
from innovation.projects.models import Project
from innovation.promotion.models import Decision, Run
from tests.faults.crew import (
    Crew,
    Hold,
    assert_one_file_per_mail,
    assert_promoted_once,
    delivery_of,
    fresh,
    mails,
    message_id,
)
from tests.faults.scene import CHOSEN, Scene, closed_challenge
from tests.support.world import World

pytestmark = pytest.mark.faults

LATER = 300


def _run_state() -> str:
    return db.session.scalars(select(Run.state)).one()


def _how_many(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _computing() -> None:
    assert (_run_state(), _how_many(Decision)) == ("frozen", 0)


def _announcing() -> None:
    assert (_run_state(), _how_many(Decision), _how_many(Project)) == ("decided", 5, 0)


@dataclass(frozen=True)
class Place:
    """Where the worker dies, whose delivery it was carrying out, and what the database says at that moment."""

    name: str
    hold: Hold
    handler: str
    so_far: Callable[[], None]


PLACES = (
    Place("before deciding", Hold("innovation.promotion.service.running:decide"), "promotion.carry_on", _computing),
    Place(
        "while decisions are written",
        Hold("innovation.promotion.service.running:insert_many", when="after"),
        "promotion.carry_on",
        _computing,
    ),
    Place(
        "at the second project of the announcement",
        Hold("innovation.promotion.service.running:open_project", call=2, when="after"),
        "promotion.announce_at_once",
        _announcing,
    ),
)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_worker_killed_during_promotion_changes_nothing(place: Place, world: World, crew: Crew) -> None:
    scene = closed_challenge(world)
    doomed, clock = crew.start("worker", hold=place.hold), crew.start("clock")
    crew.until_held(doomed)
    fresh()
    place.so_far()
    taken = delivery_of(place.handler)
    assert (taken.state, taken.attempts, taken.fence) == (DeliveryState.DUE, 1, 1)
    assert taken.lease_until is not None
    assert taken.lease_until > datetime.now(UTC)
    db.session.rollback()
    doomed.kill()
    clock.kill()

    _finish(crew, scene)

    fresh()
    taken = delivery_of(place.handler)
    assert (taken.state, taken.attempts, taken.fence) == (DeliveryState.DONE, 2, 2)


def test_worker_killed_between_sending_and_marking_sends_the_same_mail(world: World, crew: Crew) -> None:
    scene = closed_challenge(world)
    doomed, clock = crew.start("worker", hold=Hold("innovation.kernel.mail:send", call=3, when="after")), crew.start("clock")
    crew.until_held(doomed)
    fresh()
    assert _run_state() == "announced"
    (unmarked,) = (each for each in mails() if each.sent_at is None and _file(crew, message_id(each)).exists())
    first = _file(crew, message_id(unmarked)).read_bytes()
    taken = select(Delivery.fence).where(Delivery.key == str(unmarked.id), Delivery.state == DeliveryState.DUE)
    assert db.session.scalars(taken).all() == [1]
    db.session.rollback()
    doomed.kill()
    clock.kill()

    _finish(crew, scene)

    fresh()
    again = select(Delivery.fence).where(Delivery.key == str(unmarked.id), Delivery.state == DeliveryState.DONE)
    assert db.session.scalars(again).all() == [2]
    second = _file(crew, message_id(unmarked)).read_bytes()
    assert first != second  # it was written again: its date is five minutes later
    assert _name(first) == _name(second) == [f"Message-ID: <{message_id(unmarked)}@localhost.example>".encode()]


def _finish(crew: Crew, scene: Scene) -> None:
    """Let a fresh worker and a fresh clock end the matter, and look at everything it should have come to."""
    crew.start("worker", offset=LATER)
    crew.start("clock", offset=LATER)
    crew.until(_is_announced, "the announcement")
    crew.until_settled()
    assert_promoted_once(scene.ideas, scene.authors, CHOSEN)
    assert_one_file_per_mail(crew.settings.mail_folder)


def _is_announced() -> bool:
    fresh()
    return _run_state() == "announced"


def _file(crew: Crew, name: str) -> Path:
    return crew.settings.mail_folder / f"{name}.eml"


def _name(letter: bytes) -> list[bytes]:
    return [line for line in letter.splitlines() if line.startswith(b"Message-ID:")]
