"""A mail server that fails half the time gets every mail across; what it gets twice says so by its Message-ID."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from innovation.kernel.db import db
from innovation.kernel.events import Delivery, DeliveryState
from innovation.notifications import service
from tests.faults.crew import Crew, fresh, mails, message_id
from tests.faults.postbox import Postbox
from tests.faults.scene import readers, tell
from tests.support.world import World

pytestmark = pytest.mark.faults

PEOPLE = 32


def _half_the_time(number: int, attempt: int) -> str:
    """Of every two messages that come for the n-th time one fails: by a refusal, or by a break after it was taken.

    Written in bits: message 5 = 101 fails, passes at the second attempt; message 7 = 111 fails three times.
    """
    if not number >> (attempt - 1) & 1:
        return "take"
    return "refuse" if (number + attempt) % 3 else "hang up"


def test_failing_mail_server_gets_every_mail(world: World, crew: Crew, postbox: Postbox) -> None:
    """Time is made shorter between attempts (``hasty``), nothing else is."""
    crew.smtp_url = postbox.url
    postbox.plan = _half_the_time
    people = readers(PEOPLE)
    tell(people)
    crew.start("worker", hasty=True)
    crew.start("worker", hasty=True)
    crew.start("clock", hasty=True)
    crew.until_settled()

    fresh()
    written = {message_id(message): message.address for message in mails()}
    assert len(written) == PEOPLE
    assert set(postbox.letters) == set(written.items())  # every one, to its own address, under its own name
    taken_twice = {name: count for name, count in postbox.counts.items() if count > 1}
    hang_ups = {name: _outcomes(postbox, name).count("hang up") for name in written}
    assert taken_twice == {name: count + 1 for name, count in hang_ups.items() if count}
    assert taken_twice  # the server did break off after taking letters
    assert postbox.outcomes["take"] == PEOPLE
    assert postbox.outcomes["refuse"] + postbox.outcomes["hang up"] == PEOPLE - 1  # half of all attempts
    tried = db.session.execute(
        select(Delivery.key, Delivery.attempts).where(Delivery.handler == service.SEND, Delivery.state == DeliveryState.DONE)
    )
    names = {str(message.id): message_id(message) for message in mails()}
    assert {names[row.key]: row.attempts for row in tried} == dict(postbox.attempts)


def _outcomes(postbox: Postbox, name: str) -> list[str]:
    number = postbox.number(name)
    return [postbox.plan(number, attempt) for attempt in range(1, postbox.attempts[name] + 1)]
