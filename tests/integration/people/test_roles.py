"""Roles are given by administrators, and the house never loses its last one."""

from __future__ import annotations

from sqlalchemy import func, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.people.models import GrantRow, Person
from innovation.people.service import grants
from innovation.rules.predicates import Role
from tests.support.pages import typed
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def _row(who: Actor) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, who.person_id)


def _administrators() -> list[int]:
    db.session.rollback()
    return people.holders(Role.ADMINISTRATOR, "host", 0)


def test_only_an_administrator_gives_roles(world: World) -> None:
    boss, manager, somebody = world.manager, world.grant(world.person(), Role.MANAGER), world.person()
    path = f"/people/{_row(somebody).public_id}/roles"
    form = {"manager": "y"}
    assert [world.browser(who).post(path, form).status_code for who in (somebody, manager, boss)] == [403, 403, 303]
    assert people.holders(Role.MANAGER, "host", 0) == [boss.person_id, manager.person_id, somebody.person_id]


def test_a_new_administrator_is_asked_about_once_more(world: World) -> None:
    boss, somebody = world.manager, world.person("Some Body")
    browser, path = world.browser(boss), f"/people/{_row(somebody).public_id}/roles"
    form = {"administrator": "y", "manager": "y"}
    page = browser.post(path, form)
    text = page.get_data(as_text=True)
    assert (page.status_code, "Make Some Body administrator?" in text) == (200, True)
    assert (typed(page, "administrator"), typed(page, "manager"), typed(page, "sure")) == ("y", "y", "y")
    assert _administrators() == [boss.person_id]
    assert people.holders(Role.MANAGER, "host", 0) == [boss.person_id]
    assert browser.post(path, form | {"sure": "y"}).status_code == 303
    assert _administrators() == [boss.person_id, somebody.person_id]
    # Who is one already is not asked about: the other role is saved at once.
    assert browser.post(path, {"administrator": "y"}).status_code == 303
    assert people.holders(Role.MANAGER, "host", 0) == [boss.person_id]


def test_a_search_is_cut_where_its_field_ends(world: World) -> None:
    page = world.browser(world.manager).get("/people", query_string={"q": "z" * 1000})
    assert (page.status_code, f'value="{"z" * 200}"' in page.get_data(as_text=True)) == (200, True)
    assert 'name="q" maxlength="200"' in page.get_data(as_text=True)


def test_a_role_counts_from_the_next_request_and_no_longer_once_taken(world: World) -> None:
    somebody = world.person()
    browser, row = world.browser(somebody), _row(somebody)
    assert browser.get("/people/invitations").status_code == 403
    grants.grant_role(actor=world.manager, person=row, role=Role.MANAGER)
    assert browser.get("/people/invitations").status_code == 200
    grants.revoke_role(actor=world.manager, person=row, role=Role.MANAGER)
    assert browser.get("/people/invitations").status_code == 403


def test_a_role_given_twice_is_held_once(world: World) -> None:
    somebody = world.person()
    for _ in range(2):
        grants.grant_role(actor=world.manager, person=_row(somebody), role=Role.MANAGER)
    count = select(func.count()).select_from(GrantRow).where(GrantRow.person_id == somebody.person_id)
    assert db.session.scalar(count) == 1


def test_the_last_administrator_keeps_the_role(world: World) -> None:
    boss = world.manager
    take = answer(lambda: grants.revoke_role(actor=boss, person=_row(boss), role=Role.ADMINISTRATOR))
    assert take == "Invalid last_administrator"
    assert _administrators() == [boss.person_id]


def test_the_door_says_so_and_changes_nothing(world: World) -> None:
    boss = world.manager
    path = f"/people/{_row(boss).public_id}/roles"
    assert world.browser(boss).post(path, {"manager": "y"}).status_code == 422
    assert _administrators() == [boss.person_id]


def test_the_last_administrator_is_not_switched_off(world: World) -> None:
    boss = world.manager
    off = answer(lambda: grants.set_disabled(actor=boss, person=_row(boss), disabled=True))
    assert off == "Invalid last_administrator"
    assert _row(boss).disabled_at is None


def test_an_administrator_who_is_switched_off_does_not_count_as_one_left(world: World) -> None:
    boss = world.manager
    other = world.grant(world.person(), Role.ADMINISTRATOR)
    grants.set_disabled(actor=boss, person=_row(other), disabled=True)
    take = answer(lambda: grants.revoke_role(actor=boss, person=_row(boss), role=Role.ADMINISTRATOR))
    assert take == "Invalid last_administrator"


def test_two_administrators_cannot_take_each_other_out_at_once(world: World) -> None:
    one = world.manager
    other = world.grant(world.person(), Role.ADMINISTRATOR)

    def take(actor: Actor, victim: Actor) -> None:
        row = db.session.get_one(Person, victim.person_id)
        grants.revoke_role(actor=actor, person=row, role=Role.ADMINISTRATOR)

    results = at_once(world.app, [lambda: take(one, other), lambda: take(other, one)], slow="FROM role_grant JOIN")
    assert sorted(spelled(each) for each in results) == ["Invalid last_administrator", "NoneType"]
    assert len(_administrators()) == 1


def test_roles_of_a_challenge_are_not_given_to_the_whole_house(world: World) -> None:
    somebody = world.person()
    give = answer(lambda: grants.grant_role(actor=world.manager, person=_row(somebody), role=Role.SPONSOR))
    assert give == "Invalid role_needs_a_challenge"
