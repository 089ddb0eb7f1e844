"""What the page of a challenge's standings says of all of its ideas at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.voting.models import Standing

GROUPS_OF = "support"
"""The method whose standings say which group carries an idea."""


@dataclass(frozen=True, slots=True)
class Overview:
    """All standings of a challenge under a method: how many, the ends of their intervals, and where the line is.

    ``line`` is the lowest score of the ideas named as chosen, where no other idea stands above it; with none named, the
    score at the last of the first ``k`` places. None where this order alone tells no line.
    """

    ideas: int
    low: int
    high: int
    line: int | None


def overview(challenge_id: int, method: str, chosen: Sequence[int], k: int | None) -> Overview:
    """One query. Figures are in millionths."""
    inside = Standing.idea_id.in_(chosen)
    row = db.session.execute(
        select(
            func.count(),
            func.min(Standing.low_micro),
            func.max(Standing.high_micro),
            func.min(Standing.score_micro),
            func.max(Standing.score_micro),
            func.min(case((inside, Standing.score_micro))),
            func.max(case((~inside, Standing.score_micro))),
            func.min(case((Standing.place <= (k or 0), Standing.score_micro))),
        ).where(Standing.challenge_id == challenge_id, Standing.method == method)
    ).one()
    count, low, high, least, most, last_in, first_out, at_k = row
    if not count:
        return Overview(0, 0, 0, None)
    apart = last_in is not None and (first_out is None or last_in >= first_out)
    line = (last_in if apart else None) if chosen else at_k
    return Overview(count, min(low, least), max(high, most), line)


def carried(actor: Actor, challenge: Challenge, cursor: str | None) -> paging.Page[tuple[Standing, Idea]]:
    """Standings of ideas that fall without one group, by place, 25 a page; only of ideas this person may read."""
    statement = (
        select(Standing, Idea)
        .join(Idea, Idea.id == Standing.idea_id)
        .join(Idea.challenge)
        .where(
            Standing.challenge_id == challenge.id,
            Standing.method == GROUPS_OF,
            Standing.figures["without_place"].as_integer() > Standing.place,
            ideas.visible(actor),
        )
    )
    order = [paging.Key(Standing.place), paging.Key(Standing.idea_id)]
    return paging.fetch(statement, order, cursor, lambda row: (row[0].place, row[0].idea_id))
