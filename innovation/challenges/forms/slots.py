"""A rule as the slots of a sentence, and the slots as a rule. What they cannot say stays data.

Slots are what a form holds: texts, and lists of rows. A condition is a row: one threshold, or one inner group of
thresholds; so two levels of "all of" and "any of".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from innovation.kernel.money import MoneyError, digits, parse_minor
from innovation.rules.measures import MEASURES
from innovation.rules.promotion import MIX, Rule, RuleError, number, parse_rule

COMPARISONS: Final = ("at_least", "more_than", "at_most", "less_than")
MIXED: Final = 3
"""So many measures a mix here may have."""
TIES: Final = 3
"""So many tie-breaks can be put in order, before the draw that is always last."""
LETTERS: Final = 18

Written = tuple[str, str | None]
"""How amounts of money are written: their currency, and the language of who typed them, if anybody did."""


class SlotError(ValueError):
    """A slot that says nothing a rule could: its field's name in the form, with dashes for rows, and a code."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


def slots_of(rule: Any, currency: str = "EUR") -> dict[str, Any] | None:
    """The slots that say a rule; None where they cannot say all of it, or it is not sound."""
    try:
        slots = _slots(rule, parse_rule(rule), currency)
        return slots if slots and same(rule_of(slots, currency), rule) else None
    except (RuleError, SlotError):
        return None


def same(one: Any, other: Any) -> bool:
    """Whether two rules say the same, however they are written down."""
    return _bare(parse_rule(one)) == _bare(parse_rule(other))


def _bare(rule: Rule) -> Rule:
    return replace(rule, eligibility=_unwrapped(rule.eligibility))


def _unwrapped(condition: Any) -> Any:
    """A group of one is that one."""
    parts = getattr(condition, "parts", None)
    if parts is None:
        return condition
    inner = tuple(_unwrapped(part) for part in parts)
    return inner[0] if len(inner) == 1 else replace(condition, parts=inner)


# --- a rule as slots -----------------------------------------------------------------------------------------------


def _slots(rule: Mapping[str, Any], read: Rule, currency: str) -> dict[str, Any] | None:
    mode, rows = _rows(rule.get("eligibility"), currency)
    if rows is None or (read.order is not None and not read.order.descending):
        return None
    order = rule.get("order") or {}
    mix = order.get(MIX) or []
    if len(mix) > MIXED or len(read.tie_break) - 1 > TIES:
        return None
    capacity = rule["capacity"]
    slots: dict[str, Any] = {
        "mode": mode,
        "conditions": rows,
        "order": MIX if mix else order.get("by", ""),
        "capacity": capacity.get("overrun") or capacity["kind"],
        "k": str(capacity.get("k", 3)),
        "completion": capacity.get("completion", "add_one"),
        "utility": capacity.get("utility", "cost"),
        "pool": read.pool,
        **_close(read),
    }
    for n in range(MIXED):
        part = mix[n] if n < len(mix) else {"measure": "", "weight": ""}
        slots |= {f"mix_{n + 1}": part["measure"], f"weight_{n + 1}": str(part["weight"])}
    ties = [name for name in read.tie_break if name != "hash"]
    return slots | {f"tie_{n + 1}": ties[n] if n < len(ties) else "" for n in range(TIES)}


def _close(read: Rule) -> dict[str, str]:
    if read.close is None:
        return {"close": "off", "close_value": ""}
    if read.close.value is None:
        return {"close": "interval", "close_value": ""}
    return {"close": "value", "close_value": _said(read.close.value * (100 if _in_percent(_by(read)) else 1))}


def _by(read: Rule) -> str:
    return read.order.by if read.order else ""


def _rows(eligibility: Any, currency: str) -> tuple[str, list[dict[str, Any]] | None]:
    """All or any, and the rows; None instead of rows where they nest deeper than two levels."""
    if eligibility is None:
        return "all", []
    if "measure" in eligibility:
        return "all", [{"kind": "one", **_threshold(eligibility, currency)}]
    mode = "all" if "all" in eligibility else "any"
    rows: list[dict[str, Any]] = []
    for part in eligibility[mode]:
        if "measure" in part:
            rows.append({"kind": "one", **_threshold(part, currency)})
            continue
        inner = "all" if "all" in part else "any"
        if not all("measure" in each for each in part[inner]):
            return mode, None
        rows.append({"kind": "group", "mode": inner, "parts": [_threshold(each, currency) for each in part[inner]]})
    return mode, rows


def _threshold(part: Mapping[str, Any], currency: str) -> dict[str, str]:
    comparison = next(name for name in COMPARISONS if name in part)
    operand = part[comparison]
    form = next(name for name in ("value", "times", "share") if name in operand)
    factor = Fraction(str(operand[form]))
    if form == "share" or (form == "value" and _in_percent(part["measure"])):
        factor *= 100
    elif form == "value" and MEASURES[part["measure"]].kind == "money":
        factor /= 10 ** digits(currency)
    return {
        "measure": part["measure"],
        "comparison": comparison,
        "how": form,
        "amount": _said(factor),
        "of": operand.get("of", ""),
    }


def _said(value: Fraction) -> str:
    return str(number(value, LETTERS))


# --- slots as a rule -----------------------------------------------------------------------------------------------


def rule_of(slots: Mapping[str, Any], currency: str = "EUR", language: str | None = None) -> dict[str, Any]:
    """The rule that slots say. Nothing but its form is checked; ``parse_rule`` judges it.

    ``language`` is that of who typed the amounts (`kernel.money.parse_minor`); none for what :func:`slots_of` wrote.

    Raises:
        SlotError: a slot that has to be filled is empty, or is no number.
    """
    rule: dict[str, Any] = {
        "version": 1,
        "eligibility": _eligibility(slots, (currency, language)),
        "order": _order(slots),
        "capacity": _capacity(slots),
        "tie_break": _ties(slots),
        "scope": {"pool": slots.get("pool") or "per_challenge"},
    }
    close = _close_of(slots)
    return rule if close is None else rule | {"close": close}


def _eligibility(slots: Mapping[str, Any], money: Written) -> Any:
    parts = []
    for n, row in enumerate(slots["conditions"]):
        where = f"conditions-{row.get('number', n)}"
        if row["kind"] == "one":
            parts.append(_condition(row, where, money))
            continue
        inner = [_condition(each, f"{where}-parts-{each.get('number', m)}", money) for m, each in enumerate(row["parts"])]
        if inner:
            parts.append({row["mode"] or "all": inner})
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {slots["mode"] or "all": parts}


def _condition(row: Mapping[str, Any], where: str, money: Written) -> dict[str, Any]:
    measure, how = row["measure"], row["how"] or "value"
    if measure not in MEASURES:
        raise SlotError(f"{where}-measure", "choose")
    if row["comparison"] not in COMPARISONS:
        raise SlotError(f"{where}-comparison", "choose")
    if how == "value":
        operand: dict[str, Any] = {"value": _amount(row["amount"], measure, f"{where}-amount", money)}
    else:
        if row["of"] not in MEASURES:
            raise SlotError(f"{where}-of", "choose")
        factor = _decimal(row["amount"], f"{where}-amount")
        operand = {how: _written(factor / 100 if how == "share" else factor), "of": row["of"]}
    return {"measure": measure, row["comparison"]: operand}


def _amount(text: str, measure: str, where: str, money: Written) -> int | str:
    if MEASURES[measure].kind == "money":
        try:
            return parse_minor(text or "", *money)
        except MoneyError as error:
            raise SlotError(where, "amount") from error
    factor = _decimal(text, where)
    return _written(factor / 100 if _in_percent(measure) else factor)


def _order(slots: Mapping[str, Any]) -> Any:
    by = slots["order"]
    if by != MIX:
        if by not in MEASURES:
            raise SlotError("order", "choose")
        return {"by": by, "descending": True}
    named = [n for n in range(1, MIXED + 1) if slots[f"mix_{n}"]]
    if len(named) < 2:
        raise SlotError("mix_1" if not named else f"mix_{min({1, 2, 3} - set(named))}", "two_measures")
    parts = []
    for n in named:
        weight = _decimal(slots[f"weight_{n}"] or "1", f"weight_{n}")
        if weight <= 0:
            raise SlotError(f"weight_{n}", "above_nought")
        parts.append({"measure": slots[f"mix_{n}"], "weight": _written(weight)})
    return {MIX: parts, "descending": True}


def _capacity(slots: Mapping[str, Any]) -> dict[str, Any]:
    kind = slots["capacity"]
    if kind == "top":
        k = _decimal(slots["k"], "k")
        if k < 1 or k.denominator != 1:
            raise SlotError("k", "whole")
        return {"kind": "top", "k": int(k)}
    if kind in ("skip", "stop"):
        return {"kind": "budget", "overrun": kind}
    if kind == "equal_shares":
        return {"kind": kind, "completion": slots["completion"], "utility": slots["utility"]}
    if kind != "all":
        raise SlotError("capacity", "choose")
    return {"kind": "all"}


def _ties(slots: Mapping[str, Any]) -> list[str]:
    names: list[str] = []
    for n in range(1, TIES + 1):
        name = slots[f"tie_{n}"]
        if name and name in names:
            raise SlotError(f"tie_{n}", "twice")
        names += [name] if name else []
    return [*names, "hash"]


def _close_of(slots: Mapping[str, Any]) -> dict[str, Any] | None:
    how = slots["close"]
    if how not in ("interval", "value"):
        return None
    if slots["capacity"] not in ("top", "skip", "stop"):
        raise SlotError("close", "no_line")
    if how == "interval":
        return {"within": "interval"}
    value = _decimal(slots["close_value"], "close_value")
    if value <= 0:
        raise SlotError("close_value", "above_nought")
    return {"within": {"value": _written(value / 100 if _in_percent(slots["order"]) else value)}}


def _in_percent(measure: str) -> bool:
    """Whether a person writes it in percent: shares, and the combined figure of a mix."""
    return measure == MIX or (measure in MEASURES and MEASURES[measure].kind == "share")


def _decimal(text: str | None, where: str) -> Fraction:
    try:
        found = Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation as error:
        raise SlotError(where, "number") from error
    if not found.is_finite() or abs(found) >= 10**12 or found.as_tuple().exponent < -9:  # type: ignore[operator]  # finite: a number
        raise SlotError(where, "number")
    return Fraction(found)


def _written(value: Fraction) -> int | str:
    return number(value, LETTERS)
