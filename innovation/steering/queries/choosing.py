"""What was chosen for one act: each thing as the person who acts may know it, and why it cannot be done to some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Inquiry
from innovation.challenges.queries import inquiries
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import may, remember_roles
from innovation.projects import queries as projects
from innovation.projects.models import Gate, Project
from innovation.projects.queries.gates import at_hand
from innovation.promotion.models import Run, RunChallenge
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IdeaState
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.rules.sending import KINDS, Chosen, SendingAct
from innovation.steering.queries import duties
from innovation.steering.queries.duties import Duty

ASKS: Mapping[SendingAct, May] = {
    SendingAct.RETURN_IDEA: May.CHECK_IDEA,
    SendingAct.DECLINE_IDEA: May.CHECK_IDEA,
    SendingAct.RETURN_CHALLENGE: May.RETURN_CHALLENGE,
    SendingAct.ANSWER: May.ANSWER_INQUIRY,
    SendingAct.REMIND: May.REMIND,
}
"""What the policy is asked for each act."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that was chosen.

    ``title`` is empty where the person may not read it: then its public name stands for it. ``problem`` says, as a code,
    why the act cannot be done to it; ``duty`` who is reminded of what, for a reminder.
    """

    chosen: Chosen
    row: Any = None
    challenge: Challenge | None = None
    title: str = ""
    problem: str = ""
    duty: Duty | None = None


def things(actor: Actor, act: SendingAct, chosen: Sequence[Chosen], now: datetime) -> list[Thing]:
    """Each of the chosen things once, in the order in which they were chosen. What this person does not see is not here."""
    wanted = list(dict.fromkeys(chosen))
    found: dict[Chosen, Thing] = {}
    for kind in KINDS[act]:
        names = [each.name for each in wanted if each.kind == kind]
        if names:
            found |= {thing.chosen: thing for thing in _READ[kind](actor, act, names)}
    absent = [Thing(each, problem="not_here") for each in wanted]
    return [_judged(actor, act, found.get(each.chosen, each), now) for each in absent]


def _judged(actor: Actor, act: SendingAct, thing: Thing, now: datetime) -> Thing:
    """A thing with what keeps the act from being done to it, as far as a look tells; the verb itself has the last word."""
    if thing.row is None:
        return thing
    if act == SendingAct.REMIND:
        duty = _duty(thing.row, now)
        others = tuple(each for each in duty.people if each != actor.person_id) if duty else ()
        problem = "not_yours" if not may(actor, May.REMIND, thing.challenge) else _nobody(duty, others)
        return Thing(thing.chosen, thing.row, thing.challenge, thing.title, problem, duty and Duty(duty.what, others))
    problem = "" if may(actor, ASKS[act], thing.row) else "not_yours"
    if not problem and not _WAITS[act](thing.row):
        problem = "moved_on"
    return Thing(thing.chosen, thing.row, thing.challenge, thing.title, problem)


def _nobody(duty: Duty | None, others: Sequence[int]) -> str:
    if duty is None:
        return "nothing_waits"
    return "" if others else "waits_for_you"


def _duty(row: object, now: datetime) -> Duty | None:
    if isinstance(row, Challenge):
        return duties.of_challenge(row, now)
    if isinstance(row, Idea):
        return duties.of_idea(row)
    if isinstance(row, Inquiry):
        return duties.of_inquiry(row)
    return duties.of_gate(row) if isinstance(row, Gate) else None


_WAITS: Mapping[SendingAct, Callable[[Any], bool]] = {
    SendingAct.RETURN_IDEA: lambda idea: bool(idea.state == IdeaState.CHECKING),
    SendingAct.DECLINE_IDEA: lambda idea: bool(idea.state == IdeaState.CHECKING),
    SendingAct.RETURN_CHALLENGE: lambda challenge: bool(challenge.state == ChallengeState.PROPOSED),
    SendingAct.ANSWER: lambda inquiry: inquiry.answered_at is None,
}
"""Whether a thing still waits for the act."""


def _ideas(actor: Actor, act: SendingAct, names: Sequence[str]) -> Iterable[Thing]:
    """Ideas this person reads; for a reminder those of challenges he manages, whose titles he may not know."""
    read = ideas.visible(actor)
    shown = challenges.manages(actor, Challenge.programme_id) if act == SendingAct.REMIND else read
    rows = db.session.execute(
        select(Idea, read, ideas.is_author(actor), challenges.in_audience(actor))
        .join(Idea.challenge)
        .options(
            joinedload(Idea.challenge).joinedload(Challenge.programme),
            selectinload(Idea.authors).joinedload(Author.person),
        )
        .where(Idea.public_id.in_(names), shown)
    )
    known: dict[int, frozenset[Role]] = {}
    for idea, readable, mine, inside in rows:
        if idea.challenge_id not in known:
            known[idea.challenge_id] = challenges.role_set(actor, idea.challenge, in_audience=bool(inside))
        roles = remember_roles(actor, idea.challenge, known[idea.challenge_id])
        remember_roles(actor, idea, roles | {Role.AUTHOR} if mine else roles)
        yield Thing(Chosen("idea", idea.public_id), idea, idea.challenge, idea.title if readable else "")


def _challenges(actor: Actor, act: SendingAct, names: Sequence[str]) -> Iterable[Thing]:
    rows = db.session.scalars(
        select(Challenge)
        .options(joinedload(Challenge.programme))
        .where(Challenge.public_id.in_(names), challenges.visible(actor))
    )
    for challenge in rows:
        yield Thing(Chosen("challenge", challenge.public_id), challenge, challenge, challenge.title)


def _inquiries(actor: Actor, act: SendingAct, names: Sequence[str]) -> Iterable[Thing]:
    rows = db.session.scalars(
        select(Inquiry)
        .join(Inquiry.challenge)
        .options(joinedload(Inquiry.challenge).joinedload(Challenge.programme))
        .where(Inquiry.public_id.in_(names), inquiries.answers(actor))
    )
    for inquiry in rows:
        yield Thing(Chosen("inquiry", inquiry.public_id), inquiry, inquiry.challenge, inquiry.text)


def _runs(actor: Actor, act: SendingAct, names: Sequence[str]) -> Iterable[Thing]:
    """Results by the first challenge they are about: whoever announces one answers for a challenge."""
    rows = db.session.execute(
        select(Run.public_id, Challenge)
        .join(RunChallenge, RunChallenge.run_id == Run.id)
        .join(Challenge, Challenge.id == RunChallenge.challenge_id)
        .options(joinedload(Challenge.programme))
        .where(Run.public_id.in_(names), challenges.visible(actor))
        .order_by(Run.id, RunChallenge.id.desc())
    )
    for name, challenge in rows:
        yield Thing(Chosen("run", name), challenge, challenge, challenge.title)


def _gates(actor: Actor, act: SendingAct, names: Sequence[str]) -> Iterable[Thing]:
    """Gates of projects this person sees: the one that is named, or the one at hand."""
    of = {name.partition("/")[0]: name for name in names}
    rows = db.session.scalars(
        select(Project)
        .join(Project.challenge)
        .options(
            joinedload(Project.challenge).joinedload(Challenge.programme),
            selectinload(Project.gates).joinedload(Gate.project),
        )
        .where(Project.public_id.in_(of), projects.visible(actor))
    )
    for project in rows:
        key = of[project.public_id].partition("/")[2]
        gate = next((each for each in project.gates if each.key == key), None) if key else at_hand(project)
        if gate is not None:
            yield Thing(Chosen("gate", of[project.public_id]), gate, project.challenge, project.title)


_READ: Mapping[str, Callable[[Actor, SendingAct, Sequence[str]], Iterable[Thing]]] = {
    "idea": _ideas,
    "challenge": _challenges,
    "run": _runs,
    "inquiry": _inquiries,
    "gate": _gates,
}
