"""A talk as one person sees it: who said what, whose name is kept back, and what this person may do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from innovation.discussion.models import Comment, Thread
from innovation.discussion.queries import places, readers, reading
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.usecase import roles
from innovation.people.models import Person
from innovation.rules.policy import May, allowed
from innovation.rules.predicates import Case, Role
from innovation.rules.talk import with_names

INDENTED = 3
"""Answers step in so many times; what lies deeper says whom it answers. More would leave a phone no room for words."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose words these are. ``kind``: ``person``; ``author`` (an author whose name is kept back); ``sponsor`` (one who
    withholds it); ``gone`` (erased)."""

    kind: str
    name: str = ""
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a comment answers: where it stands, and who wrote it."""

    public_id: str
    writer: Writer


@dataclass(frozen=True, slots=True)
class Line:
    """One comment in its thread.

    Attributes:
        state: ``stands``, ``trashed`` (its words are not shown) or ``hidden`` (removed by a moderator).
        own: the reader wrote it, and so reads it although it is hidden.
        answers: what it answers, where its place on the page does not say so.
        people: whom its text names, by public id.
    """

    comment: Comment
    state: str
    writer: Writer
    own: bool
    step: int
    answers: Answered | None
    people: dict[str, Writer]
    may_answer: bool
    may_edit: bool
    may_delete: bool
    may_restore: bool

    @property
    def mark(self) -> str:
        """A word that changes when the line does, so that a page keeps the lines that did not."""
        return f"{self.comment.revision_no}-{self.state}-{self.may_answer:d}{self.may_restore:d}"


@dataclass(frozen=True, slots=True)
class Talk:
    """A page of a thread; ``thread`` is not stored yet where nobody has said anything."""

    thread: Thread
    place: places.Place
    page: paging.Page[Comment]
    lines: list[Line]
    count: int
    version: str
    may_write: bool
    may_lock: bool

    @property
    def begun(self) -> bool:
        return places.begun(self.thread)


def talk(actor: Actor, thread: Thread, now: datetime, cursor: str | None = None) -> Talk:
    """A page of a thread for somebody who reads it: at most six queries, whatever is said.

    Args:
        thread: a row, or one that is not stored yet.
    """
    mine = roles(actor, thread)
    begun = places.begun(thread)
    page: paging.Page[Comment] = (
        reading.page(actor, thread.id, now, cursor) if begun else paging.Page(items=[], next=None, first=True)
    )
    return Talk(
        thread=thread,
        place=places.place(thread),
        page=page,
        lines=_lines(actor, thread, mine, page.items) if begun else [],
        count=thread.comments if begun else 0,
        version=reading.version(thread) if begun else "",
        may_write=_allowed(actor, May.TALK, mine) and thread.locked_at is None,
        may_lock=begun and _allowed(actor, May.LOCK_TALK, mine),
    )


def _allowed(actor: Actor, act: May, mine: frozenset[Role]) -> bool:
    return actor.is_house or allowed(act, Case(mine))


def _lines(actor: Actor, thread: Thread, mine: frozenset[Role], comments: Iterable[Comment]) -> list[Line]:
    rows = list(comments)
    above = reading.parents(rows)
    named = readers.mentioned(row.id for row in rows)
    kept = places.veiled(actor, thread)
    writes = _allowed(actor, May.TALK, mine) and thread.locked_at is None
    found: list[Line] = []
    before: Comment | None = None
    for row in rows:
        own = actor.person_id is not None and row.person_id == actor.person_id
        deletes = _allowed(actor, May.DELETE_COMMENT, mine | {Role.WRITER} if own else mine)
        state = "trashed" if row.trashed_at else "hidden" if row.hidden_at else "stands"
        parent = above.get(row.parent_id or 0)
        told = before is None or row.depth > INDENTED
        found.append(
            Line(
                comment=row,
                state=state,
                writer=written_by(row, kept),
                own=own,
                step=min(row.depth, INDENTED),
                answers=Answered(parent.public_id, written_by(parent, kept)) if told and parent else None,
                people=named_in(row, named.get(row.id, []), kept),
                may_answer=writes and state == "stands",
                may_edit=own and state == "stands" and thread.locked_at is None,
                may_delete=deletes and state == "stands",
                may_restore=deletes and state == "trashed" and row.trashed_by == actor.person_id,
            )
        )
        before = row
    return found


def written_by(comment: Comment, veiled: places.Veil) -> Writer:
    """Whose words a comment is, as a reader from whom these names are kept may know it."""
    if comment.person_id in veiled:
        return Writer(veiled.kind(comment.person_id))
    return _writer(comment.person)


def _writer(person: Person | None) -> Writer:
    if person is None or person.erased_at is not None:
        return Writer("gone")
    return Writer("person", person.name, person.public_id)


def named_in(comment: Comment, people: Iterable[Person], veiled: places.Veil) -> dict[str, Writer]:
    """Whom a comment names, by public id.

    A name is kept back only in the words of somebody whose own is: he knows who the authors are. What anybody else typed
    says nothing about who they are, and would if it were replaced.
    """
    knows = comment.person_id in veiled
    return {
        each.public_id: Writer(veiled.kind(each.id)) if knows and each.id in veiled else _writer(each) for each in people
    }


def typed(comment: Comment) -> str:
    """A comment's text as its writer types it: names behind the ``@``."""
    people = readers.mentioned([comment.id]).get(comment.id, [])
    return with_names(comment.text, {each.public_id: each.name for each in people if each.erased_at is None})


def plain_texts(actor: Actor, comments: Iterable[Comment]) -> dict[int, str]:
    """Texts with names in place of tokens, as this person may read them: for mails, excerpts and search results.

    Threads must be loaded. Who reads them at all is asked by :func:`reading.readable`.
    """
    rows = list(comments)
    named = readers.mentioned(row.id for row in rows)
    kept = {row.thread_id: row.thread for row in rows}
    veils = {thread_id: places.veiled(actor, thread) for thread_id, thread in kept.items()}
    found: dict[int, str] = {}
    for row in rows:
        writers = named_in(row, named.get(row.id, []), veils[row.thread_id])
        found[row.id] = with_names(row.text, {key: each.name or "…" for key, each in writers.items()})
    return found


def writers(actor: Actor, comments: Iterable[Comment]) -> dict[int, Writer]:
    """Whose words some comments are, as this person may know it, by the comment's id. Threads and people must be loaded."""
    rows = list(comments)
    threads = {row.thread_id: row.thread for row in rows}
    veils = {thread_id: places.veiled(actor, thread) for thread_id, thread in threads.items()}
    return {row.id: written_by(row, veils[row.thread_id]) for row in rows}
