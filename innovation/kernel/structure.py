"""User text as structure: headings, lists, tables, code and links as plain data, for documents that are no web page.

It is read from the cleaned HTML that the pages show, so a document has neither more nor less than they have; Markdown and
imported HTML take the same way. Nothing in it is mark-up any more: a typesetter gets words, and what they are.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from innovation.kernel.text import Format, render

Block = dict[str, Any]
"""``kind`` and what belongs to it: heading (level, runs), paragraph (runs), list (ordered, start, items of blocks), quote
(blocks), code (text), table (head and rows of cells of runs, columns), rule. A run is a text with its marks."""

FIRST_LEVEL = 3
"""The level of a text's highest heading: above it stand the document's title and the section it belongs to."""

_MARKS = {"strong": "bold", "em": "italic", "del": "struck", "code": "code", "sup": "raised", "sub": "lowered"}
_PARAGRAPHS = {"p", "dt", "dd"}
_DEEPEST = 12
"""How deep lists and quotes nest; what lies deeper stands at that depth."""


def blocks(source: str, format: Format = "markdown") -> list[Block]:
    """A text's structure. Headings begin at level 3 and skip none on the way down."""
    reader = _Reader()
    reader.feed(str(render(source, format)))
    reader.close()
    reader.end()
    return _levelled(reader.top)


def _levelled(found: list[Block]) -> list[Block]:
    headings = [each for each in found if each["kind"] == "heading"]
    highest = min((each["level"] for each in headings), default=FIRST_LEVEL)
    last = FIRST_LEVEL - 1
    for each in headings:
        last = each["level"] = min(each["level"] - highest + FIRST_LEVEL, last + 1)
    return found


class _Reader(HTMLParser):
    """From the tags of the allow-list to blocks and runs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top: list[Block] = []
        self._into: list[list[Block]] = [self.top]
        self._runs: list[dict[str, Any]] | None = None
        self._marks: list[tuple[str, dict[str, Any]]] = []
        self._lists: list[Block] = []
        self._table: Block | None = None
        self._pre = False

    def end(self) -> None:
        """What was not closed is closed."""
        self._paragraph()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in _MARKS or tag == "a":
            mark = {_MARKS[tag]: True} if tag in _MARKS else {"link": said.get("href") or ""}
            self._marks.append((tag, mark))
        elif tag == "br":
            self._text("\n")
        elif tag == "img":
            self._text(f"[{said.get('alt') or ''}]")
        else:
            self._paragraph()
            self._open(tag, said)

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKS or tag == "a":
            kept = next((at for at in reversed(range(len(self._marks))) if self._marks[at][0] == tag), None)
            if kept is not None:
                del self._marks[kept]
        elif tag not in {"br", "img", "hr"}:
            self._shut(tag)

    def handle_data(self, data: str) -> None:
        if self._pre:
            self._into[-1][-1]["text"] += data
        elif data.strip() or self._runs:
            self._text(" ".join(data.replace("\n", " ").split(" ")))

    def _open(self, tag: str, said: dict[str, str | None]) -> None:
        if tag in _PARAGRAPHS:
            self._begin({"kind": "paragraph"})
        elif tag[0] == "h" and tag[1:].isdigit():
            inside = len(self._into) > 1  # a heading in a list or quote heads nothing in a document's outline
            self._begin({"kind": "paragraph"} if inside else {"kind": "heading", "level": int(tag[1:])})
        elif tag == "hr":
            self._into[-1].append({"kind": "rule"})
        elif tag == "pre":
            self._into[-1].append({"kind": "code", "text": ""})
            self._pre = True
        elif tag in {"ul", "ol"}:
            start = said.get("start") or "1"
            made = {"kind": "list", "ordered": tag == "ol", "start": int(start) if start.isdigit() else 1, "items": []}
            self._into[-1].append(made)
            self._lists.append(made)
        elif tag == "li" and self._lists:
            self._lists[-1]["items"].append([])
            self._nest(self._lists[-1]["items"][-1])
        elif tag == "blockquote":
            quoted: list[Block] = []
            self._into[-1].append({"kind": "quote", "blocks": quoted})
            self._nest(quoted)
        elif tag == "table":
            self._table = {"kind": "table", "rows": []}
        elif tag == "tr" and self._table is not None:
            self._table["rows"].append([])
        elif tag in {"td", "th"} and self._table is not None and self._table["rows"]:
            self._runs = []
            self._table["rows"][-1].append(self._runs)

    def _shut(self, tag: str) -> None:
        if tag == "pre":
            self._pre = False
            return
        if tag in {"td", "th"}:
            self._runs = None
            return
        self._paragraph()
        if tag in {"li", "blockquote"} and len(self._into) > 1:
            self._into.pop()
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "table" and self._table is not None:
            self._tabled(self._table)
            self._table = None

    def _nest(self, into: list[Block]) -> None:
        self._into.append(into if len(self._into) < _DEEPEST else self._into[-1])

    def _begin(self, block: Block) -> None:
        self._runs = block["runs"] = []
        self._into[-1].append(block)

    def _text(self, text: str) -> None:
        if self._runs is None:
            self._begin({"kind": "paragraph"})
        assert self._runs is not None
        run: dict[str, Any] = {"text": text}
        for _tag, mark in self._marks:
            run |= mark
        self._runs.append(run)

    def _paragraph(self) -> None:
        """The block of words at hand ends; one that says nothing goes."""
        if self._table is None:
            at = self._into[-1]
            if at and "runs" in at[-1] and not any(run["text"].strip() for run in at[-1]["runs"]):
                at.pop()
            self._runs = None

    def _tabled(self, table: Block) -> None:
        """The first row is the head; every row gets as many cells as the longest has."""
        rows = [row for row in table["rows"] if row]
        if rows:
            columns = max(len(row) for row in rows)
            rows = [row + [[] for _ in range(columns - len(row))] for row in rows]
            self._into[-1].append({"kind": "table", "columns": columns, "head": rows[0], "rows": rows[1:]})
