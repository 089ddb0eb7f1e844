"""A result by Equal Shares: decided from the frozen ballots, with a price per round and a receipt per group of voters."""

from __future__ import annotations

from innovation.promotion.service.replaying import replay
from innovation.rules.promotion import ready_rule
from tests.support.world import World


def test_equal_shares_funds_both_camps_and_shows_who_paid(world: World) -> None:
    """Six people want two dear ideas, six others a third: by votes the first camp takes all, by shares each gets its own."""
    challenge = world.challenge(world.person("Sponsor"), rule=ready_rule("equal_shares"), budget_minor=120_000)
    made = [world.idea(challenge, title=f"Idea {n}", requested_minor=60_000) for n in range(3)]
    one, other = world.crowd(6), world.crowd(6)
    for idea, camp in zip(made, (one, one, other), strict=True):
        for who in camp:
            world.vote(idea, who)
    world.announced(challenge)
    states = [world.idea_again(idea).state for idea in made]
    assert (sorted(states[:2]), states[2]) == (["declined", "promoted"], "promoted")
    run = world.run_of(challenge)
    assert replay(run) is None
    assert run.shares is not None
    (pool,) = run.shares
    assert [(each["price"], each["payers"]) for each in pool["rounds"]] == [(10_000, 6), (10_000, 6)]
    assert [(each["voters"], each["paid"], each["left"]) for each in pool["receipts"]] == [(12, 120_000, 0)]
    page = world.browser(world.person("Reader")).get(f"/runs/{run.public_id}").text
    assert ("How the money was shared" in page, "€100" in page) == (True, True)


def test_a_receipt_of_few_people_is_not_shown(world: World) -> None:
    challenge = world.challenge(world.person("Sponsor"), rule=ready_rule("equal_shares"), budget_minor=120_000)
    idea = world.idea(challenge, requested_minor=60_000)
    for who in world.crowd(4):
        world.vote(idea, who)
    world.announced(challenge)
    shares = world.run_of(challenge).shares
    assert shares is not None
    assert shares[0]["receipts"] == []
