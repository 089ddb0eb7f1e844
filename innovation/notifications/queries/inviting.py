"""What the mail of an invitation says."""

from __future__ import annotations

from typing import Any

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.kernel import clock
from innovation.kernel.actor import VISITOR
from innovation.people import queries as people
from innovation.people.models import Invitation

AWAITED = (people.Stand.OPEN,)


def awaited(invitation_id: int) -> Invitation | None:
    """An invitation whose mail should still go: nobody took it back, replaced it or answered it, and nobody said never."""
    found = people.invitation_by_id(invitation_id)
    if found is None or people.stand(found, clock.now()) not in AWAITED or people.said_never([found.email_key]):
        return None
    return found


def invitation_values(invitation: Invitation) -> dict[str, Any]:
    """Who asks, in whose name, and for which challenge: what any visitor with the link may read, and nothing more."""
    challenge = challenges.invited_to(invitation, clock.now())
    asked_by = challenges.sponsors_shown(VISITOR, challenge) if challenge else []
    return {
        "invitation": invitation,
        "inviter": _inviter(invitation, challenge),
        "named_by": people.named_by(invitation),
        "challenge": challenge,
        "sponsors": ", ".join(person.name for person in asked_by),
    }


def _inviter(invitation: Invitation, challenge: Challenge | None) -> str | None:
    """Who invites, by name; nobody where it is the sponsor himself, who withholds his."""
    kept = challenges.withheld(VISITOR, challenge) if challenge else frozenset()
    if invitation.invited_by is None or invitation.invited_by in kept:
        return None
    return people.names([invitation.invited_by]).get(invitation.invited_by)
