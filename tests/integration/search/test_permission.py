"""Nobody finds what he may not see, and nothing tells of it, no correction either: planted words, asked for by everybody."""

from __future__ import annotations

import pytest

from innovation.challenges import queries as challenges
from innovation.ideas.models import Idea
from innovation.ideas.service import talking, writing
from innovation.insight.queries import knowing
from innovation.kernel.actor import VISITOR, Actor, Circle, Origin
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from innovation.search import queries
from innovation.search.queries import Filters
from innovation.search.service import indexing
from tests.integration.search.conftest import Ask, titles
from tests.support.world import World


class Town:
    """One word planted in each kind of place, and everybody who might look for it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.open = world.challenge(title="Open question quokkaopen")
        self.sealed = world.sealed(title="Sealed question")
        self.drafted = world.draft_challenge(world.person("Drafter"), title="Question quokkadraftchallenge")
        self.author = world.person("Author", Circle.EXPERT)
        self.writer = world.person("Writer")
        world.idea(self.sealed, self.author, "Idea quokkasealed", text="Deep quokkasecret.")
        world.idea(self.open, self.writer, "Idea quokkashown", text="Text.")
        world.draft_idea(self.open, self.writer, "Idea quokkadraft")
        gone = world.idea(self.open, self.writer, "Idea quokkawithdrawn")
        writing.withdraw(actor=self.writer, idea=world.idea_again(gone))
        thrown = world.draft_idea(self.open, self.writer, "Idea quokkathrown")
        writing.withdraw(actor=self.writer, idea=world.idea_again(thrown))
        trashed = world.idea(self.open, self.writer, "Idea quokkatrashed")
        with transaction():
            row = db.session.get_one(Idea, trashed.id)
            row.trashed_at = world.now()
        self.people: dict[str, Actor] = {
            "visitor": VISITOR,
            "expert": world.person("Expert", Circle.EXPERT),
            "staff": world.person("Staff"),
            "author": self.author,
            "writer": self.writer,
            "sponsor of the sealed": world.sponsor_of(self.sealed),
            "panel of the sealed": world.grant(world.person("Panel"), Role.PANEL, "challenge", self.sealed.id),
            "administrator": world.grant(world.person("Admin"), Role.ADMINISTRATOR),
            "manager": world.manager,
            "drafter": world.sponsor_of(self.drafted),
        }
        world.settle()
        indexing.fill(Origin.CLOCK)

    def finders(self, typed: str, **more: object) -> list[str]:
        """Who finds anything by a question."""
        asked = {name: queries.search(who, typed, "en", Filters(), **more) for name, who in self.people.items()}  # type: ignore[arg-type]
        db.session.rollback()
        return [name for name, found in asked.items() if found.total or found.hits or found.kinds or found.instead]


@pytest.fixture
def town(world: World) -> Town:
    return Town(world)


INSIDE = ["staff", "writer", "panel of the sealed", "administrator", "manager", "drafter"]
ENTITLED = ["author", "sponsor of the sealed", "panel of the sealed"]


def test_each_planted_word_is_found_by_those_who_may_see_it_alone(town: Town) -> None:
    of_open = [*INSIDE[:2], "sponsor of the sealed", *INSIDE[2:]]
    expected = {
        "quokkaopen": of_open,
        "quokkashown": of_open,
        "quokkasealed": ENTITLED,
        "quokkasecret": ENTITLED,
        "quokkadraft ": ["writer"],
        "quokkawithdrawn": ["writer"],
        "quokkathrown": [],
        "quokkatrashed": [],
        "quokkadraftchallenge": ["manager", "drafter"],
    }
    assert {word: town.finders(word, exactly=True) for word in expected} == expected


@pytest.mark.parametrize("typed", ["quokaksecret", "quokkasecre", "quokkasecret", "quokkasecert", "Deep quokkasecer"])
def test_no_correction_or_beginning_tells_of_a_sealed_word(town: Town, typed: str) -> None:
    assert town.finders(typed) == ENTITLED


def test_a_correction_is_the_nearest_word_that_this_person_may_read(town: Town) -> None:
    town.world.idea(town.open, town.writer, "Idea quokkasecrex")
    town.world.settle()
    typed = "quokkasecrez"  # one letter from the open word, and from the sealed one too
    found = {name: queries.search(town.people[name], typed, "en", Filters()) for name in ("staff", "author")}
    db.session.rollback()
    assert {name: each.question.written() for name, each in found.items()} == {
        "staff": "quokkasecrex",
        "author": "quokkasecret",
    }


def test_hidden_and_deleted_comments_are_found_by_nobody(world: World, ask: Ask) -> None:
    challenge = world.challenge(title="Question")
    idea = world.idea(challenge)
    reader, talker = world.person("Reader"), world.person("Talker")
    made = [
        talking.say(actor=talker, idea=world.idea_again(idea), text=f"A comment, {word}.")
        for word in ("wombatstands", "wombathidden", "wombatgone")
    ]
    assert len(titles(ask(reader, "wombatstands"))) == 1
    assert titles(ask(VISITOR, "wombatstands")) == []
    assert len(titles(ask(reader, "wombatgone", exactly=True))) == 1
    with transaction():
        for place, column in ((1, "hidden_at"), (2, "trashed_at")):
            setattr(db.session.get_one(type(made[0]), made[place].id), column, world.now())
    found = {word: queries.search(reader, word, "en", Filters(), exactly=True) for word in ("wombathidden", "wombatgone")}
    assert {word: each.total for word, each in found.items()} == {"wombathidden": 0, "wombatgone": 0}
    db.session.rollback()
    assert titles(ask(reader, "wombathidden", exactly=True)) == []


def test_people_are_found_by_who_invites_and_by_who_reads_them(world: World, ask: Ask) -> None:
    hidden = world.challenge(title="Names hidden")
    with transaction():
        challenges.by_id(hidden.id).names_hidden = True
    shown, kept, silent = world.person("Ada Shownname"), world.person("Bea Keptname"), world.person("Cy Silentname")
    world.idea(world.challenge(title="Open"), shown, "Idea one")
    world.idea(world.again(hidden), kept, "Idea two")
    reader = world.person("Reader")
    names = ("Shownname", "Keptname", "Silentname")
    by_reader = {name: titles(ask(reader, name, exactly=True)) for name in names}
    assert by_reader == {"Shownname": ["Ada Shownname"], "Keptname": [], "Silentname": []}
    assert {name: len(titles(ask(world.manager, name))) for name in names} == dict.fromkeys(names, 1)
    assert titles(ask(silent, "Silentname")) == ["Cy Silentname"]
    assert titles(ask(VISITOR, "Shownname", exactly=True)) == []


def test_everybody_who_is_found_has_a_page_that_opens(world: World, ask: Ask) -> None:
    challenge = world.challenge(title="Names hidden")
    with transaction():
        challenges.by_id(challenge.id).names_hidden = True
    world.idea(world.again(challenge), world.person("Dee Wantedname"), "Idea one")
    lookers = {
        "herself": world.person("Eli Wantedname"),
        "staff": world.person("Staff"),
        "sponsor": world.sponsor_of(challenge),
        "manager": world.manager,
        "visitor": VISITOR,
    }
    found = {who: {hit.row.person_public_id for hit in ask(actor, "Wantedname").hits} for who, actor in lookers.items()}
    assert {who: len(each) for who, each in found.items()} == {
        "herself": 1,
        "staff": 0,
        "sponsor": 1,
        "manager": 2,
        "visitor": 0,
    }
    opened = {who: {each for each in found[who] if knowing.person(actor, each)} for who, actor in lookers.items()}
    db.session.rollback()
    assert opened == found


def test_names_of_authors_are_not_found_with_their_ideas(world: World, ask: Ask) -> None:
    world.idea(world.challenge(title="Question"), world.person("Zoe Authorname"), "Idea one")
    found = ask(world.manager, "Authorname")
    assert [hit.row.kind for hit in found.hits] == ["person"]


def test_who_may_see_is_asked_of_the_rows_and_not_of_the_index(world: World, ask: Ask) -> None:
    challenge = world.challenge(title="Question")
    author, reader = world.person("Author"), world.person("Reader")
    idea = world.idea(challenge, author, "A numbat")
    assert titles(ask(reader, "numbat")) == ["A numbat"]
    with transaction():
        db.session.get_one(Idea, idea.id).visibility = "sealed"
    found = queries.search(reader, "numbat", "en", Filters())
    db.session.rollback()
    assert found.total == 0
