"""Reading who looks at the ideas of a challenge before others see them."""

from __future__ import annotations

from collections.abc import Sequence

from innovation.challenges.models import Challenge
from innovation.kernel.actor import Actor
from innovation.people import queries as people
from innovation.people.models import Person
from innovation.rules.predicates import Role


def checks_here(actor: Actor, challenge: Challenge) -> bool:
    """Whether this person checks the ideas of a challenge: named for that, or its sponsor where nobody is named."""
    if not challenge.checked_first:
        return False
    if actor.holds(Role.CHECKER, "challenge", challenge.id):
        return True
    sponsors = actor.holds(Role.SPONSOR, "challenge", challenge.id)
    return sponsors and not people.holders(Role.CHECKER, "challenge", challenge.id)


def checkers_named(challenge_id: int) -> Sequence[Person]:
    """Who was named to check a challenge's ideas, stand-ins too, the first named first."""
    return people.persons(people.holders(Role.CHECKER, "challenge", challenge_id))


def checker_ids(challenge_id: int) -> list[int]:
    """Who checks a challenge's ideas: whoever is named for that, else its sponsors."""
    return people.holders(Role.CHECKER, "challenge", challenge_id) or people.holders(Role.SPONSOR, "challenge", challenge_id)
