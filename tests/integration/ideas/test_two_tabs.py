"""Two tabs, an old page, the Back button: what stands on a page is what its button does, and nothing typed is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from innovation.challenges import queries as challenges
from innovation.ideas.models import Idea, Revision
from innovation.ideas.service import writing
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.rules.promotion import ready_rule
from tests.support.browser import Browser
from tests.support.pages import typed
from tests.support.world import World


@pytest.fixture
def author(world: World) -> Actor:
    return world.person("Author")


@pytest.fixture
def draft(world: World, author: Actor) -> Idea:
    return world.draft_idea(world.challenge(), author, "As I read it", text="One text.")


def _count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _check(browser: Browser, idea: Idea) -> dict[str, str]:
    """The check page's form as it stands in a tab, with the terms accepted."""
    page = browser.get(f"/ideas/{idea.public_id}/check")
    assert page.status_code == 200
    return {"accept_terms": "y", "checked": typed(page, "checked")}


# --- what was checked is what is sent ------------------------------------------------------------------------------


def test_what_was_checked_is_sent(world: World, author: Actor, draft: Idea) -> None:
    browser = world.browser(author)
    assert browser.post(f"/ideas/{draft.public_id}/check", _check(browser, draft)).status_code == 303
    assert world.idea_again(draft).state == "submitted"


@pytest.mark.parametrize("change", [{"title": "New"}, {"text": "New."}, {"requested_minor": 5}])
def test_a_draft_that_changed_since_it_was_checked_is_not_sent(
    world: World, author: Actor, draft: Idea, change: dict[str, object]
) -> None:
    browser, path = world.browser(author), f"/ideas/{draft.public_id}/check"
    form = _check(browser, draft)
    values = {"title": draft.title, "text": draft.text, "requested_minor": None} | change
    writing.save_draft(actor=author, idea=world.idea_again(draft), **values)  # type: ignore[arg-type]
    page = browser.post(path, form)
    assert page.status_code == 422
    assert "The text changed since you opened this page." in page.get_data(as_text=True)
    assert (world.idea_again(draft).state, _count(Revision)) == ("draft", 0)
    # The page shown anew is the one to send from.
    assert browser.post(path, form | {"checked": typed(page, "checked")}).status_code == 303
    assert world.idea_again(draft).state == "submitted"


def test_the_check_page_of_what_is_sent_leads_to_the_receipt(world: World, author: Actor, draft: Idea) -> None:
    browser, path = world.browser(author), f"/ideas/{draft.public_id}/check"
    form = _check(browser, draft)
    receipt = f"/ideas/{draft.public_id}/receipt"
    answers = [browser.post(path, form), browser.get(path), browser.post(path, form)]
    assert [(page.status_code, page.headers.get("Location")) for page in answers] == [(303, receipt)] * 3
    assert _count(Revision) == 1


# --- an old "Save draft" -------------------------------------------------------------------------------------------


def test_an_old_save_draft_publishes_nothing_and_keeps_what_was_typed(world: World, author: Actor) -> None:
    draft = world.draft_idea(world.challenge(vote_opens=world.wall(days=29)), author, "As I read it")
    browser, path = world.browser(author), f"/ideas/{draft.public_id}/edit"
    opened = typed(browser.get(path), "state")
    writing.submit(actor=author, idea=draft, accept_terms=True)
    form = {"title": "Half a thought", "text": "Not for readers.", "state": opened, "then": "save"}
    page = browser.post(path, form)
    assert page.status_code == 409
    assert (typed(page, "title"), typed(page, "text").strip()) == ("Half a thought", "Not for readers.")
    text = page.get_data(as_text=True)
    assert ("It has been sent meanwhile" in text, "Save as a new version" in text, "Save draft" in text) == (
        True,
        True,
        False,
    )
    assert (world.idea_again(draft).title, _count(Revision)) == ("As I read it", 1)
    # The button that the page now offers does what it says.
    assert browser.post(path, form | {"state": typed(page, "state")}).status_code == 303
    assert (world.idea_again(draft).title, _count(Revision)) == ("Half a thought", 2)


def test_an_old_save_draft_offers_a_note_where_the_text_is_fixed(world: World, author: Actor, draft: Idea) -> None:
    writing.submit(actor=author, idea=draft, accept_terms=True)
    with transaction():
        challenges.by_id(draft.challenge_id).edits_allowed = False
    form = {"title": "Half a thought", "text": "Not for readers.", "state": "draft", "then": "save"}
    page = world.browser(author).post(f"/ideas/{draft.public_id}/edit", form)
    assert (page.status_code, typed(page, "title")) == (409, "Half a thought")
    text = page.get_data(as_text=True)
    assert (f'href="/ideas/{draft.public_id}/notes"' in text, "Save as a new version" in text) == (True, False)


def test_an_old_page_of_a_withdrawn_idea_keeps_what_was_typed_and_offers_no_button(
    world: World, author: Actor, draft: Idea
) -> None:
    browser, path = world.browser(author), f"/ideas/{draft.public_id}/edit"
    writing.withdraw(actor=author, idea=draft)
    page = browser.post(path, {"title": "Too late", "text": "Typed.", "state": "draft", "then": "save"})
    assert (page.status_code, typed(page, "title")) == (409, "Too late")
    text = page.get_data(as_text=True)
    assert ("for you to copy" in text, "Save as a new version" in text, "Save draft" in text) == (True, False, False)
    assert world.idea_again(draft).title == "As I read it"


# --- drafts nobody asked for ---------------------------------------------------------------------------------------


def test_a_form_sent_before_with_something_else_links_to_what_it_made(world: World, author: Actor) -> None:
    browser, path = world.browser(author), f"/challenges/{world.challenge().public_id}/ideas/new"
    form = {"title": "First", "text": "It.", "once": "k" * 20}
    made = browser.post(path, form).headers["Location"]
    page = browser.post(path, form | {"title": "Second"})
    assert page.status_code == 422
    assert f'href="{made}"' in page.get_data(as_text=True)


def test_the_page_for_a_new_idea_tells_of_the_draft_that_is_there(world: World, author: Actor, draft: Idea) -> None:
    path = f"/challenges/{draft.challenge.public_id}/ideas/new"
    mine, other = world.browser(author).get(path), world.browser(world.person()).get(path)
    link = f'href="/ideas/{draft.public_id}/edit"'
    assert [link in page.get_data(as_text=True) for page in (mine, other)] == [True, False]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": "", "text": ""}, {"title", "text"}),
        ({"title": " "}, {"title"}),
        ({"requested": ""}, {"requested"}),
        ({"requested": "2000", "text": ""}, {"text", "requested"}),
        ({}, set()),
    ],
)
def test_check_and_send_says_at_the_fields_what_is_missing_and_makes_nothing(
    world: World, author: Actor, changes: dict[str, str], fields: set[str]
) -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "budget", "overrun": "skip"})
    challenge = world.challenge(rule=rule, budget_minor=1_000_00)
    form = {"title": "T", "text": "It.", "requested": "500", "then": "check", "once": "k" * 20}
    form |= {"mine": "yes", "employer": "no"}
    page = world.browser(author).post(f"/challenges/{challenge.public_id}/ideas/new", form | changes)
    text = page.get_data(as_text=True)
    assert {name for name in ("title", "text", "requested") if f'href="#{name}"' in text} == fields
    assert (page.status_code, _count(Idea)) == ((422, 0) if fields else (303, 1))


def test_an_incomplete_draft_is_still_saved_by_its_own_button(world: World, author: Actor) -> None:
    path = f"/challenges/{world.challenge().public_id}/ideas/new"
    assert world.browser(author).post(path, {"title": "", "text": "A thought.", "then": "save"}).status_code == 303
    assert db.session.scalars(select(Idea.text)).all() == ["A thought."]


# --- pages that could only refuse ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["edit", "check", "withdrawal"])
def test_a_page_that_could_only_refuse_leads_to_the_idea_with_the_reason(
    world: World, author: Actor, draft: Idea, page: str
) -> None:
    writing.withdraw(actor=author, idea=draft)
    browser = world.browser(author)
    answer = browser.get(f"/ideas/{draft.public_id}/{page}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/ideas/{draft.public_id}")
    said = "can no longer be withdrawn" if page == "withdrawal" else "This draft was thrown away"
    assert said in browser.get(answer.headers["Location"]).get_data(as_text=True)


def test_the_editor_of_a_withdrawn_idea_leads_to_the_idea(world: World, author: Actor) -> None:
    idea = world.idea(world.challenge(), author)
    writing.withdraw(actor=author, idea=world.idea_again(idea))
    answers = [world.browser(author).get(f"/ideas/{idea.public_id}/{page}") for page in ("edit", "check")]
    assert [page.headers.get("Location") for page in answers] == [
        f"/ideas/{idea.public_id}",
        f"/ideas/{idea.public_id}/receipt",
    ]


def test_a_draft_thrown_away_is_on_no_list_and_a_withdrawn_idea_stays_on_ones_own(
    world: World, author: Actor, draft: Idea
) -> None:
    sent = world.idea(draft.challenge, author, "Was sent")
    browser = world.browser(author)
    thrown = browser.post(f"/ideas/{draft.public_id}/withdrawal")
    assert thrown.status_code == 303
    assert "The draft is thrown away." in browser.get(thrown.headers["Location"]).get_data(as_text=True)
    assert browser.post(f"/ideas/{sent.public_id}/withdrawal").status_code == 303
    text = browser.get("/my-ideas").get_data(as_text=True)
    assert ("As I read it" in text, "Was sent" in text) == (False, True)
