"""The demo's cast and calendar while its history is told."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.people import queries as people

SEED = 1850
ZONE = "Europe/Amsterdam"
FOLDER = Path(__file__).parent


def read(name: str) -> dict[str, Any]:
    """One of the demo's files."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


@cache
def read_by(name: str, key: str) -> dict[str, dict[str, Any]]:
    """The rows of a file that tells of one kind of thing, by one of their columns."""
    rows = next(value for value in read(name).values() if isinstance(value, list))
    return {row[key]: row for row in rows}


class Demo:
    """Who is who by the keys of the files, what has been made so far, and the day it is."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        self.today = clock.now()
        self.house = house(Origin.IMPORT)
        self.programme = read("programme")
        self.ids: dict[str, int] = {}
        self.crowd: dict[str, list[int]] = {}
        self.circle: dict[int, tuple[str, int | None, str]] = {}
        self.emails: dict[int, str] = {}
        self.programme_ids: dict[str, int] = {}
        self.challenge_ids: dict[str, int] = {}
        self.idea_ids: dict[str, int] = {}

    # --- when ---------------------------------------------------------------------------------------------------

    def moment(self, day: float) -> datetime:
        """An instant on a day counted from today, between any opening and closing hour."""
        at = self.today + timedelta(days=day)
        if day >= 0:
            return at
        return at.replace(hour=10, minute=0, second=0) + timedelta(seconds=self.chance.randrange(4 * 3600))

    @contextmanager
    def on_day(self, day: float) -> Iterator[None]:
        """Do something on that day; never later than now."""
        with clock.travelling(min(self.moment(day), self.today)):
            yield

    def date(self, day: float) -> date:
        """The date of a day counted from today."""
        return (self.today + timedelta(days=day)).date()

    def wall(self, day: int, hour: int) -> datetime:
        """A wall time in the demo's zone, on a day counted from the real today."""
        local = clock.to_wall(self.today, ZONE) + timedelta(days=day)
        return local.replace(hour=hour, minute=0, second=0, microsecond=0)

    @contextmanager
    def chance_of(self, row: dict[str, Any]) -> Iterator[None]:
        """Draw from a row's own ``seed`` where it has one: what is told elsewhere then stays as it is."""
        shared = self.chance
        if "seed" in row:
            self.chance = row.setdefault("chance", random.Random(row["seed"]))
        try:
            yield
        finally:
            self.chance = shared

    # --- who and what -------------------------------------------------------------------------------------------

    def actor(self, who: str | int) -> Actor:
        """Somebody by key or id, as he stands at this moment."""
        return people.actor(self.ids[who] if isinstance(who, str) else who, Origin.IMPORT)

    def somebody(self, name: str, taken: list[int]) -> int:
        """A cast member by key, or for ``random:<circle>`` somebody new of that circle."""
        if not name.startswith("random:"):
            return self.ids[name]
        crowd = self.crowd[name.removeprefix("random:")]
        return next(each for each in iter(lambda: self.chance.choice(crowd), None) if each not in taken)

    def judges(self, row: dict[str, Any]) -> list[int]:
        """Who neither submits nor votes in a challenge: its sponsor, the deputy, the panel."""
        return [self.ids[key] for key in (row["sponsor"], row.get("deputy"), *row.get("panel", [])) if key]

    def challenge(self, row: dict[str, Any]) -> Challenge:
        """A challenge as it stands."""
        return challenges.by_id(self.challenge_ids[row["key"]])

    def idea(self, key: str) -> Idea:
        """An idea as it stands, authors named a moment ago among them."""
        found = ideas.by_ids([self.idea_ids[key]])[0]
        db.session.flush()
        db.session.expire(found)
        return ideas.by_ids([found.id])[0]


def ideas_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The ideas of a challenge in the order of their days; none where it has no file of them."""
    if not (FOLDER / f"ideas_{row['key']}.toml").exists():
        return []
    return sorted(read(f"ideas_{row['key']}")["idea"], key=lambda idea: idea["day"])
