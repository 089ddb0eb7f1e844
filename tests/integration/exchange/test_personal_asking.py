"""Questions, answers and offers in a person's own file, and after he was erased."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from sqlalchemy import func, select, update

from innovation.challenges.models import Challenge, Inquiry
from innovation.challenges.queries import inquiries as queries
from innovation.challenges.service import inquiries
from innovation.exchange.service import orders
from innovation.exchange.service.personal import erasing
from innovation.ideas.models import Idea, IdeaQuestion, OfferConsent
from innovation.ideas.queries import questioning as asked_of
from innovation.ideas.service import offers, questioning
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from tests.support.pages import words
from tests.support.world import World


def _rows(world: World, who: Actor, table: str) -> list[dict[str, Any]]:
    order = orders.ask_own_data(actor=who, language="en")
    world.settle()
    answer = world.browser(who).get(f"/orders/{order.public_id}/file")
    assert answer.status_code == 200
    tables = json.loads(zipfile.ZipFile(io.BytesIO(answer.get_data())).read("data.json"))["tables"]
    return [row for rows in tables.get(table, {"as": {}})["as"].values() for row in rows]


def _erase(world: World, who: Actor) -> None:
    erasing.erase_myself(actor=who, typed=f"{who.name.lower()}@example.org")
    world.settle()


def test_who_asked_a_sponsor_has_question_and_answer_and_nobody_s_number(world: World) -> None:
    challenge, asker = world.challenge(), world.person("Asker")
    asked = inquiries.ask(actor=asker, challenge=world.again(challenge), text="Zebrafrost?", private=True)
    inquiries.answer(actor=world.sponsor_of(challenge), inquiry=asked, text="It does.")
    (row,) = _rows(world, asker, "inquiry")
    assert (row["text"], row["answer"], row["private"]) == ("Zebrafrost?", "It does.", True)
    assert set(row) & {"answered_by", "shown_text"} == set()
    (given,) = _rows(world, world.sponsor_of(challenge), "inquiry")
    assert (given["answer"], "text" in given, "asked_by" in given) == ("It does.", False, False)


def test_an_author_has_what_judges_asked_and_no_judge_s_number_and_the_other_way_round(world: World) -> None:
    challenge, author = world.panel_challenge(names_hidden=True), world.person("Author")
    judge = world.panellist(challenge, world.person("Judge"))
    idea = world.idea(challenge, author)
    question = questioning.ask(actor=judge, idea=world.idea_again(idea), text="How?")
    row = world.idea_again(idea)
    found = asked_of.get(row, question.public_id)
    assert found is not None
    questioning.answer(actor=author, idea=row, question=found, text="So.")
    mine = _rows(world, author, "idea_question")
    assert [each.get("text") for each in mine if "text" in each] == ["How?"]
    assert {"asked_by"} & {key for each in mine for key in each} == set()
    theirs = _rows(world, judge, "idea_question")
    assert [(each["text"], "answer" in each, "answered_by" in each) for each in theirs] == [("How?", False, False)]


def test_erasing_who_asked_empties_his_words_and_leaves_what_was_published(world: World) -> None:
    challenge, asker = world.challenge(), world.person("Asker")
    published = inquiries.ask(actor=asker, challenge=world.again(challenge), text="Zebrafrost?", private=False)
    inquiries.answer(
        actor=world.sponsor_of(challenge), inquiry=published, text="It does.", shown_text="Does frost?", publish=True
    )
    inquiries.ask(actor=world.actor(asker.person_id or 0), challenge=world.again(challenge), text="Quokka?", private=True)
    sponsor = world.sponsor_of(challenge)
    assert len(queries.waiting(sponsor)) == 1
    _erase(world, asker)
    rows = db.session.execute(select(Inquiry.text, Inquiry.shown_text, Inquiry.answer).order_by(Inquiry.id)).all()
    assert [tuple(row) for row in rows] == [("", "Does frost?", "It does."), ("", "", "")]
    assert list(queries.waiting(sponsor)) == []
    page = words(world.browser(sponsor).get(f"/challenges/{challenge.public_id}/inquiries"))
    assert ["Does frost?" in page, "former participant" in page, "Asker" in page] == [True, True, False]


def test_erasing_an_author_takes_his_idea_off_the_offers(world: World) -> None:
    author = world.person("Author", Circle.EXPERT)
    challenge = world.challenge(who_may="experts")
    idea = world.idea(challenge, author)
    with transaction():
        db.session.execute(update(Idea).where(Idea.id == idea.id).values({"state": "declined"}))
        done = {"state": "decided", "decided_at": clock.now()}
        db.session.execute(update(Challenge).where(Challenge.id == challenge.id).values(done))
    offers.agree(actor=author, idea=world.idea_again(idea), readable=False)
    _erase(world, author)
    assert db.session.scalar(select(func.count(OfferConsent.id))) == 0


def test_a_judge_who_is_erased_is_a_former_participant_in_what_he_asked(world: World) -> None:
    challenge, author = world.panel_challenge(), world.person("Author")
    judge = world.panellist(challenge, world.person("Judge"))
    idea = world.idea(challenge, author)
    questioning.ask(actor=judge, idea=world.idea_again(idea), text="How?")
    _erase(world, judge)
    assert db.session.scalars(select(IdeaQuestion.text)).all() == ["How?"]
    page = words(world.browser(author).get(f"/ideas/{idea.public_id}/questions"))
    assert ("former participant" in page, "Judge " in page) == (True, False)
