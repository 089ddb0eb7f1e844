"""Doors of facts and time for projects."""

from __future__ import annotations

from innovation.kernel import clock, queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.events import Delivery, Event, on
from innovation.people.events import PersonLeft
from innovation.projects.events import (
    GatePassed,
    MilestoneDone,
    MilestoneDropped,
    MilestoneMoved,
    MilestonePlanned,
    MilestoneReopened,
    MilestoneRestored,
    ProjectOpened,
    ProjectPassed,
    ProjectReopened,
)
from innovation.projects.service import forecasting, leaving, reminding, trash


@queue.every(name="projects.refresh_forecasts", minutes=10)
def refresh_forecasts() -> int:
    made, after = 0, 0
    while True:
        found, following = forecasting.stale(after, clock.now().date())
        for project_id in found:
            made += forecasting.refresh(actor=house(Origin.CLOCK), project_id=project_id)
        if following is None:
            return made
        after = following


@queue.every(name="projects.remind", minutes=15)
def remind() -> None:
    for step in (reminding.remind_of_gates, reminding.remind_of_milestones):
        after: int | None = 0
        while after is not None:
            after = step(actor=house(Origin.CLOCK), after=after)


@queue.every(name="projects.empty_trash", minutes=60)
def empty_trash() -> None:
    trash.empty(actor=house(Origin.CLOCK))


@on(
    ProjectOpened,
    MilestonePlanned,
    MilestoneMoved,
    MilestoneDone,
    MilestoneReopened,
    MilestoneDropped,
    MilestoneRestored,
    GatePassed,
    name="projects.refresh_forecast",
)
def refresh_forecast(event: Event, delivery: Delivery) -> None:
    assert event.project_id is not None
    forecasting.refresh(actor=house(Origin.CLOCK), project_id=event.project_id)


@on(ProjectPassed, ProjectReopened, name="projects.score_forecasts", imports=True)
def score_forecasts(event: Event, delivery: Delivery) -> None:
    assert event.project_id is not None
    forecasting.finish(actor=house(Origin.CLOCK), project_id=event.project_id)


@on(PersonLeft, name="projects.take_over")
def take_over(event: Event, delivery: Delivery) -> None:
    leaving.take_over(actor=house(Origin.CLOCK), **event.payload)
