"""A challenge's own questions: asked, ordered, copied; fixed as soon as an idea was sent."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from innovation.challenges import queries
from innovation.challenges.models import Challenge, OwnQuestion
from innovation.challenges.service import briefs, questions
from innovation.ideas.models import Answer
from innovation.ideas.service import answering, writing
from innovation.kernel.db import db
from innovation.rules.answers import MOST_QUESTIONS
from tests.support.asking import ask, field
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def labels(challenge: Challenge) -> list[str]:
    db.session.rollback()
    return [each.label for each in queries.questions(challenge.id)]


def path(challenge: Challenge, *more: str) -> str:
    return "/".join([f"/challenges/{challenge.public_id}/questions-for-ideas", *more])


def test_a_sponsor_asks_orders_words_and_takes_out_on_one_page(world: World) -> None:
    sponsor = world.person()
    challenge = world.draft_challenge(sponsor)
    browser = world.browser(sponsor)
    for label, kind in (("Which pressure?", "number"), ("How ripe?", "choice"), ("Tell more", "text")):
        form = {"label": label, "kind": kind, "options": "Idea\r\nPilot", "unit": "bar", "most": "300", "once": label}
        assert browser.post(path(challenge), form).status_code == 303
    assert labels(challenge) == ["Which pressure?", "How ripe?", "Tell more"]
    first, second, third = queries.questions(challenge.id)
    assert [(each.unit, each.options, each.most) for each in (first, second, third)] == [
        ("bar", [], None),
        ("", ["Idea", "Pilot"], None),
        ("", [], 300),
    ]
    names = [each.public_id for each in (first, second, third)]
    for name, way in ((names[2], "up"), (names[0], "up"), (names[1], "down")):
        assert browser.post(path(challenge, name, "place"), {"value": way}).status_code == 303
    assert labels(challenge) == ["Which pressure?", "Tell more", "How ripe?"]
    assert browser.post(path(challenge, names[0]), {"label": "What pressure?", "kind": "number"}).status_code == 303
    assert browser.post(path(challenge, names[2], "removal")).status_code == 303
    assert labels(challenge) == ["What pressure?", "How ripe?"]
    assert [each.position for each in queries.questions(challenge.id)] == [1, 2]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"label": " "}, "Write the question."),
        ({"label": "HOW RIPE?"}, "This question stands here already."),
        ({"label": "New", "kind": "choice", "options": "One"}, "Give two to twelve answers"),
        ({"label": "New", "kind": "choice", "options": "\n".join(map(str, range(13)))}, "Give two to twelve answers"),
        ({"label": "New", "kind": "choice", "options": "Yes\nyes"}, "stands here twice"),
        ({"label": "New", "kind": "text", "most": "5001"}, "Write a number from 1 to 5000."),
        ({"label": "New", "kind": "wish"}, "Choose one"),
        ({"label": "New", "kind": "text", "criterion": "9"}, "Choose one of these."),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_at_its_field(world: World, form: dict[str, str], said: str) -> None:
    challenge = world.draft_challenge(world.person())
    ask(world, challenge, "How ripe?")
    page = world.browser(world.sponsor_of(challenge)).post(path(challenge), {"kind": "text"} | form)
    assert (page.status_code, said in words(page)) == (422, True)
    assert labels(challenge) == ["How ripe?"]


def test_the_tenth_question_is_the_last(world: World) -> None:
    challenge = world.draft_challenge(world.person())
    for number in range(MOST_QUESTIONS):
        ask(world, challenge, f"Question {number}?")
    assert answer(lambda: ask(world, challenge, "One more?")) == "NotPossible too_many_questions"
    assert len(labels(challenge)) == MOST_QUESTIONS


def test_questions_are_free_until_the_first_idea_is_sent_and_fixed_from_then_on(world: World) -> None:
    challenge = world.challenge()
    sponsor, author = world.sponsor_of(challenge), world.person()
    asked = ask(world, challenge, "How ripe?", required=False)
    draft = world.draft_idea(challenge, author)
    other = ask(world, challenge, "Which pressure?", required=False)
    sent = writing.submit(actor=author, idea=world.idea_again(draft), accept_terms=True)
    writing.withdraw(actor=author, idea=world.idea_again(sent))
    wording = questions.Wording(kind=questions.AnswerKind.TEXT, label="Else?")
    acts: list[Any] = [
        lambda row, question: questions.add(actor=sponsor, challenge=row, wording=wording),
        lambda row, question: questions.change(actor=sponsor, challenge=row, question=question, wording=wording),
        lambda row, question: questions.move(actor=sponsor, challenge=row, question=question, up=True),
        lambda row, question: answering.remove_question(actor=sponsor, challenge=row, question=question),
    ]
    said = []
    for act in acts:
        row = world.again(challenge)
        question = queries.question(row, other.public_id)
        said.append(answer(lambda a=act, r=row, q=question: a(r, q)))
    assert said == ["NotPossible questions_are_fixed"] * 4
    assert labels(challenge) == ["How ripe?", "Which pressure?"]
    browser = world.browser(sponsor)
    page = browser.get(path(challenge))
    assert ("The questions are fixed" in words(page), "Add the question" in words(page)) == (True, False)
    assert browser.get(path(challenge, asked.public_id)).status_code == 303
    assert browser.post(path(challenge), {"label": "Else?", "kind": "text"}).status_code == 409


def test_a_question_added_while_the_first_idea_is_sent_is_asked_of_it_or_refused(world: World) -> None:
    challenge = world.challenge()
    sponsor, author = world.sponsor_of(challenge), world.person()
    draft = world.draft_idea(challenge, author)
    names = (challenge.public_id, draft.public_id)

    def add() -> None:
        world.anew()
        row = queries.get(sponsor, names[0])
        assert row is not None
        wording = questions.Wording(kind=questions.AnswerKind.TEXT, label="Else?", required=True)
        questions.add(actor=sponsor, challenge=row, wording=wording)

    def send() -> None:
        writing.submit(actor=author, idea=world.idea_again(draft), accept_terms=True)

    results = {spelled(each) for each in at_once(world.app, [add, send])}
    assert results in (
        {"NoneType", "Invalid answer_missing"},
        {"Idea", "NotPossible questions_are_fixed"},
        {"NoneType", "NotPossible questions_are_fixed"},
    )


def test_a_question_taken_out_goes_with_what_drafts_answered(world: World) -> None:
    challenge = world.challenge()
    asked = ask(world, challenge, "How ripe?")
    world.draft_idea(challenge, answers={asked.public_id: "Very"})
    assert db.session.scalars(select(Answer.value)).all() == ["Very"]
    row = world.again(challenge)
    found = queries.question(row, asked.public_id)
    assert found is not None
    answering.remove_question(actor=world.sponsor_of(challenge), challenge=row, question=found)
    assert (db.session.scalars(select(Answer)).all(), labels(challenge)) == ([], [])


def test_a_copy_asks_what_the_original_asked(world: World) -> None:
    original = world.challenge()
    ask(world, original, "How ripe?", "choice", options=["Idea", "Pilot"], help="As of today.", criterion=2)
    ask(world, original, "Which pressure?", "number", unit="bar", required=False)
    copied = briefs.copy(actor=world.sponsor_of(original), original=world.again(original))

    def rows(challenge: Challenge) -> list[tuple[Any, ...]]:
        columns = ("position", "kind", "label", "help", "required", "most", "unit", "options", "criterion")
        return [tuple(getattr(each, name) for name in columns) for each in queries.questions(challenge.id)]

    assert rows(copied) == rows(original)
    assert len(db.session.scalars(select(OwnQuestion)).all()) == 4


def test_the_page_is_for_whoever_edits_the_challenge(world: World) -> None:
    challenge = world.challenge()
    people = [None, world.person(), world.panellist(challenge), world.sponsor_of(challenge), world.manager]
    answers = [world.browser(who).get(path(challenge)).status_code for who in people]
    assert answers == [404, 403, 403, 200, 200]
    other = world.challenge()
    elsewhere = ask(world, other, "How ripe?")
    assert world.browser(world.manager).get(path(challenge, elsewhere.public_id)).status_code == 404


def test_the_panels_criteria_can_be_named_and_readers_see_what_they_will_be_asked(world: World) -> None:
    challenge = world.panel_challenge()
    browser = world.browser(world.sponsor_of(challenge))
    assert "Feasibility" in words(browser.get(path(challenge)))
    form = {"label": "Which pressure?", "kind": "number", "unit": "bar", "criterion": "2", "required": "y"}
    assert browser.post(path(challenge), form).status_code == 303
    assert "The panel reads it for: Feasibility" in words(browser.get(path(challenge)))
    page = words(world.browser(world.person()).get(f"/challenges/{challenge.public_id}"))
    assert "You will be asked Which pressure? ( a number, in bar)" in page.replace("(a ", "( a ")


def test_a_form_names_the_field_of_each_question(world: World) -> None:
    challenge = world.challenge()
    asked = [ask(world, challenge, f"{kind}?", kind, options=["A", "B"]) for kind in questions.AnswerKind]
    page = world.browser(world.person()).get(f"/challenges/{challenge.public_id}/ideas/new").get_data(as_text=True)
    names = [field(each, "_file" if each.kind == "file" else "") for each in asked]
    assert [f'name="{name}"' in page for name in names] == [True] * 5
