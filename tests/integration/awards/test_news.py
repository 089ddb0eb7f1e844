"""Who hears of an award: the right people, in their language, once; and what is due is said once for each step."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from innovation.awards import queries
from innovation.awards.service import reminding
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.notifications.models import Message
from innovation.people.models import Person
from tests.support.pages import words
from tests.support.prizes import Prize
from tests.support.race import at_once
from tests.support.world import World

CLOCK = house(Origin.CLOCK)


@pytest.fixture
def prize(world: World) -> Prize:
    made = Prize(world, 2).decide()
    assert made.offer(papers=("Invoice",)) == "done"
    return made


def _told(prize: Prize, channel: str = "inbox") -> list[tuple[str, str]]:
    """(kind, name) of every message about an award, in order."""
    prize.world.settle()
    names = {prize.sponsor.person_id: "Sponsor"}
    rows = db.session.execute(
        select(Message.kind, Person.name, Person.id)
        .join(Person, Person.id == Message.person_id)
        .where(Message.channel == channel, Message.kind.like("award_%"))
        .order_by(Message.id)
    ).all()
    db.session.rollback()
    return [(row[0], names.get(row[2], row[1])) for row in rows]


def test_each_hears_what_concerns_him_and_not_what_he_did(prize: Prize) -> None:
    prize.propose(0, 9_000, 1_000)
    prize.agree(1)
    prize.remark(prize.people[0])
    prize.hand_in(0, 1)
    prize.check(1)
    prize.pay()
    told = _told(prize)
    assert [
        (kind, {name for each, name in told if each == kind}) for kind in dict.fromkeys(kind for kind, _name in told)
    ] == [
        ("award_offered", {"Ada", "Ben"}),
        ("award_divided", {"Ben"}),
        ("award_accepted", {"Ada", "Sponsor", "Manager"}),
        ("award_remark", {"Ben", "Sponsor", "Manager"}),
        ("award_papers_complete", {"Ada", "Ben", "Manager"}),
        ("award_paid", {"Ada", "Ben", "Manager"}),
    ]
    assert _told(prize, "mail") == told


def test_declined_and_taken_back_are_told(prize: Prize) -> None:
    prize.decline(0)
    prize.decline(1)
    prize.offer()
    prize.take_back()
    told = _told(prize)
    assert {name for kind, name in told if kind == "award_declined"} == {"Sponsor", "Manager"}
    assert {name for kind, name in told if kind == "award_taken_back"} == {"Ada", "Ben", "Manager"}


def _due(prize: Prize, **days: int | None) -> None:
    with transaction():
        row = queries.by_id(prize.number)
        assert row is not None
        for name, away in days.items():
            setattr(row, name, None if away is None else prize.today() + timedelta(days=away))


def _steps() -> list[str]:
    while reminding.remind(actor=CLOCK) is not None:
        pass
    found = [
        row["step"] for row in db.session.scalars(select(Event.payload).where(Event.name == "AwardDue").order_by(Event.id))
    ]
    db.session.rollback()
    return found


def test_what_is_due_is_said_once_for_each_step(prize: Prize) -> None:
    assert _steps() == []
    _due(prize, accept_by=2)
    assert (_steps(), _steps()) == (["accept_soon"], ["accept_soon"])
    _due(prize, accept_by=-2)
    at_once(prize.world.app, [lambda: reminding.remind(actor=CLOCK)] * 2)
    assert _steps() == ["accept_soon", "accept_late"]
    prize.accepted()
    _due(prize, papers_by=-2)
    assert _steps() == ["accept_soon", "accept_late", "papers_late"]
    prize.hand_in(0, 1)
    prize.check(1)
    _due(prize, pay_by=1)
    _steps()
    _due(prize, pay_by=-2)
    assert _steps()[3:] == ["pay_soon", "pay_late"]
    told = [each for each in _told(prize) if each[0].endswith(("_soon", "_late"))]
    assert set(told) == {
        *(("award_accept_soon", name) for name in ("Ada", "Ben")),
        *(("award_accept_late", name) for name in ("Ada", "Ben", "Sponsor", "Manager")),
        *(("award_papers_late", name) for name in ("Ada", "Ben", "Sponsor", "Manager")),
        *(("award_pay_soon", name) for name in ("Sponsor", "Manager")),
        *(("award_pay_late", name) for name in ("Sponsor", "Manager")),
    }
    prize.pay()
    _due(prize, pay_by=-9)
    assert len(_steps()) == 5


def test_overdue_is_marked_where_it_is_listed(prize: Prize) -> None:
    ada = prize.world.browser(prize.people[0])
    path = f"/awards/{prize.again().public_id}"
    pages = ["/awards", path, "/my-work"]
    assert ["Overdue" in words(ada.get(each)) for each in pages] == [False] * 3
    _due(prize, accept_by=-2)
    assert ["Overdue" in words(ada.get(each)) for each in pages] == [True] * 3


def test_a_mail_says_what_to_do_and_leads_to_the_award(prize: Prize) -> None:
    prize.world.settle()
    letter = next(each for each in prize.world.letters() if each.to.startswith("ada@") and "award" in each.subject)
    assert letter.subject == "You are offered an award: For the idea"
    link = f"http://127.0.0.1:8000/awards/{prize.again().public_id}"
    assert (link in letter.text, link in letter.html, "Each winner agrees" in letter.text) == (True, True, True)
    inbox = words(prize.world.browser(prize.people[0]).get("/inbox"))
    assert "You are offered an award: For the idea" in inbox


def test_no_day_is_reminded_of_that_was_not_promised(prize: Prize) -> None:
    prize.accepted()
    _due(prize, papers_by=None)
    assert (_steps(), isinstance(prize.again().accept_by, date)) == ([], True)
