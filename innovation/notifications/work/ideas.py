"""Messages to authors, to who voted on an idea, and to who follows it or what it answers."""

from __future__ import annotations

from innovation.ideas import queries as ideas
from innovation.ideas.events import (
    AuthorNamed,
    IdeaAccepted,
    IdeaDeclined,
    IdeaHandedIn,
    IdeaOpenedWithReason,
    IdeaPromoted,
    IdeaRevised,
    IdeaSubmitted,
)
from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service
from innovation.notifications.queries import audience
from innovation.voting import queries as voting


@on(IdeaSubmitted, IdeaHandedIn, IdeaAccepted, name="notifications.idea_received")
def idea_received(event: Event, delivery: Delivery) -> None:
    """Its authors; and who follows what it answers, once it can be read: where it is checked first, that is later."""
    assert event.idea_id is not None
    authors, params = _authors(event.idea_id), {"idea_id": event.idea_id}
    kind = "idea_accepted" if event.name == "IdeaAccepted" else "idea_received"
    service.tell(event, kind, authors, params)  # a receipt is for who sent it, too
    idea = ideas.by_id(event.idea_id)
    if idea is not None:
        service.tell_each(event, [("followed_idea", audience.follow_new_idea(idea))], params, but=authors)


@on(IdeaRevised, name="notifications.idea_changed")
def idea_changed(event: Event, delivery: Delivery) -> None:
    """Who voted on what the idea said before is told, and nobody is told who that is."""
    assert event.idea_id is not None
    voters, followers = voting.whose_vote_waits(event.idea_id), audience.follow_idea(event.idea_id)
    params = {"idea_id": event.idea_id}
    service.tell_each(event, [("idea_changed", voters), ("followed_change", followers)], params, but=_authors(event.idea_id))


@on(AuthorNamed, name="notifications.author_named")
def author_named(event: Event, delivery: Delivery) -> None:
    service.tell(event, "author_named", [event.payload["person_id"]], {"idea_id": event.idea_id})


@on(IdeaOpenedWithReason, name="notifications.idea_opened")
def idea_opened(event: Event, delivery: Delivery) -> None:
    """Its authors are told that somebody opened their sealed idea who is none of its readers."""
    assert event.idea_id is not None
    service.tell(event, "idea_opened", _authors(event.idea_id), {"idea_id": event.idea_id})


@on(IdeaPromoted, IdeaDeclined, name="notifications.decision")
def decision(event: Event, delivery: Delivery) -> None:
    assert event.idea_id is not None
    authors, params = _authors(event.idea_id), {"idea_id": event.idea_id}
    service.tell(event, "decision", authors, params)
    service.tell_each(event, [("followed_decision", audience.follow_idea(event.idea_id))], params, but=authors)


def _authors(idea_id: int) -> list[int]:
    return ideas.author_ids([idea_id]).get(idea_id, [])
