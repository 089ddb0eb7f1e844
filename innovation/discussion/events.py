"""What happens in talks. The thread's programme, challenge, idea and project stand in each fact's scope.

Whoever tells of such a fact asks first who reads the thread (``queries.visible``): the talk of a panel and that of a sealed
idea have the scope of an open one.
"""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentAdded(Fact):
    thread_id: int
    comment_id: int
    parent_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEdited(Fact):
    thread_id: int
    comment_id: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentTrashed(Fact):
    thread_id: int
    comment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRestored(Fact):
    thread_id: int
    comment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMentioned(Fact):
    """Once for each comment and person, also when an edit names him."""

    thread_id: int
    comment_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkLocked(Fact):
    thread_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkUnlocked(Fact):
    thread_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentReported(Fact):
    """``first`` says that it opened the case. Who reported stands in the audit trail alone: nobody is told."""

    thread_id: int
    comment_id: int
    case_id: int
    code: str
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentHeldBack(Fact):
    """It was reported for a reason where waiting does harm, so it is hidden until somebody has looked."""

    thread_id: int
    comment_id: int
    case_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentKept(Fact):
    """``hidden`` says that it had been hidden meanwhile."""

    thread_id: int
    comment_id: int
    case_id: int
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRemoved(Fact):
    thread_id: int
    comment_id: int
    case_id: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalAppealed(Fact):
    thread_id: int
    comment_id: int
    case_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalUpheld(Fact):
    thread_id: int
    comment_id: int
    case_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRestoredByAppeal(Fact):
    thread_id: int
    comment_id: int
    case_id: int
