"""Confirmed domains: who proves an address stands where its domain says, at that moment and never before."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from innovation.kernel.actor import VISITOR, Circle
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.people.models import SignInDomain
from innovation.people.service import accounts, domains
from tests.support.forms import filled
from tests.support.pages import body
from tests.support.refusals import answer
from tests.support.world import World

FORM = {"circle": "partner", "organisation": "Lab", "department": ""}


def _add(world: World, name: str = "lab.example", **changes: Any) -> None:
    said = {"circle": Circle.PARTNER, "organisation": "Lab", "department": "", "by_provider": False} | changes
    domains.add(actor=world.manager, name=name, meaning=domains.Meaning(**said))


def _sign_up(email: str) -> None:
    accounts.sign_up(actor=VISITOR, name="Ada", email=email, password_hash="hash", language="en")


def _standing(email: str) -> tuple[str, str, str]:
    db.session.rollback()
    db.session.expire_all()
    person = people.by_email(email)
    assert person is not None
    found = people.circle_of(person.id)
    assert found is not None
    return (found.circle, found.organisation.name if found.organisation else "", found.verified_by)


def _known() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(SignInDomain.domain).order_by(SignInDomain.domain)))


def test_who_confirms_an_address_stands_where_its_domain_says_and_never_before(world: World) -> None:
    _add(world)
    _sign_up("ada@LAB.example")
    assert _standing("ada@lab.example") == ("public", "", "sign_up")
    assert world.browser().get(world.link("confirm")).status_code == 200
    assert _standing("ada@lab.example") == ("public", "", "sign_up")
    assert world.browser().post(world.link("confirm")).status_code == 303
    assert _standing("ada@lab.example") == ("partner", "Lab", "domain")


def test_a_new_password_by_mail_confirms_an_address_too(world: World) -> None:
    _add(world)
    _sign_up("ada@lab.example")
    accounts.ask_reset(actor=VISITOR, email="ada@lab.example")
    assert world.browser().post(world.link("reset"), {"password": "quite another sentence"}).status_code == 303
    assert _standing("ada@lab.example") == ("partner", "Lab", "domain")


@pytest.mark.parametrize("email", ["ada@mail.lab.example", "ada@notlab.example", "lab.example@evil.example"])
def test_another_domain_that_looks_like_it_means_nothing(world: World, email: str) -> None:
    _add(world)
    _sign_up(email)
    world.browser().post(world.link("confirm"))
    assert _standing(email) == ("public", "", "sign_up")


def test_what_a_manager_said_of_a_person_stays(world: World) -> None:
    who = world.person("Known", Circle.EXPERT)
    _add(world, "example.org")
    accounts.ask_reset(actor=VISITOR, email="known@example.org")
    world.browser().post(world.link("reset"), {"password": "quite another sentence"})
    assert (who.circle, _standing("known@example.org")) == ("expert", ("expert", "", "manager"))


@pytest.mark.parametrize("name", ["gmail.com", "Gmail.com", "@gmail.com", "GMX.de"])
def test_where_anybody_has_an_address_it_means_no_more_than_public(world: World, name: str) -> None:
    for circle in (Circle.STAFF, Circle.PARTNER, Circle.EXPERT):
        assert answer(lambda circle=circle: _add(world, name, circle=circle)) == "Invalid anybodys_domain"  # type: ignore[misc]
    assert _known() == []
    _add(world, name, circle=Circle.PUBLIC)
    assert len(_known()) == 1


@pytest.mark.parametrize("name", ["", "com", "no domain", "-a.example", "a..example", "x" * 64 + ".example", "<b>.example"])
def test_what_is_no_domain_is_refused(world: World, name: str) -> None:
    assert answer(lambda: _add(world, name)) == "Invalid no_domain"


def test_a_domain_is_kept_in_one_form(world: World) -> None:
    _add(world, " @Bücher.Example. ")
    assert _known() == ["xn--bcher-kva.example"]
    assert answer(lambda: _add(world, "bücher.example")) == "Invalid domain_known"


def test_without_a_provider_nobody_is_sent_to_it(world: World) -> None:
    assert answer(lambda: _add(world, by_provider=True)) == "Invalid no_provider"


def test_only_an_administrator_says_what_a_domain_means(world: World) -> None:
    from innovation.rules.predicates import Role

    manager, somebody = world.grant(world.person(), Role.MANAGER), world.person()
    form = FORM | {"domain": "lab.example"}
    assert [world.browser(who).post("/people/domains", form).status_code for who in (somebody, manager)] == [403, 403]
    assert _known() == []


def test_the_page_adds_changes_and_removes(world: World) -> None:
    browser = world.browser(world.manager)
    assert browser.get("/people/domains").status_code == 200
    wrong = browser.post("/people/domains", FORM | {"domain": "gmail.com"})
    assert (wrong.status_code, 'value="gmail.com"' in body(wrong)) == (422, True)
    assert browser.post("/people/domains", FORM | {"domain": "lab.example"}).status_code == 303
    assert "lab.example" in body(browser.get("/people/domains"))
    one = "/people/domains/lab.example"
    assert filled(browser.get(one), one)["organisation"] == "Lab"
    assert browser.post(one, {"circle": "expert", "organisation": "", "department": ""}).status_code == 303
    row = people.domain("lab.example")
    assert row is not None
    assert (row.circle, row.organisation_id) == ("expert", None)
    assert browser.post(one, {"circle": "expert", "organisation": "", "department": "X"}).status_code == 422
    assert browser.post(f"{one}/removal").status_code == 303
    assert (_known(), browser.get(one).status_code, browser.post(f"{one}/removal").status_code) == ([], 404, 404)
