"""Kendall's tau-b: how far two orders of the same things agree, from -1 to 1; ties in either are no agreement."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Scores: TypeAlias = Sequence[float] | npt.NDArray[Any]


def kendall(one: Scores, other: Scores) -> float:
    """Tau-b of two lists of scores, the more the better in both. 0 where one of them tells nothing apart."""
    pairs = np.triu_indices(len(one), 1)
    first, second = (np.sign(np.subtract.outer(scores, scores))[pairs] for scores in (_column(one), _column(other)))
    told_apart = sqrt(float(np.abs(first).sum()) * float(np.abs(second).sum()))
    return float(first @ second) / told_apart if told_apart else 0.0


def _column(scores: Scores) -> npt.NDArray[np.float64]:
    return np.asarray(scores, dtype=np.float64)
