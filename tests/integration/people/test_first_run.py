"""The first administrator of an empty house: one link, one use, one day; and a page that pretends nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from innovation.kernel import clock
from innovation.kernel.actor import VISITOR, Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.people import queries as people
from innovation.people.models import CircleMembership, Person, SetupLink
from innovation.people.service import first_run, house_settings
from innovation.rules import colours
from innovation.rules.predicates import Role
from tests.support import samples
from tests.support.pages import body
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World

FORM = {"name": "Ada", "email": "ada@corp.example", "password": "a short sentence will do"}
FIRST = "/administration/first-run"


def _token() -> str | None:
    return first_run.make_link(actor=house(Origin.CLI))


def _begin(token: str | None, email: str = "ada@corp.example") -> Any:
    return first_run.begin(actor=VISITOR, token=token or "", name="Ada", email=email, password_hash="hash", language="en")


def _administrators() -> int:
    db.session.rollback()
    return len(people.holders(Role.ADMINISTRATOR, "host", 0))


def test_the_link_makes_the_first_administrator_who_is_led_to_what_is_to_be_done(world: World) -> None:
    browser, path = world.browser(), f"/first-run/{_token()}"
    assert [browser.get(path).status_code for _ in range(3)] == [200, 200, 200]
    assert browser.post(path, FORM | {"password": "short"}).status_code == 422
    done = browser.post(path, FORM)
    assert (done.status_code, done.headers["Location"]) == (303, FIRST)
    assert browser.get(FIRST).status_code == 200
    person = people.by_email("ada@corp.example")
    assert person is not None
    assert {grant.role for grant in people.grants_of(person.id)} == {"administrator", "manager"}
    circle = db.session.scalars(select(CircleMembership.circle)).all()
    assert circle == ["staff"]
    assert (browser.post("/sign-out").status_code, world.browser().post("/sign-in", FORM).status_code) == (303, 303)


def test_the_link_works_once(world: World) -> None:
    path = f"/first-run/{_token()}"
    assert world.browser().post(path, FORM).status_code == 303
    again = FORM | {"email": "eve@corp.example"}
    assert [world.browser().get(path).status_code, world.browser().post(path, again).status_code] == [410, 410]
    assert _administrators() == 1


def test_sixteen_at_once_make_one_administrator(world: World) -> None:
    token = _token()
    results = at_once(
        world.app,
        [lambda n=n: _begin(token, f"ada{n}@corp.example") for n in range(16)],  # type: ignore[misc]
        slow="FROM role_grant",
    )
    assert sorted(spelled(each) for each in results) == ["Invalid link_spent"] * 15 + ["int"]
    assert (_administrators(), db.session.scalar(select(func.count()).select_from(Person))) == (1, 1)


def test_the_link_is_good_for_a_day(world: World) -> None:
    token = _token()
    with transaction():
        db.session.scalars(select(SetupLink)).one().expires_at = clock.now() - timedelta(seconds=1)
    assert world.browser().get(f"/first-run/{token}").status_code == 410
    assert answer(lambda: _begin(token)) == "Invalid link_spent"
    row = db.session.scalars(select(SetupLink)).one()
    assert row.expires_at - row.made_at < timedelta(hours=24, seconds=1)


def test_it_never_works_where_there_is_an_administrator(world: World) -> None:
    token = _token()
    assert world.manager.administrator
    assert world.browser().get(f"/first-run/{token}").status_code == 410
    assert answer(lambda: _begin(token)) == "Invalid link_spent"
    assert _token() is None


def test_a_new_link_ends_the_one_before(world: World) -> None:
    first, second = _token(), _token()
    assert [world.browser().get(f"/first-run/{each}").status_code for each in (first, second)] == [410, 200]


def test_a_made_up_link_leads_nowhere(world: World) -> None:
    assert world.browser().get("/first-run/made-up").status_code == 410
    assert answer(lambda: _begin("")) == "Invalid link_spent"


def test_only_the_links_digest_is_kept(world: World) -> None:
    token = _token()
    assert token is not None
    assert token not in db.session.scalars(select(SetupLink.token_digest)).one()


def test_an_address_that_is_known_is_said_at_its_field_and_the_link_stays_good(world: World) -> None:
    world.person("Ada")
    path = f"/first-run/{_token()}"
    page = world.browser().post(path, FORM | {"email": "ada@example.org"})
    assert (page.status_code, 'value="ada@example.org"' in body(page)) == (422, True)
    assert world.browser().post(path, FORM).status_code == 303


def test_the_command_prints_a_link_as_long_as_there_is_no_administrator(world: World) -> None:
    runner = world.app.test_cli_runner()
    printed = runner.invoke(args=["first-link"])
    assert (printed.exit_code, printed.output.startswith("http://127.0.0.1:8000/first-run/")) == (0, True)
    db.session.rollback()
    _begin(printed.output.strip().rpartition("/")[2])
    assert runner.invoke(args=["first-link"]).exit_code == 1


# --- the page --------------------------------------------------------------------------------------------------------


def test_only_an_administrator_sees_the_page(world: World) -> None:
    manager = world.grant(world.person(), Role.MANAGER)
    assert [world.browser(who).get(FIRST).status_code for who in (manager, world.manager)] == [403, 200]


def _found(world: World) -> dict[str, str]:
    from innovation.admin import queries

    found = queries.findings(world.settings, "http://127.0.0.1:8000")
    db.session.rollback()
    return {each.about: f"{each.tone} {each.code}" for each in found}


def test_what_nobody_did_yet_is_not_in_order(world: World) -> None:
    assert _found(world) == {
        "address": "good same",
        "line": "note own_machine",
        "mail": "wait no_server",
        "name": "wait nameless",
        "sign_in": "note no_domain",
        "terms": "wait missing",
        "privacy": "wait missing",
        "backup": "wait unsaid",
        "clock": "stop never",
        "worker": "note unknown",
    }


def test_the_page_says_so_when_it_was_opened_at_another_address(world: World) -> None:
    page = body(world.browser(world.manager).get(FIRST, base_url="http://localhost:8123"))
    assert "http://localhost:8123, but mails link to http://127.0.0.1:8000" in page


def test_the_name_is_said_on_the_page_and_stands_on_every_page_at_once(world: World) -> None:
    browser = world.browser(world.manager)
    assert browser.post(FIRST, {"name": "", "about": ""}).status_code == 422
    assert browser.post(FIRST, {"name": "Corp & Sons", "about": "We ask."}).status_code == 303
    assert "Corp &amp; Sons" in body(browser.get("/keyboard"))
    assert _found(world)["name"] == "good named"


def test_a_test_mail_goes_to_oneself_and_what_was_said_is_shown(world: World) -> None:
    browser = world.browser(world.manager)
    assert browser.post(f"{FIRST}/test-mail").status_code == 303
    assert [letter.to for letter in world.letters()] == ["manager@example.org"]
    assert _found(world)["mail"] == "wait written"
    before = world.settings
    # Nobody listens there.
    world.app.extensions["innovation.settings"] = replace(before, smtp_url="smtp://127.0.0.1:9")
    try:
        assert _found(world)["mail"] == "wait untried"
        assert browser.post(f"{FIRST}/test-mail").status_code == 303
        assert "ConnectionRefusedError" in body(browser.get(FIRST))
        assert _found(world)["mail"] == "stop refused"
    finally:
        world.app.extensions["innovation.settings"] = before


def test_a_clock_and_a_worker_that_run_are_seen(world: World) -> None:
    from innovation.kernel.queue import tick

    tick(world.app)
    people_before = _found(world)
    assert people_before["clock"] == "good alive"
    house_settings.say(actor=world.manager, what="terms", text="Be kind.")
    world.settle()
    assert _found(world)["terms"] == "good given"


# --- terms and privacy notice ----------------------------------------------------------------------------------------


def test_terms_are_read_by_everybody_with_their_versions(world: World) -> None:
    browser, visitor = world.browser(world.manager), world.browser()
    assert [visitor.get(path).status_code for path in ("/terms", "/privacy")] == [404, 404]
    assert 'href="/terms"' not in body(visitor.get("/keyboard"))
    edit = "/administration/texts/terms"
    for text in ("## Be kind\n\n<script>x</script>", "Be *very* kind.", "Be *very* kind."):
        assert browser.post(edit, {"text": text}).status_code == 303
    page = body(visitor.get("/terms"))
    assert ("Be <em>very</em> kind." in page, "Version 2, since" in page) == (True, True)
    earlier = body(visitor.get("/terms?version=1"))
    assert ("Be kind</h2>" in earlier, "<script>x" in earlier) == (True, False)
    assert [visitor.get(f"/terms?version={n}").status_code for n in ("0", "3", "x", "²", "9" * 30)] == [404] * 5
    assert 'href="/terms"' in body(visitor.get("/keyboard"))
    assert visitor.get("/privacy").status_code == 404


def test_only_an_administrator_gives_texts_and_only_those_there_are(world: World) -> None:
    manager = world.grant(world.person(), Role.MANAGER)
    path = "/administration/texts/privacy"
    assert world.browser(manager).post(path, {"text": "x"}).status_code == 403
    assert world.browser(world.manager).get("/administration/texts/other").status_code == 404
    assert world.browser(world.manager).post(path, {"text": " "}).status_code == 422


def _look(world: World, **sent: Any) -> Any:
    browser = world.browser(world.manager)
    return browser.post(f"{FIRST}/look", {"accent": "", **sent}, content_type="multipart/form-data")


def test_a_house_appears_in_its_own_colour_and_under_its_own_logo(world: World) -> None:
    with_place = samples.telling()
    done = _look(world, accent="0B5C8A", logo=(BytesIO(with_place), "logo.jpg"))
    assert (done.status_code, done.headers["Location"].split("#")[0]) == (303, FIRST)
    page = world.browser().get("/").get_data(as_text=True)
    sheet, logo = re.findall(r'"(/house/[^"]+)"', page)
    assert world.browser().get(sheet).get_data(as_text=True) == ":root { --accent: #0b5c8a; }\n"
    shown = world.browser().get(logo)
    assert (shown.mimetype, shown.headers["Cache-Control"]) == ("image/jpeg", "public, max-age=31536000, immutable")
    picture = Image.open(BytesIO(shown.data))
    assert (max(picture.size) <= 480, dict(picture.getexif())) == (True, {})
    # Saying another colour leaves the logo; taking it away leaves the colour.
    assert _look(world, accent="#123456").status_code == 303
    assert re.findall(r'"(/house/[^"]+)"', world.browser().get("/").get_data(as_text=True)) == [
        "/house/123456/look.css",
        logo,
    ]
    assert _look(world, accent="#123456", without_logo="y").status_code == 303
    assert re.findall(r'"(/house/[^"]+)"', world.browser().get("/").get_data(as_text=True)) == ["/house/123456/look.css"]
    assert world.browser().get(logo).status_code == 404


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"accent": "red; } body { display: none"}, "accent"),
        ({"logo": (b"%PDF-1.4 no picture", "logo.pdf")}, "logo"),
        ({"logo": (b"<svg/>", "logo.svg")}, "logo"),
        ({"logo": (b"nothing that is known", "logo.png")}, "logo"),
    ],
)
def test_what_is_no_colour_or_no_picture_is_refused_at_its_field(world: World, sent: dict[str, Any], field: str) -> None:
    files = {name: (BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value for name, value in sent.items()}
    refused = _look(world, **({"accent": "#0b5c8a"} | files))
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert f'id="{field}-error"' in page
    assert ('value="#0b5c8a"' in page) == (field == "logo")  # what was typed stays
    assert people.house_look() == people.Look()


def test_only_an_administrator_says_how_a_house_appears(world: World) -> None:
    assert world.browser(world.person()).post(f"{FIRST}/look", {"accent": "#0b5c8a"}).status_code == 403
    assert world.browser().get("/house/0000000000000000/logo").status_code == 404
    assert [world.browser().get(f"/house/{name}/look.css").status_code for name in ("red", "0B5C8A", "fff")] == [404] * 3


def test_a_mail_is_in_the_house_s_colour_as_far_as_it_can_be_read(world: World) -> None:
    assert _look(world, accent="#ffee00").status_code == 303
    world.browser().post("/sign-up", FORM)
    world.settle()
    shade = colours.darkened("#ffee00")
    assert world.letters()[-1].html.count(shade) >= 1
    assert "#ffee00" not in world.letters()[-1].html
