"""Messages about the days of a challenge: to who wrote there or still has to vote, and to who follows it."""

from __future__ import annotations

from innovation.challenges import queries as challenges
from innovation.challenges.events import ChallengeDecided, ChallengeExtended, ChallengeStopped
from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service
from innovation.notifications.events import ClosingSoon
from innovation.notifications.models import Watch
from innovation.notifications.queries import audience


@on(ClosingSoon, name="notifications.closing_soon")
def closing_soon(event: Event, delivery: Delivery) -> None:
    assert event.challenge_id is not None
    challenge = challenges.by_id(event.challenge_id)
    if event.payload["what"] == "draft":
        groups = [("closing_draft", audience.with_drafts(challenge.id))]
    else:
        groups = [("closing_votes", audience.with_votes_left(challenge))]
    service.tell_each(event, groups, {"challenge_id": challenge.id})


@on(ChallengeExtended, ChallengeStopped, ChallengeDecided, name="notifications.course_changed")
def course_changed(event: Event, delivery: Delivery) -> None:
    """Who wrote there must know that it takes longer or was stopped; what was decided he hears for his own idea."""
    assert event.challenge_id is not None
    challenge = challenges.by_id(event.challenge_id)
    writers = audience.writers(challenge.id)
    asked_by = None if challenge.sponsor_withheld else challenge.organisation_id
    followers = audience.follow_challenge(challenge, Watch.organisation_id == asked_by)
    params = {"challenge_id": challenge.id}
    told_why = event.name != "ChallengeDecided"
    amendment = challenges.newest_amendment(challenge.id, event.payload.get("number")) if told_why else None
    if amendment is not None:
        params["amendment_id"] = amendment.id
    if event.name == "ChallengeExtended":
        service.tell_each(event, [("deadline_moved", writers), ("followed_deadline", followers)], params)
    elif event.name == "ChallengeStopped":
        service.tell_each(event, [("challenge_stopped", writers), ("followed_result", followers)], params)
    else:
        service.tell_each(event, [("followed_result", followers)], params, but=writers)
