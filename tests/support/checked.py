"""A challenge in which ideas are looked at before others see them, with everybody who might look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.service import checking, writing
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from tests.support.refusals import answer
from tests.support.world import World


class Checked:
    """Staff and experts may answer, all ideas can be read, and one person is named to check them first."""

    def __init__(self, world: World, *, named: bool = True, called: str = "", **changes: Any) -> None:
        self.world = world
        values: dict[str, Any] = {"who_may": "experts", "checked_first": True, "title": "Checked question"} | changes
        self.challenge: Challenge = world.challenge(world.person(f"Sponsor{called}"), **values)
        self.sponsor = world.sponsor_of(self.challenge)
        self.checker = self.checking(f"Checker{called}") if named else self.sponsor
        self.author = world.person(f"Author{called}", Circle.EXPERT)

    def checking(self, name: str) -> Actor:
        """Somebody who is named to check."""
        return self.world.grant(self.world.person(name, Circle.PARTNER), Role.CHECKER, "challenge", self.challenge.id)

    def again(self, idea: Idea) -> Idea:
        return self.world.idea_again(idea)

    def idea(self, title: str = "", author: Actor | None = None, **changes: Any) -> Idea:
        """One that was sent and waits."""
        return self.world.idea(self.world.again(self.challenge), author or self.author, title, **changes)

    def accept(self, idea: Idea, who: Actor | None = None, **values: Any) -> str:
        by, row = who or self.checker, self.again(idea)
        return answer(lambda: checking.accept(actor=by, idea=row, **values))

    def ask(self, idea: Idea, note: str = "What does it cost?", who: Actor | None = None, **values: Any) -> str:
        by, row, said = who or self.checker, self.again(idea), {"until": None} | values
        return answer(lambda: checking.send_back(actor=by, idea=row, note=note, **said))

    def decline(self, idea: Idea, note: str = "It is an advertisement.", who: Actor | None = None, **values: Any) -> str:
        by, row = who or self.checker, self.again(idea)
        return answer(lambda: checking.decline(actor=by, idea=row, note=note, **values))

    def send(self, idea: Idea, who: Actor | None = None) -> str:
        """Send an idea that was sent back."""
        by, row = who or self.author, self.again(idea)
        return answer(lambda: writing.submit(actor=by, idea=row, accept_terms=True))

    def stand(self, idea: Idea) -> tuple[str, str, bool]:
        """(state, class, unchecked) as they are now."""
        row = self.again(idea)
        return row.state, row.visibility, row.unchecked

    def readers(self, idea: Idea, *others: Actor) -> list[str]:
        """Who reads an idea, by name, of everybody who might."""
        might = [self.author, self.checker, self.sponsor, self.world.manager, *others]
        return [who.name for who in might if ideas.get(who, idea.public_id) is not None]

    def past(self, **times: timedelta) -> None:
        """Let times of the challenge lie so long ago (or, where negative, ahead)."""
        with transaction():
            row = challenges.by_id(self.challenge.id)
            for name, ago in times.items():
                setattr(row, name, clock.now() - ago)
        self.world.anew()
