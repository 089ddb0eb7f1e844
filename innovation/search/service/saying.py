"""What an entry says: for each kind of thing its title, its text and where it belongs, without mark-up.

Author names never stand with an idea: a search for a name must not tell who wrote what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges.models import Challenge
from innovation.discussion.models import Comment
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea, Note
from innovation.kernel.db import db
from innovation.kernel.text import Format, bare
from innovation.people.models import CircleMembership, Organisation, Person
from innovation.projects.models import Project
from innovation.rules.talk import named, with_names
from innovation.search.queries.lacking import findable


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be found about one thing."""

    subject_id: int
    keys: Mapping[str, int | None]
    title: str
    body: str
    language: str
    state: str
    happened_at: datetime


def said(kind: str, ids: Sequence[int]) -> list[Said]:
    """What there is to be found about some things; what does not belong into the index is missing."""
    return list(_KINDS[kind](ids))


def _challenges(ids: Sequence[int]) -> Iterable[Said]:
    rows = db.session.scalars(
        select(Challenge)
        .options(selectinload(Challenge.topics))
        .where(Challenge.id.in_(ids), findable("challenge"))
        .execution_options(populate_existing=True)
    )
    for row in rows:
        texts = (row.summary, row.must, row.background, row.constraints)
        body = [_bare(each, row.text_format) for each in texts]
        body += [", ".join(sorted(topic.topic for topic in row.topics)), "" if row.sponsor_withheld else row.sponsor_name]
        when = row.published_at or row.created_at
        yield Said(row.id, {"challenge_id": row.id}, row.title, _joined(body), row.language, row.state, when)


def _ideas(ids: Sequence[int]) -> Iterable[Said]:
    notes: dict[int, list[str]] = {}
    for note in db.session.scalars(select(Note).where(Note.idea_id.in_(ids)).order_by(Note.id)):
        notes.setdefault(note.idea_id, []).append(_bare(note.text))
    answered = ideas.answer_texts(ids)
    rows = db.session.execute(
        select(
            Idea.id,
            Idea.challenge_id,
            Idea.title,
            Idea.text,
            Idea.language,
            Idea.state,
            Idea.created_at,
            Idea.submitted_at,
        ).where(Idea.id.in_(ids), findable("idea"))
    )
    for row in rows:
        keys = {"idea_id": row.id, "challenge_id": row.challenge_id}
        body = _joined([_bare(row.text), *map(_bare, answered.get(row.id, [])), *notes.get(row.id, [])])
        yield Said(row.id, keys, row.title, body, row.language, row.state, row.submitted_at or row.created_at)


def _projects(ids: Sequence[int]) -> Iterable[Said]:
    rows = db.session.scalars(select(Project).where(Project.id.in_(ids)).execution_options(populate_existing=True))
    for row in rows:
        keys = {"project_id": row.id, "challenge_id": row.challenge_id}
        body = _joined([_bare(row.goal), _bare(row.lesson)])
        yield Said(row.id, keys, row.title, body, row.language, row.state, row.started_at)


def _comments(ids: Sequence[int]) -> Iterable[Said]:
    rows = db.session.scalars(
        select(Comment)
        .options(joinedload(Comment.thread))
        .where(Comment.id.in_(ids), findable("comment"))
        .execution_options(populate_existing=True)
    )
    for row in rows:
        keys = {"comment_id": row.id, "challenge_id": row.thread.challenge_id}
        # Whom it names is not searched for: the name may be kept back from the one who searches.
        text = with_names(row.text, dict.fromkeys(named(row.text), "…"))
        yield Said(row.id, keys, "", _bare(text, row.text_format), row.language, "", row.made_at)


def _people(ids: Sequence[int]) -> Iterable[Said]:
    current = (CircleMembership.person_id == Person.id) & CircleMembership.valid_to.is_(None)
    rows = db.session.execute(
        select(Person, Organisation.name)
        .outerjoin(CircleMembership, current)
        .outerjoin(Organisation, Organisation.id == CircleMembership.organisation_id)
        .where(Person.id.in_(ids), findable("person"))
        .execution_options(populate_existing=True)
    )
    for person, works in rows:
        body = ", ".join(each for each in (person.job_title, works, *person.expertise) if each)
        yield Said(person.id, {"person_id": person.id}, person.name, body, person.language, "", person.created_at)


def _bare(source: str, format: str = "markdown") -> str:
    written: Format = "html" if format == "html" else "markdown"
    return bare(source, written) if source else ""


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(each for each in texts if each)


_KINDS: dict[str, Any] = {
    "challenge": _challenges,
    "idea": _ideas,
    "project": _projects,
    "comment": _comments,
    "person": _people,
}
