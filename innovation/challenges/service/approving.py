"""Who approves a programme's challenges, and the two days in which he answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from innovation.challenges.events import ApprovalArranged
from innovation.challenges.models import Deputy, Programme
from innovation.challenges.queries.deputies import APPROVER
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries as people
from innovation.people.models import Person
from innovation.rules.policy import May

BATCH = 200


@use_case(May.MANAGE_PROGRAMME, on="programme")
def arrange(
    *,
    actor: Actor,
    programme: Programme,
    approver: str,
    deputy: str,
    staff_without_approval: bool,
    now: datetime = AT_LOCK,
) -> None:
    """Say who approves a programme's challenges.

    Args:
        approver: his address; empty for any of its managers.
        deputy: the address of who stands in for him, if somebody does.
        staff_without_approval: whether sponsors may publish to our own staff alone without asking.

    Raises:
        Invalid: nobody has an address, both are one person, or there is a deputy of nobody.
    """
    named, stands_in = _person(approver, "approver"), _person(deputy, "deputy")
    if stands_in is not None and named is None:
        raise Invalid("deputy_of_nobody", field="approver")
    if stands_in is not None and named is not None and stands_in.id == named.id:
        raise Invalid("own_deputy", field="deputy")
    programme.approver_id = named.id if named else None
    programme.staff_without_approval = staff_without_approval
    db.session.execute(delete(Deputy).where(Deputy.programme_id == programme.id, Deputy.role == APPROVER))
    if named is not None and stands_in is not None:
        db.session.add(
            Deputy(programme_id=programme.id, role=APPROVER, person_id=named.id, deputy_id=stands_in.id, named_at=now)
        )
    fact = ApprovalArranged(
        approver_id=programme.approver_id,
        deputy_id=stands_in.id if stands_in else None,
        staff_without_approval=staff_without_approval,
        programme_id=programme.id,
    )
    emit(fact, actor=actor, now=now)


def _person(email: str, field: str) -> Person | None:
    if not email.strip():
        return None
    found = people.by_email(email)
    if found is None:
        raise Invalid("nobody_has_this_address", field=field)
    return found
