"""Telling a rule: codes and params from which a template makes one plain sentence."""

from dataclasses import dataclass, field
from fractions import Fraction

from innovation.rules.promotion.reading import Json, Params
from innovation.rules.promotion.rule import TIE_BREAKS, Group, Threshold, parse_rule


def number(value: Fraction, places: int = 6) -> int | str:
    """A value for a sentence: an integer, else a decimal of at most ``places`` digits, halves to even."""
    if value.denominator == 1:
        return int(value)
    digits = f"{abs(round(value * 10**places)):0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and text != "0" else text


def told_apart(have: Fraction, need: Fraction) -> tuple[int | str, int | str]:
    """Both as `number`; as exact fractions where rounding would make two different values read the same."""
    told = number(have), number(need)
    return told if have == need or str(told[0]) != str(told[1]) else (str(have), str(need))


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of the sentence that says a rule; the words are made in a template from code and params.

    Codes: eligible_everyone; all, any (``parts``: conditions); threshold (measure, comparison, form, and
    value, or times and of, or percent and of); order (by, direction: highest or lowest); capacity_top (k),
    capacity_skip, capacity_stop, capacity_all, capacity_picked; scope_per_challenge, scope_pooled; ties
    (``parts``: tie_score, tie_views, tie_earlier, tie_hash, or tie_measure with by).
    """

    code: str
    params: Params = field(default_factory=dict)
    parts: "tuple[Clause, ...]" = ()


def explain(rule: Json) -> list[Clause]:
    """What a rule says, in the order a sentence would: who, best by what, how many, over what, ties.

    Raises `RuleError` as `parse_rule` does.
    """
    read = parse_rule(rule)
    clauses = [Clause("eligible_everyone") if read.eligibility is None else _explain(read.eligibility)]
    if read.order is not None:
        clauses.append(Clause("order", {"by": read.order.by, "direction": "highest" if read.order.descending else "lowest"}))
    size = read.capacity
    clauses.append(Clause(f"capacity_{size.overrun or size.kind}", {"k": size.k} if size.kind == "top" else {}))
    clauses.append(Clause(f"scope_{read.pool}"))
    if read.order is not None:
        ties = (
            Clause(f"tie_{name}") if name in TIE_BREAKS else Clause("tie_measure", {"by": name}) for name in read.tie_break
        )
        clauses.append(Clause("ties", parts=tuple(ties)))
    return clauses


def _explain(condition: Threshold | Group) -> Clause:
    if isinstance(condition, Group):
        return Clause(condition.mode, parts=tuple(_explain(part) for part in condition.parts))
    params: Params = {
        "measure": condition.measure,
        "comparison": condition.comparison,
        "form": condition.form,
    }
    if condition.form == "share":
        params["percent"] = number(condition.factor * 100)
    else:
        params[condition.form] = number(condition.factor)
    return Clause("threshold", params | ({} if condition.of is None else {"of": condition.of}))
