"""Reading who acts in whose place: for a sponsor or a checker in his challenge, for an approver in a programme."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select

from innovation.challenges.models import Deputy
from innovation.kernel.db import db
from innovation.people.models import GrantRow

SPONSOR, CHECKER, APPROVER = "sponsor", "checker", "approver"


def asks_himself() -> ColumnElement[bool]:
    """Grants of sponsors who ask themselves, rather than in the place of one."""
    stands_in = exists().where(
        Deputy.role == SPONSOR, Deputy.challenge_id == GrantRow.scope_id, Deputy.deputy_id == GrantRow.person_id
    )
    return ~stands_in.correlate(GrantRow)


def deputies(challenge_id: int, role: str = SPONSOR) -> Sequence[Deputy]:
    """Who stands in for which sponsor, or which checker, of a challenge."""
    return db.session.scalars(
        select(Deputy).where(Deputy.challenge_id == challenge_id, Deputy.role == role).order_by(Deputy.id)
    ).all()


def deputy_of_approver(programme_id: int) -> Deputy | None:
    """Who stands in for the person who approves a programme's challenges."""
    return db.session.scalars(
        select(Deputy).where(Deputy.programme_id == programme_id, Deputy.role == APPROVER).order_by(Deputy.id)
    ).first()
