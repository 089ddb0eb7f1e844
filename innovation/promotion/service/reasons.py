"""What an author is told beside the bare decision: among how many, how many were chosen, and what was missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from innovation.rules.counterfactual import more_needed
from innovation.rules.promotion import Because, Outcome, parse_snapshot

SMALLEST_CROWD = 5
"""Fewer voters than this, and what is said of them would say how they voted."""


def certificate(outcome: Outcome) -> list[dict[str, Any]] | None:
    """How Equal Shares spent the money, as plain JSON: the price of every round, and a receipt for every group of voters but
    the smallest. None under any other rule."""
    rows = [asdict(pool) for pool in outcome.shares]
    for row in rows:
        row["receipts"] = [each for each in row["receipts"] if each["voters"] >= SMALLEST_CROWD]
    return rows or None


def told(snapshot: Mapping[str, Any], outcome: Outcome) -> dict[str, dict[str, int]]:
    """By idea: ``placed`` (how many have a place in its pool), ``chosen``, and ``more``: how many more in favour would have
    lifted it over the line, computed, for vote-decided pools of enough voters only."""
    frozen = parse_snapshot(snapshot)
    raw = {idea.id: idea.raw for idea in frozen.ideas}
    pool_of = {challenge: pool.name for pool in outcome.pools for challenge in pool.challenges}
    placed = Counter(pool_of.get(made.challenge) for made in outcome.decisions if made.place is not None)
    chosen = Counter(pool_of.get(made.challenge) for made in outcome.decisions if made.promoted)
    found: dict[str, dict[str, int]] = {}
    for made in outcome.decisions:
        if made.place is None:
            continue
        pool = pool_of.get(made.challenge)
        row = {"placed": placed[pool], "chosen": chosen[pool]}
        line = made.params.get("line")
        measured = raw[made.idea]
        if made.because == Because.BELOW_LINE and line is not None and measured.get("voters", 0) >= SMALLEST_CROWD:
            more = more_needed(str(made.params["measure"]), measured, Fraction(str(line)), inclusive=False)
            row |= {} if more is None else {"more": more}
        found[made.idea] = row
    return found
