"""The only writer of a ``state`` column, and of the passages that every figure is read from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, Protocol, runtime_checkable

from sqlalchemy import Index, String, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from innovation.kernel.actor import Actor
from innovation.kernel.db import Base, Keyed, db, upsert
from innovation.kernel.errors import NotPossible
from innovation.kernel.events import Event, Fact, emit
from innovation.rules.machine import Machine, NoSuchMove

_OPEN = db.text("left_at IS NULL")


class Passage(Keyed, Base):
    """That a subject was in a stage from one instant to another, and the facts that brought and took it."""

    __tablename__ = "passage"
    __table_args__ = (
        Index(
            "uq_passage_open", "subject_kind", "subject_id", "stage", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index("ix_passage_stage", "challenge_id", "stage", "left_at"),
        Index("ix_passage_entered_at", "subject_kind", "stage", "entered_at", "id"),
    )

    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    stage: Mapped[str] = mapped_column(String(40))
    from_stage: Mapped[str] = mapped_column(String(40), default="")
    """Which counted stage it came from; empty when it came from outside."""
    programme_id: Mapped[int]
    challenge_id: Mapped[int]
    circle: Mapped[str] = mapped_column(String(10), default="")
    organisation_id: Mapped[int | None]
    entered_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    entered_event_id: Mapped[int]
    left_event_id: Mapped[int | None]


class StageCount(Keyed, Base):
    """How many passages into and out of a stage a challenge has seen, per visibility class of the subject."""

    __tablename__ = "stage_count"
    __table_args__ = (UniqueConstraint("challenge_id", "subject_kind", "stage", "visibility"),)

    programme_id: Mapped[int] = mapped_column(index=True)
    challenge_id: Mapped[int]
    subject_kind: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(40))
    visibility: Mapped[str] = mapped_column(String(10))
    entered: Mapped[int]
    left: Mapped[int]


class Scope(NamedTuple):
    """Where a subject belongs in the figures; circle and organisation are its authors' as of the submission."""

    programme_id: int
    challenge_id: int
    visibility: str
    circle: str = ""
    organisation_id: int | None = None


class Subject(Protocol):
    """What can be moved: it has a state."""

    @property
    def id(self) -> Any: ...

    state: Any


@runtime_checkable
class Counted(Subject, Protocol):
    """What stands in the figures besides: it says which stage a state is (None: not counted) and where it belongs."""

    def passage_kind(self) -> str: ...

    def passage_stage(self, state: str) -> str | None: ...

    def passage_scope(self) -> Scope: ...


def begin(subject: Subject, machine: Machine, fact: Fact, *, actor: Actor, now: datetime) -> Event:
    """State the first fact of a new, flushed row that stands in its machine's start state."""
    if subject.state != machine.start:
        raise NotPossible("not_at_start", machine=machine.name, state=str(subject.state))
    event = emit(fact, actor=actor, now=now)
    if isinstance(subject, Counted):
        _enter(subject, subject.passage_stage(machine.start), "", event, now)
    return event


def move(subject: Subject, machine: Machine, name: str, fact: Fact, *, actor: Actor, now: datetime) -> Event:
    """Carry out one move: the state, the fact and the passage, together.

    Raises:
        NotPossible: the machine has no such move from the present state.
    """
    before = str(subject.state)
    try:
        after = machine.after(before, name)
    except NoSuchMove as error:
        raise NotPossible(f"cannot_{name}", machine=machine.name, state=before) from error
    subject.state = after
    event = emit(fact, actor=actor, now=now)
    if isinstance(subject, Counted):
        left, entered = subject.passage_stage(before), subject.passage_stage(after)
        if left != entered:  # two states of one stage: nothing entered it and nothing left
            _leave(subject, left, event, now)
            _enter(subject, entered, left or "", event, now)
    return event


def mark(subject: Counted, stage: str, event: Event, *, now: datetime) -> None:
    """Record that a subject went through a stage that is no state of it: it entered and left with one fact."""
    db.session.add(_passage(subject, stage, event, now, left_at=now, left_event_id=event.id))
    _count(subject, stage, entered=1, left=1)


def change_class(subject: Counted, was: str) -> None:
    """Move what a subject's passages counted so far from the visibility class it had to the one it has now."""
    if subject.passage_scope().visibility == was:
        return
    db.session.flush()
    passed = db.session.execute(
        select(Passage.stage, func.count(), func.count(Passage.left_at))
        .where(Passage.subject_kind == subject.passage_kind(), Passage.subject_id == subject.id)
        .group_by(Passage.stage)
        .order_by(Passage.stage)
    ).all()
    for stage, entered, left in passed:
        _count(subject, stage, entered=-entered, left=-left, visibility=was)
        _count(subject, stage, entered=entered, left=left)


def _passage(subject: Counted, stage: str, event: Event, now: datetime, **more: Any) -> Passage:
    scope = subject.passage_scope()
    return Passage(
        subject_kind=subject.passage_kind(),
        subject_id=subject.id,
        stage=stage,
        programme_id=scope.programme_id,
        challenge_id=scope.challenge_id,
        circle=scope.circle,
        organisation_id=scope.organisation_id,
        entered_at=now,
        entered_event_id=event.id,
        **more,
    )


def _enter(subject: Counted, stage: str | None, came_from: str, event: Event, now: datetime) -> None:
    if stage is None:
        return
    db.session.add(_passage(subject, stage, event, now, from_stage=came_from))
    _count(subject, stage, entered=1, left=0)


def _leave(subject: Counted, stage: str | None, event: Event, now: datetime) -> None:
    if stage is None:
        return
    db.session.flush()
    left = db.session.execute(
        update(Passage)
        .where(
            Passage.subject_kind == subject.passage_kind(),
            Passage.subject_id == subject.id,
            Passage.stage == stage,
            Passage.left_at.is_(None),
        )
        .values(left_at=now, left_event_id=event.id),
        execution_options={"synchronize_session": False},
    )
    # A state that was never entered by this module must not be left by it: the funnel would not add up.
    if left.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has a count
        raise RuntimeError(f"{subject.passage_kind()} {subject.id} has no open passage in {stage}")
    _count(subject, stage, entered=0, left=1)


def _count(subject: Counted, stage: str, *, entered: int, left: int, visibility: str | None = None) -> None:
    scope = subject.passage_scope()
    row = upsert(StageCount).values(
        programme_id=scope.programme_id,
        challenge_id=scope.challenge_id,
        subject_kind=subject.passage_kind(),
        stage=stage,
        visibility=visibility or scope.visibility,
        entered=entered,
        left=left,
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["challenge_id", "subject_kind", "stage", "visibility"],
            set_={"entered": StageCount.entered + entered, "left": StageCount.left + left},
        )
    )
