"""Places and capacity: who of the eligible of one pool is promoted, and why the others are not."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from fractions import Fraction
from itertools import accumulate
from typing import Any, Final, TypeAlias

from innovation.rules import measures
from innovation.rules.promotion.reading import Params
from innovation.rules.promotion.reasons import Because
from innovation.rules.promotion.rule import SCORE_MEASURE, Rule
from innovation.rules.promotion.sentence import number
from innovation.rules.promotion.snapshot import Idea

_Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one idea. ``place`` is its rank among the eligible of its pool, from 1; None when it
    was out, not eligible, or nothing ranks (a sponsor's pick without an order)."""

    idea: str
    challenge: str
    promoted: bool
    place: int | None
    because: Because
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pool:
    """What competes together: its eligible ideas, and its money in minor units (None: no budget known)."""

    ideas: Sequence[Idea]
    available: int | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One eligible idea with what ranks it: the value that orders, then one key per tie-break."""

    idea: Idea
    have: Fraction | None
    keys: tuple[_Key, ...]


def allot(rule: Rule, pool: Pool, seed: bytes) -> list[Decision]:
    """One decision for every idea of the pool, best first. ``seed`` feeds the last tie-break only."""
    entries = [_entry(rule, idea, seed) for idea in pool.ideas]
    entries.sort(key=lambda entry: (_rank(rule, entry), entry.keys))
    return [
        Decision(
            idea=entry.idea.id,
            challenge=entry.idea.challenge,
            promoted=because in _PROMOTED,
            place=None if rule.order is None else place,
            because=because,
            params=_standing(rule, entry) | params,
        )
        for place, (entry, (because, params)) in enumerate(
            zip(entries, _REASONS[rule.capacity.kind](rule, entries, pool), strict=True), 1
        )
    ]


def _entry(rule: Rule, idea: Idea, seed: bytes) -> Entry:
    keys = (_seeded(idea, seed) if name == "hash" else _tie_break(name, idea) for name in rule.tie_break)
    return Entry(idea, measures.value(rule.order.by, idea.raw) if rule.order else None, tuple(keys))


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


def _standing(rule: Rule, entry: Entry) -> Params:
    if rule.order is None or entry.have is None:
        return {}
    return {"measure": rule.order.by, "have": number(entry.have)}


def _decided_by(rule: Rule, one: Entry, other: Entry) -> Params:
    """Which tie-break tells two ideas of equal value apart; nothing when their values differ."""
    if one.have != other.have:
        return {}
    names = zip(rule.tie_break, one.keys, other.keys, strict=True)
    return {"tie_break": next(name for name, a, b in names if a != b)}


_Reason: TypeAlias = tuple[Because, Params]


def _top(rule: Rule, entries: Sequence[Entry], _: Pool) -> list[_Reason]:
    k = rule.capacity.k
    inside, outside = entries[:k], entries[k:]
    reasons: list[_Reason] = []
    for entry in inside:
        told = _decided_by(rule, entry, outside[0]) if outside else {}
        reasons.append((Because.WITHIN_TOP, {"k": k, **told}))
    for entry in outside:
        line = number(inside[-1].have or Fraction(0))
        reasons.append((Because.BELOW_LINE, {"k": k, "line": line, **_decided_by(rule, entry, inside[-1])}))
    return reasons


def _budget(rule: Rule, entries: Sequence[Entry], pool: Pool) -> list[_Reason]:
    left, stopped_at = pool.available, 0
    told: Params = {} if pool.currency is None else {"currency": pool.currency}
    reasons: list[_Reason] = []
    for place, entry in enumerate(entries, 1):
        requested = entry.idea.requested
        if requested is None:
            reasons.append((Because.NO_REQUEST, dict(told)))
            continue
        asked: Params = {"requested": requested}
        if left is None:
            reasons.append((Because.NO_BUDGET, told | asked))
        elif entry.idea.currency != pool.currency:
            currencies: Params = {
                "currency": entry.idea.currency or "",
                "budget_currency": pool.currency or "",
            }
            reasons.append((Because.OTHER_CURRENCY, asked | currencies))
        elif stopped_at:
            reasons.append((Because.AFTER_STOP, told | asked | {"left": left, "stopped_at": stopped_at}))
        elif requested <= left:
            reasons.append((Because.WITHIN_BUDGET, told | asked | {"left": left}))
            left -= requested
        else:
            reasons.append((Because.OVER_BUDGET, told | asked | {"left": left, "short": requested - left}))
            stopped_at = place if rule.capacity.overrun == "stop" else 0
    return _overtaking(reasons)


def _overtaking(reasons: Sequence[_Reason]) -> list[_Reason]:
    """Tells a skipped idea how many below it were funded, and a funded one how many above did not fit."""
    funded = [because is Because.WITHIN_BUDGET for because, _ in reasons]
    skipped = [because is Because.OVER_BUDGET for because, _ in reasons]
    above = list(accumulate(skipped, initial=0))
    below = list(accumulate(reversed(funded), initial=0))[::-1]
    return [
        (because, params | {"overtaken": above[n] if funded[n] else below[n]})
        if funded[n] or skipped[n]
        else (because, params)
        for n, (because, params) in enumerate(reasons)
    ]


def _all(_: Rule, entries: Sequence[Entry], __: Pool) -> list[_Reason]:
    return [(Because.ALL_ELIGIBLE, {}) for _entry in entries]


def _picked(_: Rule, entries: Sequence[Entry], __: Pool) -> list[_Reason]:
    return [
        (Because.PICKED, {}) if entry.idea.pick == "chosen" else (Because.NOT_PICKED, {"pick": entry.idea.pick or "none"})
        for entry in entries
    ]


_REASONS: Final[Mapping[str, Callable[[Rule, Sequence[Entry], Pool], list[_Reason]]]] = {
    "top": _top,
    "budget": _budget,
    "all": _all,
    "picked": _picked,
}
_PROMOTED: Final = {Because.WITHIN_TOP, Because.WITHIN_BUDGET, Because.ALL_ELIGIBLE, Because.PICKED}
