"""The rule: eligibility, order, capacity, tie-break and scope, read from JSON into frozen rows."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from innovation.rules import measures
from innovation.rules.promotion.reading import VERSION, Json, RuleError, an_object, one_of

DEEPEST: Final = 8
"""Levels of all/any a rule may nest: more than anyone can read, few enough never to exhaust the stack."""

COMPARISONS: Final[Mapping[str, Callable[[Fraction, Fraction], bool]]] = {
    "at_least": operator.ge,
    "more_than": operator.gt,
    "at_most": operator.le,
    "less_than": operator.lt,
}
FORMS: Final = ("value", "times", "share")
CAPACITIES: Final = ("top", "budget", "all", "picked", "equal_shares")
OVERRUNS: Final = ("skip", "stop")
COMPLETIONS: Final = ("add_one", "none")
UTILITIES: Final = ("cost", "cardinality", "score")
MIX: Final = "mix"
"""What a decision names as its measure when a weighted mix ordered."""
MIX_PARTS: Final = (2, 5)
POOLS: Final = ("per_challenge", "pooled")
TIE_BREAKS: Final = ("score", "views", "earlier", "hash")
SCORE_MEASURE: Final = "panel_mean"
"""What the tie-break ``score`` compares: the panel's mean. Any measure may break ties: more wins."""

_OPTIONAL: Final = ("eligibility", "order", "tie_break", "scope", "close")
_OF_CAPACITIES: Final = ("k", "overrun", "completion", "utility", "step")
_UNORDERED: Final = ("picked", "equal_shares")
_DECIMAL: Final = re.compile(r"-?\d{1,18}(\.\d{1,18})?")


@dataclass(frozen=True, slots=True)
class Threshold:
    """``measure`` compared with ``factor`` (form ``value``) or with ``factor`` x ``of`` (times, share)."""

    measure: str
    comparison: str
    form: str
    factor: Fraction
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all, or any, must hold (``mode``)."""

    mode: str
    parts: "tuple[Threshold | Group, ...]"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mix: a measure and its weight, above zero."""

    measure: str
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Order:
    """Best first: by which measure, and whether more is better. With a ``mix``, ``by`` is `MIX`."""

    by: str
    descending: bool
    mix: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """How much every share grows at a time: ``of_share`` times the first share, or ``minor`` units when above 0."""

    of_share: Fraction
    minor: int = 0


ONE_STEP: Final = Step(Fraction(2, 100))


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many: ``kind`` top (``k`` per pool), budget (``overrun`` skip or stop), all, picked, or equal_shares
    (``completion``, ``utility``, ``step``)."""

    kind: str
    k: int = 0
    overrun: str = ""
    completion: str = ""
    utility: str = ""
    step: Step = ONE_STEP


@dataclass(frozen=True, slots=True)
class Close:
    """What is too close to call: ``value`` from the line at most, or (None) an interval that holds the line."""

    value: Fraction | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, read and found sound. ``order`` is None only where the sponsor picks or shares decide."""

    eligibility: Threshold | Group | None
    order: Order | None
    capacity: Capacity
    tie_break: tuple[str, ...]
    pool: str
    close: Close | None = None

    @property
    def needs_ballots(self) -> bool:
        """Whether it decides from ballots, not from measures alone."""
        return self.capacity.kind == "equal_shares"

    @property
    def spends(self) -> bool:
        """Whether it watches a budget: its pools never mix currencies."""
        return self.capacity.kind in ("budget", "equal_shares")


def parse_rule(data: Json, path: str = "rule") -> Rule:
    """Read a rule. Raises `RuleError` at the first thing that is wrong, with the path to it."""
    found = an_object(data, path, RuleError, ("version", "capacity"), _OPTIONAL)
    if found["version"] != VERSION or isinstance(found["version"], bool):
        raise RuleError("unknown_version", f"{path}.version", known=VERSION)
    capacity = _capacity(found["capacity"], f"{path}.capacity")
    order = _order(found.get("order"), f"{path}.order")
    if order is None and capacity.kind not in _UNORDERED:
        raise RuleError("order_needed", f"{path}.order", kind=capacity.kind)
    eligibility = found.get("eligibility")
    scope = an_object(found.get("scope", {"pool": POOLS[0]}), f"{path}.scope", RuleError, ("pool",))
    return Rule(
        eligibility=None if eligibility is None else _condition(eligibility, f"{path}.eligibility", DEEPEST),
        order=order,
        capacity=capacity,
        tie_break=_tie_break(found.get("tie_break", []), f"{path}.tie_break"),
        pool=one_of(scope["pool"], POOLS, f"{path}.scope.pool", RuleError),
        close=_close(found.get("close"), f"{path}.close", capacity),
    )


def _condition(data: Json, path: str, levels: int) -> Threshold | Group:
    if not levels:
        raise RuleError("too_deep", path, deepest=DEEPEST)
    if isinstance(data, Mapping) and len(data) == 1 and (mode := next(iter(data))) in ("all", "any"):
        parts = data[mode]
        if not isinstance(parts, list | tuple) or not parts:
            # `all` of nothing would let everyone pass and `any` of nothing no one: nobody means either.
            raise RuleError("empty", f"{path}.{mode}")
        return Group(mode, tuple(_condition(part, f"{path}.{mode}[{n}]", levels - 1) for n, part in enumerate(parts)))
    found = an_object(data, path, RuleError, ("measure",), tuple(COMPARISONS))
    named = [comparison for comparison in COMPARISONS if comparison in found]
    if len(named) != 1:
        raise RuleError("one_comparison", path, found=len(named))
    measure = one_of(found["measure"], measures.MEASURES, f"{path}.measure", RuleError, "unknown_measure")
    path = f"{path}.{named[0]}"
    operand = an_object(found[named[0]], path, RuleError, (), (*FORMS, "of"))
    forms = [form for form in FORMS if form in operand]
    if len(forms) != 1:
        raise RuleError("missing_key" if not forms else "unknown_key", path, key="|".join(FORMS))
    factor = _decimal(operand[forms[0]], f"{path}.{forms[0]}")
    if forms[0] == "value":
        an_object(operand, path, RuleError, ("value",))
        return Threshold(measure, named[0], "value", factor)
    an_object(operand, path, RuleError, (forms[0], "of"))
    of = one_of(operand["of"], measures.MEASURES, f"{path}.of", RuleError, "unknown_measure")
    return Threshold(measure, named[0], forms[0], factor, of)


def _order(data: Json, path: str) -> Order | None:
    if data is None:
        return None
    mixed = isinstance(data, Mapping) and MIX in data
    found = an_object(data, path, RuleError, (MIX if mixed else "by",), ("descending",))
    descending = found.get("descending", True)
    if not isinstance(descending, bool):
        raise RuleError("unknown_value", f"{path}.descending", known="true|false")
    if mixed:
        return Order(MIX, descending, _mix(found[MIX], f"{path}.{MIX}"))
    return Order(one_of(found["by"], measures.MEASURES, f"{path}.by", RuleError, "unknown_measure"), descending)


def _mix(data: Json, path: str) -> tuple[Part, ...]:
    least, most = MIX_PARTS
    if not isinstance(data, list | tuple) or not least <= len(data) <= most:
        raise RuleError("mix_size", path, least=least, most=most)
    parts = []
    for n, item in enumerate(data):
        found = an_object(item, f"{path}[{n}]", RuleError, ("measure", "weight"))
        name = one_of(found["measure"], measures.MEASURES, f"{path}[{n}].measure", RuleError, "unknown_measure")
        parts.append(Part(name, _positive(found["weight"], f"{path}[{n}].weight")))
    if len({part.measure for part in parts}) != len(parts):
        raise RuleError("twice", path)
    return tuple(parts)


def _capacity(data: Json, path: str) -> Capacity:
    kind = one_of(
        an_object(data, path, RuleError, ("kind",), _OF_CAPACITIES)["kind"],
        CAPACITIES,
        f"{path}.kind",
        RuleError,
    )
    if kind == "top":
        k = an_object(data, path, RuleError, ("kind", "k"))["k"]
        if not isinstance(k, int) or isinstance(k, bool) or k < 1:
            raise RuleError("not_positive", f"{path}.k")
        return Capacity(kind, k=k)
    if kind == "budget":
        found = an_object(data, path, RuleError, ("kind", "overrun"))
        return Capacity(kind, overrun=one_of(found["overrun"], OVERRUNS, f"{path}.overrun", RuleError))
    if kind == "equal_shares":
        found = an_object(data, path, RuleError, ("kind", "completion", "utility"), ("step",))
        return Capacity(
            kind,
            completion=one_of(found["completion"], COMPLETIONS, f"{path}.completion", RuleError),
            utility=one_of(found["utility"], UTILITIES, f"{path}.utility", RuleError),
            step=_step(found["step"], f"{path}.step") if "step" in found else ONE_STEP,
        )
    an_object(data, path, RuleError, ("kind",))
    return Capacity(kind)


def _step(data: Json, path: str) -> Step:
    if not isinstance(data, Mapping):
        return Step(_positive(data, path))
    minor = an_object(data, path, RuleError, ("minor",))["minor"]
    if not isinstance(minor, int) or isinstance(minor, bool) or minor < 1:
        raise RuleError("not_positive", f"{path}.minor")
    return Step(Fraction(0), minor)


def _close(data: Json, path: str, capacity: Capacity) -> Close | None:
    if data is None:
        return None
    within = an_object(data, path, RuleError, ("within",))["within"]
    if capacity.kind not in ("top", "budget"):
        raise RuleError("no_line", path, kind=capacity.kind)
    if isinstance(within, Mapping):
        value = an_object(within, f"{path}.within", RuleError, ("value",))["value"]
        return Close(_positive(value, f"{path}.within.value"))
    one_of(within, ("interval",), f"{path}.within", RuleError)
    return Close(None)


def _tie_break(data: Json, path: str) -> tuple[str, ...]:
    if not isinstance(data, list | tuple):
        raise RuleError("unknown_value", path, known="|".join(TIE_BREAKS))
    names = [one_of(name, (*TIE_BREAKS, *measures.MEASURES), f"{path}[{n}]", RuleError) for n, name in enumerate(data)]
    if len(set(names)) != len(names):
        raise RuleError("twice", path)
    # The hash is what makes the order total; named early it ends the list, left out it is added.
    return (*(names[: names.index("hash")] if "hash" in names else names), "hash")


def _decimal(data: Json, path: str) -> Fraction:
    if isinstance(data, int) and not isinstance(data, bool):
        return Fraction(data)
    if isinstance(data, str) and _DECIMAL.fullmatch(data):
        return Fraction(data)
    raise RuleError("not_a_number", path)


def _positive(data: Json, path: str) -> Fraction:
    found = _decimal(data, path)
    if found <= 0:
        raise RuleError("not_positive", path)
    return found
