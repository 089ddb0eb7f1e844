"""The file a person gets: his data for machines and for himself, his ideas and comments as Markdown, and his files."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any

from innovation.exchange.queries import personal as queries
from innovation.exchange.service.personal.gathering import Share
from innovation.exchange.service.personal.holding import Area
from innovation.kernel.files import Store

NAME = "my-data.zip"
IN_MEMORY = 8 * 1024 * 1024
Render = Callable[..., str]
"""Makes a text of a template's name and what it is about, in the language that was asked for."""


@contextmanager
def packed(shares: Sequence[Share], store: Store, render: Render) -> Iterator[IO[bytes]]:
    """Everything as one ZIP, at its beginning; a large one lies on the disk meanwhile, and is gone afterwards."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr("data.json", json.dumps(_data(shares), indent=1, ensure_ascii=False))
            bundle.writestr("index.html", render("exchange/personal_index.html", chapters=_chapters(shares)))
            for name, text in _texts(shares, render):
                bundle.writestr(name, text)
            for name, key in _files(shares):
                _copy(bundle, name, key, store)
        out.seek(0)
        yield out


def _data(shares: Iterable[Share]) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for each in shares:
        about = tables.setdefault(
            each.holding.table,
            {
                "holds": each.holding.holds,
                "why": each.holding.why,
                "kept": each.holding.kept,
                "seen_by": each.holding.seen,
                "as": {},
            },
        )
        about["as"].setdefault(each.lead.says, []).extend(each.rows)
    return {"tables": tables}


def _chapters(shares: Sequence[Share]) -> list[tuple[Area, list[Share]]]:
    found = [(area, [each for each in shares if each.holding.area is area]) for area in Area]
    return [(area, inside) for area, inside in found if inside]


def _texts(shares: Sequence[Share], render: Render) -> Iterator[tuple[str, str]]:
    ideas = _of(shares, "idea", "ideas")
    revisions = _by(_of(shares, "revision", "ideas"), "idea_id")
    answers = _by(_of(shares, "answer", "ideas"), "idea_id")
    notes = _by(_of(shares, "idea_note", ""), "idea_id")
    for idea in ideas:
        number = idea["id"]
        about = {"revisions": revisions.get(number, ()), "answers": answers.get(number, ()), "notes": notes.get(number, ())}
        yield f"ideas/{idea['public_id']}.md", render("exchange/personal_idea.txt", idea=idea, **about)
    comments = _of(shares, "comment", "")
    if comments:
        before = _by(_of(shares, "comment_revision", "comments"), "comment_id")
        yield "comments.md", render("exchange/personal_comments.txt", comments=comments, before=before)


def _of(shares: Iterable[Share], table: str, through: str) -> list[dict[str, Any]]:
    """The rows of a table that are the person's own, whole."""
    return [
        row
        for each in shares
        if each.holding.table == table and each.lead.through == through and each.lead.gives == "*"
        for row in each.rows
    ]


def _by(rows: Iterable[Mapping[str, Any]], column: str) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _files(shares: Iterable[Share]) -> Iterator[tuple[str, str]]:
    """(name in the bundle, key in the store) of the files he added."""
    rows = {row["id"]: row for row in _of(shares, "attachment", "")}
    for number, key in queries.keys_of(list(rows)):
        yield f"files/{rows[number]['public_id']}-{rows[number]['name']}", key


def _copy(bundle: zipfile.ZipFile, name: str, key: str, store: Store) -> None:
    try:
        pieces = store.get(key)
    except FileNotFoundError:  # swept meanwhile
        return
    with bundle.open(name, "w", force_zip64=True) as into:
        for piece in pieces:
            into.write(piece)
