"""Messages about ideas that are checked before others see them: to who checks, and to their authors."""

from __future__ import annotations

from innovation.challenges import queries as challenges
from innovation.ideas import queries as ideas
from innovation.ideas.events import ChecksDue, IdeaHandedIn, IdeaSentBack, IdeaTurnedDown
from innovation.ideas.queries import checking
from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service
from innovation.people import queries as people
from innovation.rules.idea import IdeaState
from innovation.rules.promises import Step


@on(IdeaHandedIn, name="notifications.idea_to_check")
def idea_to_check(event: Event, delivery: Delivery) -> None:
    """Who checks; what was decided or taken back meanwhile waits for nobody."""
    assert event.idea_id is not None
    assert event.challenge_id is not None
    idea = ideas.by_id(event.idea_id)
    if idea is not None and idea.state == IdeaState.CHECKING:
        groups = [("idea_to_check", challenges.checker_ids(event.challenge_id))]
        service.tell_each(event, groups, {"idea_id": event.idea_id})


@on(IdeaSentBack, IdeaTurnedDown, name="notifications.idea_checked")
def idea_checked(event: Event, delivery: Delivery) -> None:
    """Its authors, with what who checks wrote to them."""
    assert event.idea_id is not None
    kind = "idea_returned" if event.name == "IdeaSentBack" else "idea_turned_down"
    authors = ideas.author_ids([event.idea_id]).get(event.idea_id, [])
    service.tell(event, kind, authors, {"idea_id": event.idea_id})


@on(ChecksDue, name="notifications.checks_due")
def checks_due(event: Event, delivery: Delivery) -> None:
    """Who checks; where it takes longer than promised the programme's managers hear as well, who can name somebody else."""
    assert event.challenge_id is not None
    assert event.programme_id is not None
    if not checking.waits_in(event.challenge_id):
        return
    groups = [("checks_due", challenges.checker_ids(event.challenge_id))]
    if event.payload["step"] == Step.LATE:
        groups.append(("checks_late", people.managers(event.programme_id)))
    params = {"challenge_id": event.challenge_id, "waiting": event.payload["waiting"]}
    service.tell_each(event, groups, params)
