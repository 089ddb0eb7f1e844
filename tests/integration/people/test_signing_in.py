"""Signing in and out: sessions rotate, end everywhere at once, and lead nowhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from innovation.kernel import clock
from innovation.kernel.actor import VISITOR, Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.people.models import Credential, MailLink, Person, SignIn
from innovation.people.routes.sessions import passwords
from innovation.people.service import accounts, grants
from tests.support.browser import Browser
from tests.support.pages import body
from tests.support.refusals import answer
from tests.support.world import World

PASSWORD = "a short sentence will do"
HASH = passwords.hash(PASSWORD)


def _with_password(world: World, name: str = "Ada") -> Actor:
    who = world.person(name)
    with transaction():
        db.session.add(Credential(person_id=who.person_id, kind="password", secret=HASH, changed_at=clock.now()))
    return who


def _sign_in(browser: Browser, name: str = "ada", password: str = PASSWORD, **more: str) -> int:
    return browser.post("/sign-in", {"email": f"{name}@example.org", "password": password, **more}).status_code


def _row(who: Actor) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, who.person_id)


def test_the_right_password_signs_in_and_a_wrong_one_does_not(world: World) -> None:
    _with_password(world)
    browser = world.browser()
    assert browser.get("/account").status_code == 303
    assert _sign_in(browser, password="another sentence") == 422
    assert browser.get("/account").status_code == 303
    assert _sign_in(browser) == 303
    assert browser.get("/account").status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(world: World) -> None:
    _with_password(world)
    pages = [
        world.browser().post("/sign-in", {"email": email, "password": "not this one"})
        for email in ("ada@example.org", "eve@example.org")
    ]
    bodies = [body(page).replace("ada@", "eve@") for page in pages]
    assert [page.status_code for page in pages] == [422, 422]
    assert bodies[0] == bodies[1]


def test_asking_for_a_reset_is_answered_alike_for_a_known_and_an_unknown_address(world: World) -> None:
    _with_password(world)
    pages = [world.browser().post("/password-reset", {"email": e}) for e in ("ada@example.org", "eve@example.org")]
    bodies = [body(page).replace("ada@", "eve@") for page in pages]
    assert [page.status_code for page in pages] == [200, 200]
    assert bodies[0] == bodies[1]
    assert db.session.scalar(select(func.count()).select_from(MailLink)) == 1


def test_nothing_planted_in_a_session_survives_signing_in(world: World) -> None:
    _with_password(world)
    attacker = world.person("Mallory")
    browser = world.browser(attacker)
    with browser.cookie() as session:
        planted = session["_user_id"]
        session["planted"] = "x"
    assert _sign_in(browser) == 303
    with browser.cookie() as session:
        assert "planted" not in session
        assert session["_user_id"] != planted
    assert browser.get("/account").get_data(as_text=True).count("Mallory") == 0


def test_every_sign_in_has_a_token_of_its_own_and_only_its_digest_is_kept(world: World) -> None:
    _with_password(world)
    tokens = []
    for _ in range(2):
        browser = world.browser()
        _sign_in(browser)
        with browser.cookie() as session:
            tokens.append(session["_user_id"])
    kept = set(db.session.scalars(select(SignIn.token_digest)))
    assert len(kept) == 2
    assert kept & set(tokens) == set()


def test_a_made_up_token_signs_nobody_in(world: World) -> None:
    browser = world.browser()
    with browser.cookie() as session:
        session["_user_id"] = "made-up"
    assert browser.get("/account").status_code == 303


def test_signing_out_ends_this_device_even_for_a_copied_cookie(world: World) -> None:
    who = world.person()
    browser, copied, other = world.browser(who), world.browser(), world.browser(who)
    with browser.cookie() as session, copied.cookie() as copy:
        copy.update(session)
    assert copied.get("/account").status_code == 200
    assert browser.post("/sign-out").status_code == 303
    assert [each.get("/account").status_code for each in (browser, copied, other)] == [303, 303, 200]


def test_signing_out_everywhere_ends_every_device(world: World) -> None:
    who = world.person()
    browsers = [world.browser(who) for _ in range(3)]
    assert browsers[0].post("/sign-out-everywhere").status_code == 303
    assert [each.get("/account").status_code for each in browsers] == [303, 303, 303]


def test_signing_out_everywhere_leaves_other_people_alone(world: World) -> None:
    one, other = world.person(), world.person()
    browser = world.browser(other)
    accounts.sign_out_everywhere(actor=one)
    assert browser.get("/account").status_code == 200


def test_a_reset_sets_the_password_and_ends_every_sign_in(world: World) -> None:
    who = _with_password(world)
    browsers = [world.browser(who) for _ in range(2)]
    accounts.ask_reset(actor=VISITOR, email="ada@example.org")
    path = world.link("reset")
    new = "quite another sentence"
    assert world.browser().get(path).status_code == 200
    assert world.browser().post(path, {"password": new}).status_code == 303
    assert [each.get("/account").status_code for each in browsers] == [303, 303]
    assert [_sign_in(world.browser(), password=each) for each in (PASSWORD, new)] == [422, 303]


def test_a_reset_link_is_used_once(world: World) -> None:
    _with_password(world)
    accounts.ask_reset(actor=VISITOR, email="ada@example.org")
    path = world.link("reset")
    assert [world.browser().post(path, {"password": PASSWORD}).status_code for _ in range(2)] == [303, 410]


def test_changing_the_password_needs_the_present_one_and_ends_other_devices(world: World) -> None:
    who = _with_password(world)
    browser, other = world.browser(who), world.browser(who)
    form = {"present": "not the present one", "password": "quite another sentence"}
    assert browser.post("/account/password", form).status_code == 422
    assert other.get("/account").status_code == 200
    assert browser.post("/account/password", form | {"present": PASSWORD}).status_code == 303
    assert [each.get("/account").status_code for each in (browser, other)] == [200, 303]


def test_an_account_switched_off_is_out_at_the_next_request(world: World) -> None:
    who = _with_password(world)
    browser = world.browser(who)
    assert browser.get("/account").status_code == 200
    grants.set_disabled(actor=world.manager, person=_row(who), disabled=True)
    assert browser.get("/account").status_code == 303
    assert _sign_in(world.browser()) == 422
    grants.set_disabled(actor=world.manager, person=_row(who), disabled=False)
    assert browser.get("/account").status_code == 303
    assert _sign_in(world.browser()) == 303


def test_an_account_that_is_off_or_erased_is_out_although_its_sign_in_stands(world: World) -> None:
    for column in ("disabled_at", "erased_at"):
        who = world.person()
        browser = world.browser(who)
        assert browser.get("/account").status_code == 200
        with transaction():
            setattr(db.session.get_one(Person, who.person_id), column, clock.now())
        assert browser.get("/account").status_code == 303


def test_an_account_switched_off_gets_no_reset(world: World) -> None:
    who = _with_password(world)
    grants.set_disabled(actor=world.manager, person=_row(who), disabled=True)
    accounts.ask_reset(actor=VISITOR, email="ada@example.org")
    assert db.session.scalar(select(func.count()).select_from(MailLink)) == 0


def test_a_sign_in_ends_by_itself(world: World) -> None:
    browser = world.browser(world.person())
    with transaction():
        row = db.session.scalars(select(SignIn)).one()
        row.expires_at = clock.now() - timedelta(seconds=1)
    assert browser.get("/account").status_code == 303


def test_demo_people_get_no_password(world: World) -> None:
    who = world.person("Demo")
    with transaction():
        db.session.get_one(Person, who.person_id).demo = True
    accounts.ask_reset(actor=VISITOR, email="demo@example.org")
    assert db.session.scalar(select(func.count()).select_from(MailLink)) == 0
    assert answer(lambda: accounts.change_password(actor=who, password_hash=HASH)) == "NotPossible demo_has_no_password"
    assert world.browser(who).post("/account/password", {"present": "", "password": PASSWORD}).status_code == 409
    assert db.session.scalar(select(func.count()).select_from(Credential)) == 0


def test_the_demo_door_is_shut_where_it_was_not_opened(world: World) -> None:
    assert [world.browser().get(f"/demo/{key}").status_code for key in ("sponsor", "expert", "manager")] == [404, 404, 404]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        " https://evil.example",
        "evil.example",
    ],
)
def test_a_sign_in_leads_nowhere_else(world: World, target: str) -> None:
    _with_password(world)
    form = {"email": "ada@example.org", "password": PASSWORD, "next": target}
    assert world.browser().post("/sign-in", form).headers["Location"] == "/"
    assert world.browser().post("/look", {"theme": "dark", "next": target}).headers["Location"] == "/"


def test_a_sign_in_leads_back_to_the_page_that_asked_for_it(world: World) -> None:
    _with_password(world)
    asked = world.browser().get("/my-ideas?after=x")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/sign-in?next=/my-ideas?after%3Dx")
    form = {"email": "ada@example.org", "password": PASSWORD, "next": "/my-ideas?after=x"}
    assert world.browser().post("/sign-in", form).headers["Location"] == "/my-ideas?after=x"
