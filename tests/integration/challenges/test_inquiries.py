"""Questions to a sponsor: answered to who asked alone or published in edited words, and nobody learns who asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from innovation.challenges.models import Challenge, Inquiry
from innovation.challenges.queries import inquiries as queries
from innovation.challenges.service import briefs, deputies, inquiries, withholding
from innovation.kernel import clock
from innovation.kernel.actor import VISITOR, Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible, Refused
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.inquiry import LONGEST, MOST_OF_ONE
from innovation.rules.predicates import Role
from tests.conftest import counting
from tests.support.pages import words
from tests.support.world import World

ASKED = "Does Zebrafrost count as a glue?"
EDITED = "Do frozen liquids count as glue?"
SAID = "They do, below ten degrees."


def _ask(world: World, challenge: Challenge, who: Actor, text: str = ASKED, *, private: bool = False) -> Inquiry:
    return inquiries.ask(actor=who, challenge=world.again(challenge), text=text, private=private)


def _again(world: World, inquiry: Inquiry) -> Inquiry:
    world.anew()
    found = queries.by_id(inquiry.id)
    assert found is not None
    return found


def _answer(
    world: World, inquiry: Inquiry, who: Actor, *, publish: bool = False, text: str = SAID, shown_text: str = EDITED
) -> None:
    row = _again(world, inquiry)
    inquiries.answer(actor=who, inquiry=row, text=text, shown_text=shown_text, publish=publish)


def _made_older(inquiry: Inquiry, days: float) -> None:
    with transaction():
        then = clock.now() - timedelta(days=days)
        db.session.execute(update(Inquiry).where(Inquiry.id == inquiry.id).values(asked_at=then))


def _reminders() -> list[str]:
    rows = db.session.scalars(select(Event.payload).where(Event.name == "InquiryDue").order_by(Event.id))
    return [each["step"] for each in rows]


def test_who_may_ask_and_who_may_answer(world: World) -> None:
    challenge = world.challenge()
    sponsor = world.sponsor_of(challenge)
    standing_in = world.person("Deputy")
    deputies.name_deputy(
        actor=sponsor,
        challenge=world.again(challenge),
        person_id=sponsor.person_id or 0,
        email="deputy@example.org",
    )
    who = {
        "staff": world.person(),
        "panel": world.panellist(challenge, world.person("", Circle.EXPERT)),
        "sponsor": sponsor,
        "deputy": world.actor(standing_in.person_id or 0),
        "manager": world.manager,
        "administrator": world.grant(world.person("", Circle.PUBLIC), Role.ADMINISTRATOR),
        "expert": world.person("", Circle.EXPERT),
        "visitor": VISITOR,
    }
    asks, answers = set(), set()
    for name, actor in who.items():
        try:
            inquiry = _ask(world, challenge, actor)
            asks.add(name)
        except Refused:
            pass
    first = db.session.scalars(select(Inquiry).order_by(Inquiry.id)).first()
    assert first is not None
    for name, actor in who.items():
        inquiry = _ask(world, challenge, who["staff"]) if name in {"sponsor", "deputy", "manager"} else first
        try:
            _answer(world, inquiry, actor)
            answers.add(name)
        except Refused:
            pass
    assert (asks, answers) == ({"staff", "panel", "manager"}, {"sponsor", "deputy", "manager"})


def test_it_is_asked_from_publication_until_the_decision_is_taken(world: World) -> None:
    sponsor, asker = world.person(), world.person()
    draft = world.draft_challenge(sponsor)
    with pytest.raises(NotPossible) as early:
        inquiries.ask(actor=asker, challenge=draft, text=ASKED, private=False)
    assert early.value.code == "no_questions_now"
    challenge = world.challenge()
    waiting = _ask(world, challenge, asker)
    world.announced(challenge)
    with pytest.raises(NotPossible):
        _ask(world, challenge, asker)
    _answer(world, waiting, world.sponsor_of(challenge))
    assert _again(world, waiting).answer == SAID


def test_what_is_asked_is_bounded(world: World) -> None:
    challenge, asker = world.challenge(), world.person()
    for text, code in ((" \n", "inquiry_missing"), ("x" * (LONGEST + 1), "inquiry_too_long")):
        with pytest.raises(Invalid) as wrong:
            _ask(world, challenge, asker, text)
        assert wrong.value.code == code
    asked = [_ask(world, challenge, asker) for _ in range(MOST_OF_ONE)]
    with pytest.raises(Invalid) as many:
        _ask(world, challenge, asker)
    assert many.value.code == "too_many_inquiries"
    _answer(world, asked[0], world.sponsor_of(challenge))
    _ask(world, challenge, asker)


def test_an_answer_to_the_asker_alone_is_read_by_nobody_else(world: World) -> None:
    challenge, asker, other = world.challenge(), world.person("Asker"), world.person("Other")
    inquiry = _ask(world, challenge, asker)
    _answer(world, inquiry, world.sponsor_of(challenge))
    address, tab = f"/inquiries/{inquiry.public_id}", f"/challenges/{challenge.public_id}/questions"
    assert [world.browser(each).get(address).status_code for each in (asker, world.sponsor_of(challenge), other, None)] == [
        200,
        200,
        404,
        404,
    ]
    seen = {name: words(world.browser(each).get(tab)) for name, each in (("asker", asker), ("other", other))}
    assert {name: (ASKED in page, SAID in page) for name, page in seen.items()} == {
        "asker": (True, True),
        "other": (False, False),
    }
    assert _again(world, inquiry).shown_text == ""


def test_what_is_published_stands_in_edited_words_without_a_name(world: World) -> None:
    challenge, asker, other = world.challenge(), world.person("Asker"), world.person("Other")
    inquiry = _ask(world, challenge, asker)
    _answer(world, inquiry, world.sponsor_of(challenge), publish=True)
    for path in (f"/challenges/{challenge.public_id}/questions", f"/inquiries/{inquiry.public_id}"):
        page = words(world.browser(other).get(path))
        assert [each in page for each in (EDITED, SAID, ASKED, "Asker")] == [True, True, False, False]


def test_a_published_answer_needs_its_question_in_other_words(world: World) -> None:
    challenge = world.challenge()
    inquiry = _ask(world, challenge, world.person())
    with pytest.raises(Invalid) as wrong:
        _answer(world, inquiry, world.sponsor_of(challenge), publish=True, shown_text=" ")
    assert (wrong.value.code, wrong.value.field) == ("inquiry_missing", "shown_text")


def test_what_was_asked_in_private_is_never_published(world: World) -> None:
    challenge = world.challenge()
    inquiry = _ask(world, challenge, world.person(), private=True)
    with pytest.raises(Invalid) as refused:
        _answer(world, inquiry, world.sponsor_of(challenge), publish=True)
    assert refused.value.code == "inquiry_is_private"
    _answer(world, inquiry, world.sponsor_of(challenge))
    row = _again(world, inquiry)
    assert (row.answer, row.published_at, row.shown_text) == (SAID, None, "")


def test_it_is_answered_once(world: World) -> None:
    challenge = world.challenge()
    inquiry = _ask(world, challenge, world.person())
    _answer(world, inquiry, world.sponsor_of(challenge))
    with pytest.raises(NotPossible) as again:
        _answer(world, inquiry, world.manager, text="Something else.", publish=True)
    assert again.value.code == "inquiry_answered"
    assert _again(world, inquiry).answer == SAID


def test_where_names_wait_those_who_answer_do_not_learn_who_asks(world: World) -> None:
    named, unnamed = world.challenge(), world.panel_challenge(names_hidden=True)
    asker = world.person("Asker")
    for challenge, known in ((named, True), (unnamed, False)):
        _ask(world, challenge, asker)
        for who in (world.sponsor_of(challenge), world.manager):
            browser = world.browser(who)
            waiting = queries.waiting(who)
            pages = [f"/challenges/{challenge.public_id}/inquiries"]
            pages += [f"/inquiries/{each.public_id}/answer" for each in waiting if each.challenge_id == challenge.id]
            assert len(pages) == 2
            assert [("Asker" in words(browser.get(path)), "Zebrafrost" in words(browser.get(path))) for path in pages] == [
                (known, True),
                (known, True),
            ]


def test_a_withheld_sponsor_stays_withheld_in_his_answer(world: World) -> None:
    sponsor = world.person("Hidden Sponsor")
    draft = world.draft_challenge(sponsor)
    withholding.withhold(actor=world.sponsor_of(draft), challenge=draft, withheld=True)
    world.handed_in(draft)
    briefs.publish(actor=world.manager, challenge=world.again(draft))
    asker = world.person()
    inquiry = _ask(world, draft, asker)
    _answer(world, inquiry, world.sponsor_of(draft), publish=True)
    world.settle()
    for path in (f"/challenges/{draft.public_id}/questions", f"/inquiries/{inquiry.public_id}"):
        page = world.browser(asker).get(path)
        assert (SAID in words(page), "Hidden Sponsor" in page.get_data(as_text=True)) == (True, False)
    told = [each for each in world.letters() if each.to == f"{asker.name}@example.org"]
    assert [SAID in each.text and "Hidden" not in each.whole for each in told] == [True]


def test_who_is_told_of_what(world: World) -> None:
    challenge, asker, writer, drafting = world.challenge(), world.person(), world.person(), world.person()
    world.idea(challenge, writer)
    world.draft_idea(world.again(challenge), drafting)
    quiet, shared = _ask(world, challenge, asker), _ask(world, challenge, asker)
    world.settle()
    before = len(world.letters())
    _answer(world, quiet, world.sponsor_of(challenge))
    world.settle()
    first = world.letters()
    _answer(world, shared, world.sponsor_of(challenge), publish=True)
    world.settle()
    subjects = sorted((each.to.split("@")[0], each.subject.split(":")[0]) for each in world.letters())
    asked = [each for each in subjects if "nswer" in each[1]]
    assert len(first) == before + 1
    assert asked == sorted(
        [
            (str(asker.name), "Your question is answered"),
            (str(asker.name), "Your question is answered"),
            (str(writer.name), "An answer for everybody"),
            (str(drafting.name), "An answer for everybody"),
        ]
    )
    assert not any("Zebrafrost" in each.whole for each in world.letters())


def test_the_words_of_a_private_answer_stand_in_no_mail(world: World) -> None:
    challenge, asker = world.challenge(), world.person()
    inquiry = _ask(world, challenge, asker, private=True)
    _answer(world, inquiry, world.sponsor_of(challenge))
    world.settle()
    told = [each for each in world.letters() if "Your question is answered" in each.subject]
    assert [(each.to, SAID in each.whole, f"/inquiries/{inquiry.public_id}" in each.text) for each in told] == [
        (f"{asker.name}@example.org", False, True)
    ]


def test_facts_hold_ids_alone(world: World) -> None:
    challenge = world.challenge()
    inquiry = _ask(world, challenge, world.person())
    _answer(world, inquiry, world.sponsor_of(challenge), publish=True)
    rows = db.session.execute(select(Event.name, Event.payload).where(Event.name.like("Inquiry%")).order_by(Event.id))
    assert [(row.name, row.payload) for row in rows] == [
        ("InquiryAsked", {"inquiry_id": inquiry.id}),
        ("InquiryAnswered", {"inquiry_id": inquiry.id, "published": True}),
    ]


def test_the_sponsor_is_reminded_after_three_days_and_the_manager_after_five(world: World) -> None:
    challenge = world.challenge()
    inquiry = _ask(world, challenge, world.person())

    def remind() -> None:
        inquiries.remind(actor=house(Origin.CLOCK))
        world.settle()

    remind()
    assert _reminders() == []
    _made_older(inquiry, 3.1)
    remind()
    remind()
    assert _reminders() == ["soon"]
    sponsor = f"{world.sponsor_of(challenge).name}@example.org"
    assert [each.to for each in world.letters() if "Still to answer" in each.subject] == [sponsor]
    _made_older(inquiry, 5.1)
    remind()
    remind()
    assert _reminders() == ["soon", "late"]
    told = sorted(each.to for each in world.letters() if "Still to answer" in each.subject)
    assert told == sorted(["manager@example.org", sponsor, sponsor])
    _made_older(inquiry, 12.2)
    _answer(world, inquiry, world.sponsor_of(challenge))
    remind()
    assert _reminders() == ["soon", "late"]


def test_what_waits_is_listed_for_those_who_answer_the_oldest_first(world: World) -> None:
    mine, other, asker = world.challenge(), world.challenge(), world.person()
    first, second = _ask(world, mine, asker, "First?"), _ask(world, mine, asker, "Second?")
    elsewhere = _ask(world, other, asker, "Elsewhere?")
    _answer(world, first, world.sponsor_of(mine))
    third = _ask(world, mine, asker, "Third?")

    def listed(who: Actor, **page: int) -> list[int]:
        return [each.id for each in queries.waiting(who, **page)]

    assert listed(world.sponsor_of(mine)) == [second.id, third.id]
    assert listed(world.sponsor_of(mine), after=second.id) == [third.id]
    assert listed(world.manager, limit=2) == [second.id, elsewhere.id]
    assert listed(asker) == []


def test_pages_ask_a_fixed_number_of_questions_of_the_database(world: World) -> None:
    challenge, asker = world.challenge(), world.person()
    sponsor = world.sponsor_of(challenge)

    def asked_and_published(count: int) -> None:
        for _ in range(count):
            _answer(world, _ask(world, challenge, asker), sponsor, publish=True)
            waits = _ask(world, challenge, world.person())
            assert waits.id

    def counted() -> list[int]:
        found = []
        for who, path in ((asker, "questions"), (sponsor, "inquiries")):
            browser = world.browser(who)
            browser.get(f"/challenges/{challenge.public_id}/{path}")
            with counting() as statements:
                assert browser.get(f"/challenges/{challenge.public_id}/{path}").status_code == 200
            found.append(len(statements))
        return found

    asked_and_published(1)
    few = counted()
    asked_and_published(29)
    assert counted() == few


def test_the_list_of_the_published_pages(world: World) -> None:
    challenge = world.challenge()
    sponsor = world.sponsor_of(challenge)
    for number in range(27):
        inquiry = _ask(world, challenge, world.person())
        _answer(world, inquiry, sponsor, publish=True, shown_text=f"Number {number:02}?")
    found = queries.published(challenge)
    rest = queries.published(challenge, found.next)
    assert [each.shown_text for each in (*found.items, *rest.items)] == [f"Number {n:02}?" for n in reversed(range(27))]
    assert (len(found.items), rest.next) == (25, None)


def test_asking_and_answering_by_the_pages(world: World) -> None:
    challenge, asker = world.challenge(), world.person()
    path = f"/challenges/{challenge.public_id}/inquiries/new"
    browser = world.browser(asker)
    assert "Ask the sponsor" in words(browser.get(f"/challenges/{challenge.public_id}/questions"))
    assert browser.post(path, {"text": "", "privacy": "private"}).status_code == 422
    for _ in range(2):
        done = browser.post(path, {"text": ASKED, "privacy": "shared", "once": "one"})
        assert (done.status_code, done.headers["Location"]) == (303, f"/challenges/{challenge.public_id}/questions")
    world.anew()
    assert db.session.scalar(select(func.count(Inquiry.id))) == 1
    inquiry = db.session.scalars(select(Inquiry)).one()
    answers = world.browser(world.sponsor_of(challenge))
    form = f"/inquiries/{inquiry.public_id}/answer"
    assert ASKED in words(answers.get(form))
    wrong = answers.post(form, {"text": "Yes, they do.", "readers": "all", "shown_text": ""})
    assert (wrong.status_code, "Yes, they do." in words(wrong)) == (422, True)
    assert answers.post(form, {"text": SAID, "readers": "all", "shown_text": EDITED}).status_code == 303
    assert EDITED in words(browser.get(f"/challenges/{challenge.public_id}/questions"))
    assert EDITED in words(browser.get(f"/challenges/{challenge.public_id}"))
    assert browser.get(form).status_code == 404


def test_a_sponsor_finds_no_question_of_another_challenge(world: World) -> None:
    mine, other = world.challenge(), world.challenge()
    inquiry = _ask(world, other, world.person())
    browser = world.browser(world.sponsor_of(mine))
    assert [browser.get(f"/inquiries/{inquiry.public_id}{end}").status_code for end in ("", "/answer")] == [404, 404]
    assert browser.get(f"/challenges/{other.public_id}/inquiries").status_code in {403, 404}
