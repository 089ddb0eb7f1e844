"""From a row's cells to what they mean, without rows that cannot be taken and without doubles."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from innovation.challenges.models import OwnQuestion
from innovation.exchange.service.csv_files.cells import Cells
from innovation.exchange.service.csv_files.columns import COLUMNS
from innovation.exchange.service.csv_files.tables import Table
from innovation.exchange.service.rows import (
    ChallengeRow,
    CommentRow,
    IdeaRow,
    PersonRow,
    Problem,
    TallyRow,
    Where,
)
from innovation.rules.answers import NO, YES, AnswerKind, number
from innovation.rules.answers import problems as problems_of

_Row = TypeVar("_Row", ChallengeRow, CommentRow, IdeaRow, PersonRow, TallyRow)

# The words a cell may hold; the first one is meant where the cell is empty.
_Format = Literal["markdown", "html"]
_FORMATS: Final[Mapping[str, _Format]] = {"markdown": "markdown", "html": "html"}
_State = Literal["submitted", "withdrawn"]
_STATES: Final[Mapping[str, _State]] = {"submitted": "submitted", "withdrawn": "withdrawn"}
_YES_NO: Final[Mapping[str, str]] = {"yes": YES, "y": YES, "ja": YES, "no": NO, "n": NO, "nee": NO}
_Circle = Literal["staff", "partner", "expert", "public"]
_CIRCLES: Final[Mapping[str, _Circle]] = {
    "public": "public",
    "expert": "expert",
    "partner": "partner",
    "staff": "staff",
}


def build_rows(
    kind: str,
    word: str,
    tables: Sequence[Table],
    build: Callable[[Cells, Where], _Row],
    identity: Callable[[_Row], str],
    problems: list[Problem],
) -> tuple[_Row, ...]:
    """The rows of one kind from all its files, without those that cannot be taken and without doubles."""
    found: dict[str, _Row] = {}
    for table in tables:
        for line, values in table.rows if table.kind == kind else ():
            cells = Cells(values)
            check([name for name, required in COLUMNS[kind].items() if required], cells)
            # Of cells that are no text nothing else is said: the reason would quote them.
            row = None if cells.reasons else build(cells, Where(table.file, line))
            if row is not None and not cells.reasons:
                if identity(row) in found:
                    cells.wrong("twice", kind=word, id=identity(row))
                else:
                    found[identity(row)] = row
            problems += [Problem(table.file, line, code, told, lost=True) for code, told in cells.reasons]
    return tuple(found.values())


def check(needed: Sequence[str], cells: Cells) -> None:
    """Note what a row lacks, and cells that are no text."""
    for name in needed:
        if not cells.text(name):
            cells.wrong("missing_value", field=name)
    if any("\ud800" <= letter <= "\udfff" for value in cells.values.values() for letter in value):
        cells.wrong("not_utf8")
    for name, value in cells.values.items():
        if any(letter < " " and letter not in "\n\r\t" for letter in value):
            cells.wrong("control_character", field=name)


def challenge_row(cells: Cells, where: Where) -> ChallengeRow:
    """A challenge; days without a time open at midnight and close at the end of the day, in its zone."""
    currency = cells.currency("currency")
    zone = cells.zone("zone")
    opens, closes = cells.moment("opens", zone, time(0)), cells.moment("closes", zone, time(23, 59, 59))
    if opens and closes and closes <= opens:
        cells.wrong("closes_too_early")
    return ChallengeRow(
        foreign_id=cells.text("id"),
        title=cells.text("title"),
        question=cells.text("question"),
        brief=cells.text("brief"),
        brief_format=cells.word("brief_format", _FORMATS),
        sponsor=cells.text("sponsor"),
        source_url=cells.text("url"),
        language=cells.text("language") or "en",
        opens=opens,
        closes=closes,
        zone=zone.key,
        budget=cells.money("budget", currency),
        prize=cells.money("prize", currency),
        currency=currency,
        types=cells.several("types"),
        where=where,
    )


def idea_row(cells: Cells, where: Where, currencies: Mapping[str, str | None]) -> IdeaRow:
    """An idea; without a currency of its own its amount is in its challenge's."""
    currency = cells.currency("currency")
    challenge = cells.text("challenge")
    return IdeaRow(
        foreign_id=cells.text("id"),
        challenge=challenge,
        title=cells.text("title"),
        text=cells.text("text"),
        requested=cells.money("requested", currency or currencies.get(challenge)),
        currency=currency,
        authors=tuple(name.lower() if "@" in name else name for name in cells.several("authors")),
        url=cells.text("url"),
        state=cells.word("state", _STATES),
        submitted_at=cells.moment("submitted", ZoneInfo("UTC"), time(0)),
        language=cells.text("language") or "en",
        where=where,
    )


def comment_row(cells: Cells, where: Where) -> CommentRow:
    """Something said about an idea, by the id of the person or a bare name."""
    author = cells.text("author")
    return CommentRow(
        foreign_id=cells.text("id"),
        idea=cells.text("idea"),
        author=(author.lower() if "@" in author else author) or None,
        text=cells.text("text"),
        text_format=cells.word("text_format", _FORMATS),
        language=cells.text("language") or "en",
        made_at=cells.moment("written", ZoneInfo("UTC"), time(0)),
        answers=cells.text("answers") or None,
        where=where,
    )


def answers_of(cells: Cells, questions: Mapping[str, OwnQuestion]) -> dict[str, str]:
    """What a row answers to the challenge's own questions, by their addresses; an empty cell answers nothing."""
    found = {}
    for column, question in questions.items():
        value = cells.text(column)
        if question.kind == AnswerKind.NUMBER:
            value = number(value) or value
        if question.kind == AnswerKind.YES_NO:
            value = _YES_NO.get(value.lower(), value)
        if value and (wrong := problems_of(question, value)):
            cells.wrong(wrong[0], field=question.label, value=value[:80], most=question.most or 0)
        elif value:
            found[question.public_id] = value
    return found


def person_row(cells: Cells, where: Where) -> PersonRow:
    """A person, known by the address."""
    email = cells.text("email")
    if email and not re.fullmatch(r"[^@\s,;|<>]+@[^@\s,;|<>]+\.[^@\s,;|<>.]+", email):
        cells.wrong("not_an_address", field="email", value=email)
    return PersonRow(
        foreign_id=email.lower(),
        name=cells.text("name"),
        email=email,
        organisation=cells.text("organisation"),
        department=cells.text("department"),
        circle=cells.word("circle", _CIRCLES),
        language=cells.text("language") or "en",
        where=where,
    )


def tally_row(cells: Cells, where: Where) -> TallyRow:
    """The figures of one idea in one poll."""
    return TallyRow(
        idea=cells.text("idea"),
        source=cells.text("source"),
        unit=cells.text("unit") or "votes",
        for_weight=cells.whole("for") or 0,
        against_weight=cells.whole("against") or 0,
        voters=cells.whole("voters"),
        electorate=cells.whole("electorate"),
        where=where,
    )
