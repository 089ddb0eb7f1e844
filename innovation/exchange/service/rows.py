"""What every importer produces and the one loader writes: plain frozen rows, and what could not be read.

A reader takes a path and gives a `Bundle`; it knows its format and nothing of the database. Every row carries
the id it has in its source (``foreign_id``, unique per kind and source) and the place it was read from
(``where``), so that the loader can report by file and line what it finds wrong later.

Money is in minor units with an ISO 4217 currency, times are aware and in UTC, voting power is an integer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from innovation.exchange.service.reasons import REASONS

TextFormat: TypeAlias = Literal["markdown", "html"]
"""How a text is written; HTML is kept as it came and must be cleaned before it is shown."""


class UnknownRule(ValueError):
    """The operator named a rule that a format does not know."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a source: the file's name (with ``#sheet`` in a workbook) and its line or row, from 1."""

    file: str
    line: int


NOWHERE: Final = Where("", 0)


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """The programme a source belongs to; None in a bundle leaves the choice to whoever imports."""

    foreign_id: str
    title: str
    language: str = "en"
    where: Where = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """A question. ``opens`` and ``closes`` are in UTC, ``zone`` is the IANA zone they were written in.

    ``state`` is what the source itself says (open or closed), None where it says nothing. ``extra`` keeps,
    as text, what has no column of its own, dates and prizes in their own spelling among it. ``decides`` is who
    decides: where it is None, votes do if there are any totals of them, else the sponsor. ``audience`` are the circles that
    may see it.
    """

    foreign_id: str
    title: str
    question: str = ""
    brief: str = ""
    brief_format: TextFormat = "markdown"
    sponsor: str = ""
    source_url: str = ""
    language: str = "en"
    opens: datetime | None = None
    closes: datetime | None = None
    zone: str = "UTC"
    state: Literal["open", "closed"] | None = None
    budget: int | None = None
    prize: int | None = None
    currency: str | None = None
    types: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    decides: Literal["votes", "sponsor"] | None = None
    audience: tuple[str, ...] = ("staff", "partner", "expert", "public")
    extra: Mapping[str, str] = field(default_factory=dict)
    where: Where = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class IdeaRow:
    """An answer. ``challenge`` and ``authors`` are foreign ids (of people: see `PersonRow`).

    ``requested`` is in minor units of ``currency`` (None: the challenge's). ``text`` is Markdown.
    """

    foreign_id: str
    challenge: str
    title: str
    text: str = ""
    requested: int | None = None
    currency: str | None = None
    authors: tuple[str, ...] = ()
    url: str = ""
    state: Literal["submitted", "withdrawn"] = "submitted"
    submitted_at: datetime | None = None
    language: str = "en"
    answers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    where: Where = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person. ``foreign_id`` is the lower-cased address where there is one, else the source's pseudonym."""

    foreign_id: str
    name: str
    email: str | None = None
    organisation: str = ""
    department: str = ""
    circle: Literal["staff", "partner", "expert", "public"] = "public"
    language: str = "en"
    where: Where = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class TallyRow:
    """The count of one idea in a poll held elsewhere.

    ``for_weight``, ``against_weight`` and ``electorate`` (all who could have voted) are in ``unit``;
    ``voters`` counts people. None is not known.
    """

    idea: str
    source: str
    unit: str
    for_weight: int
    against_weight: int
    voters: int | None = None
    electorate: int | None = None
    where: Where = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class VoterRow:
    """Somebody who voted elsewhere. ``group`` is a declared one (a neighbourhood), at most 20 characters; "" for none."""

    foreign_id: str
    name: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class CastRow:
    """A vote as it was cast, by foreign ids of voter and idea; ``at`` is None where only the vote's end is known."""

    voter: str
    idea: str
    value: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenRow:
    """That a voter had an idea before him."""

    voter: str
    idea: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VotingRow:
    """How a challenge was voted on elsewhere, person by person, and the rule that decides it (`rules.promotion`).

    ``ballot`` and the values are those of `rules.ballot`; ``budget`` is how many points everybody had. ``cast`` is in
    the order of casting: of several votes of one voter on one idea, the last counts. ``opens`` and ``closes`` bound
    the voting; what is None is the instant of the import.
    """

    challenge: str
    ballot: str
    rule: Mapping[str, Any]
    voters: tuple[VoterRow, ...]
    cast: tuple[CastRow, ...]
    seen: tuple[SeenRow, ...] = ()
    budget: int | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    where: Where = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One panel member's scores: (criterion, whole number on its own scale) each. ``reviewer`` is a foreign
    id, or None where the source does not say who. Only ``valid`` reviews count."""

    foreign_id: str
    idea: str
    reviewer: str | None
    scores: tuple[tuple[str, int], ...]
    valid: bool = True
    where: Where = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class CommentRow:
    """Something said about an idea. ``answers`` is the foreign id of another comment on the same idea, which comes
    before this one; ``alignment`` is 1 (for), 0 or -1 (against), None where nobody asked. ``hidden`` ones are kept and
    not shown."""

    foreign_id: str
    idea: str
    author: str | None
    text: str
    text_format: TextFormat = "markdown"
    answers: str | None = None
    language: str = "en"
    alignment: int | None = None
    likes: int = 0
    dislikes: int = 0
    hidden: bool = False
    made_at: datetime | None = None
    where: Where = field(default=NOWHERE, compare=False)

    def answering(self, parent: str) -> "CommentRow":
        """The same, below another comment."""
        return replace(self, answers=parent)

    def saying(self, text: str) -> "CommentRow":
        """The same, in other words."""
        return replace(self, text=text)


@dataclass(frozen=True, slots=True)
class RoundRow:
    """Challenges decided together. ``rule`` is pass 1 over ``challenges``; ``second_rule`` is pass 2 over the
    ``second_challenges`` it names, or None. Rules are JSON as of `innovation.rules.promotion`."""

    foreign_id: str
    title: str
    challenges: tuple[str, ...]
    rule: Mapping[str, Any]
    second_rule: Mapping[str, Any] | None = None
    second_challenges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the source says that could not be taken as it stands.

    ``lost`` tells whether the row stayed outside; otherwise it is in the bundle and someone should look.
    ``code`` and ``params`` are for templates, ``reason`` is the sentence for a command line.
    """

    file: str
    line: int
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    lost: bool = False

    @property
    def reason(self) -> str:
        """The problem as one plain English sentence."""
        return REASONS[self.code].format_map(self.params)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything one source holds. ``source`` is the word that goes with every foreign id."""

    source: str
    programme: ProgrammeRow | None = None
    challenges: tuple[ChallengeRow, ...] = ()
    ideas: tuple[IdeaRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    tallies: tuple[TallyRow, ...] = ()
    votings: tuple[VotingRow, ...] = ()
    reviews: tuple[ReviewRow, ...] = ()
    comments: tuple[CommentRow, ...] = ()
    rounds: tuple[RoundRow, ...] = ()
    problems: tuple[Problem, ...] = ()
