"""Reading what somebody typed into forms and has not sent: one's own alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people.models import FormDraft


def drafts_at(actor: Actor, places: Iterable[str]) -> Sequence[FormDraft]:
    """The actor's drafts for these forms."""
    wanted = (FormDraft.person_id == actor.person_id, FormDraft.place.in_(list(places)))
    return db.session.scalars(select(FormDraft).where(*wanted).order_by(FormDraft.id)).all()
