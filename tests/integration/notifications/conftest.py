"""Looking at what people were told."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from innovation.kernel.db import db
from innovation.notifications.models import Message
from innovation.people.models import Person
from tests.support.world import World


@dataclass
class Told:
    """Messages by the names of their readers."""

    world: World

    def __call__(self, *kinds: str, channel: str = "inbox") -> list[tuple[str, str]]:
        """(reader, kind) of every message of a channel (of some kinds), in order, after all work is done."""
        self.world.settle()
        statement = (
            select(Person.name, Message.kind)
            .join(Person, Person.id == Message.person_id)
            .where(Message.channel == channel)
            .order_by(Person.name, Message.kind)
        )
        if kinds:
            statement = statement.where(Message.kind.in_(kinds))
        found = [(row.name, row.kind) for row in db.session.execute(statement)]
        db.session.rollback()
        return found

    def ways(self, kind: str) -> set[tuple[str, str]]:
        """(reader, channel) of a kind of message."""
        return {(name, channel) for channel in ("inbox", "mail", "digest") for name, _ in self(kind, channel=channel)}


@pytest.fixture
def told(world: World) -> Told:
    return Told(world)
