"""Two days before a challenge closes, those who have something to lose hear of it, once for each deadline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.kernel import clock
from innovation.kernel.actor import Origin, house
from innovation.kernel.usecase import transaction
from innovation.notifications.service import choosing
from innovation.notifications.service.reminding import remind_of_closing
from innovation.rules.predicates import Role
from tests.integration.notifications.conftest import Told
from tests.support.race import at_once
from tests.support.world import World

CLOCK = house(Origin.CLOCK)


def closes(challenge: Challenge, *, ideas: float, votes: float) -> None:
    with transaction():
        row = challenges.by_id(challenge.id)
        row.closes_at = clock.now() + timedelta(hours=ideas)
        row.vote_closes_at = clock.now() + timedelta(hours=votes)
        row.vote_opens_at = clock.now() - timedelta(days=1)


@pytest.mark.parametrize(("hours", "said"), [(49, []), (47, [("Draft", "closing_draft")])])
def test_a_draft_is_remembered_two_days_before_the_end(
    world: World, told: Told, hours: float, said: list[tuple[str, str]]
) -> None:
    challenge = world.challenge()
    world.draft_idea(challenge, world.person("Draft"))
    world.idea(challenge, world.person("Sent"))
    closes(challenge, ideas=hours, votes=200)
    for _ in range(2):
        remind_of_closing(actor=CLOCK)
    assert told("closing_draft", "closing_votes") == said
    letters = [each for each in world.letters() if "not sent yet" in each.subject]
    assert [each.to for each in letters] == ["draft@example.org"] * len(said)


def test_a_deadline_that_moved_is_said_again(world: World, told: Told) -> None:
    challenge = world.challenge()
    world.draft_idea(challenge, world.person("Draft"))
    closes(challenge, ideas=40, votes=200)
    remind_of_closing(actor=CLOCK)
    told()
    closes(challenge, ideas=45, votes=200)
    remind_of_closing(actor=CLOCK)
    assert told("closing_draft") == [("Draft", "closing_draft")] * 2


def test_two_clocks_say_it_once(world: World, told: Told) -> None:
    challenge = world.challenge()
    world.draft_idea(challenge, world.person("Draft"))
    closes(challenge, ideas=40, votes=200)
    at_once(world.app, [lambda: remind_of_closing(actor=CLOCK)] * 4)
    assert told("closing_draft") == [("Draft", "closing_draft")]


def test_points_that_are_left_are_remembered(world: World, told: Told) -> None:
    challenge = world.ballot("points", 5)
    idea = world.idea(challenge, world.person("Author"))
    names = ("Began", "Spent", "Follows", "Panel", "Bystander")
    who = {name: world.person(name) for name in names}
    world.vote(idea, who["Began"], 2)
    world.vote(idea, who["Spent"], 5)
    for name in ("Follows", "Panel", "Spent"):
        choosing.watch(actor=who[name], kind="challenge", subject_id=challenge.id, level="follow")
    world.grant(who["Panel"], Role.PANEL, "challenge", challenge.id)
    closes(challenge, ideas=-1, votes=47)
    remind_of_closing(actor=CLOCK)
    assert told("closing_votes") == [("Began", "closing_votes"), ("Follows", "closing_votes")]


def test_a_challenge_that_came_from_elsewhere_reminds_nobody(world: World, told: Told) -> None:
    challenge = world.challenge()
    world.draft_idea(challenge, world.person("Draft"))
    closes(challenge, ideas=40, votes=200)
    with transaction():
        row = challenges.by_id(challenge.id)
        row.source, row.foreign_id = "elsewhere", "1"
    remind_of_closing(actor=CLOCK)
    assert told("closing_draft") == []
