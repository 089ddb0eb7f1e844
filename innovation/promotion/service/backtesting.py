"""A rule tried on earlier results of the programmes somebody manages. Only reads: nothing here is ever stored.

What is read is what the runs froze then, never how ideas, votes or scores stand now; outcomes alone are today's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, Final

from innovation.challenges.models import Challenge
from innovation.kernel.actor import Actor
from innovation.promotion.queries import tried
from innovation.promotion.service.ballots import unpacked
from innovation.rules.backtest import Findings, Refusal, back_test
from innovation.rules.promotion import Malformed, parse_rule

MOST_RUNS: Final = 50
MOST_BYTES: Final = 2_000_000
"""So much of stored snapshots and ballots is decided anew for one page, at least one result; the rest stands on the next."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a rule would have done in one challenge of one result."""

    challenge: Challenge
    run: str
    found: Findings | Refusal


@dataclass(frozen=True, slots=True)
class BackTest:
    """A rule on some results, the newest first. ``total`` is over the challenges it could be tried on;
    ``older``: where the next page begins, None at the end."""

    rows: tuple[Row, ...]
    total: Findings
    older: int | None

    @property
    def refused(self) -> int:
        return sum(isinstance(row.found, Refusal) for row in self.rows)


def on_earlier_results(
    reader: Actor, rule: Mapping[str, Any], *, as_many: bool = False, before: int | None = None
) -> BackTest:
    """Try a rule on the announced results of challenges this person manages in which a project has ended.

    Args:
        as_many: a rule for the best so many takes as many as were chosen in each challenge then.
        before: only results older than this, as the page before said.

    Raises:
        RuleError: the rule is not sound.
    """
    parsed = parse_rule(rule)
    sizes = tried.results(reader, before, MOST_RUNS + 1, with_ballots=parsed.needs_ballots)
    taken = _within(sizes)
    runs = {run.id: run for run in tried.stored([run_id for run_id, _size in taken], with_ballots=parsed.needs_ballots)}
    projects = tried.projects(runs.values())
    rows: list[Row] = []
    for run_id, _size in taken:
        run = runs[run_id]
        outcomes = {each.idea: each.worked for each in projects.get(run_id, [])}
        ended = {each.challenge_id for each in projects.get(run_id, []) if each.worked is not None}
        told = {each.challenge.public_id: each.promoted or 0 for each in run.challenges} if as_many else None
        tested = _tried(run.snapshot or "", rule, outcomes, run.ballots if parsed.needs_ballots else None, told)
        rows += [
            Row(each.challenge, run.public_id, tested[each.challenge.public_id])
            for each in run.challenges
            if each.challenge_id in ended
        ]
    total = reduce(add, (row.found for row in rows if isinstance(row.found, Findings)), Findings())
    older = taken[-1][0] if len(taken) < len(sizes) else None
    return BackTest(tuple(rows), total, older)


def _within(sizes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first results that together are no more than a page may read, at least one."""
    taken: list[tuple[int, int]] = []
    read = 0
    for run_id, size in sizes[:MOST_RUNS]:
        read += size
        if taken and read > MOST_BYTES:
            break
        taken.append((run_id, size))
    return taken


def _tried(
    snapshot: str,
    rule: Mapping[str, Any],
    outcomes: Mapping[str, bool | None],
    cast: bytes | None,
    told: Mapping[str, int] | None,
) -> dict[str, Findings | Refusal]:
    stored = json.loads(snapshot)
    try:
        return back_test(stored, rule, outcomes, unpacked(cast), as_many=told)
    except (Malformed, ValueError):
        return {str(each["id"]): Refusal("rule") for each in stored["challenges"]}
