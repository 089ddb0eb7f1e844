"""The yardstick itself: tau-b on orders small enough to count by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.support.kendall import kendall


@pytest.mark.parametrize(
    ("one", "other", "tau"),
    [
        ((1, 2, 3, 4), (10, 20, 30, 40), 1),
        ((1, 2, 3, 4), (4, 3, 2, 1), -1),
        ((1, 2, 3, 4), (1, 2, 4, 3), 4 / 6),
        ((1, 1, 2), (1, 2, 3), 2 / 6**0.5),
        ((1, 1, 1), (1, 2, 3), 0),
        ((), (), 0),
    ],
)
def test_tau_counts_the_pairs_told_apart_the_same_way(one: Sequence[float], other: Sequence[float], tau: float) -> None:
    assert kendall(one, other) == pytest.approx(tau)
    assert kendall(other, one) == pytest.approx(tau)
