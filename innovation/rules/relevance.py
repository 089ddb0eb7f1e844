"""How well something answers a question, and which words of it to mark.

Formula: for each term of the question the better of two: what the title says (6 for the word itself, 5 for another form
of it, 3 for a word it begins) and what the text says (``2 tf / (tf + 1.2 (.25 + .75 length / 300))`` for the word itself,
tf being how often it stands there; .9 for another form, .5 for a word it begins), plus a quarter of the other one. Words of
the question that stand side by side in the title add 2, in the text 1. Source: the saturation and the length's weight are
BM25's (Robertson, Walker 1994); how rare a word is plays no part, because every result has every word.
Ties: the later one, then the one with the greater id. Complexity: O(letters). It orders a list, it decides nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from innovation.rules import words
from innovation.rules.question import Question, Term

USUAL_LENGTH = 300
"""Words of an ordinary text."""
SNIPPET = 240


@dataclass(frozen=True, slots=True)
class Row:
    """An indexed text: its words in order between blanks, how many there are, its stems."""

    said: str
    length: int
    stems: frozenset[str]

    @classmethod
    def of(cls, indexed: str) -> Row:
        said, _break, rest = indexed.partition(words.BREAK)
        return cls(f" {said.strip()} ", said.count(" ") or 1, frozenset(rest.split()))

    def count(self, side_by_side: tuple[str, ...]) -> int:
        return self.said.count(f" {' '.join(side_by_side)} ")


def score(question: Question, title: str, body: str) -> float:
    """How well a row of the index answers a question; the greater the better."""
    heading, text = Row.of(title), Row.of(body)
    points = 0.0
    for term in question.must:
        above, below = _in_title(term, heading), _in_text(term, text)
        points += max(above, below) + min(above, below) / 4
    for first, second in zip(question.must, question.must[1:], strict=False):
        pair = (*first.words, *second.words)
        points += 2 * bool(heading.count(pair)) or bool(text.count(pair))
    return points


def _in_title(term: Term, row: Row) -> float:
    if row.count(term.words):
        return 6.0
    return _otherwise(term, row, 5.0, 3.0)


def _in_text(term: Term, row: Row) -> float:
    often = row.count(term.words)
    if often:
        return 2 * often / (often + 1.2 * (0.25 + 0.75 * row.length / USUAL_LENGTH))
    return _otherwise(term, row, 0.9, 0.5)


def _otherwise(term: Term, row: Row, as_form: float, as_beginning: float) -> float:
    if not row.stems.isdisjoint(term.stems):
        return as_form
    return as_beginning if any(row.count((each,)) for each in term.begun) else 0.0


def marked(text: str, language: str, question: Question) -> list[tuple[str, bool]]:
    """A text in pieces: (piece, whether it is what was asked for). The pieces joined are the text."""
    return _pieces(text, 0, len(text), hits(text, language, question))


def snippet(text: str, language: str, question: Question, length: int = SNIPPET) -> list[tuple[str, bool]]:
    """About ``length`` characters of a text, around the place where most of the question stands close together."""
    found = hits(text, language, question)
    start = _best_start(found, length)
    start = text.rfind(" ", 0, start - length // 5) + 1 if start > length // 3 else 0
    end = len(text) if len(text) - start <= length else max(text.rfind(" ", start, start + length), start + length // 2)
    pieces = _pieces(text, start, end, found)
    return [*([("… ", False)] if start else []), *pieces, *([(" …", False)] if end < len(text) else [])]


def hits(text: str, language: str, question: Question) -> list[tuple[int, int]]:
    """Where the words of a question stand in a text: (start, end), in order, never overlapping."""
    single = {term.word: term for term in question.must if len(term.words) == 1}
    begun = {each for term in question.must for each in term.begun}
    stems = {each for term in question.must for each in term.stems}
    beginnings = {each[1:3] for each in stems}
    spans = list(words.spans(text))
    found = set()
    for place, (start, end, folded) in enumerate(spans):
        # Stemming is slow, and no ending changes how a word begins.
        forms = words.stems(text[start:end], language) if folded[:2] in beginnings else ()
        if folded in single or folded in begun or not stems.isdisjoint(forms):
            found.add(place)
    for term in question.must:
        if len(term.words) > 1:
            found |= _side_by_side(term.words, [folded for _start, _end, folded in spans])
    return [spans[place][:2] for place in sorted(found)]


def _side_by_side(phrase: tuple[str, ...], said: list[str]) -> set[int]:
    size = len(phrase)
    starts = [place for place in range(len(said) - size + 1) if tuple(said[place : place + size]) == phrase]
    return {start + each for start in starts for each in range(size)}


def _best_start(found: list[tuple[int, int]], length: int) -> int:
    """Where the stretch of ``length`` characters with the most hits begins; the first one of several."""
    starts = [start for start, _end in found]
    best, most = 0, 0
    for place, start in enumerate(starts):
        inside = bisect_left(starts, start + length * 3 // 4) - place
        if inside > most:
            best, most = start, inside
    return best


def _pieces(text: str, start: int, end: int, found: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    at = start
    for begin, finish in found:
        if begin < start or finish > end:
            continue
        if begin > at:
            pieces.append((text[at:begin], False))
        pieces.append((text[begin:finish], True))
        at = finish
    if at < end:
        pieces.append((text[at:end], False))
    return pieces
