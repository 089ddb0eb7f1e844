"""The start page, the last look with its hints, and the brief as an expert would see it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme
from innovation.challenges.service import amending, briefs
from innovation.kernel import clock
from innovation.kernel.actor import Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from tests.conftest import counting
from tests.support.pages import typed, words
from tests.support.world import ZONE, World


def _form(world: World, programme: Programme, **changes: str) -> dict[str, str]:
    values = {
        "template": "staff",
        "title": "How do we cool with half the water?",
        "must": "Half the water of today, the same output.",
        "who_may": "staff",
        "closes": world.wall(days=28).isoformat(timespec="minutes"),
        "zone": ZONE,
        "programme": programme.public_id,
        "then": "check",
    }
    return values | changes


def _only(world: World) -> Challenge:
    world.anew()
    return challenges.by_id(db.session.scalars(select(Challenge.id)).one())


# --- the start -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "who", "expected"),
    [
        ("technical", "staff", ("technical", "sealed", "sponsor", "employee")),
        ("technical", "experts", ("technical", "sealed", "sponsor", "author_keeps")),
        ("staff", "staff", ("staff", "open", "votes", "employee")),
    ],
)
def test_a_template_says_who_reads_and_who_decides(world: World, template: str, who: str, expected: tuple[str, ...]) -> None:
    sent = _form(world, world.programme(), template=template, who_may=who)
    assert world.browser(world.person()).post("/challenges/new", sent).status_code == 303
    made = _only(world)
    assert made.terms is not None
    assert (made.template, made.visibility, made.who_decides, made.terms.key) == expected


def test_ideas_from_staff_are_from_staff_and_nothing_typed_is_lost(world: World) -> None:
    sent = _form(world, world.programme(), who_may="everyone")
    page = world.browser(world.person()).post("/challenges/new", sent)
    assert page.status_code == 422
    assert "is for our own staff" in words(page)
    assert typed(page, "title") == sent["title"]
    assert typed(page, "must") == sent["must"]


def test_what_is_changed_on_the_start_page_stands_in_the_brief(world: World) -> None:
    sent = _form(world, world.programme(), language="nl", prize="2500", currency="USD", terms="licence_if_chosen")
    world.browser(world.person()).post("/challenges/new", sent)
    made = _only(world)
    assert made.terms is not None
    found = (made.language, made.prize_minor, made.currency, made.terms.key)
    assert found == ("nl", 250_000, "USD", "licence_if_chosen")


def test_own_earlier_challenges_can_be_copied_from_the_start_page(world: World) -> None:
    sponsor = world.person("Sponsor")
    world.challenge(sponsor, title="How did we dry?")
    world.challenge(title="Somebody else's?")
    page = words(world.browser(world.actor(sponsor.person_id or 0)).get("/challenges/new"))
    assert "Copy How did we dry?" in page
    assert "Somebody else's?" not in page


def test_the_first_page_leads_to_the_last_look_and_that_to_publication(world: World) -> None:
    programme = world.programme()
    with transaction():
        db.session.get_one(Programme, programme.id).staff_without_approval = True
    sponsor = world.person("Sponsor")
    browser = world.browser(sponsor)
    begun = browser.post("/challenges/new", _form(world, programme))
    assert begun.headers["Location"].endswith("/check")
    look = browser.get(begun.headers["Location"])
    assert "Publish it" in words(look)
    made = _only(world)
    assert browser.post(f"/challenges/{made.public_id}/publication").status_code == 303
    assert _only(world).state == "published"


# --- the last look -------------------------------------------------------------------------------------------------


def test_a_sponsor_reads_who_approves_and_hands_in(world: World) -> None:
    draft = world.draft_challenge(world.person("Sponsor"))
    world.manager  # noqa: B018 - is there
    sponsor = world.sponsor_of(draft)
    page = words(world.browser(sponsor).get(f"/challenges/{draft.public_id}/check"))
    assert "It goes to Manager, who publishes it or says what is missing." in page
    assert "Hand it in" in page
    assert "Publish it" not in page


def test_the_promise_of_two_days_is_shown_with_its_date(world: World) -> None:
    made = world.handed_in(world.draft_challenge(world.person("Sponsor")))
    page = words(world.browser(world.sponsor_of(made)).get(f"/challenges/{made.public_id}"))
    assert made.proposed_at is not None
    assert "You were promised an answer by" in page


def test_hints_are_for_sponsors_managers_and_approvers(world: World) -> None:
    draft = world.draft_challenge(world.person("Sponsor"), title="Drying", must="Work well.")
    page = words(world.browser(world.sponsor_of(draft)).get(f"/challenges/{draft.public_id}/check"))
    assert "The title asks nothing." in page
    assert "Little is said of what a good answer must do." in page
    assert world.browser(world.person()).get(f"/challenges/{draft.public_id}/check").status_code == 404
    open_ = world.challenge()
    assert world.browser(world.person()).get(f"/challenges/{open_.public_id}/check").status_code == 403


def test_hints_stop_nobody(world: World) -> None:
    draft = world.draft_challenge(world.person("Sponsor"), title="Drying", must="Work well.")
    assert world.handed_in(draft).state == "proposed"


CAKE: dict[str, Any] = {"title": "How do we dry the filter cake with less steam?", "must": "Dry filter cake, save steam."}


def _past(world: World, **changes: Any) -> Challenge:
    made = world.challenge(**(CAKE | changes))
    world.idea(made)
    with transaction():
        row = challenges.by_id(made.id)
        row.opens_at = clock.now().replace(year=2020)
        row.closes_at = clock.now().replace(year=2021)
    return world.again(made)


def test_past_challenges_like_it_stand_beside_with_what_they_brought(world: World) -> None:
    _past(world, title="How did we dry the filter cake last year?")
    world.challenge(title="How do we dry filter cake now?")
    draft = world.draft_challenge(world.person("Sponsor"), **CAKE)
    page = words(world.browser(world.sponsor_of(draft)).get(f"/challenges/{draft.public_id}/check"))
    assert "How did we dry the filter cake last year?" in page
    assert "1 idea, 0 chosen; 0 projects, 0 proofs passed." in page
    assert "How do we dry filter cake now?" not in page


def test_a_past_challenge_that_a_sponsor_may_not_see_is_never_named(world: World) -> None:
    hidden = _past(world, title="How did the secret filter cake dry?")
    with transaction():
        row = challenges.by_id(hidden.id)
        row.audience[0].kind, row.audience[0].value = "person", "0"
    draft = world.draft_challenge(world.person("Sponsor"), **CAKE)
    sponsor = world.sponsor_of(draft)
    for ending in ("check", "edit"):
        assert "the secret filter cake" not in words(world.browser(sponsor).get(f"/challenges/{draft.public_id}/{ending}"))
    assert "the secret filter cake" in words(world.browser(world.manager).get(f"/challenges/{draft.public_id}/check"))


def test_the_look_at_the_past_asks_the_same_of_the_database_however_long_it_is(world: World) -> None:
    draft = world.draft_challenge(world.person("Sponsor"), **CAKE)
    browser, address = world.browser(world.sponsor_of(draft)), f"/challenges/{draft.public_id}/check"
    _past(world)
    browser.get(address)
    with counting() as one:
        browser.get(address)
    for _ in range(4):
        _past(world)
    with counting() as five:
        browser.get(address)
    assert len(one) == len(five)


# --- as an expert would see it -------------------------------------------------------------------------------------


def test_the_preview_shows_what_the_audience_sees_and_nothing_else(world: World) -> None:
    draft = world.draft_challenge(world.person("Sven"), who_may="experts", summary="In short.", background="Known.")
    with transaction():
        row = challenges.by_id(draft.id)
        row.full_access, row.full_text, row.full_terms = "terms", "The secret recipe.", "Tell nobody."
        row.sponsor_withheld = True
        row.sponsor_name = "Acme Coatings"
    page = world.browser(world.sponsor_of(draft)).get(f"/challenges/{draft.public_id}/preview")
    text = words(page)
    main = text[text.index("This is how somebody who may answer") :]
    assert all(each in text for each in ("In short.", "Known.", "Work."))
    assert [each in main for each in ("secret recipe", "Tell nobody", "Acme", "Sven")] == [False] * 4
    assert "It opens by accepting its confidentiality terms." in main


def test_the_preview_is_for_those_who_prepare_it(world: World) -> None:
    draft = world.draft_challenge(world.person(), who_may="everyone")
    assert world.browser(world.person("", Circle.EXPERT)).get(f"/challenges/{draft.public_id}/preview").status_code == 404


# --- changes where people are --------------------------------------------------------------------------------------


def test_changes_stand_on_the_challenge_s_page_and_the_question_on_the_author_s_idea(world: World) -> None:
    made = world.challenge(terms="author_keeps")
    ann = world.person("Ann")
    idea = world.idea(made, ann)
    sponsor = world.sponsor_of(made)
    amending.change_terms(actor=sponsor, challenge=world.again(made), terms="licence_if_chosen", reason="A partner asks.")
    ask = "Do you accept this change for it?"
    assert "Changes since publication" in words(world.browser(ann).get(f"/challenges/{made.public_id}"))
    assert ask in words(world.browser(ann).get(f"/ideas/{idea.public_id}"))
    assert ask not in words(world.browser(sponsor).get(f"/ideas/{idea.public_id}"))
    briefs.copy(actor=sponsor, original=world.again(made))
