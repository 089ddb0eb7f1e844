"""Migrations make exactly what the models say, on both databases, up and down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, inspect, text

from innovation.app import create_app
from innovation.kernel import migrate
from innovation.kernel.db import Base, db
from innovation.rules.award import AWARD
from innovation.rules.challenge import CHALLENGE
from innovation.rules.idea import IDEA
from innovation.rules.moderation import CASE
from innovation.rules.order import ORDER
from innovation.rules.project import GATE, PROJECT
from innovation.rules.run import RUN
from innovation.settings import Settings
from tests.services import postgres


def _schema(engine: Engine) -> dict[str, Any]:
    """Everything about the tables that can be reflected: columns, keys, CHECKs, and predicates of partial indexes."""
    inspector = inspect(engine)
    found: dict[str, Any] = {}
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        found[table] = {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column.get("default"))
                for column in inspector.get_columns(table)
            },
            "primary": inspector.get_pk_constraint(table)["constrained_columns"],
            "unique": sorted((u["name"] or "", tuple(u["column_names"])) for u in inspector.get_unique_constraints(table)),
            "foreign": sorted(
                (f["name"] or "", tuple(f["constrained_columns"]), f["referred_table"])
                for f in inspector.get_foreign_keys(table)
            ),
            "check": sorted(
                ((c["name"] or ""), " ".join(c["sqltext"].split())) for c in inspector.get_check_constraints(table)
            ),
            "index": sorted(
                (
                    i["name"] or "",
                    tuple(str(c) for c in i["column_names"]),
                    bool(i["unique"]),
                    str(i.get("dialect_options", {}).get(f"{engine.dialect.name}_where")),
                )
                for i in inspector.get_indexes(table)
            ),
        }
    return found


def _compare(url: str, other: str, home: Path) -> None:
    settings = Settings(home=home, database_url="" if url.startswith("sqlite") else url, secret_key="x", testing=True)
    app = create_app(settings)
    made = create_engine(other)
    Base.metadata.create_all(made)
    with app.app_context():
        migrate.upgrade()
        assert migrate.is_current()
        assert _schema(db.engine) == _schema(made)
        migrate.downgrade("base")
        assert _schema(db.engine) == {}
        migrate.upgrade()
        assert _schema(db.engine) == _schema(made)
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
        db.engine.dispose()
    made.dispose()


def test_migrations_equal_models_on_sqlite(tmp_path: Path) -> None:
    _compare("sqlite", f"sqlite:///{tmp_path / 'made.sqlite3'}", tmp_path)


def test_migrations_equal_models_on_postgresql(postgres_server: postgres.Server, tmp_path: Path, worker_id: str) -> None:
    names = [f"migrated_{worker_id}", f"made_{worker_id}"]
    for name in names:
        postgres_server.create_database(name)
    _compare(postgres_server.url(names[0]), postgres_server.url(names[1]), tmp_path)
    for name in names:
        postgres_server.drop_database(name)


def test_checks_name_every_state() -> None:
    """A state the machine knows and the database refuses would be found by a user, at night."""

    tables = {CASE.name: "moderation_case", ORDER.name: "work_order"}
    for machine in (CHALLENGE, IDEA, PROJECT, GATE, RUN, AWARD, CASE, ORDER):
        checks = " ".join(
            str(constraint.sqltext)  # type: ignore[attr-defined]
            for constraint in Base.metadata.tables[tables.get(machine.name, machine.name)].constraints
            if constraint.name and "ck_" in str(constraint.name)
        )
        assert [state for state in sorted(machine.states()) if f"'{state}'" not in checks] == []
