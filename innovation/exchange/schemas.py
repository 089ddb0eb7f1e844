"""The files that lists become: headings and codes in words, amounts and instants as a spreadsheet takes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import get_template_attribute, render_template
from flask_babel import gettext

from innovation.challenges.models import OwnQuestion
from innovation.exchange.models import Order
from innovation.exchange.queries import comments, lists
from innovation.exchange.service.house import held_back
from innovation.exchange.service.house.shares import described
from innovation.exchange.service.record import FEWEST_VOTERS
from innovation.exchange.service.rows import Problem
from innovation.kernel import tables
from innovation.kernel.money import typed
from innovation.kernel.tables import Table
from innovation.rules.answers import NO, YES, AnswerKind

ZIP = "application/zip"


def table(what: str, rows: Iterable[Sequence[Any]], asked: Sequence[OwnQuestion] = ()) -> Table:
    """A list's rows as they go out, under its headings; of ideas, behind them what the challenge ``asked``."""
    columns = lists.COLUMNS[what]
    headings = [*_headings(columns), *(each.label for each in asked)]
    return headings, (_ideas_row(row, asked) if what == "ideas" else _row(what, columns, row) for row in rows)


def comment_table(rows: Iterable[Sequence[Any]]) -> Table:
    """Comments as they go out; whose name is kept back, or gone, is said in words."""
    return _headings(comments.COLUMNS), ([*row[:3], _writer(*row[3]), _cell("written_on", row[4]), row[5]] for row in rows)


def file(what: str, form: str, rows: Iterable[Sequence[Any]], asked: Sequence[OwnQuestion] = ()) -> bytes:
    """One list as a file: ``csv`` or ``xlsx``."""
    made = table(what, rows, asked)
    return tables.as_csv(made) if form == "csv" else tables.as_xlsx({list_name(what): made})


def bundle(
    rows: Callable[[], Iterator[Sequence[Any]]],
    said: Callable[[], Iterator[Sequence[Any]]],
    asked: Sequence[OwnQuestion] = (),
) -> bytes:
    """Ideas with what was said about them: two CSV files and one workbook with both, zipped.

    Args:
        rows: reads the ideas; called twice, once for each kind of file.
        said: reads the comments, likewise.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_entry("ideas.csv"), tables.as_csv(table("ideas", rows(), asked)))
        packed.writestr(_entry("comments.csv"), tables.as_csv(comment_table(said())))
        sheets = {gettext("Ideas"): table("ideas", rows(), asked), gettext("Comments"): comment_table(said())}
        packed.writestr(_entry("ideas.xlsx"), tables.as_xlsx(sheets))
    return out.getvalue()


def left_out_file(order: Order, rows: Iterable[tuple[list[str], int, list[Problem]]]) -> bytes:
    """The rows that an import left out, under their own headings, behind them their number and every reason in words."""
    wrong = get_template_attribute("exchange/_mapping_words.html", "wrong_words")
    headings = order.params.get("headings", [])
    found = (
        [
            *(cells + [""] * len(headings))[: len(headings)],
            line,
            " ".join(str(wrong(problem, order.params["kind"])).strip() for problem in why),
        ]
        for cells, line, why in rows
        if any(problem.lost for problem in why)
    )
    return tables.as_csv(([*headings, gettext("Row"), gettext("What is wrong")], found))


def house_readme(made_at: datetime, *, opened: bool) -> str:
    """What stands in the README of an archive of the whole house."""
    told = {"tables": held_back.TABLES, "columns": held_back.COLUMNS, "fewest": FEWEST_VOTERS}
    return render_template("exchange/house.txt", made_at=made_at, opened=opened, files=list(described()), **told)


def list_name(what: str) -> str:
    """A list's name, as its page has it."""
    return {
        "ideas": gettext("Ideas"),
        "challenges": gettext("Challenges"),
        "projects": gettext("Projects"),
        "people": gettext("People"),
        "ideas_with_comments": gettext("Ideas and what was said about them"),
        "own_data": gettext("Everything held of you"),
        "comments": gettext("Comments"),
        "votes": gettext("Votes"),
        "house": gettext("Everything this house holds"),
    }[what]


def _entry(name: str) -> zipfile.ZipInfo:
    """A file in a zip that is dated for ever the same, so that equal rows make equal files."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


def _headings(columns: Sequence[str]) -> list[str]:
    words = {
        "reference": gettext("Reference"),
        "title": gettext("Title"),
        "summary": gettext("Summary"),
        "name": gettext("Name"),
        "authors": gettext("Authors"),
        "state": gettext("State"),
        "sent_on": gettext("Sent on"),
        "asks": gettext("Asks for"),
        "currency": gettext("Currency"),
        "votes_for": gettext("Votes for"),
        "votes_against": gettext("Votes against"),
        "text": gettext("Text"),
        "programme": gettext("Programme"),
        "sponsors": gettext("Sponsors"),
        "opens": gettext("Opens"),
        "closes": gettext("Closes"),
        "vote_closes": gettext("Voting closes"),
        "started": gettext("Started"),
        "due": gettext("Due"),
        "ended": gettext("Ended"),
        "next_gate": gettext("Next gate"),
        "challenge": gettext("Challenge"),
        "circle": gettext("Here as"),
        "organisation": gettext("Organisation"),
        "since": gettext("Since"),
        "idea": gettext("Idea"),
        "comment": gettext("Comment"),
        "answers": gettext("Answers"),
        "writer": gettext("Written by"),
        "written_on": gettext("Written on"),
    }
    return [words[column] for column in columns]


def _row(what: str, columns: Sequence[str], row: Sequence[Any]) -> list[Any]:
    return [
        _word(what, column, cell) if column in _WORDS else _cell(column, cell)
        for column, cell in zip(columns, row, strict=True)
    ]


def _ideas_row(row: Sequence[Any], asked: Sequence[OwnQuestion]) -> list[Any]:
    width = len(lists.COLUMNS["ideas"])
    cells = _row("ideas", lists.COLUMNS["ideas"], row[:width])
    asks, currency = lists.COLUMNS["ideas"].index("asks"), row[lists.COLUMNS["ideas"].index("currency")]
    if row[asks] is not None:
        cells[asks] = typed(row[asks], currency)
    # A question that was asked while the rows were gathered has no cell in those before it.
    answers = [*row[width:], *[None] * len(asked)][: len(asked)]
    return [*cells, *(_answer(each, cell) for each, cell in zip(asked, answers, strict=True))]


def _answer(question: OwnQuestion, cell: str | None) -> str | None:
    yes_no = {YES: gettext("Yes"), NO: gettext("No")} if question.kind == AnswerKind.YES_NO else {}
    return yes_no.get(cell or "", cell)


def _cell(column: str, cell: Any) -> Any:
    return cell.isoformat(timespec="seconds") if isinstance(cell, datetime) else cell


_WORDS = {"state", "circle", "next_gate"}
_MACROS = {
    ("ideas", "state"): ("components/words.html", "idea_state_word"),
    ("challenges", "state"): ("components/words.html", "challenge_state_word"),
    ("projects", "state"): ("components/words.html", "project_state_word"),
    ("projects", "next_gate"): ("components/words.html", "gate_name"),
    ("people", "circle"): ("people/_circle.html", "circle_word"),
}


def _word(what: str, column: str, code: Any) -> Any:
    if code is None:
        return None
    macro = get_template_attribute(*_MACROS[what, column])
    return str(macro(*code) if isinstance(code, list | tuple) else macro(code)).strip()


def _writer(kind: str, name: str) -> str:
    if kind == "author":
        return gettext("An author of this idea")
    if kind == "sponsor":
        return gettext("The sponsor")
    return name if kind == "person" else gettext("former participant")
