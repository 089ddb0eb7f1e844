"""Whether the figures are right: counters against what they count, and flows against what left."""

from __future__ import annotations

from sqlalchemy import func, literal, select, union_all

from innovation.insight.models import Participation
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage, StageCount


def mismatches() -> list[tuple[int, str, str]]:
    """What does not add up: (challenge id, stage, what is wrong). Empty when all is well.

    Counters equal the passages and participations they count; whatever came from a stage had left it by the same fact;
    nothing is in a stage that it left.
    """
    return [*_wrong_counters(), *_wrong_flows()]


def _wrong_counters() -> list[tuple[int, str, str]]:
    passages = select(
        Passage.challenge_id, Passage.subject_kind, Passage.stage, func.count(), func.count(Passage.left_at)
    ).group_by(Passage.challenge_id, Passage.subject_kind, Passage.stage)
    people = select(Participation.challenge_id, literal("person"), Participation.stage, func.count(), literal(0)).group_by(
        Participation.challenge_id, Participation.stage
    )
    rows = db.session.execute(union_all(passages, people))
    counted = {(row[0], row[1], row[2]): (int(row[3]), int(row[4])) for row in rows}
    sums = select(
        StageCount.challenge_id,
        StageCount.subject_kind,
        StageCount.stage,
        func.sum(StageCount.entered),
        func.sum(StageCount.left),
    ).group_by(StageCount.challenge_id, StageCount.subject_kind, StageCount.stage)
    kept = {(row[0], row[1], row[2]): (int(row[3]), int(row[4])) for row in db.session.execute(sums)}
    return [
        (key[0], key[2], f"kept {kept.get(key)}, counted {counted.get(key)}")
        for key in sorted(kept.keys() | counted.keys())
        if kept.get(key) != counted.get(key)
    ]


def _wrong_flows() -> list[tuple[int, str, str]]:
    """Passages that came from a stage which their subject did not leave by that fact, or that end before they begin."""
    # Grouped, not joined: no index leads from a passage to the one before it, and a join would be quadratic.
    common = (Passage.challenge_id, Passage.subject_kind, Passage.subject_id)
    came = select(
        *common,
        Passage.from_stage.label("stage"),
        Passage.entered_event_id.label("event"),
        Passage.stage.label("target"),
        literal(0).label("gone"),
    ).where(Passage.from_stage != "")
    gone = select(*common, Passage.stage, Passage.left_event_id, literal(""), literal(1)).where(
        Passage.left_event_id.is_not(None)
    )
    rows = union_all(came, gone).subquery()
    by_fact = (rows.c.challenge_id, rows.c.subject_kind, rows.c.subject_id, rows.c.stage, rows.c.event)
    target = func.max(rows.c.target).label("target")
    alone = (
        select(rows.c.challenge_id, rows.c.stage, target).group_by(*by_fact).having(func.max(rows.c.gone) == 0).subquery()
    )
    lost = select(alone.c.challenge_id, alone.c.target, alone.c.stage, func.count()).group_by(
        alone.c.challenge_id, alone.c.target, alone.c.stage
    )
    backward = (
        select(Passage.challenge_id, Passage.stage, func.count())
        .where(Passage.left_at < Passage.entered_at)
        .group_by(Passage.challenge_id, Passage.stage)
    )
    return [
        *((row[0], row[1], f"{row[3]} came from {row[2]} and did not leave it") for row in db.session.execute(lost)),
        *((row[0], row[1], f"{row[2]} left before they came") for row in db.session.execute(backward)),
    ]
