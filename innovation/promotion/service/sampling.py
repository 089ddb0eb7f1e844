"""Made data to try a rule on: two dozen invented ideas with plausible votes and scores, the same ones every time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from innovation.rules.ballot import Ballot, has_budget
from innovation.rules.promotion import RuleError, ballots_key, parse_rule
from innovation.rules.promotion.ordering import lacking
from innovation.rules.promotion.sureness import mix_figures
from innovation.rules.ranking import METHODS, Field, Panel, field_of, fit_prior, fit_stars, groups, ordered_by, uncertainty
from innovation.rules.ranking.field import MICRO

IDEAS: Final = 24
PEOPLE: Final = 120
OUTSIDE: Final = 30
"""So many of the people are from outside the house; the others belong to three departments."""
SHORTLISTED: Final = 10
SEED: Final = 20
PREFIX: Final = "invented-"


@dataclass(frozen=True, slots=True)
class Votes:
    """Who saw what (people x ideas), and what each said of it."""

    seen: Any
    value: Any
    group: Any
    quality: Any


def name_of(number: int) -> str:
    """What an invented idea is called in the snapshot; ``number`` counts from 1."""
    return f"{PREFIX}{number:02d}"


def made(
    rule: dict[str, Any],
    *,
    ballot: str,
    budget: int | None,
    currency: str,
    panel: bool,
    shortlist_first: bool,
    outside: bool = True,
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """A snapshot of invented ideas, and the ballots behind it (None for pairs).

    Args:
        budget: minor units; the ideas together ask for about three times as much.
        panel: whether a panel has scored them.
        outside: whether some of the invented people are from outside the house; else they are one more department.
        shortlist_first: only the ten best liked are candidates, as where a crowd draws up a short list.
    """
    chance = np.random.default_rng(SEED)
    votes = _votes(chance, ballot)
    field, raw = _measured(votes, ballot, outside)
    scores = _panel(chance, votes.quality) if panel else [{} for _ in range(IDEAS)]
    if panel:
        field = replace(field, panel=_spread(scores))
    costs = chance.integers(4, 25, IDEAS)
    share = (budget or 100_000_00) * 3 / int(costs.sum())
    requested = [{"requested": round(int(cost) * share / 1000) * 1000} for cost in costs]
    whole = [raw[n] | scores[n] | requested[n] | _fitted(field) for n in range(IDEAS)]
    sure = _intervals(rule, ballot, field, whole)
    shortlisted = np.argsort(-METHODS["support"].score(field), kind="stable")[:SHORTLISTED] if shortlist_first else None
    rows = [
        {
            "id": name_of(n + 1),
            "challenge": "made",
            **requested[n],
            "submitted_at": f"2026-01-{1 + n:02d}T09:00:00.000000Z",
            "measures": raw[n] | scores[n] | sure[n],
            "pick": None,
            "out": None if shortlisted is None or n in shortlisted else "not_shortlisted",
        }
        for n in range(IDEAS)
    ]
    challenge = {"id": "made", "budget": budget, "currency": None if budget is None else currency, "electorate": None}
    ballots = None if ballot == Ballot.PAIRS else _ballots(votes)
    snapshot: dict[str, Any] = {
        "version": 1,
        "round": "made",
        "pass": 1,
        "rule": rule,
        "challenges": [challenge | {"fitted": _fitted(field)}],
        "ideas": rows,
    }
    return snapshot | ({} if ballots is None else {"ballots": ballots_key(ballots)}), ballots


def _votes(chance: np.random.Generator, ballot: str) -> Votes:
    quality = chance.beta(3, 4, IDEAS)
    taste = chance.normal(0, 0.12, IDEAS)
    group = np.where(np.arange(PEOPLE) < OUTSIDE, 3, np.arange(PEOPLE) % 3)
    liked = np.clip(quality + np.where(group[:, None] == 3, taste, 0), 0.02, 0.98)
    seen = chance.random((PEOPLE, IDEAS)) < chance.uniform(0.3, 0.85, IDEAS)
    yes = seen & (chance.random((PEOPLE, IDEAS)) < liked)
    value = yes.astype(np.int64)
    if ballot == Ballot.YES_NO:
        value = value - (seen & ~yes & (chance.random((PEOPLE, IDEAS)) < 0.7))
    elif ballot == Ballot.STARS:
        stars = np.clip(np.rint(chance.normal(1.5 + 4 * liked, 0.9)), 1, 5).astype(np.int64)
        value = np.where(seen & (chance.random((PEOPLE, IDEAS)) < 0.8), stars, 0)
    elif has_budget(ballot):
        value = value * chance.integers(1, 4, (PEOPLE, IDEAS))
    return Votes(seen, value, group, quality)


def _measured(votes: Votes, ballot: str, outside: bool) -> tuple[Field, list[dict[str, int]]]:
    value, seen = votes.value, votes.seen
    from_outside = (votes.group == 3)[:, None] & outside
    sums = {
        "for": (value > 0).sum(0),
        "against": (value < 0).sum(0),
        "voters": (value != 0).sum(0),
        "views": seen.sum(0),
        "points": value.sum(0),
    }
    sides = {
        f"{name}_{side}": (rows & mask).sum(0)
        for name, rows in (("for", value > 0), ("views", seen), ("voters", value != 0))
        for side, mask in (("external", from_outside), ("internal", ~from_outside))
    }
    squares = (value * value).sum(0)
    prior = fit_prior(sums["for"], sums["views"])
    idea, group = np.tile(np.arange(IDEAS), PEOPLE), np.repeat(votes.group, IDEAS)
    parts = groups.parts_of(IDEAS, idea, group, (value > 0).ravel().astype(int), seen.ravel().astype(int))
    least = groups.least(parts, prior)
    field = field_of(
        IDEAS,
        for_=sums["for"],
        against=sums["against"],
        views=sums["views"],
        voters=sums["voters"],
        points=sums["points"],
        squares=squares,
        least_for=least.for_,
        least_views=least.views,
        prior=prior,
        stars=fit_stars(sums["points"], squares, sums["voters"]),
    )
    raw = [{name: int(column[n]) for name, column in (sums | sides).items()} for n in range(IDEAS)]
    strengths = np.log(votes.quality / (1 - votes.quality)) if ballot == Ballot.PAIRS else None
    for n, row in enumerate(raw):
        row |= {"support_least_micro": round(float(least.score[n]) * MICRO), "comments": int(sums["views"][n]) // 12}
        if strengths is not None:
            row |= {"pairs_micro": round(float(strengths[n]) * MICRO)}
    return field, raw


def _fitted(field: Field) -> dict[str, int]:
    return {
        "prior_for_micro": field.prior.a_micro,
        "prior_against_micro": field.prior.b_micro,
        "stars_mean_micro": field.stars.mean_micro,
        "stars_weight_micro": field.stars.weight_micro,
    }


def _panel(chance: np.random.Generator, quality: Any) -> list[dict[str, int]]:
    means = np.clip(1 + 4 * (0.6 * quality + 0.4 * chance.random(IDEAS)), 1, 5)
    return [{"panel_mean_micro": round(float(mean) * 12) * MICRO // 12, "reviews": 3} for mean in means]


def _spread(scores: list[dict[str, int]]) -> Panel:
    """The panel as a field has it; its members differ by a little more than half a point."""
    mean = np.array([row["panel_mean_micro"] for row in scores]) / MICRO
    reviews = np.array([float(row["reviews"]) for row in scores])
    return Panel(mean, reviews, variance_micro=360_000, freedom=int(reviews.sum()) - len(scores))


def _intervals(rule: dict[str, Any], ballot: str, field: Field, raw: list[dict[str, int]]) -> list[dict[str, int]]:
    """The interval of every idea under the method that the rule orders by; nothing where no method does."""
    nothing: list[dict[str, int]] = [{} for _ in raw]
    try:
        order = parse_rule(rule).order
    except RuleError:  # said where the rule is applied
        return nothing
    k = (rule.get("capacity") or {}).get("k") or 3
    if order is None or (order.mix and any(lacking(order, row) for row in raw)):
        return nothing
    if not order.mix:
        found = _standings(order.by, "", field, k)
    else:
        parts = [_standings(part.measure, ballot, field, k) for part in order.mix]
        ends = [[(row["low_micro"], row["high_micro"]) if row else None for row in rows] for rows in parts]
        found = [_spelled(*figures[1:]) for figures in mix_figures(order, raw, ends, k, SEED)]
    return found


def _standings(measure: str, ballot: str, field: Field, k: int) -> list[dict[str, int]]:
    method = ordered_by(measure, ballot)
    if method in (None, "pairs", "mix") or (method == "panel" and field.panel is None):
        return [{} for _ in range(len(field))]
    return [_spelled(*figures[1:]) for figures in uncertainty(str(method), field, k, SEED, 2_000).micro()]


def _spelled(low: int | None, high: int | None, top: int | None) -> dict[str, int]:
    found = {"low_micro": low, "high_micro": high, "p_top_micro": top}
    return {name: value for name, value in found.items() if value is not None}


def _ballots(votes: Votes) -> dict[str, Any]:
    return {
        "version": 1,
        "voters": [
            {
                "id": f"person-{person:03d}",
                "group": f"group-{int(votes.group[person])}",
                "votes": {name_of(n + 1): int(votes.value[person, n]) for n in range(IDEAS) if votes.seen[person, n]},
            }
            for person in range(PEOPLE)
        ],
    }
