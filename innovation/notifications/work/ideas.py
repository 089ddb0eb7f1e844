"""Messages to authors, and to who voted on an idea."""

from __future__ import annotations

from innovation.ideas import queries as ideas
from innovation.ideas.events import AuthorNamed, IdeaDeclined, IdeaPromoted, IdeaRevised, IdeaSubmitted
from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service
from innovation.voting import queries as voting


@on(IdeaSubmitted, name="notifications.idea_received")
def idea_received(event: Event, delivery: Delivery) -> None:
    assert event.idea_id is not None
    service.tell(event, "idea_received", _authors(event.idea_id), {"idea_id": event.idea_id})


@on(IdeaRevised, name="notifications.idea_changed")
def idea_changed(event: Event, delivery: Delivery) -> None:
    """Who voted on what the idea said before is told, and nobody is told who that is."""
    assert event.idea_id is not None
    voters = voting.whose_vote_waits(event.idea_id)
    service.tell(event, "idea_changed", voters, {"idea_id": event.idea_id})


@on(AuthorNamed, name="notifications.author_named")
def author_named(event: Event, delivery: Delivery) -> None:
    service.tell(event, "author_named", [event.payload["person_id"]], {"idea_id": event.idea_id})


@on(IdeaPromoted, IdeaDeclined, name="notifications.decision")
def decision(event: Event, delivery: Delivery) -> None:
    assert event.idea_id is not None
    service.tell(event, "decision", _authors(event.idea_id), {"idea_id": event.idea_id})


def _authors(idea_id: int) -> list[int]:
    return ideas.author_ids([idea_id]).get(idea_id, [])
