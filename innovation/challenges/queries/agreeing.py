"""Reading terms, and who accepted them."""

from __future__ import annotations

from sqlalchemy import select

from innovation.challenges.models import Challenge, Terms, TermsAcceptance
from innovation.kernel.db import db


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
