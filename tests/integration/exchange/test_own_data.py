"""Everything held of a person, as a file: all of his, nothing of others, for him alone."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from innovation.attachments.models import Attachment, FileSet
from innovation.exchange.models import Order
from innovation.exchange.queries.orders import KEPT
from innovation.exchange.service import orders
from innovation.exchange.service.personal import gathering
from innovation.exchange.service.personal.registry import HOLDINGS
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.files import store
from innovation.kernel.usecase import transaction
from innovation.people.models import Person
from tests.support.pages import words
from tests.support.world import World


def _file(world: World, who: Actor, language: str = "en") -> zipfile.ZipFile:
    order = orders.ask_own_data(actor=who, language=language)
    world.settle()
    answer = world.browser(who).get(f"/orders/{order.public_id}/file")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.get_data()))


def _data(bundle: zipfile.ZipFile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bundle.read("data.json"))["tables"]
    return found


def _rows(data: dict[str, Any], table: str) -> list[dict[str, Any]]:
    return [row for rows in data.get(table, {"as": {}})["as"].values() for row in rows]


def test_the_file_holds_a_persons_ideas_votes_comments_and_profile(world: World) -> None:
    challenge = world.challenge()
    who = world.person("Wim")
    with transaction():
        db.session.get_one(Person, who.person_id).expertise = ["pumps"]
    mine, other = world.idea(challenge, who, "Cold loop", text="Use the river."), world.idea(challenge)
    world.vote(other, who)
    bundle = _file(world, who)
    data = _data(bundle)
    page = bundle.read("index.html").decode()
    assert [row["value"] for row in _rows(data, "vote")] == [1]
    assert _rows(data, "person")[0]["expertise"] == ["pumps"]
    assert _rows(data, "email_address")[0]["typed"] == "wim@example.org"
    assert "Use the river." in bundle.read(f"ideas/{mine.public_id}.md").decode()
    assert ("<script" in page, "Cold loop" in page, "Everything held of you" in page) == (False, True, True)


def test_nothing_of_others_is_in_the_file(world: World) -> None:
    """No vote, no name, no address, no review and no number of anybody else."""
    challenge = world.panel_challenge()
    author, judge = world.person("Author"), world.panellist(challenge, world.person("Judge"))
    idea = world.idea(challenge, author, "Mine")
    world.idea(challenge, world.person("Stranger"), "Secret of a stranger")
    world.scoring(challenge)
    world.review(idea, judge, sentence="Hidden thought.")
    everything = "".join(
        content.decode("utf-8", "replace") for content in (lambda b: [b.read(n) for n in b.namelist()])(_file(world, author))
    )
    told = [each in everything for each in ("Hidden thought.", "Judge", "judge@example.org", "Secret of a stranger")]
    assert told == [False] * 4


def test_digests_and_keys_are_in_nobodys_file(world: World) -> None:
    who = world.person()
    world.browser(who)
    row = _rows(_data(_file(world, who)), "sign_in")[0]
    assert {"token_digest", "provider_session", "refresh_secret"} & set(row) == set()


def test_only_who_asked_fetches_the_file_and_only_for_seven_days(world: World) -> None:
    who = world.person()
    order = orders.ask_own_data(actor=who, language="en")
    world.settle()
    path = f"/orders/{order.public_id}"
    answers = [world.browser(each).get(f"{path}/file").status_code for each in (who, world.manager, None)]
    with transaction():
        db.session.execute(update(Order).values(ended_at=clock.now() - KEPT))
    late = world.browser(who).get(f"{path}/file").status_code
    assert orders.empty_store(actor=house(Origin.CLOCK), store=store()) == 1
    assert (answers[:2], answers[2] in (303, 404), late) == ([200, 404], True, 404)
    assert store().under(f"orders/{order.public_id}") == []


@pytest.mark.parametrize("rows_taken", [1, 3, 7])
def test_a_file_that_was_broken_off_goes_on_and_counts_each_row_once(world: World, rows_taken: int) -> None:
    """Broken off before, among and after the first rows of a table; then somebody else goes on from the cursor."""
    challenge, who = world.challenge(), world.person()
    for _ in range(5):
        world.vote(world.idea(challenge), who)
    order = orders.ask_own_data(actor=who, language="en")
    assert gathering.gather_own(actor=house(Origin.CLOCK), order_id=order.id, store=store(), at_most=rows_taken)
    db.session.expire_all()
    assert db.session.get_one(Order, order.id).done == rows_taken
    db.session.rollback()
    world.settle()
    bundle = zipfile.ZipFile(io.BytesIO(world.browser(who).get(f"/orders/{order.public_id}/file").get_data()))
    rows = _rows(_data(bundle), "vote")
    assert (len(rows), len({row["id"] for row in rows})) == (5, 5)


def test_a_persons_files_are_in_the_bundle_as_they_are(world: World) -> None:
    challenge, who = world.challenge(), world.person()
    idea = world.idea(challenge, who)
    store().put("attachments/own-data-test", b"%PDF-1.7 mine")
    with transaction():
        held = FileSet(kind="idea", challenge_id=challenge.id, made_at=clock.now())
        db.session.add(held)
        db.session.flush()
        db.session.add(
            Attachment(
                set_id=held.id,
                name="drawing.pdf",
                media_type="application/pdf",
                size=13,
                sha256="0" * 64,
                key="attachments/own-data-test",
                uploaded_by=who.person_id,
                uploaded_at=clock.now(),
            )
        )
    bundle = _file(world, who)
    names = [name for name in bundle.namelist() if name.startswith("files/")]
    assert ([name.rsplit("-", 1)[1] for name in names], bundle.read(names[0])) == (["drawing.pdf"], b"%PDF-1.7 mine")
    assert idea.id is not None


def test_the_page_offers_the_file_and_says_what_is_not_in_it(world: World) -> None:
    browser = world.browser(world.person())
    page = words(browser.get("/account/data"))
    asked = browser.post("/account/data", {"once": "a"})
    assert ("not who reported a comment" in page, asked.status_code) == (True, 303)
    assert db.session.scalars(select(Order.what)).all() == ["own_data"]


def test_every_table_that_is_given_has_a_name_on_the_page() -> None:
    said = Path("templates/exchange/_personal_words.html").read_text("utf-8").partition("macro table_word")[2]
    given = sorted({each.table for each in HOLDINGS if any(lead.gives for lead in each.leads)})
    assert [name for name in given if f"'{name}':" not in said] == []
