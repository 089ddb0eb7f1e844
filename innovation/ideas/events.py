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
class IdeaEmptied(Fact):
    """A withdrawn idea's content was removed for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaOpenedWithReason(Fact):
    """A manager or administrator opened a sealed idea, for a reason that its authors see; he may read it for a while."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoAuthorAsked(Fact):
    """Somebody without an account was named as a co-author, and invited."""

    invitation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesSet(Fact):
    """An author set the shares of a draft's authors anew; who had accepted others is asked again."""


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
