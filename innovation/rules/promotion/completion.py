"""Equal Shares completed: what one run leaves of the budget is spent too.

A run often ends with money that nobody can use, because supporters of an idea lack the rest of its cost. *add_one*: every
share is raised by one more step and the whole run done again, until the ideas bought would cost more than the budget; the
last that fitted stands. What still fits then is filled up, most supported first. The raising ends early when nothing more
could be filled in, and after `MOST_STEPS` in any case. Source: equalshares.net, "Add1u"; the step there is one unit of
money, here by default 2% of the first share. Complexity: steps x one run.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from innovation.rules.promotion.equal_shares import Bought, Field, Purses, run
from innovation.rules.promotion.rule import Step

MOST_STEPS: Final = 2_000
"""Shares are raised at most so often: at 2% a step, to forty times the first share."""


@dataclass(frozen=True, slots=True)
class Result:
    """What shares bought: rounds in order, the purses after them, the share they began with, how often it was raised, and
    the candidates filled in at the end, in order."""

    rounds: list[Bought]
    purses: Purses
    first_share: Fraction
    raised: int
    filled: list[int]


def equal_shares(field: Field, budget: int, weight: int, step: Step | None) -> Result:
    """Spend a budget (minor units, 0 or more) of voters whose weights add up to ``weight`` (1 or more).

    ``step`` is how shares are raised; None: one run, and nothing filled in.
    """
    first = Fraction(budget, weight)
    rounds, purses = run(field, first)
    if step is None:
        return Result(rounds, purses, first, 0, [])
    growth = Fraction(step.minor) if step.minor else first * step.of_share
    raised = 0
    while growth and raised < MOST_STEPS and _fitting(field, rounds, budget):
        more, after = run(field, first + (raised + 1) * growth)
        if _spent(field, more) > budget:
            break
        rounds, purses, raised = more, after, raised + 1
    return Result(rounds, purses, first, raised, _filled(field, rounds, budget))


def support(field: Field, number: int) -> int:
    """What stands behind a candidate: the weights of its supporters, times the points they gave."""
    candidate = field.candidates[number]
    return int((field.weight[candidate.who] * candidate.points).sum())


def _spent(field: Field, rounds: list[Bought]) -> int:
    return sum(field.candidates[bought.candidate].cost for bought in rounds)


def _fitting(field: Field, rounds: list[Bought], budget: int) -> list[int]:
    """The candidates with a supporter that were not bought and would fit into what is left."""
    left, taken = budget - _spent(field, rounds), {bought.candidate for bought in rounds}
    return [
        number
        for number, candidate in enumerate(field.candidates)
        if number not in taken and len(candidate.who) and candidate.cost <= left
    ]


def _filled(field: Field, rounds: list[Bought], budget: int) -> list[int]:
    left, filled = budget - _spent(field, rounds), []
    for number in sorted(_fitting(field, rounds, budget), key=lambda number: (-support(field, number), number)):
        if field.candidates[number].cost <= left:
            left -= field.candidates[number].cost
            filled.append(number)
    return filled
