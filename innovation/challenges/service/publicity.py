"""What of a challenge the outside may see."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges.events import ResultsShown
from innovation.challenges.models import Challenge
from innovation.kernel.actor import Actor
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May


@use_case(May.SHOW_RESULTS, on="challenge")
def show_results(
    *, actor: Actor, challenge: Challenge, shown: bool, organisation_id: int | None, now: datetime = AT_LOCK
) -> None:
    """Let a challenge's results stand on a public page, or take them off it at once.

    Args:
        organisation_id: whose page; None is the host's.

    Raises:
        Invalid: the challenge is sealed, and stays so.
    """
    if shown and challenge.visibility == "sealed":
        raise Invalid("sealed_stays_sealed", field="shown")
    challenge.results_public, challenge.organisation_id = shown, organisation_id
    fact = ResultsShown(
        shown=shown, organisation_id=organisation_id, programme_id=challenge.programme_id, challenge_id=challenge.id
    )
    emit(fact, actor=actor, now=now)
