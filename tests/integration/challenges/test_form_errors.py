"""The brief's form says everything that is wrong at once, each at its field and in words that fit."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from innovation.challenges.models import Challenge
from tests.support.world import ZONE, World


def _edit(world: World, made: Challenge, **changes: str) -> TestResponse:
    values = {
        "title": "How do we cool without water?",
        "must": "Half the water, same output.",
        "language": "en",
        "who_may": "staff",
        "visibility": "open",
        "zone": ZONE,
        "closes": world.wall(days=28).isoformat(timespec="minutes"),
        "vote_closes": world.wall(days=35).isoformat(timespec="minutes"),
        "who_decides": "votes",
        "ballot": "approval",
        "how_many": "top",
        "k": "3",
        "least": "0",
        "voters": "0",
        "share": "0",
        "currency": "EUR",
        "terms": "employee",
        "announce": "sponsor",
        "announce_after_hours": "24",
    }
    return world.browser(world.sponsor_of(made)).post(f"/challenges/{made.public_id}/edit", values | changes)


def _said(page: TestResponse) -> dict[str, str]:
    """Field and message of each line of the error summary."""
    summary = page.get_data(as_text=True).partition("error-summary-title")[2].partition("</ul>")[0]
    lines = re.findall(r'<a href="#([\w-]+)">\s*(.*?)\s*</a>', summary, re.S)
    return {field.removesuffix("-0"): message.partition(": ")[2] for field, message in lines}


@pytest.fixture
def made(embedded: World) -> Challenge:
    return embedded.draft_challenge(embedded.person())


def test_a_form_that_is_whole_is_saved(embedded: World, made: Challenge) -> None:
    assert _edit(embedded, made).status_code == 303
    assert embedded.again(made).rule["capacity"] == {"kind": "top", "k": 3}


def test_an_empty_number_of_chosen_ideas_is_an_error_at_its_field(embedded: World, made: Challenge) -> None:
    page = _edit(embedded, made, k="")
    assert (page.status_code, _said(page)) == (422, {"k": "Fill this in."})


@pytest.mark.parametrize("changes", [{"how_many": "skip", "budget": "1000"}, {"who_decides": "sponsor"}])
def test_the_number_may_be_empty_where_nobody_asks_for_it(embedded: World, made: Challenge, changes: dict[str, str]) -> None:
    assert _edit(embedded, made, k="", **changes).status_code == 303


def test_a_time_that_does_not_exist_is_told_together_with_the_rest(embedded: World, made: Challenge) -> None:
    page = _edit(embedded, made, title="", closes="2027-03-28T02:30", vote_closes="2027-10-31T02:30", ballot="lots")
    assert _said(page) == {
        "title": "Fill this in.",
        "closes": "This time does not exist: the clocks are put forward then. Choose another.",
        "vote_closes": "This time exists twice: the clocks are put back then. Choose another.",
        "ballot": "Choose one of these.",
    }


def test_a_zone_that_is_none_is_one_error(embedded: World, made: Challenge) -> None:
    page = _edit(embedded, made, zone="Europe/Atlantis", closes="2027-03-28T02:30")
    assert _said(page) == {"zone": "Choose one of these."}


def test_a_vote_that_ends_before_it_begins_is_told_as_that(embedded: World, made: Challenge) -> None:
    times = {"vote_opens": embedded.wall(days=36).isoformat(timespec="minutes")}
    said = "Voting must end after it begins. Choose a later time, or let it begin earlier."
    assert _said(_edit(embedded, made, **times)) == {"vote_closes": said}
