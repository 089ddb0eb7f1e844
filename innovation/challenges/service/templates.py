"""The ready templates: what four answers make of a challenge, unless a sponsor says otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta

from innovation.challenges.service.fitting import default_rule
from innovation.challenges.service.terms import AUTHOR_KEEPS, EMPLOYEE
from innovation.challenges.service.writing import VOTE_DAYS_AFTER_CLOSING, Brief
from innovation.kernel.errors import Invalid
from innovation.rules.challenge import WhoDecides

TECHNICAL = "technical"
"""Sealed; the sponsor decides, a small panel reads along."""
STAFF = "staff"
"""Open; our own staff vote."""


def with_defaults(
    title: str,
    must: str,
    who_may: str,
    closes: datetime,
    zone: str,
    language: str,
    template: str = "",
    prize_minor: int | None = None,
    currency: str = "EUR",
    terms: str = "",
) -> Brief:
    """The brief that four answers make. Without a template: open and by votes among staff, else sealed.

    Raises:
        Invalid: the template is for our own staff, and others may answer.
    """
    staff_only = who_may == STAFF
    template = template or (STAFF if staff_only else TECHNICAL)
    if template == STAFF and not staff_only:
        raise Invalid("template_is_for_staff", field="who_may")
    voting = template == STAFF
    who_decides = WhoDecides.VOTES if voting else WhoDecides.SPONSOR
    return Brief(
        title=title,
        must=must,
        who_may=who_may,
        closes=closes,
        zone=zone,
        language=language,
        visibility="open" if voting else "sealed",
        who_decides=who_decides,
        rule=default_rule(who_decides),
        # All ideas stand together before the first vote: none has a head start, and authors improve theirs till then.
        vote_opens=closes if voting else None,
        vote_closes=closes + timedelta(days=VOTE_DAYS_AFTER_CLOSING) if voting else None,
        prize_minor=prize_minor,
        currency=currency,
        terms=terms or (EMPLOYEE if staff_only else AUTHOR_KEEPS),
        template=template,
    )
