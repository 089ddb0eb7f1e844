"""Messages to sponsors, panels and managers about a challenge."""

from __future__ import annotations

from innovation.challenges import queries as challenges
from innovation.challenges.events import (
    AnswerDue,
    ChallengeProposed,
    ChallengePublished,
    ChallengeReturned,
    FullPartAnswered,
    FullPartAsked,
)
from innovation.evaluation.events import ScoringOpened
from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service
from innovation.notifications.models import Watch
from innovation.notifications.queries import audience
from innovation.notifications.queries.addressees import followers
from innovation.people import queries as people
from innovation.promotion import queries as promotion
from innovation.promotion.events import RunDecided, RunDecidedAgain
from innovation.rules.challenge import ChallengeState
from innovation.rules.predicates import Role
from innovation.rules.promises import Step


@on(ChallengeProposed, name="notifications.challenge_proposed")
def challenge_proposed(event: Event, delivery: Delivery) -> None:
    assert event.programme_id is not None
    assert event.challenge_id is not None
    # Whoever published his own has handed it in by the same act: nobody has to look at it any more.
    if challenges.by_id(event.challenge_id).state != ChallengeState.PROPOSED:
        return
    approvers = challenges.approvers(event.programme_id)
    service.tell_each(event, [("challenge_proposed", approvers)], {"challenge_id": event.challenge_id})


@on(ChallengePublished, ChallengeReturned, name="notifications.challenge_answered")
def challenge_answered(event: Event, delivery: Delivery) -> None:
    assert event.challenge_id is not None
    kind = "challenge_published" if event.name == "ChallengePublished" else "challenge_returned"
    sponsors = people.holders(Role.SPONSOR, "challenge", event.challenge_id)
    groups = [(kind, sponsors)]
    if event.name == "ChallengePublished":
        published = challenges.by_id(event.challenge_id)
        asked_by = None if published.sponsor_withheld else published.organisation_id
        new = followers(Watch.organisation_id == asked_by) if asked_by is not None else []
        groups.append(("followed_challenge", audience.seers_of_challenge(new, event.challenge_id)))
    service.tell_each(event, groups, {"challenge_id": event.challenge_id})


@on(RunDecided, RunDecidedAgain, name="notifications.result_ready")
def result_ready(event: Event, delivery: Delivery) -> None:
    run = promotion.run(event.payload["run_id"])
    if run.announced_at is None and run.round.purpose == "promotion":
        for each in run.challenges:
            sponsors = people.holders(Role.SPONSOR, "challenge", each.challenge_id)
            service.tell(event, "result_ready", sponsors, {"run_id": run.id})


@on(ScoringOpened, name="notifications.scoring_opened")
def scoring_opened(event: Event, delivery: Delivery) -> None:
    assert event.challenge_id is not None
    panel = people.holders(Role.PANEL, "challenge", event.challenge_id)
    service.tell(event, "scoring_opened", panel, {"challenge_id": event.challenge_id})


@on(AnswerDue, name="notifications.answer_due")
def answer_due(event: Event, delivery: Delivery) -> None:
    assert event.challenge_id is not None
    assert event.programme_id is not None
    if challenges.by_id(event.challenge_id).state != ChallengeState.PUBLISHED:
        return
    told = people.holders(Role.SPONSOR, "challenge", event.challenge_id)
    if event.payload["step"] == Step.LATE:
        told += people.managers(event.programme_id)
    service.tell(event, "answer_due", told, {"challenge_id": event.challenge_id})


@on(FullPartAsked, name="notifications.full_part_asked")
def full_part_asked(event: Event, delivery: Delivery) -> None:
    assert event.challenge_id is not None
    sponsors = people.holders(Role.SPONSOR, "challenge", event.challenge_id)
    service.tell(event, "full_part_asked", sponsors, {"challenge_id": event.challenge_id})


@on(FullPartAnswered, name="notifications.full_part_answered")
def full_part_answered(event: Event, delivery: Delivery) -> None:
    told = [event.payload["person_id"]]
    params = {"challenge_id": event.challenge_id, "opened": event.payload["opened"]}
    service.tell(event, "full_part_answered", told, params)
