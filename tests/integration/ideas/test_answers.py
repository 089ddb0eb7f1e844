"""Answers to a challenge's own questions: kept as typed, checked when sent, shown wherever the idea is read."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from innovation.attachments.service import keeping
from innovation.ideas import queries as ideas
from innovation.ideas.models import Answer, Idea, Revision
from innovation.ideas.service import restoring, writing
from innovation.kernel import clock
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from tests.support.asking import ask, field
from tests.support.filing import add
from tests.support.looking import text_of
from tests.support.pages import typed, words
from tests.support.refusals import answer
from tests.support.world import World

PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def new(world: World, challenge: Any) -> str:
    return f"/challenges/{challenge.public_id}/ideas/new"


def said(idea: Idea) -> dict[str, str]:
    db.session.rollback()
    return ideas.said(idea)


# --- a draft keeps whatever is typed -------------------------------------------------------------------------------


def test_a_draft_keeps_answers_as_they_are_typed(world: World) -> None:
    challenge = world.challenge()
    pressure = ask(world, challenge, "Which pressure?", "number", unit="bar")
    ripe = ask(world, challenge, "How ripe?", "choice", options=["Idea", "Pilot"])
    long = ask(world, challenge, "Why?", most=10)
    browser = world.browser(world.person())
    form = {"title": "T", field(pressure): "about 7", field(long): "far too long for it", "then": "save"}
    place = browser.post(new(world, challenge), form).headers["Location"]
    idea = db.session.scalars(select(Idea)).one()
    assert said(idea) == {pressure.public_id: "about 7", long.public_id: "far too long for it"}
    page = browser.get(place)
    assert (typed(page, field(pressure)), typed(page, field(long))) == ("about 7", "far too long for it")
    # As the editor saves by itself: the field that is emptied is emptied, the one not sent stays.
    saved = browser.post(f"/ideas/{idea.public_id}/draft", {"title": "T", field(pressure): "", field(ripe): "Pilot"})
    assert saved.status_code == 200
    assert said(idea) == {ripe.public_id: "Pilot", long.public_id: "far too long for it"}


def test_the_first_words_begin_a_draft_with_its_answers(world: World) -> None:
    challenge = world.challenge()
    asked = ask(world, challenge, "How?")
    form = {"title": "", field(asked): "By pressing", "once": "k" * 20}
    assert world.browser(world.person()).post(f"/challenges/{challenge.public_id}/ideas", form).status_code == 303
    assert said(db.session.scalars(select(Idea)).one()) == {asked.public_id: "By pressing"}


def test_a_number_is_kept_with_a_point_and_shown_as_its_reader_writes_it(world: World) -> None:
    challenge = world.challenge()
    asked = ask(world, challenge, "Which pressure?", "number", unit="bar")
    author = world.person()
    browser = world.browser(author)
    headers = {"Accept-Language": "nl"}
    browser.client.set_cookie("language", "nl")
    browser.post(new(world, challenge), {"title": "T", "text": "It.", field(asked): "1.250,50"}, headers=headers)
    idea = db.session.scalars(select(Idea)).one()
    assert said(idea) == {asked.public_id: "1250.5"}
    assert typed(browser.get(f"/ideas/{idea.public_id}/edit"), field(asked)) == "1250,5"
    assert "1250,5 bar" in words(browser.get(f"/ideas/{idea.public_id}"))
    browser.client.set_cookie("language", "en")
    assert typed(browser.get(f"/ideas/{idea.public_id}/edit"), field(asked)) == "1250.5"


# --- checked when sent ---------------------------------------------------------------------------------------------


def test_every_wrong_answer_is_said_at_its_field_and_nothing_typed_is_lost(world: World) -> None:
    challenge = world.challenge()
    asked = [
        ask(world, challenge, "Why?", most=10),
        ask(world, challenge, "Which pressure?", "number"),
        ask(world, challenge, "How ripe?", "choice", options=["Idea", "Pilot"]),
        ask(world, challenge, "Drawing?", "file"),
        ask(world, challenge, "Tried?", "yes_no"),
        ask(world, challenge, "Else?", required=False),
    ]
    form = {"title": "T", "text": "It.", "then": "check", "mine": "yes", "employer": "no"}
    form |= {field(asked[0]): "x" * 11, field(asked[1]): "many"}
    page = world.browser(world.person()).post(new(world, challenge), form)
    text = page.get_data(as_text=True)
    wrong = [f'href="#{field(each, "_file" if each.kind == "file" else "")}' in text for each in asked]
    assert (page.status_code, wrong) == (422, [True] * 5 + [False])
    assert (typed(page, field(asked[0])).strip(), typed(page, field(asked[1]))) == ("x" * 11, "many")


@pytest.mark.parametrize(
    ("kind", "value", "refused"),
    [
        ("text", "", "answer_missing"),
        ("text", "x" * 21, "answer_too_long"),
        ("number", "7 bar", "answer_no_number"),
        ("choice", "Product", "answer_no_option"),
        ("file", "0123456789", "answer_missing"),
        ("yes_no", "maybe", "answer_no_option"),
    ],
)
def test_no_door_sends_an_answer_that_is_none(world: World, kind: str, value: str, refused: str) -> None:
    challenge = world.challenge()
    asked = ask(world, challenge, "Well?", kind, most=20, options=["Idea", "Pilot"])
    author = world.person()
    draft = world.draft_idea(challenge, author, answers={asked.public_id: value})
    assert answer(lambda: writing.submit(actor=author, idea=draft, accept_terms=True)) == f"Invalid {refused}"


def test_another_ideas_file_answers_nothing(world: World) -> None:
    challenge = world.challenge()
    asked = ask(world, challenge, "Drawing?", "file")
    author = world.person()
    mine, other = world.draft_idea(challenge, author), world.draft_idea(challenge, world.person())
    elsewhere = add(world, world.actor(other.created_by or 0), other, PAPER)
    writing.save_draft(
        actor=author, idea=world.idea_again(mine), title="T", text="It.", requested_minor=None,
        answers={asked.public_id: elsewhere.public_id},
    )  # fmt: skip
    again = world.idea_again(mine)
    assert answer(lambda: writing.submit(actor=author, idea=again, accept_terms=True)) == "Invalid answer_missing"
    assert elsewhere.name not in words(world.browser(author).get(f"/ideas/{mine.public_id}"))


def test_a_sent_idea_is_revised_with_its_answers_and_every_version_keeps_its_own(world: World) -> None:
    challenge = world.challenge()
    asked = ask(world, challenge, "How?", most=40)
    author = world.person()
    idea = world.idea(challenge, author, answers={asked.public_id: "By pressing"})
    browser, path = world.browser(author), f"/ideas/{idea.public_id}/edit"
    form = {"title": idea.title, "text": idea.text, "state": "submitted"}
    assert browser.post(path, form | {field(asked): ""}).status_code == 422
    assert browser.post(path, form | {field(asked): "By pressing"}).status_code == 303
    assert browser.post(path, form | {field(asked): "By freezing"}).status_code == 303
    db.session.rollback()
    kept = db.session.scalars(select(Revision).order_by(Revision.number)).all()
    assert [row.answers for row in kept] == [{asked.public_id: "By pressing"}, {asked.public_id: "By freezing"}]
    pages = [words(browser.get(f"/ideas/{idea.public_id}/revisions/{number}")) for number in (1, 2)]
    assert [("By pressing" in page, "By freezing" in page) for page in pages] == [(True, False), (False, True)]
    both = words(browser.get(f"/ideas/{idea.public_id}/revisions"))
    assert ("pressing" in both, "freezing" in both) == (True, True)


def test_what_was_read_on_the_check_page_is_what_is_sent_answers_too(world: World) -> None:
    challenge = world.challenge()
    asked = ask(world, challenge, "How?")
    author = world.person()
    draft = world.draft_idea(challenge, author, answers={asked.public_id: "By pressing"})
    browser = world.browser(author)
    page = browser.get(f"/ideas/{draft.public_id}/check")
    assert "By pressing" in words(page)
    values: dict[str, Any] = {"title": draft.title, "text": draft.text, "requested_minor": None}
    changed = {asked.public_id: "By freezing"}
    writing.save_draft(actor=author, idea=world.idea_again(draft), answers=changed, **values)
    form = {"accept_terms": "y", "checked": typed(page, "checked")}
    assert browser.post(f"/ideas/{draft.public_id}/check", form).status_code == 422


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_file_is_sent_with_the_form_and_answers_until_it_is_taken_away(world: World) -> None:
    challenge = world.challenge()
    asked = ask(world, challenge, "Drawing?", "file")
    author = world.person()
    browser = world.browser(author)
    form: dict[str, Any] = {"title": "T", "text": "It.", "then": "save", "once": "k" * 20}
    form[field(asked, "_file")] = (io.BytesIO(PAPER), "drawing.pdf")
    sent = browser.post(new(world, challenge), form, content_type="multipart/form-data")
    idea = db.session.scalars(select(Idea)).one()
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/ideas/{idea.public_id}/edit")
    [shown] = ideas.answers(world.idea_again(idea))
    assert shown.file is not None
    assert shown.file.name == "drawing.pdf"
    assert "drawing.pdf" in words(browser.get(f"/ideas/{idea.public_id}"))
    keeping.remove(actor=author, file=shown.file)
    again = world.idea_again(idea)
    assert (ideas.answers(again)[0].value, ideas.answers(again)[0].file) == ("", None)
    assert answer(lambda: writing.submit(actor=author, idea=again, accept_terms=True)) == "Invalid answer_missing"


def test_a_file_that_is_not_taken_is_said_at_its_field_and_the_draft_stays(world: World) -> None:
    challenge = world.challenge()
    asked = ask(world, challenge, "Drawing?", "file")
    form: dict[str, Any] = {"title": "T", "text": "It.", "then": "send", "accept_terms": "y", "once": "k" * 20}
    form[field(asked, "_file")] = (io.BytesIO(b"<svg/>"), "drawing.svg")
    page = world.browser(world.person()).post(new(world, challenge), form, content_type="multipart/form-data")
    assert (page.status_code, "Web pages and SVG drawings" in words(page), typed(page, "title")) == (422, True, "T")
    assert [(each.title, each.state) for each in db.session.scalars(select(Idea))] == [("T", "draft")]


# --- who reads them ------------------------------------------------------------------------------------------------


def test_answers_are_as_sealed_as_the_text(world: World) -> None:
    challenge = world.sealed()
    asked = ask(world, challenge, "The catalyst?")
    author, other = world.person(), world.person()
    idea = world.idea(challenge, author, answers={asked.public_id: "Ruthenium"})
    pages = [f"/ideas/{idea.public_id}{end}" for end in ("", "/revisions", "/revisions/1", ".pdf", "/check", "/edit")]
    for who in (other, world.manager):
        assert [world.browser(who).get(page).status_code for page in pages] == [404] * 6
    reader = world.browser(world.sponsor_of(challenge))
    assert "Ruthenium" in words(reader.get(f"/ideas/{idea.public_id}"))
    for who in (other, world.manager):
        listed = world.browser(who).get(f"/challenges/{challenge.public_id}/ideas/export.csv").get_data(as_text=True)
        found = world.browser(who).get("/search?q=Ruthenium").get_data(as_text=True)
        assert ("Ruthenium" in listed, idea.public_id in found) == (False, False)


def test_a_panel_reads_each_answer_beside_the_criterion_it_bears_on(world: World) -> None:
    challenge = world.panel_challenge(names_hidden=True)
    member = world.panellist(challenge)
    beside = ask(world, challenge, "Which pressure?", "number", unit="bar", criterion=2)
    free = ask(world, challenge, "How?")
    author = world.person("Hidden Hand")
    idea = world.idea(challenge, author, answers={beside.public_id: "7.5", free.public_id: "By pressing"})
    world.scoring(challenge)
    text = world.browser(member).get(f"/ideas/{idea.public_id}/review").get_data(as_text=True)
    order = [text.index(each) for each in ("By pressing", "Novelty", "7.5 bar", "Feasibility", "Value for the question")]
    assert order == sorted(order)
    assert ("Hidden Hand" in text, text.count("7.5 bar")) == (False, 1)


def test_a_thrown_away_draft_is_emptied_of_its_answers(world: World) -> None:
    challenge = world.challenge()
    asked = ask(world, challenge, "How?")
    author = world.person()
    draft = world.draft_idea(challenge, author, answers={asked.public_id: "By pressing"}, provenance={"mine": "yes"})
    writing.withdraw(actor=author, idea=world.idea_again(draft))
    with clock.travelling(clock.now() + timedelta(days=31)):
        restoring.empty_drafts(actor=house(Origin.CLOCK))
    assert (db.session.scalars(select(Answer)).all(), world.idea_again(draft).provenance) == ([], {})


def test_an_open_ideas_answers_are_found_and_stand_on_its_paper(world: World) -> None:
    challenge = world.challenge()
    asked = ask(world, challenge, "How?")
    number = ask(world, challenge, "Which pressure?", "number", unit="bar")
    idea = world.idea(challenge, answers={asked.public_id: "By **lyophilising**", number.public_id: "7.5"})
    world.settle()
    browser = world.browser(world.person())
    assert idea.public_id in browser.get("/search?q=lyophilising").get_data(as_text=True)
    paper = " ".join(text_of(browser.get(f"/ideas/{idea.public_id}.pdf")).split())
    assert ["By lyophilising" in paper, "7.5 bar" in paper] == [True, True]
