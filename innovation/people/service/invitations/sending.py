"""How the mails of a list go out: handed over bit by bit, each once, and what the mail server said of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from innovation.kernel.actor import Actor, Origin
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries
from innovation.people.events import InvitationBounced, PersonInvited
from innovation.people.models import Invitation

LONGEST_ANSWER = 300


@use_case(None)
def hand_over(*, actor: Actor, at_most: int, now: datetime = AT_LOCK) -> int:
    """State for the next invitations whose time has come that they are sent: one fact each, in the name of who invited.

    Being handed over empties ``due_at`` in the same transaction as the fact, so that nobody is mailed twice and nobody is
    forgotten, wherever it stops. Returns how many there were.
    """
    waiting = (
        select(Invitation.id)
        .where(Invitation.due_at <= now, Invitation.revoked_at.is_(None), Invitation.accepted_at.is_(None))
        .order_by(Invitation.due_at, Invitation.id)
        .limit(at_most)
    )
    rows = db.session.execute(
        update(Invitation)
        # Asked once more of each row: another clock may have taken it between the look and the lock.
        .where(Invitation.id.in_(waiting.scalar_subquery()), Invitation.due_at.is_not(None))
        .values(due_at=None)
        .returning(Invitation.id, Invitation.email_key, Invitation.challenge_id, Invitation.invited_by)
    ).all()
    # Somebody may have said never while his mail waited.
    never = queries.said_never([row.email_key for row in rows])
    inviters = queries.actors({row.invited_by for row in rows if row.invited_by}, Origin.CLOCK)
    for row in sorted(rows):
        if row.email_key not in never:
            said = PersonInvited(invitation_id=row.id, challenge_id=row.challenge_id)
            emit(said, actor=inviters.get(row.invited_by, actor), now=now)
    return len(rows)


@use_case(None)
def mark_sent(*, actor: Actor, invitation_id: int, now: datetime = AT_LOCK) -> None:
    """Keep that an invitation's mail has left."""
    db.session.execute(
        update(Invitation).where(Invitation.id == invitation_id, Invitation.sent_at.is_(None)).values(sent_at=now)
    )


@use_case(None)
def mark_bounced(*, actor: Actor, invitation_id: int, said: str, now: datetime = AT_LOCK) -> None:
    """Keep that a mail server would not take an invitation's mail, and what it said."""
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is not None and invitation.bounced_at is None:
        invitation.bounced_at, invitation.bounce = now, said[:LONGEST_ANSWER]
        emit(InvitationBounced(invitation_id=invitation_id, challenge_id=invitation.challenge_id), actor=actor, now=now)
