"""Ideas like the one being written: the nearest open ones, never a sealed one, never somebody's draft."""

from __future__ import annotations

import pytest

from innovation.ideas.service import writing
from innovation.kernel.actor import Actor, Circle, Origin
from innovation.kernel.db import db
from innovation.search import queries
from innovation.search.service import indexing
from tests.support.world import World

ROOFS = {
    "Green roofs on schools": "Grass and bees on the flat roofs of every school in the city.",
    "Grass roofs for school buildings": "Plant the roofs of schools, they hold water.",
    "Solar panels at the harbour": "Power for the cranes.",
    "A library of tools": "Borrow a drill instead of buying one.",
}


class Street:
    def __init__(self, world: World) -> None:
        self.world = world
        self.challenge = world.challenge(title="Which city do we want?")
        self.writer, self.other = world.person("Writer"), world.person("Other")
        for title, text in ROOFS.items():
            world.idea(self.challenge, self.other, title, text=text)

    def like(self, title: str, text: str = "", who: Actor | None = None, **more: str) -> list[str]:
        self.world.settle()
        indexing.fill(Origin.CLOCK)
        challenge = self.world.again(self.challenge)
        found = queries.like(who or self.writer, challenge, title, text, **more)
        db.session.rollback()
        return [each.title for each in found]


@pytest.fixture
def street(world: World) -> Street:
    return Street(world)


def test_the_nearest_come_first_and_what_is_about_something_else_not_at_all(street: Street) -> None:
    assert sorted(street.like("Green roofs for schools")) == ["Grass roofs for school buildings", "Green roofs on schools"]
    assert street.like("Roofs", "Every school gets grass and bees on its flat roof.")[0] == "Green roofs on schools"
    assert street.like("Quantum chess") == []
    assert street.like("") == []


def test_ideas_elsewhere_are_compared_too_where_the_writer_sees_them(street: Street) -> None:
    elsewhere = street.world.challenge(title="Elsewhere")
    street.world.idea(elsewhere, street.other, "Borrow tools from a library of tools")
    assert street.like("Library of tools to borrow") == ["Borrow tools from a library of tools", "A library of tools"]
    expert = street.world.person("Expert", Circle.EXPERT)
    assert street.like("Library of tools to borrow", who=expert) == []


def test_drafts_withdrawn_and_sealed_ideas_are_never_shown(street: Street) -> None:
    world = street.world
    world.draft_idea(street.challenge, street.other, "Submarine parking below the lake")
    gone = world.idea(street.challenge, street.writer, "Submarine parking below the river")
    writing.withdraw(actor=street.writer, idea=world.idea_again(gone))
    vault = world.sealed(title="Sealed")
    inventor = world.person("Inventor", Circle.EXPERT)
    world.idea(vault, inventor, "Submarine parking below the sea")
    watchers = [street.writer, inventor, world.sponsor_of(vault), world.manager]
    assert [street.like("Submarine parking below", who=who) for who in watchers] == [[], [], [], []]


def test_an_idea_is_not_like_itself(street: Street) -> None:
    mine = street.world.idea(street.challenge, street.writer, "Harbour cranes on solar power")
    assert street.like("Harbour cranes on solar power") == ["Harbour cranes on solar power", "Solar panels at the harbour"]
    assert street.like("Harbour cranes on solar power", but=mine.public_id) == ["Solar panels at the harbour"]


def test_the_form_asks_for_them_and_a_sealed_challenge_says_why_not(street: Street) -> None:
    world = street.world
    street.like("")
    browser = world.browser(street.writer)
    form = browser.get(f"/challenges/{street.challenge.public_id}/ideas/new").get_data(as_text=True)
    address = f"/challenges/{street.challenge.public_id}/similar"
    assert f'hx-get="{address}"' in form
    asked = browser.get(f"{address}?title=Green+roofs", headers={"HX-Request": "true"})
    assert "Green roofs on schools" in asked.get_data(as_text=True)
    assert "<html" not in asked.get_data(as_text=True)
    page = browser.get(f"{address}?title=Green+roofs").get_data(as_text=True)
    assert "Green roofs on schools" in page
    assert "<html" in page
    vault = world.sealed(title="Sealed")
    said = browser.get(f"/challenges/{vault.public_id}/similar?title=Green+roofs").get_data(as_text=True)
    assert "none is compared with yours" in said
    assert "Green roofs on schools" not in said


@pytest.mark.parametrize("query", ["", "title=", "title=%22%27%3C", "idea=nonsense", "title=" + "x" * 900])
def test_whatever_is_typed_is_answered(street: Street, query: str) -> None:
    browser = street.world.browser(street.writer)
    answer = browser.get(f"/challenges/{street.challenge.public_id}/similar?{query}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
