"""Erasing a person: what made him somebody is nowhere any more, and every result still comes out the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import LargeBinary, MetaData, Text, func, select, update

from innovation.exchange.queries import personal as queries
from innovation.exchange.service import orders, record, recounting
from innovation.exchange.service.personal import erasing
from innovation.exchange.service.personal.holding import Fate
from innovation.exchange.service.personal.registry import HOLDINGS
from innovation.ideas.models import Author
from innovation.ideas.service import authors
from innovation.insight.queries import mismatches
from innovation.kernel import clock, queue, sealing
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible, Refused
from innovation.kernel.events import Delivery, Event
from innovation.kernel.files import store
from innovation.kernel.usecase import transaction
from innovation.people import queries as people
from innovation.people.models import (
    Credential,
    FormDraft,
    Invitation,
    NeverInvite,
    Person,
    ProviderAccount,
    SignIn,
    Succession,
)
from innovation.people.service import accounts
from innovation.projects.models import Member
from innovation.promotion.service import replaying, running
from innovation.rules.predicates import Role
from innovation.search.service import indexing
from innovation.voting import queries as voting
from innovation.voting.models import View, Vote
from tests.support.pages import words
from tests.support.world import World

MARK = "zyxmark"
"""Stands in everything the person says about himself."""


def _somebody(world: World) -> Actor:
    """Somebody who said something about himself wherever he can, and of whom the house noted what it can."""
    who = world.person(f"{MARK}name Visser", Circle.EXPERT, organisation="Elsewhere BV")
    assert who.person_id is not None
    now = clock.now()
    with transaction():
        row = db.session.get_one(Person, who.person_id)
        row.job_title, row.ask_me = f"{MARK}job", f"{MARK}ask"
        row.expertise, row.spoken = [f"{MARK}expert in pumps"], ["nl", "fy"]
        row.shown_by = [{"label": f"{MARK}label", "url": f"https://{MARK}.example"}]
        row.source, row.foreign_id = "csv", f"{MARK}@example.org"
        row.named_publicly_at = now
        db.session.add_all(
            [
                Credential(person_id=row.id, kind="password", secret=f"{MARK}hash", changed_at=now),
                ProviderAccount(person_id=row.id, issuer="https://id.example", subject=f"{MARK}subject", linked_at=now),
                FormDraft(person_id=row.id, place="/people/x", fields={"text": f"{MARK}draft"}, saved_at=now),
                Invitation(
                    email_typed=f"{MARK}name.visser@example.org",
                    email_key=people.email_key(f"{MARK}name.visser@example.org"),
                    name=f"{MARK}invited",
                    circle="expert",
                    nonce="n",
                    message=f"{MARK}dear",
                    created_at=now,
                    expires_at=now + timedelta(days=60),
                ),
                NeverInvite(key_digest="d" * 64, said_at=now),
            ]
        )
        row.digest_at = now
    accounts.sign_in(actor=who, person_id=who.person_id, device=f"{MARK}browser")
    indexing.fill(Origin.CLOCK)
    return world.actor(who.person_id)


def _typed(who: Actor) -> str:
    address = people.address_of(who.person_id or 0)
    db.session.rollback()
    return address.typed if address else who.name


def _erase(world: World, who: Actor) -> None:
    erasing.erase_myself(actor=who, typed=_typed(who))
    world.settle()


def _cells() -> Iterator[tuple[str, str, str]]:
    """(table, column, value) of every cell of every table that is there, the index's own tables too."""
    found = MetaData()
    found.reflect(db.engine)
    for table in found.sorted_tables:
        bytes_of = {c.name for c in table.columns if isinstance(c.type, LargeBinary)}
        columns = [c if c.name in bytes_of else c.cast(Text()) for c in table.columns]
        for row in db.session.execute(select(*columns)):
            for column, value in zip(table.columns, row, strict=True):
                if value is not None:
                    said = bytes(value).decode("latin-1") if column.name in bytes_of else str(value)
                    yield table.name, column.name, said


def _where_marked() -> set[str]:
    hits = {f"{table}.{column}" for table, column, value in _cells() if MARK in value.lower()}
    db.session.rollback()
    return hits


def test_nothing_a_person_said_of_himself_is_anywhere_after_he_was_erased(world: World) -> None:
    challenge = world.sealed()
    who = _somebody(world)
    world.draft_idea(challenge, who, f"{MARK}title", text=f"{MARK}unsent")
    folder = f"orders/{orders.ask_own_data(actor=who, language='en').public_id}"
    world.settle()
    indexing.fill(Origin.CLOCK)
    before = _where_marked()
    kept_before = store().under(folder)
    _erase(world, who)
    assert before >= {
        "person.name", "person.expertise", "person.ask_me", "email_address.typed", "sign_in.device", "credential.secret",
        "provider_account.subject", "form_draft.fields", "invitation.message", "search_entry.title", "search_word.word",
        "search_spelling.short", "idea.title", "idea.text",
    }  # fmt: skip
    assert _where_marked() == set()
    assert (len(kept_before) > 0, store().under(folder)) == (True, [])
    assert [key for key, _ in store().under("") if MARK.encode() in b"".join(store().get(key)).lower()] == []


def test_who_said_never_again_is_still_never_invited(world: World) -> None:
    who = _somebody(world)
    _erase(world, who)
    assert db.session.scalar(select(func.count()).select_from(NeverInvite)) == 1


def test_an_erased_person_is_out_and_no_one_finds_him(world: World) -> None:
    who = _somebody(world)
    browser = world.browser(who)
    assert "Visser" in words(world.browser(world.manager).get(f"/search?q={MARK}name"))
    page = db.session.get_one(Person, who.person_id).public_id
    erasing.erase_myself(actor=who, typed=_typed(who))
    assert browser.get("/account").status_code in (302, 303, 401)
    assert world.browser(world.manager).get(f"/people/{page}").status_code == 404
    assert "Visser" not in words(world.browser(world.manager).get(f"/search?q={MARK}name"))


def test_a_decided_challenge_counts_and_decides_the_same_after_a_voter_and_an_author_go(world: World, tmp_path: Any) -> None:
    challenge = world.challenge()
    author, voter = world.person("Author"), world.person("Voter")
    ideas = [world.idea(challenge, author), world.idea(challenge)]
    for idea in ideas:
        world.vote(idea, voter)
    for one in world.crowd(5):
        world.vote(ideas[0], one)
        world.see(one, ideas[1])
    world.decided(challenge)
    sealing.seal()
    run = world.run_of(challenge)
    before = (run.outcome_hash, record.build(run, "How.\n").content, voting.recount(challenge.id))
    db.session.rollback()
    for who in (author, voter):
        _erase(world, world.actor(who.person_id or 0))
    sealing.seal()
    run = world.run_of(challenge)
    after = (run.outcome_hash, record.build(run, "How.\n").content, voting.recount(challenge.id))
    path = tmp_path / "record.zip"
    path.write_bytes(after[1])
    assert after == before
    assert [line for line in recounting.recount(path) if not line.holds] == []
    assert (replaying.replay(run), replaying.told(run)) == (None, None)
    running.announce(actor=world.sponsor_of(challenge), run=world.run_of(challenge))
    project = world.project_of(ideas[0])
    page = world.browser(world.manager).get(f"/projects/{project.public_id}")
    team = db.session.scalars(select(Member.person_id).where(Member.project_id == project.id)).all()
    assert (list(team), page.status_code) == ([], 200)
    assert replaying.replay(world.run_of(challenge)) is None
    assert (sealing.check().broken_at, voting.wrong_tallies(), mismatches()) == (None, [], [])


def test_a_vote_in_a_running_challenge_stays_as_a_number_and_a_look_without_a_vote_goes(world: World) -> None:
    challenge = world.challenge()
    voted, seen = world.idea(challenge), world.idea(challenge)
    who = world.person("Voter")
    world.vote(voted, who)
    world.see(who, seen)
    _erase(world, who)
    left = db.session.execute(select(Vote.idea_id, Vote.value).where(Vote.person_id == who.person_id)).all()
    views = db.session.scalars(select(View.idea_id).where(View.person_id == who.person_id)).all()
    assert ([tuple(row) for row in left], list(views)) == ([(voted.id, 1)], [voted.id])
    assert (voting.wrong_tallies(), mismatches()) == ([], [])


def test_a_sent_idea_reads_former_participant_and_an_unsent_one_is_empty(world: World) -> None:
    challenge = world.challenge()
    who = world.person("Willemijn")
    sent, unsent = world.idea(challenge, who, "Cold"), world.draft_idea(challenge, who, "Warm")
    _erase(world, who)
    page = words(world.browser(world.manager).get(f"/ideas/{sent.public_id}"))
    row = world.idea_again(unsent)
    assert ("former participant" in page, "Willemijn" in page) == (True, False)
    assert (row.title, row.text, row.visibility, row.state) == ("", "", "trashed", "withdrawn")
    assert mismatches() == []


def test_a_draft_with_another_author_stays_his(world: World) -> None:
    challenge = world.challenge()
    who, other = world.person("Leaver"), world.person("Stayer")
    draft = world.draft_idea(challenge, who, "Ours")
    authors.name_author(actor=who, idea=world.idea_again(draft), email="stayer@example.org")
    authors.accept_authorship(actor=other, idea=world.idea_again(draft))
    _erase(world, who)
    left = db.session.scalars(select(Author.person_id).where(Author.idea_id == draft.id)).all()
    assert (world.idea_again(draft).title, list(left)) == ("Ours", [other.person_id])


def test_erasing_twice_or_half_is_once(world: World) -> None:
    who = _somebody(world)
    erasing.erase_myself(actor=who, typed=_typed(who))
    number = who.person_id or 0
    for _ in range(2):
        erasing.rest(Origin.CLOCK, number, store(), lambda: None)
    world.settle()
    with transaction():
        again = update(Delivery).where(Delivery.handler == "exchange.erase_the_rest")
        db.session.execute(again.values(state="due", lease_until=None, due_at=clock.now()))
    queue.settle()
    facts = db.session.execute(select(Event.payload).where(Event.name == "PersonErased")).scalars().all()
    assert (list(facts), _where_marked()) == ([{"person_id": number}], set())


def test_only_who_is_erased_is_emptied_by_the_steps_after(world: World) -> None:
    who = world.person("Here")
    with pytest.raises(NotPossible):
        erasing.remove(actor=house(Origin.CLOCK), table="watch", column="person_id", person_id=who.person_id or 0)


def test_who_alone_answers_for_something_running_hands_over_first(world: World) -> None:
    sponsor = world.person("Sponsor")
    challenge = world.challenge(sponsor)
    with pytest.raises(NotPossible) as refused:
        erasing.erase_myself(actor=sponsor, typed="sponsor@example.org")
    first = [(duty.kind, duty.title) for duty in queries.to_hand_over(sponsor.person_id or 0)]
    db.session.rollback()
    with pytest.raises(NotPossible):
        erasing.erase_myself(actor=world.manager, typed="manager@example.org")
    last = [duty.kind for duty in queries.to_hand_over(world.manager.person_id or 0)]
    db.session.rollback()
    world.grant(world.person("Second"), Role.SPONSOR, "challenge", challenge.id)
    _erase(world, world.actor(sponsor.person_id or 0))
    assert (refused.value.code, first) == ("hand_over_first", [("sponsor", challenge.title)])
    assert last == ["administrator", "manager"]
    assert not queries.is_there(sponsor.person_id or 0)


def test_the_only_lead_of_a_running_project_hands_over_first(world: World) -> None:
    author = world.person("Lead")
    project = world.project(author)
    first = [(duty.kind, duty.title) for duty in queries.to_hand_over(author.person_id or 0)]
    assert first == [("lead", project.title)]


def test_the_address_must_be_typed_and_the_password_too(world: World) -> None:
    who = world.person("Careful")
    browser = world.browser(who)
    page = browser.get("/account/erasure")
    wrong = browser.post("/account/erasure", {"typed": "somebody@else.org"})
    assert (page.status_code, "careful@example.org" in words(page), wrong.status_code) == (200, True, 422)
    assert "This is not the address." in words(wrong)
    with transaction():
        secret = PasswordHash((Argon2Hasher(),)).hash("a long password")
        db.session.add(Credential(person_id=who.person_id, kind="password", secret=secret, changed_at=clock.now()))
    typed = {"typed": "Careful@example.org"}
    refused = browser.post("/account/erasure", typed | {"password": "another password"})
    assert (refused.status_code, queries.is_there(who.person_id or 0)) == (422, True)
    db.session.rollback()
    gone = browser.post("/account/erasure", typed | {"password": "a long password"})
    assert (gone.status_code, queries.is_there(who.person_id or 0)) == (303, False)


def test_without_a_password_only_a_fresh_sign_in_counts(world: World) -> None:
    who = world.person("Stale")
    browser = world.browser(who)
    with transaction():
        old = clock.now() - queries.FRESH - timedelta(minutes=1)
        db.session.execute(update(SignIn).where(SignIn.person_id == who.person_id).values(created_at=old))
    answer = browser.post("/account/erasure", {"typed": "stale@example.org"})
    assert ("Sign in anew first" in words(answer), queries.is_there(who.person_id or 0)) == (True, True)


def test_an_administrator_erases_on_request_and_nobody_else(world: World) -> None:
    who, other = world.person("Asked"), world.person("Nosy")
    page = db.session.get_one(Person, who.person_id).public_id
    db.session.rollback()
    typed = {"typed": "asked@example.org"}
    refused = world.browser(other).post(f"/people/{page}/erasure", typed).status_code
    with pytest.raises(Refused):
        erasing.erase_other(actor=other, person=db.session.get_one(Person, who.person_id), typed="asked@example.org")
    db.session.rollback()
    with pytest.raises(Invalid):
        erasing.erase_other(actor=world.manager, person=db.session.get_one(Person, who.person_id), typed="x@example.org")
    db.session.rollback()
    done = world.browser(world.manager).post(f"/people/{page}/erasure", typed).status_code
    by = db.session.execute(select(Event.actor_id).where(Event.name == "PersonErased")).scalar_one()
    assert (refused, done, by, queries.is_there(who.person_id or 0)) == (403, 303, world.manager.person_id, False)


def test_a_successor_is_forgotten_with_who_named_him(world: World) -> None:
    who, next_one = world.person("Leaver"), world.person("Successor")
    with transaction():
        db.session.add(Succession(person_id=who.person_id, successor_id=next_one.person_id, named_at=clock.now()))
    _erase(world, who)
    assert db.session.scalar(select(func.count()).select_from(Succession)) == 0


def test_every_table_that_needs_a_step_of_its_own_has_one() -> None:
    apart = {each.table for each in HOLDINGS if any(lead.fate is Fate.APART for lead in each.leads)}
    assert apart == set(erasing.WITH_A_STEP)
