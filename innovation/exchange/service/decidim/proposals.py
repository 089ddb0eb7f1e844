"""Proposals as ideas, with the totals of their support."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from innovation.exchange.service.decidim.lines import Reading, words
from innovation.exchange.service.rows import IdeaRow, TallyRow, Where
from innovation.kernel import text
from innovation.rules.tongue import tongue

LONGEST_TITLE: Final = 300
USUAL: Final = "ca"
"""The language where no text of a file says which it is."""

_HTML: Final = re.compile(r"<(?:p|br|ul|ol|li|a|strong|em|div|span)\b[^>]*>", re.IGNORECASE)
_LINE_END: Final = re.compile(r"</(?:p|li|ul|ol|div)>|<br\s*/?>", re.IGNORECASE)
_ENTRY: Final = re.compile(r"[-*+•·–]\s+|\d{1,2}[.)]\s")
_ENDS: Final = tuple('.:!?…»”")')
_SITE: Final = ("category", "subcategory", "district")


@dataclass(slots=True)
class Proposals:
    """What a file of proposals holds; ids in the order of the file."""

    ideas: dict[str, IdeaRow] = field(default_factory=dict)
    tallies: list[TallyRow] = field(default_factory=list)
    categories: Counter[str] = field(default_factory=Counter)
    language: str = USUAL


def proposals_of(file: Path, process: str, found: Reading) -> Proposals:
    """The proposals of a file; ``process`` names the challenge they answer."""
    rows = []
    spoken: Counter[str] = Counter()
    for where, row in found.rows(file):
        said = tongue(f"{words(row.get('title'))}\n{_written(row)}")
        rows.append((where, row, said))
        spoken.update([said] if said else [])
    taken = Proposals(language=spoken.most_common(1)[0][0] if spoken else USUAL)
    for where, row, said in rows:
        _take(row, where, said or taken.language, process, taken, found)
    return taken


def _take(row: Mapping[str, Any], where: Where, language: str, process: str, taken: Proposals, found: Reading) -> None:
    name = found.id_of(row, where)
    if name is None:
        return
    if name in taken.ideas:
        found.tell(where, "twice", lost=True, kind="proposal", id=name)
        return
    title = words(row.get("title"))
    if not title:
        found.tell(where, "missing_value", field="title")
    kind = words(row.get("source")) or ("official" if row.get("official") is True else "citizen")
    if kind not in {"official", "organization", "citizen", "meeting"}:
        found.tell(where, "not_a_word_of", field="source", value=kind, known="official, organization, citizen, meeting")
    author = found.speaker(row.get("author_id"), kind)
    if author is None:
        found.tell(where, "missing_value", field="author_id")
    stands = [part for part in (words(row.get(column)) for column in _SITE) if part]
    taken.ideas[name] = IdeaRow(
        foreign_id=name,
        challenge=process,
        title=(title or words(row.get("code")) or f"Proposal {name}")[:LONGEST_TITLE],
        text="\n\n".join(part for part in (prose(_written(row)), f"*{' · '.join(stands)}*" if stands else "") if part),
        authors=(author,) if author else (),
        url=words(row.get("url")),
        submitted_at=found.moment(row.get("created_at"), where),
        language=language,
        where=where,
    )
    taken.categories.update(stands[:1])
    taken.tallies.append(
        TallyRow(
            idea=name,
            source=process.split("/", 1)[0],
            unit="votes",
            for_weight=found.number(row, "total_votes", where),
            against_weight=0,
            where=where,
        )
    )


def _written(row: Mapping[str, Any]) -> str:
    """A proposal's text as plain lines; newer sites write it as HTML."""
    said = row.get("summary") if isinstance(row.get("summary"), str) else row.get("body")
    if not isinstance(said, str):
        return ""
    if not _HTML.search(said):
        return said
    return "\n".join(text.plain(line, "html") for line in _LINE_END.split(said))


def prose(said: str) -> str:
    """Plain lines as the Markdown they were meant to be.

    A line that ends a sentence, and one that begins an entry, ends a paragraph; any other line break was the writer's
    window. Marks that Markdown would take for code or a heading are kept as they were typed.
    """
    parts: list[str] = []
    before = ""
    for line in (each.strip() for each in said.replace("\r\n", "\n").split("\n")):
        entry = _ENTRY.match(line)
        if before and line and not (entry and _ENTRY.match(before)) and (entry or before.endswith(_ENDS)):
            parts.append("")
        parts.append(re.sub(r"^([#>]|\+(?!\s)|={2,}|-{2,}(?=\s*$))", r"\\\1", line).replace("`", r"\`"))
        before = line
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).strip()
