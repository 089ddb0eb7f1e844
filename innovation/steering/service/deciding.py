"""One act on everything that was picked on the desk, each thing in a transaction of its own.

Nothing is decided here: every act is the verb of the feature it belongs to, with that verb's own rights. What one thing
refuses keeps no other from being done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.service import briefs, course, deputies
from innovation.ideas import queries as ideas
from innovation.ideas.service import checking
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import DomainError, NotPossible
from innovation.kernel.usecase import transaction
from innovation.projects import queries as projects
from innovation.projects.service import gates
from innovation.promotion import queries as promotion
from innovation.promotion.service import running
from innovation.rules.desk import DeskAct
from innovation.rules.predicates import Role
from innovation.rules.sending import Chosen
from innovation.steering.queries.picked import picked


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said to an act, besides what he picked.

    Attributes:
        day: for an extension, the new day.
        email: for an assignment, whose turn it becomes.
        seen: what he looked at, by public id: a result's fingerprint, the number of an idea's revision.
    """

    day: date | None = None
    reason: str = ""
    email: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing: done, or why it was refused."""

    chosen: Chosen
    problem: DomainError | None = None


def carry_out(*, actor: Actor, act: DeskAct, chosen: Sequence[Chosen], said: Said) -> list[Outcome]:
    """Do an act to everything that was picked, in that order."""
    return [_one(actor, act, each, said) for each in dict.fromkeys(chosen)]


def _one(actor: Actor, act: DeskAct, chosen: Chosen, said: Said) -> Outcome:
    does = _ACTS.get((act, chosen.kind))
    try:
        if does is None:
            raise NotPossible("not_here")
        does(actor, chosen.name, said)
    except DomainError as problem:
        return Outcome(chosen, problem)
    finally:
        # The next one is read anew: time has passed, and this one's locks are gone.
        db.session.rollback()
        db.session.expire_all()
    return Outcome(chosen)


def _publish(actor: Actor, name: str, said: Said) -> None:
    briefs.publish(actor=actor, challenge=_challenge(actor, name))


def _announce(actor: Actor, name: str, said: Said) -> None:
    run = promotion.get(actor, name)
    if run is None:
        raise NotPossible("not_here")
    running.announce(actor=actor, run=run, seen=said.seen.get(name))


def _accept(actor: Actor, name: str, said: Said) -> None:
    idea = ideas.get(actor, name)
    if idea is None:
        raise NotPossible("not_here")
    seen = said.seen.get(name, "")
    checking.accept(actor=actor, idea=idea, revision=int(seen) if seen.isdecimal() and len(seen) < 6 else None)


def _promise_later(actor: Actor, name: str, said: Said) -> None:
    assert said.day is not None
    course.promise_later(actor=actor, challenge=_challenge(actor, name), day=said.day, reason=said.reason)


def _extend_gate(actor: Actor, name: str, said: Said) -> None:
    assert said.day is not None
    public_id, _, key = name.partition("/")
    project = projects.get(actor, public_id)
    if project is None:
        raise NotPossible("not_here")
    gates.extend(actor=actor, project=project, gate_key=key, day=said.day, reason=said.reason)


def _assign_challenge(actor: Actor, name: str, said: Said) -> None:
    _assign(actor, [_challenge(actor, name)], said.email)


def _assign_run(actor: Actor, name: str, said: Said) -> None:
    run = promotion.get(actor, name)
    if run is None:
        raise NotPossible("not_here")
    _assign(actor, [part.challenge for part in run.challenges], said.email)


def _assign_idea(actor: Actor, name: str, said: Said) -> None:
    """Let somebody check in the place of those who check where an idea waits: those named for it, else the sponsors."""
    found = picked(actor, DeskAct.ASSIGNMENT, [Chosen("idea", name)])[0].challenge
    if found is None:
        raise NotPossible("not_here")
    role = Role.CHECKER if deputies.own_holders(found.id, Role.CHECKER) else Role.SPONSOR
    _assign(actor, [found], said.email, role)


def _assign(actor: Actor, places: Sequence[Challenge], email: str, role: Role = Role.SPONSOR) -> None:
    """Let one person stand in for everybody who holds a role in some challenges: for all of them, or for none."""
    with transaction():
        for challenge in places:
            for person_id in deputies.own_holders(challenge.id, role):
                deputies.name_deputy(actor=actor, challenge=challenge, person_id=person_id, email=email, role=role)


def _assign_gate(actor: Actor, name: str, said: Said) -> None:
    public_id, _, key = name.partition("/")
    project = projects.get(actor, public_id)
    if project is None:
        raise NotPossible("not_here")
    gates.name_deputy(actor=actor, project=project, gate_key=key, email=said.email)


def _challenge(actor: Actor, name: str) -> Challenge:
    found = challenges.get(actor, name)
    if found is None:
        raise NotPossible("not_here")
    return found


_ACTS: Mapping[tuple[DeskAct, str], Callable[[Actor, str, Said], None]] = {
    (DeskAct.PUBLICATION, "challenge"): _publish,
    (DeskAct.ANNOUNCEMENT, "run"): _announce,
    (DeskAct.ACCEPTANCE, "idea"): _accept,
    (DeskAct.EXTENSION, "challenge"): _promise_later,
    (DeskAct.EXTENSION, "gate"): _extend_gate,
    (DeskAct.ASSIGNMENT, "challenge"): _assign_challenge,
    (DeskAct.ASSIGNMENT, "run"): _assign_run,
    (DeskAct.ASSIGNMENT, "idea"): _assign_idea,
    (DeskAct.ASSIGNMENT, "gate"): _assign_gate,
}
