"""How an invitation's mail leaves: over a real socket, refused addresses marked, and nobody forgotten or mailed twice."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, update

from innovation.kernel import queue
from innovation.kernel.actor import Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, DeliveryState
from innovation.kernel.usecase import transaction
from innovation.people.models import Invitation
from innovation.people.service import accounts, invitations
from tests.services import LOCAL, free_port
from tests.support.pages import words
from tests.support.world import World

CLOCK = house(Origin.CLOCK)


class Refusing:
    """A mail server that knows nobody called ``gone``, and is busy for who is called ``busy``."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("gone"):
            return "550 5.1.1 no such person here"
        if address.startswith("busy"):
            return "450 4.2.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.taken += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def server(world: World) -> Iterator[Refusing]:
    """A house that sends through that server."""
    kept: Any = world.settings
    refusing = Refusing()
    controller = Controller(refusing, hostname=LOCAL, port=free_port())
    controller.start()
    world.app.extensions["innovation.settings"] = dataclasses.replace(kept, smtp_url=f"smtp://{LOCAL}:{controller.port}")
    yield refusing
    world.app.extensions["innovation.settings"] = kept
    controller.stop()


def _invite(world: World, email: str) -> Invitation:
    rest = {"name": "", "organisation": "", "department": "", "language": "en"}
    return invitations.invite(actor=world.manager, email=email, circle=Circle.EXPERT, **rest)


def _again(made: Invitation) -> Invitation:
    return db.session.get_one(Invitation, made.id, populate_existing=True)


def test_an_address_that_the_server_refuses_is_marked_and_not_tried_again(world: World, server: Refusing) -> None:
    gone, here = _invite(world, "gone@example.com"), _invite(world, "here@example.com")
    world.settle()
    assert (_again(gone).bounced_at is not None, _again(gone).bounce, _again(gone).sent_at) == (
        True,
        "550 5.1.1 no such person here",
        None,
    )
    assert (_again(here).bounced_at, _again(here).sent_at is not None) == (None, True)
    states = set(db.session.scalars(select(Delivery.state)))
    assert (server.taken, states) == (["here@example.com"], {DeliveryState.DONE})
    page = words(world.browser(world.manager).get("/people/invitations"))
    assert [each for each in ("Did not arrive", "550 5.1.1 no such person here") if each not in page] == []


def test_an_address_that_is_busy_is_tried_again(world: World, server: Refusing) -> None:
    busy = _invite(world, "busy@example.com")
    world.settle()
    waiting = db.session.scalars(select(Delivery).where(Delivery.state == DeliveryState.DUE)).all()
    assert (_again(busy).bounced_at, _again(busy).sent_at, len(waiting)) == (None, None, 1)


def test_a_mail_of_another_kind_to_a_refused_address_waits_for_the_operators(world: World, server: Refusing) -> None:
    with transaction():
        accounts.add_person(actor=CLOCK, name="G", email="gone@example.com", language="en", verified=True, now=world.now())
    accounts.ask_reset(actor=CLOCK, email="gone@example.com")
    world.settle()
    waiting = db.session.scalars(select(Delivery).where(Delivery.state == DeliveryState.DUE)).all()
    assert [delivery.error is not None for delivery in waiting] == [True]


def test_a_hand_over_that_breaks_off_forgets_nobody(world: World) -> None:
    text = "\n".join(f"guest{each}@example.com" for each in range(4))
    invitations.invite_list(actor=world.manager, text=text, circle=Circle.EXPERT, language="en")
    with transaction():
        db.session.execute(update(Invitation).values(due_at=Invitation.created_at))
    with pytest.raises(KeyboardInterrupt), transaction():
        assert invitations.hand_over(actor=CLOCK, at_most=4) == 4
        raise KeyboardInterrupt
    world.settle()
    assert world.letters() == []
    invitations.hand_over(actor=CLOCK, at_most=4)
    world.settle()
    assert [letter.to for letter in world.letters()] == text.splitlines()


def test_the_clock_hands_a_handful_over(world: World) -> None:
    text = "\n".join(f"guest{each}@example.com" for each in range(50))
    invitations.invite_list(actor=world.manager, text=text, circle=Circle.EXPERT, language="en")
    with transaction():
        db.session.execute(update(Invitation).values(due_at=Invitation.created_at))
    queue.tick(world.app, lambda name: name == "people.send_invitations")
    world.settle()
    assert len(world.letters()) == world.settings.invitations_a_minute // 3
