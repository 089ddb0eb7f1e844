"""Who decides? Four answers, each from the brief's form to publication without JavaScript, with the defaults it brings."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from innovation.challenges.models import Challenge
from innovation.challenges.service import briefs, course, rules
from innovation.challenges.service.fitting import default_rule, default_shortlist
from innovation.kernel import clock
from innovation.promotion.service import previewing
from innovation.rules.ballot import OFFERED
from innovation.rules.challenge import BY_PANEL
from innovation.rules.promotion import parse_rule, ready_rule
from tests.support.forms import filled
from tests.support.refusals import answer
from tests.support.world import World


def edit(world: World, made: Challenge, **changes: str) -> TestResponse:
    """Open the brief, change what is to change, and send the form as a browser would."""
    browser, path = world.browser(world.sponsor_of(made)), f"/challenges/{made.public_id}/edit"
    return browser.post(path, filled(browser.get(path), path) | changes | {"then": "save"})


def published(world: World, made: Challenge) -> Challenge:
    """Hand a draft in and publish it, by the buttons; two people are on its panel."""
    for _ in range(2 if world.again(made).who_decides in BY_PANEL else 0):
        world.panellist(made)
    world.browser(world.sponsor_of(made)).post(f"/challenges/{made.public_id}/proposal")
    world.browser(world.manager).post(f"/challenges/{made.public_id}/publication")
    return world.again(made)


def said(page: TestResponse) -> dict[str, str]:
    summary = page.get_data(as_text=True).partition("error-summary-title")[2].partition("</ul>")[0]
    lines = re.findall(r'<a href="#([\w-]+)">\s*(.*?)\s*</a>', summary, re.S)
    return {field.removesuffix("-0"): message.rpartition(": ")[2] for field, message in lines}


@pytest.fixture
def draft(world: World) -> Challenge:
    return world.draft_challenge(world.person("Sponsor"), rule=default_rule("votes"))


FORTNIGHT = timedelta(days=14)


def test_the_participants_decide_by_approval(world: World, draft: Challenge) -> None:
    assert edit(world, draft, who_decides="votes", k="5").status_code == 303
    made = published(world, draft)
    assert (made.state, made.who_decides, made.ballot, made.names_hidden) == ("published", "votes", "approval", False)
    assert (made.review_closes_at, made.shortlist_rule, made.rule_no) == (None, None, 1)
    assert made.rule == default_rule("votes", k=5)


def test_a_panel_decides_with_names_hidden_and_a_fortnight(world: World, draft: Challenge) -> None:
    assert edit(world, draft, who_decides="panel").status_code == 303
    made = published(world, draft)
    assert (made.state, made.who_decides, made.names_hidden) == ("published", "panel", True)
    assert (made.vote_opens_at, made.vote_closes_at) == (None, None)
    assert made.review_closes_at is not None
    assert clock.to_wall(made.review_closes_at, made.zone) - clock.to_wall(made.closes_at, made.zone) == FORTNIGHT
    assert made.rule == ready_rule("panel_best")


def test_the_sponsor_decides_by_picks(world: World, draft: Challenge) -> None:
    assert edit(world, draft, who_decides="sponsor").status_code == 303
    made = published(world, draft)
    assert (made.state, made.who_decides, made.vote_closes_at) == ("published", "sponsor", None)
    assert made.rule == ready_rule("sponsor_picks")


def test_a_crowd_makes_a_short_list_and_a_panel_decides(world: World, draft: Challenge) -> None:
    assert edit(world, draft, who_decides="votes_panel", shortlist_k="12", k="2").status_code == 303
    made = published(world, draft)
    assert (made.state, made.who_decides, made.names_hidden) == ("published", "votes_panel", True)
    assert made.shortlist_rule == default_shortlist(k=12)
    assert made.rule == default_rule("panel", k=2)
    assert made.vote_closes_at is not None
    assert made.review_closes_at is not None
    assert clock.to_wall(made.review_closes_at, made.zone) - clock.to_wall(made.vote_closes_at, made.zone) == FORTNIGHT


@pytest.mark.parametrize("who_decides", ["votes", "votes_panel"])
def test_a_sealed_challenge_offers_no_crowd(embedded: World, who_decides: str) -> None:
    made = embedded.draft_challenge(embedded.person())
    page = edit(embedded, made, visibility="sealed", who_decides=who_decides, title="Kept as typed")
    assert (page.status_code, list(said(page))) == (422, ["who_decides"])
    assert filled(page, f"/challenges/{made.public_id}/edit")["title"] == "Kept as typed"


def test_a_sealed_challenge_may_have_a_panel(embedded: World) -> None:
    made = embedded.draft_challenge(embedded.person())
    assert edit(embedded, made, visibility="sealed", who_decides="panel").status_code == 303
    assert (embedded.again(made).visibility, embedded.again(made).who_decides) == ("sealed", "panel")


# --- decide differently --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ballot", [str(ballot) for ballot in OFFERED])
def test_every_ballot_brings_a_rule_that_fits_and_its_budget(embedded: World, ballot: str) -> None:
    made = embedded.draft_challenge(embedded.person(), rule=default_rule("votes"))
    assert edit(embedded, made, ballot=ballot).status_code == 303
    again = embedded.again(made)
    usual = {"points": 10, "quadratic": 100}
    assert (again.ballot, again.ballot_budget, again.rule) == (ballot, usual.get(ballot), default_rule("votes", ballot))


def test_what_is_decided_differently_is_kept_and_shown_again(embedded: World) -> None:
    made = embedded.draft_challenge(embedded.person())
    changes = {
        "ballot": "points",
        "ballot_budget": "25",
        "totals_shown": "voted",
        "names": "hidden",
        "edits_allowed": "y",
        "record_for": "public",
    }
    assert edit(embedded, made, **changes).status_code == 303
    path = f"/challenges/{made.public_id}/edit"
    shown = filled(embedded.browser(embedded.sponsor_of(made)).get(path), path)
    assert {name: shown[name] for name in changes} == changes
    again = embedded.again(made)
    kept = (again.ballot_budget, again.totals_shown, again.names_hidden, again.edits_allowed, again.record_for)
    assert kept == (25, "voted", True, True, "public")


def test_a_ballot_that_is_only_imported_is_refused(embedded: World) -> None:
    made = embedded.draft_challenge(embedded.person())
    assert said(edit(embedded, made, ballot="ordinal")) == {"ballot": "Choose one of these."}


def test_a_panel_without_time_is_an_error_at_its_date(embedded: World) -> None:
    made = embedded.draft_challenge(embedded.person())
    early = embedded.wall(days=27).isoformat(timespec="minutes")
    page = edit(embedded, made, who_decides="panel", review_closes=early)
    told = "The panel must have time after ideas and votes are in. Choose a later time."
    assert said(page) == {"review_closes": told}
    assert filled(page, f"/challenges/{made.public_id}/edit")["review_closes"] == early


def test_another_word_in_the_brief_leaves_a_composed_rule_alone(embedded: World) -> None:
    rule = ready_rule(
        "support_top", eligibility={"measure": "voters", "at_least": {"value": 9}}, capacity={"kind": "top", "k": 7}
    )
    made = embedded.draft_challenge(embedded.person(), rule=rule)
    assert edit(embedded, made, title="Another title").status_code == 303
    assert embedded.again(made).rule == rule


def test_a_rule_that_the_brief_cannot_say_is_kept(embedded: World) -> None:
    rule = ready_rule("equal_shares")
    made = embedded.draft_challenge(embedded.person(), rule=rule, budget_minor=100_000)
    assert edit(embedded, made).status_code == 303
    assert embedded.again(made).rule == rule


def test_a_rule_that_spends_needs_a_budget(embedded: World) -> None:
    made = embedded.draft_challenge(embedded.person())
    assert list(said(edit(embedded, made, how_many="skip"))) == ["budget"]


# --- afterwards ----------------------------------------------------------------------------------------------------


def test_a_copy_decides_as_its_original(world: World) -> None:
    values: dict[str, Any] = {
        "who_decides": "votes_panel",
        "ballot": "points",
        "ballot_budget": 20,
        "totals_shown": "voted",
        "names_hidden": True,
        "edits_allowed": True,
        "record_for": "participants",
        "rule": default_rule("votes_panel", "points"),
        "shortlist_rule": default_shortlist("points"),
    }
    original = world.challenge(**values)
    made = briefs.copy(actor=world.sponsor_of(original), original=original)
    again, original = world.again(made), world.again(original)
    assert {name: getattr(again, name) for name in values} == {name: getattr(original, name) for name in values}
    assert again.review_closes_at is not None
    assert original.review_closes_at is not None
    assert again.review_closes_at - again.closes_at == original.review_closes_at - original.closes_at


def test_a_later_deadline_moves_the_panels_too(world: World) -> None:
    made = world.challenge(who_decides="panel", rule=default_rule("panel"))
    before = made.review_closes_at
    course.extend(actor=world.manager, challenge=made, closes=world.wall(days=35), reason="More time.")
    moved = world.again(made)
    assert before is not None
    assert moved.review_closes_at is not None
    assert moved.review_closes_at > before
    assert parse_rule(moved.rule) == parse_rule(made.rule)


# --- a panel that can do it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who_decides", "reviews", "needed"), [("panel", 1, 2), ("panel", 3, 3), ("votes_panel", 1, 2)])
def test_a_challenge_whose_panel_is_too_small_is_not_published(
    world: World, draft: Challenge, who_decides: str, reviews: int, needed: int
) -> None:
    rule = default_rule(who_decides) | {"eligibility": {"measure": "reviews", "at_least": {"value": reviews}}}
    made = world.draft_challenge(world.sponsor_of(draft), who_decides=who_decides, rule=rule)
    for _ in range(needed - 1):
        world.panellist(made)
    world.handed_in(made)
    browser = world.browser(world.manager)
    sent = browser.post(f"/challenges/{made.public_id}/publication")
    page = browser.get(sent.location).get_data(as_text=True)
    assert f"The panel needs at least {needed} people, and {needed - 1} are named." in page
    assert (f'href="/challenges/{made.public_id}/people"' in page, world.again(made).state) == (True, "proposed")
    world.panellist(made)
    browser.post(f"/challenges/{made.public_id}/publication")
    assert world.again(made).state == "published"


# --- nobody from outside -------------------------------------------------------------------------------------------


OUTSIDE = ready_rule("most_liked_outside")


def test_what_outsiders_say_is_asked_only_where_there_are_any(embedded: World) -> None:
    made = embedded.draft_challenge(embedded.person(), rule=default_rule("votes"))
    sponsor = embedded.sponsor_of(made)

    def keep() -> str:
        return answer(lambda: rules.edit_rule(actor=sponsor, challenge=embedded.again(made), rule=OUTSIDE))

    assert keep() == "Invalid rule_needs_outsiders"
    assert edit(embedded, made, who_may="everyone").status_code == 303
    assert keep() == "done"
    page = edit(embedded, made, who_may="staff")
    assert (page.status_code, list(said(page)), embedded.again(made).rule) == (422, ["who_may"], OUTSIDE)


def test_the_composer_of_a_house_among_itself_offers_and_invents_no_outsiders(embedded: World) -> None:
    among = embedded.draft_challenge(embedded.person(), rule=default_rule("votes"))
    wide = embedded.draft_challenge(embedded.person(), rule=default_rule("votes"), who_may="everyone")
    offered = []
    for made in (among, wide):
        page = embedded.browser(embedded.sponsor_of(made)).get(f"/challenges/{made.public_id}/rule")
        text = page.get_data(as_text=True)
        offered.append(["add_outside" in text, "voters_external" in text, "most_liked_outside" in text])
    assert offered == [[False] * 3, [True] * 3]
    invented = [
        previewing.on_made_data(made, default_rule("votes"), OUTSIDE, shortlist=False).new.promoted for made in (among, wide)
    ]
    assert [len(each) for each in invented] == [0, 3]
