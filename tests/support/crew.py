"""A project with people in it, acted on by the product's own verbs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from innovation.kernel.actor import Actor
from innovation.projects import queries as projects
from innovation.projects.models import Project
from innovation.projects.service import gates, planning, tasks, team, updates
from tests.support.browser import Browser
from tests.support.refusals import answer
from tests.support.world import World


class Crew:
    """A project that somebody leads, somebody else works in, and a colleague watches. Every act answers in a word."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lead = world.person("Lead")
        self.number = world.project(self.lead).id
        self.helper = self.joined("Helper")
        self.watcher = world.person("Watcher")

    def again(self) -> Project:
        self.world.anew()
        found = projects.by_id(self.number)
        assert found is not None
        return found

    @property
    def path(self) -> str:
        return f"/projects/{self.again().public_id}"

    def browser(self, who: Actor | None = None) -> Browser:
        """A browser of the lead, or of somebody else."""
        return self.world.browser(who or self.lead)

    def does(self, verb: Any, who: Actor | None = None, **values: Any) -> str:
        """What a verb answers to the lead, or to somebody else."""
        row = self.again()
        return answer(lambda: verb(actor=who or self.lead, project=row, **values))

    # --- people -------------------------------------------------------------------------------------------------

    def ask(self, who: Actor, by: Actor | None = None) -> str:
        return self.does(team.ask, by, email=f"{who.name.lower()}@example.org", task="")

    def joined(self, name: str) -> Actor:
        """Somebody who was asked and accepted."""
        who = self.world.person(name)
        self.ask(who)
        self.does(team.answer, who, joins=True)
        return who

    # --- the plan -----------------------------------------------------------------------------------------------

    def day(self, later: int) -> date:
        """A day so many days after the start."""
        return self.again().started_at.date() + timedelta(days=later)

    def milestone(self, title: str = "A pump", due: int = 10, **values: Any) -> str:
        return self.does(planning.add_milestone, **({"title": title, "due_on": self.day(due), "owner": ""} | values))

    def task(self, title: str = "Order a pump", **values: Any) -> str:
        return self.does(tasks.add_task, work=tasks.Work(title=title, **values))

    def told(self, text: str = "Done\nNext\n", who: Actor | None = None) -> str:
        return self.does(updates.post_update, who, status="on_track", text=text)

    # --- time ---------------------------------------------------------------------------------------------------

    def wait_for_a_gate(self) -> None:
        """Ask for the first gate's decision, so that the plan is locked."""
        assert self.does(gates.ask, gate_key="frame") == "done"

    def end(self) -> None:
        """The sponsor stops the project at its first gate."""
        self.world.decide(self.again(), "frame", "stop")
