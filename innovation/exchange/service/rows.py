"""What every importer produces and the one loader writes: plain frozen rows, and what could not be read.

A reader takes a path and gives a `Bundle`; it knows its format and nothing of the database. Every row carries
the id it has in its source (``foreign_id``, unique per kind and source) and the place it was read from
(``where``), so that the loader can report by file and line what it finds wrong later.

Money is in minor units with an ISO 4217 currency, times are aware and in UTC, voting power is an integer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

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
    as text, what has no column of its own, dates and prizes in their own spelling among it.
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
    rounds: tuple[RoundRow, ...] = ()
    problems: tuple[Problem, ...] = ()


REASONS: Final[Mapping[str, str]] = {
    # of any file
    "absent": "{what} is not there",
    "not_readable": "cannot be read as {format}: {why}",
    "missing_value": "{field} is empty",
    "unknown_kind": "no file of challenges, ideas, people or tallies by its name or its columns",
    "missing_columns": "the columns {columns} are missing",
    "unknown_column": "the column {column} is not known and is not read",
    "wrong_cells": "has {found} cells where the heading has {expected}",
    "broken_quotes": "the quotes do not close, or something follows them",
    "not_utf8": "is not written in UTF-8",
    "control_character": "{field} contains a control character",
    "too_long": "a cell is longer than {limit} characters",
    "twice": "{kind} {id} appears twice; the first one counts",
    "unknown_reference": "{field} {id} is not among the {kind}",
    "not_a_word_of": "{field} {value!r} is none of {known}",
    "not_whole": "{field} {value!r} is not a whole number from 0",
    "not_money": "{field} {value!r} is not an amount",
    "no_currency": "{field} has no currency, and its challenge is not in these files to give one",
    "unknown_currency": "{value!r} is not a currency in use here",
    "not_a_time": "{field} {value!r} is not a date and time; it is left open",
    "no_such_time": "{field} {value!r} does not exist in {zone} (clocks go forward); an hour later is taken",
    "not_a_date": "{field} {value!r} is not a date such as 2026-05-01 or 2026-05-01 17:00",
    "time_skipped": "{field} {value!r} does not exist in {zone}: clocks go forward then",
    "time_repeated": "{field} {value!r} exists twice in {zone}: say which, as in 2026-10-25 02:30+02:00",
    "closes_too_early": "closes is not after opens",
    "unknown_zone": "{value!r} is not a time zone",
    "closes_before_opens": "closes ({closes}) before it opens ({opens}); the opening is left open",
    "not_an_address": "{field} {value!r} is not an e-mail address",
    "address_taken": "{field} {value!r} belongs to somebody who is here already",
    "lossy": "{field} {value!r} was rounded to {kept}",
    # of Project Catalyst's funds
    "fund_unknown": "which fund this is can be told neither from the challenges nor from the folder",
    "fund_rule_guessed": "fund {fund} is none of 3 to 9; the rule of funds {like} is used",
    "sheet_without_challenge": "sheet {sheet} ({rows} rows) belongs to no challenge",
    "challenge_without_sheet": "challenge {title} has no sheet: its ideas have no tally",
    "budget_from_file": "no budget for {title} on the sheet Validation; that of challenges.json is used",
    "budget_differs": "{title}: {sheet} on the sheet Validation, {file} in challenges.json; the sheet wins",
    "budget_unmatched": "the budget of {label} on the sheet Validation belongs to no challenge",
    "electorate_unknown": "the registered voting power is not on the sheet Validation",
    "idea_without_tally": "{title} (idea {id}) has no row on the sheet {sheet}: no tally",
    "idea_withdrawn": "{title} (idea {id}) is on the sheet {sheet}: withdrawn",
    "row_without_idea": "{title} is in no file of ideas; it is imported from the sheet alone",
    "row_without_votes": "{title} has no count of votes on its sheet: no tally",
    "ambiguous": "{title} stands {times} times in {challenge} and {why}; rows were taken as {taken}",
    "matched_loosely": "{title} is taken for {other} (idea {id})",
    "request_differs": "{title} (idea {id}) asks {sheet} on the sheet, {file} in ideas.jsonl; the sheet wins",
    # of votes held elsewhere, person by person
    "counts_differ": "{field} says {said}, the file holds {found}",
    "already_decided": "{title} is decided here already; {rows} later votes were not taken",
    "empty_ballot": "the ballot of voter {id} names nothing that was put to the vote; it does not count",
    "points_do_not_fit": "voter {id} names {ideas} projects and gives points to {points}; the ballot does not count",
    "ranked_too_many": "voter {id} ranks {found} projects where {most} count; the last ones get nothing",
    "not_milliseconds": "{field} {value!r} is not a time in milliseconds since 1970",
    "moderated_out": "{rows} comments were moderated out there; they are imported as withdrawn",
}
