"""What is typed into a form, kept on the server until it is sent. Everybody has only his own."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people.models import FormDraft
from innovation.rules.policy import May

LARGEST = 200_000
"""Bytes of one draft."""
MOST = 50
"""Drafts of one person; the oldest make room."""
DAYS = 60
"""How long a draft waits."""
LONGEST_PLACE = 120


@use_case(May.USE_ACCOUNT)
def keep(*, actor: Actor, place: str, fields: dict[str, list[str]], now: datetime = AT_LOCK) -> None:
    """Keep what somebody typed into the form that is sent to ``place``; the last word counts. Nothing typed keeps nothing.

    Raises:
        Invalid: the place is no address of this site, or what was typed is too large.
    """
    if not place.startswith("/") or len(place) > LONGEST_PLACE:
        raise Invalid("no_such_place", field="place")
    if len(json.dumps(fields, ensure_ascii=False).encode()) > LARGEST:
        raise Invalid("too_large", field="fields")
    if not any(value.strip() for values in fields.values() for value in values):
        drop(actor=actor, place=place)
        return
    row = upsert(FormDraft).values(person_id=actor.person_id, place=place, fields=fields, saved_at=now)
    latest = {"fields": row.excluded.fields, "saved_at": row.excluded.saved_at}
    db.session.execute(row.on_conflict_do_update(index_elements=["person_id", "place"], set_=latest))
    newest = select(FormDraft.id).where(FormDraft.person_id == actor.person_id)
    newest = newest.order_by(FormDraft.saved_at.desc(), FormDraft.id.desc()).limit(MOST)
    db.session.execute(delete(FormDraft).where(FormDraft.person_id == actor.person_id, FormDraft.id.not_in(newest)))


@use_case(May.USE_ACCOUNT)
def drop(*, actor: Actor, place: str) -> None:
    """Forget a draft: its form was sent, or its writer does not want it."""
    db.session.execute(delete(FormDraft).where(FormDraft.person_id == actor.person_id, FormDraft.place == place))


def forget_below(folder: str) -> None:
    """Forget what anybody typed into forms below an address, which ends in ``/``; inside a use case."""
    db.session.execute(delete(FormDraft).where(FormDraft.place.startswith(folder, autoescape=True)))


@use_case(None)
def forget_old(*, actor: Actor, now: datetime = AT_LOCK) -> None:
    """Forget drafts that nobody came back to."""
    db.session.execute(delete(FormDraft).where(FormDraft.saved_at < now - timedelta(days=DAYS)))
