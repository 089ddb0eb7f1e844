"""From the first word to the submitted idea: in time, under accepted terms, once, and nothing typed is lost."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from innovation.challenges.models import Challenge, Terms, TermsAcceptance
from innovation.challenges.service import course
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea, Revision
from innovation.ideas.service import writing
from innovation.kernel import clock
from innovation.kernel.actor import VISITOR, Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.lifecycle import StageCount
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule
from tests.support.pages import typed
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World

TEXT = "# Dry coolers\n\nWith *two* fans."


def _count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _counters(challenge: Challenge) -> dict[tuple[str, str], tuple[int, int]]:
    db.session.rollback()
    rows = db.session.scalars(
        select(StageCount).where(StageCount.challenge_id == challenge.id, StageCount.subject_kind == "idea")
    )
    return {(row.stage, row.visibility): (row.entered, row.left) for row in rows}


# --- the door ------------------------------------------------------------------------------------------------------


def test_an_idea_goes_from_the_form_to_the_receipt(world: World) -> None:
    challenge = world.challenge()
    author = world.person("Author")
    browser = world.browser(author)
    form = {"title": "Dry coolers", "text": TEXT, "then": "check", "once": "k" * 20, "mine": "yes", "employer": "no"}
    sent = browser.post(f"/challenges/{challenge.public_id}/ideas/new", form)
    idea = db.session.scalars(select(Idea)).one()
    assert sent.headers["Location"] == f"/ideas/{idea.public_id}/check"
    assert browser.get(sent.headers["Location"]).status_code == 200
    before = clock.now()
    sent = browser.post(f"/ideas/{idea.public_id}/check", {"accept_terms": "y"})
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/ideas/{idea.public_id}/receipt")
    assert browser.get(sent.headers["Location"]).status_code == 200
    again = world.idea_again(idea)
    assert (again.state, again.title, again.text, again.revision_no) == ("submitted", "Dry coolers", TEXT, 1)
    assert again.submitted_at is not None
    assert abs(again.submitted_at - before) < timedelta(seconds=20)


def test_the_same_form_twice_makes_one_idea(world: World) -> None:
    challenge = world.challenge()
    browser = world.browser(world.person())
    form = {"title": "Once", "text": TEXT, "once": "k" * 20}
    answers = [browser.post(f"/challenges/{challenge.public_id}/ideas/new", form) for _ in range(3)]
    assert [page.status_code for page in answers] == [303, 303, 303]
    assert len({page.headers["Location"] for page in answers}) == 1
    assert _count(Idea) == 1


def test_the_same_form_from_two_tabs_at_once_makes_one_idea(world: World) -> None:
    challenge = world.challenge()
    who = world.person()
    browsers = [world.browser(who) for _ in range(4)]
    path, form = f"/challenges/{challenge.public_id}/ideas/new", {"title": "Once", "text": TEXT, "once": "k" * 20}
    answers = at_once(world.app, [lambda b=each: b.client.post(path, data=form) for each in browsers])
    assert [page.status_code for page in answers] == [303] * 4
    assert len({page.headers["Location"] for page in answers}) == 1
    assert _count(Idea) == 1


def test_another_text_under_the_same_key_is_refused(world: World) -> None:
    challenge = world.challenge()
    browser = world.browser(world.person())
    form = {"title": "First", "text": TEXT, "once": "k" * 20}
    answers = [
        browser.post(f"/challenges/{challenge.public_id}/ideas/new", each) for each in (form, form | {"title": "Other"})
    ]
    assert [page.status_code for page in answers] == [303, 422]
    assert db.session.scalars(select(Idea.title)).all() == ["First"]


def test_the_same_key_of_two_people_is_two_keys(world: World) -> None:
    challenge = world.challenge()
    form = {"title": "Mine", "text": TEXT, "once": "k" * 20}
    for _ in range(2):
        page = world.browser(world.person()).post(f"/challenges/{challenge.public_id}/ideas/new", form)
        assert page.status_code == 303
    assert _count(Idea) == 2


def test_a_form_that_was_refused_may_be_sent_again_under_its_key(world: World) -> None:
    challenge = world.challenge()
    browser, path = world.browser(world.person()), f"/challenges/{challenge.public_id}/ideas/new"
    bad = {"title": "T" * 201, "text": TEXT, "once": "k" * 20}
    answers = [browser.post(path, each).status_code for each in (bad, bad | {"title": "Short"})]
    assert answers == [422, 303]
    assert db.session.scalars(select(Idea.title)).all() == ["Short"]


def test_a_form_with_errors_keeps_everything_typed(world: World) -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "budget", "overrun": "skip"})
    challenge = world.challenge(rule=rule, budget_minor=100_000_00)
    form = {"title": "<Title> & more", "text": "Line one\nLine <two>", "requested": "many euros", "once": "k" * 20}
    page = world.browser(world.person()).post(f"/challenges/{challenge.public_id}/ideas/new", form)
    assert page.status_code == 422
    assert typed(page, "title") == "&lt;Title&gt; &amp; more"
    assert typed(page, "text").splitlines() == ["Line one", "Line &lt;two&gt;"]
    assert typed(page, "requested") == "many euros"
    assert typed(page, "once") == "k" * 20
    assert 'href="#requested"' in page.get_data(as_text=True)
    assert _count(Idea) == 0


def test_what_the_editor_saves_by_itself_is_kept_incomplete(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    idea = world.draft_idea(challenge, author, "Begun")
    browser, path = world.browser(author), f"/ideas/{idea.public_id}/draft"
    for title, text in (("", "half a sen"), ("T" * 400, ""), ("", "")):
        assert browser.post(path, {"title": title, "text": text}).status_code == 200
        again = world.idea_again(idea)
        assert (again.title, again.text, again.state) == (title[:200], text, "draft")
    assert _count(Revision) == 0


def test_only_authors_save_a_draft_and_a_sent_idea_is_no_draft(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    idea = world.draft_idea(challenge, author, "Begun")
    path = f"/ideas/{idea.public_id}/draft"
    form = {"title": "Stolen", "text": "x"}
    watchers = [world.person(), world.sponsor_of(challenge), world.manager]
    assert [world.browser(who).post(path, form).status_code for who in watchers] == [404, 404, 404]
    writing.submit(actor=author, idea=world.idea_again(idea), accept_terms=True)
    assert world.browser(author).post(path, form).status_code == 409
    assert world.idea_again(idea).title == "Begun"


def test_null_characters_break_nothing(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    browser = world.browser(author)
    form = {"title": "Nul\x00l", "text": "a\x00b", "once": "k" * 20}
    assert browser.post(f"/challenges/{challenge.public_id}/ideas/new", form).status_code in {303, 400, 422}
    paths = [f"/challenges/{challenge.public_id}/ideas?q=a%00b", "/ideas/abc%00def", "/challenges?after=%00"]
    assert [browser.get(path).status_code < 500 for path in paths] == [True, True, True]


# --- in time -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["start", "submit", "revise"])
def test_ideas_come_in_within_their_phase_only(world: World, verb: str) -> None:
    challenge = world.challenge()
    author = world.person()
    draft = world.draft_idea(challenge, author)
    sent = world.idea(challenge, author)

    def act() -> None:
        world.anew()
        if verb == "start":
            world.draft_idea(world.again(challenge), author)
        elif verb == "submit":
            writing.submit(actor=author, idea=world.idea_again(draft), accept_terms=True)
        else:
            writing.revise(actor=author, idea=world.idea_again(sent), title="New", text="New", requested_minor=None)

    closes, opens = challenge.closes_at, challenge.opens_at
    assert opens is not None
    answers = []
    for moment in (opens - timedelta(minutes=1), closes - timedelta(seconds=2), closes, closes + timedelta(days=30)):
        with clock.travelling(moment):
            answers.append(answer(act))
    assert answers == ["NotNow not_open_yet", "done", "NotNow closed", "NotNow closed"]


@pytest.mark.parametrize("state", ["stopped", "frozen", "draft"])
def test_ideas_come_in_while_the_challenge_runs_only(world: World, state: str) -> None:
    challenge = world.draft_challenge(world.person()) if state == "draft" else world.challenge()
    author = world.person()
    if state == "draft":
        assert answer(lambda: world.draft_idea(world.again(challenge), author)) == "NotNow challenge_not_running"
        return
    idea = world.draft_idea(challenge, author)
    if state == "stopped":
        course.stop(actor=world.manager, challenge=world.again(challenge), note="x", ideas="They stay yours.")
    else:
        with transaction():
            db.session.execute(update(Challenge).where(Challenge.id == challenge.id).values(frozen_at=clock.now()))
    said = answer(lambda: writing.submit(actor=author, idea=world.idea_again(idea), accept_terms=True))
    assert said == {"stopped": "NotNow challenge_not_running", "frozen": "NotNow closed"}[state]


def test_no_door_passes_the_time(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    idea = world.draft_idea(challenge, author)
    with pytest.raises(TypeError):
        writing.submit(actor=author, idea=idea, accept_terms=True, now=clock.now() - timedelta(days=1))


# --- complete, and under terms -------------------------------------------------------------------------------------


def test_an_incomplete_idea_is_not_submitted(world: World) -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "budget", "overrun": "skip"})
    challenge = world.challenge(rule=rule, budget_minor=1_000_00)
    author = world.person()
    cases: list[dict[str, Any]] = [
        {"title": " ", "requested_minor": 1},
        {"text": " \n", "requested_minor": 1},
        {"requested_minor": None},
        {"requested_minor": 1_000_01},
        {"requested_minor": 1_000_00},
    ]
    answers = []
    for case in cases:
        idea = world.draft_idea(challenge, author, **case)
        answers.append(answer(lambda i=idea: writing.submit(actor=author, idea=i, accept_terms=True)))
    assert answers == [
        "Invalid title_missing",
        "Invalid text_missing",
        "Invalid amount_missing",
        "Invalid amount_above_budget",
        "done",
    ]


def test_terms_are_accepted_before_an_idea_is_sent_and_kept_with_their_text(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    idea = world.draft_idea(challenge, author)
    assert answer(lambda: writing.submit(actor=author, idea=idea, accept_terms=False)) == "Invalid terms_not_accepted"
    assert _count(TermsAcceptance) == 0
    sent = writing.submit(actor=author, idea=world.idea_again(idea), accept_terms=True)
    row = db.session.scalars(select(TermsAcceptance)).one()
    terms = db.session.get_one(Terms, challenge.terms_id)
    assert (row.person_id, row.challenge_id, row.terms_id) == (author.person_id, challenge.id, terms.id)
    assert (row.text_hash, terms.version) == (hashlib.sha256(f"{terms.body}\n\n{terms.full}".encode()).hexdigest(), 2)
    assert row.accepted_at == sent.submitted_at


def test_terms_are_accepted_once_however_many_ideas_follow(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    for _ in range(2):
        world.idea(challenge, author)
    assert _count(TermsAcceptance) == 1


def test_submitting_twice_at_once_submits_once(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    number = world.draft_idea(challenge, author).id

    def submit() -> None:
        idea = ideas.by_id(number)
        assert idea is not None
        db.session.rollback()
        writing.submit(actor=author, idea=idea, accept_terms=True)

    results = at_once(world.app, [submit] * 4)
    assert sorted(spelled(each) for each in results) == ["NoneType"] + ["NotPossible cannot_submit"] * 3
    facts = select(func.count()).select_from(Event).where(Event.name == "IdeaSubmitted")
    assert (db.session.scalar(facts), _count(Revision)) == (1, 1)
    assert _counters(challenge) == {("submitted", "audience"): (1, 0)}


# --- who -----------------------------------------------------------------------------------------------------------


def test_the_audience_answers_and_nobody_else(world: World) -> None:
    challenge = world.challenge(who_may="experts")
    people = [VISITOR, *(world.person("", circle) for circle in Circle)]
    answers = []
    for who in people:
        row = world.again(challenge)
        answers.append(answer(lambda w=who, c=row: world.draft_idea(c, w)))
    refused = "Refused start_idea"
    assert answers == [refused, "done", "done", "done", refused]


def test_a_judge_does_not_answer_his_own_question(world: World) -> None:
    challenge = world.challenge()
    sponsor = world.sponsor_of(challenge)
    panel = world.grant(world.person(), Role.PANEL, "challenge", challenge.id)
    deputy = world.grant(world.person(), Role.SPONSOR, "challenge", challenge.id)
    answers = [answer(lambda w=who: world.draft_idea(world.again(challenge), w)) for who in (sponsor, panel, deputy)]
    assert answers == ["Refused start_idea"] * 3


def test_an_author_who_became_a_judge_does_not_submit(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    idea = world.draft_idea(challenge, author)
    author = world.grant(author, Role.PANEL, "challenge", challenge.id)
    said = answer(lambda: writing.submit(actor=author, idea=world.idea_again(idea), accept_terms=True))
    assert said == "Refused submit_idea"


def test_a_sponsor_elsewhere_answers_here(world: World) -> None:
    elsewhere, here = world.challenge(), world.challenge()
    sponsor = world.sponsor_of(elsewhere)
    assert answer(lambda: world.idea(world.again(here), sponsor)) == "done"


def test_a_draft_is_read_by_its_authors_alone(world: World) -> None:
    challenge = world.challenge(who_may="everyone")
    author = world.person()
    draft = world.draft_idea(challenge, author)
    watchers = [author, VISITOR, world.person(), world.sponsor_of(challenge), world.manager]
    db.session.rollback()
    assert [ideas.get(who, draft.public_id) is not None for who in watchers] == [True, False, False, False, False]
    paths = [f"/ideas/{draft.public_id}{ending}" for ending in ("", "/edit", "/check", "/revisions", "/authors", "/receipt")]
    for who in (None, *watchers[2:]):
        browser = world.browser(who)
        assert [browser.get(path).status_code for path in paths] == [404] * len(paths)


# --- revisions -----------------------------------------------------------------------------------------------------


def test_a_change_is_a_revision_and_the_earlier_text_stays(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    idea = world.idea(challenge, author, "First", text="one two three")
    writing.revise(actor=author, idea=idea, title="Second", text="one too three four", requested_minor=None)
    rows = ideas.revisions(world.idea_again(idea))
    assert [(row.number, row.title, row.text) for row in rows] == [
        (1, "First", "one two three"),
        (2, "Second", "one too three four"),
    ]
    page = world.browser(author).get(f"/ideas/{idea.public_id}/revisions").get_data(as_text=True)
    assert "<del>" in page
    assert "<ins>" in page


def test_saving_what_stands_already_is_no_revision(world: World) -> None:
    author = world.person()
    idea = world.idea(world.challenge(), author, "Same", text="Same")
    writing.revise(actor=author, idea=idea, title="Same", text="Same", requested_minor=None)
    assert _count(Revision) == 1


def test_two_changes_at_once_are_two_revisions(world: World) -> None:
    author = world.person()
    number = world.idea(world.challenge(), author).id

    def revise(title: str) -> None:
        idea = ideas.by_id(number)
        assert idea is not None
        db.session.rollback()
        writing.revise(actor=author, idea=idea, title=title, text=title, requested_minor=None)

    results = at_once(world.app, [lambda t=title: revise(t) for title in ("A", "B", "C", "D")])
    assert [spelled(each) for each in results] == ["NoneType"] * 4
    rows = db.session.execute(select(Revision.number, Revision.title).order_by(Revision.number)).all()
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert sorted(row.title for row in rows[1:]) == ["A", "B", "C", "D"]
    idea = db.session.get_one(Idea, number)
    assert (idea.revision_no, idea.title) == (5, rows[-1].title)


def test_nobody_else_changes_an_idea(world: World) -> None:
    challenge = world.challenge()
    idea = world.idea(challenge)
    form = {"title": "Stolen", "text": "x"}
    watchers = [world.person(), world.sponsor_of(challenge), world.manager]
    answers = [world.browser(who).post(f"/ideas/{idea.public_id}/edit", form).status_code for who in watchers]
    assert answers == [403, 403, 403]
    assert world.idea_again(idea).title != "Stolen"


# --- withdrawal ----------------------------------------------------------------------------------------------------


def test_a_withdrawn_idea_is_hidden_and_the_counters_move(world: World) -> None:
    challenge = world.challenge()
    author, reader = world.person(), world.person()
    idea = world.idea(challenge, author)
    world.vote(idea, reader)
    assert _counters(challenge) == {("submitted", "audience"): (1, 0)}
    assert world.browser(reader).get(f"/ideas/{idea.public_id}").status_code == 200
    writing.withdraw(actor=author, idea=world.idea_again(idea))
    assert _counters(challenge) == {("submitted", "audience"): (1, 1), ("withdrawn", "audience"): (1, 0)}
    watchers = [reader, world.sponsor_of(challenge), world.manager, author]
    db.session.rollback()
    assert [ideas.get(who, idea.public_id) is not None for who in watchers] == [False, False, False, True]
    assert [row.id for row in ideas.page(reader, challenge).items] == []


def test_an_idea_is_withdrawn_by_its_authors_alone_and_once(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    idea = world.idea(challenge, author)
    watchers = [world.person(), world.sponsor_of(challenge), world.manager, author, author]
    answers = [answer(lambda w=who: writing.withdraw(actor=w, idea=world.idea_again(idea))) for who in watchers]
    assert answers == ["Refused withdraw_idea"] * 3 + ["done", "NotPossible cannot_withdraw"]


def test_an_idea_is_not_withdrawn_once_the_decision_is_being_taken(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    idea = world.idea(challenge, author)
    world.decided(challenge)
    said = answer(lambda: writing.withdraw(actor=author, idea=world.idea_again(idea)))
    assert said == "NotPossible decision_under_way"


def test_the_schema_refuses_a_submitted_idea_without_a_time(world: World) -> None:
    idea = world.draft_idea(world.challenge())
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Idea).where(Idea.id == idea.id).values(state="submitted"))
