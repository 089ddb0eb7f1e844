"""Keeping filters under a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from innovation.insight.models import SavedView
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.usecase import AT_LOCK, require, use_case
from innovation.rules.policy import May

MOST = 50
"""How many views one person keeps of a page."""


@use_case(May.SEE_FUNNEL)
def save(*, actor: Actor, page: str, title: str, query: str, shared: bool, now: datetime = AT_LOCK) -> SavedView:
    """Keep the funnel's filters under a name; the same name again replaces what it stood for.

    Raises:
        Invalid: the filters are too long, or there are too many views.
    """
    return _kept(actor, page, title, query, shared, now)


@use_case(May.USE_ACCOUNT)
def keep(*, actor: Actor, page: str, title: str, query: str, shared: bool, now: datetime = AT_LOCK) -> SavedView:
    """Keep the filters and order of a list under a name; the same name again replaces what it stood for.

    Raises:
        Invalid: the filters are too long, or there are too many views.
        Refused: others are to use it, and this person is not of the house: what he names is read by everybody.
    """
    if shared:
        require(actor, May.SHARE_VIEW)
    return _kept(actor, page, title, query, shared, now)


def _kept(actor: Actor, page: str, title: str, query: str, shared: bool, now: datetime) -> SavedView:
    if len(query) > 1000:
        raise Invalid("too_long", field="query")
    mine = select(SavedView).where(SavedView.person_id == actor.person_id, SavedView.page == page)
    found = db.session.scalars(mine.where(SavedView.title == title)).one_or_none()
    if found is None:
        if len(db.session.scalars(mine).all()) >= MOST:
            raise Invalid("too_many_views", field="title")
        found = SavedView(person_id=actor.person_id, page=page, title=title, query=query, shared=shared, saved_at=now)
        db.session.add(found)
    found.query, found.shared, found.saved_at = query, shared, now
    db.session.flush()
    return found


@use_case(May.KEEP_VIEW, on="view")
def share(*, actor: Actor, view: SavedView, shared: bool) -> None:
    """Let everybody who may see the page use a view, or keep it to oneself again.

    Raises:
        Refused: this person is not of the house.
    """
    if shared and view.page != "funnel":
        require(actor, May.SHARE_VIEW)
    view.shared = shared


@use_case(May.KEEP_VIEW, on="view")
def forget(*, actor: Actor, view: SavedView) -> None:
    """Throw a view away."""
    db.session.delete(view)
