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
class IdeaHandedIn(Fact):
    """An idea was sent where somebody looks at it before others see it."""

    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaAccepted(Fact):
    """Whoever checks it lets an idea be seen: from here on it is one like any other that was sent."""

    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaSentBack(Fact):
    """Whoever checks an idea has a question: its authors answer it and send the idea again."""

    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaTurnedDown(Fact):
    """Whoever checks an idea does not let it be seen, for a reason that its authors read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksDue(Fact):
    """Ideas of a challenge wait to be checked for a day, or longer than the promised two: how many."""

    step: str
    waiting: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorsAsked(Fact):
    """A judge asked the authors of an idea something."""

    question_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorsAnswered(Fact):
    """An author answered what a judge had asked."""

    question_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAgreed(Fact):
    """An author lets an idea that was not chosen be offered to later challenges."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTakenBack(Fact):
    """An author no longer lets an idea be offered."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaAskedFor(Fact):
    """A later challenge, at which the fact stands, asks the authors of an earlier idea to bring it."""

    offer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswered(Fact):
    """The authors of an earlier idea answered a later challenge, at which the fact stands: they bring it, or they do not."""

    offer_id: int
    brought: bool
