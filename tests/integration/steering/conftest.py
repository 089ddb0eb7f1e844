"""A challenge whose ideas are checked first, with some that wait for its sponsor; and how ten minutes go by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel import clock, queue
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.rules.sending import Chosen, SendingAct
from innovation.steering.models import Sending, SendingLine
from innovation.steering.queries import sendings as reading
from innovation.steering.service import sendings
from tests.support.world import World


class Desk:
    """Ideas that wait to be checked, and the sponsor who checks them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.programme = world.programme()
        self.challenge = self.checked_challenge()
        self.sponsor = world.sponsor_of(self.challenge)

    def checked_challenge(self, **changes: Any) -> Challenge:
        made = self.world.challenge(None, self.programme, **changes)
        with transaction():
            challenges.by_id(made.id).checked_first = True
        return self.world.again(made)

    def idea(self, challenge: Challenge | None = None, **changes: Any) -> Idea:
        """An idea that waits to be checked."""
        made = self.world.idea(self.world.again(challenge or self.challenge), **changes)
        assert made.state == "checking"
        return made

    def decide(
        self, *ideas: Idea, act: str = "decline_idea", words: str = "Not for us.", who: Actor | None = None, **more: Any
    ) -> Sending:
        chosen = [Chosen("idea", each.public_id) for each in ideas]
        return self.decide_for(chosen, act, words, who or self.sponsor, **more)

    def decide_for(self, chosen: Sequence[Chosen], act: str, words: str, who: Actor, **more: Any) -> Sending:
        self.world.anew()
        made = sendings.decide(actor=who, act=SendingAct(act), chosen=chosen, words=words, **more)
        self.world.anew()
        return made

    def later(self) -> None:
        """Let the ten minutes of everything be over."""
        with transaction():
            past = clock.now() - timedelta(seconds=1)
            db.session.execute(update(Sending).where(Sending.goes_at > past).values(goes_at=past))

    def release(self) -> None:
        """What the clock does, and the workers after it."""
        while sendings.release(actor=house(Origin.CLOCK)):
            pass
        queue.settle()
        self.world.anew()

    def sent(self) -> None:
        self.later()
        self.release()

    def again(self, sending: Sending) -> Sending:
        self.world.anew()
        found = reading.by_id(sending.id)
        assert found is not None
        return found

    def lines(self, sending: Sending) -> list[tuple[str, str]]:
        """(state, problem) of each line."""
        self.world.anew()
        rows = db.session.scalars(select(SendingLine).where(SendingLine.sending_id == sending.id).order_by(SendingLine.id))
        return [(each.state, each.problem) for each in rows]

    def states(self, *ideas: Idea) -> list[str]:
        return [self.world.idea_again(each).state for each in ideas]

    def mails(self, subject: str = "") -> list[tuple[str, str]]:
        """(to, subject) of what was mailed."""
        return [(each.to, each.subject) for each in self.world.letters() if subject in each.subject]


@pytest.fixture
def desk(world: World) -> Desk:
    made = Desk(world)
    world.settle()
    return made
