"""How a challenge is decided, in words, while nothing is decided yet."""

from __future__ import annotations

import pytest

from innovation.rules.promotion import ready_rule
from tests.support.pages import words
from tests.support.world import World

BY_SUPPORT = ready_rule("support_top", capacity={"kind": "top", "k": 2})


def test_the_rule_the_formula_and_the_secrecy_stand_on_the_page_while_voting_is_open(world: World) -> None:
    text = words(
        world.browser().get(f"/challenges/{world.challenge(who_may='everyone', rule=BY_SUPPORT).public_id}/decision")
    )
    for said in (
        "The participants decide, by their votes.",
        "(U + a) / (V + a + b)",
        "Skellam 1948",
        "Who sees how you vote Nobody, administrators included.",
        "Equal figures This decides, in order:",
        "Who may override",
    ):
        assert said in text, said


def test_a_panels_questions_stand_on_the_page(world: World) -> None:
    challenge = world.panel_challenge()
    text = words(world.browser(world.sponsor_of(challenge)).get(f"/challenges/{challenge.public_id}/decision"))
    assert ("A panel decides" in text, "What the panel looks at" in text) == (True, True)


@pytest.mark.parametrize("ballot", ["approval", "yes_no", "stars", "points", "quadratic", "pairs"])
def test_the_page_stands_for_every_ballot_in_both_languages(embedded: World, ballot: str) -> None:
    challenge = embedded.challenge(who_may="everyone", ballot=ballot)
    for language in ("en", "nl"):
        browser = embedded.browser()
        browser.client.set_cookie("language", language)
        assert browser.get(f"/challenges/{challenge.public_id}/decision").status_code == 200
