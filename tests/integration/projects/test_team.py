"""Who is on a team: asked, joined, leading, gone. Who follows. An idea stays its authors' whoever works on it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.ideas import queries as ideas
from innovation.ideas.service import authors, writing
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.projects import queries as projects
from innovation.projects.events import LeadHandedOver, MemberAsked, MemberDeclined, MemberJoined, MemberLeft
from innovation.projects.models import Follower
from innovation.projects.service import gates, team
from innovation.rules.predicates import Role
from innovation.rules.project import Verdict
from tests.conftest import counting
from tests.support.crew import Crew
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.refusals import spelled
from tests.support.world import World

DECISION: dict[str, Any] = {"gate_key": "frame", "seen": 0, "verdict": Verdict.PASS, "reason": "It holds."}


@pytest.fixture
def crew(world: World) -> Crew:
    return Crew(world)


def _places(crew: Crew) -> list[tuple[int, str, bool]]:
    return [(each.person_id, each.role, each.accepted_at is not None) for each in crew.again().members]


def _told(crew: Crew, *facts: type) -> list[str]:
    names = [fact.__name__ for fact in facts]
    rows = db.session.scalars(
        select(Event.name).where(Event.project_id == crew.number, Event.name.in_(names)).order_by(Event.id)
    )
    return list(rows)


def test_authors_come_along_and_the_first_of_them_leads(world: World) -> None:
    first, second, named = world.person("First"), world.person("Second"), world.person("Named")
    challenge = world.challenge()
    idea = world.draft_idea(challenge, first)
    for who in (second, named):
        authors.name_author(actor=first, idea=world.idea_again(idea), email=f"{who.name.lower()}@example.org")
    authors.accept_authorship(actor=second, idea=world.idea_again(idea))
    writing.submit(actor=first, idea=world.idea_again(idea), accept_terms=True)
    world.vote(idea)
    world.announced(challenge)
    members = world.project_of(idea).members
    assert [(each.person_id, each.role, each.accepted_at is not None) for each in members] == [
        (first.person_id, "lead", True),
        (second.person_id, "member", True),
    ]


def test_who_was_asked_is_no_member_until_he_accepts(crew: Crew) -> None:
    guest = crew.world.person("Guest")
    assert crew.ask(guest) == "done"
    assert _places(crew)[-1] == (guest.person_id, "member", False)
    assert crew.told(who=guest) == "Refused work_on_project"
    assert [page.public_id for page in projects.page(guest, projects.Wanted(mine=True)).items] == []
    assert crew.does(team.answer, guest, joins=True) == "done"
    assert (_places(crew)[-1][2], crew.told(who=guest)) == (True, "done")
    assert [page.public_id for page in projects.page(guest, projects.Wanted(mine=True)).items] == [crew.again().public_id]
    assert _told(crew, MemberAsked, MemberJoined)[-2:] == ["MemberAsked", "MemberJoined"]


def test_who_declines_is_gone_and_can_be_asked_again(crew: Crew) -> None:
    guest = crew.world.person("Guest")
    crew.ask(guest)
    before = _places(crew)[:-1]
    assert crew.does(team.answer, guest, joins=False) == "done"
    assert (_places(crew), _told(crew, MemberDeclined)) == (before, ["MemberDeclined"])
    assert crew.does(team.answer, guest, joins=True) == "NotPossible not_asked"
    assert crew.ask(guest) == "done"


def test_a_member_or_a_stranger_has_nothing_to_answer(crew: Crew) -> None:
    said = [crew.does(team.answer, who, joins=joins) for who in (crew.helper, crew.watcher) for joins in (True, False)]
    assert (said, len(_places(crew))) == (["NotPossible not_asked"] * 4, 2)


def test_somebody_from_outside_sees_the_project_he_was_asked_into_and_no_other(crew: Crew) -> None:
    world, expert = crew.world, crew.world.person("Expert", Circle.EXPERT)
    other = world.project().public_id
    browser = crew.browser(expert)
    assert browser.get(crew.path).status_code == 404
    crew.ask(expert)
    pages = [browser.get(crew.path + ending).status_code for ending in ("", "/team", "/plan", "/documents")]
    assert (pages, browser.get(f"/projects/{other}").status_code) == ([200] * 4, 404)
    assert "You are asked to work in this project" in words(browser.get(crew.path))
    assert browser.post(f"{crew.path}/answer", {"answer": "no"}).status_code == 303
    assert browser.get(crew.path).status_code == 404


def test_who_was_asked_finds_it_under_his_work_until_he_answers(crew: Crew) -> None:
    guest = crew.world.person("Guest")
    browser = crew.browser(guest)
    crew.ask(guest)
    assert [crew.path in browser.get(page).get_data(as_text=True) for page in ("/my-work", "/")] == [True, True]
    assert "Join the project, or decline" in words(browser.get("/my-work"))
    browser.post(f"{crew.path}/answer", {"answer": "yes"})
    assert "Join the project, or decline" not in words(browser.get("/my-work"))


def test_a_sponsor_who_was_asked_keeps_the_gate_until_he_accepts(crew: Crew) -> None:
    sponsor = crew.world.sponsor_of(crew.again().challenge)
    crew.ask(sponsor)
    assert crew.does(gates.ask, gate_key="frame") == "done"
    assert crew.does(team.answer, sponsor, joins=True) == "done"
    assert crew.does(gates.decide, sponsor, **DECISION) == "Refused decide_gate"
    assert crew.does(team.leave, sponsor) == "done"
    assert crew.does(gates.decide, sponsor, **DECISION) == "done"


def test_an_author_who_left_the_team_stays_the_author_and_keeps_no_gate(crew: Crew) -> None:
    world = crew.world
    manager = world.grant(crew.lead, Role.MANAGER)
    assert crew.does(team.hand_over, public_id=_name(crew, crew.helper)) == "done"
    assert crew.does(team.leave, manager) == "done"
    page = words(crew.browser(crew.helper).get(f"{crew.path}/team"))
    assert ["Lead" in part for part in page.split("Authors of the idea")][1:] == [True]
    assert ideas.author_ids([crew.again().idea_id]) == {crew.again().idea_id: [crew.lead.person_id]}
    assert crew.does(gates.decide, manager, **DECISION) == "Refused decide_gate"


def _name(crew: Crew, who: Actor) -> str:
    return next(each.person.public_id for each in crew.again().members if each.person_id == who.person_id)


def test_only_the_lead_and_the_manager_choose_the_team(crew: Crew) -> None:
    world = crew.world
    guest, third = world.person("Guest"), world.person("Third")
    helper = _name(crew, crew.helper)
    for who in (crew.helper, crew.watcher):
        said = [
            crew.ask(guest, by=who),
            crew.does(team.remove, who, public_id=helper),
            crew.does(team.hand_over, who, public_id=helper),
        ]
        assert said == ["Refused lead_project"] * 3
    assert [crew.ask(guest), crew.ask(third, by=world.manager)] == ["done", "done"]
    assert [crew.ask(guest), crew.ask(crew.helper)] == ["Invalid asked_already", "Invalid member_already"]
    assert crew.does(team.ask, email="nobody@example.org", task="") == "Invalid nobody_has_this_address"


def test_a_team_always_has_somebody_who_leads(crew: Crew) -> None:
    lead, helper = _name(crew, crew.lead), _name(crew, crew.helper)
    assert crew.does(team.leave) == "NotPossible last_lead"
    assert crew.does(team.remove, crew.world.manager, public_id=lead) == "NotPossible last_lead"
    assert crew.does(team.hand_over, public_id=helper) == "done"
    assert [role for _person, role, _in in _places(crew)] == ["member", "lead"]
    assert crew.does(team.leave) == "done"
    assert crew.does(team.leave, crew.helper) == "NotPossible last_lead"
    assert _told(crew, LeadHandedOver, MemberLeft) == ["LeadHandedOver", "MemberLeft"]


def test_the_lead_goes_to_members_alone(crew: Crew) -> None:
    guest = crew.world.person("Guest")
    crew.ask(guest)
    said = [crew.does(team.hand_over, public_id=name) for name in (_name(crew, guest), "0000000000")]
    assert said == ["Invalid no_such_member"] * 2
    assert [role for _person, role, _in in _places(crew)] == ["lead", "member", "member"]


def test_two_leads_of_a_moment_leave_one_behind(crew: Crew) -> None:
    """The one hands over while the other is taken off: whoever comes second finds the team as it is by then."""
    world, number, helper = crew.world, crew.number, _name(crew, crew.helper)
    manager = world.manager
    world.anew()

    def hand_over() -> None:
        project = projects.by_id(number)
        assert project is not None
        db.session.rollback()
        team.hand_over(actor=crew.lead, project=project, public_id=helper)

    def take_off() -> None:
        project = projects.by_id(number)
        assert project is not None
        db.session.rollback()
        team.remove(actor=manager, project=project, public_id=helper)

    results = [spelled(each) for each in at_once(world.app, [hand_over, take_off], slow="FROM member")]
    leads = [role for _person, role, _in in _places(crew) if role == "lead"]
    assert (sorted(results), leads) in [
        (["NoneType", "NotPossible last_lead"], ["lead"]),
        (["Invalid no_such_member", "NoneType"], ["lead"]),
    ]


def test_two_who_ask_the_same_person_at_once_ask_once(crew: Crew) -> None:
    world, number = crew.world, crew.number
    manager = world.manager
    world.person("Guest")
    world.anew()

    def ask(who: Actor) -> None:
        project = projects.by_id(number)
        assert project is not None
        db.session.rollback()
        team.ask(actor=who, project=project, email="guest@example.org", task="")

    results = sorted(spelled(each) for each in at_once(world.app, [lambda w=w: ask(w) for w in (crew.lead, manager)]))
    assert results == ["Invalid asked_already", "NoneType"]


def test_whoever_left_writes_nothing_more(crew: Crew) -> None:
    assert crew.does(team.leave, crew.helper) == "done"
    assert crew.told(who=crew.helper) == "Refused work_on_project"
    assert crew.does(team.leave, crew.helper) == "Refused work_on_project"
    assert crew.does(team.leave, crew.world.manager) == "NotPossible not_on_the_team"


def test_the_doors_of_the_team(crew: Crew) -> None:
    guest = crew.world.person("Guest")
    browser, helper = crew.browser(), _name(crew, crew.helper)
    form = {"email": "guest@example.org", "task": "Pumps", "once": "a" * 32}
    assert [browser.post(f"{crew.path}/members", form).status_code for _ in range(2)] == [303, 303]
    assert [browser.post(f"{crew.path}/members", {"email": "x@y.org", "task": ""}).status_code] == [422]
    assert len(_places(crew)) == 3
    page = words(browser.get(f"{crew.path}/team"))
    assert [text in page for text in ("Asked, and not answered yet", "Guest", "Hand over the lead")] == [True] * 3
    guest_page = crew.browser(guest).post(f"{crew.path}/answer", {"answer": "yes"})
    assert (guest_page.status_code, _places(crew)[-1][2]) == (303, True)
    assert crew.browser(crew.watcher).post(f"{crew.path}/members/{helper}/removal").status_code == 403
    assert browser.post(f"{crew.path}/members/{helper}/removal").status_code == 303
    assert browser.post(f"{crew.path}/members/{helper}/removal").status_code == 422
    assert browser.post(f"{crew.path}/members/{_name(crew, guest)}/lead").status_code == 303
    assert [browser.post(f"{crew.path}/leaving").status_code for _ in range(2)] == [303, 403]
    assert _places(crew) == [(guest.person_id, "lead", True)]


# --- followers -----------------------------------------------------------------------------------------------------


def test_whoever_sees_a_project_may_follow_it_once(crew: Crew) -> None:
    browser = crew.browser(crew.watcher)
    assert "Follow this project" in words(browser.get(crew.path))
    assert [browser.post(f"{crew.path}/following", {"follow": "yes"}).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalars(select(Follower.person_id)).all() == [crew.watcher.person_id]
    assert "Stop following" in words(browser.get(crew.path))
    assert [browser.post(f"{crew.path}/following", {"follow": "no"}).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalar(select(func.count()).select_from(Follower)) == 0


def test_what_one_cannot_see_one_cannot_follow(crew: Crew) -> None:
    expert = crew.world.person("Expert", Circle.EXPERT)
    assert crew.browser(expert).post(f"{crew.path}/following", {"follow": "yes"}).status_code == 404
    assert crew.world.browser().post(f"{crew.path}/following", {"follow": "yes"}).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Follower)) == 0


def test_a_team_of_thirty_is_read_in_as_many_queries_as_one_of_two(embedded: World) -> None:
    crew = Crew(embedded)
    browser = crew.browser()

    def asked() -> int:
        browser.get(f"{crew.path}/team")
        path = f"{crew.path}/team"
        with counting() as sent:
            assert browser.get(path).status_code == 200
        return len(sent)

    few = asked()
    for who in embedded.crowd(30):
        crew.ask(who)
        crew.does(team.answer, who, joins=True)
    assert (asked(), len(crew.again().members)) == (few, 32)
