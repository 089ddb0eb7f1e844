"""A programme's quarter in figures, and the reports that froze them.

A figure of a quarter counts what happened in it: ideas sent, answered and chosen, projects that passed. Values are what was
last said of a project by the quarter's end. All of it is whole numbers and words, so that it can be frozen as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme
from innovation.insight.models import Report, Target
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage
from innovation.kernel.usecase import general_roles, roles_of
from innovation.projects.models import BudgetLine, MoneyEntry, Project, ValueClaim
from innovation.rules.predicates import Role
from innovation.rules.project import EntryKind, ValueKind
from innovation.rules.quarters import Quarter

TARGETS = ("started", "ideas", "chosen", "passed", "adopted", "kept")
"""What a programme can aim at; ``kept`` is the share of answers given in time, in percent."""

COUNTED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ideas": ("idea", ("submitted",)),
    "answered": ("idea", ("promoted", "declined", "parked")),
    "in_time": ("idea", ("answered_in_time",)),
    "late": ("idea", ("answered_late",)),
    "chosen": ("idea", ("promoted",)),
    "projects": ("project", ("project_running",)),
    "passed": ("project", ("project_passed",)),
    "stopped": ("project", ("project_stopped",)),
    "adopted": ("project", ("project_adopted",)),
}
"""Figure → which subjects that entered which stages it counts, each once."""


@roles_of(Report)
def roles_on_report(actor: Actor, report: Report) -> frozenset[Role]:
    manages = actor.holds(Role.MANAGER) or report.programme_id in actor.scopes(Role.MANAGER, "programme")
    return general_roles(actor) - {Role.MANAGER} | ({Role.MANAGER} if manages else set())


def get(actor: Actor, public_id: str) -> Report | None:
    """A report of a programme this person manages."""
    return db.session.scalars(
        select(Report).where(Report.public_id == public_id, challenges.manages(actor, Report.programme_id))
    ).one_or_none()


def page(actor: Actor, programme: Programme, cursor: str | None) -> paging.Page[Report]:
    """A programme's reports, the newest quarter first."""
    statement = select(Report).where(Report.programme_id == programme.id, challenges.manages(actor, Report.programme_id))
    order = [paging.Key(Report.quarter, True), paging.Key(Report.version, True)]
    return paging.fetch(statement, order, cursor, lambda row: (row[0].quarter, row[0].version))


def of_quarter(actor: Actor, quarter: Quarter) -> Sequence[Report]:
    """The newest report of each programme this person manages, for one quarter."""
    newest = (
        select(Report.programme_id, func.max(Report.version).label("version"))
        .where(Report.quarter == str(quarter), challenges.manages(actor, Report.programme_id))
        .group_by(Report.programme_id)
        .subquery()
    )
    return db.session.scalars(
        select(Report)
        .join(newest, and_(newest.c.programme_id == Report.programme_id, newest.c.version == Report.version))
        .where(Report.quarter == str(quarter))
        .order_by(Report.programme_id)
    ).all()


def targets(programme: Programme, quarter: Quarter) -> dict[str, int]:
    """What a programme aims at in a quarter."""
    rows = db.session.execute(
        select(Target.measure, Target.value).where(Target.programme_id == programme.id, Target.quarter == str(quarter))
    )
    return {row.measure: row.value for row in rows}


def canonical(figures: Mapping[str, Any]) -> bytes:
    """Figures as the bytes their digest is of."""
    return json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(figures: Mapping[str, Any]) -> str:
    """SHA-256 of the figures, in hexadecimal."""
    return hashlib.sha256(canonical(figures)).hexdigest()


def tampered() -> list[str]:
    """Reports whose figures are not those that were frozen, by public id."""
    return [
        row.public_id for row in db.session.scalars(select(Report).order_by(Report.id)) if digest(row.figures) != row.digest
    ]


def figures(programme: Programme, quarter: Quarter) -> dict[str, Any]:
    """A programme's quarter as it stands now: five queries.

    Returns:
        ``programme``, ``quarter``, ``totals`` (see `COUNTED`, and ``started``), ``values`` and ``spent`` by currency,
        ``targets``, and ``challenges``: one line each, with the same counts.
    """
    counts = _counts(programme, quarter)
    rows = db.session.scalars(
        select(Challenge)
        .where(Challenge.programme_id == programme.id, Challenge.published_at < quarter.ends)
        .order_by(Challenge.published_at, Challenge.id)
    ).all()
    values, spent = _values(programme, quarter), _spent(programme, quarter)
    lines: list[dict[str, Any]] = []
    for row in rows:
        assert row.published_at is not None
        started = row.published_at >= quarter.starts
        own = {name: counts.get((row.id, name), 0) for name in COUNTED}
        told = any(own.values()) or row.id in values or row.id in spent
        if not started and not told and row.decided_at is not None and row.decided_at < quarter.starts:
            continue  # decided before, nothing since and worth nothing yet: no line in this quarter
        lines.append(
            {
                "id": row.public_id,
                "title": row.title,
                "language": row.language,
                "state": str(row.state),
                "started": int(started),
                "counts": own,
                "values": values.get(row.id, []),
                "spent": spent.get(row.id, []),
                "answer_by": row.answer_by.date().isoformat() if row.answer_by else None,
            }
        )
    totals = {name: sum(line["counts"][name] for line in lines) for name in COUNTED}
    return {
        "programme": programme.title,
        "quarter": str(quarter),
        "totals": totals | {"started": sum(line["started"] for line in lines)},
        "values": _added([each for line in lines for each in line["values"]], ("kind", "per", "currency")),
        "spent": _added([each for line in lines for each in line["spent"]], ("currency",)),
        "targets": targets(programme, quarter),
        "challenges": lines,
    }


def _counts(programme: Programme, quarter: Quarter) -> dict[tuple[int, str], int]:
    wanted = {(kind, stage): name for name, (kind, stages) in COUNTED.items() for stage in stages if name != "answered"}
    rows = db.session.execute(
        select(Passage.challenge_id, Passage.subject_kind, Passage.stage, func.count(Passage.subject_id.distinct()))
        .where(
            Passage.programme_id == programme.id,
            Passage.subject_kind.in_(["idea", "project"]),
            Passage.entered_at >= quarter.starts,
            Passage.entered_at < quarter.ends,
        )
        .group_by(Passage.challenge_id, Passage.subject_kind, Passage.stage)
    )
    found: dict[tuple[int, str], int] = {}
    for challenge_id, kind, stage, count in rows:
        if (kind, stage) in wanted:
            found[challenge_id, wanted[kind, stage]] = int(count)
    for challenge_id, count in db.session.execute(_answered(programme, quarter)):
        found[challenge_id, "answered"] = int(count)
    return found


def _answered(programme: Programme, quarter: Quarter) -> Select[int, int]:
    """Ideas that got any answer: one that was kept for later and chosen after counts once."""
    return (
        select(Passage.challenge_id, func.count(Passage.subject_id.distinct()))
        .where(
            Passage.programme_id == programme.id,
            Passage.subject_kind == "idea",
            Passage.stage.in_(COUNTED["answered"][1]),
            Passage.entered_at >= quarter.starts,
            Passage.entered_at < quarter.ends,
        )
        .group_by(Passage.challenge_id)
    )


def _values(programme: Programme, quarter: Quarter) -> dict[int, list[dict[str, Any]]]:
    """What projects are worth, as last said by the quarter's end: shown and counted values, never those only hoped for."""
    claims = (
        select(Project.challenge_id, ValueClaim)
        .join(Project, Project.id == ValueClaim.project_id)
        .where(
            Project.programme_id == programme.id,
            ValueClaim.kind != ValueKind.EXPECTED,
            ValueClaim.said_at < quarter.ends,
        )
        .order_by(ValueClaim.project_id, ValueClaim.kind, ValueClaim.number)
    )
    newest: dict[tuple[int, int], tuple[int, ValueClaim]] = {}
    for challenge_id, claim in db.session.execute(claims):
        before = newest.get((claim.project_id, 0))
        # A counted value takes the place of the one the proof showed.
        if before is None or claim.kind == before[1].kind or claim.kind == ValueKind.ACTUAL:
            newest[claim.project_id, 0] = challenge_id, claim
    found: dict[int, list[dict[str, Any]]] = {}
    for challenge_id, claim in newest.values():
        row = {"kind": str(claim.kind), "per": claim.per, "currency": claim.currency, "minor": claim.amount_minor}
        found.setdefault(challenge_id, []).append(row)
    return {challenge_id: _added(rows, ("kind", "per", "currency")) for challenge_id, rows in found.items()}


def _spent(programme: Programme, quarter: Quarter) -> dict[int, list[dict[str, Any]]]:
    rows = db.session.execute(
        select(Project.challenge_id, BudgetLine.currency, func.sum(MoneyEntry.amount_minor))
        .join(BudgetLine, BudgetLine.project_id == Project.id)
        .join(MoneyEntry, MoneyEntry.line_id == BudgetLine.id)
        .where(
            Project.programme_id == programme.id,
            MoneyEntry.kind == EntryKind.SPEND,
            MoneyEntry.happened_on >= quarter.first,
            MoneyEntry.happened_on < quarter.next.first,
        )
        .group_by(Project.challenge_id, BudgetLine.currency)
        .order_by(Project.challenge_id, BudgetLine.currency)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for challenge_id, currency, minor in rows:
        found.setdefault(challenge_id, []).append({"currency": currency, "minor": int(minor)})
    return found


def _added(rows: Sequence[Mapping[str, Any]], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Amounts added up where everything else is alike; currencies are never added to each other."""
    sums: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        sums[key] = sums.get(key, 0) + row["minor"]
    return [dict(zip(keys, key, strict=True)) | {"minor": minor} for key, minor in sorted(sums.items())]
