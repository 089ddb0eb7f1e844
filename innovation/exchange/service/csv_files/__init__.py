"""Comma- or semicolon-separated files of challenges, ideas, comments, people and tallies, written by people.

A folder of such files, or a single one. Which kind a file is, its name tells (``ideas.csv``) or else its
columns; the columns are in `COLUMNS` and, for readers, in ``docs/import.md``. UTF-8 with or without a
byte-order mark. A row with anything wrong is lost whole, with its line and every reason, so that it can be
mended and read again; all others are kept. Whether what a row refers to exists is for the loader to say.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from innovation.challenges.models import OwnQuestion
from innovation.exchange.service.csv_files.cells import Cells
from innovation.exchange.service.csv_files.columns import COLUMNS, SEPARATOR
from innovation.exchange.service.csv_files.meaning import (
    answers_of,
    build_rows,
    challenge_row,
    comment_row,
    idea_row,
    person_row,
    tally_row,
)
from innovation.exchange.service.csv_files.tables import column_name, table_of
from innovation.exchange.service.rows import Bundle, CommentRow, IdeaRow, Problem, TallyRow, Where
from innovation.rules.answers import AnswerKind

__all__ = ["COLUMNS", "SEPARATOR", "read", "read_ideas"]


def read(path: Path, source: str = "csv") -> Bundle:
    """Read one file, or every ``*.csv`` of a folder. ``source`` goes with every id."""
    files = [path] if path.is_file() else sorted(path.glob("*.csv"))
    problems: list[Problem] = []
    if not files:
        problems.append(Problem(path.name, 0, "absent", {"what": "a CSV file"}, lost=True))
    tables = [table for file in files if (table := table_of(file, problems)) is not None]
    challenges = build_rows("challenges", "challenge", tables, challenge_row, lambda row: row.foreign_id, problems)
    currencies = {row.foreign_id: row.currency for row in challenges}

    def idea(cells: Cells, where: Where) -> IdeaRow:
        return idea_row(cells, where, currencies)

    said = build_rows("comments", "comment", tables, comment_row, lambda row: row.foreign_id, problems)

    def counted(row: TallyRow) -> str:
        return f"{row.idea} ({row.source})"

    return Bundle(
        source=source,
        challenges=challenges,
        ideas=build_rows("ideas", "idea", tables, idea, lambda row: row.foreign_id, problems),
        people=build_rows("people", "person", tables, person_row, lambda row: row.foreign_id, problems),
        comments=_in_order(said, problems),
        tallies=build_rows("tallies", "tally", tables, tally_row, counted, problems),
        problems=tuple(sorted(problems, key=lambda problem: (problem.file, problem.line))),
    )


def _in_order(rows: Sequence[CommentRow], problems: list[Problem]) -> tuple[CommentRow, ...]:
    """Comments so that each comes after what it answers; one whose parent is not here stands at the top and says so."""
    ideas = {row.foreign_id: row.idea for row in rows}
    waiting: dict[str, list[CommentRow]] = {}
    ordered = []
    for row in rows:
        if row.answers is None:
            ordered.append(row)
        elif ideas.get(row.answers) == row.idea and row.answers != row.foreign_id:
            waiting.setdefault(row.answers, []).append(row)
        else:
            ordered.append(_on_top(row, problems))
    for row in ordered:  # grows while it is walked: answers come behind what they answer
        ordered += waiting.pop(row.foreign_id, ())
    circles = [row for rest in waiting.values() for row in rest]
    return (*ordered, *(_on_top(row, problems) for row in circles))


def _on_top(row: CommentRow, problems: list[Problem]) -> CommentRow:
    told: dict[str, str | int] = {"id": row.foreign_id, "parent": row.answers or ""}
    problems.append(Problem(row.where.file, row.where.line, "answers_unknown", told))
    return replace(row, answers=None)


def read_ideas(file: Path, challenge: str, currency: str, asked: Sequence[OwnQuestion] = ()) -> Bundle:
    """Read one file of ideas for a challenge that is known: a column ``challenge`` need not be there, and says nothing.

    A column that is named like one of the challenge's own questions answers it; files alone cannot come this way.
    """
    problems: list[Problem] = []
    given = {"challenge": challenge}
    named = {column_name(each.label): each for each in asked if each.kind != AnswerKind.FILE}
    questions = {name: each for name, each in named.items() if name not in COLUMNS["ideas"]}
    table = table_of(file, problems, kind="ideas", given=given, more=questions)

    def idea(cells: Cells, where: Where) -> IdeaRow:
        return replace(idea_row(cells, where, {challenge: currency}), answers=answers_of(cells, questions))

    tables = [table] if table is not None else []
    ideas = build_rows("ideas", "idea", tables, idea, lambda row: row.foreign_id, problems)
    return Bundle(source="file", ideas=ideas, problems=tuple(sorted(problems, key=lambda problem: problem.line)))
