"""What every test of the search may use: a question asked by somebody, and the titles that answer it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from innovation.kernel.actor import Actor, Origin
from innovation.kernel.db import db
from innovation.search import queries
from innovation.search.queries import Filters, Found
from innovation.search.service import indexing
from tests.support.world import World

Ask = Callable[..., Found]


@pytest.fixture
def ask(world: World) -> Ask:
    """Ask the index as somebody; everything that happened before is in it."""

    def asked(who: Actor, typed: str, language: str = "en", **more: Any) -> Found:
        world.settle()
        indexing.fill(Origin.CLOCK)
        found = queries.search(who, typed, language, more.pop("filters", Filters()), **more)
        db.session.rollback()
        return found

    return asked


def titles(found: Found) -> list[str]:
    """The titles of the results, in order; a comment's text where it has no title."""
    return [hit.row.title or hit.row.body for hit in found.hits]
