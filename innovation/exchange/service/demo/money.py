"""What the projects of the demo plan, order and pay, and what they are worth."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from innovation.exchange.service.demo.story import Happening, Place, Story
from innovation.exchange.service.demo.telling import read_by
from innovation.projects.service import money, outcome, worth
from innovation.rules.project import EntryKind

SAYS = {"expected": worth.say_expected, "validated": worth.say_validated, "actual": worth.say_actual}


class Book:
    """A project's entries so far, by number, as a person who pays an order names them."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.entries = 0
        self.ordered: dict[tuple[int, float], int] = {}

    def plan(self, title: str, eur: int) -> None:
        """Add a line with what is planned for it."""
        line = money.add_line(actor=self.story.lead, project=self.story.project, title=title, currency="EUR")
        self._enter(line.position, EntryKind.PLAN, eur, 1, "")

    def spend(self, position: int, row: dict[str, Any]) -> None:
        """Enter what was paid without having been ordered here."""
        self._enter(position, EntryKind.SPEND, row["spend"], row["day"], row["note"])

    def order(self, position: int, row: dict[str, Any]) -> None:
        """Enter what was ordered, and remember its number."""
        self._enter(position, EntryKind.COMMIT, row["order"], row["day"], row["note"])
        self.ordered[position, row["day"]] = self.entries

    def pay(self, position: int, row: dict[str, Any]) -> None:
        """Enter that an order was paid."""
        money.pay(
            actor=self.story.lead,
            project=self.story.project,
            number=self.ordered[position, row["day"]],
            amount_minor=row["paid"] * 100,
            happened_on=self.story.past(row["paid_on"]),
            note=row["note"],
        )
        self.entries += 2

    def _enter(self, position: int, kind: EntryKind, eur: int, day: float, note: str) -> None:
        money.enter(
            actor=self.story.lead,
            project=self.story.project,
            position=position,
            kind=kind,
            amount_minor=eur * 100,
            happened_on=self.story.past(day),
            note=note,
        )
        self.entries += 1


def happenings(story: Story) -> Iterator[Happening]:
    """Everything about a project's money and worth, and what came of it."""
    told = read_by("money", "idea").get(story.row["idea"], {})
    book = Book(story)
    for position, line in enumerate(told.get("line", []), start=1):
        yield Happening(1, Place.BUDGETED, partial(book.plan, line["title"], line["plan"]))
        for row in line["entries"]:
            if "order" in row:
                yield Happening(row["day"], Place.PAID, partial(book.order, position, row))
                if "paid" in row:
                    yield Happening(row["paid_on"], Place.PAID, partial(book.pay, position, row))
            else:
                yield Happening(row["day"], Place.PAID, partial(book.spend, position, row))
    for claim in told.get("worth", []):
        yield Happening(claim["day"], Place.VALUED, partial(_say, story, claim))
    if "settled" in story.row:
        yield Happening(story.row["settled"]["day"], Place.SETTLED, partial(_settle, story))


def _say(story: Story, claim: dict[str, Any]) -> None:
    who = story.lead if claim["kind"] == "expected" else story.keeper
    amount = worth.Worth(amount_minor=claim["eur"] * 100, currency="EUR", per=claim["per"], basis=claim["basis"])
    SAYS[claim["kind"]](actor=who, project=story.project, worth=amount)


def _settle(story: Story) -> None:
    settled = story.row["settled"]
    outcome.settle(actor=story.keeper, project=story.project, outcome=settled["as"], lesson=story.row["lesson"])
