"""When a project is likely to finish: a Monte-Carlo simulation over its open milestones.

**Formula.** A milestone planned to take ``e`` days from its start finishes after ``e * R`` days, where R is drawn from the
ratios of actual to estimated duration that finished milestones showed. In each of `DRAWS` runs one ratio is drawn for
the project as a whole; each milestone takes that one with probability `SHARED`, else one of its own: milestones of one
project are late together, and each ratio alone keeps the distribution it was drawn from. A milestone that is not done
today has not finished today: its ratio is drawn from those that leave it unfinished. The project finishes with its last
milestone. *Likely by* is the median of the runs, *safe by* their 80th percentile.

**Past what was ever seen.** A milestone later than every known ratio is given as much again as the upper half of the
published class says, times what it has taken so far.

**Source.** Reference-class forecasting (Kahneman, Tversky 1979; Flyvbjerg 2006). The published class stands in until
the house has `ENOUGH` finished milestones of its own: median 1.00, P80 1.43, P90 2.0 of actual over estimate. Its lower
half (P20 .75) and its ends (.5 and 4) are our own assumption; they move *safe by* hardly at all.

**Ties, missing values.** Days are whole; a milestone planned to take less than a day takes one. Without an open
milestone there is nothing to forecast. The same plan, day and ratios give the same dates.

**Complexity.** O(draws * milestones) time and memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

DRAWS = 2_000
SHARED = 0.5
ENOUGH = 30
LEAST_RATIO = 0.1
FARTHEST = 36_525
"""No forecast is later than this many days, a century: a plan may name any day that a calendar has."""

PUBLISHED: tuple[tuple[float, float], ...] = ((0.0, 0.5), (0.2, 0.75), (0.5, 1.0), (0.8, 1.43), (0.9, 2.0), (1.0, 4.0))
"""(probability, ratio) of the published class, straight between the points."""

Ratios = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A milestone that is not done: planned from one day to another."""

    starts: date
    due: date

    @property
    def days(self) -> int:
        return max(1, (self.due - self.starts).days)


@dataclass(frozen=True, slots=True)
class Outlook:
    """When a project finishes, as far as today's plan tells."""

    likely_on: date
    safe_on: date
    chance_micro: int
    """The chance of finishing by the promised day, in millionths."""
    own: bool
    """Whether the ratios are the house's own."""
    samples: int
    digest: str
    """SHA-256 of everything it was computed from."""


def ratio(*, starts: date, planned: date, done: date) -> float:
    """Actual over estimated duration of a finished milestone; at least `LEAST_RATIO`."""
    return max(LEAST_RATIO, max(0, (done - starts).days) / max(1, (planned - starts).days))


def outlook(*, open_: Sequence[Stretch], promised: date, today: date, own: Sequence[float]) -> Outlook | None:
    """The forecast of a project, or None when nothing of it is open.

    Args:
        own: actual over estimate of every finished milestone of the house; used from `ENOUGH` on.
    """
    if not open_:
        return None
    known = np.sort(np.array(own, dtype=np.float64)) if len(own) >= ENOUGH else None
    digest = _digest(open_, promised, today, known)
    chance = np.random.default_rng(int(digest[:16], 16))
    shared = chance.random(DRAWS)
    finish = np.zeros(DRAWS)
    for stretch in sorted(open_, key=lambda each: (each.due, each.starts)):
        alone = chance.random(DRAWS)
        level = np.where(chance.random(DRAWS) < SHARED, shared, alone)
        elapsed = (today - stretch.starts).days / stretch.days
        took = np.ceil(np.round(_ratios(level, elapsed, known) * stretch.days, 6))
        finish = np.maximum(finish, (stretch.starts - today).days + took)
    finish = np.clip(finish, 0 if all(each.starts > today for each in open_) else 1, FARTHEST)
    ordered = np.sort(finish)
    likely, safe = (int(ordered[int(np.ceil(DRAWS * part)) - 1]) for part in (0.5, 0.8))
    on_time = int(np.count_nonzero(finish <= (promised - today).days))
    return Outlook(
        likely_on=today + timedelta(days=likely),
        safe_on=today + timedelta(days=safe),
        chance_micro=on_time * 1_000_000 // DRAWS,
        own=known is not None,
        samples=len(own),
        digest=digest,
    )


def _ratios(level: Ratios, elapsed: float, known: Ratios | None) -> Ratios:
    """Ratios at some levels of their distribution, given that a milestone is not done after ``elapsed`` of its time."""
    gone = _reached(elapsed, known) if elapsed > 0 else 0.0
    if gone >= 1.0:
        return elapsed * _published(0.5 + level / 2)
    given = gone + level * (1.0 - gone)
    if known is None:
        return np.maximum(_published(given), elapsed)
    place = np.minimum((given * len(known)).astype(np.int64), len(known) - 1)
    return np.maximum(known[place], elapsed)


def _reached(elapsed: float, known: Ratios | None) -> float:
    """The share of milestones that were done after ``elapsed`` of their time."""
    if known is not None:
        return float(np.searchsorted(known, elapsed, side="right")) / len(known)
    levels, ratios = zip(*PUBLISHED, strict=True)
    return float(np.interp(elapsed, ratios, levels))


def _published(level: Ratios) -> Ratios:
    levels, ratios = zip(*PUBLISHED, strict=True)
    return np.asarray(np.interp(level, levels, ratios), dtype=np.float64)


def _digest(open_: Sequence[Stretch], promised: date, today: date, known: Ratios | None) -> str:
    plan = sorted((each.starts.isoformat(), each.due.isoformat()) for each in open_)
    ratios = [] if known is None else [round(float(each), 6) for each in known]
    text = json.dumps([plan, promised.isoformat(), today.isoformat(), ratios], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Scores:
    """How well forecasts held: counts, and the Brier score of the chances they gave (0 is perfect, .25 knows nothing)."""

    scored: int
    by_likely: int
    """How many finished by the day called likely: about half, if the forecasts are honest."""
    by_safe: int
    """How many finished by the day called safe: about eight of ten."""
    brier_micro: int | None


def score(rows: Sequence[tuple[date, date, date, int, date]]) -> Scores:
    """Score forecasts of ended projects.

    Args:
        rows: (likely, safe, promised, chance in millionths, finished) per forecast.

    Source of the score: Brier 1950.
    """
    if not rows:
        return Scores(0, 0, 0, None)
    squared = [
        (chance - (1_000_000 if finished <= promised else 0)) ** 2 for _likely, _safe, promised, chance, finished in rows
    ]
    return Scores(
        scored=len(rows),
        by_likely=sum(finished <= likely for likely, *_rest, finished in rows),
        by_safe=sum(finished <= safe for _likely, safe, *_rest, finished in rows),
        brier_micro=sum(squared) // len(rows) // 1_000_000,
    )
