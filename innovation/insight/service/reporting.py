"""Freezing a programme's quarter, and saying what it aims at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from innovation.challenges.models import Programme
from innovation.insight.events import ReportFrozen
from innovation.insight.models import Report, Target
from innovation.insight.queries import reports
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import Event, emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May
from innovation.rules.quarters import Quarter

MOST = 1_000_000


@use_case(May.MANAGE_PROGRAMME, on="programme")
def freeze(*, actor: Actor, programme: Programme, quarter: Quarter, now: datetime = AT_LOCK) -> Report:
    """Keep a programme's quarter as it stands now, with its date and the number of the last fact it knows.

    A second report of the same quarter is another version; the first one stays as it was.

    Raises:
        NotPossible: the quarter has not begun.
    """
    if quarter.starts > now:
        raise NotPossible("quarter_ahead")
    of_quarter = (Report.programme_id == programme.id) & (Report.quarter == str(quarter))
    last = db.session.scalar(select(func.max(Report.version)).where(of_quarter)) or 0
    figures = reports.figures(programme, quarter)
    report = Report(
        programme_id=programme.id,
        quarter=str(quarter),
        version=last + 1,
        figures=figures,
        digest=reports.digest(figures),
        last_fact_id=db.session.scalar(select(func.max(Event.id))) or 0,
        frozen_at=now,
        frozen_by=actor.person_id,
    )
    db.session.add(report)
    db.session.flush()
    emit(ReportFrozen(programme_id=programme.id, report_id=report.id, digest=report.digest), actor=actor, now=now)
    return report


@use_case(May.MANAGE_PROGRAMME, on="programme")
def set_targets(
    *, actor: Actor, programme: Programme, quarter: Quarter, values: Mapping[str, int | None], now: datetime = AT_LOCK
) -> None:
    """Say what a programme aims at in a quarter; None takes a target away. Reports that are frozen keep theirs.

    Raises:
        Invalid: a value is below zero or beyond reason, or a share is above 100.
    """
    for measure, value in values.items():
        if measure not in reports.TARGETS:
            raise Invalid("no_such_target", field=measure)
        if value is not None and not 0 <= value <= (100 if measure == "kept" else MOST):
            raise Invalid("target_out_of_range", field=measure)
    known = {
        row.measure: row
        for row in db.session.scalars(
            select(Target).where(Target.programme_id == programme.id, Target.quarter == str(quarter))
        )
    }
    for measure, value in values.items():
        if value is None:
            if measure in known:
                db.session.delete(known[measure])
            continue
        row = upsert(Target).values(
            programme_id=programme.id,
            quarter=str(quarter),
            measure=measure,
            value=value,
            set_by=actor.person_id,
            set_at=now,
        )
        db.session.execute(
            row.on_conflict_do_update(
                index_elements=["programme_id", "quarter", "measure"],
                set_={"value": value, "set_by": actor.person_id, "set_at": now},
            )
        )
