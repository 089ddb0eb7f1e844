"""Telling a rule: codes and params from which a template makes one plain sentence."""

from dataclasses import dataclass, field
from fractions import Fraction

from innovation.rules.promotion.reading import Json, Params
from innovation.rules.promotion.rule import TIE_BREAKS, Capacity, Group, Order, Rule, Threshold, parse_rule


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
    value, or times and of, or percent and of, and the ballot where one was named); order (by, direction: highest or
    lowest, ballot as well); order_mix (direction;
    ``parts``: mix_part with by and weight); capacity_top (k), capacity_skip, capacity_stop, capacity_all,
    capacity_picked, capacity_equal_shares (completion, utility; with add_one: percent, or minor, the step); close_interval,
    close_value (value and, without a mix, by); scope_per_challenge, scope_pooled; ties (``parts``: tie_score, tie_views,
    tie_earlier, tie_hash, or tie_measure with by).
    """

    code: str
    params: Params = field(default_factory=dict)
    parts: "tuple[Clause, ...]" = ()


def explain(rule: Json, *, ballot: str | None = None, panel: bool = True) -> list[Clause]:
    """What a rule says, in the order a sentence would: who, best by what, how many, over what, ties.

    Args:
        ballot: what people vote with there; being in favour means something else on each.
        panel: whether a panel scores there; without one its score breaks no tie, and none is told of.

    Raises `RuleError` as `parse_rule` does.
    """
    read = parse_rule(rule)
    spoken: Params = {} if ballot is None else {"ballot": ballot}
    clauses = [Clause("eligible_everyone") if read.eligibility is None else _explain(read.eligibility, spoken)]
    if read.order is not None:
        clauses.append(_order(read.order, spoken))
    clauses.append(_capacity(read.capacity))
    clauses += _close(read)
    clauses.append(Clause(f"scope_{read.pool}"))
    if read.order is not None or read.needs_ballots:
        ties = (
            Clause(f"tie_{name}") if name in TIE_BREAKS else Clause("tie_measure", {"by": name})
            for name in read.tie_break
            if panel or name != "score"
        )
        clauses.append(Clause("ties", parts=tuple(ties)))
    return clauses


def _order(order: Order, spoken: Params) -> Clause:
    direction = "highest" if order.descending else "lowest"
    if not order.mix:
        return Clause("order", {"by": order.by, "direction": direction, **spoken})
    parts = (Clause("mix_part", {"by": part.measure, "weight": number(part.weight)}) for part in order.mix)
    return Clause("order_mix", {"direction": direction}, tuple(parts))


def _capacity(size: Capacity) -> Clause:
    params: Params = {}
    if size.kind == "top":
        params = {"k": size.k}
    elif size.kind == "equal_shares":
        params = {"completion": size.completion, "utility": size.utility}
        if size.completion == "add_one":
            params |= {"minor": size.step.minor} if size.step.minor else {"percent": number(size.step.of_share * 100)}
    return Clause(f"capacity_{size.overrun or size.kind}", params)


def _close(rule: Rule) -> list[Clause]:
    if rule.close is None:
        return []
    if rule.close.value is None:
        return [Clause("close_interval")]
    by: Params = {} if rule.order is None or rule.order.mix else {"by": rule.order.by}
    return [Clause("close_value", {"value": number(rule.close.value)} | by)]


def _explain(condition: Threshold | Group, spoken: Params) -> Clause:
    if isinstance(condition, Group):
        return Clause(condition.mode, parts=tuple(_explain(part, spoken) for part in condition.parts))
    params: Params = {
        "measure": condition.measure,
        "comparison": condition.comparison,
        "form": condition.form,
    }
    if condition.form == "share":
        params["percent"] = number(condition.factor * 100)
    else:
        params[condition.form] = number(condition.factor)
    return Clause("threshold", params | ({} if condition.of is None else {"of": condition.of}) | spoken)
