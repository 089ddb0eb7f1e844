"""Loading the demo programme: its history is written by the same verbs that live people use, in the order of its days.

The clock travels (:func:`innovation.kernel.clock.travelling`), so that what happened ninety-six days ago is recorded
then. Facts carry the origin *import*: nobody in the demo is mailed.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme
from innovation.challenges.service import briefs
from innovation.challenges.service.terms import AUTHOR_KEEPS, EMPLOYEE, LICENCE_IF_CHOSEN
from innovation.exchange.service.demo import names
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.ideas.service import authors, writing
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction, use_case
from innovation.people import queries as people
from innovation.people.models import CircleMembership, EmailAddress, Organisation, Person
from innovation.people.service import grants
from innovation.people.service.importing import take_in_person
from innovation.projects import queries as projects
from innovation.projects.models import Project
from innovation.projects.service import running
from innovation.promotion import queries as promotion
from innovation.promotion.service import picking, queueing
from innovation.promotion.service import running as deciding
from innovation.promotion.service.ballots import unpacked
from innovation.rules.predicates import Role
from innovation.rules.promotion import decide, ready_rule
from innovation.voting.queries.groups import group_key
from innovation.voting.service import measure, take_in_votes

SEED = 1850
SOURCE = "demo"
ZONE = "Europe/Amsterdam"
CIRCLES = {"staff": Circle.STAFF, "partner": Circle.PARTNER, "invited": Circle.EXPERT, "public": Circle.PUBLIC}
WHO_MAY = {"staff": "staff", "staff+partner+invited": "experts", "everyone": "everyone"}
TURNOUT = (400, 470)
"""How many people judge one idea of the great challenge, at least and at most."""


def load() -> bool:
    """Load the demo into an empty house. False, and nothing written, when somebody lives there already."""
    # One transaction for all of it: a load that is broken off leaves an empty house, not half a history.
    with transaction():
        if db.session.scalar(select(Person.id).limit(1)) is not None:
            return False
        Demo().load()
    return True


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))


class Demo:
    """The demo's cast and calendar while it is being loaded."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        self.today = clock.now()
        self.house = house(Origin.IMPORT)
        self.programme = _read("programme")
        self.ids: dict[str, int] = {}
        self.crowd: dict[str, list[int]] = {}
        self.circle: dict[int, tuple[str, int | None, str]] = {}
        self.emails: dict[int, str] = {}
        self.idea_ids: dict[str, int] = {}

    def load(self) -> None:
        """Write the whole history."""
        with self.on_day(-120):
            _write_people(actor=self.house, demo=self)
            programmes = {
                each["key"]: briefs.start_programme(
                    actor=self.actor(each["manager"]), title=each["title"], description=each["description"]
                )
                for each in self.programme["programme"]
            }
        made = [(row, self.challenge(row, programmes[row["programme"]])) for row in _read("challenges")["challenge"]]
        for row, challenge in made:
            self.answers(row, challenge)
        for row, challenge in sorted(made, key=lambda pair: pair[0]["schedule"].get("announced", 0)):
            if row["state"] == "decided":
                self.decide(row, challenge)
        for row in _read("projects")["project"]:
            self.project(row)

    # --- who and when -------------------------------------------------------------------------------------------

    def moment(self, day: float) -> datetime:
        """An instant on a day counted from today, between any opening and closing hour."""
        at = self.today + timedelta(days=day)
        if day >= 0:
            return at
        return at.replace(hour=10, minute=0, second=0) + timedelta(seconds=self.chance.randrange(4 * 3600))

    @contextmanager
    def on_day(self, day: float) -> Iterator[None]:
        """Do something on that day; never later than now."""
        with clock.travelling(min(self.moment(day), self.today)):
            yield

    def actor(self, who: str | int) -> Actor:
        return people.actor(self.ids[who] if isinstance(who, str) else who, Origin.IMPORT)

    def somebody(self, name: str, taken: list[int]) -> int:
        """A cast member by key, or for ``random:<circle>`` somebody new of that circle."""
        if not name.startswith("random:"):
            return self.ids[name]
        crowd = self.crowd[name.removeprefix("random:")]
        return next(each for each in iter(lambda: self.chance.choice(crowd), None) if each not in taken)

    # --- challenges ---------------------------------------------------------------------------------------------

    def challenge(self, row: dict[str, Any], programme: Programme) -> Challenge:
        schedule = row["schedule"]
        sponsor = self.actor(row["sponsor"])
        begun = min(schedule["opens"] - 9, -1)
        with self.on_day(begun):
            challenge = briefs.start(actor=sponsor, programme=programme, brief=self.brief(row))
            sponsor = self.actor(row["sponsor"])
            for key, role in [(row.get("deputy"), Role.SPONSOR), *((key, Role.PANEL) for key in row.get("panel", []))]:
                if key:
                    email = self.emails[self.ids[key]]
                    briefs.add_person(actor=sponsor, challenge=challenge, email=email, role=role)
        if row["state"] == "draft":
            return challenge
        with self.on_day(min(schedule["opens"] - 4, -0.5)):
            briefs.propose(actor=sponsor, challenge=challenge)
        if row["state"] != "waiting":
            manager = next(p["manager"] for p in self.programme["programme"] if p["key"] == row["programme"])
            with self.on_day(min(schedule["opens"] - 2, -0.2)):
                briefs.publish(actor=self.actor(manager), challenge=challenge)
        return challenge

    def brief(self, row: dict[str, Any]) -> briefs.Brief:
        schedule, rule = row["schedule"], row["rule"]
        capacity = {"kind": "budget", "overrun": "skip"} if rule["method"] == "budget" else {"kind": "top", "k": rule["k"]}
        floor = [
            {"measure": "voters", "at_least": {"value": rule.get("min_votes", 0)}},
            {
                "measure": "approval_share",
                "at_least": {"value": f"{rule.get('min_share_percent', 0) / 100:.2f}"},
            },
        ]
        staff_only = row["who_may"] == "staff"
        return briefs.Brief(
            title=row["title"],
            summary=row["summary"],
            must=row["must"],
            background=row["background"],
            constraints=row["constraints"],
            language=row["language"],
            who_may=WHO_MAY[row["who_may"]],
            visibility=row["visibility"],
            who_decides=row["who_decides"],
            ballot="yes_no",
            rule=ready_rule(
                "top_k_approvals",
                eligibility={"all": floor},
                order={"by": "net", "descending": True},
                capacity=capacity,
            ),
            budget_minor=row["budget_eur"] * 100 or None,
            prize_minor=row["prize_eur"] * 100 or None,
            terms=EMPLOYEE if staff_only else LICENCE_IF_CHOSEN if row["prize_eur"] else AUTHOR_KEEPS,
            zone=ZONE,
            opens=self.wall(schedule["opens"], 9),
            closes=self.wall(schedule["closes"], 17),
            vote_opens=self.wall(schedule["vote_opens"], 9) if "vote_opens" in schedule else None,
            vote_closes=self.wall(schedule["vote_closes"], 17) if "vote_closes" in schedule else None,
            answer_by=self.wall(schedule["decide_by"], 17),
        )

    def wall(self, day: int, hour: int) -> datetime:
        """A wall time in the demo's zone, on a day counted from the real today."""
        local = clock.to_wall(self.today, ZONE) + timedelta(days=day)
        return local.replace(hour=hour, minute=0, second=0, microsecond=0)

    # --- answers ------------------------------------------------------------------------------------------------

    def answers(self, row: dict[str, Any], challenge: Challenge) -> None:
        path = Path(__file__).parent / f"ideas_{row['key']}.toml"
        if not path.exists():
            return
        judges = [self.ids[key] for key in (row["sponsor"], row.get("deputy"), *row.get("panel", [])) if key]
        rows = sorted(_read(path.stem)["idea"], key=lambda idea: idea["day"])
        for idea in rows:
            self.idea(idea, challenge, judges)
        if row["who_decides"] == "votes" and row["schedule"]["vote_opens"] < 0:
            _write_votes(actor=self.house, demo=self, row=row, challenge=challenge, rows=rows, judges=judges)

    def idea(self, row: dict[str, Any], challenge: Challenge, judges: list[int]) -> None:
        team: list[int] = []
        for name in row["authors"]:
            team.append(self.somebody(name, [*team, *judges]))
        leader = self.actor(team[0])
        with self.on_day(row["day"] - 0.02):
            idea = writing.start(
                actor=leader,
                challenge=challenge,
                title=row["title"],
                text=row["text"].strip(),
                requested_minor=row["requested_eur"] * 100 or None,
                language=challenge.language,
            )
            for person_id in team[1:]:
                idea = self.reload(idea)
                authors.name_author(actor=leader, idea=idea, email=self.emails[person_id])
                idea = self.reload(idea)
                authors.accept_authorship(actor=self.actor(person_id), idea=idea)
        self.idea_ids[row["key"]] = idea.id
        if row["fate"] == "draft":
            return
        with self.on_day(row["day"]):
            writing.submit(actor=leader, idea=self.reload(idea), accept_terms=True)
        if row["fate"] == "withdrawn":
            with self.on_day(row["withdrawn"]):
                writing.withdraw(actor=leader, idea=self.reload(idea))

    def reload(self, idea: Idea) -> Idea:
        """The idea as it stands, authors named a moment ago among them."""
        db.session.flush()
        db.session.expire(idea)
        return ideas.by_ids([idea.id])[0]

    # --- results ------------------------------------------------------------------------------------------------

    def decide(self, row: dict[str, Any], challenge: Challenge) -> None:
        schedule = row["schedule"]
        if row["who_decides"] == "sponsor":
            sponsor = self.actor(row["sponsor"])
            with self.on_day(schedule["closes"] + 5):
                for each in _read(f"ideas_{row['key']}")["idea"]:
                    if each["fate"] in {"chosen", "not_chosen", "kept"}:
                        idea = ideas.by_ids([self.idea_ids[each["key"]]])[0]
                        picking.pick(
                            actor=sponsor, idea=idea, chosen=each["fate"] == "chosen", reason=each["reason"].strip()
                        )
            with self.on_day(schedule["announced"] - 1):
                picking.finish_picks(actor=sponsor, challenge=challenges.by_id(challenge.id))
        with self.on_day(schedule["announced"]):
            queueing.queue_due(actor=self.house)
            for run in promotion.unfinished():
                for challenge_id, k in deciding.close(actor=self.house, run_id=run.id):
                    measure(actor=self.house, challenge_id=challenge_id, k=k)
                deciding.freeze(actor=self.house, run_id=run.id)
                outcome = decide(json.loads(run.snapshot or ""), unpacked(run.ballots))
                deciding.record(actor=self.house, run_id=run.id, outcome=outcome)
                deciding.announce(actor=self.house, run=run)

    def project(self, row: dict[str, Any]) -> None:
        project = self.found_project(row)
        start = row["start"]
        team = self.team(row, project)
        leader = self.actor(project.members[0].person_id)
        with self.on_day(start + 0.3):
            running.describe(actor=leader, project=project, title=row["title"], goal=row["goal"], work_url="")
            for person_id, task in team[len(project.members) :]:
                running.add_member(
                    actor=leader, project=self.found_project(row), email=self.emails[person_id], task=task[:200]
                )
            for each in row["milestones"]:
                owner = db.session.get_one(Person, team[each["owner"] - 1][0]).public_id
                due = (self.today + timedelta(days=start + each["due"])).date()
                running.add_milestone(
                    actor=leader, project=self.found_project(row), title=each["title"], due_on=due, owner=owner
                )
        listed = [each.id for each in projects.milestones(project)]
        keeper = self.actor(row["gatekeeper"])
        happenings: list[tuple[float, int, Any]] = [
            *((each["day"], 0, each) for each in row["updates"]),
            *((each["done"], 1, listed[i]) for i, each in enumerate(self.by_due(row)) if "done" in each),
            *((day, 2, key) for key, day in row["gates"].items()),
        ]
        for day, kind, what in sorted(happenings, key=lambda h: (h[0], h[1], str(h[2]))):
            self.happen(row, start + day, kind, what, team, leader, keeper)
        if row["state"] == "stopped":
            with self.on_day(start + row["ended"]):
                running.decide_gate(
                    actor=keeper, project=self.found_project(row), gate_key=row["at"], passed=False, reason=row["lesson"]
                )

    def by_due(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """A project's milestones in the order its page lists them."""
        return sorted(row["milestones"], key=lambda each: each["due"])

    def happen(
        self,
        row: dict[str, Any],
        day: float,
        kind: int,
        what: Any,
        team: list[tuple[int, str]],
        leader: Actor,
        keeper: Actor,
    ) -> None:
        project = self.found_project(row)
        with self.on_day(day):
            if kind == 0:
                writer = self.actor(team[what["by"] - 1][0])
                running.post_update(actor=writer, project=project, status=what["status"], text=what["text"])
            elif kind == 1:
                running.set_milestone(actor=leader, project=project, milestone_id=what, done=True)
            else:
                last = what == "decide"
                reason = row.get("outcome", "") if last else ""
                running.decide_gate(
                    actor=keeper,
                    project=project,
                    gate_key=what,
                    passed=True,
                    reason=reason or GATE_REASONS[row["language"]][what],
                )

    def found_project(self, row: dict[str, Any]) -> Project:
        public_id = db.session.scalars(select(Project.public_id).where(Project.idea_id == self.idea_ids[row["idea"]])).one()
        db.session.flush()
        db.session.expire(db.session.scalars(select(Project).where(Project.public_id == public_id)).one())
        found = projects.get(self.house, public_id)
        assert found is not None
        return found

    def team(self, row: dict[str, Any], project: Project) -> list[tuple[int, str]]:
        """(person id, task) in the order of the file; authors first, as the project was opened."""
        authors_of = ideas.author_ids([project.idea_id])[project.idea_id]
        known = {member.person_id for member in project.members}
        found: list[tuple[int, str]] = []
        for each in row["team"]:
            name = each["person"]
            if name.startswith("author:"):
                person_id = authors_of[int(name.removeprefix("author:")) - 1]
            else:
                person_id = self.somebody(name, [*(p for p, _ in found), *known, self.ids[row["gatekeeper"]]])
            found.append((person_id, each["role"]))
        return sorted(found, key=lambda pair: pair[0] not in known)


GATE_REASONS = {
    "en": {
        "frame": "The question, the measure and the stop line are clear, and the plant has agreed to the test.",
        "build": "The set-up stands and runs; the team may begin to measure.",
        "test": "The figures are in and they answer the question that was asked.",
        "decide": "The proof holds.",
    },
    "nl": {
        "frame": "De vraag, de maat en de stopgrens zijn helder, en de fabriek werkt mee aan de proef.",
        "build": "De opstelling staat en draait; het team kan gaan meten.",
        "test": "De cijfers zijn binnen en beantwoorden de gestelde vraag.",
        "decide": "Het bewijs houdt stand.",
    },
}


@use_case(None)
def _write_people(*, actor: Actor, demo: Demo) -> None:
    """The host, the cast with their roles, and the crowd that makes 1,850."""
    now = clock.now()
    host = demo.programme["host"]
    db.session.add(Organisation(name=host["name"], is_host=True, about=host["sentence"]))
    db.session.flush()
    organisations: dict[str, int | None] = {"": None}
    departments: dict[str, int | None] = {"": None}
    cast = demo.programme["person"]
    counts = dict(names.STORY_COUNTS)
    taken: set[str] = set()
    fresh: list[tuple[str, str, Person]] = []
    for row in cast:
        counts[row["circle"]] -= 1
        person = _person(row["key"], row, row["job"], now, organisations, departments, taken)
        fresh.append((row["key"], row["circle"], person))
    for number, row in enumerate(names.people(SEED, counts)):
        values = {
            "name": row.name,
            "email": row.email,
            "circle": row.circle,
            "organisation": row.organisation or "",
            "department": row.department or "",
            "language": row.language,
        }
        fresh.append(
            (f"person-{number}", row.circle, _person(f"person-{number}", values, "", now, organisations, departments, taken))
        )
    db.session.flush()
    keys = {row["key"] for row in cast}
    for key, circle, person in fresh:
        demo.ids[key] = person.id
        if key not in keys:
            demo.crowd.setdefault(circle, []).append(person.id)
    _remember_circles(demo)
    for row in cast:
        if row["role"] == "manager":
            for role in (Role.MANAGER, Role.ADMINISTRATOR):
                grants.give(actor=actor, person_id=demo.ids[row["key"]], role=role, scope="host", scope_id=0, now=now)


def _person(
    key: str,
    row: dict[str, Any],
    job: str,
    now: datetime,
    organisations: dict[str, int | None],
    departments: dict[str, int | None],
    taken: set[str],
) -> Person:
    return take_in_person(
        source=SOURCE,
        foreign_id=key,
        name=row["name"],
        email=row["email"],
        circle=CIRCLES[row["circle"]],
        organisation=row.get("organisation", ""),
        department=row.get("department", ""),
        language=row["language"],
        now=now,
        taken=taken,
        organisations=organisations,
        departments=departments,
        columns={"demo": True, "job_title": job},
    )


def _remember_circles(demo: Demo) -> None:
    columns = (CircleMembership.circle, CircleMembership.organisation_id, CircleMembership.department_id)
    for person_id, circle, organisation_id, department_id in db.session.execute(
        select(CircleMembership.person_id, *columns)
    ):
        demo.circle[person_id] = (circle, organisation_id, group_key(circle, organisation_id, department_id))
    demo.emails = dict(db.session.execute(select(EmailAddress.person_id, EmailAddress.typed)).all())


@use_case(None)
def _write_votes(
    *, actor: Actor, demo: Demo, row: dict[str, Any], challenge: Challenge, rows: list[dict[str, Any]], judges: list[int]
) -> None:
    """Votes of a crowd that each idea's appeal draws; never a judge's, never an author's own."""
    schedule = row["schedule"]
    circles = {str(line.value) for line in challenges.by_id(challenge.id).audience}
    crowd = [p for circle in demo.crowd.values() for p in circle if demo.circle[p][0] in circles]
    crowd = [p for p in crowd if p not in judges]
    great = row["key"] == "six-weeks"
    first, last = demo.today + timedelta(days=schedule["vote_opens"]), demo.today + timedelta(days=schedule["vote_closes"])
    span = (min(last, demo.today) - first).total_seconds()
    submitted = [each for each in rows if each["fate"] not in {"draft", "withdrawn"}]
    own: dict[int, set[int]] = {}
    for idea_id, person_id in db.session.execute(select(Author.idea_id, Author.person_id)):
        own.setdefault(idea_id, set()).add(person_id)
    votes: list[dict[str, Any]] = []
    for each in submitted:
        idea_id = demo.idea_ids[each["key"]]
        turnout = demo.chance.randint(*TURNOUT) if great else demo.chance.randint(45, 110)
        for person_id in demo.chance.sample(crowd, min(turnout, len(crowd))):
            if person_id in own[idea_id]:
                continue
            circle, organisation_id, group = demo.circle[person_id]
            votes.append(
                {
                    "person_id": person_id,
                    "idea_id": idea_id,
                    "value": 1 if demo.chance.random() < each["appeal"] else -1,
                    "weight": 1,
                    "revision_no": 1,
                    "circle": circle,
                    "organisation_id": organisation_id,
                    "group_key": group,
                    "cast_at": first + timedelta(seconds=demo.chance.random() * span),
                }
            )
    take_in_votes(challenge.id, votes, _looked_on(demo, votes, crowd, own))


def _looked_on(demo: Demo, votes: list[dict[str, Any]], crowd: list[int], own: dict[int, set[int]]) -> list[dict[str, Any]]:
    """People who saw an idea and passed on, about one for every four who voted on it."""
    chance = random.Random(f"views of {len(votes)}")  # of its own: the votes stay as their stories tell
    said = {(row["person_id"], row["idea_id"]) for row in votes}
    views = []
    for row in votes[::4]:
        person_id = chance.choice(crowd)
        if (person_id, row["idea_id"]) not in said and person_id not in own[row["idea_id"]]:
            circle, _, group = demo.circle[person_id]
            views.append(
                {
                    "person_id": person_id,
                    "idea_id": row["idea_id"],
                    "circle": circle,
                    "group_key": group,
                    "seen_at": row["cast_at"],
                }
            )
    return views
