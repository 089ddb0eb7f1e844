"""What happens to ideas."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaStarted(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaSubmitted(Fact):
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaRevised(Fact):
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaWithdrawn(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaRestored(Fact):
    """A withdrawn idea is back where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorNamed(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorAccepted(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorLeft(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Fact):
    note_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaShortlisted(Fact):
    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaPromoted(Fact):
    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaDeclined(Fact):
    run_id: int
