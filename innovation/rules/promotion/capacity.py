"""Places and capacity: who of the eligible of one pool is promoted, and why the others are not."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Final

from innovation.rules.promotion.close import marked
from innovation.rules.promotion.pools import Decision, Entry, Pool, Reason, hindrance, ranked, standing
from innovation.rules.promotion.reading import Params
from innovation.rules.promotion.reasons import PROMOTED, Because
from innovation.rules.promotion.receipts import Shares
from innovation.rules.promotion.rule import Rule
from innovation.rules.promotion.sentence import number
from innovation.rules.promotion.shares import by_shares


def allot(rule: Rule, pool: Pool, seed: bytes) -> tuple[list[Decision], Shares | None]:
    """One decision for every idea of the pool, best first; and the certificate where equal shares decided.

    ``seed`` feeds the last tie-break only.
    """
    entries, shares = ranked(rule, pool.ideas, seed), None
    if rule.capacity.kind == "equal_shares":
        reasons, shares = by_shares(rule, entries, pool)
    else:
        reasons = marked(rule, entries, pool, _REASONS[rule.capacity.kind](rule, entries, pool))
    decisions = [
        Decision(
            idea=entry.idea.id,
            challenge=entry.idea.challenge,
            promoted=because in PROMOTED,
            place=None if rule.order is None else place,
            because=because,
            params=standing(rule, entry) | params,
        )
        for place, (entry, (because, params)) in enumerate(zip(entries, reasons, strict=True), 1)
    ]
    return decisions, shares


def _decided_by(rule: Rule, one: Entry, other: Entry) -> Params:
    """Which tie-break tells two ideas of equal value apart; nothing when their values differ."""
    if one.have != other.have:
        return {}
    names = zip(rule.tie_break, one.keys, other.keys, strict=True)
    return {"tie_break": next(name for name, a, b in names if a != b)}


def _top(rule: Rule, entries: Sequence[Entry], _: Pool) -> list[Reason]:
    k = rule.capacity.k
    inside, outside = entries[:k], entries[k:]
    reasons: list[Reason] = []
    for entry in inside:
        told = _decided_by(rule, entry, outside[0]) if outside else {}
        reasons.append((Because.WITHIN_TOP, {"k": k, **told}))
    for entry in outside:
        line = number(inside[-1].have or Fraction(0))
        reasons.append((Because.BELOW_LINE, {"k": k, "line": line, **_decided_by(rule, entry, inside[-1])}))
    return reasons


def _budget(rule: Rule, entries: Sequence[Entry], pool: Pool) -> list[Reason]:
    left, stopped_at = pool.available or 0, 0
    told: Params = {} if pool.currency is None else {"currency": pool.currency}
    reasons: list[Reason] = []
    for place, entry in enumerate(entries, 1):
        if (hindered := hindrance(entry, pool)) is not None:
            reasons.append(hindered)
            continue
        requested = entry.idea.requested or 0
        asked: Params = {"requested": requested}
        if stopped_at:
            reasons.append((Because.AFTER_STOP, told | asked | {"left": left, "stopped_at": stopped_at}))
        elif requested <= left:
            reasons.append((Because.WITHIN_BUDGET, told | asked | {"left": left}))
            left -= requested
        else:
            reasons.append((Because.OVER_BUDGET, told | asked | {"left": left, "short": requested - left}))
            stopped_at = place if rule.capacity.overrun == "stop" else 0
    return _overtaking(reasons)


def _overtaking(reasons: Sequence[Reason]) -> list[Reason]:
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


def _all(_: Rule, entries: Sequence[Entry], __: Pool) -> list[Reason]:
    return [(Because.ALL_ELIGIBLE, {}) for _entry in entries]


def _picked(_: Rule, entries: Sequence[Entry], __: Pool) -> list[Reason]:
    return [
        (Because.PICKED, {}) if entry.idea.pick == "chosen" else (Because.NOT_PICKED, {"pick": entry.idea.pick or "none"})
        for entry in entries
    ]


_REASONS: Final[Mapping[str, Callable[[Rule, Sequence[Entry], Pool], list[Reason]]]] = {
    "top": _top,
    "budget": _budget,
    "all": _all,
    "picked": _picked,
}
