"""Standings, and what was flagged for a person to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import loader_of, roles_of
from innovation.rules.predicates import Role
from innovation.rules.ranking import METHODS
from innovation.voting.models import Fit, Flag, Measured, Standing


def standings(
    actor: Actor, challenge: Challenge, method: str, cursor: str | None, size: int = paging.PAGE
) -> tuple[paging.Page[Idea], dict[int, dict[str, Standing]]]:
    """One page of a challenge's ideas by their place under a method, with their standings under every method.

    Returns:
        The page, and idea id → method → standing.
    """
    statement = (
        select(Idea, Standing.place)
        .join(Idea.challenge)
        .join(Standing, Standing.idea_id == Idea.id)
        .options(selectinload(Idea.authors).joinedload(Author.person))
        .where(Standing.challenge_id == challenge.id, Standing.method == method, ideas.visible(actor))
    )
    order = [paging.Key(Standing.place), paging.Key(Idea.id)]
    rows = paging.fetch(statement, order, cursor, lambda row: (row[1], row[0].id), size=size)
    page = paging.Page([row[0] for row in rows.items], rows.next, rows.first)
    found: dict[int, dict[str, Standing]] = {idea.id: {} for idea in page.items}
    for standing in db.session.scalars(select(Standing).where(Standing.idea_id.in_(list(found)))):
        found[standing.idea_id][standing.method] = standing
    return page, found


def figures(challenge_id: int) -> Fit | None:
    """What was fitted to a challenge's votes; None before that was done."""
    return db.session.scalars(select(Fit).where(Fit.challenge_id == challenge_id)).one_or_none()


def measured(idea_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """What was measured of some ideas once their votes were in, by idea id."""
    found: dict[int, dict[str, int]] = {}
    wanted = list(idea_ids)
    for start in range(0, len(wanted), 500):
        rows = db.session.scalars(select(Measured).where(Measured.idea_id.in_(wanted[start : start + 500])))
        found |= {row.idea_id: row.raw for row in rows}
    return found


def standings_under(challenge_ids: Iterable[int], measure: str | None) -> Sequence[Standing]:
    """The standings of some challenges under the method whose measure this is; none where it is no method's."""
    method = next((name for name, each in METHODS.items() if each.measure == measure), None)
    if method is None:
        return []
    return db.session.scalars(
        select(Standing).where(Standing.challenge_id.in_(list(challenge_ids)), Standing.method == method)
    ).all()


def of_idea(idea_id: int) -> dict[str, Standing]:
    """An idea's standings by method."""
    return {each.method: each for each in db.session.scalars(select(Standing).where(Standing.idea_id == idea_id))}


@roles_of(Flag)
def _roles(actor: Actor, row: Flag) -> frozenset[Role]:
    return challenges.roles_on_challenge(actor, challenges.by_id(row.challenge_id))


@loader_of(Flag)
def flag(flag_id: int) -> Flag | None:
    """A flag for the house's own work."""
    return db.session.get(Flag, flag_id)


def flags(challenge_id: int) -> Sequence[Flag]:
    """Votes of a challenge that were flagged, those not settled first."""
    return db.session.scalars(
        select(Flag).where(Flag.challenge_id == challenge_id).order_by(Flag.verdict != "", Flag.id).limit(100)
    ).all()


def unsettled_flags(actor: Actor, limit: int = 20) -> Sequence[tuple[Challenge, int]]:
    """Challenges this person manages with flags that nobody has settled: (challenge, how many)."""
    rows = db.session.execute(
        select(Challenge, func.count(Flag.id))
        .join(Flag, Flag.challenge_id == Challenge.id)
        .options(joinedload(Challenge.programme))
        .where(Flag.verdict == "", challenges.manages(actor, Challenge.programme_id))
        .group_by(Challenge.id)
        .order_by(Challenge.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]
