"""Inviting a list of people at once. Its mails go out bit by bit; what is not sent yet can be cancelled."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from innovation.kernel import ids
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db, insert_many
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people.events import InvitationsCancelled, PeopleInvited
from innovation.people.models import Invitation, InvitationList
from innovation.people.service.employers import organisation_named
from innovation.people.service.invitations.asking import GOOD_DAYS, replace_open
from innovation.people.service.invitations.preparing import prepare
from innovation.rules.policy import May


@use_case(May.INVITE)
def invite_list(
    *,
    actor: Actor,
    text: str,
    circle: Circle,
    language: str,
    message: str = "",
    challenge_id: int | None = None,
    a_minute: int = 60,
    now: datetime = AT_LOCK,
) -> InvitationList:
    """Invite everybody on a list who can be invited; the list keeps what became of its other lines.

    Args:
        text: one person a line (see ``reading``).
        a_minute: so many mails go out in a minute, those of earlier lists that still wait among them.

    Raises:
        Invalid: nobody on it can be invited, or it is too long.
    """
    found = prepare(text=text)
    if not found.entries and not found.never:
        raise Invalid("nobody_to_invite", field="lines")
    made = InvitationList(
        challenge_id=challenge_id,
        circle=circle,
        language=language,
        message=message,
        made_by=actor.person_id,
        made_at=now,
        taken=len(found.entries),
        merged=found.merged,
        known=len(found.known),
        broken=[{"line": each.number, "cells": list(each.cells), "code": each.code} for each in found.broken],
    )
    db.session.add(made)
    db.session.flush()
    replace_open([entry.key for entry in found.entries], challenge_id, now)
    organisations = {name: organisation_named(name) for name in dict.fromkeys(entry.organisation for entry in found.entries)}
    first, apart = _first_free(now), timedelta(minutes=1) / max(1, a_minute)
    insert_many(
        Invitation,
        [
            {
                "public_id": ids.public_id(),
                "email_typed": entry.email,
                "email_key": entry.key,
                "name": entry.name,
                "circle": circle,
                "organisation_id": organisations[entry.organisation],
                "language": language,
                "challenge_id": challenge_id,
                "message": message,
                "invited_by": actor.person_id,
                "nonce": ids.token(),
                "list_id": made.id,
                "created_at": now,
                "due_at": first + place * apart,
                "expires_at": now + timedelta(days=GOOD_DAYS),
            }
            for place, entry in enumerate(found.entries)
        ],
    )
    emit(PeopleInvited(list_id=made.id, taken=made.taken, challenge_id=challenge_id), actor=actor, now=now)
    return made


@use_case(May.INVITE, on="invitation_list")
def cancel_rest(*, actor: Actor, invitation_list: InvitationList, now: datetime = AT_LOCK) -> int:
    """Take back what was not sent yet. Returns how many invitations that were."""
    taken_back = db.session.scalars(
        update(Invitation)
        .where(
            Invitation.list_id == invitation_list.id,
            Invitation.due_at.is_not(None),
            Invitation.revoked_at.is_(None),
            Invitation.accepted_at.is_(None),
        )
        .values(revoked_at=now, due_at=None)
        .returning(Invitation.id)
    ).all()
    if taken_back:
        said = InvitationsCancelled(
            list_id=invitation_list.id, cancelled=len(taken_back), challenge_id=invitation_list.challenge_id
        )
        emit(said, actor=actor, now=now)
    return len(taken_back)


def _first_free(now: datetime) -> datetime:
    """When the first mail of a new list may go: after those of the lists before it."""
    last = db.session.scalar(select(func.max(Invitation.due_at)).where(Invitation.due_at > now))
    return max(now, last) if last else now
