"""How far a result is: on its page, step by step, for whoever may announce it."""

from __future__ import annotations

import pytest

from innovation.kernel.actor import Origin, house
from innovation.promotion.service import queueing, running
from tests.support.pages import words
from tests.support.world import World


@pytest.mark.parametrize("state", ["queued", "frozen", "decided", "announced"])
def test_the_page_says_how_far_a_result_is_and_fetches_itself_until_it_is_decided(world: World, state: str) -> None:
    challenge = world.challenge()
    world.vote(world.idea(challenge))
    sponsor = world.sponsor_of(challenge)
    world.close(challenge)
    queueing.queue_due(actor=house(Origin.CLOCK))
    run = world.run_of(challenge)
    if state in {"frozen", "decided", "announced"}:
        running.close(actor=house(Origin.CLOCK), run_id=run.id)
        running.freeze(actor=house(Origin.CLOCK), run_id=run.id)
    if state in {"decided", "announced"}:
        world.settle()
    if state == "announced":
        running.announce(actor=sponsor, run=world.run_of(challenge))
    page = world.browser(sponsor).get(f"/runs/{world.run_of(challenge).public_id}")
    text = page.get_data(as_text=True)
    working = state in {"queued", "frozen"}
    assert (page.status_code, str(world.run_of(challenge).state)) == (200, state)
    assert ("every 3s" in text, 'http-equiv="refresh"' in text) == (working, working)
    assert ("cannot be held or cancelled" in words(page)) == (state != "announced")
