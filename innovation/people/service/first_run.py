"""The first administrator of an empty house: a link that works once, for a day, and never where there is one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from innovation.kernel import ids
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries
from innovation.people.events import PersonJoined
from innovation.people.models import Credential, SetupLink
from innovation.people.service.accounts import add_person, place
from innovation.people.service.giving import give
from innovation.rules.policy import May
from innovation.rules.predicates import Role

GOOD_HOURS = 24


@use_case(None)
def make_link(*, actor: Actor, now: datetime = AT_LOCK) -> str | None:
    """A token for the first administrator's link; the ones before work no longer. None where there is an administrator."""
    if queries.has_administrator():
        return None
    db.session.execute(update(SetupLink).where(SetupLink.used_at.is_(None)).values(used_at=now))
    token = ids.token()
    row = SetupLink(token_digest=ids.digest(token), made_at=now, expires_at=now + timedelta(hours=GOOD_HOURS))
    db.session.add(row)
    return token


@use_case(May.LOOK)
def begin(
    *, actor: Actor, token: str, name: str, email: str, password_hash: str, language: str, now: datetime = AT_LOCK
) -> int:
    """Become the first administrator. Returns the person's id.

    Raises:
        Invalid: ``link_spent``: the link was used, is too old, is not ours, or there is an administrator by now;
            ``address_taken``.
    """
    used = db.session.scalar(
        update(SetupLink)
        .where(SetupLink.token_digest == ids.digest(token), SetupLink.used_at.is_(None), SetupLink.expires_at > now)
        .values(used_at=now)
        .returning(SetupLink.id)
    )
    if used is None or queries.has_administrator():
        raise Invalid("link_spent")
    person = add_person(actor=actor, name=name, email=email, language=language, verified=True, now=now)
    host = queries.host()
    place(person, Circle.STAFF, host.id if host else None, None, "manager", now)
    for role in (Role.ADMINISTRATOR, Role.MANAGER):
        give(actor=actor, person_id=person.id, role=role, scope="host", scope_id=0, now=now)
    db.session.add(Credential(person_id=person.id, kind="password", secret=password_hash, changed_at=now))
    emit(PersonJoined(person_id=person.id, how="first_run"), actor=actor, now=now)
    return person.id
