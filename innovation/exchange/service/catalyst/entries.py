"""A fund's challenges and ideas, from ``challenges.json`` and ``ideas.jsonl``."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from innovation.exchange.service.catalyst.found import CURRENCY, Found, cents_of, number_of, text_of
from innovation.exchange.service.rows import ChallengeRow, IdeaRow, Where

TEXTS: Final = ("description", "solution", "experience", "importance", "success")


def read_challenges(file: Path, found: Found) -> None:
    """Take in the challenges of the file."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal)
        if not isinstance(rows, list):
            raise ValueError("not a list of challenges")
    except FileNotFoundError:
        found.tell(file.name, 0, "absent", lost=True, what=file.name)
        return
    except ValueError as error:
        found.tell(file.name, 0, "not_readable", lost=True, format="JSON", why=str(error))
        return
    for line, row in enumerate(rows, 1):
        if not isinstance(row, dict) or row.get("id") is None or not text_of(row.get("title")):
            found.tell(file.name, line, "missing_value", lost=True, field="id or title")
            continue
        name = str(row["id"])
        if name in found.challenges:
            found.tell(file.name, line, "twice", lost=True, kind="challenge", id=name)
            continue
        prefix = re.match(r"F(?:und)?\s*(\d+)\s*:\s*", title := text_of(row["title"]), re.IGNORECASE)
        found.challenges[name] = ChallengeRow(
            foreign_id=name,
            title=title[prefix.end() :] if prefix else title,
            question=text_of(row.get("description")),
            source_url=text_of(row.get("url")),
            budget=cents_of(number_of(row.get("amount")), file.name, line, "amount", found),
            currency=CURRENCY,
            extra={"fund": prefix[1]} if prefix else {},
            where=Where(file.name, line),
        )


def read_ideas(file: Path, found: Found) -> None:
    """Take in the ideas of the file whose challenge is known."""
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        found.tell(file.name, 0, "absent", lost=True, what=file.name)
        return
    for line, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text.decode("utf-8-sig"), parse_float=Decimal)
        except ValueError as error:
            found.tell(file.name, line, "not_readable", lost=True, format="JSON", why=str(error))
            continue
        if not isinstance(row, dict) or row.get("id") is None or not text_of(row.get("title")):
            found.tell(file.name, line, "missing_value", lost=True, field="id or title")
        elif str(row["id"]) in found.ideas:
            found.tell(file.name, line, "twice", lost=True, kind="idea", id=str(row["id"]))
        elif str(row.get("challenge_id")) not in found.challenges:
            told: dict[str, Any] = {
                "field": "challenge_id",
                "id": str(row.get("challenge_id")),
                "kind": "challenges",
            }
            found.tell(file.name, line, "unknown_reference", lost=True, **told)
        else:
            found.ideas[str(row["id"])] = _idea(row, file.name, line, found)


def _idea(row: Mapping[str, Any], file: str, line: int, found: Found) -> IdeaRow:
    parts = [(name, text_of(row.get(name))) for name in TEXTS]
    return IdeaRow(
        foreign_id=str(row["id"]),
        challenge=str(row["challenge_id"]),
        title=text_of(row["title"]),
        text="\n\n".join(f"## {name.capitalize()}\n\n{text}" for name, text in parts if text),
        requested=cents_of(number_of(row.get("amount")), file, line, "amount", found),
        currency=CURRENCY,
        authors=(author,) if (author := text_of(row.get("author"))) else (),
        url=text_of(row.get("url")),
        extra={name: str(row[name]) for name in ("official_rating", "n_reviews") if row.get(name) is not None},
        where=Where(file, line),
    )
