"""Who joins, and how near he then stands: by a confirmed address or an invitation, never by his own word."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from innovation.kernel.actor import VISITOR, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.people import queries as people
from innovation.people.models import CircleMembership, Credential, EmailAddress, Organisation, Person
from innovation.people.service import accounts
from tests.support.pages import body
from tests.support.race import at_once
from tests.support.refusals import spelled
from tests.support.world import World

PASSWORD = "a short sentence will do"


def _sign_up(email: str, name: str = "Ada") -> None:
    accounts.sign_up(actor=VISITOR, name=name, email=email, password_hash="hash", language="en")


def _circles(email: str) -> list[tuple[str, str]]:
    person = people.by_email(email)
    assert person is not None
    rows = db.session.execute(
        select(CircleMembership.circle, CircleMembership.verified_by)
        .where(CircleMembership.person_id == person.id)
        .order_by(CircleMembership.id)
    )
    return [(circle, verified) for circle, verified in rows]


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_sign_up_is_answered_alike_for_a_known_and_an_unknown_address(world: World) -> None:
    known = "person.known@example.org"
    world.person("Person Known")
    answers = []
    for email in (known, "someone.else@example.org"):
        page = world.browser().post("/sign-up", {"name": "Ada", "email": email, "password": PASSWORD})
        answers.append((page.status_code, body(page).replace(email, "ADDRESS")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 200


def test_sign_up_with_a_known_address_changes_nothing(world: World) -> None:
    world.person("Ada", Circle.STAFF)
    _sign_up("ADA@Example.org", "Somebody else")
    assert people.by_email("ada@example.org").name == "Ada"  # type: ignore[union-attr]
    assert (_count(Person), _count(Credential)) == (1, 0)
    assert _circles("ada@example.org") == [("staff", "manager")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@Example.org", "ada@example.ORG"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("\uff41da@example.org", "ada@example.org"),
    ],
)
def test_addresses_that_mean_the_same_are_one(world: World, one: str, other: str) -> None:
    _sign_up(one)
    _sign_up(other)
    assert _count(EmailAddress) == 1


def test_sixteen_sign_ups_of_one_address_make_one_person(world: World) -> None:
    results = at_once(world.app, [lambda: _sign_up("ada@example.org")] * 16)
    assert [spelled(each) for each in results if each is not None] == []
    assert _count(Person) == 1


def test_sign_up_gives_the_public_circle_whatever_the_form_says(world: World) -> None:
    form = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD, "circle": "staff", "organisation": "Host"}
    assert world.browser().post("/sign-up", form).status_code == 200
    assert _circles("ada@example.com") == [("public", "sign_up")]
    assert _count(Organisation) == 0


def test_an_address_that_is_not_confirmed_does_not_sign_in(world: World) -> None:
    _sign_up("ada@example.com")
    assert people.credential("ada@example.com") is None
    path = world.link("confirm")
    assert world.browser().post(path).status_code == 303
    world.anew()
    assert people.credential("ada@example.com") is not None


def test_opening_a_confirmation_link_does_not_use_it_up(world: World) -> None:
    _sign_up("ada@example.com")
    path, browser = world.link("confirm"), world.browser()
    assert [browser.get(path).status_code for _ in range(3)] == [200, 200, 200]
    assert browser.post(path).status_code == 303


def test_a_confirmation_link_is_used_once(world: World) -> None:
    _sign_up("ada@example.com")
    path = world.link("confirm")
    assert [world.browser().post(path).status_code for _ in range(2)] == [303, 410]


def test_a_confirmation_link_is_used_once_by_threads_too(world: World) -> None:
    _sign_up("ada@example.com")
    row = db.session.execute(select(accounts.MailLink.id, accounts.MailLink.nonce)).one()
    use = [lambda: accounts.confirm(actor=VISITOR, link_id=row.id, nonce=row.nonce)] * 4
    results = at_once(world.app, use)
    assert sorted(spelled(each) for each in results) == ["Invalid link_spent"] * 3 + ["int"]


def test_a_link_that_was_changed_or_meant_for_something_else_is_refused(world: World) -> None:
    _sign_up("ada@example.com")
    path = world.link("confirm")
    token = path.rsplit("/", 1)[1]
    # The middle of the signature: the last letter of base 64 has bits that mean nothing.
    body, _, signature = path.rpartition(".")
    forged = f"{body}.{signature[:10]}{'A' if signature[10] != 'A' else 'B'}{signature[11:]}"
    bad = [f"/password-reset/{token}", forged, "/confirmation/x"]
    assert [world.browser().post(each, {"password": PASSWORD}).status_code for each in bad] == [410, 410, 410]


def test_a_link_that_is_too_old_is_refused(world: World) -> None:
    _sign_up("ada@example.com")
    path = world.link("confirm")
    with transaction():
        link = db.session.scalars(select(accounts.MailLink)).one()
        link.expires_at = link.created_at
    assert world.browser().post(path).status_code == 410


def test_nobody_chooses_his_own_circle(world: World) -> None:
    expert = world.person("Expert", Circle.EXPERT)
    form = {"name": "New name", "language": "nl", "circle": "staff", "organisation": "Host", "department": "R&D"}
    assert world.browser(expert).post("/account", form).status_code == 303
    world.anew()
    assert _circles("expert@example.org") == [("expert", "manager")]
    assert people.by_email("expert@example.org").name == "New name"  # type: ignore[union-attr]


def test_a_manager_changes_a_circle_and_the_earlier_one_stays_on_record(world: World) -> None:
    expert = world.person("Expert", Circle.EXPERT)
    row = people.by_email("expert@example.org")
    assert row is not None
    path = f"/people/{row.public_id}/management"
    assert world.browser(expert).post(path, {"circle": "staff"}).status_code == 403
    assert world.browser(world.manager).post(path, {"circle": "staff"}).status_code == 303
    world.anew()
    assert _circles("expert@example.org") == [("expert", "manager"), ("staff", "manager")]
    assert people.circle_of(expert.person_id).circle == "staff"  # type: ignore[arg-type, union-attr]
