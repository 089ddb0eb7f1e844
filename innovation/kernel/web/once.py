"""The same form sent twice: what it made is made once, and the second answer is the first one's."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from flask import redirect, request, session
from sqlalchemy import String, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.wrappers import Response as BaseResponse

from innovation.kernel import clock, ids
from innovation.kernel.db import Base, Keyed, db
from innovation.kernel.usecase import transaction
from innovation.kernel.web.answers import Answer, Undo
from innovation.kernel.web.asking import actor
from innovation.kernel.web.wrong import error_page


class Idempotency(Keyed, Base):
    """The answer to a form that makes something, so that a second click finds the first one's result."""

    __tablename__ = "idempotency"
    __table_args__ = (UniqueConstraint("who", "key"),)

    who: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]


def once_key() -> str:
    """A fresh key for a form that makes something; the form sends it back as ``once``."""
    return ids.token()[:32]


def _who() -> str:
    person = actor().person_id
    return f"p{person}" if person else str(session.setdefault("nonce", ids.token()[:32]))


def _request_hash() -> str:
    body = sorted((k, v) for k, v in request.form.items(multi=True) if k != "csrf_token")
    return hashlib.sha256(repr((request.path, body)).encode()).hexdigest()


def repeat() -> Answer | None:
    """The first answer to this very form, if it was sent before."""
    key = request.form.get("once")
    if not key:
        return None
    # Written first and without a location: of two at once, the second waits here for the first to commit.
    row = Idempotency(who=_who(), key=key[:64], request_hash=_request_hash(), location="", created_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        earlier = db.session.scalars(select(Idempotency).where(Idempotency.who == row.who, Idempotency.key == row.key)).one()
        if earlier.request_hash != row.request_hash:
            raise Undo(error_page(422, "form_changed", where=earlier.location)) from None
        return redirect(earlier.location, 303)
    return None


def remember(answer: Answer) -> None:
    """Keep where this form's answer led to."""
    key = request.form.get("once")
    if key and isinstance(answer, BaseResponse) and answer.status_code == 303:
        row = db.session.scalars(select(Idempotency).where(Idempotency.who == _who(), Idempotency.key == key[:64])).one()
        row.location = answer.headers["Location"]


def forget_old_answers(hours: int = 48) -> None:
    """Drop answers nobody will ask for again."""
    with transaction():
        db.session.execute(delete(Idempotency).where(Idempotency.created_at < clock.now() - timedelta(hours=hours)))
