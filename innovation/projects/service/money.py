"""What a project may cost and what it cost: budget lines, and entries that are only ever added.

An entry is never changed. What was wrong is taken back by an entry of the opposite sign that names it, once; a
commitment that is paid is taken back the same way, and the spending stands beside it. Spending may still be entered
after the project's end; what was planned may not.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.money import CURRENCIES
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import (
    BudgetLineAdded,
    BudgetLineClosed,
    BudgetLineReopened,
    CommitmentPaid,
    MoneyCorrected,
    MoneyEntered,
)
from innovation.projects.models import BudgetLine, MoneyEntry, Project
from innovation.projects.service.opening import scope
from innovation.projects.service.plan_lock import require_plan_open
from innovation.rules.policy import May
from innovation.rules.project import EntryKind

MOST_LINES = 60
LARGEST = 10**15
"""The largest amount of one entry in minor units: thousands of them still add up within 64 bits."""
EAST = timedelta(hours=14)
"""Where a day begins first."""


@use_case(May.WORK_ON_PROJECT, on="project")
def add_line(*, actor: Actor, project: Project, title: str, currency: str, now: datetime = AT_LOCK) -> BudgetLine:
    """Say what money is for, in one currency.

    Raises:
        Invalid: the currency is none that amounts are written in, or a line has this name and currency already.
        NotPossible: there are very many lines.
    """
    if currency not in CURRENCIES:
        raise Invalid("no_such_currency", field="currency")
    taken = db.session.execute(
        select(BudgetLine.position, BudgetLine.title, BudgetLine.currency).where(BudgetLine.project_id == project.id)
    ).all()
    if any((row.title, row.currency) == (title, currency) for row in taken):
        raise Invalid("line_already", field="title")
    if len(taken) >= MOST_LINES:
        raise NotPossible("too_many_lines", most=MOST_LINES)
    position = max((row.position for row in taken), default=0) + 1
    line = BudgetLine(project_id=project.id, position=position, title=title, currency=currency)
    db.session.add(line)
    db.session.flush()
    emit(BudgetLineAdded(line_id=line.id, **scope(project)), actor=actor, now=now)
    return line


@use_case(May.WORK_ON_PROJECT, on="project")
def close_line(*, actor: Actor, project: Project, position: int, now: datetime = AT_LOCK) -> None:
    """Take no more entries on a line; what stands there can still be corrected and paid."""
    line = _line(project, position)
    if line.closed_at is None:
        line.closed_at = now
        emit(BudgetLineClosed(line_id=line.id, **scope(project)), actor=actor, now=now)


@use_case(May.WORK_ON_PROJECT, on="project")
def reopen_line(*, actor: Actor, project: Project, position: int, now: datetime = AT_LOCK) -> None:
    """Take entries on a closed line again."""
    line = _line(project, position)
    if line.closed_at is not None:
        line.closed_at = None
        emit(BudgetLineReopened(line_id=line.id, **scope(project)), actor=actor, now=now)


@use_case(May.WORK_ON_PROJECT, on="project")
def enter(
    *,
    actor: Actor,
    project: Project,
    position: int,
    kind: EntryKind,
    amount_minor: int,
    happened_on: date,
    note: str,
    now: datetime = AT_LOCK,
) -> MoneyEntry:
    """Enter an amount planned, committed or spent on a line, in the line's currency.

    Args:
        position: the line's place in the project.
        happened_on: the day it was planned, ordered or paid; never a day to come.

    Raises:
        Invalid: no such line, no amount above zero, or a day to come.
        NotPossible: the line is closed; or it is a plan, and the project has ended or waits for a gate's decision.
    """
    line = _line(project, position)
    if kind == EntryKind.PLAN:
        require_plan_open(project)
    if line.closed_at is not None:
        raise NotPossible("line_is_closed")
    _require_amount(amount_minor)
    _require_day(happened_on, now)
    entry = _add(line, kind, amount_minor, happened_on, note, actor=actor, now=now)
    emit(MoneyEntered(kind=kind, line_id=line.id, entry_id=entry.id, **scope(project)), actor=actor, now=now)
    return entry


@use_case(May.WORK_ON_PROJECT, on="project")
def correct(*, actor: Actor, project: Project, number: int, reason: str, now: datetime = AT_LOCK) -> MoneyEntry:
    """Take an entry back by one of the opposite sign on the same day, with the reason.

    Args:
        number: the entry's number in the project, counted from 1 in the order of entering.

    Raises:
        Invalid: no such entry, or no reason.
        NotPossible: it is taken back already, it takes another one back itself, or it is a plan that is locked.
    """
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    wrong = _standing_entry(project, number)
    if wrong.kind == EntryKind.PLAN:
        require_plan_open(project)
    back = _take_back(wrong, reason, actor=actor, now=now)
    emit(MoneyCorrected(entry_id=back.id, corrects_id=wrong.id, **scope(project)), actor=actor, now=now)
    return back


@use_case(May.WORK_ON_PROJECT, on="project")
def pay(
    *,
    actor: Actor,
    project: Project,
    number: int,
    amount_minor: int,
    happened_on: date,
    note: str,
    now: datetime = AT_LOCK,
) -> MoneyEntry:
    """Enter that a commitment was paid: it is taken back and what was spent stands instead, in one act.

    Args:
        number: the commitment's number in the project.
        amount_minor: what was spent, which may differ from what was committed.

    Raises:
        Invalid: no such entry, it is no commitment, no amount above zero, or a day to come.
        NotPossible: it is taken back or paid already.
    """
    commitment = _standing_entry(project, number)
    if commitment.kind != EntryKind.COMMIT:
        raise Invalid("not_a_commitment")
    _require_amount(amount_minor)
    _require_day(happened_on, now)
    _take_back(commitment, note, actor=actor, now=now)
    line = db.session.get_one(BudgetLine, commitment.line_id)
    spent = _add(line, EntryKind.SPEND, amount_minor, happened_on, note, actor=actor, now=now)
    emit(CommitmentPaid(entry_id=spent.id, commitment_id=commitment.id, **scope(project)), actor=actor, now=now)
    return spent


def _line(project: Project, position: int) -> BudgetLine:
    """A line as it is under the project's lock, whatever was loaded before."""
    if not 1 <= position <= MOST_LINES:
        raise Invalid("no_such_line", field="position")
    line = db.session.scalars(
        select(BudgetLine)
        .where(BudgetLine.project_id == project.id, BudgetLine.position == position)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if line is None:
        raise Invalid("no_such_line", field="position")
    return line


def _standing_entry(project: Project, number: int) -> MoneyEntry:
    """An entry by its number in the project, if nothing has taken it back and it takes nothing back."""
    if not 1 <= number <= 2**31:
        raise Invalid("no_such_entry")
    entry = db.session.scalars(
        select(MoneyEntry)
        .join(BudgetLine, BudgetLine.id == MoneyEntry.line_id)
        .where(BudgetLine.project_id == project.id)
        .order_by(MoneyEntry.id)
        .offset(number - 1)
        .limit(1)
    ).one_or_none()
    if entry is None:
        raise Invalid("no_such_entry")
    if entry.corrects_id is not None:
        raise NotPossible("entry_is_a_correction")
    if db.session.scalar(select(func.count()).where(MoneyEntry.corrects_id == entry.id)):
        raise NotPossible("corrected_already")
    return entry


def _take_back(entry: MoneyEntry, note: str, *, actor: Actor, now: datetime) -> MoneyEntry:
    line = db.session.get_one(BudgetLine, entry.line_id)
    return _add(line, entry.kind, -entry.amount_minor, entry.happened_on, note, actor=actor, now=now, corrects=entry)


def _add(
    line: BudgetLine,
    kind: str,
    amount_minor: int,
    happened_on: date,
    note: str,
    *,
    actor: Actor,
    now: datetime,
    corrects: MoneyEntry | None = None,
) -> MoneyEntry:
    entry = MoneyEntry(
        line_id=line.id,
        kind=kind,
        amount_minor=amount_minor,
        happened_on=happened_on,
        note=note,
        corrects_id=corrects.id if corrects else None,
        entered_by=actor.person_id,
        entered_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def _require_amount(amount_minor: int) -> None:
    if amount_minor <= 0:
        raise Invalid("amount_not_above_zero", field="amount")
    if amount_minor > LARGEST:
        raise Invalid("amount_too_large", field="amount")


def _require_day(day: date, now: datetime) -> None:
    if day > (now + EAST).date():
        raise Invalid("day_to_come", field="happened_on")
