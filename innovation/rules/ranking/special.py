"""Sums of reciprocals by the digamma and trigamma functions: what the likelihood of counts is differentiated into.

Source: recurrence to x >= 8, then the asymptotic series (Abramowitz, Stegun 1964, 6.3.18 and 6.4.12); errors below 1e-12.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from innovation.rules.ranking.field import Array

_SHIFT: Final = np.arange(8.0)


def reciprocals(counts: Array, start: float) -> Array:
    """For every count n (>= 0): ``1/start + 1/(start + 1) + ... + 1/(start + n - 1)``. ``start`` > 0."""
    return np.asarray(_digamma(counts + start) - _digamma(np.asarray([start])))


def reciprocal_squares(counts: Array, start: float) -> Array:
    """As `reciprocals`, of the squares."""
    return np.asarray(_trigamma(np.asarray([start])) - _trigamma(counts + start))


def _digamma(x: Array) -> Array:
    large = x + len(_SHIFT)
    inverse = 1 / large**2
    series = inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse / 132))))
    return np.asarray(np.log(large) - 0.5 / large - series - (1 / (x[:, None] + _SHIFT)).sum(axis=1))


def _trigamma(x: Array) -> Array:
    large = x + len(_SHIFT)
    inverse = 1 / large**2
    series = inverse * (1 / 6 - inverse * (1 / 30 - inverse * (1 / 42 - inverse * (1 / 30 - inverse * 5 / 66))))
    return np.asarray((1 + series) / large + 0.5 * inverse + (1 / (x[:, None] + _SHIFT) ** 2).sum(axis=1))
