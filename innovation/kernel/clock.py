"""The only place that reads a clock. Deadlines are decided by the database's clock, never by a web server's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.orm import Session, scoped_session

_offset = timedelta()


class WallTimeError(ValueError):
    """A wall time that a zone skips or repeats; ``code`` is ``nonexistent`` or ``ambiguous``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def set_offset(seconds: int) -> None:
    """Shift every reading by ``seconds``; only tests do this, and the settings refuse it in production."""
    global _offset
    _offset = timedelta(seconds=seconds)


@contextmanager
def travelling(moment: datetime) -> Iterator[None]:
    """Let the clock stand at another moment and go on from there: how the demo writes its history as it happened.

    For one process that serves nobody; never for a web server, worker or clock.
    """
    global _offset
    before = _offset
    _offset = moment - datetime.now(UTC)
    try:
        yield
    finally:
        _offset = before


def now() -> datetime:
    """The process's time, aware, UTC: for logs, leases and pages; a deadline is judged by :func:`instant`."""
    return datetime.now(UTC) + _offset


def instant_column(dialect: str) -> ColumnElement[Any]:
    """The database's present instant as an SQL expression (not the start of the transaction)."""
    return literal_column("clock_timestamp()" if dialect == "postgresql" else "strftime('%Y-%m-%d %H:%M:%f','now')")


def instant(session: Session | scoped_session[Session]) -> datetime:
    """The database's present instant, aware, UTC. Call it after the lock that the deadline depends on."""
    dialect = session.get_bind().dialect.name
    return parse_instant(session.execute(select(instant_column(dialect))).scalar_one())


def parse_instant(value: datetime | str) -> datetime:
    """What :func:`instant_column` returned, as an aware UTC time on either database."""
    if isinstance(value, str):
        value = datetime.strptime(value, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)
    return value.astimezone(UTC) + _offset


def to_utc(wall: datetime, zone: str) -> datetime:
    """The instant of a naive wall time in an IANA zone.

    Raises:
        WallTimeError: the zone's clock skips this time, or shows it twice.
    """
    tz = ZoneInfo(zone)
    early, late = (wall.replace(tzinfo=tz, fold=fold) for fold in (0, 1))
    if early.utcoffset() != late.utcoffset():
        exists = early.astimezone(UTC).astimezone(tz).replace(tzinfo=None) == wall
        raise WallTimeError("ambiguous" if exists else "nonexistent")
    return early.astimezone(UTC)


def to_wall(moment: datetime, zone: str) -> datetime:
    """The naive wall time that a zone's clock shows at an instant."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def zones() -> list[str]:
    """The zones a person may choose, cities first-level only, sorted."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ["UTC", *sorted(zone for zone in available_timezones() if zone.startswith(areas))]
