"""Gates, milestones and promised answers: the clock says once that they are due, and the right people hear of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from innovation.challenges.service.promises import remind_of_answers
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.notifications.models import Message
from innovation.people.models import Person
from innovation.projects import queries as projects
from innovation.projects.models import Follower, Gate, Member, Milestone, Project
from innovation.projects.service import reminding, team
from innovation.rules.predicates import Role
from tests.support.race import at_once
from tests.support.world import World

CLOCK = house(Origin.CLOCK)


class Told:
    """A project, who it concerns, and what each of them was told."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.manager = world.manager
        self.author = world.person("Author")
        self.number = world.project(self.author).id
        self.sponsor = world.sponsor_of(self.again().challenge)
        self.follower = world.person("Follower")
        with transaction():
            row = Follower(project_id=self.number, person_id=self.follower.person_id, since=clock.now())
            db.session.add(row)

    def again(self) -> Project:
        self.world.anew()
        found = projects.by_id(self.number)
        assert found is not None
        return found

    def gate(self, **values: object) -> None:
        with transaction():
            row = db.session.scalars(select(Gate).where(Gate.project_id == self.number, Gate.key == "frame")).one()
            for name, value in values.items():
                setattr(row, name, value)

    def look(self) -> None:
        reminding.remind_of_gates(actor=CLOCK)
        reminding.remind_of_milestones(actor=CLOCK)
        self.world.settle()

    def messages(self, *kinds: str) -> set[tuple[str, str]]:
        """(name, kind) of what lies in somebody's inbox."""
        rows = db.session.execute(
            select(Person.name, Message.kind)
            .join(Person, Person.id == Message.person_id)
            .where(Message.channel == "inbox", Message.kind.in_(kinds))
        ).all()
        db.session.rollback()
        assert len(rows) == len(set(rows))
        return {(name, kind) for name, kind in rows}


@pytest.fixture
def told(world: World) -> Told:
    return Told(world)


def moment(days: float) -> datetime:
    return clock.now() + timedelta(days=days)


def test_a_gate_that_comes_near_is_said_to_the_team_and_once(told: Told) -> None:
    told.gate(due_at=moment(1))
    told.look()
    told.look()
    assert told.messages("gate_soon", "gate_late") == {("Author", "gate_soon")}


def test_a_late_gate_is_said_to_everybody_it_concerns(told: Told) -> None:
    told.gate(due_at=moment(-1))
    told.look()
    names = {"Author", "Follower", told.sponsor.name, "Manager"}
    assert told.messages("gate_late") == {(name, "gate_late") for name in names}


def test_who_may_act_is_told_when_the_promised_days_are_over(told: Told) -> None:
    deputy = told.world.person("Deputy")
    told.gate(state="asked", asked_at=moment(-4), answer_days=5, deputy_id=deputy.person_id)
    told.look()
    assert told.messages("gate_deputy", "gate_manager") == set()
    told.gate(asked_at=moment(-6))
    told.look()
    assert told.messages("gate_deputy") == {(name, "gate_deputy") for name in ("Deputy", told.sponsor.name, "Manager")}
    told.gate(asked_at=moment(-11))
    told.look()
    assert ("Manager", "gate_manager") in told.messages("gate_manager")


def test_who_has_or_had_a_part_in_the_work_is_not_asked_to_decide_about_it(told: Told) -> None:
    deputy, path = told.world.person("Deputy"), f"/projects/{told.again().public_id}"
    told.world.grant(told.author, Role.SPONSOR, "challenge", told.again().challenge_id)
    with transaction():
        mine = db.session.scalars(select(Member).where(Member.person_id == told.author.person_id)).one()
        mine.person_id = deputy.person_id or 0
    told.gate(state="asked", asked_at=moment(-6), answer_days=5, deputy_id=deputy.person_id)
    told.look()
    assert told.messages("gate_deputy") == {(told.sponsor.name, "gate_deputy"), ("Manager", "gate_deputy")}
    assert told.world.browser(told.world.actor(told.author.person_id or 0)).get(f"{path}/gate").status_code == 403


def test_a_deputy_who_no_longer_sees_the_project_is_not_told_of_it(told: Told) -> None:
    deputy = told.world.person("Deputy")
    with transaction():
        db.session.get_one(Project, told.number).visibility = "sealed"
    told.gate(state="asked", asked_at=moment(-6), answer_days=5, deputy_id=deputy.person_id)
    told.look()
    assert told.messages("gate_deputy") == {(told.sponsor.name, "gate_deputy"), ("Manager", "gate_deputy")}


def test_an_inbox_names_a_sealed_project_by_its_reference_to_who_no_longer_sees_it(told: Told) -> None:
    team.ask(actor=told.author, project=told.again(), email="follower@example.org", task="")
    told.world.settle()
    project = told.again()
    browser = told.world.browser(told.follower)
    assert project.title in browser.get("/inbox").text
    with transaction():
        db.session.get_one(Project, told.number).visibility = "sealed"
    assert project.title in browser.get("/inbox").text
    team.answer(actor=told.follower, project=told.again(), joins=False)
    page = browser.get("/inbox").text
    assert (project.public_id in page, project.title in page) == (True, False)


def _later(told: Told, days: float) -> None:
    """The clock looks so many days from now."""
    with clock.travelling(moment(days)):
        told.look()


def test_a_gate_on_hold_reminds_its_keeper_alone_when_his_days_are_over(told: Told) -> None:
    deputy = told.world.person("Deputy")
    told.gate(answer_days=5, due_at=moment(20), deputy_id=deputy.person_id)
    told.world.decide(told.again(), "frame", "hold", told.sponsor)
    _later(told, 4.9)
    assert told.messages("gate_on_hold") == set()
    _later(told, 5.1)
    _later(told, 5.2)
    assert told.messages("gate_on_hold", "gate_deputy", "gate_late") == {(told.sponsor.name, "gate_on_hold")}
    said = [letter.to for letter in told.world.letters() if "still on hold" in letter.text]
    assert said == [f"{told.sponsor.name.lower()}@example.org"]


def test_a_gate_on_hold_is_said_again_every_week_and_not_after_it_went_on(told: Told) -> None:
    told.gate(answer_days=5, due_at=moment(60))
    told.world.decide(told.again(), "frame", "hold", told.sponsor)

    def said(days: float) -> int | None:
        _later(told, days)
        kept = Message.channel == "inbox", Message.kind == "gate_on_hold", Message.person_id == told.sponsor.person_id
        return db.session.scalar(select(func.count()).select_from(Message).where(*kept))

    assert [said(days) for days in (5.1, 11.9, 12.1, 19.1)] == [1, 1, 2, 3]
    told.world.decide(told.again(), "frame", "again", told.sponsor, due_on=moment(30).date())
    assert [said(days) for days in (29, 40)] == [3, 3]


def test_a_gate_on_hold_whose_keeper_joined_the_team_reminds_the_manager(told: Told) -> None:
    told.gate(answer_days=5, due_at=moment(60))
    told.world.decide(told.again(), "frame", "hold", told.sponsor)
    with transaction():
        row = Member(project_id=told.number, person_id=told.sponsor.person_id, role="member", accepted_at=clock.now())
        db.session.add(row)
    _later(told, 6)
    assert told.messages("gate_on_hold") == {("Manager", "gate_on_hold")}


def test_two_clocks_say_it_once(told: Told) -> None:
    told.gate(due_at=moment(-1))
    calls = [lambda: reminding.remind_of_gates(actor=CLOCK)] * 4
    at_once(told.world.app, calls)
    assert db.session.scalar(select(func.count()).select_from(Event).where(Event.name == "GateDue")) == 1


def test_a_milestone_is_late_once_and_again_when_its_new_day_is_missed_too(told: Told) -> None:
    today = clock.now().date()
    helper = told.world.person("Helper")
    with transaction():
        db.session.add(Member(project_id=told.number, person_id=helper.person_id, role="member", accepted_at=clock.now()))
        milestone = Milestone(
            project_id=told.number, title="A pump", due_on=today - timedelta(days=3), owner_id=helper.person_id
        )
        db.session.add(milestone)
    told.look()
    told.look()
    names = {"Author", "Helper", "Follower", told.sponsor.name, "Manager"}
    assert told.messages("milestone_late") == {(name, "milestone_late") for name in names}
    for days, said in ((5, 1), (-1, 2)):
        with transaction():
            db.session.get_one(Milestone, milestone.id).due_on = today + timedelta(days=days)
        told.look()
        assert db.session.scalar(select(func.count()).select_from(Event).where(Event.name == "MilestoneLate")) == said


def test_mails_name_gate_and_milestone_in_the_readers_language(world: World) -> None:
    told = Told(world)
    with transaction():
        db.session.get_one(Person, told.author.person_id).language = "nl"
    told.gate(due_at=moment(-1))
    told.look()
    written = {letter.to: letter for letter in world.letters() if "/projects/" in letter.text}
    assert "over zijn datum" in written["author@example.org"].text
    assert "past its day" in written["follower@example.org"].text
    assert "“Frame”" in written["follower@example.org"].text


def test_a_follower_who_no_longer_sees_the_project_hears_nothing(told: Told) -> None:
    with transaction():
        db.session.get_one(Project, told.number).visibility = "sealed"
    told.gate(due_at=moment(-1))
    told.look()
    assert "Follower" not in {name for name, _kind in told.messages("gate_late")}
    titles = [letter for letter in told.world.letters() if told.again().title in letter.text + letter.subject]
    assert [letter for letter in titles if "past its day" in letter.text] == []


def test_whoever_left_the_team_hears_no_more_of_a_milestone_he_had_in_hand(told: Told) -> None:
    gone, late = told.world.person("Gone"), clock.now().date() - timedelta(days=3)
    with transaction():
        db.session.add(Milestone(project_id=told.number, title="A tank", due_on=late, owner_id=gone.person_id))
    told.look()
    names = {"Author", "Follower", told.sponsor.name, "Manager"}
    assert told.messages("milestone_late") == {(name, "milestone_late") for name in names}


# --- promised answers ------------------------------------------------------------------------------------------------


def promised(world: World, days: float) -> tuple[Actor, int]:
    sponsor = world.person("Sponsor")
    challenge = world.challenge(sponsor)
    with transaction():
        row = type(challenge).__table__
        db.session.execute(row.update().where(row.c.id == challenge.id).values(answer_by=moment(days)))
    return sponsor, challenge.id


@pytest.mark.parametrize(
    ("days", "names"), [(4, set()), (2, {"Sponsor"}), (-0.5, {"Sponsor"}), (-2, {"Sponsor", "Manager"})]
)
def test_a_promised_answer_is_remembered_and_escalates(world: World, days: float, names: set[str]) -> None:
    world.grant(world.manager, Role.MANAGER)
    promised(world, days)
    for _ in range(2):
        remind_of_answers(actor=CLOCK)
        world.settle()
    rows = db.session.scalars(
        select(Person.name)
        .join(Message, Message.person_id == Person.id)
        .where(Message.kind == "answer_due", Message.channel == "inbox")
    ).all()
    assert sorted(rows) == sorted(names)
    assert len([letter for letter in world.letters() if "promised an answer" in letter.text]) == len(names)
