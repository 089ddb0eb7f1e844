"""Reading what a leaver owns of projects, and where his successor may not take over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from innovation.ideas.models import Author
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.people.queries.leaving import MOST_SHOWN, Duty
from innovation.projects import queries as projects
from innovation.projects.models import Gate, Member, Project
from innovation.rules.predicates import Role
from innovation.rules.project import GateState

DECIDED = (GateState.PASSED, GateState.STOPPED)


def led(person_id: int) -> list[int]:
    """The projects a person leads."""
    mine = select(Member.project_id).where(Member.person_id == person_id, Member.role == "lead")
    return list(db.session.scalars(mine.order_by(Member.project_id)))


def stood_in(person_id: int) -> list[int]:
    """The projects in which a person is deputy at a gate that is not decided."""
    rows = select(Gate.project_id).where(Gate.deputy_id == person_id, Gate.state.not_in(DECIDED))
    return sorted(set(db.session.scalars(rows)))


def why_not_lead(successor: Actor, project_ids: Iterable[int]) -> dict[int, str]:
    """Which of some projects a successor would not lead, and why: a code."""
    wanted = list(project_ids)
    judged = select(Project.id).where(
        Project.id.in_(wanted), Project.challenge_id.in_(successor.scopes(Role.SPONSOR, "challenge"))
    )
    keeps = select(Gate.project_id).where(
        Gate.project_id.in_(wanted), Gate.deputy_id == successor.person_id, Gate.state.not_in(DECIDED)
    )
    found = dict.fromkeys([*db.session.scalars(judged), *db.session.scalars(keeps)], "keeps_gates")
    return found | _unseen(successor, wanted)


def why_no_deputy(successor: Actor, project_ids: Iterable[int]) -> dict[int, str]:
    """In which of some projects a successor would not stand in at gates, and why."""
    wanted = list(project_ids)
    works = select(Member.project_id).where(Member.project_id.in_(wanted), Member.person_id == successor.person_id)
    wrote = (
        select(Project.id)
        .join(Author, Author.idea_id == Project.idea_id)
        .where(Project.id.in_(wanted), Author.person_id == successor.person_id)
    )
    found = dict.fromkeys([*db.session.scalars(works), *db.session.scalars(wrote)], "on_the_team")
    return found | _unseen(successor, wanted)


def _unseen(successor: Actor, project_ids: list[int]) -> dict[int, str]:
    """Who does not see a project is not let in by being named: its readers were promised."""
    return dict.fromkeys(set(project_ids) - projects.seen(successor, project_ids), "cannot_see")


def owned(reader: Actor, person_id: int, successor_id: int | None) -> Sequence[Duty]:
    """Leading and standing in. A project the reader does not see has no title here: it may be a sealed idea's."""
    leads, places = led(person_id)[:MOST_SHOWN], stood_in(person_id)[:MOST_SHOWN]
    if not leads and not places:
        return []
    seen = projects.seen(reader, [*leads, *places])
    rows = {project.id: project for project in projects.by_ids([*leads, *places])}
    successor = people.actors([successor_id]).get(successor_id) if successor_id is not None else None
    found = []
    for what, ids, hindrances in (("lead", leads, why_not_lead), ("gate_deputy", places, why_no_deputy)):
        whys = hindrances(successor, ids) if successor is not None else {}
        for each in ids:
            shown = each in seen
            where = ("pages.project", rows[each].public_id) if shown else ("", "")
            found.append(Duty(what, rows[each].title if shown else "", *where, whys.get(each, "")))
    return found
