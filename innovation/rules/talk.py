"""Where a comment stands in its thread, and how a text names a person. Plain strings: no database, no page.

A comment's path is its parent's path and its own number, each of :data:`STEP` letters. Sorted by path, comments stand in
reading order: an answer below what it answers, and among themselves the earlier one first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""In the order in which both databases sort it."""
STEP = 12
DEEPEST = 30
"""What answers a comment at this depth stands beside it, not below; it still says whom it answers."""
LONGEST = 10_000
"""Letters of a comment."""
MENTIONS = 20
"""People whom one comment can name; more is a mailing list."""

_TOKEN = re.compile(rf"@\[person:([{ALPHABET}]{{10}})\]")
_AT = re.compile(r"(?<![\w@/.])@(?=\w)")
_NAME = re.compile(r"[^\n@\[\]()<>]{1,80}")
_WORD_END = re.compile(r"(?<=\w)(?!\w)")
_TAG = re.compile(r"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_OPAQUE = frozenset({"a", "code", "pre"})


def path_below(parent: str, number: int) -> str:
    """The path of the comment with this number that answers the one at ``parent`` (empty: it answers none).

    Raises:
        ValueError: the number has more than sixty bits.
    """
    letters = ""
    rest = number
    for _ in range(STEP):
        rest, place = divmod(rest, 32)
        letters = ALPHABET[place] + letters
    if rest:
        raise ValueError(f"{number} is too large for a path")
    return parent[: STEP * DEEPEST] + letters


def depth_of(path: str) -> int:
    """How many comments a path leads through before its own: 0 for one that answers none."""
    return len(path) // STEP - 1


def end_of(path: str) -> str:
    """A path behind everything below ``path`` and before whatever follows it."""
    return path + ALPHABET[-1] * (STEP + 1)


def token(public_id: str) -> str:
    """How a stored text names a person: by the id alone, so that no name outlives a renaming or an erasure."""
    return f"@[person:{public_id}]"


def named(text: str) -> list[str]:
    """The public ids that a stored text names, each once, in order."""
    return list(dict.fromkeys(_TOKEN.findall(text)))


def possible_names(text: str) -> set[str]:
    """Everything in a typed text that may be a name behind an ``@``: each run of words from there on."""
    return {name for _start, names in _spots(text) for name in names}


def with_tokens(text: str, known: dict[str, str]) -> str:
    """A typed text as it is stored: the longest known name behind each ``@`` becomes that person's token.

    Args:
        known: public ids by name.
    """
    pieces, last = [], 0
    for start, names in _spots(text):
        found = next((name for name in names if name in known), None)
        if found is not None and start >= last:
            pieces += [text[last:start], token(known[found])]
            last = start + 1 + len(found)
    return "".join([*pieces, text[last:]])


def with_names(text: str, names: dict[str, str]) -> str:
    """A stored text as it is typed: tokens become ``@`` and the name; one without a name stays."""
    return _TOKEN.sub(lambda found: f"@{names[found[1]]}" if found[1] in names else found[0], text)


def linked(html: str, link: Callable[[str], str | None]) -> str:
    """Clean HTML in which tokens became what ``link`` makes of a public id; where it makes nothing they stay as typed.

    Tokens in links and in code, and whatever stands inside a tag, are left alone.
    """
    pieces: list[str] = []
    last, opaque = 0, 0
    for tag in _TAG.finditer(html):
        pieces.append(_replaced(html[last : tag.start()], link, opaque))
        name = tag[0].strip("</>").split(None, 1)[0].lower() if tag[0].strip("</>") else ""
        if name in _OPAQUE:
            opaque = max(opaque + (-1 if tag[0].startswith("</") else 1), 0)
        pieces.append(tag[0])
        last = tag.end()
    return "".join([*pieces, _replaced(html[last:], link, opaque)])


def _replaced(words: str, link: Callable[[str], str | None], opaque: int) -> str:
    if opaque:
        return words
    return _TOKEN.sub(lambda found: link(found[1]) or found[0], words)


def _spots(text: str) -> Iterator[tuple[int, list[str]]]:
    """(place of the ``@``, what may be the name behind it, the longest first), for each ``@`` that begins a word."""
    for at in _AT.finditer(text):
        behind = _NAME.match(text, at.end())
        if behind is not None:
            yield at.start(), _beginnings(behind[0])


def _beginnings(words: str) -> list[str]:
    ends: Iterable[int] = [found.end() for found in _WORD_END.finditer(words)][:8]
    return [words[:end] for end in ends][::-1]
