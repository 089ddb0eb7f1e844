"""What competes together: a pool's eligible ideas and money, and the order in which its ideas stand."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from fractions import Fraction
from typing import Any, TypeAlias

from innovation.rules import measures
from innovation.rules.promotion import ordering
from innovation.rules.promotion.ballots import Voter
from innovation.rules.promotion.reading import Params
from innovation.rules.promotion.reasons import Because
from innovation.rules.promotion.rule import SCORE_MEASURE, Rule
from innovation.rules.promotion.sentence import number
from innovation.rules.promotion.snapshot import Idea

_Key: TypeAlias = tuple[Any, ...]
Reason: TypeAlias = tuple[Because, Params]


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one idea. ``place`` is its rank among the eligible of its pool, from 1; None when it
    was out, not eligible, or nothing ranks (a sponsor's pick, or equal shares, without an order)."""

    idea: str
    challenge: str
    promoted: bool
    place: int | None
    because: Because
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pool:
    """What competes together: its eligible ideas, and its money in minor units (None: no budget known).

    ``currencies`` are those of its challenges, by id; ``voters`` are there for rules that need ballots.
    """

    name: str
    ideas: Sequence[Idea]
    available: int | None
    currency: str | None
    currencies: Mapping[str, str | None]
    voters: Sequence[Voter] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One eligible idea with what ranks it: the value that orders, then one key per tie-break."""

    idea: Idea
    have: Fraction | None
    keys: tuple[_Key, ...]


def ranked(rule: Rule, ideas: Sequence[Idea], seed: bytes) -> list[Entry]:
    """The ideas of a pool, best first, in an order that is total. ``seed`` feeds the last tie-break only."""
    found = ordering.values(rule.order, [idea.raw for idea in ideas]) if rule.order else [None] * len(ideas)
    entries = [Entry(idea, have, _keys(rule, idea, seed)) for idea, have in zip(ideas, found, strict=True)]
    return sorted(entries, key=lambda entry: (_rank(rule, entry), entry.keys))


def standing(rule: Rule, entry: Entry) -> Params:
    """By what an idea was ordered, and its value; nothing without an order."""
    if rule.order is None or entry.have is None:
        return {}
    return {"measure": rule.order.by, "have": number(entry.have)}


def hindrance(entry: Entry, pool: Pool) -> Reason | None:
    """Why no budget could pay for an idea, whatever was left of it; None when one could."""
    told: Params = {} if pool.currency is None else {"currency": pool.currency}
    requested = entry.idea.requested
    if requested is None:
        return Because.NO_REQUEST, told
    if pool.available is None:
        return Because.NO_BUDGET, told | {"requested": requested}
    if entry.idea.currency != pool.currency:
        currencies: Params = {"currency": entry.idea.currency or "", "budget_currency": pool.currency or ""}
        return Because.OTHER_CURRENCY, {"requested": requested} | currencies
    return None


def _keys(rule: Rule, idea: Idea, seed: bytes) -> tuple[_Key, ...]:
    return tuple(_seeded(idea, seed) if name == "hash" else _tie_break(name, idea) for name in rule.tie_break)


# Smaller is better. What is unknown comes after everything known: (1,) sorts behind (0, anything).
def _tie_break(name: str, idea: Idea) -> _Key:
    if name == "earlier":
        return (1,) if idea.submitted_at is None else (0, idea.submitted_at.astimezone(UTC))
    known = measures.value(SCORE_MEASURE if name == "score" else name, idea.raw)
    return (1,) if known is None else (0, -known)


def _seeded(idea: Idea, seed: bytes) -> _Key:
    return (hashlib.sha256(seed + idea.id.encode()).digest(), idea.id)


def _rank(rule: Rule, entry: Entry) -> Fraction:
    if rule.order is None or entry.have is None:
        return Fraction(0)
    return -entry.have if rule.order.descending else entry.have
