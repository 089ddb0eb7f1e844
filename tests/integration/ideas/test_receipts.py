"""Receipts: made with what is sent, signed, checkable without this house, and nobody's but the authors'."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from innovation.ideas import work
from innovation.ideas.commands import verify_receipt
from innovation.ideas.models import Idea, Receipt
from innovation.ideas.queries import receipts
from innovation.ideas.service import authors, proving, writing
from innovation.ideas.service.receipts import as_file, forget_person, sign
from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery
from innovation.kernel.usecase import transaction
from innovation.people.models import HostSetting
from innovation.rules.receipt import BadReceipt, raw
from tests.support import samples
from tests.support.filing import add
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.stamps import Authority
from tests.support.world import World


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@contextmanager
def stamping(world: World, authority: Authority, mood: str = "well") -> Iterator[None]:
    """The house with an authority that is in some mood."""
    before = world.settings
    authority.mood = mood
    with authority.serving() as url:
        world.app.extensions["innovation.settings"] = dataclasses.replace(before, timestamp_url=url)
        try:
            yield
        finally:
            world.app.extensions["innovation.settings"] = before


def _content(idea: Idea) -> bytes:
    db.session.rollback()
    db.session.expire_all()
    made = receipts.newest(idea.id)
    assert made is not None
    return as_file(made).spelled()


def _again(world: World) -> None:
    """Let what failed be due again, and do it."""
    with transaction():
        db.session.execute(update(Delivery).where(Delivery.state == "due").values({"due_at": world.now()}))
    queue.settle()
    world.anew()


def test_a_receipt_holds_exactly_what_was_sent(world: World) -> None:
    lead = world.person("Ada")
    world.person("Ben")
    challenge = world.sealed(title="How do we keep the heat?")
    idea = world.draft_idea(challenge, lead, title="Héat", text="Take it, “now”.")
    add(world, lead, idea, samples.PDF, "drawing.pdf")
    authors.name_author(actor=lead, idea=world.idea_again(idea), email="ben@example.org")
    writing.submit(actor=lead, idea=world.idea_again(idea), accept_terms=True)
    content = _content(idea)
    held = json.loads(content)["document"]
    row, terms = world.idea_again(idea), world.again(challenge).terms
    assert terms is not None
    assert row.submitted_at is not None
    assert held == {
        "reference": idea.public_id,
        "revision": 1,
        "time": row.submitted_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "challenge": {"reference": challenge.public_id, "title": "How do we keep the heat?"},
        "title": "Héat",
        "text": "Take it, “now”.",
        "language": "en",
        "amount": None,
        "answers": [],
        "files": [
            {"name": "drawing.pdf", "bytes": len(samples.PDF), "sha256": hashlib.sha256(samples.PDF).hexdigest()},
        ],
        "authors": [
            {"name": "Ada", "accepted": True, "share": None, "sent_this": True},
            {"name": "Ben", "accepted": False, "share": None, "sent_this": False},
        ],
        "said_of_whose_it_is": {},
        "terms": {"key": terms.key, "version": terms.version, "language": "en", "sha256": terms.text_hash},
    }
    assert [each.holds for each in proving.check(content)] == [True, True, None, None]


def test_each_version_has_its_receipt_and_what_changes_nothing_has_none(world: World) -> None:
    author = world.person()
    idea = world.idea(world.challenge(), author, text="First.")
    for text in ("Second.", "Second."):
        writing.revise(actor=author, idea=world.idea_again(idea), title="T", text=text, requested_minor=None)
    world.anew()
    made = receipts.of_idea(idea.id)
    assert [(each.revision_no, json.loads(each.document)["text"]) for each in made] == [(2, "Second."), (1, "First.")]


def test_one_changed_byte_anywhere_is_found(embedded: World, authority: Authority) -> None:
    author = embedded.person("Ada")
    with stamping(embedded, authority):
        idea = embedded.idea(embedded.challenge(), author, title="Héat", text="Take it.")
        queue.settle()
    content = _content(idea)
    assert all(each.holds is not False for each in proving.check(content, authorities=authority.root))
    passed = []
    for place in range(len(content)):
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        try:
            findings = proving.check(changed)
        except BadReceipt:
            continue
        if all(each.holds is not False for each in findings):
            passed.append(content[place : place + 20])
    assert passed == []


@pytest.mark.parametrize(
    ("written", "is_one"), [("YQ==", True), ("YR==", False), ("YQ=", False), ("Y Q==", False), ("", True)]
)
def test_bytes_are_written_in_one_way_only(written: str, is_one: bool) -> None:
    assert (raw(written) is not None) == is_one


def test_what_is_added_to_a_file_is_found(embedded: World) -> None:
    content = _content(embedded.idea(embedded.challenge()))
    parsed: dict[str, Any] = json.loads(content)
    for changed in (content + b"\n", content.replace(b"\n ", b"\n", 1), json.dumps(parsed | {"note": "x"}).encode(), b"[]"):
        with pytest.raises(BadReceipt):
            proving.check(changed)


def test_a_receipt_of_somebody_elses_key_is_not_this_houses(embedded: World) -> None:
    content = _content(embedded.idea(embedded.challenge()))
    own = json.loads(content)["public_key"]
    other = base64.b64encode(b"k" * 32).decode()
    assert [each.holds for each in proving.check(content, key=own)] == [True, True, None]
    assert [each.holds for each in proving.check(content, key=other)] == [True, False, None]
    published = embedded.browser().get("/.well-known/innovation-receipts.json").get_json()
    assert [each["public_key"] for each in published["keys"]] == [own]


def test_everybody_at_once_signs_with_one_key(world: World) -> None:
    challenge, people = world.challenge(), world.crowd(4)
    drafts = [world.draft_idea(challenge, who) for who in people]

    def send(number: int) -> None:
        idea = world.idea_again(drafts[number])
        writing.submit(actor=people[number], idea=idea, accept_terms=True)

    at_once(world.app, [lambda n=n: send(n) for n in range(4)])
    world.anew()
    keys = {json.loads(as_file(each).spelled())["public_key"] for each in db.session.scalars(select(Receipt))}
    kept = db.session.scalar(select(func.count()).select_from(HostSetting).where(HostSetting.name.like("signing_key.%")))
    assert (len(keys), kept) == (1, 1)


def test_a_key_that_cannot_be_read_any_more_is_followed_by_another_and_stays_published(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    first = world.idea(challenge, author)
    before = world.settings
    changed = dataclasses.replace(before, secret_key="another")
    world.app.extensions["innovation.settings"] = changed
    try:
        second = world.idea(challenge, author)
    finally:
        world.app.extensions["innovation.settings"] = before
    third = world.idea(challenge, author)
    keys = [json.loads(_content(each))["public_key"] for each in (first, second, third)]
    published = world.browser().get("/.well-known/innovation-receipts.json").get_json()["keys"]
    assert (keys[0] == keys[2], [each["public_key"] for each in published]) == (True, keys[:2])


def test_a_secret_never_stands_in_the_database_as_it_is(world: World) -> None:
    world.idea(world.challenge())
    value = db.session.scalars(select(HostSetting.value).where(HostSetting.name == "signing_key.1")).one()
    assert sorted(value) == ["public", "secret"]
    assert value["secret"].startswith("gAAAA")


def test_a_stamp_comes_after_sending_and_is_checked_against_its_authority(world: World, authority: Authority) -> None:
    author = world.person()
    with stamping(world, authority):
        idea = world.idea(world.challenge(), author)
        assert json.loads(_content(idea))["time_stamp"] == ""
        queue.settle()
    content = _content(idea)
    stranger = Authority(authority.folder / "stranger")
    assert [each.holds for each in proving.check(content)] == [True, True, None, True, None]
    assert [each.holds for each in proving.check(content, authorities=authority.root)] == [True, True, None, True, True]
    assert [each.holds for each in proving.check(content, authorities=stranger.root)] == [True, True, None, True, False]


def test_a_failing_authority_stops_nobody_and_is_asked_again(world: World, authority: Authority) -> None:
    author = world.person()
    with stamping(world, authority, "away"):
        idea = world.idea(world.challenge(), author)
        queue.settle()
    assert (world.idea_again(idea).state, json.loads(_content(idea))["time_stamp"]) == ("submitted", "")
    with stamping(world, authority):
        _again(world)
    assert json.loads(_content(idea))["time_stamp"] != ""


def test_a_stamp_over_something_else_is_not_kept(world: World, authority: Authority) -> None:
    with stamping(world, authority, "astray"):
        idea = world.idea(world.challenge())
        queue.settle()
    assert json.loads(_content(idea))["time_stamp"] == ""


def test_a_stamp_over_another_digest_is_found(embedded: World, authority: Authority) -> None:
    """Even where the house itself signed that stamp: the imprint is looked at, not only the signature."""
    idea = embedded.idea(embedded.challenge())
    with transaction():
        row = db.session.scalars(select(Receipt).where(Receipt.idea_id == idea.id)).one()
        row.stamp = authority.token("cd" * 32)
        sign(row, embedded.now())
    findings = proving.check(_content(idea), authorities=authority.root)
    assert [(each.holds, each.what) for each in findings][-1] == (False, "the time stamp is over another content")


def test_receipts_without_a_stamp_are_stamped_by_the_clock(embedded: World, authority: Authority) -> None:
    idea = embedded.idea(embedded.challenge())
    queue.settle()
    with stamping(embedded, authority):
        work.stamp_receipts()
        assert json.loads(_content(idea))["time_stamp"] == ""  # too young: its own delivery tries first
        with transaction():
            db.session.execute(update(Receipt).values(made_at=embedded.now() - work.LATER))
        work.stamp_receipts()
    made = receipts.newest(idea.id)
    assert made is not None
    assert made.stamp != ""


def test_only_authors_have_the_receipt(world: World) -> None:
    author = world.person()
    challenge = world.sealed()
    idea = world.idea(challenge, author)
    path = f"/ideas/{idea.public_id}/receipts/1"
    asked = {"author": author, "sponsor": world.sponsor_of(challenge), "manager": world.manager, "other": world.person()}
    assert {name: world.browser(who).get(path).status_code for name, who in asked.items()} == {
        "author": 200,
        "sponsor": 403,
        "manager": 404,
        "other": 404,
    }
    assert world.browser(author).get(f"/ideas/{idea.public_id}/receipts/2").status_code == 404


def test_the_mail_has_digest_and_link_and_none_of_the_text(world: World) -> None:
    author = world.person("Ada")
    idea = world.idea(world.sealed(), author, title="Secret words", text="Nobody reads this.")
    world.settle()
    made = receipts.newest(idea.id)
    assert made is not None
    letter = next(each for each in world.letters() if each.to == "ada@example.org")
    found = [part in letter.whole for part in ("Secret words", "Nobody reads", f"/ideas/{idea.public_id}/receipt")]
    assert (found, made.digest in letter.whole.replace("=\n", "")) == ([False, False, True], True)


def test_the_command_says_in_words_what_is_proven(embedded: World, tmp_path: Path) -> None:
    idea = embedded.idea(embedded.challenge())
    file = tmp_path / "receipt.json"
    file.write_bytes(
        embedded.browser(embedded.actor(idea.authors[0].person_id)).get(f"/ideas/{idea.public_id}/receipts/1").data
    )
    good = CliRunner().invoke(verify_receipt, [str(file)])
    file.write_bytes(file.read_bytes().replace(b"An idea.", b"An Idea."))
    bad = CliRunner().invoke(verify_receipt, [str(file)])
    file.write_text("{}")
    none = CliRunner().invoke(verify_receipt, [str(file)])
    assert (good.exit_code, bad.exit_code, none.exit_code) == (0, 1, 1)
    assert "the time is the house's own word" in good.output
    assert "WRONG      the content is not the one the digest was made of" in bad.output
    assert "is no receipt" in none.output


def test_the_page_says_what_to_keep_and_when_files_changed_since(world: World) -> None:
    author = world.person()
    idea = world.idea(world.challenge(), author)
    browser, path = world.browser(author), f"/ideas/{idea.public_id}/receipt"
    made = receipts.newest(idea.id)
    assert made is not None
    before = words(browser.get(path))
    add(world, author, idea, samples.PDF, "later.pdf")
    after = words(browser.get(path))
    assert (made.digest in before, "Files changed since" in before, "Files changed since" in after) == (True, False, True)


def test_an_erased_person_is_named_in_no_receipt_but_that_of_co_authors(world: World) -> None:
    alone, other = world.person("Ada"), world.person("Ben")
    challenge = world.challenge()
    own, shared = world.idea(challenge, alone), world.draft_idea(challenge, alone)
    authors.name_author(actor=alone, idea=world.idea_again(shared), email="ben@example.org")
    authors.accept_authorship(actor=other, idea=world.idea_again(shared))
    writing.submit(actor=alone, idea=world.idea_again(shared), accept_terms=True)
    assert alone.person_id is not None
    forget_person(actor=house(Origin.CLOCK), person_id=alone.person_id)
    world.anew()
    kept = {each.idea_id: each.document != "" for each in db.session.scalars(select(Receipt))}
    assert kept == {own.id: False, shared.id: True}
