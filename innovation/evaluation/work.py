"""Doors of facts and time for panels."""

from __future__ import annotations

from innovation.challenges import queries as challenges
from innovation.challenges.events import ChallengePublished
from innovation.evaluation import queries
from innovation.evaluation.service.criteria import give_ready_criteria
from innovation.evaluation.service.scoring import open_scoring
from innovation.kernel import clock, queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.events import Delivery, Event, on


@on(ChallengePublished, name="evaluation.ready_criteria", imports=True)
def ready_criteria(event: Event, delivery: Delivery) -> None:
    assert event.challenge_id is not None
    give_ready_criteria(actor=house(Origin(event.origin)), challenge=challenges.by_id(event.challenge_id))


@queue.every(name="evaluation.open_scoring", seconds=30)
def open_due() -> int:
    """State for every challenge whose panel can begin by now that it can."""
    failed: list[Exception] = []
    opened = 0
    for challenge_id in queries.to_open(clock.now()):
        try:
            opened += open_scoring(actor=house(Origin.CLOCK), challenge=challenges.by_id(challenge_id))
        except Exception as error:  # one challenge that cannot be opened must not hold up the others
            failed.append(error)
    if failed:
        raise failed[0]
    return opened
