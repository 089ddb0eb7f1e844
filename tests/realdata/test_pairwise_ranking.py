"""Bradley-Terry on judgements that people made, against the truth, against evalica and against published scores."""

from __future__ import annotations

import csv
import math
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from innovation.rules.ranking import bradley_terry
from tests.conftest import REAL_DATA
from tests.support.oracle import ask

DATA = REAL_DATA / "pairwise"
pytestmark = pytest.mark.realdata

OUTCOMES = {"left": 1, "right": -1, "tie": 0}
EVALICA = """
from evalica import Winner, bradley_terry
outcomes = {1: Winner.X, -1: Winner.Y, 0: Winner.Draw}
lefts, rights, winners = zip(*data["rows"])
result = bradley_terry(lefts, rights, [outcomes[winner] for winner in winners], tolerance=1e-12, limit=10000)
answer = {str(name): float(score) for name, score in result.scores.items()}
"""

Rows = list[tuple[str, str, int]]


@cache
def countries() -> Rows:
    """(judged to have more people, the other, 1), from lines of judge, winner, loser."""
    lines = (DATA / "countrypopulation" / "all_pair.txt").read_text().split("\n")
    return [(first, second, 1) for _, first, second in (line.split() for line in lines if line.strip())]


@cache
def models() -> Rows:
    with (DATA / "llmfao" / "crowd-comparisons.csv").open(encoding="utf-8", newline="") as file:
        return [(row["left"], row["right"], OUTCOMES[row["winner"]]) for row in csv.DictReader(file)]


@cache
def food() -> Rows:
    with (DATA / "llmfao" / "food.csv").open(encoding="utf-8", newline="") as file:
        return [(row["left"], row["right"], OUTCOMES[row["winner"]]) for row in csv.DictReader(file)]


def strengths(rows: Rows) -> dict[str, float]:
    names = sorted({name for row in rows for name in row[:2]})
    number = {name: n for n, name in enumerate(names)}
    fitted = bradley_terry.fit(
        len(names), [number[row[0]] for row in rows], [number[row[1]] for row in rows], [row[2] for row in rows]
    )
    return dict(zip(names, fitted.theta.tolist(), strict=True))


def kendall(one: dict[str, float], other: dict[str, float]) -> float:
    """Tau-a: the share of pairs in the same order less that in the other."""
    assert set(one) == set(other)
    pairs = list(combinations(one, 2))
    return sum(math.copysign(1, (one[a] - one[b]) * (other[a] - other[b])) for a, b in pairs) / len(pairs)


def golden(name: str, algorithm: str) -> dict[str, float]:
    with (DATA / "llmfao" / name).open(encoding="utf-8", newline="") as file:
        return {row["item"]: float(row["score"]) for row in csv.DictReader(file) if row["algorithm"] == algorithm}


def ranked(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda name: (-scores[name], name))


def test_countries_come_out_in_the_order_of_their_people() -> None:
    found = strengths(countries())
    truth = {name: -float(name) for name in found}
    assert len(found) == 15
    assert kendall(found, truth) >= 0.75


@pytest.mark.parametrize("rows", [countries, models, food])
def test_the_order_is_that_of_evalica(rows: Any) -> None:
    theirs = ask(EVALICA, {"rows": rows()})
    assert ranked(strengths(rows())) == ranked(theirs)


def test_strengths_agree_with_evalicas_but_for_the_prior() -> None:
    ours, theirs = strengths(models()), ask(EVALICA, {"rows": models()})
    logs = {name: math.log(score) for name, score in theirs.items()}
    shift = sum(logs.values()) / len(logs)
    apart = [ours[name] - (logs[name] - shift) for name in ours]
    assert np.abs(apart).max() < 0.05


@pytest.mark.parametrize(("rows", "file"), [(models, "golden_scores.csv"), (food, "food_golden_scores.csv")])
def test_the_golden_scores_are_agreed_with(rows: Any, file: str) -> None:
    published = golden(file, "bradley_terry")
    assert kendall(strengths(rows()), published) > 0.99
