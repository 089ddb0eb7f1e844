"""What an organisation shows to the outside."""

from __future__ import annotations

from datetime import datetime

from innovation.kernel.actor import Actor
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people.events import ResultsPageChanged
from innovation.people.models import Organisation
from innovation.rules.policy import May


@use_case(May.KEEP_RESULTS_PAGE, on="organisation")
def keep_results_page(*, actor: Actor, organisation: Organisation, shown: bool, intro: str, now: datetime = AT_LOCK) -> None:
    """Switch an organisation's public results page on or off, with the words it begins with."""
    organisation.results_page, organisation.results_intro = shown, intro
    emit(ResultsPageChanged(organisation_id=organisation.id, shown=shown), actor=actor, now=now)
