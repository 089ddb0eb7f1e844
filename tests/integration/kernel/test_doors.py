"""The frame around every page: forms that count once, headers, hosts, and answers that give nothing away."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from innovation.ideas.models import Idea
from innovation.kernel import web
from innovation.kernel.actor import Circle
from innovation.kernel.db import db
from innovation.kernel.web import Idempotency
from tests.support.pages import body
from tests.support.world import World


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


# --- the same form sent twice --------------------------------------------------------------------------------------


def test_the_same_form_twice_makes_one_row_and_the_same_address(world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    path, form = f"/challenges/{challenge.public_id}/ideas/new", {"title": "Once", "text": "It.", "once": "a" * 32}
    first, second = (browser.post(path, form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert (count(Idea), count(Idempotency)) == (1, 1)


def test_a_key_used_for_another_body_or_another_page_is_refused(world: World) -> None:
    challenge, other, browser = world.challenge(), world.challenge(), world.browser(world.person())
    form = {"title": "Once", "text": "It.", "once": "a" * 32}
    path = f"/challenges/{challenge.public_id}/ideas/new"
    assert browser.post(path, form).status_code == 303
    assert browser.post(path, form | {"text": "Another."}).status_code == 422
    assert browser.post(f"/challenges/{other.public_id}/ideas/new", form).status_code == 422
    assert db.session.scalars(select(Idea.text)).all() == ["It."]


def test_a_form_without_a_key_counts_each_time(world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    for _ in range(2):
        browser.post(f"/challenges/{challenge.public_id}/ideas/new", {"title": "Again", "text": "It."})
    assert (count(Idea), count(Idempotency)) == (2, 0)


def test_a_refused_form_leaves_its_key_unused(world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    path = f"/challenges/{challenge.public_id}/ideas/new"
    assert browser.post(path, {"title": "T" * 999, "text": "", "once": "a" * 32}).status_code == 422
    assert (count(Idea), count(Idempotency)) == (0, 0)


def test_every_form_page_offers_a_fresh_key(world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    keys = set()
    for _ in range(3):
        page = browser.get(f"/challenges/{challenge.public_id}/ideas/new").get_data(as_text=True)
        field = re.search(r'<input[^>]*name="once"[^>]*>', page)
        assert field is not None
        found = re.search(r'value="([^"]+)"', field[0])
        assert found is not None
        keys.add(found[1])
    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}


def test_old_keys_are_forgotten(world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    browser.post(f"/challenges/{challenge.public_id}/ideas/new", {"title": "Once", "text": "It.", "once": "a" * 32})
    web.forget_old_answers()
    assert count(Idempotency) == 1
    web.forget_old_answers(hours=0)
    assert count(Idempotency) == 0


# --- forgery -------------------------------------------------------------------------------------------------------


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application with the protection on that the other tests do without."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def _token(page: str) -> str:
    field = re.search(r'<input[^>]*name="csrf_token"[^>]*>', page)
    assert field is not None
    found = re.search(r'value="([^"]+)"', field[0])
    assert found is not None
    return found[1]


def test_a_form_without_its_token_is_refused(guarded: Flask, world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    path, form = f"/challenges/{challenge.public_id}/ideas/new", {"title": "Forged", "text": "It."}
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "made-up"}):
        assert browser.post(path, form | token).status_code == 422
    assert count(Idea) == 0


def test_a_token_of_another_browser_is_refused(guarded: Flask, world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    path = f"/challenges/{challenge.public_id}/ideas/new"
    stolen = _token(world.browser(world.person()).get(path).get_data(as_text=True))
    assert browser.post(path, {"title": "Forged", "text": "It.", "csrf_token": stolen}).status_code == 422
    assert count(Idea) == 0


def test_a_form_with_its_token_goes_through(guarded: Flask, world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    path = f"/challenges/{challenge.public_id}/ideas/new"
    token = _token(browser.get(path).get_data(as_text=True))
    assert browser.post(path, {"title": "Mine", "text": "It.", "csrf_token": token}).status_code == 303
    assert count(Idea) == 1


def test_every_post_route_is_protected(guarded: Flask, client: FlaskClient) -> None:
    """Also those that need no form of their own: signing out, choosing a theme, voting. A mail program sends no token of
    ours when somebody ends a kind of mail by one click (RFC 8058): there the signed address is what is checked. Nor does
    the sign-in provider when it ends a session: there its signed logout token is.
    """
    posts = [rule for rule in guarded.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(posts) > 20
    open_ones = []
    for rule in posts:
        path = re.sub(r"<any\((\w+)[^<>]*>", r"\1", re.sub(r"<int[^<>]*>", "1", rule.rule))
        if client.post(re.sub(r"<[^<>]+>", "x", path)).status_code != 422:
            open_ones.append(rule.rule)
    assert sorted(open_ones) == ["/sign-in/provider/logout", "/unsubscribe/<token>"]


# --- headers and hosts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/challenges", "/sign-in", "/no-such-page", "/admin/deliveries", "/health"])
def test_every_answer_carries_the_security_headers(path: str, client: FlaskClient) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_pages_of_somebody_signed_in_are_not_stored(world: World) -> None:
    assert world.browser(world.person()).get("/challenges").headers["Cache-Control"] == "no-store"
    assert world.browser().get("/challenges").headers["Cache-Control"] == "private, no-cache"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    cookie = world.browser().get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000"])
def test_a_foreign_host_is_refused(host: str, client: FlaskClient) -> None:
    for path in ("/", "/sign-in", "/health"):
        assert client.get(path, headers={"Host": host}).status_code == 400


def test_own_hosts_are_answered_on_any_port(client: FlaskClient) -> None:
    for host in ("127.0.0.1", "127.0.0.1:8000", "localhost:5000"):
        assert client.get("/health", headers={"Host": host}).status_code == 200


def test_a_forwarded_host_is_not_believed(client: FlaskClient) -> None:
    """Without a proxy the header means nothing; behind one, a foreign host is refused like any other."""
    page = client.get("/sign-in", headers={"X-Forwarded-Host": "evil.example"})
    assert page.status_code in {200, 400}
    assert "evil.example" not in page.get_data(as_text=True)


# --- what cannot be seen is not there --------------------------------------------------------------------------------


def test_hidden_and_absent_answer_alike(world: World) -> None:
    """Same status, same headers, same page but for the address asked for."""
    draft = world.draft_challenge(world.person())
    sealed = world.idea(world.sealed())
    unsent = world.draft_idea(world.challenge(), world.person())
    hidden = [
        f"/challenges/{draft.public_id}",
        f"/challenges/{draft.public_id}/ideas",
        f"/ideas/{sealed.public_id}",
        f"/ideas/{sealed.public_id}/revisions",
        f"/ideas/{unsent.public_id}",
        f"/ideas/{unsent.public_id}/edit",
    ]
    for browser in (world.browser(), world.browser(world.person()), world.browser(world.person("", Circle.PUBLIC))):
        for path in hidden:
            absent = path.replace(path.split("/")[2], "0" * 10)
            one, other = browser.get(path), browser.get(absent)
            assert (one.status_code, other.status_code) == (404, 404), path
            assert body(one).replace(path, "") == body(other).replace(absent, ""), path
            assert {k: v for k, v in one.headers if k not in {"Set-Cookie", "Date"}} == {
                k: v for k, v in other.headers if k not in {"Set-Cookie", "Date"}
            }, path


def test_hidden_and_absent_answer_alike_to_a_form(world: World) -> None:
    draft = world.draft_challenge(world.person())
    browser = world.browser(world.person())
    one = browser.post(f"/challenges/{draft.public_id}/ideas/new", {"title": "Guess", "text": ""})
    other = browser.post("/challenges/0000000000/ideas/new", {"title": "Guess", "text": ""})
    assert (one.status_code, other.status_code) == (404, 404)
    assert body(one).replace(draft.public_id, "") == body(other).replace("0000000000", "")


def test_a_visitor_is_asked_to_sign_in_and_comes_back(world: World) -> None:
    answer = world.browser().get("/my-work?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/my-work?x%3D1")


@pytest.mark.parametrize("path", ["/", "/challenges", "/projects", "/sign-in", "/health", "/no-such-page"])
def test_head_answers_like_get_without_a_body(path: str, client: FlaskClient) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.get_data()) == (got.status_code, b"")
    assert head.content_type == got.content_type


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
def test_other_methods_are_refused(method: str, client: FlaskClient) -> None:
    assert client.open("/challenges", method=method.upper()).status_code == 405


@pytest.mark.parametrize("path", ["/challenges?show=%00", "/challenges/%00", "/sign-in?next=%00"])
def test_null_characters_are_a_bad_request(path: str, client: FlaskClient) -> None:
    assert client.get(path).status_code == 400


def _cursor(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


_MOMENT = {"t": "2026-01-01T00:00:00+00:00"}
_CURSORS = [
    "x",
    "%",
    "é",
    "A" * 5000,
    "_" * 9,
    *map(
        _cursor,
        [
            None,
            {},
            [],
            [1],
            [1, 2],
            ["a", "b"],
            [None, None],
            [[], {}],
            [_MOMENT, "1"],
            [_MOMENT, None],
            [_MOMENT, 1.5],
            [_MOMENT, True],
            [_MOMENT, 2**70],
            [_MOMENT, [1]],
            [{"t": "2026-01-01T00:00:00"}, 1],
            [{"t": "0001-01-01T00:00:00+14:00"}, 1],
            [{"t": 5}, 1],
            [{"x": 5}, 1],
            [float("nan"), 1],
            ["a\x00b", 1],
            ["\ud800", 1],
        ],
    ),
]


@pytest.mark.parametrize("path", ["/challenges", "/projects", "/people", "/my-ideas", "/inbox", "/admin/deliveries"])
def test_an_unreadable_cursor_is_the_first_page(path: str, world: World) -> None:
    browser = world.browser(world.manager)
    first = body(browser.get(path))
    assert "<html" in first
    for cursor in _CURSORS:
        page = browser.get(path, query_string={"after": cursor})
        assert page.status_code == 200, cursor


def test_a_deeply_nested_cursor_is_the_first_page(world: World) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 100_000).decode().rstrip("=")
    assert world.browser().get("/challenges", query_string={"after": deep}).status_code in {200, 414}


# --- where a sign-in may lead --------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["/", "/my-work", "/challenges?show=open&after=x", "/ideas/abc#text", "/a//b"])
def test_an_address_inside_is_followed(target: str) -> None:
    assert web.safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "my-work",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "https://evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example",
        "\t//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        "mailto:a@b.example",
    ],
)
def test_an_address_outside_is_not_followed(target: str | None) -> None:
    assert web.safe_next(target) is None


def test_the_sign_in_form_does_not_carry_an_address_outside(client: FlaskClient) -> None:
    for target, carried in (("https://evil.example/", False), ("//evil.example/", False), ("/my-work", True)):
        page = client.get("/sign-in", query_string={"next": target}).get_data(as_text=True)
        assert (f'value="{target}"' in page) is carried
