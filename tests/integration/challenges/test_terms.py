"""The terms under which ideas are given: their texts, versions, approval and acceptance."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import func, select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Terms, TermsAcceptance
from innovation.challenges.service import terms
from innovation.kernel.actor import Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.refusals import answer
from tests.support.world import World

SAYS = {
    "en": (
        "If it is not chosen",
        "*Sealed.*",
        "*Open.*",
        "### Co-authors and shares",
        "### Prize",
        "What stays:",
        "which law",
    ),
    "nl": (
        "niet gekozen wordt",
        "*Verzegeld.*",
        "*Open.*",
        "### Medeauteurs en aandelen",
        "### Prijs",
        "Wat blijft:",
        "welk recht",
    ),
}


@pytest.mark.parametrize("key", terms.KEYS)
@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_each_text_has_five_lines_and_says_all_that_terms_must_say(key: str, language: str) -> None:
    text = terms.READY[key][language]
    assert [line[:2] for line in text.body.splitlines()] == ["1.", "2.", "3.", "4.", "5."]
    assert [part for part in SAYS[language] if part not in text.full] == []
    assert text.version == terms.READY[key]["en"].version


def test_the_fingerprint_covers_the_lines_and_the_full_text(world: World) -> None:
    row = world.challenge().terms
    assert row is not None
    assert row.text_hash == hashlib.sha256(f"{row.body}\n\n{row.full}".encode()).hexdigest()
    assert row.full != ""


def test_an_earlier_version_stays_with_whatever_was_accepted_under_it(world: World) -> None:
    author = world.person()
    with transaction():
        old = Terms(key="author_keeps", version=1, language="en", title="Old", body="1. Old.", text_hash="0" * 64)
        db.session.add(old)
        db.session.flush()
        old_id = old.id
    earlier = world.challenge()
    with transaction():
        challenges.by_id(earlier.id).terms_id = old_id
    world.idea(world.again(earlier), author)
    later = world.challenge()
    world.idea(later, author)
    kept = db.session.execute(
        select(Terms.version, TermsAcceptance.text_hash)
        .join(Terms, Terms.id == TermsAcceptance.terms_id)
        .order_by(TermsAcceptance.id)
    ).all()
    assert [row.version for row in kept] == [1, 2]
    assert kept[0].text_hash == "0" * 64
    page = words(world.browser().get("/terms-for-ideas/author_keeps/1"))
    assert ("1. Old." in page or "Old." in page, "Version 1" in page) == (True, True)


def test_a_manager_or_an_administrator_approves_a_version_once_in_all_languages(world: World) -> None:
    sponsor = world.person()
    administrator = world.grant(world.person("Ada"), Role.ADMINISTRATOR)

    def approve(who: object, version: int = 2) -> str:
        return answer(lambda: terms.approve(actor=who, key="author_keeps", version=version))  # type: ignore[arg-type]

    said = [approve(sponsor), approve(world.manager, 1), approve(world.manager), approve(administrator)]
    assert said == ["Refused approve_terms", "Invalid terms_changed", "done", "done"]
    world.anew()
    rows = db.session.execute(select(Terms.language, Terms.approved_by).order_by(Terms.language)).all()
    assert [tuple(row) for row in rows] == [("en", world.manager.person_id), ("nl", world.manager.person_id)]
    assert db.session.scalar(select(func.count()).select_from(Event).where(Event.name == "TermsApproved")) == 1


def test_two_first_uses_at_once_make_one_row(world: World) -> None:
    def use() -> int:
        with transaction():
            return terms.ready_terms("employee", "nl").id

    assert len(set(at_once(world.app, [use, use, use]))) == 1


def test_the_page_lists_all_four_to_anybody_and_names_the_approver_to_those_inside(world: World) -> None:
    keeper = world.grant(world.person("Wilhelmina"), Role.MANAGER)
    browser = world.browser(keeper)
    before = words(browser.get("/terms-for-ideas"))
    done = browser.post("/terms-for-ideas/employee/2/approval")
    inside, outside = words(browser.get("/terms-for-ideas")), words(world.browser().get("/terms-for-ideas"))
    titles = [terms.READY[key]["en"].title for key in terms.KEYS]
    assert [title in outside for title in titles] == [True] * 4
    assert (before.count("Not yet approved"), done.status_code, inside.count("Not yet approved")) == (4, 303, 3)
    assert ("approved by Wilhelmina" in inside, "Wilhelmina" in outside, "approved on" in outside) == (True, False, True)
    assert outside.count("Approve this version") == 0


def test_only_sponsor_and_manager_are_told_that_terms_are_not_approved_yet(world: World) -> None:
    challenge = world.sealed()
    path, line = f"/challenges/{challenge.public_id}", "not yet approved by a manager"
    whom = {"sponsor": world.sponsor_of(challenge), "manager": world.manager, "expert": world.person("", Circle.EXPERT)}
    told = {name: line in words(world.browser(who).get(path)) for name, who in whom.items()}
    assert told == {"sponsor": True, "manager": True, "expert": False}
    terms.approve(actor=world.manager, key="author_keeps", version=2)
    assert line not in words(world.browser(whom["sponsor"]).get(path))


def test_a_version_that_is_not_there_is_not_found(world: World) -> None:
    browser = world.browser()
    asked = ("author_keeps/9", "nothing/1", "author_keeps/2", "transfer_on_award/1?language=nl")
    assert [browser.get(f"/terms-for-ideas/{each}").status_code for each in asked] == [404, 404, 200, 200]
