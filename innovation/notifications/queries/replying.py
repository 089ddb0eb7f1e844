"""Whom an answer to a mail reaches."""

from __future__ import annotations

from sqlalchemy import and_, case, or_, select

from innovation.challenges.models import Challenge
from innovation.kernel.db import db
from innovation.people.models import EmailAddress, GrantRow, Person
from innovation.rules.predicates import Role


def reply_to(challenge_id: int, reader_id: int | None) -> tuple[str, str] | None:
    """(name, address) of who answers for a challenge: its first sponsor; of a sealed one, and of one whose sponsor
    withholds his name, the programme's manager.

    Nobody is sent to himself, and who left or was disabled answers nobody; then the next one does.
    """
    challenge = db.session.get_one(Challenge, challenge_id)
    roles = and_(GrantRow.role == Role.SPONSOR, GrantRow.scope == "challenge", GrantRow.scope_id == challenge.id)
    own = and_(GrantRow.role == Role.MANAGER, GrantRow.scope == "programme", GrantRow.scope_id == challenge.programme_id)
    whole = and_(GrantRow.role == Role.MANAGER, GrantRow.scope == "host")
    lines = [own, whole] if challenge.visibility == "sealed" or challenge.sponsor_withheld else [roles, own, whole]
    rank = case(*((line, number) for number, line in enumerate(lines)), else_=len(lines))
    row = db.session.execute(
        select(Person.name, EmailAddress.typed)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .where(
            or_(*lines),
            GrantRow.valid_to.is_(None),
            EmailAddress.verified_at.is_not(None),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
            Person.id != (reader_id or 0),
        )
        .order_by(rank, GrantRow.id, EmailAddress.id)
        .limit(1)
    ).one_or_none()
    return (row.name, row.typed) if row else None
