"""Reading terms, who approved them, and who accepted them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from innovation.challenges.models import Challenge, Terms, TermsAcceptance
from innovation.kernel.db import db
from innovation.people.models import Person

MOST_VERSIONS = 200


@dataclass(frozen=True, slots=True)
class Approved:
    """That a version of terms was approved: by whom (None for somebody who is no longer here), and when."""

    name: str | None
    at: datetime


def terms(key: str, version: int, language: str) -> Terms | None:
    return db.session.scalars(
        select(Terms).where(Terms.key == key, Terms.version == version, Terms.language == language)
    ).one_or_none()


def accepted(person_id: int, challenge: Challenge) -> TermsAcceptance | None:
    """A person's acceptance of the challenge's terms, if there is one."""
    return db.session.scalars(
        select(TermsAcceptance).where(
            TermsAcceptance.person_id == person_id,
            TermsAcceptance.challenge_id == challenge.id,
            TermsAcceptance.terms_id == challenge.terms_id,
        )
    ).one_or_none()


def approval(key: str, version: int) -> Terms | None:
    """An approved row of a version, in whatever language."""
    wanted = Terms.key == key, Terms.version == version, Terms.approved_at.is_not(None)
    return db.session.scalars(select(Terms).where(*wanted).order_by(Terms.id).limit(1)).one_or_none()


def versions() -> Sequence[Terms]:
    """Every version of terms that was ever used here, the newest first."""
    return db.session.scalars(
        select(Terms).order_by(Terms.key, Terms.version.desc(), Terms.language).limit(MOST_VERSIONS)
    ).all()


def approvals() -> dict[tuple[str, int], Approved]:
    """Which versions were approved, by key and version."""
    rows = db.session.execute(
        select(Terms.key, Terms.version, Terms.approved_at, Person.name, Person.erased_at)
        .outerjoin(Person, Person.id == Terms.approved_by)
        .where(Terms.approved_at.is_not(None))
        .order_by(Terms.id)
    )
    return {(row.key, row.version): Approved(row.name if row.erased_at is None else None, row.approved_at) for row in rows}


def version(key: str, number: int, language: str) -> Terms | None:
    """One version in a language, or in whatever language it was used."""
    rows = db.session.scalars(select(Terms).where(Terms.key == key, Terms.version == number).order_by(Terms.id)).all()
    return next((each for each in rows if each.language == language), rows[0] if rows else None)
