"""Words as the search index knows them: without case and accents, and by their stem in the language of the text.

A text becomes a row of words: its folded words in order, so that words can be asked for side by side; then the stems of
those words, each once and marked with its language, so that the Spanish stem ``dat`` (of *datos*) is never taken for the
Dutch word *dat*; then tags, by which results are narrowed. Marks are characters of Unicode's private area: no typed word
holds one, because folding drops them.
Source: Snowball stemmers (Porter 2001 and later), by snowballstemmer.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import snowballstemmer

LANGUAGES: Final = {
    "en": ("english",),
    "nl": ("dutch", "dutch_porter"),  # one knows that straten is straat, the other that daken is dak
    "ca": ("catalan",),
    "es": ("spanish",),
    "de": ("german",),
    "fr": ("french",),
}
"""Languages whose words are stemmed, and by what; in any other a word is found as it is written."""

LONGEST: Final = 60
"""Letters of a word that count."""
SHORTEST_STEMMED: Final = 3

BREAK: Final = "\ue000"
"""Ends the words of a text: nothing is found across it."""
_TAG: Final = "\ue001"
_ALGORITHMS: Final = [name for names in LANGUAGES.values() for name in names]
_STEM: Final = {name: chr(0xE010 + place) for place, name in enumerate(_ALGORITHMS)}

STOP: Final = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a an and are as at be but by can do for from has have how i in is it not of on or our so that the their this "
        "to was we what which who why will with you your",
        "nl": "aan als bij dat de den deze die dit door een en er het hoe ik in is je maar met naar niet of om onze ook op "
        "te tot uit van voor wat we wie wij worden wordt ze zich zijn",
        "ca": "a al als amb d de del dels el els en es i l la les no o per que s se un una i els",
        "es": "a al con de del el en es la las lo los no o para por que se su sus un una y",
        "de": "als am an auf aus bei das dem den der des die ein eine einen er es für im in ist mit nicht oder sich sie und "
        "von wie wir zu zum zur",
        "fr": "a au aux avec ce ces d dans de des du en est et il l la le les ne nous on ou par pas pour que qui s se sur "
        "un une vous",
    }.items()
}
"""Words that say nothing alone. They are kept in the index, for phrases, and left out of a question."""

# A middle dot belongs to its Catalan word (col·lectiu); an apostrophe ends one (l'aigua).
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+(?:[\u00b7\u2027](?:[^\W_]|[\u0300-\u036f])+)*")
_MARKS = re.compile(r"[\u0300-\u036f]")
_lock = threading.Lock()  # a stemmer keeps its word while it works on it
_stemmers = {name: snowballstemmer.stemmer(name) for name in _ALGORITHMS}


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text as (start, end, folded word), in order."""
    for found in _WORD.finditer(text):
        folded = fold(found[0])
        if folded:
            yield found.start(), found.end(), folded


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """A word without case, accents and anything that is neither letter nor digit; at most ``LONGEST`` letters."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    return "".join(letter for letter in plain if letter.isalnum())[:LONGEST]


@lru_cache(maxsize=262_144)
def stems(word: str, language: str) -> tuple[str, ...]:
    """A word's stems in a language as the index holds them, folded, each with its mark; none in an unknown language."""
    plain = unicodedata.normalize("NFC", word.casefold()).replace("\u00b7", "")
    if len(plain) < SHORTEST_STEMMED or plain.isdigit():
        return ()
    found = []
    for name in LANGUAGES.get(language, ()):
        with _lock:
            stem = _stemmers[name].stemWord(plain)
        found.append(_STEM[name] + (fold(stem) or fold(word)))
    return tuple(found)


def tag(kind: str, value: object) -> str:
    """What narrows results: ``tag("l", "ca")``. Folded as words are, so that whatever stands in an address is one."""
    return f"{_TAG}{kind}{fold(str(value))}"


def is_tag(word: str) -> bool:
    """Whether a word of an indexed row is a tag."""
    return word.startswith(_TAG)


def indexed(text: str, language: str, tags: Iterable[str] = ()) -> str:
    """A text's row of words: folded words, stems (each once, in the order they come), tags; apart by one blank."""
    words: list[str] = []
    forms: dict[str, None] = {}
    stop = STOP.get(language, frozenset())
    for found in _WORD.finditer(text):
        folded = fold(found[0])
        if not folded:
            continue
        words.append(folded)
        if folded not in stop:
            forms.update(dict.fromkeys(stems(found[0], language)))
    return " ".join([*words, BREAK, *forms, *tags])


def vocabulary(row: str) -> set[str]:
    """The folded words of an indexed row."""
    return set(row.partition(BREAK)[0].split())


def shortened(word: str) -> set[str]:
    """A word with one letter left out, in every way: two words that share one are at most two typing errors apart."""
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def distance(first: str, second: str, most: int) -> int:
    """Typing errors between two words: letters left out, added, changed, or two neighbours swapped (optimal alignment).

    Stops counting at ``most + 1``. O(len * len) time.
    """
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(second, 1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and b == first[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
