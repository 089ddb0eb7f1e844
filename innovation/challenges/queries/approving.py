"""Reading who approves a challenge before it is published, and what waits for it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, union

from innovation.challenges.models import Audience, Challenge, Deputy, Programme
from innovation.challenges.queries.deputies import APPROVER, deputy_of_approver
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.rules.challenge import EDITABLE, ChallengeState


def approves(actor: Actor) -> ColumnElement[bool]:
    """Challenges that were handed in and that this person was named to approve, or stands in for who was."""
    if actor.person_id is None:
        return false()
    # Neither looks at a row around it, whatever else the statement reads.
    named = select(Programme.id).where(Programme.approver_id == actor.person_id).correlate(None)
    standing_in = select(Deputy.programme_id).where(Deputy.role == APPROVER, Deputy.deputy_id == actor.person_id)
    return and_(
        Challenge.state == ChallengeState.PROPOSED, Challenge.programme_id.in_(union(named, standing_in.correlate(None)))
    )


def is_approver(actor: Actor, challenge: Challenge) -> bool:
    """Whether a challenge waits for this person's approval."""
    if actor.person_id is None or challenge.state != ChallengeState.PROPOSED:
        return False
    return bool(db.session.scalar(select(exists().where(Challenge.id == challenge.id, approves(actor)))))


def needs_no_approval(challenge: Challenge) -> bool:
    """Whether a challenge is for our own staff alone, in a programme that lets sponsors publish such ones themselves."""
    if challenge.state not in EDITABLE:
        return False
    free = exists().where(Programme.id == challenge.programme_id, Programme.staff_without_approval.is_(True))
    our_own = or_(Audience.kind == "department", and_(Audience.kind == "circle", Audience.value == str(Circle.STAFF)))
    here = Audience.challenge_id == challenge.id
    return bool(db.session.scalar(select(free & exists().where(here, our_own) & ~exists().where(here, ~our_own))))


def approvers(programme_id: int) -> list[int]:
    """Who is asked to approve a programme's challenges: the person named and his deputy, else all its managers."""
    named = db.session.scalar(select(Programme.approver_id).where(Programme.id == programme_id))
    if named is None:
        return people.managers(programme_id)
    deputy = deputy_of_approver(programme_id)
    return [named, *([deputy.deputy_id] if deputy else [])]


def approver_names(programme_id: int) -> list[str]:
    """The names of those who are asked to approve a programme's challenges."""
    wanted = approvers(programme_id)
    known = people.names(wanted)
    return [known[each] for each in dict.fromkeys(wanted) if each in known]
