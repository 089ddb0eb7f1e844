"""The index follows facts, says what a rebuild says, fills itself, and is done once however often it is done."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import func, select

from innovation.ideas.models import Idea
from innovation.ideas.service import writing
from innovation.kernel import queue
from innovation.kernel.actor import Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.people.models import Person
from innovation.projects.service import planning
from innovation.search import queries
from innovation.search.models import Entry, Spelling, Word
from innovation.search.queries import Filters, lacking
from innovation.search.service import indexing, rebuilding
from tests.support.crew import Crew
from tests.support.world import World


def _index() -> tuple[list[Any], list[str], int]:
    """Everything the index holds, but for when it was written."""
    db.session.rollback()
    columns = [c for c in Entry.__table__.columns if c.name not in {"id", "indexed_at"}]
    rows = sorted(tuple(map(str, row)) for row in db.session.execute(select(*columns)))
    known = sorted(db.session.scalars(select(Word.word)))
    spellings = db.session.scalar(select(func.count()).select_from(Spelling)) or 0
    db.session.rollback()
    return rows, known, spellings


def _found(who: Any, typed: str) -> list[str]:
    found = queries.search(who, typed, "en", Filters(), exactly=True)
    db.session.rollback()
    return [hit.row.title for hit in found.hits]


def test_the_index_follows_an_idea_through_its_facts(world: World) -> None:
    challenge = world.challenge(title="Question")
    author, reader = world.person("Author"), world.person("Reader")
    draft = world.draft_idea(challenge, author, "First heron")
    world.settle()
    assert (_found(author, "heron"), _found(reader, "heron")) == (["First heron"], [])
    writing.submit(actor=author, idea=world.idea_again(draft), accept_terms=True)
    world.settle()
    assert _found(reader, "heron") == ["First heron"]
    again = world.idea_again(draft)
    writing.revise(actor=author, idea=again, title="Second egret", text="It wades.", requested_minor=None)
    world.settle()
    assert (_found(reader, "heron"), _found(reader, "egret")) == ([], ["Second egret"])
    writing.withdraw(actor=author, idea=world.idea_again(draft))
    world.settle()
    assert (_found(reader, "egret"), _found(author, "egret")) == ([], ["Second egret"])


def test_a_rebuild_after_any_sequence_of_facts_changes_nothing(world: World) -> None:
    chance = random.Random(7)
    challenge = world.challenge(title="Question about herons")
    author = world.person("Author")
    made: list[Idea] = []
    said = ["heron", "egret", "stork", "ibis", "crane", "bittern"]
    for _ in range(24):
        act = chance.choice(["start", "start", "submit", "save", "revise", "withdraw", "note", "settle"])
        row = world.idea_again(chance.choice(made)) if made else None
        title, text = " ".join(chance.choices(said, k=3)), " ".join(chance.choices(said, k=9))
        if act == "settle":
            world.settle()
        elif act == "start" or row is None:
            made.append(world.draft_idea(challenge, author, title, text=text))
        elif act == "submit" and row.state == "draft":
            writing.submit(actor=author, idea=row, accept_terms=True)
        elif act == "save" and row.state == "draft":
            writing.save_draft(actor=author, idea=row, title=title, text=text, requested_minor=None)
        elif act == "revise" and row.state == "submitted":
            writing.revise(actor=author, idea=row, title=title, text=text, requested_minor=None)
        elif act == "note" and row.state == "submitted":
            writing.add_note(actor=author, idea=row, text=f"{title} noted")
        elif act == "withdraw" and row.state in {"draft", "submitted"}:
            writing.withdraw(actor=author, idea=row)
    world.settle()
    indexing.fill(Origin.CLOCK)
    entries, known, _spellings = _index()
    told: list[str] = []
    assert rebuilding.rebuild(Origin.CLI, lambda kind, reached, last: told.append(f"{kind} {reached <= last}")) == 0
    rebuilt, stand, _fewer = _index()
    assert rebuilt == entries
    assert set(stand) <= set(known)  # a rebuild forgets words that stand nowhere any more
    assert set(told) == {"challenge True", "idea True", "person True"}


def test_a_rebuild_of_an_emptied_index_makes_the_same_one(world: World) -> None:
    challenge = world.challenge(title="Question about herons")
    for number in range(5):
        world.idea(challenge, title=f"Heron {number}", text="It stands in the water.")
    world.settle()
    indexing.fill(Origin.CLOCK)
    rebuilding.rebuild(Origin.CLI, lambda *_told: None)
    before = _index()
    with transaction():
        for table in (Entry, Spelling, Word):
            db.session.execute(db.delete(table))
    assert _index() == ([], [], 0)
    rebuilding.rebuild(Origin.CLI, lambda *_told: None)
    assert _index() == before


def test_a_house_without_an_index_fills_it_by_the_clock_in_batches(world: World) -> None:
    challenge = world.challenge(title="Question")
    for number in range(5):
        world.idea(challenge, title=f"Heron {number}")
    world.settle()
    with transaction():
        db.session.execute(db.delete(Entry))
    assert lacking.waiting() > 5
    batch = indexing.BATCH
    try:
        indexing.BATCH = indexing.take_in.__wrapped__.__kwdefaults__["limit"] = 2  # type: ignore[attr-defined]
        queue.tick(world.app, lambda name: name == "search.fill")
    finally:
        indexing.BATCH = indexing.take_in.__wrapped__.__kwdefaults__["limit"] = batch  # type: ignore[attr-defined]
    db.session.rollback()
    assert lacking.waiting() == 0
    assert len(_found(world.person("Reader"), "heron")) == 5


def test_the_same_thing_twice_is_once(world: World) -> None:
    idea = world.idea(world.challenge(title="Question"), title="Heron")
    world.settle()
    before = _index()
    changed = [indexing.index(actor=house(Origin.CLOCK), kind="idea", ids=[idea.id]) for _ in range(3)]
    assert changed == [0, 0, 0]
    assert _index() == before


def test_a_draft_saved_without_a_fact_is_found_after_the_clock(world: World) -> None:
    author = world.person("Author")
    draft = world.draft_idea(world.challenge(title="Question"), author, "Heron")
    world.settle()
    writing.save_draft(actor=author, idea=world.idea_again(draft), title="Egret", text="", requested_minor=None)
    indexing.fill(Origin.CLOCK)
    assert (_found(author, "heron"), _found(author, "egret")) == ([], ["Egret"])


def test_who_was_erased_leaves_the_index(world: World) -> None:
    person = world.person("Gone Heronname", Circle.STAFF)
    indexing.fill(Origin.CLOCK)
    assert _found(world.manager, "heronname") == ["Gone Heronname"]
    with transaction():
        db.session.get_one(Person, person.person_id).erased_at = world.now()
    assert _found(world.manager, "heronname") == []
    indexing.fill(Origin.CLOCK)
    left = db.session.scalars(select(Entry.title).where(Entry.person_id == person.person_id)).all()
    db.session.rollback()
    assert left == []


def test_the_command_rebuilds_and_says_so(world: World) -> None:
    world.idea(world.challenge(title="Question"), title="Heron")
    said = world.app.test_cli_runner().invoke(args=["rebuild-search"])
    assert (said.exit_code, said.output.split(";")[0]) == (0, "the index is made anew")
    assert _found(world.person("Reader"), "heron") == ["Heron"]


def test_a_project_is_found_by_what_it_is_called_now(world: World) -> None:
    crew, said = Crew(world), {"title": "Bittern in the reeds", "goal": "Egrets."}
    world.settle()
    assert crew.does(planning.describe, **said, work_url="") == "done"
    world.settle()
    assert _found(crew.lead, "bittern") == ["Bittern in the reeds"]
    assert crew.does(planning.describe, **said, work_url="https://work.example/") == "done"
    stated = select(func.count()).select_from(Event).where(Event.name == "ProjectDescribed")
    assert db.session.scalar(stated) == 1
