"""The index: one entry for each thing that can be found, and the words it knows, for typing errors.

On PostgreSQL ``vector`` is a text search vector with a GIN index. On SQLite an FTS5 table over the same two columns of
folded and stemmed words (``search_fts``) follows by triggers. Nothing here is truth: it can be built anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.challenges.models import Challenge
from innovation.discussion.models import Comment
from innovation.ideas.models import Idea
from innovation.kernel.db import Base, Keyed
from innovation.people.models import Person
from innovation.projects.models import Project

Vector = Text().with_variant(TSVECTOR, "postgresql")

FTS = (
    "CREATE VIRTUAL TABLE search_fts USING fts5(title_words, body_words, content='search_entry', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN "
    "INSERT INTO search_fts(rowid, title_words, body_words) VALUES (new.id, new.title_words, new.body_words); END",
    "CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, title_words, body_words) "
    "VALUES ('delete', old.id, old.title_words, old.body_words); END",
    "CREATE TRIGGER search_entry_changed AFTER UPDATE OF title_words, body_words ON search_entry BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, title_words, body_words) "
    "VALUES ('delete', old.id, old.title_words, old.body_words); "
    "INSERT INTO search_fts(rowid, title_words, body_words) VALUES (new.id, new.title_words, new.body_words); END",
)
"""What SQLite needs besides the tables; the migration runs the same statements."""


class Entry(Keyed, Base):
    """One thing that can be found. Exactly one key is set besides the challenge it belongs to."""

    __tablename__ = "search_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('challenge', 'idea', 'project', 'person', 'comment')", name="kind"),
        UniqueConstraint("kind", "subject_id"),
        Index("ix_search_entry_kind", "kind", "id"),
        Index("ix_search_entry_vector", "vector", postgresql_using="gin").ddl_if(dialect="postgresql"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int]
    challenge_id: Mapped[int | None] = mapped_column(ForeignKey("challenge.id"), index=True)
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    """Plain text as shown in results, without mark-up."""
    title_words: Mapped[str] = mapped_column(Text)
    body_words: Mapped[str] = mapped_column(Text)
    """Folded words in the order of the text, then their stems, then tags: see ``rules/words``."""
    vector: Mapped[Any | None] = mapped_column(Vector)
    language: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(12), default="")
    happened_at: Mapped[datetime]
    indexed_at: Mapped[datetime]

    challenge: Mapped[Challenge | None] = relationship(lazy="raise")
    idea: Mapped[Idea | None] = relationship(lazy="raise")
    project: Mapped[Project | None] = relationship(lazy="raise")
    comment: Mapped[Comment | None] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")


class Word(Base):
    """A word that stands in some entry, as typed there but folded."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(String(60), primary_key=True)


class Spelling(Base):
    """A word with one letter left out: two words that share one are one typing error apart, or two."""

    __tablename__ = "search_spelling"

    short: Mapped[str] = mapped_column(String(60), primary_key=True)
    word: Mapped[str] = mapped_column(String(60), primary_key=True)


for _statement in FTS:
    event.listen(Entry.__table__, "after_create", DDL(_statement).execute_if(dialect="sqlite"))
