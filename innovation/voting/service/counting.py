"""The counts of ideas: moved by the difference of two votes, or made anew from all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import case, delete, func, insert, select

from innovation.kernel.db import db, upsert
from innovation.voting.models import Comparison, Tally, View, Vote

COUNTS = ("for_count", "against_count", "for_weight", "against_weight", "value_sum", "square_sum", "seen")


def shift(idea_id: int, before: int, after: int, weight: int = 1, seen: int = 0) -> None:
    """Move an idea's counts by the difference of two votes of one person, and of views."""
    favour = (after > 0) - (before > 0)
    against = (after < 0) - (before < 0)
    add(
        [idea_id],
        for_count=favour,
        against_count=against,
        for_weight=favour * weight,
        against_weight=against * weight,
        value_sum=(after - before) * weight,
        square_sum=(after * after - before * before) * weight,
        seen=seen,
    )


def add(idea_ids: Sequence[int], **differences: int) -> None:
    """Add to the counts of some ideas, in ascending order, so that two who do it at once cannot wait for each other."""
    if not idea_ids:
        return
    values = dict.fromkeys(COUNTS, 0) | differences
    row = upsert(Tally).values([{"idea_id": idea_id, **values} for idea_id in sorted(idea_ids)])
    changed = {name: getattr(Tally, name) + row.excluded[name] for name, by in values.items() if by}
    if changed:
        db.session.execute(row.on_conflict_do_update(index_elements=["idea_id"], set_=changed))


def recount(idea_ids: Iterable[int]) -> None:
    """Make the tallies of some ideas anew from votes, comparisons and views."""
    wanted = sorted(set(idea_ids))
    for start in range(0, len(wanted), 500):
        _recount(wanted[start : start + 500])


def _recount(ids: list[int]) -> None:
    db.session.flush()
    counted: dict[int, dict[str, int]] = {idea_id: dict.fromkeys(COUNTS, 0) for idea_id in ids}
    votes = select(
        Vote.idea_id,
        func.sum(case((Vote.value > 0, 1), else_=0)),
        func.sum(case((Vote.value < 0, 1), else_=0)),
        func.sum(case((Vote.value > 0, Vote.weight), else_=0)),
        func.sum(case((Vote.value < 0, Vote.weight), else_=0)),
        func.sum(Vote.weight * Vote.value),
        func.sum(Vote.weight * Vote.value * Vote.value),
    ).group_by(Vote.idea_id)
    for row in db.session.execute(votes.where(Vote.idea_id.in_(ids))):
        counted[row[0]] |= dict(zip(COUNTS[:-1], (int(value) for value in row[1:]), strict=True))
    seen = select(View.idea_id, func.count()).where(View.idea_id.in_(ids)).group_by(View.idea_id)
    for idea_id, views in db.session.execute(seen):
        counted[idea_id]["seen"] = int(views)
    for column, winner in ((Comparison.first_id, 1), (Comparison.second_id, -1)):
        judged = (
            select(
                column,
                func.sum(case((Comparison.preferred == winner, 1), else_=0)),
                func.sum(case((Comparison.preferred == -winner, 1), else_=0)),
            )
            .where(column.in_(ids))
            .group_by(column)
        )
        for idea_id, won, lost in db.session.execute(judged):
            for name, value in (("for", int(won)), ("against", int(lost))):
                counted[idea_id][f"{name}_count"] += value
                counted[idea_id][f"{name}_weight"] += value
    db.session.execute(delete(Tally).where(Tally.idea_id.in_(ids)))
    db.session.execute(insert(Tally), [{"idea_id": idea_id, **values} for idea_id, values in counted.items()])
    db.session.expire_all()
