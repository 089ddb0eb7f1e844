"""Who has to act now, and on what: whom a reminder about something reaches. Nobody where nothing waits for anybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Inquiry
from innovation.challenges.queries import checking
from innovation.ideas.models import Idea
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.people.models import Person
from innovation.projects.models import Gate
from innovation.projects.queries import audience
from innovation.projects.queries.gates import WAITING
from innovation.promotion.models import PicksFinished, Round, Run, RunChallenge
from innovation.rules.challenge import ChallengeState, WhoDecides
from innovation.rules.idea import IdeaState
from innovation.rules.predicates import Role
from innovation.rules.project import ProjectState
from innovation.rules.run import RunState
from innovation.rules.sending import DutyKind


@dataclass(frozen=True, slots=True)
class Duty:
    """What waits, and the people any of whom can settle it."""

    what: DutyKind
    people: tuple[int, ...]


def of_challenge(challenge: Challenge, now: datetime) -> Duty | None:
    """What a challenge waits for: its approval, its sponsor's choice, the announcement, or the answer to its authors."""
    if challenge.state == ChallengeState.PROPOSED:
        return _duty(DutyKind.APPROVE, challenges.approvers(challenge.programme_id))
    if challenge.state != ChallengeState.PUBLISHED:
        return None
    sponsors = people.holders(Role.SPONSOR, "challenge", challenge.id)
    together = _decided_with(challenge.id)
    if together:
        return _duty(
            DutyKind.ANNOUNCE, [one for each in together for one in people.holders(Role.SPONSOR, "challenge", each)]
        )
    if challenge.closes_at > now:
        return None
    if challenge.who_decides == WhoDecides.SPONSOR and not _picked(challenge.id):
        return _duty(DutyKind.PICK, sponsors)
    return _duty(DutyKind.ANSWER, sponsors) if challenge.answer_by is not None else None


def of_idea(idea: Idea) -> Duty | None:
    """An idea that waits to be checked; its challenge must be loaded."""
    if idea.state != IdeaState.CHECKING:
        return None
    return _duty(DutyKind.CHECK, checking.checker_ids(idea.challenge_id))


def of_inquiry(inquiry: Inquiry) -> Duty | None:
    """A question that its challenge's sponsors have not answered."""
    if inquiry.answered_at is not None:
        return None
    return _duty(DutyKind.INQUIRY, people.holders(Role.SPONSOR, "challenge", inquiry.challenge_id))


def of_gate(gate: Gate) -> Duty | None:
    """A gate that waits for its keeper; its project must be loaded."""
    if gate.state not in WAITING or gate.project.state != ProjectState.RUNNING:
        return None
    return _duty(DutyKind.GATE, sorted(audience.keepers(gate.project_id, gate.key)))


def _duty(what: DutyKind, person_ids: Iterable[int]) -> Duty | None:
    wanted = list(dict.fromkeys(person_ids))
    here = select(Person.id).where(Person.id.in_(wanted), Person.disabled_at.is_(None), Person.erased_at.is_(None))
    found = set(db.session.scalars(here)) if wanted else set()
    return Duty(what, tuple(each for each in wanted if each in found)) if found else None


def _decided_with(challenge_id: int) -> Sequence[int]:
    """The challenges of the result that this one is part of, where it is decided and not announced."""
    runs = (
        select(RunChallenge.run_id)
        .join(Run, Run.id == RunChallenge.run_id)
        .join(Round, Round.id == Run.round_id)
        .where(RunChallenge.challenge_id == challenge_id, Run.state == RunState.DECIDED, Round.purpose == "promotion")
    )
    found = select(RunChallenge.challenge_id).where(RunChallenge.run_id.in_(runs)).distinct()
    return db.session.scalars(found.order_by(RunChallenge.challenge_id)).all()


def _picked(challenge_id: int) -> bool:
    under_way = exists().where(RunChallenge.challenge_id == challenge_id)
    finished = exists().where(PicksFinished.challenge_id == challenge_id)
    return bool(db.session.scalar(select(or_(under_way, finished))))
