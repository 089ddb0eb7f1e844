"""Everything a house holds, to take along: whole, without secrets and sealed words, and good enough to begin anew with."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.challenges.models import Challenge
from innovation.discussion import queries as comments
from innovation.discussion.models import Comment
from innovation.exchange.models import Order
from innovation.exchange.queries import house as queries
from innovation.exchange.service.house import held_back, shares
from innovation.exchange.service.personal.registry import HOLDINGS
from innovation.ideas.models import Idea
from innovation.ideas.service import talking, writing
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import Base, db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.notifications.models import Message
from innovation.people.models import Credential, GrantRow, HostSetting, Person, SignIn
from innovation.people.service import accounts, house_settings
from innovation.rules.predicates import Role
from innovation.voting.models import Vote
from tests.integration.pages.test_nothing_leaks import ENTITLED, MARKERS, Secrets
from tests.support import samples
from tests.support.bringing import Bringing
from tests.support.filing import add
from tests.support.world import World

SECRET = re.compile(r"secret|digest$|nonce|token|password|^key$|pseudonym|ballots|refresh|file_key")
"""Names that a column with a secret has."""
HARMLESS = {
    "email_address.key": "the address as it is compared",
    "person.digest": "how often somebody gets a digest",
    "gate.key": "a gate's name within its process",
    "gate_check.key": "a line's name within its gate",
    "process.key": "a process's name",
    "terms.key": "a text's name",
    "receipt.digest": "the proof that its author has",
    "forecast.digest": "of a forecast's figures",
    "report.digest": "of a report's figures",
}


def _asked(world: World, who: Actor, why: str = "") -> zipfile.ZipFile:
    browser = world.browser(who)
    asked = browser.post("/administration/export-orders", {"why": why})
    assert asked.status_code == 303, asked.get_data(as_text=True)
    world.settle()
    world.anew()
    order = db.session.scalars(select(Order).order_by(Order.id.desc())).first()
    assert order is not None
    assert (order.state, order.error) == ("done", "")
    return zipfile.ZipFile(io.BytesIO(browser.get(f"{asked.headers['Location']}/file").get_data()))


def _rows(archive: zipfile.ZipFile, file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(file).decode("utf-8-sig"))))


def _say(world: World, idea: Idea, who: Actor, text: str, parent: Comment | None = None) -> Comment:
    found = world.idea_again(idea)
    above = comments.comment_by_id(parent.id) if parent else None
    return talking.say(actor=who, idea=found, text=text, parent=above)


def _words(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


# --- what is in it -------------------------------------------------------------------------------------------------


def test_every_table_is_in_it_or_left_out_with_a_reason(world: World) -> None:
    archive = _asked(world, world.manager)
    files = {name.split("/")[1].removesuffix(".csv") for name in archive.namelist() if name.startswith("tables/")}
    every = set(Base.metadata.tables)
    assert (files | set(held_back.TABLES), files & set(held_back.TABLES)) == (every, set())
    readme, schema = archive.read("README.txt").decode(), json.loads(archive.read("schema.json"))
    assert [name for name in held_back.TABLES if name not in readme] == []
    assert {each["file"] for each in schema["files"]} == {name for name in archive.namelist() if name.endswith(".csv")}
    columns = next(each["columns"] for each in schema["files"] if each["file"] == "tables/idea.csv")
    assert {"name": "challenge_id", "type": "int", "refers_to": "challenge.id"} in columns


def test_every_row_is_in_it_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "BATCH", 2)
    challenge = world.challenge()
    ideas = [world.idea(challenge, title=f"=Idea {n}") for n in range(5)]
    archive = _asked(world, world.manager)
    rows = _rows(archive, "tables/idea.csv")
    assert [row["public_id"] for row in rows] == [idea.public_id for idea in ideas]
    assert {row["title"] for row in rows} == {f"'=Idea {n}" for n in range(5)}
    assert [row["id"] for row in _rows(archive, "import/ideas.csv")] == [idea.public_id for idea in ideas]


def test_files_are_in_it_and_rows_say_where(world: World) -> None:
    author, hidden = world.person(), world.person()
    add(world, hidden, world.draft_idea(world.sealed(), hidden), samples.image(), "secret.png")
    add(world, author, world.draft_idea(world.challenge(), author), samples.image(), "draft.png")
    shown = world.draft_idea(world.challenge(), author)
    kept = add(world, author, shown, samples.image(), "work.png")
    writing.submit(actor=author, idea=world.idea_again(shown), accept_terms=True)
    archive = _asked(world, world.manager)
    files = [name for name in archive.namelist() if name.startswith("files/")]
    told = [row["file"] for row in _rows(archive, "tables/attachment.csv")]
    assert (files, told) == ([f"files/{kept.public_id}-work.png"], ["", "", f"files/{kept.public_id}-work.png"])
    assert len(archive.read(files[0])) > 0


# --- what is not ---------------------------------------------------------------------------------------------------


def test_no_column_with_a_secret_goes_out() -> None:
    out = {
        f"{table.name}.{name}"
        for table in queries.tables()
        if table.name not in held_back.TABLES and table.name not in held_back.VOTES
        for name in shares.columns_out(table)
    }
    assert {each for each in out if SECRET.search(each.split(".")[1])} - HARMLESS.keys() == set()
    withheld = {f"{each.table}.{name}" for each in HOLDINGS for name in each.withheld.split()}
    assert withheld & out == {"event.previous_hash", "event.hash"}  # the chain that `innovation verify` reads


def test_what_is_secret_stands_nowhere_in_it(world: World) -> None:
    who, manager = world.person("Secretive"), world.manager
    token = accounts.sign_in(actor=who, person_id=who.person_id or 0, device="test")
    with transaction():
        db.session.add(
            Credential(person_id=who.person_id or 0, kind="password", secret="planted-hash", changed_at=world.now())
        )
        house_settings.keep("signing.1", {"secret": "planted-private-key", "public": "shown"}, manager, world.now())
    world.idea(world.challenge())  # a receipt makes the house's key
    said = _words(_asked(world, world.manager))
    digests = list(db.session.scalars(select(SignIn.token_digest)))
    kept = [row.value["secret"] for row in db.session.scalars(select(HostSetting)) if "secret" in str(row.value)]
    assert len(digests) > 0
    assert len(kept) > 0
    assert [each for each in ("planted-hash", "planted-private-key", token, *digests, *kept) if each in said] == []


def test_only_administrators_may_and_who_is_none_any_more_gets_nothing(world: World) -> None:
    other = world.person()
    manager = world.grant(world.person(), Role.MANAGER)
    assert [world.browser(who).get("/administration/export").status_code for who in (None, other, manager)] == [
        303,
        403,
        403,
    ]
    browser = world.browser(world.manager)
    path = browser.post("/administration/export-orders", {"why": ""}).headers["Location"]
    with transaction():
        for row in db.session.scalars(select(GrantRow).where(GrantRow.role == "administrator")):
            row.valid_to = world.now()
    world.settle()
    world.anew()
    assert db.session.scalars(select(Order.state)).one() == "failed"
    assert browser.get(f"{path}/file").status_code == 404


def test_votes_lead_to_nobody(world: World) -> None:
    challenge = world.challenge()
    idea = world.idea(challenge)
    few = world.challenge()
    other = world.idea(few)
    voters = world.crowd(20)
    for voter in voters:
        world.vote(idea, voter)
    world.vote(other, voters[0])
    running = _rows(_asked(world, world.manager), "tables/vote.csv")
    world.announced(challenge)
    world.announced(few)
    archive = _asked(world, world.manager)
    rows = _rows(archive, "tables/vote.csv")
    assert running == []
    assert {row["idea_id"] for row in rows} == {str(idea.id)}  # one voter would be known by his vote
    assert (len(rows), len({row["voter"] for row in rows})) == (20, 20)
    assert rows == sorted(rows, key=lambda row: row["voter"])
    assert list(rows[0]) == ["voter", "idea_id", "value", "weight"]
    names = {str(each.person_id) for each in voters} | {str(each) for each in db.session.scalars(select(Person.public_id))}
    assert {row["voter"] for row in rows} & names == set()
    assert db.session.scalar(select(func.count()).select_from(Vote)) == 21


# --- sealed --------------------------------------------------------------------------------------------------------


def _sealed(world: World) -> tuple[Idea, Actor]:
    author = world.person("Author", Circle.STAFF)
    challenge = world.sealed()
    idea = world.idea(challenge, author, title="Planted-title", text="Planted-text")
    world.draft_idea(challenge, world.person(), title="Planted-draft", text="Planted-draft-text")
    return idea, author


def test_sealed_words_stay_sealed(world: World) -> None:
    idea, _ = _sealed(world)
    archive = _asked(world, world.manager)
    row = next(each for each in _rows(archive, "tables/idea.csv") if each["id"] == str(idea.id))
    assert (row["state"], row["title"], row["text"]) == ("submitted", "", "")
    assert "Planted" not in _words(archive)
    assert db.session.scalars(select(Event.name).where(Event.name == "IdeaOpenedWithReason")).all() == []


@pytest.mark.parametrize("announced", [False, True])
def test_no_word_goes_out_that_an_administrator_does_not_read(world: World, announced: bool) -> None:
    secrets = Secrets(world)
    if announced:
        secrets.announce()
    said = _words(_asked(world, secrets.who("administrator"))).lower()
    assert {name for name, marker in MARKERS.items() if marker.lower() in said} == ENTITLED["administrator"]


def test_opening_them_takes_a_reason_that_their_authors_are_told(world: World) -> None:
    idea, author = _sealed(world)
    archive = _asked(world, world.manager, "law")
    said = _words(archive)
    opened = db.session.scalars(select(Event).where(Event.name == "IdeaOpenedWithReason")).all()
    exported = db.session.scalars(select(Event).where(Event.name == "HouseExported")).one()
    told = select(Message.person_id).where(Message.kind == "idea_opened").distinct()
    assert ("Planted-title" in said, "Planted-text" in said, "Planted-draft" in said) == (True, True, False)
    assert [(each.idea_id, each.payload["why"]) for each in opened] == [(idea.id, "law")]
    assert exported.payload["why"] == "law"
    assert list(db.session.scalars(told)) == [author.person_id]


def test_an_operator_writes_the_same_without_sealed_words(world: World, tmp_path: Path) -> None:
    idea, _ = _sealed(world)
    file = tmp_path / "house.zip"
    done = world.app.test_cli_runner().invoke(args=["export-house", str(file)])
    world.anew()
    archive = zipfile.ZipFile(file)
    facts = db.session.scalars(select(Event.payload).where(Event.name == "HouseExported")).all()
    assert (done.exit_code, done.output.strip(), facts) == (0, str(file), [{"order_id": 0, "why": ""}])
    assert next(row["id"] for row in _rows(archive, "tables/idea.csv")) == str(idea.id)
    assert "Planted" not in _words(archive)
    assert [each.name for each in tmp_path.iterdir()] == ["house.zip"]


def test_a_reason_that_is_none_asks_for_nothing(world: World) -> None:
    answer = world.browser(world.manager).post("/administration/export-orders", {"why": "curious"})
    assert (answer.status_code, db.session.scalar(select(func.count()).select_from(Order))) == (422, 0)


def test_hidden_names_stay_hidden(world: World) -> None:
    author = world.person("Hidden")
    challenge = world.challenge()
    with transaction():
        db.session.get_one(Challenge, challenge.id).names_hidden = True
    idea = world.idea(world.again(challenge), author)
    archive = _asked(world, world.manager)
    rows = _rows(archive, "tables/author.csv")
    facts = [row for row in _rows(archive, "tables/event.csv") if row["idea_id"] == str(idea.id)]
    listed = next(each for each in _rows(archive, "import/ideas.csv") if each["id"] == idea.public_id)
    assert ([row["person_id"] for row in rows], {row["actor_id"] for row in facts}) == ([""], {""})
    assert (listed["title"] != "", listed["author_ids"]) == (True, "")


# --- beginning anew with it ----------------------------------------------------------------------------------------


def test_an_empty_house_begins_with_what_another_took_along(world: World, request: pytest.FixtureRequest) -> None:
    author = world.person("Ann Author", organisation="Acme", language="nl")
    challenge = world.challenge()
    first = world.idea(challenge, author, title="-5 degrees", text="Line one\n\nLine two")
    world.idea(challenge, world.person("Bob"), title="Two")
    said = _say(world, first, world.person("Carol"), "Well said")
    _say(world, first, author, "Thanks", said)
    world.announced(challenge)
    name = first.public_id
    archive = _asked(world, world.manager)
    before = {kind: len(_rows(archive, f"import/{kind}.csv")) for kind in ("people", "challenges", "ideas", "comments")}
    house = request.getfixturevalue("house")
    house.empty()
    fresh = World(world.app)
    browser = fresh.browser(fresh.manager)
    for kind in before:
        Bringing(fresh, browser, kind, archive.read(f"import/{kind}.csv")).brought(source="the old house")
    tables: dict[str, Any] = {"people": Person, "challenges": Challenge, "ideas": Idea, "comments": Comment}
    found = {kind: _count(table, table.source == "the old house") for kind, table in tables.items()}
    row = db.session.scalars(select(Idea).where(Idea.foreign_id == name)).one()
    answer = db.session.scalars(select(Comment).where(Comment.text == "Thanks")).one()
    assert (before["ideas"], before["comments"]) == (2, 2)
    assert found == before
    assert (row.title, row.text) == ("-5 degrees", "Line one\n\nLine two")
    assert answer.parent_id == db.session.scalars(select(Comment.id).where(Comment.text == "Well said")).one()


def _count(table: type[Any], condition: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(condition)) or 0
