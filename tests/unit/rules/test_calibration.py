"""Scores against outcomes: the Brier score under the stated convention, by hand, and nothing but counts for few."""

from __future__ import annotations

from fractions import Fraction

import pytest

from innovation.rules.calibration import calibrate, chance


def told(*rows: tuple[str, bool], times: int = 1) -> list[tuple[Fraction, bool]]:
    return [(Fraction(score), worked) for score, worked in rows] * times


def test_a_score_is_read_as_a_chance() -> None:
    assert [chance(Fraction(score)) for score in (1, 3, 5)] == [0, Fraction(1, 2), 1]


def test_the_brier_score_is_the_mean_of_the_squares() -> None:
    found = calibrate(told(("5", True), ("4", True), ("2", False), ("1", True), ("3", False), times=2))
    # (0 + 1/16 + 1/16 + 1 + 1/4) / 5
    assert found.brier_micro == 275_000
    assert found.same_for_all_micro == 240_000
    assert (found.worked.part, found.worked.whole) == (6, 10)


def test_one_who_knows_is_perfect_and_one_who_always_says_three_knows_nothing() -> None:
    assert calibrate(told(("5", True), ("1", False), times=5)).brier_micro == 0
    assert calibrate(told(("3", True), ("3", False), times=5)).brier_micro == 250_000


def test_bands_are_whole_points_and_the_highest_holds_the_five() -> None:
    found = calibrate(told(("1", False), ("1.99", False), ("2", True), ("4", True), ("5", False)))
    assert [(band.least, band.worked.part, band.worked.whole) for band in found.bands] == [
        (1, 0, 2),
        (2, 1, 1),
        (3, 0, 0),
        (4, 1, 2),
    ]


def test_under_ten_there_are_counts_alone() -> None:
    found = calibrate(told(("5", True), times=9))
    assert (found.brier_micro, found.same_for_all_micro, found.worked.micro) == (None, None, None)
    assert calibrate([]).worked.whole == 0


@pytest.mark.parametrize("score", ["0", "5.01"])
def test_a_score_outside_the_scale_is_an_error(score: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        calibrate(told((score, True)))
