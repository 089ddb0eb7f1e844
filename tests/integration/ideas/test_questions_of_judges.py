"""What judges ask the authors of an idea: read by authors, panel and sponsors alone, and hidden names stay hidden."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea, IdeaQuestion
from innovation.ideas.queries import questioning as queries
from innovation.ideas.service import emptying, questioning, writing
from innovation.kernel import clock
from innovation.kernel.actor import VISITOR, Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible, Refused
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.inquiry import LONGEST, MOST_OF_ONE
from innovation.rules.predicates import Role
from tests.conftest import counting
from tests.support.pages import words
from tests.support.world import World

ASKED = "Was it tried at Quokkapolis?"
SAID = "Twice, with Wombatite."


def _ask(world: World, idea: Idea, who: Actor, text: str = ASKED) -> IdeaQuestion:
    return questioning.ask(actor=who, idea=world.idea_again(idea), text=text)


def _answer(world: World, idea: Idea, who: Actor, question: IdeaQuestion, text: str = SAID) -> None:
    row = world.idea_again(idea)
    found = queries.get(row, question.public_id)
    assert found is not None
    questioning.answer(actor=who, idea=row, question=found, text=text)


def _hidden(world: World, **columns: Any) -> Challenge:
    return world.panel_challenge(names_hidden=True, **columns)


def test_who_may_ask_and_who_may_answer(world: World) -> None:
    challenge, author = world.sealed(), world.person()
    idea = world.idea(world.again(challenge), author)
    who = {
        "author": author,
        "panel": world.panellist(challenge),
        "sponsor": world.sponsor_of(challenge),
        "manager": world.manager,
        "administrator": world.grant(world.person("", Circle.PUBLIC), Role.ADMINISTRATOR),
        "staff": world.person(),
        "visitor": VISITOR,
    }
    asks, answers = set(), set()
    for name, actor in who.items():
        try:
            _ask(world, idea, actor)
            asks.add(name)
        except Refused:
            pass
    for name, actor in who.items():
        try:
            _answer(world, idea, actor, _ask(world, idea, who["panel"]))
            answers.add(name)
        except Refused:
            db.session.rollback()
            with transaction():
                db.session.execute(update(IdeaQuestion).values(answered_at=clock.now()))
    assert (asks, answers) == ({"panel", "sponsor"}, {"author"})


def test_authors_panel_and_sponsors_read_it_and_nobody_else(world: World) -> None:
    for challenge in (world.sealed(), world.panel_challenge()):
        author, judge = world.person(), world.panellist(challenge)
        idea = world.idea(world.again(challenge), author)
        _answer(world, idea, author, _ask(world, idea, judge))
        readers = {
            "author": author,
            "judge": judge,
            "other judge": world.panellist(challenge),
            "sponsor": world.sponsor_of(challenge),
            "manager": world.manager,
            "staff": world.person(),
            "visitor": None,
        }
        seen = {name: world.browser(who).get(f"/ideas/{idea.public_id}/questions") for name, who in readers.items()}
        assert {name for name, page in seen.items() if page.status_code == 200} == {
            "author",
            "judge",
            "other judge",
            "sponsor",
        }
        assert {page.status_code for name, page in seen.items() if name in {"manager", "staff", "visitor"}} == {404}
        shown = {name: words(world.browser(who).get(f"/ideas/{idea.public_id}")) for name, who in readers.items()}
        assert {name for name, page in shown.items() if "Quokkapolis" in page or "Wombatite" in page} == {
            "author",
            "judge",
            "other judge",
            "sponsor",
        }


def test_while_names_are_hidden_judges_go_by_a_number_and_authors_by_none(world: World) -> None:
    challenge, author = _hidden(world), world.person("Authoress")
    first = world.panellist(challenge, world.person("Judge Judy"))
    second = world.panellist(challenge, world.person("Judge Dredd"))
    idea = world.idea(world.again(challenge), author)
    for judge in (first, second, first):
        _answer(world, idea, author, _ask(world, idea, judge))

    def voices(who: Actor) -> list[tuple[str, int, str, str]]:
        found = queries.of_idea(who, world.idea_again(idea))
        return [(each.by.kind, each.by.number, each.answered_by.kind, each.answered_by.name) for each in found]

    assert voices(author) == [("judge", 1, "you", ""), ("judge", 2, "you", ""), ("judge", 1, "you", "")]
    assert voices(second) == [("judge", 1, "authors", ""), ("you", 0, "authors", ""), ("judge", 1, "authors", "")]
    path = f"/ideas/{idea.public_id}/questions"
    sponsor = world.sponsor_of(challenge)
    pages = {name: words(world.browser(who).get(path)) for name, who in (("author", author), ("second", second))}
    assert ["Judge 1" in pages["author"], "Judge 2" in pages["author"], "Judy" in pages["author"]] == [True, True, False]
    assert ["Judge 1" in pages["second"], "Judy" in pages["second"], "Authoress" in pages["second"]] == [True, False, False]
    assert "Judy" not in words(world.browser(sponsor).get(path))


def test_after_the_result_names_are_as_the_challenge_allows(world: World) -> None:
    challenge, author = _hidden(world), world.person("Authoress")
    judge = world.panellist(challenge, world.person("Judge Judy"))
    sponsor = world.sponsor_of(challenge)
    idea = world.idea(world.again(challenge), author)
    _answer(world, idea, author, _ask(world, idea, judge))
    _ask(world, idea, sponsor)
    with transaction():
        db.session.execute(
            update(Challenge).where(Challenge.id == challenge.id).values(decided_at=clock.now(), sponsor_withheld=True)
        )
    found = queries.of_idea(author, world.idea_again(idea))
    assert [(each.by.kind, each.by.name) for each in found] == [("person", "Judge Judy"), ("sponsor", "")]
    seen = queries.of_idea(judge, world.idea_again(idea))
    assert [(each.answered_by.kind, each.answered_by.name) for each in seen][:1] == [("person", "Authoress")]
    page = words(world.browser(author).get(f"/ideas/{idea.public_id}/questions"))
    assert ["Judge Judy" in page, str(sponsor.name) in page] == [True, False]


def test_it_ends_with_the_decision(world: World) -> None:
    challenge, author = world.sealed(), world.person()
    idea = world.idea(world.again(challenge), author)
    sponsor = world.sponsor_of(challenge)
    question = _ask(world, idea, sponsor)
    with transaction():
        db.session.execute(update(Challenge).where(Challenge.id == challenge.id).values(frozen_at=clock.now()))
    for act in (lambda: _ask(world, idea, sponsor), lambda: _answer(world, idea, author, question)):
        with pytest.raises(NotPossible) as over:
            act()
        assert over.value.code == "no_questions_now"
    page = words(world.browser(author).get(f"/ideas/{idea.public_id}/questions"))
    assert ("It was not answered." in page, "Your answer" in page) == (True, False)


def test_what_is_asked_is_bounded(world: World) -> None:
    challenge = world.sealed()
    idea, sponsor = world.idea(world.again(challenge)), world.sponsor_of(challenge)
    for text, code in (("", "inquiry_missing"), ("x" * (LONGEST + 1), "inquiry_too_long")):
        with pytest.raises(Invalid) as wrong:
            _ask(world, idea, sponsor, text)
        assert wrong.value.code == code
    for _ in range(MOST_OF_ONE):
        _ask(world, idea, sponsor)
    with pytest.raises(Invalid) as many:
        _ask(world, idea, sponsor)
    assert many.value.code == "too_many_inquiries"


def test_the_first_author_who_answers_answers_for_all(world: World) -> None:
    challenge, author, named = world.sealed(), world.person(), world.person()
    idea = world.idea(world.again(challenge), author)
    with transaction():
        db.session.add(Author(idea_id=idea.id, person_id=named.person_id or 0, position=2))
    question = _ask(world, idea, world.sponsor_of(challenge))
    with pytest.raises(NotPossible) as unaccepted:
        _answer(world, idea, named, question)
    assert unaccepted.value.code == "authorship_not_accepted"
    _answer(world, idea, author, question)
    with pytest.raises(NotPossible) as again:
        _answer(world, idea, author, question, "Something else.")
    assert again.value.code == "inquiry_answered"


def test_mails_name_no_judge_and_quote_nothing(world: World) -> None:
    challenge, author = world.sealed(), world.person("Authoress")
    judges = [world.panellist(challenge, world.person(name)) for name in ("Judge Judy", "Judge Dredd")]
    idea = world.idea(world.again(challenge), author, title="Zebrafrost")
    for judge in judges:
        question = _ask(world, idea, judge)
    world.settle()
    _answer(world, idea, author, question)
    world.settle()
    told = [each for each in world.letters() if "judge asks" in each.subject or "authors answered" in each.subject]
    assert sorted(each.to for each in told) == sorted(
        ["authoress@example.org"] * 2 + ["judge.judy@example.org", "judge.dredd@example.org"]
    )
    planted = ("Judy", "Dredd", "Quokkapolis", "Wombatite", "Zebrafrost")
    assert [word for each in told for word in planted if word in each.whole.replace(each.to, "")] == []
    assert {f"/ideas/{idea.public_id}/questions" in each.text for each in told} == {True}
    assert [each.subject.endswith(idea.public_id) for each in told] == [True] * 4


def test_facts_hold_ids_alone(world: World) -> None:
    challenge, author = world.sealed(), world.person()
    idea = world.idea(world.again(challenge), author)
    question = _ask(world, idea, world.sponsor_of(challenge))
    _answer(world, idea, author, question)
    rows = db.session.execute(select(Event.name, Event.payload).where(Event.name.like("Authors%")).order_by(Event.id))
    assert [(row.name, row.payload) for row in rows] == [
        ("AuthorsAsked", {"question_id": question.id}),
        ("AuthorsAnswered", {"question_id": question.id}),
    ]


def test_they_go_with_the_content_of_a_withdrawn_idea(world: World) -> None:
    challenge, author = world.sealed(), world.person()
    idea = world.idea(world.again(challenge), author)
    _answer(world, idea, author, _ask(world, idea, world.sponsor_of(challenge)))
    writing.withdraw(actor=author, idea=world.idea_again(idea))
    emptying.empty(actor=author, idea=world.idea_again(idea))
    assert db.session.scalar(select(func.count(IdeaQuestion.id))) == 0


def test_looking_at_the_questions_of_a_sealed_idea_is_an_opening(world: World) -> None:
    challenge, author = world.sealed(), world.person()
    idea = world.idea(world.again(challenge), author)
    world.browser(world.sponsor_of(challenge)).get(f"/ideas/{idea.public_id}/questions")
    assert "Sponsor" in words(world.browser(author).get(f"/ideas/{idea.public_id}/openings"))


def test_the_page_asks_a_fixed_number_of_questions_of_the_database(world: World) -> None:
    challenge, author = world.sealed(), world.person()
    idea = world.idea(world.again(challenge), author)

    def counted() -> int:
        browser = world.browser(author)
        browser.get(f"/ideas/{idea.public_id}/questions")
        with counting() as statements:
            assert browser.get(f"/ideas/{idea.public_id}/questions").status_code == 200
        return len(statements)

    def asked(count: int) -> None:
        for _ in range(count):
            judge = world.panellist(challenge)
            _answer(world, idea, author, _ask(world, idea, judge))

    asked(1)
    few = counted()
    asked(29)
    assert counted() == few


def test_asking_and_answering_by_the_pages(world: World) -> None:
    challenge, author = world.panel_challenge(), world.person()
    judge = world.panellist(challenge)
    idea = world.idea(world.again(challenge), author)
    path = f"/ideas/{idea.public_id}/questions"
    asks, answers = world.browser(judge), world.browser(author)
    assert "Ask the authors" in words(asks.get(f"/ideas/{idea.public_id}"))
    assert asks.post(path, {"text": ""}).status_code == 422
    assert asks.post(path, {"text": ASKED, "once": "one"}).headers["Location"] == path
    assert asks.post(path, {"text": ASKED, "once": "one"}).headers["Location"] == path
    world.anew()
    question = db.session.scalars(select(IdeaQuestion)).one()
    assert ASKED in words(answers.get(path))
    reply = f"{path}/{question.public_id}/answer"
    wrong = answers.post(reply, {"text": "x" * (LONGEST + 1)})
    assert (wrong.status_code, "x" * (LONGEST + 1) in words(wrong)) == (422, True)
    assert answers.post(reply, {"text": SAID}).status_code == 303
    assert SAID in words(asks.get(path))
    assert asks.post(reply, {"text": SAID}).status_code == 403
    assert answers.post(path, {"text": ASKED}).status_code == 403
    other = world.idea(world.again(challenge), world.person())
    assert answers.post(f"/ideas/{other.public_id}/questions/{question.public_id}/answer", {"text": SAID}).status_code == 404


def test_a_judge_reads_and_asks_beside_his_assessment(world: World) -> None:
    challenge, author = _hidden(world), world.person("Authoress")
    judge = world.panellist(challenge)
    idea = world.idea(world.again(challenge), author)
    _ask(world, idea, world.panellist(challenge, world.person("Judge Judy")))
    world.scoring(challenge)
    page = words(world.browser(judge).get(f"/ideas/{idea.public_id}/review"))
    assert [each in page for each in (ASKED, "Judge 1", "Ask the authors", "Judy", "Authoress")] == [
        True,
        True,
        True,
        False,
        False,
    ]
