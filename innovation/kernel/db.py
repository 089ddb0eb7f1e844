"""The database: one metadata, one session, own column types, and transactions that say whether they write.

On SQLite a transaction that writes begins with ``BEGIN IMMEDIATE``, so a read followed by a write can never find that
another writer came between. On PostgreSQL the same promise comes from row locks (:func:`lock`).
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Select,
    String,
    TypeDecorator,
    event,
    insert,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry

from innovation.kernel import ids

BigInt = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit integer; SQLite's INTEGER is one already, and only that name makes an autoincrementing key there."""

JsonB = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON; None is NULL there, never the JSON text ``null``, so that a condition on a column finds what is missing."""

_WRITES = "innovation_writes"


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive values going in, gives aware UTC values coming out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


_METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    """Every table's base class."""

    metadata = _METADATA
    # On the registry, not as a class attribute: Flask-SQLAlchemy subclasses this base, and a map is not inherited.
    registry = registry(
        metadata=_METADATA,
        type_annotation_map={int: BigInt, datetime: UtcDateTime, dict[str, Any]: JsonB, list[Any]: JsonB},
    )


class Keyed:
    """A table's integer key; it stays inside and never appears in a URL."""

    id: Mapped[int] = mapped_column(primary_key=True)


class Public(Keyed):
    """A row that has an address: the random name every URL uses."""

    public_id: Mapped[str] = mapped_column(String(ids.PUBLIC_ID_LENGTH), unique=True, default=ids.public_id)


class Sourced:
    """Where an imported row came from; unique together, so a second import finds the first."""

    source: Mapped[str | None] = mapped_column(String(80))
    foreign_id: Mapped[str | None] = mapped_column(String(200))


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"expire_on_commit": False},
)


def engine_options(url: str) -> dict[str, Any]:
    """Flask-SQLAlchemy's engine options for an address."""
    common = {
        "json_serializer": lambda value: json.dumps(value, ensure_ascii=False),
        "query_cache_size": 2000,  # there are more statements than the 500 it keeps by itself
    }
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30}, **common}
    # The server's own compiler is meant for long analyses: over questions as short as these it costs more than it saves.
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20, "connect_args": {"options": "-c jit=off"}, **common}


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def begin_write(session: Session) -> None:
    """Begin a transaction that will write; whatever the session read before is read anew when used."""
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed before the use case began")
    if session.in_transaction():
        session.rollback()
    session.expire_all()
    session.connection(execution_options={_WRITES: True})


def lock(statement: Select[Any]) -> None:
    """Take the row locks a select asks for (``with_for_update``); SQLite holds its one write lock already."""
    if db.session.get_bind().dialect.name != "sqlite":
        db.session.execute(statement).all()


def upsert(table: type[Base]) -> Any:
    """An INSERT that takes ``on_conflict_do_update`` on the database in use."""
    dialect = db.session.get_bind().dialect.name
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)


def insert_many(table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert plain rows in one statement per thousand, past the unit of work."""
    for start in range(0, len(rows), 1000):
        db.session.execute(insert(table), rows[start : start + 1000])
