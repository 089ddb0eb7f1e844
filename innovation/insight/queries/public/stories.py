"""An organisation's challenges as stories, and one challenge's chosen ideas."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.insight.queries.public.columns import (
    CLASSES,
    chosen_columns,
    owns,
    rank,
    read_chosen,
    shown,
    told_columns,
)
from innovation.insight.queries.public.figures import counts_from, counts_of, names_of, thanked, worth_by
from innovation.insight.queries.public.shapes import Chosen, Counts, Page, Story, Told, Worth
from innovation.kernel import clock, paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import StageCount
from innovation.people.models import Organisation
from innovation.projects.models import Project
from innovation.rules.challenge import ChallengeState

STORIES = 10
"""So many challenges stand on one page."""
PROJECTS = 6
"""So many of a challenge's chosen ideas stand on its organisation's page; its own page has them all."""


def organisation(actor: Actor, public_id: str) -> Organisation | None:
    """An organisation that has a public results page."""
    return _with_page(Organisation.public_id == public_id)


def host() -> Organisation | None:
    """The host, if it has a public results page."""
    return _with_page(Organisation.is_host.is_(True))


def _with_page(which: ColumnElement[bool]) -> Organisation | None:
    return db.session.scalars(select(Organisation).where(which, Organisation.results_page).limit(1)).one_or_none()


def stories(owner: Organisation, cursor: str | None) -> paging.Page[Story]:
    """An organisation's challenges, the latest first, each with what came of it: five queries."""
    statement = told_columns().join(Organisation, owns()).where(Organisation.id == owner.id, shown(clock.now()))
    order = [paging.Key(Challenge.closes_at, True), paging.Key(Challenge.id, True)]
    page = paging.fetch(statement, order, cursor, lambda row: (row.closes_at, row.id), size=STORIES)
    told = [Told(*row) for row in page.items]
    return paging.Page(_stories(told, PROJECTS), page.next, page.first)


def totals(owner: Organisation) -> tuple[Counts, Sequence[Worth]]:
    """What came of all of an organisation's challenges together: two queries."""
    mine = select(Challenge.id).join(Organisation, owns()).where(Organisation.id == owner.id, shown(clock.now()))
    counted = select(StageCount.subject_kind, StageCount.stage, func.sum(StageCount.entered), func.sum(StageCount.left))
    rows = db.session.execute(
        counted.where(StageCount.challenge_id.in_(mine), StageCount.visibility.in_(CLASSES)).group_by(
            StageCount.subject_kind, StageCount.stage
        )
    )
    return counts_from([tuple(row) for row in rows]), worth_by(None, Project.challenge_id.in_(mine)).get(None, [])


def challenge(actor: Actor, public_id: str) -> Page | None:
    """A challenge whose results are public, without its chosen ideas, and whose page it stands on."""
    row = db.session.execute(
        told_columns()
        .add_columns(Organisation)
        .join(Organisation, owns())
        .where(Challenge.public_id == public_id, shown(clock.now()), Organisation.results_page)
    ).one_or_none()
    if row is None:
        return None
    *told, owner = row
    return Page(owner, _stories([Told(*told)], 0)[0])


def chosen(told: Told, cursor: str | None) -> paging.Page[Chosen]:
    """A challenge's chosen ideas, what is used first, then by age."""
    statement = chosen_columns().where(Idea.challenge_id == told.id)
    order = [paging.Key(rank()), paging.Key(Idea.id)]
    page = paging.fetch(statement, order, cursor, lambda row: (row.rank, row.idea_id))
    return paging.Page([read_chosen(row) for row in page.items], page.next, page.first)


def _stories(told: Sequence[Told], projects: int) -> list[Story]:
    ids = [each.id for each in told]
    counts = counts_of(ids)
    first = _first_chosen(ids, projects) if projects else {}
    worth = worth_by(Project.challenge_id, Project.challenge_id.in_(ids))
    # Before a decision a name would tell who sent something, where that is not told yet.
    names = names_of([each.id for each in told if each.state == ChallengeState.DECIDED])
    nobody: tuple[list[str], int] = ([], 0)
    return [
        Story(
            each,
            counts.get(each.id, counts_from([])),
            first.get(each.id, []),
            worth.get(each.id, []),
            thanked(counts.get(each.id, counts_from([])).took_part, *names.get(each.id, nobody)),
        )
        for each in told
    ]


def _first_chosen(ids: Sequence[int], count: int) -> dict[int, list[Chosen]]:
    place = func.row_number().over(partition_by=Idea.challenge_id, order_by=[rank(), Idea.id])
    ranked = chosen_columns().where(Idea.challenge_id.in_(ids)).add_columns(place.label("place")).subquery()
    found: dict[int, list[Chosen]] = {}
    rows = db.session.execute(select(ranked).where(ranked.c.place <= count).order_by(ranked.c.challenge_id, ranked.c.place))
    for row in rows:
        found.setdefault(row.challenge_id, []).append(read_chosen(row))
    return found
