"""Keeping a ranking that rests on more than the votes beside those of the votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db, insert_many, upsert
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.voting.models import Fit, Standing


@dataclass(frozen=True, slots=True)
class Placed:
    """An idea's figures under a method, in millionths. Without a ``high`` nothing tells how sure the figure is."""

    idea_id: int
    place: int
    score: int
    low: int | None = None
    high: int | None = None
    top: int | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)


@use_case(None)
def put_standings(
    *,
    actor: Actor,
    challenge_id: int,
    method: str,
    placed: Sequence[Placed],
    fitted: Mapping[str, Any],
    now: datetime = AT_LOCK,
) -> None:
    """Put a challenge's standings under one method in the place of earlier ones; those of other methods stay.

    Args:
        fitted: parameters of the whole challenge, kept beside what was fitted to its votes.
    """
    known = db.session.scalar(select(Fit.figures).where(Fit.challenge_id == challenge_id)) or {}
    values = {"figures": {**known, **fitted}, "made_at": now}
    fit = upsert(Fit).values(challenge_id=challenge_id, **values)
    db.session.execute(fit.on_conflict_do_update(index_elements=["challenge_id"], set_=values))
    db.session.execute(delete(Standing).where(Standing.challenge_id == challenge_id, Standing.method == method))
    insert_many(Standing, [_row(challenge_id, method, each) for each in placed])


def _row(challenge_id: int, method: str, placed: Placed) -> dict[str, Any]:
    unsure = placed.high is None
    return {
        "challenge_id": challenge_id,
        "method": method,
        "idea_id": placed.idea_id,
        "place": placed.place,
        "score_micro": placed.score,
        "low_micro": placed.score if placed.low is None else placed.low,
        "high_micro": placed.score if placed.high is None else placed.high,
        "top_micro": placed.top or 0,
        "figures": {**placed.figures, **({"unsure": True} if unsure else {})},
    }
