"""Messages about what changes around a challenge: amendments, deputies, and an approval that is waited for."""

from __future__ import annotations

from innovation.challenges import queries as challenges
from innovation.challenges.events import AmendmentInForce, ApprovalDue, ChallengeAmended, StandInNamed
from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service
from innovation.notifications.queries import audience
from innovation.people import queries as people
from innovation.rules.challenge import ChallengeState
from innovation.rules.predicates import Role
from innovation.rules.promises import Step


@on(ChallengeAmended, AmendmentInForce, name="notifications.challenge_amended")
def challenge_amended(event: Event, delivery: Delivery) -> None:
    """Everybody with a draft or an idea there; once it is in force, the sponsors too."""
    assert event.challenge_id is not None
    amendment = challenges.amendment(event.challenge_id, event.payload["number"])
    assert amendment is not None
    params = {"challenge_id": event.challenge_id, "amendment_id": amendment.id}
    writers = audience.writers(event.challenge_id)
    if event.name == "ChallengeAmended":
        service.tell_each(event, [("challenge_amended", writers)], params)
    else:
        sponsors = people.holders(Role.SPONSOR, "challenge", event.challenge_id)
        service.tell(event, "amendment_in_force", {*writers, *sponsors}, params)


@on(StandInNamed, name="notifications.stand_in_named")
def stand_in_named(event: Event, delivery: Delivery) -> None:
    deputy = [event.payload["deputy_id"]]
    role = event.payload.get("role", Role.SPONSOR.value)
    service.tell_each(event, [("stand_in_named", deputy)], {"challenge_id": event.challenge_id, "role": role})


@on(ApprovalDue, name="notifications.approval_due")
def approval_due(event: Event, delivery: Delivery) -> None:
    """Who approves; of a late one the programme's managers and the sponsors hear as well."""
    assert event.challenge_id is not None
    assert event.programme_id is not None
    if challenges.by_id(event.challenge_id).state != ChallengeState.PROPOSED:
        return
    told = set(challenges.approvers(event.programme_id))
    sponsors: set[int] = set()
    if event.payload["step"] == Step.LATE:
        told |= set(people.managers(event.programme_id))
        sponsors = set(people.holders(Role.SPONSOR, "challenge", event.challenge_id)) - told
    params = {"challenge_id": event.challenge_id}
    service.tell_each(event, [("approval_due", told), ("approval_late", sponsors)], params)
