"""An idea written and sent on one page: all of it or nothing, and whatever is refused stays as a draft."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.challenges.models import Challenge, Terms, TermsAcceptance
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea, Revision
from innovation.ideas.service import writing
from innovation.kernel import clock
from innovation.kernel.actor import Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.answers import ON_ONE_PAGE
from tests.integration.ideas.test_answers import PAPER
from tests.support.asking import ask, field
from tests.support.browser import Browser
from tests.support.forms import buttons
from tests.support.pages import typed, words
from tests.support.race import at_once
from tests.support.world import World

WHOLE = {
    "title": "Dry coolers",
    "text": "With fans.",
    "then": "send",
    "accept_terms": "y",
    "mine": "yes",
    "employer": "no",
    "once": "k" * 20,
}
MINE = {"mine": "yes", "employer": "agrees", "kept_out": "The recipe."}


def new(challenge: Challenge) -> str:
    return f"/challenges/{challenge.public_id}/ideas/new"


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def offered(browser: Browser, path: str) -> list[str]:
    return [value for _name, value in buttons(browser.get(path), path)]


def only() -> Idea:
    db.session.rollback()
    return db.session.scalars(select(Idea)).one()


# --- when there is one page ----------------------------------------------------------------------------------------


def test_up_to_five_questions_make_one_page_and_six_make_two(world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    for number in range(ON_ONE_PAGE + 1):
        assert "send" in offered(browser, new(challenge))
        ask(world, challenge, f"Question {number}?", required=False)
    assert ("send" in offered(browser, new(challenge)), "check" in offered(browser, new(challenge))) == (False, True)


def test_terms_that_transfer_are_read_once_more_even_if_the_form_says_send(world: World) -> None:
    challenge, author = world.challenge(terms="transfer_on_award"), world.person()
    browser = world.browser(author)
    assert "send" not in offered(browser, new(challenge))
    sent = browser.post(new(challenge), WHOLE | MINE)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/ideas/{only().public_id}/check")
    assert (only().state, count(TermsAcceptance)) == ("draft", 0)
    path = f"/ideas/{only().public_id}/edit"
    assert browser.post(path, WHOLE | MINE | {"state": "draft"}).headers["Location"].endswith("/check")
    assert only().state == "draft"


# --- sent ----------------------------------------------------------------------------------------------------------


def test_an_idea_is_written_and_sent_at_once(world: World) -> None:
    challenge, author = world.sealed(), world.person("", Circle.EXPERT)
    asked = ask(world, challenge, "Which pressure?", "number", unit="bar")
    before = clock.now()
    sent = world.browser(author).post(new(challenge), WHOLE | MINE | {field(asked): "7.5"})
    idea = only()
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/ideas/{idea.public_id}/receipt")
    assert (idea.state, idea.visibility, idea.revision_no, idea.provenance) == ("submitted", "sealed", 1, MINE)
    assert idea.submitted_at is not None
    assert abs(idea.submitted_at - before) < timedelta(seconds=20)
    assert db.session.scalars(select(Revision.answers)).one() == {asked.public_id: "7.5"}
    assert count(TermsAcceptance) == 1
    facts = db.session.scalars(select(Event.name).where(Event.idea_id == idea.id).order_by(Event.id)).all()
    assert [name for name in facts if name in ("IdeaStarted", "IdeaSubmitted")] == ["IdeaStarted", "IdeaSubmitted"]


def test_a_draft_is_sent_from_its_page_as_it_stands_on_the_page(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    draft = world.draft_idea(challenge, author, "Old", text="Older.")
    sent = world.browser(author).post(f"/ideas/{draft.public_id}/edit", WHOLE | {"state": "draft"})
    assert sent.headers["Location"] == f"/ideas/{draft.public_id}/receipt"
    assert (only().state, only().title, only().text) == ("submitted", "Dry coolers", "With fans.")


def test_a_paper_a_title_and_five_lines_are_a_complete_idea(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    form: dict[str, Any] = WHOLE | {"file": [(io.BytesIO(PAPER), "all-of-it.pdf"), (io.BytesIO(PAPER), "more.pdf")]}
    sent = world.browser(author).post(new(challenge), form, content_type="multipart/form-data")
    assert sent.headers["Location"] == f"/ideas/{only().public_id}/receipt"
    assert [each.name for each in ideas.own_files(only()).values()] == ["all-of-it.pdf", "more.pdf"]
    assert only().state == "submitted"


@pytest.mark.parametrize("with_file", [False, True])
def test_the_same_button_pressed_several_times_sends_one_idea(world: World, with_file: bool) -> None:
    challenge, author = world.challenge(), world.person()
    path, browsers = new(challenge), [world.browser(author) for _ in range(3)]

    def press(browser: Browser) -> Any:
        more = {"file": (io.BytesIO(PAPER), "all.pdf")} if with_file else {}
        return browser.client.post(path, data=WHOLE | more, content_type="multipart/form-data")

    answers = at_once(world.app, [lambda b=each: press(b) for each in browsers])
    assert [page.status_code for page in answers] == [303] * 3
    assert {page.headers["Location"] for page in answers} == {f"/ideas/{only().public_id}/receipt"}
    assert (count(Idea), count(Revision), only().state) == (1, 1, "submitted")


def test_read_it_once_more_first_leads_to_the_check_page(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    browser = world.browser(author)
    sent = browser.post(new(challenge), WHOLE | {"then": "check", "accept_terms": ""})
    assert sent.headers["Location"] == f"/ideas/{only().public_id}/check"
    assert browser.get(sent.headers["Location"]).status_code == 200


# --- refused: everything typed stands there, and the draft is kept ------------------------------------------------


@pytest.mark.parametrize(
    ("lacking", "at"),
    [
        ({"title": ""}, "title"),
        ({"text": " "}, "text"),
        ({"accept_terms": ""}, "accept_terms"),
        ({"mine": ""}, "mine-0"),
        ({"employer": "surely"}, "employer-0"),
        ({"answer": "many"}, "answer"),
    ],
)
def test_what_cannot_be_sent_stays_as_a_draft_with_all_that_was_typed(
    world: World, lacking: dict[str, str], at: str
) -> None:
    challenge, author = world.sealed(), world.person()
    asked = ask(world, challenge, "Which pressure?", "number")
    browser = world.browser(author)
    form = WHOLE | MINE | {"answer": "7"} | lacking
    form[field(asked)] = form.pop("answer")
    page = browser.post(new(challenge), form)
    name = field(asked) if at == "answer" else at
    assert (page.status_code, f'href="#{name}"' in page.get_data(as_text=True)) == (422, True)
    assert [typed(page, each) for each in ("title", "kept_out", field(asked))] == [
        form[each].strip() for each in ("title", "kept_out", field(asked))
    ]
    idea = only()
    assert (idea.state, count(Revision), count(TermsAcceptance)) == ("draft", 0, 0)
    assert (idea.title, ideas.said(idea)) == (form["title"], {asked.public_id: form[field(asked)]})
    # The page is that draft's: what is put right there is sent, and makes no second idea.
    again = browser.post(f"/ideas/{idea.public_id}/edit", WHOLE | MINE | {field(asked): "7", "state": "draft"})
    assert again.headers["Location"] == f"/ideas/{idea.public_id}/receipt"
    assert only().state == "submitted"


def test_a_draft_that_came_too_late_keeps_what_was_typed(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    draft = world.draft_idea(challenge, author, "Old")
    world.close(challenge)
    page = world.browser(author).post(f"/ideas/{draft.public_id}/edit", WHOLE | {"state": "draft"})
    assert page.status_code == 409
    assert (only().state, only().title, count(Revision)) == ("draft", "Dry coolers", 0)


def test_a_draft_sent_from_another_window_is_not_sent_twice(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    draft = world.draft_idea(challenge, author, "Old")
    writing.submit(actor=author, idea=draft, accept_terms=True)
    page = world.browser(author).post(f"/ideas/{draft.public_id}/edit", WHOLE | {"state": "draft"})
    assert (page.status_code, typed(page, "title"), count(Revision)) == (409, "Dry coolers", 1)
    assert only().title == "Old"


def test_nothing_is_sent_by_somebody_else(world: World) -> None:
    challenge = world.challenge()
    draft = world.draft_idea(challenge, world.person(), "Old")
    others = [world.person(), world.sponsor_of(challenge), world.manager]
    form = WHOLE | {"state": "draft", "file": (io.BytesIO(PAPER), "all.pdf")}
    assert [
        world.browser(who).post(f"/ideas/{draft.public_id}/edit", dict(form, file=(io.BytesIO(PAPER), "a.pdf"))).status_code
        for who in others
    ] == [404, 404, 404]
    assert (only().title, only().state, ideas.own_files(only())) == ("Old", "draft", {})
    visitor = world.browser().post(new(challenge), WHOLE)
    assert visitor.status_code in {303, 404}
    assert count(Idea) == 1


# --- what stands on it ---------------------------------------------------------------------------------------------


def test_the_page_names_its_readers_its_terms_and_the_full_text_below_them(world: World) -> None:
    challenge, author = world.sealed(), world.person("", Circle.EXPERT)
    with transaction():
        terms = db.session.get_one(Terms, world.again(challenge).terms_id)
        body, full = terms.body, terms.full
    text = words(world.browser(author).get(new(challenge)))
    name = "Readable by 1 person besides its authors"
    assert (text.count(name), "Is it yours to give?" in text, "I accept these terms" in text) == (2, True, True)
    assert ("The full text" in text) == bool(full)
    assert body.split("\n")[0].lstrip("1. ")[:40] in text


def test_whose_it_is_is_not_asked_where_the_employers_terms_hold(world: World) -> None:
    challenge = world.challenge(terms="employee")
    page = world.browser(world.person()).get(new(challenge))
    assert "Is it yours to give?" not in words(page)


def test_the_enter_key_keeps_and_never_sends(world: World) -> None:
    challenge = world.challenge()
    assert offered(world.browser(world.person()), new(challenge))[0] == "save"


def test_what_was_said_of_whose_it_is_is_read_by_authors_and_sponsors_alone(world: World) -> None:
    challenge = world.challenge(who_may="experts")
    author = world.person()
    idea = world.idea(challenge, author, provenance=MINE)
    path = f"/ideas/{idea.public_id}"
    people = [author, world.sponsor_of(challenge), world.manager, world.person(), world.panellist(challenge)]
    found = ["The recipe." in words(world.browser(who).get(path)) for who in people]
    assert found == [True, True, True, False, False]
