"""Functions that a formula needs and numpy lacks: sums of reciprocals, and the quantiles of the beta distribution.

Sums of reciprocals, what the likelihood of counts is differentiated into, by the digamma and trigamma functions: recurrence
to x >= 8, then the asymptotic series (Abramowitz, Stegun 1964, 6.3.18 and 6.4.12); errors below 1e-12. Quantiles by Newton's
method on the logarithm of the incomplete beta function, which is its continued fraction (DLMF 8.17.22, by Lentz's method)
and log-gamma by Stirling's series (Abramowitz, Stegun 6.1.41). Where both parameters are large they are those of
the logit by Cornish, Fisher 1938, whose cumulants are polygammas. Errors below 1e-8.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import numpy as np

from innovation.rules.ranking.field import Array

_SHIFT: Final = np.arange(8.0)
_LARGE: Final = 10_000.0
"""Where both parameters are so large four cumulants tell a quantile."""
_STEPS, _TERMS = 30, 2_000
"""Enough for any count up to 10,000 millions; a few steps and some tens of terms are usual."""


def reciprocals(counts: Array, start: float) -> Array:
    """For every count n (>= 0): ``1/start + 1/(start + 1) + ... + 1/(start + n - 1)``. ``start`` > 0."""
    return np.asarray(_digamma(counts + start) - _digamma(np.asarray([start])))


def reciprocal_squares(counts: Array, start: float) -> Array:
    """As `reciprocals`, of the squares."""
    return np.asarray(_trigamma(np.asarray([start])) - _trigamma(counts + start))


def beta_quantile(yes: Array, no: Array, chance: float) -> Array:
    """The share that a draw from Beta(yes, no) is below with this chance (above 0, below 1); one per pair of parameters."""
    if chance > 0.5:
        return np.asarray(1 - beta_quantile(no, yes, 1 - chance))
    pairs, where = np.unique(yes + 1j * no, return_inverse=True)
    logit = _expanded(pairs.real, pairs.imag, NormalDist().inv_cdf(chance))
    few = np.flatnonzero(np.minimum(pairs.real, pairs.imag) < _LARGE)
    logit[few] = _solved(pairs.real[few], pairs.imag[few], chance, logit[few])
    return np.asarray(np.exp(-np.logaddexp(0, -logit))[where])


def _expanded(yes: Array, no: Array, normal: float) -> Array:
    """The logit's quantile from its first four cumulants."""
    variance = _trigamma(yes) + _trigamma(no)
    skew = (1 / no**2 + 1 / no**3 - 1 / yes**2 - 1 / yes**3) / variance**1.5
    kurtosis = (2 / no**3 + 3 / no**4 + 2 / yes**3 + 3 / yes**4) / variance**2
    z = normal
    bent = z + (z**2 - 1) * skew / 6 + (z**3 - 3 * z) * kurtosis / 24 - (2 * z**3 - 5 * z) * skew**2 / 36
    return np.asarray(_digamma(yes) - _digamma(no) + np.sqrt(variance) * bent)


def _solved(yes: Array, no: Array, chance: float, guess: Array) -> Array:
    """The logit's quantile from a first guess.

    The logarithm of the distribution function is concave: Newton's steps cannot overshoot from below.
    """
    scale = _log_gamma(yes + no) - _log_gamma(yes) - _log_gamma(no)
    found, left = np.minimum(guess, np.log((yes + 1) / (no + 1))), np.arange(len(guess))
    for _ in range(_STEPS):
        log_below, slope = _below(yes[left], no[left], found[left], scale[left])
        step = (np.log(chance) - log_below) / slope
        found[left] += step
        left = left[np.abs(step) > 1e-9 * (1 + np.abs(found[left]))]
        if not len(left):
            break
    return found


def _below(yes: Array, no: Array, logit: Array, scale: Array) -> tuple[Array, Array]:
    """Logarithm of the chance that a draw's logit is below this one, and its derivative; ``scale`` is -log B(yes, no)."""
    log_density = scale - yes * np.logaddexp(0, -logit) - no * np.logaddexp(0, logit)
    # The fraction converges fast up to here; beyond, that of the other side is taken.
    over = logit > np.log((yes + 1) / (no + 1)) + 1e-9
    one, other, side = np.where(over, no, yes), np.where(over, yes, no), np.where(over, -logit, logit)
    part = _fraction(one, other, np.exp(-np.logaddexp(0, -side))) / one
    density = np.exp(log_density)
    rest = np.where(over, 1 - density * part, 1.0)
    return np.where(over, np.log(rest), log_density + np.log(part)), np.where(over, density / rest, 1 / part)


def _fraction(a: Array, b: Array, x: Array) -> Array:
    """``a B(a, b) I_x(a, b) / (x^a (1 - x)^b)``."""
    c, d = np.ones(len(a)), 1 / (1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / (1 + even * d), 1 + even / c
        value = value * d * c
        d, c = 1 / (1 + odd * d), 1 + odd / c
        value = value * d * c
        if np.abs(d * c - 1).max(initial=0) < 1e-13:
            break
    return np.asarray(value)


def _log_gamma(x: Array) -> Array:
    large = x + len(_SHIFT)
    inverse = 1 / large**2
    series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / large
    whole = (large - 0.5) * np.log(large) - large + 0.5 * np.log(2 * np.pi)
    return np.asarray(whole + series - np.log(x[:, None] + _SHIFT).sum(axis=1))


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
