"""From a list's selection to the mails: the writing page, the preview, the ten minutes, and who sees what of it."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.ideas.models import Idea
from innovation.kernel.db import db
from innovation.rules.sending import SendingAct
from innovation.steering.models import Sending
from innovation.steering.service import reasons, sendings
from tests.conftest import counting
from tests.integration.steering.conftest import Desk
from tests.support.browser import Browser


def _read(answer: Any) -> str:
    return html.unescape(answer.get_data(as_text=True))


def _form(*ideas: Idea, **more: str) -> dict[str, Any]:
    return {"chosen": [f"idea:{each.public_id}" for each in ideas]} | more


def _once(page: str) -> str:
    found = re.search(r'name="once"[^>]* value="([^"]+)"', page)
    assert found is not None
    return found[1]


def _sponsor(desk: Desk) -> Browser:
    return desk.world.browser(desk.sponsor)


def test_a_selection_opens_the_writing_page_with_each_of_them(desk: Desk) -> None:
    one, other = desk.idea(title="Blue glue"), desk.idea(title="Red glue")
    answer = _sponsor(desk).post("/steering/decline_idea", _form(one, other))
    page = _read(answer)
    assert answer.status_code == 200
    assert "<h1>Turn 2 ideas down</h1>" in page
    assert all(title in page for title in ("Blue glue", "Red glue"))
    assert page.count('name="chosen"') == 2


def test_a_link_opens_it_too(desk: Desk) -> None:
    idea = desk.idea(title="Blue glue")
    answer = _sponsor(desk).get(f"/steering/return_idea?chosen=idea:{idea.public_id}")
    assert (answer.status_code, "Blue glue" in _read(answer)) == (200, True)


@pytest.mark.parametrize("chosen", [[], ["nonsense"], ["idea:", ":x"]])
def test_nothing_chosen_says_so(desk: Desk, chosen: list[str]) -> None:
    answer = _sponsor(desk).post("/steering/decline_idea", {"chosen": chosen})
    assert (answer.status_code, "Nothing is chosen" in _read(answer)) == (200, True)


def test_there_is_no_other_act(desk: Desk) -> None:
    assert _sponsor(desk).get("/steering/promote_idea").status_code == 404


def test_what_is_not_his_is_named_without_its_title_and_the_rest_goes_on(desk: Desk) -> None:
    mine, foreign = desk.idea(title="Blue glue"), desk.idea(desk.checked_challenge(), title="Zyzzyva")
    page = _read(_sponsor(desk).post("/steering/decline_idea", _form(mine, foreign)))
    assert "<h1>Turn 1 idea down</h1>" in page
    assert "This is not here any more, or not for you to see." in page
    assert "Zyzzyva" not in page


def test_who_reminds_reads_no_title_of_what_he_may_not_read(desk: Desk) -> None:
    """Neither of the idea nor, in the mail, of its text; and whose it is stands nowhere."""
    author = desk.world.person("Xanthippe")
    idea = desk.idea(author=author, title="Zyzzyva", text="Zyzzyva is the answer.")
    browser = desk.world.browser(desk.world.manager)
    for more in ({}, {"words": "Please check it.", "preview": "1"}):
        answer = browser.post("/steering/remind", _form(idea, **more))
        page = _read(answer)
        assert (answer.status_code, idea.public_id in page) == (200, True)
        assert [word for word in ("Zyzzyva", "Xanthippe") if word in page] == []
    made = desk.decide(idea, act="remind", words="Please check it.", who=desk.world.manager)
    desk.sent()
    page = _read(browser.get(f"/steering/sendings/{made.public_id}"))
    assert [word for word in ("Zyzzyva", "Xanthippe") if word in page] == []


def test_a_reason_fills_the_words_by_a_button(desk: Desk) -> None:
    kept = reasons.keep(
        actor=desk.world.manager,
        act=SendingAct.DECLINE_IDEA,
        programme=desk.programme,
        title="Too dear",
        text="It costs too much.",
        language="en",
    )
    idea = desk.idea()
    page = _read(_sponsor(desk).post("/steering/decline_idea", _form(idea, reason=kept.public_id, use="1")))
    assert re.search(r"<textarea[^>]*>\s*It costs too much\.</textarea>", page)
    ready = _read(_sponsor(desk).post("/steering/decline_idea", _form(idea, reason="ready:known:nl", use="1")))
    assert re.search(r"<textarea[^>]*>\s*[^<]{40,}</textarea>", ready)


def test_it_is_previewed_decided_and_stopped(desk: Desk) -> None:
    one, other = desk.idea(title="Blue glue"), desk.idea(title="Red glue")
    browser = _sponsor(desk)
    personal = {f"personal-idea:{one.public_id}": "Blue is a good colour."}
    page = _read(browser.post("/steering/decline_idea", _form(one, other, words="Not for us.", preview="1", **personal)))
    assert page.count('class="letter"') == 2
    assert page.count("Blue is a good colour.") == 2  # in the mail, and kept for the next step
    assert db.session.scalar(select(func.count()).select_from(Sending)) == 0
    form = _form(one, other, words="Not for us.", once=_once(page), **personal)
    first, second = (browser.post("/steering/decline_idea/sendings", form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    address = first.headers["Location"]
    assert "Nothing has left yet" in _read(browser.get(address))
    assert browser.post(f"{address}/stop").status_code == 303
    desk.sent()
    assert "It was stopped" in _read(browser.get(address))
    assert desk.states(one, other) == ["checking", "checking"]


def test_a_button_on_a_page_that_is_old_says_it_is_too_late(desk: Desk) -> None:
    made = desk.decide(desk.idea())
    desk.sent()
    answer = _sponsor(desk).post(f"/steering/sendings/{made.public_id}/stop")
    page = _read(answer)
    assert answer.status_code == 409
    assert "It has left already, or was stopped before." in page


def test_what_came_of_it_stands_on_its_page(desk: Desk) -> None:
    one, other = desk.idea(title="Blue glue"), desk.idea(title="Red glue")
    made = desk.decide(one, other)
    desk.decide(one, words="Before.")
    with db.session.begin():
        first = db.session.scalars(select(Sending).order_by(Sending.id.desc())).first()
        assert first is not None
        first.goes_at = desk.world.now()
    desk.release()
    desk.sent()
    page = _read(_sponsor(desk).get(f"/steering/sendings/{made.public_id}"))
    assert "Done, but for some" in page
    assert "Somebody has decided about this already." in page


@pytest.mark.parametrize("words", ["", " "])
def test_without_words_everything_typed_stays(desk: Desk, words: str) -> None:
    idea = desk.idea()
    personal = {f"personal-idea:{idea.public_id}": "Only for you."}
    for path in ("/steering/return_idea", "/steering/return_idea/sendings"):
        form = _form(idea, words=words, preview="1", until="2031-05-04", once="x", **personal)
        answer = _sponsor(desk).post(path, form)
        page = _read(answer)
        assert answer.status_code == 422
        assert "Only for you." in page
        assert 'value="2031-05-04"' in page


def test_who_is_not_signed_in_is_asked_to(desk: Desk) -> None:
    assert desk.world.browser().get("/steering/decline_idea").status_code == 303
    assert desk.world.browser().get("/steering/sendings").status_code == 303


def test_anothers_sending_is_not_there(desk: Desk) -> None:
    made = desk.decide(desk.idea())
    path = f"/steering/sendings/{made.public_id}"
    other = desk.world.browser(desk.world.manager)
    assert [other.get(path).status_code, other.post(f"{path}/stop").status_code] == [404, 404]
    assert other.post(f"{path}/removal", {"line": "1"}).status_code == 404


@pytest.mark.parametrize("line", ["", "3", "x", "²", "9" * 30])
def test_a_line_that_is_not_there_cannot_be_taken_out(desk: Desk, line: str) -> None:
    made = desk.decide(desk.idea(), desk.idea())
    answer = _sponsor(desk).post(f"/steering/sendings/{made.public_id}/removal", {"line": line})
    assert answer.status_code == 404


def test_a_longer_selection_asks_no_more(desk: Desk) -> None:
    ideas = [desk.idea() for _ in range(20)]
    browser, found = _sponsor(desk), []
    for number in (2, 20):
        form = _form(*ideas[:number])
        browser.post("/steering/decline_idea", form)
        with counting() as statements:
            browser.post("/steering/decline_idea", form)
        found.append(len(statements))
    assert found[0] == found[1]


def test_longer_lists_ask_no_more(desk: Desk) -> None:
    short = desk.decide(desk.idea(), desk.idea())
    long = desk.decide(*(desk.idea() for _ in range(20)))
    browser, found = _sponsor(desk), []
    for path in (short, long):
        browser.get(f"/steering/sendings/{path.public_id}")
        with counting() as statements:
            browser.get(f"/steering/sendings/{path.public_id}")
        found.append(len(statements))
    assert found[0] == found[1]
    with counting() as few:
        browser.get("/steering/sendings")
    for each in range(8):
        made = desk.decide(desk.idea())
        if each % 2:
            sendings.stop(actor=desk.sponsor, sending=desk.again(made))
    with counting() as many:
        browser.get("/steering/sendings")
    assert len(few) == len(many)
