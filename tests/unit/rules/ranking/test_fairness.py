"""The default order and method find the best ideas; the popular-first list with raw votes does not."""

from __future__ import annotations

import pytest

from benchmarks import fairness


@pytest.fixture(scope="module")
def table() -> dict[tuple[str, str], float]:
    return fairness.table(range(8))


def test_the_default_order_and_method_find_the_best(table: dict[tuple[str, str], float]) -> None:
    assert table["default order", "default method"] >= 0.60


def test_raw_votes_on_a_popular_first_list_do_not(table: dict[tuple[str, str], float]) -> None:
    assert table["popular first", "raw votes"] <= 0.35


def test_a_fair_order_helps_raw_votes_and_the_method_helps_an_unfair_list(table: dict[tuple[str, str], float]) -> None:
    assert table["default order", "raw votes"] > table["popular first", "raw votes"] + 0.2
    assert table["newest first", "default method"] > table["newest first", "raw votes"]
