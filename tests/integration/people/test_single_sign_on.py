"""Signing in by way of a provider: only what it proves is taken, and who is off there is off here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.kernel import clock, ids, openid
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.people import queries as people
from innovation.people.models import Credential, Department, EmailAddress, Person, ProviderAccount, SignIn
from innovation.people.routes.sessions import passwords
from innovation.people.service import accounts, domains, grants, single_sign_on
from innovation.settings import Settings, SettingsError, check, load
from tests.conftest import House, counting
from tests.services.openid import Provider, User
from tests.support.browser import Browser
from tests.support.pages import body
from tests.support.race import at_once
from tests.support.refusals import answer
from tests.support.world import World

PASSWORD = "a short sentence will do"
HASH = passwords.hash(PASSWORD)
KEY = "innovation.settings"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running: Provider, house: House) -> Iterator[Provider]:
    """The provider as this house's own, asked at every request."""
    fresh = {"claims": {}, "down": False, "refreshed": 0, "slow": 0.0, "offline": True, "published": running.key}
    for name, value in fresh.items():
        setattr(running, name, value)
    running.look, running.seen = lambda: None, []
    running.user = User("ada-1", "ada@corp.example")
    before = house.app.extensions[KEY]
    openid.forget()
    house.app.extensions[KEY] = dataclasses.replace(before, **running.settings, oidc_check_seconds=0, sign_up=False)
    yield running
    house.app.extensions[KEY] = before
    openid.forget()


def _set(world: World, **changes: Any) -> None:
    world.app.extensions[KEY] = dataclasses.replace(world.app.extensions[KEY], **changes)


def _domain(world: World, name: str = "corp.example", **changes: Any) -> None:
    said = {"circle": Circle.STAFF, "organisation": "Corp", "department": "Coatings", "by_provider": True} | changes
    domains.add(actor=world.manager, name=name, meaning=domains.Meaning(**said))


def _way(browser: Browser, provider: Provider) -> str:
    went = browser.get("/sign-in/provider")
    assert went.status_code == 303
    return provider.sign_in(went.headers["Location"])


def _come(browser: Browser, provider: Provider) -> int:
    return browser.get(_way(browser, provider)).status_code


def _in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


def _person(email: str = "ada@corp.example") -> Person | None:
    db.session.rollback()
    db.session.expire_all()
    return people.by_email(email)


def _standing(email: str = "ada@corp.example") -> tuple[str, str, str, str]:
    person = _person(email)
    assert person is not None
    found = people.circle_of(person.id)
    assert found is not None
    named = [row.name if row else "" for row in (found.organisation, found.department)]
    return (found.circle, named[0], named[1], found.verified_by)


def _count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _with_password(world: World, name: str, email: str) -> Actor:
    who = world.person(name)
    with transaction():
        address = db.session.scalars(select(EmailAddress).where(EmailAddress.person_id == who.person_id)).one()
        address.typed, address.key = email, people.email_key(email)
        db.session.add(Credential(person_id=who.person_id, kind="password", secret=HASH, changed_at=clock.now()))
    return who


# --- coming in -------------------------------------------------------------------------------------------------------


def test_somebody_of_a_known_domain_comes_in_and_stands_where_it_says(world: World, provider: Provider) -> None:
    _domain(world)
    browser = world.browser()
    page = browser.get("/sign-in")
    assert 'href="/sign-in/provider"' in body(page)
    assert "Sign in with Corp account" in body(page)
    assert _come(browser, provider) == 303
    assert _in(browser)
    assert _standing() == ("staff", "Corp", "Coatings", "provider")
    person = _person()
    assert person is not None
    assert (person.name, db.session.scalars(select(Credential.id)).all()) == ("Ada Lovelace", [])


def test_one_comes_back_to_the_page_that_asked_and_nowhere_else(world: World, provider: Provider) -> None:
    _domain(world)
    for target, led in (("/my-work", "/my-work"), ("https://evil.example", "/")):
        browser = world.browser()
        went = browser.get("/sign-in/provider", query_string={"next": target})
        back = browser.get(provider.sign_in(went.headers["Location"]))
        assert (back.status_code, back.headers["Location"]) == (303, led)


def test_a_second_time_is_the_same_person(world: World, provider: Provider) -> None:
    _domain(world)
    before = _count(Person)
    assert [_come(world.browser(), provider) for _ in range(2)] == [303, 303]
    assert (_count(Person) - before, _count(ProviderAccount)) == (1, 1)


def test_the_refresh_token_is_nowhere_to_be_read(world: World, provider: Provider) -> None:
    _domain(world)
    _come(world.browser(), provider)
    kept = db.session.scalars(select(SignIn.refresh_secret)).one()
    assert kept
    assert [token for token in provider._tokens if token in kept] == []


def test_a_domain_of_which_nothing_was_said_lets_nobody_in_unless_strangers_may_join(
    world: World, provider: Provider
) -> None:
    browser = world.browser()
    assert _come(browser, provider) == 403
    assert not _in(browser)
    assert (_person(), _count(ProviderAccount)) == (None, 0)
    _set(world, sign_up=True)
    assert _come(browser, provider) == 303
    assert _standing() == ("public", "", "", "sign_up")


@pytest.mark.parametrize("verified", [False, None, "false", 1, "yes"])
def test_an_address_that_the_provider_does_not_vouch_for_is_not_taken(
    world: World, provider: Provider, verified: Any
) -> None:
    _domain(world, by_provider=False)
    known = _with_password(world, "Known", "ada@corp.example")
    provider.user.verified = verified
    browser = world.browser()
    assert _come(browser, provider) == 403
    assert not _in(browser)
    assert (_count(ProviderAccount), people.linked_subject(known.person_id or 0, provider.issuer)) == (0, None)


def test_a_domain_that_is_the_providers_own_needs_no_such_claim(world: World, provider: Provider) -> None:
    _domain(world)
    provider.user.verified = None
    assert _come(world.browser(), provider) == 303


def test_who_has_the_address_already_is_recognised_and_keeps_what_is_his(world: World, provider: Provider) -> None:
    _domain(world)
    known = _with_password(world, "Known", "ada@corp.example")
    assert _come(world.browser(), provider) == 303
    person = _person()
    assert person is not None
    assert (person.id, person.name) == (known.person_id, "Known")
    assert people.linked_subject(person.id, provider.issuer) == "ada-1"


def test_a_second_account_with_the_same_address_is_refused(world: World, provider: Provider) -> None:
    _domain(world)
    assert _come(world.browser(), provider) == 303
    provider.user = User("somebody-else", "ada@corp.example")
    browser = world.browser()
    assert _come(browser, provider) == 403
    assert not _in(browser)
    assert db.session.scalars(select(ProviderAccount.subject)).all() == ["ada-1"]


def test_two_accounts_with_one_address_at_once_link_one(world: World, provider: Provider) -> None:
    _domain(world)
    _with_password(world, "Known", "ada@corp.example")

    def come(subject: str) -> Any:
        visitor = single_sign_on.Visitor(provider.issuer, subject, "ada@corp.example", True, "A", "", "s", "")
        return single_sign_on.come_in(actor=Actor(None), visitor=visitor, device="", language="en", strangers_welcome=False)

    results = at_once(
        world.app,
        [lambda n=n: come(f"subject-{n}") for n in range(4)],
        slow="FROM provider_account",  # type: ignore[misc]
    )
    assert sorted(type(each).__name__ for each in results) == ["Invalid", "Invalid", "Invalid", "str"]
    assert _count(ProviderAccount) == 1


def test_who_signed_up_with_somebody_elses_address_is_shut_out_when_its_owner_comes(
    world: World, provider: Provider
) -> None:
    accounts.sign_up(actor=Actor(None), name="Mallory", email="ada@corp.example", password_hash=HASH, language="en")
    link = world.link("confirm")
    _domain(world, by_provider=False)
    assert _come(world.browser(), provider) == 303
    person = _person()
    assert person is not None
    assert (person.name, _count(Credential)) == ("Ada Lovelace", 0)
    assert world.browser().get(link).status_code == 410
    form = {"email": "ada@corp.example", "password": PASSWORD}
    assert world.browser().post("/sign-in", form).status_code == 422


def test_somebody_switched_off_here_does_not_come_in(world: World, provider: Provider) -> None:
    _domain(world)
    _come(world.browser(), provider)
    person = _person()
    assert person is not None
    grants.set_disabled(actor=world.manager, person=person, disabled=True)
    browser = world.browser()
    assert _come(browser, provider) == 403
    assert not _in(browser)


def test_the_circle_follows_the_provider_at_each_sign_in(world: World, provider: Provider) -> None:
    _set(world, oidc_department_claim="department")
    _domain(world)
    provider.user.more = {"department": "Adhesives"}
    _come(world.browser(), provider)
    assert _standing() == ("staff", "Corp", "Adhesives", "provider")
    provider.user.more = {}
    _come(world.browser(), provider)
    assert _standing() == ("staff", "Corp", "Coatings", "provider")
    meaning = domains.Meaning(Circle.PARTNER, "Corp", "", True)
    domains.change(actor=world.manager, name="corp.example", meaning=meaning)
    provider.user.more = {"department": "Adhesives"}
    _come(world.browser(), provider)
    assert _standing() == ("partner", "Corp", "", "provider")
    domains.remove(actor=world.manager, name="corp.example")
    _come(world.browser(), provider)
    assert _standing() == ("public", "", "", "sign_up")
    assert db.session.scalars(select(Department.name).order_by(Department.name)).all() == ["Adhesives", "Coatings"]


def test_a_managers_word_stands_where_the_domain_says_nothing(world: World, provider: Provider) -> None:
    known = _with_password(world, "Known", "ada@corp.example")
    _come(world.browser(), provider)
    assert _standing()[0] == "staff"
    assert people.linked_subject(known.person_id or 0, provider.issuer) == "ada-1"


# --- what is not true ------------------------------------------------------------------------------------------------


def _refused(world: World, provider: Provider, *, status: int = 403) -> None:
    _domain(world)
    browser = world.browser()
    assert _come(browser, provider) == status
    assert not _in(browser)
    assert (_person(), _count(ProviderAccount)) == (None, 0)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"iss": "https://another.example"},
        {"exp": 1},
        {"sub": None},
        {"azp": "another-client", "aud": ["innovation", "another-client"]},
    ],
)
def test_a_token_made_for_another_occasion_is_refused(world: World, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    _refused(world, provider)


def test_a_token_signed_by_another_is_refused(world: World, provider: Provider) -> None:
    right = provider.key
    provider.new_key("one", publish=False)
    try:
        _refused(world, provider)
    finally:
        provider.key = right


def test_a_new_key_of_the_provider_is_found(world: World, provider: Provider) -> None:
    _domain(world)
    assert _come(world.browser(), provider) == 303
    openid._known[provider.issuer].keys_at -= timedelta(minutes=2)
    provider.new_key(ids.public_id())
    assert _come(world.browser(), provider) == 303


def test_a_way_that_this_browser_did_not_begin_is_refused(world: World, provider: Provider) -> None:
    _domain(world)
    mine, other = world.browser(), world.browser()
    back = _way(mine, provider)
    other.get("/sign-in/provider")
    assert [other.get(back).status_code, world.browser().get(back).status_code] == [400, 400]
    changed = back.replace("state=", "state=x")
    assert mine.get(changed).status_code == 400
    assert not _in(other)
    assert mine.get(back).status_code == 303


def test_a_way_is_used_once_and_not_for_ever(world: World, provider: Provider) -> None:
    _domain(world)
    browser = world.browser()
    back = _way(browser, provider)
    assert [browser.get(back).status_code, browser.get(back).status_code] == [303, 400]
    late = world.browser()
    back = _way(late, provider)
    with late.cookie() as session:
        ways = dict(session["provider_ways"])
        for way in ways.values():
            way["since"] -= 3600
        session["provider_ways"] = ways
    assert late.get(back).status_code == 400


def test_a_code_stolen_on_its_way_is_of_no_use(world: World, provider: Provider) -> None:
    """The thief's browser has another verifier."""
    _domain(world)
    mine, thief = world.browser(), world.browser()
    code = _way(mine, provider).partition("code=")[2].partition("&")[0]
    state = _way(thief, provider).partition("state=")[2]
    assert thief.get(f"/sign-in/provider/back?code={code}&state={state}").status_code == 403
    assert not _in(thief)


def test_an_answer_of_another_provider_or_a_refusal_there_lets_nobody_in(world: World, provider: Provider) -> None:
    _domain(world)
    browser = world.browser()
    assert browser.get(_way(browser, provider) + "&iss=https://another.example").status_code == 403
    state = _way(browser, provider).partition("state=")[2]
    assert browser.get(f"/sign-in/provider/back?error=access_denied&state={state}").status_code == 403
    assert not _in(browser)


def test_a_provider_that_is_down_is_said_to_be(world: World, provider: Provider) -> None:
    _domain(world)
    browser = world.browser()
    back = _way(browser, provider)
    provider.down = True
    assert browser.get(back).status_code == 503
    openid.forget()
    assert browser.get("/sign-in/provider").status_code == 503


def test_without_a_provider_its_doors_are_not_there(world: World) -> None:
    browser = world.browser()
    assert [browser.get(path).status_code for path in ("/sign-in/provider", "/sign-in/provider/back")] == [404, 404]
    assert browser.post("/sign-in/provider/logout").status_code == 404
    assert "/sign-in/provider" not in body(browser.get("/sign-in"))


# --- no passwords ----------------------------------------------------------------------------------------------------


def test_who_signs_in_at_the_provider_has_no_password_here(world: World, provider: Provider) -> None:
    who = _with_password(world, "Known", "ada@corp.example")
    form = {"email": "ada@corp.example", "password": PASSWORD}
    accounts.ask_reset(actor=Actor(None), email="ada@corp.example")
    link = world.link("reset")
    assert world.browser().post("/sign-in", form).status_code == 303
    _domain(world)
    page = world.browser().post("/sign-in", form)
    assert (page.status_code, "sign in with the button" in body(page)) == (422, True)
    assert world.browser().post("/password-reset", {"email": "ada@corp.example"}).status_code == 422
    assert world.browser().post(link, {"password": "quite another sentence"}).status_code == 409
    assert answer(lambda: accounts.change_password(actor=who, password_hash=HASH)) == "NotPossible signs_in_there"
    begin = answer(lambda: accounts.sign_in(actor=who, person_id=who.person_id or 0, device=""))
    assert begin == "NotPossible signs_in_there"
    up = answer(
        lambda: accounts.sign_up(actor=Actor(None), name="X", email="x@corp.example", password_hash=HASH, language="en")
    )
    assert up == "Invalid signs_in_there"


def test_an_unknown_address_of_such_a_domain_is_answered_like_a_known_one(world: World, provider: Provider) -> None:
    _with_password(world, "Known", "ada@corp.example")
    _domain(world)
    pages = [
        world.browser().post("/sign-in", {"email": each, "password": "not this one"})
        for each in ("ada@corp.example", "eve@corp.example")
    ]
    bodies = [body(page).replace("ada@", "eve@") for page in pages]
    assert ([page.status_code for page in pages], bodies[0] == bodies[1]) == ([422, 422], True)


def test_without_a_provider_such_a_domain_takes_passwords_again(world: World, provider: Provider) -> None:
    _with_password(world, "Known", "ada@corp.example")
    _domain(world)
    _set(world, oidc_issuer="", oidc_client_id="", oidc_client_secret="", oidc_name="")
    assert world.browser().post("/sign-in", {"email": "ada@corp.example", "password": PASSWORD}).status_code == 303


def test_the_account_page_offers_no_password(world: World, provider: Provider) -> None:
    _domain(world)
    browser = world.browser()
    _come(browser, provider)
    page = body(browser.get("/account"))
    assert ('action="/account/password"' in page, "you sign in with Corp account" in page) == (False, True)


# --- being off there -------------------------------------------------------------------------------------------------


def test_who_is_switched_off_there_is_off_here_at_the_next_request_on_every_device(world: World, provider: Provider) -> None:
    _domain(world)
    one, other = world.browser(), world.browser()
    assert [_come(each, provider) for each in (one, other)] == [303, 303]
    assert [_in(one), _in(one), _in(other)] == [True, True, True]
    provider.user.on = False
    assert not _in(one)
    provider.user.on = True  # the other device's own token would still be taken there
    assert not _in(other)
    assert db.session.scalars(select(SignIn.refresh_secret).where(SignIn.issuer != "")).all() == ["", ""]


def test_a_form_sent_by_somebody_switched_off_there_changes_nothing(world: World, provider: Provider) -> None:
    _domain(world)
    browser = world.browser()
    _come(browser, provider)
    provider.user.on = False
    form = {"name": "Changed", "job_title": "", "language": "en"}
    assert browser.post("/account", form).status_code == 403
    person = _person()
    assert person is not None
    assert person.name == "Ada Lovelace"


def test_the_provider_is_asked_no_more_often_than_said(world: World, provider: Provider) -> None:
    _set(world, oidc_check_seconds=60)
    _domain(world)
    browser = world.browser()
    _come(browser, provider)
    assert [_in(browser) for _ in range(3)] == [True, True, True]
    assert provider.refreshed == 0
    _age(minutes=2)
    assert [_in(browser) for _ in range(3)] == [True, True, True]
    assert provider.refreshed == 1


def _age(minutes: int) -> None:
    """Let the provider's last answer be some minutes old."""
    with transaction():
        row = db.session.scalars(select(SignIn).where(SignIn.issuer != "", SignIn.revoked_at.is_(None))).one()
        row.checked_at = clock.now() - timedelta(minutes=minutes)


def test_a_page_costs_no_more_when_there_is_nothing_to_ask(world: World, provider: Provider) -> None:
    _set(world, oidc_check_seconds=60)
    _domain(world)
    browser, plain = world.browser(), world.browser(world.person())
    _come(browser, provider)
    asked = []
    for each in (browser, plain):
        each.get("/inbox")
        with counting() as statements:
            each.get("/inbox")
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_many_requests_at_once_ask_the_provider_once(world: World, provider: Provider) -> None:
    _set(world, oidc_check_seconds=60)
    _domain(world)
    browser = world.browser()
    _come(browser, provider)
    _age(minutes=2)
    provider.slow = 0.3
    with browser.cookie() as session:
        cookie = dict(session)

    def ask() -> int:
        own = world.browser()
        with own.cookie() as mine:
            mine.update(cookie)
        return own.get("/account").status_code

    assert at_once(world.app, [ask] * 6) == [200] * 6
    assert provider.refreshed == 1


def test_no_connection_is_held_while_the_provider_is_asked(world: World, provider: Provider) -> None:
    _domain(world)
    browser = world.browser()
    _come(browser, provider)
    db.session.rollback()
    provider.look = db.engine.pool.checkedout  # type: ignore[attr-defined]  # a queue pool on both databases
    held = provider.look()
    assert _in(browser)
    browser.post("/account", {"name": "Changed", "job_title": "", "language": "en"})
    assert provider.seen == [held, held]


def test_a_provider_that_is_down_keeps_people_in_for_a_while_only(world: World, provider: Provider) -> None:
    _set(world, oidc_check_seconds=60, oidc_grace_minutes=15)
    _domain(world)
    browser = world.browser()
    _come(browser, provider)
    provider.down = True
    _age(minutes=14)
    assert [_in(browser), _in(browser)] == [True, True]
    _age(minutes=16)
    assert not _in(browser)
    provider.down = False
    openid.forget()
    assert not _in(browser)
    assert _come(browser, provider) == 303


def test_a_house_that_presents_itself_wrongly_throws_nobody_out_at_once(world: World, provider: Provider) -> None:
    _set(world, oidc_client_secret="not the secret")
    _domain(world)
    _set(world, oidc_client_secret=provider.settings["oidc_client_secret"])
    browser = world.browser()
    _come(browser, provider)
    _set(world, oidc_client_secret="not the secret")
    assert [_in(browser), _in(browser)] == [True, True]


def test_a_sign_in_that_cannot_be_asked_about_lasts_hours_only(world: World, provider: Provider) -> None:
    provider.offline = False
    _domain(world)
    browser = world.browser()
    _come(browser, provider)
    row = db.session.scalars(select(SignIn).where(SignIn.issuer != "")).one()
    assert row.expires_at - row.created_at == timedelta(hours=8)
    assert _in(browser)


def test_with_another_provider_every_sign_in_of_the_former_is_over(world: World, provider: Provider) -> None:
    _domain(world)
    browser = world.browser()
    _come(browser, provider)
    _set(world, oidc_issuer="https://another.example")
    assert not _in(browser)
    assert provider.refreshed == 0


# --- back-channel logout ---------------------------------------------------------------------------------------------


def _log_out(world: World, token: str) -> int:
    return world.browser().post("/sign-in/provider/logout", {"logout_token": token}).status_code


def _session(world: World) -> list[str]:
    return list(db.session.scalars(select(SignIn.provider_session).where(SignIn.issuer != "").order_by(SignIn.id)))


def test_the_provider_ends_one_session_or_everything_of_a_person(world: World, provider: Provider) -> None:
    _set(world, oidc_check_seconds=60)
    _domain(world)
    one, two, three = browsers = [world.browser() for _ in range(3)]
    for each in browsers:
        _come(each, provider)
    provider.user = User("bob-1", "bob@corp.example", name="Bob")
    bob = world.browser()
    _come(bob, provider)
    assert _log_out(world, provider.logout_token(sid=_session(world)[0])) == 200
    assert [_in(each) for each in (one, two, three, bob)] == [False, True, True, True]
    assert _log_out(world, provider.logout_token(sub="ada-1")) == 200
    assert [_in(each) for each in (one, two, three, bob)] == [False, False, False, True]


def test_a_logout_works_without_the_forms_protection_that_other_doors_have(world: World, provider: Provider) -> None:
    _set(world, oidc_check_seconds=60)
    _domain(world)
    browser = world.browser()
    _come(browser, provider)
    world.app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert _log_out(world, provider.logout_token(sub="ada-1")) == 200
        assert world.browser().post("/sign-in", {"email": "a@b.example", "password": "x"}).status_code == 422
    finally:
        world.app.config["WTF_CSRF_ENABLED"] = False
    assert not _in(browser)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"iss": "https://another.example"},
        {"events": {}},
        {"events": None},
        {"nonce": "a nonce"},
        {"iat": 1},
        {"iat": None},
        {"jti": None},
        {"sub": None},
    ],
)
def test_a_logout_that_is_none_of_the_providers_ends_nothing(
    world: World, provider: Provider, claims: dict[str, Any]
) -> None:
    _set(world, oidc_check_seconds=60)
    _domain(world)
    browser = world.browser()
    _come(browser, provider)
    assert _log_out(world, provider.logout_token(**({"sub": "ada-1"} | claims))) == 400
    assert _in(browser)


def test_a_forged_logout_ends_nothing_and_makes_nobody_ask_for_keys_again_and_again(
    world: World, provider: Provider
) -> None:
    _set(world, oidc_check_seconds=60)
    _domain(world)
    browser = world.browser()
    _come(browser, provider)
    right, asked_at = provider.key, openid._known[provider.issuer].keys_at
    try:
        provider.new_key("one", publish=False)
        assert [_log_out(world, provider.logout_token(sub="ada-1")) for _ in range(2)] == [400, 400]
        provider.new_key("unknown", publish=False)
        assert [_log_out(world, provider.logout_token(sub="ada-1")) for _ in range(2)] == [400, 400]
    finally:
        provider.key = right
    unsigned = "eyJhbGciOiJub25lIn0.e30."
    assert [_log_out(world, token) for token in ("", "x", unsigned)] == [400, 400, 400]
    assert openid._known[provider.issuer].keys_at == asked_at
    assert _in(browser)


# --- settings --------------------------------------------------------------------------------------------------------


def test_the_provider_is_set_whole_or_not_at_all() -> None:
    whole = {
        "INNOVATION_OIDC_ISSUER": "https://id.example",
        "INNOVATION_OIDC_CLIENT_ID": "x",
        "INNOVATION_OIDC_CLIENT_SECRET": "y",
        "INNOVATION_OIDC_NAME": "Corp",
        "SECRET_KEY": "k",
    }
    assert load(whole).oidc_name == "Corp"
    for name in [each for each in whole if each != "SECRET_KEY"]:
        with pytest.raises(SettingsError, match=name):
            load({key: value for key, value in whole.items() if key != name})
    with pytest.raises(SettingsError, match="https"):
        load(whole | {"INNOVATION_OIDC_ISSUER": "http://id.example"})


def test_strangers_do_not_join_unless_it_was_said() -> None:
    assert check(Settings(secret_key="k")).sign_up is False
