"""Equal Shares on 10,000 voters and 500 ideas: ``python benchmarks/equal_shares.py [voters ideas]`` prints a table.

Made ballots, always the same: a few ideas are liked by many, most by few, and everybody approves of up to ten. Costs are
round sums, as people ask for them, so that ties are many; the larger budget pays for about a third of the ideas. Seconds
are of one processor's time, the best of three. The floor is reading and fingerprinting the ballots, which any
rule has to do that decides from them.
"""

from __future__ import annotations

import functools
import itertools
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from innovation.rules.promotion import Outcome, ballots_key, decide, ready_rule

SEED = 20_260_501
BUDGETS = (1_000_000_00, 5_000_000_00)


def made(voters: int, ideas: int, budget: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A snapshot without a rule, and its ballots."""
    chance = random.Random(SEED)
    names = [f"i{n:04}" for n in range(ideas)]
    appeal = [1 / (n + 5) for n in range(ideas)]
    rows = [
        {
            "id": f"v{n:06}",
            "group": f"g{n % 12}",
            "votes": dict.fromkeys(chance.choices(names, appeal, k=chance.randint(1, 10)), 1),
        }
        for n in range(voters)
    ]
    liked = {name: sum(name in row["votes"] for row in rows) for name in names}
    ballots: dict[str, Any] = {"version": 1, "voters": rows}
    snapshot = {
        "version": 1,
        "round": "r1",
        "pass": 1,
        "ballots": ballots_key(ballots),
        "challenges": [{"id": "c1", "budget": budget, "currency": "EUR", "electorate": None}],
        "ideas": [
            {
                "id": name,
                "challenge": "c1",
                "requested": chance.randint(5, 200) * 500_00,
                "submitted_at": None,
                "measures": {"for": liked[name]},
                "pick": None,
                "out": None,
            }
            for name in names
        ],
    }
    return snapshot, ballots


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """The best of three, in seconds, and what came of it."""
    best, made = float("inf"), None
    for _ in range(3):
        begun = time.process_time()
        made = act()
        best = min(best, time.process_time() - begun)
    return best, made


def main(voters: int = 10_000, ideas: int = 500) -> None:
    print(f"| {voters:,} voters, {ideas:,} ideas | seconds | funded | times raised | filled up | spent |")
    print("|---|---|---|---|---|---|")
    for budget in BUDGETS:
        snapshot, ballots = made(voters, ideas, budget)
        floor, _ = timed(functools.partial(ballots_key, ballots))
        print(f"| reading and fingerprinting the ballots | {floor:.2f} | | | | |")
        for completion, utility in itertools.product(("none", "add_one"), ("cost", "cardinality")):
            capacity = {"kind": "equal_shares", "completion": completion, "utility": utility}
            rule = ready_rule("equal_shares", capacity=capacity)
            seconds, outcome = timed(functools.partial(decide, snapshot | {"rule": rule}, ballots))
            print(row(f"budget {budget // 100:,}, utility {utility}, completion {completion}", seconds, outcome, budget))


def row(name: str, seconds: float, outcome: Outcome, budget: int) -> str:
    [shares], [pool] = outcome.shares, outcome.pools
    spent = f"{100 * pool.spent / budget:.1f} %"
    return f"| {name} | {seconds:.2f} | {pool.promoted} | {shares.raised} | {len(shares.filled)} | {spent} |"


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:3]))
