"""What a file's columns and words probably mean: a beginning, for a person to look at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from innovation.exchange.service.mapping.fields import FIELDS, Field, Kind, Reads
from innovation.exchange.service.mapping.meaning import Mapping, Reader, Take
from innovation.exchange.service.mapping.sheets import Line, shown

WORDS: Final[dict[str, dict[str, str]]] = {
    "circle": {
        "intern": "staff", "internal": "staff", "medewerker": "staff", "employee": "staff", "eigen": "staff",
        "extern": "expert", "external": "expert", "deskundige": "expert", "leverancier": "partner", "supplier": "partner",
        "openbaar": "public", "citizen": "public", "burger": "public",
    },
    "language": {
        "english": "en", "engels": "en", "en-gb": "en", "en-us": "en", "en_us": "en", "en_gb": "en", "nederlands": "nl",
        "dutch": "nl", "nl-nl": "nl", "nl_nl": "nl", "nl-be": "nl", "duits": "de", "german": "de", "frans": "fr",
        "french": "fr", "spanish": "es", "spaans": "es", "catalan": "ca",
    },
    "state": {
        "ingetrokken": "withdrawn", "retracted": "withdrawn", "deleted": "withdrawn", "removed": "withdrawn",
        "ingediend": "submitted", "published": "submitted", "gepubliceerd": "submitted", "accepted": "submitted",
        "rejected": "submitted", "evaluating": "submitted", "closed": "submitted", "open": "submitted",
        "new": "submitted", "nieuw": "submitted", "funded": "submitted", "not funded": "submitted",
    },
    "value": {
        "yes": "1", "ja": "1", "for": "1", "voor": "1", "up": "1", "like": "1", "eens": "1", "true": "1", "waar": "1",
        "no": "-1", "nee": "-1", "against": "-1", "tegen": "-1", "down": "-1", "oneens": "-1", "false": "0",
        "blank": "0", "abstain": "0", "onthouding": "0",
    },
    "currency": {"€": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "dollar": "USD", "£": "GBP", "pound": "GBP"},
}  # fmt: skip
"""Field → words that files often have, in small letters → ours."""
MOST_HEARD = 40
"""Words of a column that are shown to be given a meaning."""


def guess(kind: Kind, headings: Sequence[str], sample: Sequence[Line]) -> Mapping:
    """A first mapping: columns by their names, each used once, and whether days come day first or month first."""
    plain = {name: _plain(name) for name in headings}
    takes: dict[str, Take] = {}
    for exact in (True, False):
        for each in FIELDS[kind]:
            free = [name for name in headings if name not in {take.column for take in takes.values()}]
            if each.name in takes:
                continue
            found = next((name for called in each.called for name in free if _fits(plain[name], called, exact)), None)
            if found is not None:
                takes[each.name] = Take(found)
    mapping = Mapping(kind, takes)
    reader = Reader(mapping, headings)
    days = [reader.heard(each.name, line.cells) for each in _of(kind, Reads.DATE) for line in sample if not line.problem]
    # A second number above 12 can be no month.
    month_first = any(re.match(r"\d{1,2}[./-](1[3-9]|2\d|3[01])[./-]", day) for day in days)
    lists = [reader.heard(each.name, line.cells) for each in _of(kind, Reads.SEVERAL) for line in sample if not line.problem]
    split = max(("|", ";", ","), key=lambda sign: (sum(sign in each for each in lists), sign == "|"))
    return Mapping(kind, takes, {}, "mdy" if month_first else "dmy", split)


def fits(mapping: Mapping, headings: Iterable[str]) -> bool:
    """Whether a file has every column that a saved mapping takes."""
    return {take.column for take in mapping.takes.values() if take.column} <= set(headings)


def heard(mapping: Mapping, headings: Sequence[str], sample: Iterable[Line]) -> dict[str, dict[str, str]]:
    """What the columns of choices say that is not our own word: field → word → what it was said or is guessed to mean."""
    reader = Reader(mapping, headings)
    found: dict[str, dict[str, str]] = {}
    asked = [each for each in FIELDS[mapping.kind] if each.reads in (Reads.CHOICE, Reads.NUMBER)]
    for line in sample:
        for each in asked if not line.problem else ():
            word = reader.heard(each.name, line.cells)
            words = found.setdefault(each.name, {})
            if word and word not in words and not _ours(each, word) and len(words) < MOST_HEARD and len(word) <= 80:
                words[word] = mapping.words.get(each.name, {}).get(word, WORDS.get(each.name, {}).get(word, ""))
    return {name: words for name, words in found.items() if words}


def _ours(each: Field, word: str) -> bool:
    if each.reads == Reads.NUMBER:
        return re.fullmatch(r"-?\d+", word) is not None
    return word in {known.lower() for known in each.words}


def _of(kind: Kind, reads: Reads) -> list[Field]:
    return [each for each in FIELDS[kind] if each.reads == reads]


def _fits(name: str, called: str, exact: bool) -> bool:
    called = _plain(called)
    return name == called if exact else len(called) > 3 and called in name.split(" of ")[0] and name.startswith(called)


def _plain(name: str) -> str:
    """A name without accents, capitals and what stands between words."""
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", shown(name))
    bare = "".join(each for each in unicodedata.normalize("NFKD", spread) if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^a-z0-9#]+", " ", bare.lower()).split())
