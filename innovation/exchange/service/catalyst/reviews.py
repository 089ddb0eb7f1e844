"""A fund's reviews, from any ``reviews*.csv``."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from innovation.exchange.service.catalyst.found import Found
from innovation.exchange.service.rows import ReviewRow, Where

CRITERIA: Final = re.compile(r"impact|feasibility|auditability|q\d+")


def read_reviews(file: Path, fund: int, found: Found) -> None:
    """Take in the reviews of one file whose idea is known."""
    with file.open(encoding="utf-8-sig", newline="", errors="replace") as stream:
        for line, row in _csv_rows(stream):
            idea = (row.get("idea_id") or "").strip()
            if idea not in found.ideas:
                told: dict[str, Any] = {"field": "idea_id", "id": idea, "kind": "ideas"}
                found.tell(file.name, line, "unknown_reference", lost=True, **told)
                continue
            scores = _scores(row)
            if not scores or any(not re.fullmatch(r"\d{1,6}", score) for _, score in scores):
                told = {"field": "score", "value": "/".join(score for _, score in scores)}
                found.tell(file.name, line, "not_whole", lost=True, **told)
                continue
            number = row.get("review_id") or row.get("id") or f"{file.stem}:{line}"
            found.reviews.append(
                ReviewRow(
                    foreign_id=f"fund-{fund}:{number}",
                    idea=idea,
                    reviewer=(row.get("assessor") or "").strip() or None,
                    scores=tuple((criterion, int(score)) for criterion, score in scores),
                    valid=(row.get("valid") or "true").strip().casefold() not in ("false", "0", "no"),
                    where=Where(file.name, line),
                )
            )


def _csv_rows(stream: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(stream)
    while True:
        before = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        line = max(before, 2)
        yield (
            line,
            {key: value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)},
        )


def _scores(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """A review's scores by criterion. A file of one score a line gives reviews of one criterion each."""
    if "question" in row and "rating" in row:
        return [(f"question {row['question'].strip()}", row["rating"].strip())]
    return [(name, score.strip()) for name, score in row.items() if CRITERIA.fullmatch(name.strip().casefold())]
