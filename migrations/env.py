"""Alembic's environment: the application hands its connection over."""

from typing import Any, Literal

from alembic import context

from innovation.kernel import db

connection = context.config.attributes["connection"]


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write the house's own column types by their names."""
    if kind == "type":
        if isinstance(item, db.UtcDateTime):
            return "db.UtcDateTime()"
        if item is db.JsonB or repr(item) == repr(db.JsonB):
            return "db.JsonB"
        if item is db.BigInt or repr(item) == repr(db.BigInt):
            return "db.BigInt"
    return False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out the tables in which SQLite keeps its full text index: they follow from one statement of their own."""
    return kind != "table" or not (name or "").startswith("search_fts")


context.configure(
    connection=connection,
    target_metadata=db.Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    include_name=include_name,
)
with context.begin_transaction():
    context.run_migrations()
