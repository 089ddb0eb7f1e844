"""What a person says of himself: shown to who may see him, found by it, and never more than that."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.admin.service import name_host
from innovation.challenges.service import publicity
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.people.models import CircleMembership, GrantRow, Organisation, Person
from innovation.people.service import accounts, organisations, profile
from innovation.rules.predicates import Role
from tests.support.pages import words
from tests.support.world import World

SAID: dict[str, Any] = {
    "expertise": "Corrosion of heat exchangers\n  Pumps \npumps\n",
    "ask_me": "A first look at membranes",
    "spoken": ["nl", "de"],
    "label_1": "My paper",
    "url_1": "https://example.org/paper",
}


def _person(who: Actor) -> Person:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Person, who.person_id)


def test_what_is_said_stands_on_the_persons_page(world: World) -> None:
    who = world.person("Wim")
    answer = world.browser(who).post("/account/profile", SAID)
    row = _person(who)
    page = words(world.browser(world.manager).get(f"/people/{row.public_id}"))
    assert answer.status_code == 303
    assert (row.expertise, row.spoken, row.ask_me) == (
        ["Corrosion of heat exchangers", "Pumps"],
        ["de", "nl"] if row.spoken[0] == "de" else ["nl", "de"],
        "A first look at membranes",
    )
    assert row.shown_by == [{"label": "My paper", "url": "https://example.org/paper"}]
    told = ("Corrosion of heat exchangers", "A first look at membranes", "My paper", "Dutch", "German")
    assert [each in page for each in told] == [True] * 5


def test_who_may_not_see_the_person_sees_nothing_of_it(world: World) -> None:
    who = world.person("Wim")
    world.browser(who).post("/account/profile", SAID)
    page = f"/people/{_person(who).public_id}"
    stranger = world.browser(world.person("Stranger", Circle.PUBLIC))
    found = words(stranger.get("/search?q=corrosion"))
    assert (stranger.get(page).status_code, "heat exchangers" in found, "Wim" in found) == (404, False, False)


def test_a_person_is_found_by_what_he_knows_about(world: World) -> None:
    who = world.person("Wim")
    world.browser(who).post("/account/profile", SAID)
    world.settle()
    found = words(world.browser(world.manager).get("/search?q=corrosion"))
    world.browser(who).post("/account/profile", {"expertise": "Glass"})
    world.settle()
    later = words(world.browser(world.manager).get("/search?q=corrosion"))
    assert ("Wim" in found, "Wim" in later) == (True, False)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("expertise", "\n".join(f"thing {n}" for n in range(13)), "Keep to twelve."),
        ("expertise", "x" * 61, "at most 60 characters"),
        ("url_1", "http://example.org", "begins with https://"),
        ("url_1", "javascript:alert(1)", "begins with https://"),
        ("url_1", "https://example.org@evil.test/", "begins with https://"),
        ("label_1", "", "Say in a few words what stands there."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    world: World, field: str, value: str, said: str
) -> None:
    who = world.person("Wim")
    answer = world.browser(who).post("/account/profile", SAID | {field: value})
    page = words(answer)
    assert (answer.status_code, said in page, "A first look at membranes" in answer.get_data(as_text=True)) == (
        422,
        True,
        True,
    )
    assert _person(who).ask_me == ""


def test_no_more_than_five_links(embedded: World) -> None:
    many = [(f"l{n}", f"https://example.org/{n}") for n in range(6)]
    with pytest.raises(Invalid):
        profile.say(actor=embedded.person(), expertise=(), links=many, spoken=(), ask_me="")


OWN_DOORS = ("/account", "/account/profile", "/account/naming", "/account/shortcuts", "/look")


@pytest.mark.parametrize("door", OWN_DOORS)
def test_circle_organisation_department_and_roles_are_never_self_chosen(world: World, door: str) -> None:
    who = world.person("Wim", Circle.PUBLIC, organisation="Elsewhere")
    before = _standing(who)
    given = {"circle": "staff", "organisation": "Acme", "department": "R&D", "role": "administrator", "administrator": "y"}
    given |= {"organisation_id": "1", "verified_by": "manager", "circles-0-circle": "staff", "manager": "y"}
    own = {"name": "Wim", "language": "en", "job_title": "", "naming": "no", "theme": "dark"}
    world.browser(who).post(door, own | SAID | given)
    assert _standing(who) == before


def _standing(who: Actor) -> tuple[Any, ...]:
    db.session.rollback()
    circle = select(CircleMembership.circle, CircleMembership.organisation_id, CircleMembership.department_id)
    rows = db.session.execute(circle.where(CircleMembership.person_id == who.person_id)).all()
    roles = db.session.scalar(select(func.count()).select_from(GrantRow).where(GrantRow.person_id == who.person_id))
    return (*(tuple(row) for row in rows), roles)


def test_a_no_takes_the_name_off_every_public_page_at_once(world: World) -> None:
    host = name_host(actor=house(Origin.CLI), name="Works").id
    row = db.session.get_one(Organisation, host)
    organisations.keep_results_page(actor=world.manager, organisation=row, shown=True, intro="We ask.")
    author = world.person("Publicus Named", Circle.EXPERT)
    challenge = world.challenge(who_may="everyone")
    idea = world.idea(challenge, author)
    world.vote(idea)
    accounts.answer_naming(actor=author, agreed=True)
    world.announced(challenge)
    publicity.show_results(
        actor=world.sponsor_of(challenge), challenge=world.again(challenge), shown=True, organisation_id=None
    )
    pages = ["/", "/results", f"/results/challenges/{challenge.public_id}", f"/results/ideas/{idea.public_id}"]
    visitor = world.browser()
    named = [path for path in pages if "Publicus" in words(visitor.get(path))]
    accounts.answer_naming(actor=author, agreed=False)
    after = [path for path in pages if "Publicus" in visitor.get(path).get_data(as_text=True)]
    assert (named != [], after) == (True, [])


def test_expertise_never_stands_on_a_public_page(world: World) -> None:
    who = world.person("Wim")
    world.browser(who).post("/account/profile", SAID)
    world.grant(who, Role.MANAGER)
    assert ["heat exchangers" in words(world.browser().get(path)) for path in ("/", "/results", "/search?q=corrosion")] == [
        False
    ] * 3
