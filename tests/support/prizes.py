"""An award between its winners and those who offer it, acted on by name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from innovation.awards import queries
from innovation.awards.models import Award, Paper
from innovation.awards.service import offering, settling, sharing, talking
from innovation.awards.service.offering import Offer
from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.ideas.service import authors
from innovation.kernel.actor import Actor
from innovation.kernel.usecase import transaction
from innovation.promotion.service import picking, running
from tests.support.refusals import answer
from tests.support.world import ZONE, World


class Prize:
    """A decided challenge and an idea with so many authors: Ada, Ben, Cas and so on; ``sponsor`` offers them an award."""

    NAMES = ("Ada", "Ben", "Cas", "Dio")

    def __init__(
        self, world: World, people: int = 3, *, sealed: bool = False, prize: int | None = None, **changes: Any
    ) -> None:
        self.world = world
        self.manager = world.manager
        made = world.sealed(**changes) if sealed else world.challenge(**changes)
        self.sponsor = world.sponsor_of(made)
        self.people = [world.person(name) for name in self.NAMES[:people]]
        idea = world.idea(made, self.people[0], "Zyzzyva the idea")
        for who in self.people[1:]:
            address = f"{who.name.lower()}@example.org"
            authors.name_author(actor=self.people[0], idea=world.idea_again(idea), email=address)
            authors.accept_authorship(actor=who, idea=world.idea_again(idea))
        self.idea_id, self.challenge_id = idea.id, made.id
        with transaction():
            row = challenges.by_id(made.id)
            row.prize_minor = prize
        self._idea = idea
        self.number = 0

    def decide(self) -> Prize:
        """Let the challenge be decided, whatever became of the idea."""
        if self.challenge().who_decides == "sponsor":
            picking.pick(actor=self.sponsor, idea=self.idea(), chosen=True, reason="Good.")
            self.world.close(self.challenge())
            picking.finish_picks(actor=self.sponsor, challenge=self.challenge())
            self.world.settle()
            running.announce(actor=self.sponsor, run=self.world.run_of(self.challenge()))
        else:
            self.world.announced(self.challenge())
        return self

    def challenge(self) -> Challenge:
        self.world.anew()
        return challenges.by_id(self.challenge_id)

    def idea(self) -> Idea:
        return self.world.idea_again(self._idea)

    def today(self) -> date:
        """The day it is where the challenge keeps its days, at any hour of the tests' own."""
        return self.world.now().astimezone(ZoneInfo(ZONE)).date()

    def offer(self, amount: int = 10_000, who: Actor | None = None, **changes: Any) -> str:
        values: dict[str, Any] = {
            "title": "For the idea",
            "amount_minor": amount,
            "accept_by": self.today() + timedelta(days=14),
            "papers": ("Invoice", "Tax form"),
            "papers_by": self.today() + timedelta(days=28),
            "pay_by": self.today() + timedelta(days=60),
        }

        def call() -> None:
            made = offering.offer(actor=who or self.sponsor, idea=self.idea(), terms=Offer(**(values | changes)))
            self.number = made.id

        return answer(call)

    def again(self) -> Award:
        self.world.anew()
        found = queries.by_id(self.number)
        assert found is not None
        return found

    def paper(self, position: int) -> Paper:
        return self.again().papers[position - 1]

    # --- what winners do ----------------------------------------------------------------------------------------

    def agree(self, who: int | Actor, seen: str | None = None) -> str:
        row = self.again()
        said = sharing.division(row) if seen is None else seen
        return answer(lambda: sharing.agree(actor=self._who(who), award=row, seen=said))

    def propose(self, who: int | Actor, *amounts: int, seen: str | None = None) -> str:
        row = self.again()
        said = sharing.division(row) if seen is None else seen
        return answer(lambda: sharing.propose(actor=self._who(who), award=row, seen=said, amounts=amounts))

    def decline(self, who: int | Actor, seen: str | None = None) -> str:
        row = self.again()
        said = sharing.division(row) if seen is None else seen
        return answer(lambda: sharing.decline(actor=self._who(who), award=row, seen=said))

    def hand_in(self, who: int | Actor, position: int, url: str = "https://files.example.org/1", note: str = "") -> str:
        row = self.again()
        given: dict[str, Any] = {"position": position, "url": url, "note": note}
        return answer(lambda: settling.hand_in(actor=self._who(who), award=row, **given))

    # --- what those who offer it do -------------------------------------------------------------------------------

    def check(self, position: int, who: Actor | None = None, seen: str | None = None) -> str:
        row = self.again()
        found = [paper for paper in row.papers if paper.position == position]
        said = seen if seen is not None else settling.handed_in(found[0]) if found else ""
        return answer(lambda: settling.check(actor=who or self.sponsor, award=row, position=position, seen=said))

    def uncheck(self, position: int) -> str:
        row = self.again()
        return answer(lambda: settling.uncheck(actor=self.sponsor, award=row, position=position))

    def pay(self, day: date | None = None, reference: str = "F-7", who: Actor | None = None) -> str:
        row = self.again()
        on = day or queries.today(row, self.world.now())
        return answer(lambda: settling.pay(actor=who or self.sponsor, award=row, paid_on=on, reference=reference))

    def take_back(self, reason: str = "A mistake.", who: Actor | None = None) -> str:
        row = self.again()
        return answer(lambda: offering.take_back(actor=who or self.sponsor, award=row, reason=reason))

    def remark(self, who: Actor, text: str = "When?") -> str:
        row = self.again()
        return answer(lambda: talking.remark(actor=who, award=row, text=text))

    def accepted(self) -> None:
        """Let every winner agree."""
        for who in list(self.people):
            assert self.agree(who) == "done"

    def shares(self) -> list[tuple[str, int, bool]]:
        return [(each.person.name, each.amount_minor, each.agreed_at is not None) for each in self.again().shares]

    def state(self) -> str:
        return str(self.again().state)

    def _who(self, who: int | Actor) -> Actor:
        return self.people[who] if isinstance(who, int) else who
