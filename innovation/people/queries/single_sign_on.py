"""Reading sign-ins that came from the provider, and who came from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from innovation.kernel import ids
from innovation.kernel.db import db
from innovation.people.models import Person, ProviderAccount, SignIn


@dataclass(frozen=True, slots=True)
class ProviderSignIn:
    """A sign-in from the provider: until when (by its last answer) nothing needs to be asked.

    ``asked_at`` lies ahead of the present time while somebody asks.
    """

    sign_in_id: int
    issuer: str
    asked_at: datetime
    can_be_asked: bool


def provider_sign_in(token: str) -> ProviderSignIn | None:
    """The sign-in of this token, where it came from the provider and still stands."""
    row = db.session.execute(
        select(SignIn.id, SignIn.issuer, SignIn.checked_at, SignIn.created_at, SignIn.refresh_secret != "").where(
            SignIn.token_digest == ids.digest(token), SignIn.revoked_at.is_(None), SignIn.issuer != ""
        )
    ).one_or_none()
    return ProviderSignIn(row[0], row[1], row[2] or row[3], bool(row[4])) if row else None


def linked(issuer: str, subject: str) -> ProviderAccount | None:
    """The account at the provider that this subject is, if it was ever here."""
    return db.session.scalars(
        select(ProviderAccount).where(ProviderAccount.issuer == issuer, ProviderAccount.subject == subject)
    ).one_or_none()


def linked_subject(person_id: int, issuer: str) -> str | None:
    """As whom a person is known at the provider."""
    return db.session.scalar(
        select(ProviderAccount.subject)
        .where(ProviderAccount.person_id == person_id, ProviderAccount.issuer == issuer)
        .limit(1)
    )


def may_come_in(person_id: int) -> Person | None:
    """The person, unless his account is off or erased."""
    wanted = (Person.id == person_id, Person.disabled_at.is_(None), Person.erased_at.is_(None))
    return db.session.scalars(select(Person).where(*wanted)).one_or_none()
