"""Reading projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme
from innovation.ideas.models import Author
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import loader_of, locks_of, roles_of
from innovation.projects.models import Gate, Member, Project
from innovation.rules.predicates import Role


def is_member(actor: Actor) -> ColumnElement[bool]:
    """Projects this person works in: to be asked makes nobody a member."""
    return false() if actor.person_id is None else _place(actor).where(Member.accepted_at.is_not(None))


def is_asked(actor: Actor) -> ColumnElement[bool]:
    """Projects this person was asked to work in and has not answered yet."""
    return false() if actor.person_id is None else _place(actor).where(Member.accepted_at.is_(None))


def _place(actor: Actor) -> Exists:
    return exists().where(Member.project_id == Project.id, Member.person_id == actor.person_id)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Projects this person may see; the challenge must be joined. One grown from a sealed idea stays with its people.

    Who was asked to work in one is among them: he has to see what he decides on.
    """
    if actor.is_house:
        return true()
    return or_(
        is_member(actor),
        is_asked(actor),
        challenges.works_on(actor),
        challenges.manages(actor, Project.programme_id),
        and_(Project.visibility == "audience", challenges.visible(actor)),
    )


@roles_of(Project, remembered=True)
def roles_on_project(actor: Actor, project: Project) -> frozenset[Role]:
    roles = set(challenges.role_set(actor, project.challenge, in_audience=False))
    if actor.person_id is not None:
        mine = db.session.scalar(
            select(Member.role).where(
                Member.project_id == project.id, Member.person_id == actor.person_id, Member.accepted_at.is_not(None)
            )
        )
        if mine:
            roles |= {Role.TEAM} | ({Role.LEAD} if mine == "lead" else set())
        author = select(Author.id).where(
            Author.idea_id == project.idea_id, Author.person_id == actor.person_id, Author.accepted_at.is_not(None)
        )
        if db.session.scalar(author) is not None:
            roles.add(Role.AUTHOR)
        stands_in = select(Gate.id).where(Gate.project_id == project.id, Gate.deputy_id == actor.person_id).limit(1)
        if db.session.scalar(stands_in) is not None:
            roles.add(Role.DEPUTY)
    return frozenset(roles)


@locks_of(Project)
def _locks(project: Project) -> Sequence[Select[Any]]:
    return [select(Project.id).where(Project.id == project.id).with_for_update()]


def get(actor: Actor, public_id: str) -> Project | None:
    """A project this person may see, with idea, challenge, team and gates."""
    return db.session.scalars(_whole().where(Project.public_id == public_id, visible(actor))).one_or_none()


@loader_of(Project)
def by_id(project_id: int) -> Project | None:
    """One project for the house's own work, with idea, challenge, team and gates."""
    return db.session.scalars(_whole().where(Project.id == project_id)).one_or_none()


def _whole() -> Select[Project]:
    return (
        select(Project)
        .join(Project.challenge)
        .options(
            joinedload(Project.idea),
            joinedload(Project.challenge).joinedload(Challenge.programme),
            selectinload(Project.members).joinedload(Member.person),
            selectinload(Project.gates),
        )
    )


SORTS: dict[str, Sequence[paging.Key]] = {
    "youngest": (paging.Key(Project.started_at, True), paging.Key(Project.id, True)),
    "oldest": (paging.Key(Project.started_at), paging.Key(Project.id)),
    "due": (paging.Key(Project.due_at), paging.Key(Project.id)),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of projects is narrowed down to, and its order, a key of :data:`SORTS`; empty is everything."""

    state: str = ""
    challenge: Challenge | None = None
    programme: Programme | None = None
    search: str = ""
    mine: bool = False
    sort: str = "youngest"

    @property
    def any(self) -> bool:
        """Whether a person chose any of it; a challenge's own list of projects is no choice."""
        return bool(self.state or self.programme or self.search)


def page(
    actor: Actor, wanted: Wanted | None = None, *, cursor: str | None = None, size: int = paging.PAGE
) -> paging.Page[Project]:
    """Projects with gates and challenge."""
    wanted = wanted or Wanted()
    statement = (
        select(Project)
        .join(Project.challenge)
        .options(joinedload(Project.challenge), selectinload(Project.gates))
        .where(visible(actor))
    )
    if wanted.state:
        statement = statement.where(Project.state == wanted.state)
    if wanted.challenge is not None:
        statement = statement.where(Project.challenge_id == wanted.challenge.id)
    if wanted.programme is not None:
        statement = statement.where(Project.programme_id == wanted.programme.id)
    for word in wanted.search.split()[: challenges.MOST_WORDS]:
        statement = statement.where(Project.title.icontains(word, autoescape=True))
    if wanted.mine:
        statement = statement.where(is_member(actor))
    order = SORTS.get(wanted.sort, SORTS["youngest"])
    by = order[0].column.key
    return paging.fetch(statement, order, cursor, lambda row: (getattr(row[0], by), row[0].id), size)


def asked_into(actor: Actor, limit: int = 10) -> Sequence[Project]:
    """Projects this person was asked to work in, the first asked first."""
    return db.session.scalars(select(Project).where(is_asked(actor)).order_by(Project.id).limit(limit)).all()


def of_challenge(actor: Actor, challenge: Challenge, limit: int = 50) -> Sequence[Project]:
    """A challenge's projects, for its page."""
    return db.session.scalars(
        select(Project)
        .join(Project.challenge)
        .options(selectinload(Project.gates))
        .where(Project.challenge_id == challenge.id, visible(actor))
        .order_by(Project.id)
        .limit(limit)
    ).all()


def of_idea(actor: Actor, idea_id: int) -> Project | None:
    """The project an idea became, if this person may see it."""
    return db.session.scalars(
        select(Project)
        .join(Project.challenge)
        .options(selectinload(Project.gates))
        .where(Project.idea_id == idea_id, visible(actor))
    ).one_or_none()


def by_ids(ids: Iterable[int]) -> Sequence[Project]:
    """Projects for the house's own work."""
    return db.session.scalars(select(Project).where(Project.id.in_(list(ids))).order_by(Project.id)).all()


def seen(actor: Actor, project_ids: Iterable[int]) -> set[int]:
    """Which of some projects this person may see, and so reads by name on every page."""
    wanted = list(project_ids)
    if not wanted:
        return set()
    return set(db.session.scalars(select(Project.id).join(Project.challenge).where(Project.id.in_(wanted), visible(actor))))


def existing(idea_ids: Iterable[int]) -> set[int]:
    """Which ideas have a project."""
    return set(db.session.scalars(select(Project.idea_id).where(Project.idea_id.in_(list(idea_ids)))))
