"""The filters of the funnel as an address carries them, and the form that keeps them under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.insight.queries import filters as queries
from innovation.insight.queries.filters import Filters, month
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.forms import OnceForm, line

_T = TypeVar("_T")

MESSAGES = {
    "too_many_views": _l("You have as many views as there can be. Throw one away first."),
    "too_long": _l("These are too many filters to keep."),
}


class UnknownFilter(LookupError):
    """An address names something that is not there, or that this person does not see."""


def read_filters(actor: Actor, args: Mapping[str, str], challenge: Challenge | None = None) -> Filters:
    """The filters an address carries; of a challenge's own page, that challenge.

    Raises:
        UnknownFilter: a name in it leads nowhere. What is no date is left out.
    """
    found = Filters(
        challenge=challenge,
        circle=_one_of(args.get("circle", ""), [str(circle) for circle in Circle]),
        topic=args.get("topic", "")[:60],
        since=_day(args.get("from", "")),
        until=_day(args.get("to", "")),
        cohort=_month(args.get("cohort", "")),
    )
    if name := args.get("programme"):
        found = replace(found, programme=_there(challenges.programme(actor, name)))
    if name := args.get("challenge"):
        asked = _there(queries.challenge(actor, name))
        found = replace(found, challenge=challenge or asked)
    if name := args.get("organisation"):
        found = replace(found, organisation=_there(queries.organisation(name)))
    return found


def compared(actor: Actor, args: Mapping[str, str], filters: Filters) -> Filters | None:
    """What an address sets the filters beside: the days before (``before``), or another challenge; None for nothing.

    Raises:
        UnknownFilter: it is no challenge that this person may ask for.
    """
    wanted = args.get("compare", "")
    if not wanted:
        return None
    if wanted == "before":
        return filters.before()
    return replace(filters, challenge=_there(queries.challenge(actor, wanted)))


def _there(row: _T | None) -> _T:
    if row is None:
        raise UnknownFilter
    return row


def _one_of(value: str, known: list[str]) -> str:
    return value if value in known else ""


def _day(value: str) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def _month(value: str) -> str:
    try:
        return value if 1900 <= month(value)[0].year <= 2200 else ""
    except ValueError:
        return ""


KEYS = ("programme", "challenge", "organisation", "circle", "topic", "from", "to", "cohort", "compare", "details")
"""What an address of the funnel carries."""


def known_filters(query: str) -> dict[str, Any]:
    """A query string's filters, without anything else that stands in it."""
    return {key: value for key, value in parse_qsl(query) if key in KEYS and value}


class ViewForm(OnceForm):
    """A name for the filters of a page."""

    title = line(_l("Name of this view"), maximum=100)
    query = HiddenField()
    shared = BooleanField(_l("Everybody who sees the funnel may use it"))
