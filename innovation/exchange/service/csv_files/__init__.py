"""Comma- or semicolon-separated files of challenges, ideas, people and tallies, written by people.

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
    idea_row,
    person_row,
    tally_row,
)
from innovation.exchange.service.csv_files.tables import column_name, table_of
from innovation.exchange.service.rows import Bundle, IdeaRow, Problem, TallyRow, Where
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

    def counted(row: TallyRow) -> str:
        return f"{row.idea} ({row.source})"

    return Bundle(
        source=source,
        challenges=challenges,
        ideas=build_rows("ideas", "idea", tables, idea, lambda row: row.foreign_id, problems),
        people=build_rows("people", "person", tables, person_row, lambda row: row.foreign_id, problems),
        tallies=build_rows("tallies", "tally", tables, tally_row, counted, problems),
        problems=tuple(sorted(problems, key=lambda problem: (problem.file, problem.line))),
    )


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
