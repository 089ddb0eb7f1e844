"""A message may carry the way back: kept as data, drawn as a form that needs no script."""

from __future__ import annotations

import re

from flask import Flask

from innovation.kernel.web import told, way_back
from tests.support.world import World

TEXT = "## Why\n\nA **thin** layer & <script>alert(1)</script>\n\n- one\n- two\n\nhttps://example.org"


def test_what_the_address_has_no_place_for_becomes_a_field(world: World) -> None:
    with world.app.test_request_context():
        found = way_back("voting.vote", {"public_id": "abc", "value": 1, "next": "/x"})
    assert found == {"url": "/ideas/abc/vote", "fields": {"value": "1", "next": "/x"}}


def test_a_message_is_drawn_with_its_way_back_and_nothing_in_it_is_markup(world: World) -> None:
    who = world.browser(world.person())
    _plant(world.app, who)
    page = who.get("/keyboard").get_data(as_text=True)
    form = re.search(r'<form class="undo" action="/ideas/abc/vote" method="post">(.*?)</form>', page, re.S)
    assert form is not None
    assert 'name="csrf_token"' in form[1]
    assert 'name="value" value="&#34;&gt;&lt;b&gt;"' in form[1]
    assert "The idea &lt;b&gt; is gone." in page
    assert 'class="undo"' not in who.get("/keyboard").get_data(as_text=True)  # it lasts until the page is left


def _plant(app: Flask, who: object) -> None:
    with who.cookie() as session, app.test_request_context():  # type: ignore[attr-defined]
        from flask import session as own

        told("The idea <b> is gone.", "good", ("voting.vote", {"public_id": "abc", "value": '"><b>'}))
        session["_flashes"] = own["_flashes"]


def test_a_vote_without_script_can_be_taken_back(world: World) -> None:
    idea = world.idea(world.ballot("yes_no"))
    browser = world.browser(world.person())
    path = f"/ideas/{idea.public_id}/vote"
    here = f"/ideas/{idea.public_id}"
    browser.post(path, {"value": "-1", "next": here})
    browser.get(here)
    browser.post(path, {"value": "1", "next": here})
    page = browser.get(here).get_data(as_text=True)
    form = re.search(rf'<form class="undo" action="{path}".*?</form>', page, re.S)
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    assert (fields["value"], fields["next"]) == ("-1", here)
    browser.post(path, fields)
    assert 'value="-1" aria-pressed="true"' in browser.get(here).get_data(as_text=True)


def test_the_answer_to_a_vote_offers_the_vote_before(world: World) -> None:
    idea = world.idea(world.ballot("points", budget=10))
    browser = world.browser(world.person())
    path, asked = f"/ideas/{idea.public_id}/vote", {"HX-Request": "true"}
    assert 'name="value" value="0">Undo' in browser.post(path, {"value": "3"}, headers=asked).get_data(as_text=True)
    again = browser.post(path, {"value": "5"}, headers=asked).get_data(as_text=True)
    assert 'name="value" value="3">Undo' in again
    # The button comes after the field of points: what was pressed is what counts.
    back = browser.post(path, {"value": ["5", "3"]}, headers=asked).get_data(as_text=True)
    assert 'name="value" value="5">Undo' in back
    assert 'type="number" name="value" value="3"' in back
    same = browser.post(path, {"value": "3"}, headers=asked).get_data(as_text=True)
    assert "Undo" not in same


def test_a_preview_reads_as_the_page_will(world: World) -> None:
    author = world.person()
    idea = world.idea(world.challenge(), author, text=TEXT)
    browser = world.browser(author)
    shown = browser.post("/preview", {"text": TEXT}, headers={"HX-Request": "true"}).get_data(as_text=True)
    inner = re.search(r'<div class="markdown">(.*)</div>', shown, re.S)
    assert inner is not None
    assert inner[1].strip() in browser.get(f"/ideas/{idea.public_id}").get_data(as_text=True)
    assert "<script" not in shown
    whole = browser.post("/preview", {"preview": "must", "must": TEXT}).get_data(as_text=True)
    assert inner[1].strip() in whole
    listed = browser.post("/preview?shape=points", {"text": "One\nTwo"}, headers={"HX-Request": "true"})
    assert "<li>One</li>" in listed.get_data(as_text=True)
    assert world.browser().post("/preview", {"text": "x"}).status_code == 403


def test_a_merge_is_shown_before_it_is_done(world: World) -> None:
    challenge = world.challenge()
    one, other = world.idea(challenge, title="The one that goes"), world.idea(challenge, title="The one that stays")
    boss = world.browser(world.manager)
    path = f"/ideas/{one.public_id}/merging"
    shown = boss.post(path, {"into": other.public_id})
    assert shown.status_code == 200
    assert "The one that stays" in shown.get_data(as_text=True)
    assert world.idea_again(one).state == "submitted"
    assert boss.post(path, {"into": other.public_id, "checked": one.public_id}).status_code == 200
    assert world.idea_again(one).state == "submitted"
    assert boss.post(path, {"into": other.public_id, "checked": other.public_id}).status_code == 303
    assert world.idea_again(one).state == "merged"
