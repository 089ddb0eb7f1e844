"""A rehearsal shows what would come of an act, with the letters that would leave, and leaves nothing behind."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from innovation.challenges.models import Challenge, Programme
from innovation.challenges.service import briefs
from innovation.kernel import clock, queue
from innovation.kernel.db import db
from innovation.kernel.errors import Refused
from innovation.kernel.events import Delivery, Event
from innovation.kernel.rehearsal import rehearse
from innovation.kernel.usecase import in_transaction
from innovation.notifications.models import Message
from tests.support.world import World


def _rows() -> tuple[int, ...]:
    models = (Programme, Challenge, Event, Delivery, Message)
    found = tuple(db.session.scalar(select(func.count()).select_from(each)) or 0 for each in models)
    db.session.rollback()
    return found


def _titles() -> list[str]:
    return list(db.session.scalars(select(Programme.title).order_by(Programme.id)))


def test_what_is_tried_is_seen_inside_and_gone_outside(world: World) -> None:
    world.programme("Before")
    before = _rows()
    found = rehearse(lambda: briefs.start_programme(actor=world.manager, title="Tried", description=""), _titles)
    assert (found.result, found.letters) == (["Before", "Tried"], ())
    assert _rows() == before
    assert _titles() == ["Before"]
    assert not in_transaction()


def test_letters_are_composed_and_none_leaves(world: World) -> None:
    sponsor = world.person("Ada")
    asked = world.handed_in(world.draft_challenge(sponsor, title="How to glue?"))
    world.settle()
    before, mails = _rows(), len(world.letters())

    def send_back() -> None:
        briefs.send_back(actor=world.manager, challenge=db.session.get_one(Challenge, asked.id), note="Ask one question.")

    found = rehearse(send_back, lambda: db.session.get_one(Challenge, asked.id).state)
    (letter,) = found.letters
    assert (found.result, letter.kind) == ("returned", "challenge_returned")
    assert (letter.mail.to, letter.mail.subject) == ("ada@example.org", "Please change: How to glue?")
    assert "Ask one question." in letter.mail.text
    queue.settle()
    world.anew()
    assert (_rows(), len(world.letters())) == (before, mails)
    assert world.again(asked).state == "proposed"


def test_handlers_that_nobody_asks_for_are_not_played(world: World) -> None:
    asked = world.handed_in(world.draft_challenge(world.person()))

    def send_back() -> None:
        briefs.send_back(actor=world.manager, challenge=db.session.get_one(Challenge, asked.id), note="Ask.")

    found = rehearse(send_back, lambda: None, lambda name: not name.startswith("notifications."))
    assert found.letters == ()


def test_a_refusal_comes_through_and_undoes_as_much(world: World) -> None:
    before = _rows()
    with pytest.raises(Refused):
        rehearse(lambda: briefs.start_programme(actor=world.person(), title="No", description=""), _titles)
    assert not in_transaction()
    assert _titles() == []
    assert before[0] == 0


def test_the_session_around_it_is_untouched(world: World) -> None:
    programme = world.programme("Before")
    now = clock.now()
    again = db.session.get_one(Programme, programme.id)
    rehearse(lambda: briefs.start_programme(actor=world.manager, title="Tried", description=""), _titles)
    assert (again in db.session, again.title, again.created_at <= now) == (True, "Before", True)
