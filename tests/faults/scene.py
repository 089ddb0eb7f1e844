"""What the faults happen to."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.actor import Origin, house
from innovation.kernel.events import emit
from innovation.kernel.usecase import transaction
from innovation.people.events import KnownAddressSignedUp
from innovation.people.service import accounts
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


def readers(how_many: int) -> list[int]:
    """People with a confirmed address, by id."""
    with transaction():
        made = [
            accounts.add_person(
                actor=house(Origin.CLI),
                name=f"Reader {number}",
                email=f"reader{number}@example.org",
                language="en",
                verified=True,
                now=clock.now(),
            )
            for number in range(how_many)
        ]
        return [person.id for person in made]


def tell(person_ids: list[int]) -> None:
    """State a fact about each of them in one commit; every fact causes a message, and every message a mail."""
    with transaction():
        for person_id in person_ids:
            emit(KnownAddressSignedUp(person_id=person_id), actor=house(Origin.WEB), now=clock.now())
