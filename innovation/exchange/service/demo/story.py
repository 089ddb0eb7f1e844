"""One project of the demo while it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, auto
from itertools import groupby
from typing import Any

from sqlalchemy import select

from innovation.exchange.service.demo.telling import Demo
from innovation.ideas import queries as ideas
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people.models import Person
from innovation.projects import queries
from innovation.projects.models import Project


class Place(IntEnum):
    """In which order things happen on one day: what is decided rests on what was found, and is told after it was done."""

    PLANNED = auto()
    SUPPOSED = auto()
    BUDGETED = auto()
    WRITTEN = auto()
    PAID = auto()
    DONE = auto()
    FOUND = auto()
    CLOSED = auto()
    TOLD = auto()
    TICKED = auto()
    ASKED = auto()
    DECIDED = auto()
    ASKED_NEXT = auto()
    VALUED = auto()
    SETTLED = auto()


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens on a day of a project, in its place among what happens that day."""

    day: float
    place: Place
    tell: Callable[[], None]


class Story:
    """A project, its people and its days, counted from its start."""

    def __init__(self, demo: Demo, row: dict[str, Any]) -> None:
        self.demo = demo
        self.row = row
        self.idea_id = demo.idea_ids[row["idea"]]
        self.project = self._load()
        self.lead = demo.actor(self.project.members[0].person_id)
        self.keeper = demo.actor(row["gatekeeper"])
        self.team = self._team()

    def reload(self) -> None:
        """Read the project anew, people asked a moment ago among its members."""
        db.session.flush()
        db.session.expire(self.project)
        self.project = self._load()

    def _load(self) -> Project:
        public_id = db.session.scalars(select(Project.public_id).where(Project.idea_id == self.idea_id)).one()
        found = queries.get(self.demo.house, public_id)
        assert found is not None
        return found

    def member(self, number: int) -> Actor:
        """A member by his place in the file, counted from 1."""
        return self.demo.actor(self.team[number - 1][0])

    def public_id(self, number: int) -> str:
        """The public id of a member by his place."""
        return db.session.get_one(Person, self.team[number - 1][0]).public_id

    def past(self, day: float) -> date:
        """The date of a day of the project, today at the latest."""
        return min(self.demo.date(self.row["start"] + day), self.demo.today.date())

    def due(self, day: float) -> date:
        """The date of a day of the project, which may be to come."""
        return self.demo.date(self.row["start"] + day)

    def tell(self, happenings: Iterable[Happening]) -> None:
        """Let everything happen on its day, between ten and two, one thing after another."""
        in_order = sorted(happenings, key=lambda each: (int(each.day), each.place, each.day))
        for day, found in groupby(in_order, key=lambda each: int(each.day)):
            of_day = list(found)
            begins = (self.demo.today + timedelta(days=self.row["start"] + day)).replace(hour=10, minute=0, second=0)
            step = timedelta(hours=4) / len(of_day)
            for number, each in enumerate(of_day):
                at = begins + step * (number + self.demo.chance.random())
                with clock.travelling(min(at, self.demo.today)):
                    each.tell()

    def _team(self) -> list[tuple[int, str]]:
        """(person id, task) in the order of the file; authors first, as the project was opened."""
        authors = ideas.author_ids([self.idea_id])[self.idea_id]
        known = {member.person_id for member in self.project.members}
        found: list[tuple[int, str]] = []
        for each in self.row["team"]:
            name = each["person"]
            if name.startswith("author:"):
                person_id = authors[int(name.removeprefix("author:")) - 1]
            else:
                keeper = self.demo.ids[self.row["gatekeeper"]]
                person_id = self.demo.somebody(name, [*(p for p, _ in found), *known, keeper])
            found.append((person_id, each["role"]))
        return sorted(found, key=lambda pair: pair[0] not in known)
