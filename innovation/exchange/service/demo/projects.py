"""The projects of the demo: each is planned, told day by day, and looked ahead in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from innovation.exchange.service.demo import gates, money, papers
from innovation.exchange.service.demo.story import Happening, Place, Story
from innovation.exchange.service.demo.telling import Demo
from innovation.projects.service import forecasting, planning, updates
from innovation.projects.service import team as teams
from innovation.rules.project import ProjectState


def tell(demo: Demo, row: dict[str, Any]) -> None:
    """Tell one project from its first day until today."""
    story = Story(demo, row)
    story.tell(_happenings(story))


def look_ahead(demo: Demo, rows: list[dict[str, Any]]) -> None:
    """Say of every running project when it will be ready, and of every finished one how well that was foreseen."""
    for row in rows:
        project = Story(demo, row).project
        if project.state == ProjectState.RUNNING:
            forecasting.refresh(actor=demo.house, project_id=project.id)
        else:
            forecasting.finish(actor=demo.house, project_id=project.id)


def _happenings(story: Story) -> Iterator[Happening]:
    row = story.row
    yield Happening(0.3, Place.PLANNED, partial(_plan, story))
    for each in row["updates"]:
        yield Happening(each["day"], Place.TOLD, partial(_update, story, each))
    for number, each in enumerate(row["milestones"], start=1):
        if "done" in each:
            yield Happening(each["done"], Place.DONE, partial(_reach, story, number, each["title"]))
    for day in row.get("forecasts", []):
        yield Happening(day, Place.TOLD, partial(_ask_forecast, story))
    yield from gates.happenings(story)
    yield from money.happenings(story)
    yield from papers.happenings(story)


def _plan(story: Story) -> None:
    row = story.row
    planning.describe(
        actor=story.lead, project=story.project, title=row["title"], goal=row["goal"], work_url=row.get("work_url", "")
    )
    known = {member.person_id for member in story.project.members}
    for person_id, task in story.team:
        if person_id not in known:
            teams.ask(actor=story.lead, project=story.project, email=story.demo.emails[person_id], task=task[:200])
            story.reload()
            teams.answer(actor=story.demo.actor(person_id), project=story.project, joins=True)
            story.reload()
    for each in row["milestones"]:
        planning.add_milestone(
            actor=story.lead,
            project=story.project,
            title=each["title"],
            due_on=story.due(each["due"]),
            owner=story.public_id(each["owner"]),
        )


def _update(story: Story, told: dict[str, Any]) -> None:
    writer = story.member(told["by"])
    updates.post_update(actor=writer, project=story.project, status=told["status"], text=told["text"])


def _reach(story: Story, number: int, title: str) -> None:
    planning.set_milestone(actor=story.lead, project=story.project, number=number, was=title, done=True)


def _ask_forecast(story: Story) -> None:
    forecasting.ask_forecast(actor=story.lead, project=story.project)
