"""Saved views of the lists: filters and order under a name, one's own and those that others share."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import abort, request, url_for

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.insight import queries as insight
from innovation.insight.forms import MESSAGES, ViewForm
from innovation.insight.models import SavedView
from innovation.insight.service import viewing
from innovation.kernel.errors import Invalid
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, gettext, page, see
from innovation.pages.routes import bp
from innovation.rules.policy import May


class Listed(NamedTuple):
    """A list whose filters can be kept: its endpoint, and what its address carries."""

    endpoint: str
    keys: tuple[str, ...]


LISTS = {
    "challenges": Listed("pages.challenges", ("show", "programme", "topic", "closing", "q")),
    "projects": Listed("pages.projects", ("state", "challenge", "programme", "sort", "q")),
    "ideas": Listed("pages.challenge_ideas", ("state", "sort", "q", "show")),
}
"""By name; the views of a challenge's ideas are kept under ``ideas:`` and that challenge's public id."""


def kept(name: str, query: dict[str, Any], challenge: Challenge | None = None) -> dict[str, Any] | None:
    """What the component ``saved_views`` shows of a list; None for a visitor, who keeps nothing.

    A challenge's ideas are read by many at once, so their views are looked up only when they are asked for (``views``).
    """
    who = actor()
    if not who.signed_in:
        return None
    key = f"{name}:{challenge.public_id}" if challenge else name
    endpoint = LISTS[name].endpoint
    base = url_for(endpoint, public_id=challenge.public_id) if challenge else url_for(endpoint)
    return {
        "views": insight.views(who, key) if challenge is None or "views" in request.args else None,
        "here": urlencode(query | {"views": 1}),
        "asked": "views" in request.args,
        "viewer": who.person_id,
        "list": key,
        "url": base,
        "form": ViewForm(formdata=None, data={"query": urlencode(query)}),
        "may_share": may(who, May.SHARE_VIEW),
    }


@bp.post("/saved-views")
@page(May.USE_ACCOUNT, once=True)
def keep_view() -> Answer:
    key, form = request.form.get("list", ""), ViewForm()
    query = _known(key, form.query.data or "")
    if not form.validate_on_submit():
        return _back(key, gettext("Give the view a name."), "stop", query)
    try:
        made = viewing.keep(actor=actor(), page=key, title=form.title.data, query=urlencode(query), shared=form.shared.data)
    except Invalid as error:
        return _back(key, str(MESSAGES[error.code]), "stop", query)
    return _back(key, gettext("Saved as “%(title)s”.", title=made.title), "good", query)


@bp.post("/saved-views/<public_id>/sharing")
@page(May.KEEP_VIEW, on=insight.mine)
def share_list_view(view: SavedView) -> Answer:
    shared = request.form.get("shared") == "1"
    viewing.share(actor=actor(), view=view, shared=shared)
    said = gettext("Others may use this view now.") if shared else gettext("This view is yours alone again.")
    return _back(view.page, said, "good", _known(view.page, view.query))


@bp.post("/saved-views/<public_id>/removal")
@page(May.KEEP_VIEW, on=insight.mine)
def forget_list_view(view: SavedView) -> Answer:
    key, query = view.page, _known(view.page, view.query)
    back = {"list": key, "title": view.title, "query": view.query, "shared": "y" if view.shared else ""}
    viewing.forget(actor=actor(), view=view)
    return _back(key, gettext("The view is gone."), "good", query, undo=("pages.keep_view", back))


def _known(key: str, query: str) -> dict[str, str]:
    """What a list's address carries of a query string; 404 for a list that there is none of."""
    name, _colon, of = key.partition(":")
    if name not in LISTS or bool(of) != (name == "ideas") or len(of) > 20:
        abort(404)
    return {each: value for each, value in parse_qsl(query) if each in LISTS[name].keys and value}


def _back(key: str, said: str, tone: str, query: dict[str, str], undo: tuple[str, dict[str, Any]] | None = None) -> Answer:
    name, _colon, public_id = key.partition(":")
    values: dict[str, Any] = dict(query)
    if name == "ideas":
        if challenges.get(actor(), public_id) is None:
            abort(404)
        values["public_id"] = public_id
    return see(LISTS[name].endpoint, message=said, tone=tone, undo=undo, **values)
