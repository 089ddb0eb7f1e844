"""Words that are said often: who keeps them, where they are offered, and what stays when they are taken away."""

from __future__ import annotations

import html
from typing import Any

import pytest

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Refused
from innovation.kernel.i18n import LANGUAGES
from innovation.rules.predicates import Role
from innovation.rules.sending import SendingAct
from innovation.steering.forms import ready
from innovation.steering.models import SavedReason
from innovation.steering.queries import reasons as reading
from innovation.steering.service import reasons
from tests.conftest import counting
from tests.integration.steering.conftest import Desk
from tests.support.world import World


def keep(
    who: Actor, programme: Any = None, title: str = "Too dear", act: str = "decline_idea", **changes: Any
) -> SavedReason:
    said: dict[str, Any] = {"text": "It costs too much.", "language": "en"} | changes
    return reasons.keep(actor=who, act=SendingAct(act), programme=programme, title=title, **said)


def offered(who: Actor, act: str = "decline_idea", programme_ids: Any = None) -> list[str]:
    db.session.rollback()
    return [each.title for each in reading.for_act(who, SendingAct(act), programme_ids)]


def test_reasons_are_offered_for_their_act_and_where_they_belong(world: World) -> None:
    here, there = world.programme("Here"), world.programme("There")
    keep(world.manager, None, "For all")
    keep(world.manager, here, "For here")
    keep(world.manager, there, "For there")
    keep(world.manager, None, "A question", act="return_idea")
    assert offered(world.manager) == ["For all", "For here", "For there"]
    assert offered(world.person(), programme_ids={here.id}) == ["For all", "For here"]
    assert offered(world.manager, "return_idea", {here.id}) == ["A question"]


def test_a_manager_keeps_those_of_his_programme_alone(world: World) -> None:
    here, there = world.programme("Here"), world.programme("There")
    boss = world.grant(world.person(), Role.MANAGER, "programme", here.id)
    mine = keep(boss, here)
    other = keep(world.manager, there)
    for programme in (None, there):
        with pytest.raises(Refused):
            keep(boss, programme)
    with pytest.raises(Refused):
        reasons.throw_away(actor=boss, reason=other)
    with pytest.raises(Refused):
        reasons.change(actor=boss, reason=mine, act=SendingAct.ANSWER, programme=there, title="x", text="y", language="en")
    db.session.rollback()
    assert reading.get(boss, other.public_id) is None
    assert reading.get(boss, mine.public_id) is not None


def test_nobody_else_keeps_any(world: World) -> None:
    with pytest.raises(Refused):
        keep(world.person(), world.programme())


def test_what_is_thrown_away_is_offered_no_longer_and_what_was_said_stays(desk: Desk) -> None:
    reason = keep(desk.world.manager, desk.programme)
    idea = desk.idea()
    made = desk.decide(idea, words=reason.text, reason=reason)
    reasons.throw_away(actor=desk.world.manager, reason=reason)
    assert offered(desk.sponsor, programme_ids={desk.programme.id}) == []
    desk.sent()
    assert desk.again(made).reason_id == reason.id
    assert desk.world.idea_again(idea).check_note == "It costs too much."


def test_the_pages_keep_change_and_throw_away(world: World) -> None:
    programme = world.programme("Glue")
    browser = world.browser(world.manager)
    form = {"act": "answer", "programme": programme.public_id, "language": "nl", "title": "Dik", "text": "Twee millimeter."}
    assert browser.post("/steering/reasons/new", form).status_code == 303
    (made,) = db.session.scalars(db.select(SavedReason)).all()
    assert (made.act, made.programme_id, made.language, made.text) == ("answer", programme.id, "nl", "Twee millimeter.")
    address = f"/steering/reasons/{made.public_id}"
    assert "Dik" in browser.get("/steering/reasons").get_data(as_text=True)
    page = html.unescape(browser.get(address).get_data(as_text=True))
    assert "Twee millimeter." in page
    assert f'selected value="{programme.public_id}"' in page
    assert browser.post(address, form | {"title": "Dikte", "programme": ""}).status_code == 303
    db.session.refresh(made)
    assert (made.title, made.programme_id) == ("Dikte", None)
    assert browser.post(address, form | {"text": " "}).status_code == 422
    assert browser.post(f"{address}/removal").status_code == 303
    assert browser.get(address).status_code == 404


def test_ready_ones_are_offered_in_both_languages_until_the_house_has_its_own(world: World) -> None:
    browser = world.browser(world.manager)
    page = html.unescape(browser.get("/steering/reasons").get_data(as_text=True))
    assert "It lies outside the question" in page
    begun = browser.get("/steering/reasons/new?act=decline_idea&ready=ready:outside:en").get_data(as_text=True)
    assert "The idea lies outside what this question is about" in html.unescape(begun)
    assert browser.get("/steering/reasons/new?act=nonsense&ready=x").status_code == 200


@pytest.mark.parametrize("act", list(SendingAct))
def test_every_act_has_ready_reasons_in_every_language(world: World, act: SendingAct) -> None:

    with world.app.test_request_context():
        found = ready.for_act(act)
    assert {each.language for each in found} == set(LANGUAGES)
    assert len({each.name for each in found}) == len(found) >= 4


def test_a_longer_list_asks_no_more(world: World) -> None:
    browser = world.browser(world.manager)
    keep(world.manager)
    browser.get("/steering/reasons")
    with counting() as few:
        browser.get("/steering/reasons")
    for number in range(20):
        keep(world.manager, title=f"Reason {number}")
    with counting() as many:
        browser.get("/steering/reasons")
    assert len(few) == len(many)
