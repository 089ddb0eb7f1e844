"""The door to the index: one page, whose address holds the whole question, so that it can be kept and passed on."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import request, url_for

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.kernel import i18n
from innovation.kernel.web import Answer, actor, blueprint, page, respond, searched
from innovation.rules.policy import May
from innovation.search import queries
from innovation.search.queries import Filters

bp = blueprint("search", __name__)

SHOWN = 6
"""Languages and challenges offered to narrow by."""


@bp.get("/search")
@page(May.LOOK)
def index() -> Answer:
    # What a field sends as typed may end in a blank: then its last word is whole.
    typed, filters = request.args.get("q", "")[:200], _filters()
    number = request.args.get("page", "")
    found = queries.search(
        actor(),
        typed,
        i18n.language(),
        filters,
        int(number) if number.isdecimal() and len(number) < 4 else 1,
        exactly=bool(request.args.get("exactly")),
    )
    names = queries.challenge_names([each for each, _count in found.challenges])
    inside = challenges.get(actor(), filters.challenge) if filters.challenge else None
    programme = challenges.programme(actor(), filters.programme) if filters.programme else None
    response = respond(
        "search/index.html",
        typed=searched(),
        filters=filters,
        found=found,
        inside=inside,
        programme=programme,
        language_facets=[(code, _language_name(code), count) for code, count in found.languages[:SHOWN]],
        challenge_facets=[(*names[each], count) for each, count in found.challenges[:SHOWN] if each in names],
        language_name=_language_name,
        address=lambda **changes: _address(found.question.written() if found.instead else typed, filters, **changes),
        exact_address=_url(filters, q=typed, exactly="1"),
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/challenges/<public_id>/similar")
@page(May.LOOK, on=challenges.get)
def similar(challenge: Challenge) -> Answer:
    """Ideas like the one being written: asked while its title is typed, or on a page of its own."""
    draft = ideas.get(actor(), request.args.get("idea", "")[:20])
    title = request.args.get("title", draft.title if draft else "")[:200]
    found = queries.like(actor(), challenge, title, draft.text if draft else "", but=draft.public_id if draft else "")
    return respond(
        "search/similar.html", fragment="search/_similar.html", challenge=challenge, draft=draft, title=title, found=found
    )


def _filters() -> Filters:
    wanted = {name: request.args.get(name, "").strip()[:20] for name in asdict(Filters())}
    return Filters(**wanted).sound()


def _address(typed: str, filters: Filters, *, number: int = 1, **changes: str) -> str:
    """The same question narrowed otherwise; from its first page on, unless another is named."""
    exactly = "1" if request.args.get("exactly") else None
    page = str(number) if number > 1 else None
    return _url(replace(filters, **changes).sound(), q=typed, exactly=exactly, page=page)


def _url(filters: Filters, **values: str | None) -> str:
    kept: dict[str, Any] = {name: value or None for name, value in asdict(filters).items()}
    return url_for("search.index", **(values | kept))


def _language_name(code: str) -> str:
    """A language in the words of the reader's."""
    try:
        return (Locale.parse(code).get_language_name(i18n.language()) or code).capitalize()
    except (UnknownLocaleError, ValueError):
        return code
