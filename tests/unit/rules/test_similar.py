"""Texts that say much the same: one is like itself, shares nothing with another alphabet, and order breaks ties."""

from __future__ import annotations

import math
from collections import Counter

import pytest

from innovation.rules.similar import LONGEST, Texts, most_similar

PUMPS = "A pump that runs dry needs a sensor at the inlet."
ALIKE = "Pumps which run dry need sensors at their inlets."
PAINT = "Flüssige Farbe trocknet im Winter langsam."


def test_a_text_is_like_itself_and_not_like_another_alphabet() -> None:
    assert Texts([PUMPS, PUMPS, "привет мир"]).likeness(0).round(12).tolist() == [1, 1, 0]


def test_the_nearest_come_first_and_the_earlier_of_equals() -> None:
    found = most_similar(PUMPS, [PAINT, ALIKE, PUMPS, ALIKE], 3, 0.1)
    assert [place for place, _likeness in found] == [2, 1, 3]
    assert [place for place, _likeness in most_similar(PUMPS, [PAINT, "", ALIKE], 3, 0.1)] == [2]


def test_case_spaces_and_width_make_no_difference() -> None:
    assert Texts(["A  pump\nruns", "a PUMP runs", "ａ pump runs"]).likeness(0).round(12).tolist() == [1, 1, 1]


@pytest.mark.parametrize("others", [[], [""], ["", ""]])
def test_nothing_is_like_nothing(others: list[str]) -> None:
    assert most_similar("", others, 3, 0.1) == most_similar(PUMPS, others, 3, 0.1) == []


def test_what_stands_past_the_longest_does_not_count() -> None:
    long = "pump " * LONGEST
    assert Texts([long, long[:LONGEST] + PAINT]).likeness(0).round(12).tolist() == [1, 1]


def test_it_equals_the_formula_counted_by_hand() -> None:
    texts = [PUMPS, ALIKE, PAINT]
    grams = [
        Counter(padded[at : at + size] for size in (3, 4, 5) for at in range(len(padded) - size + 1))
        for padded in (f" {text.lower()} " for text in texts)
    ]
    idf = {gram: math.log(4 / (1 + sum(gram in each for each in grams))) + 1 for each in grams for gram in each}
    weights = [{gram: (1 + math.log(count)) * idf[gram] for gram, count in each.items()} for each in grams]
    length = [math.sqrt(sum(value**2 for value in each.values())) for each in weights]
    expected = [
        sum(value * weights[0].get(gram, 0) for gram, value in each.items()) / (length[0] * own)
        for each, own in zip(weights, length, strict=True)
    ]
    assert Texts(texts).likeness(0).tolist() == pytest.approx(expected, abs=1e-12)
