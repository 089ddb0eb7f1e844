"""What was picked on the desk for one act: each thing as this person may know it, in the order in which it was picked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects import queries as projects
from innovation.projects.models import Gate, Project
from innovation.promotion.models import Run, RunChallenge
from innovation.rules.desk import KINDS, DeskAct
from innovation.rules.sending import Chosen


@dataclass(frozen=True, slots=True)
class Picked:
    """One thing that was picked; ``thing`` is a challenge, run, idea or gate, None for what this person does not see."""

    chosen: Chosen
    thing: Any = None
    challenge: Challenge | None = None


def picked(actor: Actor, act: DeskAct, chosen: Sequence[Chosen]) -> list[Picked]:
    """Each thing once; one or two queries a kind, however much was picked."""
    wanted = [each for each in dict.fromkeys(chosen) if each.kind in KINDS[act]]
    found: dict[Chosen, Picked] = {}
    for kind in sorted({each.kind for each in wanted}):
        names = [each.name for each in wanted if each.kind == kind]
        found |= {each.chosen: each for each in _READ[kind](actor, names)}
    return [found.get(each, Picked(each)) for each in wanted]


def _challenges(actor: Actor, names: Sequence[str]) -> Iterable[Picked]:
    rows = db.session.scalars(
        select(Challenge)
        .options(joinedload(Challenge.programme), selectinload(Challenge.audience))
        .where(Challenge.public_id.in_(names), challenges.visible(actor))
    )
    return [Picked(Chosen("challenge", row.public_id), row, row) for row in rows]


def _runs(actor: Actor, names: Sequence[str]) -> Iterable[Picked]:
    touches = exists().where(
        RunChallenge.run_id == Run.id, RunChallenge.challenge_id == Challenge.id, challenges.visible(actor)
    )
    rows = db.session.scalars(
        select(Run)
        .options(joinedload(Run.round), selectinload(Run.challenges).joinedload(RunChallenge.challenge))
        .where(Run.public_id.in_(names), touches)
    )
    return [Picked(Chosen("run", row.public_id), row, row.challenges[0].challenge) for row in rows]


def _ideas(actor: Actor, names: Sequence[str]) -> Iterable[Picked]:
    """Ideas he reads, and those of challenges he manages, which are named here by their references alone."""
    rows = db.session.scalars(
        select(Idea)
        .join(Idea.challenge)
        .options(joinedload(Idea.challenge).joinedload(Challenge.programme))
        .where(Idea.public_id.in_(names), or_(ideas.visible(actor), challenges.manages(actor, Challenge.programme_id)))
    )
    return [Picked(Chosen("idea", row.public_id), row, row.challenge) for row in rows]


def _gates(actor: Actor, names: Sequence[str]) -> Iterable[Picked]:
    parts = [name.partition("/") for name in names]
    rows = db.session.scalars(
        select(Project)
        .join(Project.challenge)
        .options(joinedload(Project.challenge), selectinload(Project.gates).joinedload(Gate.project))
        .where(Project.public_id.in_([project for project, _stroke, _key in parts]), projects.visible(actor))
    )
    found = {(row.public_id, gate.key): gate for row in rows for gate in row.gates}
    asked = [(project, key) for project, _stroke, key in parts if (project, key) in found]
    return [Picked(Chosen("gate", "/".join(each)), found[each], found[each].project.challenge) for each in asked]


_READ: Mapping[str, Callable[[Actor, Sequence[str]], Iterable[Picked]]] = {
    "challenge": _challenges,
    "run": _runs,
    "idea": _ideas,
    "gate": _gates,
}
