"""Leavers and their successors: what somebody owned passes once, and never makes anybody judge of his own idea."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from innovation.challenges.models import Programme
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.people import queries as people
from innovation.people.models import Invitation, Person, Succession
from innovation.people.service import grants, invitations, leaving
from innovation.projects import queries as projects
from innovation.rules.predicates import Role
from tests.support.pages import body
from tests.support.race import at_once
from tests.support.refusals import answer
from tests.support.world import World


def _row(who: Actor) -> Person:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Person, who.person_id)


def _name(world: World, leaver: Actor, successor: Actor) -> None:
    row, address = _row(leaver), people.address_of(successor.person_id or 0)
    assert address is not None
    leaving.name_successor(actor=world.manager, person=row, email=address.typed)


def _leave(world: World, leaver: Actor, successor: Actor | None = None) -> None:
    if successor is not None:
        _name(world, leaver, successor)
    grants.set_disabled(actor=world.manager, person=_row(leaver), disabled=True)
    world.settle()


def _held(who: Actor) -> set[tuple[str, str, int]]:
    db.session.rollback()
    db.session.expire_all()
    return {(grant.role, grant.scope, grant.scope_id) for grant in people.grants_of(who.person_id or 0)}


def _facts(name: str) -> list[dict[str, Any]]:
    return [dict(row.payload) for row in db.session.scalars(select(Event).where(Event.name == name).order_by(Event.id))]


def test_roles_of_house_and_programme_pass_with_the_account_switched_off(world: World) -> None:
    leaver, successor = world.person("Leaver"), world.person("Successor")
    programme = world.programme()
    world.grant(leaver, Role.MANAGER)
    world.grant(leaver, Role.MANAGER, "programme", programme.id)
    _name(world, leaver, successor)
    world.settle()
    assert _held(successor) == set()
    _leave(world, leaver)
    assert _held(leaver) == set()
    assert _held(successor) == {("manager", "host", 0), ("manager", "programme", programme.id)}
    passed = [(fact["duty"], fact["person_id"], fact["successor_id"]) for fact in _facts("DutyPassed")]
    assert passed == [("manager", leaver.person_id, successor.person_id)] * 2


def test_the_last_administrator_may_go_once_a_successor_is_named(world: World) -> None:
    boss, successor = world.manager, world.person("Successor")
    _name(world, boss, successor)
    grants.set_disabled(actor=boss, person=_row(boss), disabled=True)
    assert people.holders(Role.ADMINISTRATOR, "host", 0) == [successor.person_id]


def test_sponsoring_and_judging_pass_but_not_where_the_successor_is_an_author(world: World) -> None:
    leaver, successor = world.person("Leaver"), world.person("Successor")
    own, other, panel = world.challenge(leaver), world.challenge(leaver), world.challenge()
    world.grant(leaver, Role.PANEL, "challenge", panel.id)
    world.idea(own, successor)
    _leave(world, leaver, successor)
    assert _held(leaver) == {("sponsor", "challenge", own.id)}
    assert _held(successor) == {("sponsor", "challenge", other.id), ("panel", "challenge", panel.id)}
    left = [(fact["duty"], fact["why"]) for fact in _facts("DutyLeft")]
    assert left == [("sponsor", "author")]
    page = body(world.browser(world.manager).get(f"/people/{_row(leaver).public_id}/leaving"))
    assert own.title in page
    assert other.title not in page
    assert "nobody judges his own" in page


def test_what_passed_is_passed_once_however_often_it_is_told(world: World) -> None:
    leaver, successor = world.person("Leaver"), world.person("Successor")
    challenge = world.challenge(leaver)
    world.grant(leaver, Role.MANAGER)
    _leave(world, leaver, successor)
    before = [_facts(name) for name in ("DutyPassed", "RoleGranted", "PersonLeft")]
    from innovation.ideas.service import leaving as ideas_leaving
    from innovation.projects.service import leaving as projects_leaving

    told = {"person_id": leaver.person_id or 0, "successor_id": successor.person_id or 0}
    for verb in (ideas_leaving.take_over, projects_leaving.take_over):
        verb(actor=house(Origin.CLOCK), **told)
    grants.set_disabled(actor=world.manager, person=_row(leaver), disabled=True)
    world.settle()
    assert [_facts(name) for name in ("DutyPassed", "RoleGranted", "PersonLeft")] == before
    assert ("sponsor", "challenge", challenge.id) in _held(successor)


def test_two_who_switch_off_at_once_pass_it_on_once(world: World) -> None:
    leaver, successor = world.person("Leaver"), world.person("Successor")
    world.grant(leaver, Role.MANAGER)
    _name(world, leaver, successor)
    boss = world.manager

    def off() -> None:
        row = db.session.get_one(Person, leaver.person_id)
        grants.set_disabled(actor=boss, person=row, disabled=True)

    at_once(world.app, [off] * 4, slow="FROM succession")
    assert len(_facts("PersonLeft")) == 1


def test_open_invitations_are_the_successors_now(world: World) -> None:
    leaver, successor = world.grant(world.person("Leaver"), Role.MANAGER), world.person("Successor")
    invitations.invite(
        actor=leaver,
        email="guest@example.com",
        name="Guest",
        circle=Circle.EXPERT,
        organisation="",
        department="",
        language="en",
    )
    _leave(world, leaver, successor)
    assert db.session.scalars(select(Invitation.invited_by)).all() == [successor.person_id]


def test_approving_a_programmes_challenges_passes(world: World) -> None:
    leaver, successor, programme = world.person("Leaver"), world.person("Successor"), world.programme()
    with transaction():
        db.session.get_one(Programme, programme.id).approver_id = leaver.person_id
    _leave(world, leaver, successor)
    assert db.session.get_one(Programme, programme.id).approver_id == successor.person_id


def test_a_project_is_led_by_the_successor_who_may_see_it(world: World) -> None:
    leaver, successor = world.person("Leaver"), world.person("Successor")
    project = world.project(leaver)
    _leave(world, leaver, successor)
    db.session.expire_all()
    found = projects.by_id(project.id)
    assert found is not None
    roles = {member.person_id: (member.role, member.accepted_at is not None) for member in found.members}
    assert roles == {leaver.person_id: ("member", True), successor.person_id: ("lead", True)}


def test_who_decides_at_its_gates_does_not_lead_a_project_too(world: World) -> None:
    leaver, sponsor = world.person("Leaver"), world.person("Sponsor")
    project = world.project(leaver, sponsor)
    _leave(world, leaver, sponsor)
    found = projects.by_id(project.id)
    assert found is not None
    assert [(member.person_id, member.role) for member in found.members] == [(leaver.person_id, "lead")]
    assert [(fact["duty"], fact["why"]) for fact in _facts("DutyLeft")] == [("lead", "keeps_gates")]


def test_nobody_is_let_into_a_project_by_being_named_successor(world: World) -> None:
    leaver, stranger = world.person("Leaver"), world.person("Stranger", Circle.EXPERT)
    project = world.project(leaver)
    _leave(world, leaver, stranger)
    assert projects.get(world.actor(stranger.person_id or 0), project.public_id) is None
    assert [(fact["duty"], fact["why"]) for fact in _facts("DutyLeft")] == [("lead", "cannot_see")]


def test_standing_in_at_gates_passes_but_not_to_the_team(world: World) -> None:
    lead, leaver, successor = world.person("Lead"), world.person("Leaver"), world.person("Successor")
    project = world.project(lead)
    _stand_in(project.id, leaver)
    _leave(world, leaver, successor)
    assert _deputies(project.id) == {successor.person_id}
    again = world.person("Again")
    _stand_in(project.id, again)
    _leave(world, again, lead)
    assert _deputies(project.id) == {again.person_id}
    assert {fact["why"] for fact in _facts("DutyLeft")} == {"on_the_team"}


def _stand_in(project_id: int, who: Actor) -> None:
    with transaction():
        found = projects.by_id(project_id)
        assert found is not None
        for gate in found.gates:
            gate.deputy_id = who.person_id


def _deputies(project_id: int) -> set[int | None]:
    db.session.rollback()
    db.session.expire_all()
    found = projects.by_id(project_id)
    assert found is not None
    return {gate.deputy_id for gate in found.gates}


def test_without_a_successor_nothing_passes_and_the_managers_see_that(world: World) -> None:
    leaver = world.person("Leaver")
    challenge = world.challenge(leaver)
    _leave(world, leaver)
    assert _held(leaver) == {("sponsor", "challenge", challenge.id)}
    manager = world.grant(world.person(), Role.MANAGER)
    page = body(world.browser(manager).get(f"/people/{_row(leaver).public_id}/management"))
    assert ("Nobody has taken over" in page, challenge.title in page) == (True, True)


def test_a_successor_named_afterwards_takes_over_at_once(world: World) -> None:
    leaver, successor = world.person("Leaver"), world.person("Successor")
    challenge = world.challenge(leaver)
    _leave(world, leaver)
    _name(world, leaver, successor)
    world.settle()
    assert _held(successor) == {("sponsor", "challenge", challenge.id)}
    page = body(world.browser(world.manager).get(f"/people/{_row(leaver).public_id}/management"))
    assert "Nobody has taken over" not in page


def test_nothing_passes_to_somebody_whose_account_is_off(world: World) -> None:
    leaver, successor = world.person("Leaver"), world.person("Successor")
    world.grant(leaver, Role.MANAGER)
    _name(world, leaver, successor)
    grants.set_disabled(actor=world.manager, person=_row(successor), disabled=True)
    _leave(world, leaver)
    assert (_held(successor), _held(leaver)) == (set(), {("manager", "host", 0)})
    assert db.session.scalars(select(Succession.passed_at)).all() == [None]


def test_who_can_be_named_and_by_whom(world: World) -> None:
    leaver, successor, manager = world.person("Leaver"), world.person("Successor"), world.person("Other")
    world.grant(manager, Role.MANAGER)
    row, path = _row(leaver), f"/people/{_row(leaver).public_id}/leaving"
    form = {"email": "successor@example.org"}
    assert [world.browser(who).post(path, form).status_code for who in (successor, manager)] == [403, 403]
    refused = ["leaver@example.org", "nobody@example.org", "no address"]
    browser = world.browser(world.manager)
    assert [browser.post(path, {"email": each}).status_code for each in refused] == [422, 422, 422]
    assert browser.post(path, form).status_code == 303
    assert "Successor takes over" in body(browser.get(path))
    assert browser.post(f"{path}/nobody").status_code == 303
    assert people.succession(row.id) is None
    own = answer(lambda: leaving.name_successor(actor=world.manager, person=row, email="leaver@example.org"))
    assert own == "Invalid own_successor"


def test_nobody_makes_himself_the_successor(world: World) -> None:
    """He would read the sealed ideas of the leaver's challenges by his own word."""
    row = _row(world.person("Leaver"))
    path = f"/people/{row.public_id}/leaving"
    browser = world.browser(world.manager)
    assert browser.post(path, {"email": "manager@example.org"}).status_code == 422
    assert people.succession(row.id) is None
