"""The clock: regular work under a stable name, done once a period however many clocks run."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Flask
from sqlalchemy import String, Text, update
from sqlalchemy.orm import Mapped, mapped_column

from innovation.kernel import clock
from innovation.kernel.db import Base, db, upsert
from innovation.kernel.usecase import transaction

log = logging.getLogger(__name__)


class ClockTick(Base):
    """When each regular work is due next; one row per name, so that two clocks do it once."""

    __tablename__ = "clock_tick"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    due_at: Mapped[datetime]
    ran_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Regular:
    """Work the clock does: "everything due by now", so that a missed tick costs nothing."""

    name: str
    every: timedelta
    run: Callable[[], object]


_F = TypeVar("_F", bound=Callable[[], object])
regulars: dict[str, Regular] = {}


def every(*, name: str, seconds: int = 0, minutes: int = 0) -> Callable[[_F], _F]:
    """Register regular work under a stable name."""

    def register(run: _F) -> _F:
        regulars[name] = Regular(name, timedelta(seconds=seconds, minutes=minutes), run)
        return run

    return register


def tick(app: Flask, only: Callable[[str], bool] = lambda name: True) -> list[str]:
    """Do the regular work that is due. Returns the names of what ran here."""
    return [each.name for each in regulars.values() if only(each.name) and _run_if_due(app, each)]


def _run_if_due(app: Flask, regular: Regular) -> bool:
    with app.app_context():
        now = clock.now()
        with transaction():
            statement = upsert(ClockTick).values(name=regular.name, due_at=now + regular.every, ran_at=now)
            mine = db.session.scalar(
                statement.on_conflict_do_update(
                    index_elements=["name"],
                    set_={"due_at": now + regular.every, "ran_at": now},
                    where=ClockTick.due_at <= now,
                ).returning(ClockTick.name)
            )
        if mine is None:
            return False
        error = None
        try:
            regular.run()
        except Exception:  # one failing work must not stop the others
            log.exception("regular work %s failed", regular.name)
            error = traceback.format_exc(limit=-8)[-4000:]
        with transaction():
            db.session.execute(update(ClockTick).where(ClockTick.name == regular.name).values(error=error))
        return True


def run_clock(app: Flask, stop: Callable[[], bool]) -> None:
    """Tick once a second until told to stop."""
    while not stop():
        try:
            tick(app)
        except Exception:  # a database that is away for a moment
            log.exception("the clock missed a tick")
        time.sleep(1)
