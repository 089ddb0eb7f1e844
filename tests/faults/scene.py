"""What the faults happen to."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.usecase import transaction
from tests.support.world import World

CHOSEN = 3


@dataclass(frozen=True)
class Scene:
    """A challenge whose votes are over; ``ideas`` in the order of their votes, ``authors`` their authors' addresses."""

    challenge: Challenge
    ideas: list[Idea]
    authors: list[str]


def closed_challenge(world: World, ideas: int = 5, *, settled: bool = True) -> Scene:
    """A challenge that is due for its run and announces itself as soon as it is decided.

    Args:
        settled: whether the mails of all that came before are sent already.
    """
    challenge = world.challenge()
    made = []
    for number in range(ideas):
        author = world.person(f"author{number}")
        made.append(world.idea(challenge, author))
    voters = [world.person() for _ in range(ideas)]
    for place, idea in enumerate(made):
        for voter in voters[place:]:
            world.vote(idea, voter)
    with transaction():
        challenges.by_id(challenge.id).announce_after_hours = 0
    if settled:
        world.settle()
    world.close(challenge)
    return Scene(challenge, made, [f"author{number}@example.org" for number in range(ideas)])
