"""Round numbers around what a chart draws."""

from __future__ import annotations

import pytest

from innovation.kernel.axis import MICRO, axis


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (320_000, 780_000, [300_000, 400_000, 500_000, 600_000, 700_000, 800_000]),
        (0, 1_000_000, [0, 200_000, 400_000, 600_000, 800_000, 1_000_000]),
        (-3_400_000, 17_000_000, [-5_000_000, 0, 5_000_000, 10_000_000, 15_000_000, 20_000_000]),
        (500_000, 500_000, [400_000, 500_000]),
        (999_000, 1_000_000, [900_000, 1_000_000]),
        (0, 0, [0, 100_000]),
    ],
)
def test_an_axis_has_round_marks_around_its_figures(low: int, high: int, ticks: list[int]) -> None:
    assert list(axis(low, high).ticks) == ticks


@pytest.mark.parametrize("span", [1, 7, 99, 12_345, 999_999, 87_654_321])
def test_an_axis_covers_its_figures_in_at_most_five_steps(span: int) -> None:
    for low in (-span, 0, span // 3):
        found = axis(low, low + span)
        assert (found.start <= low, found.end >= low + span, len(found.ticks) <= 6) == (True, True, True)
        assert (found.start, found.end) == (found.ticks[0], found.ticks[-1])


def test_whole_votes_have_no_marks_between_them() -> None:
    assert list(axis(0, 2_000_000, finest=MICRO).ticks) == [0, 1_000_000, 2_000_000]


def test_a_place_on_an_axis_is_a_share_of_it_and_never_beyond() -> None:
    found = axis(0, 1_000_000)
    assert [found.at(value) for value in (-1, 0, 250_000, 1_000_000, 2_000_000)] == [0.0, 0.0, 25.0, 100.0, 100.0]
