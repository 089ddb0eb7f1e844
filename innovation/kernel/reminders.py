"""Saying that something is due, once per step, however often the clock looks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innovation.kernel.db import Base, Keyed, db, upsert


class Reminder(Keyed, Base):
    """That a reminder was given."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "step"),)

    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    step: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime]


def first_time(subject_kind: str, subject_id: int, step: str, *, now: datetime) -> bool:
    """Whether this reminder was not given before; it counts as given from here on, if the transaction commits."""
    row = upsert(Reminder).values(subject_kind=subject_kind, subject_id=subject_id, step=step, given_at=now)
    row = row.on_conflict_do_nothing(index_elements=["subject_kind", "subject_id", "step"]).returning(Reminder.id)
    return db.session.execute(row).scalar() is not None
