"""Whom news of a project concerns."""

from __future__ import annotations

from sqlalchemy import exists, literal, select, union_all

from innovation.ideas import queries as ideas
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.projects import queries
from innovation.projects.models import Follower, Gate, Member, Milestone, Project
from innovation.rules.predicates import Role


def team(project_id: int, *, leads_only: bool = False) -> list[int]:
    """Who works in a project."""
    statement = select(Member.person_id).where(Member.project_id == project_id, Member.accepted_at.is_not(None))
    if leads_only:
        statement = statement.where(Member.role == "lead")
    return list(db.session.scalars(statement.order_by(Member.id)))


def concerned(project_id: int, *, team_leads_only: bool = False) -> set[int]:
    """The team, the sponsors, the managers, and those followers who still see the project."""
    project = db.session.get_one(Project, project_id)
    found = {*team(project_id, leads_only=team_leads_only), *people.managers(project.programme_id)}
    found |= set(people.holders(Role.SPONSOR, "challenge", project.challenge_id))
    followers = db.session.scalars(select(Follower.person_id).where(Follower.project_id == project_id)).all()
    return found | _who_see(project_id, set(followers) - found)


TOGETHER = 100
"""Of how many people it is asked in one query whether they see something; a database joins no more than 500 selects."""


def _who_see(project_id: int, person_ids: set[int]) -> set[int]:
    """Who of some people still sees a project: three queries, and one for every hundred of them."""
    actors = sorted(people.actors(person_ids).items()) if person_ids else []
    found: set[int] = set()
    for start in range(0, len(actors), TOGETHER):
        asked = [
            select(literal(person_id)).where(
                select(Project.id).join(Project.challenge).where(Project.id == project_id, queries.visible(actor)).exists()
            )
            for person_id, actor in actors[start : start + TOGETHER]
        ]
        found |= set(db.session.scalars(union_all(*asked)))
    return found


def keepers(project_id: int, gate: str) -> set[int]:
    """Who keeps a gate and has no part in the work; the managers, where nobody else is left."""
    project = db.session.get_one(Project, project_id)
    managers = set(people.managers(project.programme_id))
    role = db.session.scalar(select(Gate.keeper).where(Gate.project_id == project_id, Gate.key == gate))
    sponsors = set(people.holders(Role.SPONSOR, "challenge", project.challenge_id))
    working = _working(project)
    outside = (managers if role == Role.MANAGER else sponsors) - working
    return outside or managers - working


def deputies(project_id: int, gate: str) -> set[int]:
    """Who stands in for the keeper of a gate: he still sees the project, and has no part in its work."""
    found = db.session.scalar(select(Gate.deputy_id).where(Gate.project_id == project_id, Gate.key == gate))
    if found is None:
        return set()
    project = db.session.get_one(Project, project_id)
    acts = found not in _working(project) and queries.get(people.actor(found), project.public_id) is not None
    return {found} if acts else set()


def owner(milestone_id: int) -> set[int]:
    """Who has a milestone in hand, if he still works in the project."""
    works = exists().where(
        Member.project_id == Milestone.project_id,
        Member.person_id == Milestone.owner_id,
        Member.accepted_at.is_not(None),
    )
    kept = Milestone.id == milestone_id, Milestone.trashed_at.is_(None)
    found = db.session.scalar(select(Milestone.owner_id).where(*kept, works))
    return set() if found is None else {found}


def _working(project: Project) -> set[int]:
    """The team and the idea's authors: they decide no gate, even after they left."""
    return {*team(project.id), *ideas.author_ids([project.idea_id]).get(project.idea_id, [])}


def gate_named(project_id: int, key: str) -> Gate | None:
    """A gate of a project by its key, for its name."""
    return db.session.scalars(select(Gate).where(Gate.project_id == project_id, Gate.key == key)).one_or_none()
