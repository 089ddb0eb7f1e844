"""Whether readers are told whose question a challenge is."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges.events import ChallengeEdited, SponsorNamed, SponsorWithheld
from innovation.challenges.models import Challenge
from innovation.kernel.actor import Actor
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May


@use_case(May.NAME_SPONSOR, on="challenge")
def withhold(*, actor: Actor, challenge: Challenge, withheld: bool, now: datetime = AT_LOCK) -> None:
    """Withhold the sponsor's name from readers, or show it from now on.

    Raises:
        Invalid: it is to be withheld, and was shown already.
    """
    if withheld == challenge.sponsor_withheld:
        return
    if withheld and challenge.published_at is not None:
        raise Invalid("sponsor_was_named", field="withheld")
    challenge.sponsor_withheld = withheld
    scope = {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
    emit(SponsorWithheld(**scope) if withheld else SponsorNamed(**scope), actor=actor, now=now)
    emit(ChallengeEdited(**scope), actor=actor, now=now)
