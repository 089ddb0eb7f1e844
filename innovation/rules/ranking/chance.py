"""Chance that belongs to an idea, not to its place in a list.

Every figure is made from the seed, the idea's id and a number of its own alone, so another idea's coming, going or being
voted on changes nothing for this one: a person's list stays as it was but for what was learnt. It is the same on every
machine and under every version of numpy. Source: SplitMix64 (Steele, Lea, Flood 2014); gamma variates by Marsaglia, Tsang
2000, whose first proposal is taken nineteen times of twenty.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import numpy as np
import numpy.typing as npt

from innovation.rules.ranking.field import Array, Whole

_PROPOSALS: Final = 12
_STREAM: Final = 0x9E3779B97F4A7C15
_LAST: Final = 2**64 - 1


def seed_of(*parts: str) -> int:
    """A seed (64 bits) from words such as a person's id and a phase's; each word's length counts, so no two lists meet."""
    told = "".join(f"{len(part)}:{part}" for part in parts)
    return int.from_bytes(sha256(told.encode()).digest()[:8], "big")


def uniforms(seed: int, ids: Whole, stream: int) -> Array:
    """A figure above 0 and below 1 for every id; other streams are other figures."""
    salt = np.asarray([(seed + (stream + 1) * _STREAM) & _LAST], dtype=np.uint64)
    mixed = _mix(_mix(ids.astype(np.uint64)) ^ _mix(salt))
    return np.asarray(((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53)


def _mix(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    x = x + np.uint64(_STREAM)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def gammas(seed: int, ids: Whole, shape: Array, stream: int) -> Array:
    """A gamma variate for every id, of its own ``shape`` (>= 1), scale 1. Uses 36 streams from ``stream`` on."""
    found, left = np.empty(len(ids)), np.arange(len(ids))
    for number in range(_PROPOSALS):
        one, other, third = (uniforms(seed, ids[left], stream + 3 * number + part) for part in range(3))
        normal = np.sqrt(-2 * np.log(one)) * np.cos(2 * np.pi * other)
        core = shape[left] - 1 / 3
        cube = np.maximum(1 + normal / np.sqrt(9 * core), 1e-9) ** 3
        found[left] = core * cube
        left = left[np.log(third) >= normal**2 / 2 + core * (1 - cube + np.log(cube))]
        if not len(left):
            break
    return found


def betas(seed: int, ids: Whole, yes: Array, no: Array) -> Array:
    """A draw from Beta(yes, no) for every id; both >= 1."""
    upper, lower = gammas(seed, ids, yes, 0), gammas(seed, ids, no, 3 * _PROPOSALS)
    return upper / (upper + lower)
