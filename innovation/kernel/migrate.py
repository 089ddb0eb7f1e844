"""Alembic, driven by the application's own engine."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from innovation.kernel.assets import data_folder
from innovation.kernel.db import db

_LOCK = 7_310_002


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(data_folder("migrations")))
    config.attributes["connection"] = connection
    return config


def _run(action: str, revision: str) -> None:
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # Hosts that start at once take turns: whoever waits finds the work done.
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()
        else:
            # Batch mode rebuilds tables; with foreign keys on, dropping the old one would delete its children.
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            getattr(command, action)(_config(connection), revision)
            connection.commit()
        finally:
            if connection.dialect.name == "postgresql":
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
                connection.commit()
            else:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                connection.rollback()
                connection.invalidate()
                if broken:
                    raise RuntimeError(f"the migration broke references: {broken[:5]}")
    db.engine.dispose()


def upgrade(revision: str = "head") -> None:
    """Bring the tables up to a revision."""
    _run("upgrade", revision)


def downgrade(revision: str) -> None:
    """Go back to a revision ('base' for an empty database)."""
    _run("downgrade", revision)


def is_current() -> bool:
    """Whether the database stands at the newest revision."""
    with db.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(_config(connection))
        return MigrationContext.configure(connection).get_current_heads() == tuple(scripts.get_heads())


def new_revision(message: str) -> None:
    """Write a migration from the difference between models and database, for a developer to read and complete."""
    with db.engine.connect() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)
