"""Keeping filters under a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from innovation.insight.models import SavedView
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May

MOST = 50
"""How many views one person keeps of a page."""


@use_case(May.SEE_FUNNEL)
def save(*, actor: Actor, page: str, title: str, query: str, shared: bool, now: datetime = AT_LOCK) -> SavedView:
    """Keep a page's filters under a name; the same name again replaces what it stood for.

    Raises:
        Invalid: the filters are too long, or there are too many views.
    """
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
    """Let everybody who may see the page use a view, or keep it to oneself again."""
    view.shared = shared


@use_case(May.KEEP_VIEW, on="view")
def forget(*, actor: Actor, view: SavedView) -> None:
    """Throw a view away."""
    db.session.delete(view)
