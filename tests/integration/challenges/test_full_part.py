"""The full part of a brief: it opens by its terms or by approval, and each opening is a fact."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import func, select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, FullOpening
from innovation.challenges.queries import Stand
from innovation.challenges.service import briefs, full_part
from innovation.kernel.actor import VISITOR, Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible, Refused
from innovation.kernel.events import Event
from innovation.rules.predicates import Role
from tests.support.pages import words
from tests.support.world import World

SECRET = "The glue must hold at quokkapolis."
TERMS = "I keep it to myself."


def _with_full_part(world: World, access: str = "terms", **changes: object) -> Challenge:
    made = world.challenge(**changes)  # type: ignore[arg-type]  # whatever a challenge takes
    sponsor = world.sponsor_of(made)
    full_part.write(actor=sponsor, challenge=world.again(made), access=access, text=SECRET, terms=TERMS)
    return world.again(made)


def _accept(world: World, who: Actor, challenge: Challenge, reason: str = "") -> FullOpening:
    row = world.again(challenge)
    return full_part.ask(actor=who, challenge=row, seen=challenges.full_terms_hash(row), reason=reason)


def _read(world: World, who: Actor, challenge: Challenge) -> str:
    return full_part.read(actor=who, challenge=world.again(challenge))


def _stand(world: World, who: Actor, challenge: Challenge) -> Stand:
    return challenges.full_stand(who, world.again(challenge))


def _openings() -> int:
    return db.session.scalar(select(func.count(Event.id)).where(Event.name == "FullBriefOpened")) or 0


def test_it_opens_to_whoever_accepts_its_terms(world: World) -> None:
    challenge, expert = _with_full_part(world, who_may="experts"), world.person("", Circle.EXPERT)
    assert _stand(world, expert, challenge) == Stand.ACCEPT
    with pytest.raises(NotPossible):
        _read(world, expert, challenge)
    _accept(world, expert, challenge)
    assert (_stand(world, expert, challenge), _read(world, expert, challenge)) == (Stand.OPEN, SECRET)


def test_who_may_read_or_ask(world: World) -> None:
    challenge = _with_full_part(world, "approval", who_may="staff")
    people = {
        "sponsor": world.sponsor_of(challenge),
        "manager": world.manager,
        "panel": world.panellist(challenge, world.person("", Circle.EXPERT)),
        "staff": world.person(),
        "administrator": world.grant(world.person("", Circle.PUBLIC), Role.ADMINISTRATOR),
        "expert": world.person("", Circle.EXPERT),
        "visitor": VISITOR,
    }
    assert {name: _stand(world, who, challenge) for name, who in people.items()} == {
        "sponsor": Stand.OWN,
        "manager": Stand.OWN,
        "panel": Stand.ACCEPT,
        "staff": Stand.ASK,
        "administrator": Stand.CLOSED,
        "expert": Stand.CLOSED,
        "visitor": Stand.SIGN_IN,
    }
    for name in ("administrator", "expert", "visitor"):
        with pytest.raises(Refused):
            _accept(world, people[name], challenge, "I am curious.")


def test_by_approval_a_sponsor_lets_in_or_refuses(world: World) -> None:
    challenge = _with_full_part(world, "approval")
    sponsor, staff = world.sponsor_of(challenge), world.person()
    with pytest.raises(Invalid) as refused:
        _accept(world, staff, challenge)
    assert refused.value.code == "full_reason_missing"
    _accept(world, staff, challenge, "I know such glues.")
    assert _stand(world, staff, challenge) == Stand.ASKED
    with pytest.raises(NotPossible):
        _read(world, staff, challenge)
    full_part.answer(actor=sponsor, challenge=world.again(challenge), person_id=staff.person_id or 0, opened=True)
    assert _read(world, staff, challenge) == SECRET
    with pytest.raises(Invalid) as unexplained:
        full_part.answer(actor=sponsor, challenge=world.again(challenge), person_id=staff.person_id or 0, opened=False)
    assert unexplained.value.code == "full_refusal_missing"


def test_taking_it_back_ends_reading_at_the_next_request(world: World) -> None:
    challenge, staff = _with_full_part(world), world.person()
    sponsor, browser = world.sponsor_of(challenge), world.browser(staff)
    _accept(world, staff, challenge)
    address = f"/challenges/{challenge.public_id}/full-part/text"
    assert SECRET in words(browser.get(address))
    full_part.answer(
        actor=sponsor, challenge=world.again(challenge), person_id=staff.person_id or 0, opened=False, reason="You left us."
    )
    page = browser.get(address)
    assert (page.status_code, page.headers["Location"]) == (303, f"/challenges/{challenge.public_id}/full-part/terms")
    again = words(browser.get(page.headers["Location"]))
    assert ("You left us." in again, SECRET in again) == (True, False)
    with pytest.raises(NotPossible):
        _accept(world, staff, challenge)


def test_each_opening_is_a_fact_seconds_apart_too(world: World) -> None:
    challenge, staff = _with_full_part(world), world.person()
    _accept(world, staff, challenge)
    browser, address = world.browser(staff), f"/challenges/{challenge.public_id}/full-part/text"
    for _ in range(3):
        assert browser.get(address).status_code == 200
    world.anew()
    assert _openings() == 3
    browser.get(f"/challenges/{challenge.public_id}/full-part/terms")
    browser.get(f"/challenges/{challenge.public_id}")
    world.anew()
    assert _openings() == 3


def test_changed_terms_are_accepted_anew_before_reading_on(world: World) -> None:
    challenge, staff = _with_full_part(world), world.person()
    _accept(world, staff, challenge)
    before = challenges.full_terms_hash(world.again(challenge))
    sponsor = world.sponsor_of(challenge)
    full_part.write(actor=sponsor, challenge=world.again(challenge), access="terms", text=SECRET, terms="Other terms.")
    assert _stand(world, staff, challenge) == Stand.ACCEPT_ANEW
    with pytest.raises(NotPossible):
        _read(world, staff, challenge)
    with pytest.raises(Invalid) as late:
        full_part.ask(actor=staff, challenge=world.again(challenge), seen=before)
    assert late.value.code == "full_terms_changed"
    _accept(world, staff, challenge)
    assert _read(world, staff, challenge) == SECRET


def test_changing_the_text_alone_asks_nobody_to_accept_again(world: World) -> None:
    challenge, staff = _with_full_part(world), world.person()
    _accept(world, staff, challenge)
    sponsor = world.sponsor_of(challenge)
    full_part.write(actor=sponsor, challenge=world.again(challenge), access="terms", text="New words.", terms=TERMS + "\r\n")
    assert _read(world, staff, challenge) == "New words."


def test_the_sponsor_has_every_opening_as_a_file_without_formulas(world: World) -> None:
    challenge, staff = _with_full_part(world), world.person("=1+1")
    _accept(world, staff, challenge)
    _read(world, staff, challenge)
    _read(world, staff, challenge)
    page = world.browser(world.sponsor_of(challenge)).get(f"/challenges/{challenge.public_id}/full-part/openings.csv")
    rows = list(csv.reader(io.StringIO(page.get_data(as_text=True).removeprefix("\ufeff"))))
    accepted = challenges.full_terms_hash(world.again(challenge))
    assert [(row[0], row[3]) for row in rows] == [("who", "hash of the terms"), ("'=1+1", accepted), ("'=1+1", accepted)]


def test_mails_tell_of_the_request_and_of_the_answer_and_quote_nothing(world: World) -> None:
    challenge, staff = _with_full_part(world, "approval"), world.person("Asker")
    sponsor = world.sponsor_of(challenge)
    _accept(world, staff, challenge, "I know such glues.")
    world.settle()
    full_part.answer(
        actor=sponsor, challenge=world.again(challenge), person_id=staff.person_id or 0, opened=False, reason="Not yet."
    )
    world.settle()
    told = [(each.to, each.subject) for each in world.letters() if "full part" in each.subject]
    title = challenge.title
    assert told == [
        ("asker@example.org", f"The full part is not open to you: {title}"),
        (f"{sponsor.name}@example.org", f"Somebody asks for the full part: {title}"),
    ]
    refusal = next(each for each in world.letters() if each.to == "asker@example.org" and "full part" in each.subject)
    assert "Not yet." in refusal.text
    assert [each.to for each in world.letters() if SECRET in each.whole or "I know such glues." in each.whole] == []


def test_the_pages_ask_show_and_lose_nothing(world: World) -> None:
    draft = world.draft_challenge(world.person("Owner"))
    browser, address = world.browser(world.sponsor_of(draft)), f"/challenges/{draft.public_id}/full-part"
    ready = browser.get(address).get_data(as_text=True)
    assert "What I read in this full part stays with me." in ready
    wrong = browser.post(address, {"access": "terms", "text": "", "terms": "Mine alone."})
    assert wrong.status_code == 422
    assert "Write the full part, or choose that there is none." in words(wrong)
    assert "Mine alone." in words(wrong)
    assert browser.post(address, {"access": "terms", "text": SECRET, "terms": TERMS}).status_code == 303
    world.handed_in(world.again(draft))
    briefs.publish(actor=world.manager, challenge=world.again(draft))
    reader = world.browser(world.person())
    assert "The full part opens when you accept its terms." in words(reader.get(f"/challenges/{draft.public_id}"))
    unticked = reader.post(f"{address}/terms", {"seen": challenges.full_terms_hash(world.again(draft))})
    assert (unticked.status_code, "Tick the box to accept the terms." in words(unticked)) == (422, True)
    ticked = reader.post(f"{address}/terms", {"seen": challenges.full_terms_hash(world.again(draft)), "accept": "y"})
    assert ticked.headers["Location"] == f"{address}/text"
    page = reader.get(f"{address}/text")
    assert (SECRET in words(page), page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == (
        True,
        "private, no-store",
        "noindex, noarchive",
    )


def test_refusing_without_a_reason_says_so_at_that_request(world: World) -> None:
    challenge, staff = _with_full_part(world, "approval"), world.person("Asker")
    _accept(world, staff, challenge, "I know such glues.")
    browser = world.browser(world.sponsor_of(challenge))
    reader = db.session.scalars(select(FullOpening)).one()
    asker = challenges.full_waiting(world.again(challenge))[0].public_id
    address = f"/challenges/{challenge.public_id}/full-part/readers"
    page = browser.post(f"{address}/{asker}", {"answer": "refuse"})
    assert (page.status_code, "Say why not: the person who asked reads it." in words(page)) == (422, True)
    assert browser.post(f"{address}/{asker}", {"answer": "open"}).status_code == 303
    world.anew()
    assert db.session.get_one(FullOpening, reader.id).state == "open"


def test_a_copy_has_the_full_part_only_for_who_may_write_it(world: World) -> None:
    challenge = _with_full_part(world)
    own = briefs.copy(actor=world.sponsor_of(challenge), original=world.again(challenge))
    other = briefs.copy(actor=world.person(), original=world.again(challenge))
    assert [(each.full_access, each.full_text, each.full_terms) for each in (own, other)] == [
        ("terms", SECRET, TERMS),
        ("none", "", ""),
    ]
