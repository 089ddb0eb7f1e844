"""The tasks, documents, decisions and risks of the demo's projects."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from innovation.exchange.service.demo.story import Happening, Place, Story
from innovation.exchange.service.demo.telling import read_by
from innovation.projects.service import papers, tasks


def happenings(story: Story) -> Iterator[Happening]:
    """Everything a project's team wrote down beside its plan."""
    told = read_by("papers", "idea").get(story.row["idea"], {})
    for number, each in enumerate(told.get("tasks", []), start=1):
        yield Happening(1, Place.WRITTEN, partial(_add_task, story, each))
        for day, column in each.get("moves", []):
            yield Happening(day, Place.DONE, partial(_move_task, story, number, each["title"], column))
    for each in told.get("documents", []):
        yield Happening(each["day"], Place.WRITTEN, partial(_add_document, story, each))
    for each in told.get("log", []):
        yield Happening(each["day"], Place.WRITTEN, partial(_log, story, each))
    for number, each in enumerate(told.get("risks", []), start=1):
        yield Happening(2, Place.WRITTEN, partial(_see_risk, story, each))
        if "closed" in each:
            yield Happening(each["closed"], Place.CLOSED, partial(_close_risk, story, number, each["title"]))


def _add_task(story: Story, told: dict[str, Any]) -> None:
    work = tasks.Work(title=told["title"], owner=story.public_id(told["owner"]), due_on=story.due(told["due"]))
    tasks.add_task(actor=story.lead, project=story.project, work=work)


def _move_task(story: Story, number: int, title: str, column: str) -> None:
    tasks.move_task(actor=story.lead, project=story.project, number=number, was=title, to=column)


def _add_document(story: Story, told: dict[str, Any]) -> None:
    papers.add_document(
        actor=story.lead, project=story.project, title=told["title"], url=told["url"], note=told.get("note", "")
    )


def _log(story: Story, told: dict[str, Any]) -> None:
    papers.log_decision(
        actor=story.lead,
        project=story.project,
        title=told["title"],
        reason=told["reason"],
        decided_on=story.past(told["day"]),
    )


def _see_risk(story: Story, told: dict[str, Any]) -> None:
    danger = papers.Danger(
        title=told["title"],
        likelihood=told["likelihood"],
        impact=told["impact"],
        response=told["response"],
        owner=story.public_id(told["owner"]),
    )
    papers.add_risk(actor=story.lead, project=story.project, danger=danger)


def _close_risk(story: Story, number: int, title: str) -> None:
    papers.set_risk(actor=story.lead, project=story.project, number=number, was=title, closed=True)
