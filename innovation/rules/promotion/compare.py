"""The same figures under several rules: who would be promoted, what it costs, who enters and who leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from innovation.rules.promotion.decision import Outcome, decide_with
from innovation.rules.promotion.pools import Decision
from innovation.rules.promotion.reading import Json, Malformed, Params, RuleError, SnapshotError
from innovation.rules.promotion.snapshot import parse_snapshot, seed_of

_OF_THE_RULE = ("ballots_needed", "ballots_differ")


@dataclass(frozen=True, slots=True)
class Option:
    """What one rule makes of it. Either ``outcome`` is there, or ``code`` and ``params`` say why it cannot be applied.

    ``promoted`` are idea ids in the outcome's order; ``enters`` and ``leaves`` are set against the first rule, and empty
    where one of the two has no outcome. ``spent`` and ``left`` are minor units by currency ("" where it
    is not known); ``left`` leaves out pools without a budget.
    """

    name: str
    outcome: Outcome | None
    code: str | None
    params: Params
    promoted: tuple[str, ...]
    enters: tuple[str, ...]
    leaves: tuple[str, ...]
    spent: Mapping[str, int]
    left: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The options in the order given; the first is the rule that stands (``present``)."""

    present: str
    options: tuple[Option, ...]

    def __getitem__(self, name: str) -> Option:
        """The option of that name. Raises KeyError."""
        for option in self.options:
            if option.name == name:
                return option
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Line:
    """What the last promoted idea had: its place, and its value of the measure that ordered."""

    idea: str
    place: int
    measure: str
    have: int | str


def compare(snapshot: Json, rules: Mapping[str, Json], ballots: Json = None) -> Comparison:
    """Decide the snapshot by each rule in turn; the first is the present one. Nothing is changed or stored.

    The snapshot's own rule is not looked at. All options break ties with one seed, that of the snapshot under the first
    rule, so that no difference comes from a draw; the present rule's outcome is therefore exactly what `decide` gives.

    Raises ValueError without a rule, and `SnapshotError` when the snapshot itself is unsound. A rule that is unsound, or
    needs ballots that are not there, becomes a code.
    """
    if not rules:
        raise ValueError("nothing to compare")
    if not isinstance(snapshot, Mapping):
        raise SnapshotError("not_an_object", "snapshot")
    present, first = next(iter(rules.items()))
    seed = seed_of({**snapshot, "rule": first})
    found = {name: _outcome({**snapshot, "rule": rule}, ballots, seed) for name, rule in rules.items()}
    before = found[present]
    return Comparison(present, tuple(_option(name, made, before) for name, made in found.items()))


def line_of(decisions: Iterable[Decision]) -> Line | None:
    """The last promoted by place among decisions of one pool; None where nobody was, or nothing ranked them."""
    placed = [made for made in decisions if made.promoted and made.place is not None and "have" in made.params]
    last = max(placed, key=lambda made: made.place or 0, default=None)
    return None if last is None else Line(last.idea, last.place or 0, str(last.params["measure"]), last.params["have"])


def _outcome(snapshot: Mapping[str, Json], ballots: Json, seed: bytes) -> Outcome | Malformed:
    try:
        return decide_with(parse_snapshot(snapshot), ballots, seed)
    except RuleError as error:
        return error
    except SnapshotError as error:
        if error.code not in _OF_THE_RULE:
            raise
        return error


def _option(name: str, made: Outcome | Malformed, present: Outcome | Malformed) -> Option:
    if isinstance(made, Malformed):
        return Option(name, None, made.code, made.params | {"path": made.path}, (), (), (), {}, {})
    promoted = _promoted(made)
    before = promoted if isinstance(present, Malformed) else _promoted(present)
    return Option(
        name=name,
        outcome=made,
        code=None,
        params={},
        promoted=promoted,
        enters=tuple(idea for idea in promoted if idea not in set(before)),
        leaves=tuple(idea for idea in before if idea not in set(promoted)),
        spent=_by_currency((row.currency, row.spent) for row in made.challenges),
        left=_by_currency((row.currency, row.left) for row in made.pools if row.left is not None),
    )


def _promoted(outcome: Outcome) -> tuple[str, ...]:
    return tuple(made.idea for made in outcome.decisions if made.promoted)


def _by_currency(rows: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for currency, amount in rows:
        totals[currency or ""] = totals.get(currency or "", 0) + amount
    return totals
