"""Rules ready to use, by name."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from innovation.rules.promotion.reading import VERSION, Json
from innovation.rules.promotion.rule import parse_rule

_TIES: Final = ["views", "earlier", "hash"]
_OF_A_PANEL: Final = ["score", *_TIES]
_APART: Final = {"pool": "per_challenge"}
_MORE_YES_THAN_NO: Final = {"measure": "for", "at_least": {"times": "1.15", "of": "against"}}


def _rule(order: Any, capacity: Mapping[str, Any], eligibility: Any = None, ties: list[str] = _TIES) -> dict[str, Any]:
    return {
        "version": VERSION,
        "eligibility": eligibility,
        "order": {"by": order, "descending": True} if isinstance(order, str) else order,
        "capacity": capacity,
        "tie_break": ties,
        "scope": _APART,
    }


_TOP_3: Final = {"kind": "top", "k": 3}
_SKIP: Final = {"kind": "budget", "overrun": "skip"}
_STOP: Final = {"kind": "budget", "overrun": "stop"}
_HALF_AND_HALF: Final = [{"measure": "support", "weight": 1}, {"measure": "panel_mean", "weight": 1}]

READY_RULES: Final[Mapping[str, Mapping[str, Any]]] = {
    "top_k_approvals": _rule("for", _TOP_3),
    "catalyst_funds_3_5": _rule("net", _SKIP, _MORE_YES_THAN_NO),
    "catalyst_funds_6_9": _rule(
        "net",
        _SKIP,
        {"all": [_MORE_YES_THAN_NO, {"measure": "total", "at_least": {"share": "0.01", "of": "electorate"}}]},
    ),
    "sponsor_picks": _rule(None, {"kind": "picked"}),
    "support_top": _rule("support", _TOP_3),
    "stars_top": _rule("stars", _TOP_3),
    "points_top": _rule("points", _TOP_3),
    "pairs_top": _rule("pairs", _TOP_3),
    "points_skip": _rule("points", _SKIP),
    "most_liked_outside": _rule("support_external", _TOP_3, {"measure": "for_external", "at_least": {"value": 5}}),
    "panel_best": _rule("panel_mean", _TOP_3, {"measure": "reviews", "at_least": {"value": 1}}, ties=_OF_A_PANEL),
    "mix_crowd_and_panel": _rule({"mix": _HALF_AND_HALF, "descending": True}, _TOP_3, ties=_OF_A_PANEL),
    "budget_skip": _rule("support", _SKIP),
    "budget_stop": _rule("support", _STOP),
    "equal_shares": _rule("for", {"kind": "equal_shares", "completion": "add_one", "utility": "cost"}),
    "pabulib_greedy_skip": _rule("for", _SKIP),
    "pabulib_greedy_stop": _rule("for", _STOP),
    "pabulib_threshold": _rule("for", _SKIP, {"measure": "for", "at_least": {"value": 50}}),
}
"""Ready-made rules by name. Do not change them in place: take a copy with `ready_rule`."""


def ready_rule(name: str, **changes: Any) -> dict[str, Any]:
    """A copy of a ready-made rule with top-level parts replaced, as in ``ready_rule(name, capacity=...)``.

    Raises KeyError for an unknown name and `RuleError` when the changed rule is not sound.
    """
    rule: dict[str, Any] = deepcopy(dict(READY_RULES[name])) | changes
    parse_rule(rule)
    return rule


def second_pass(rule: Json) -> dict[str, Any]:
    """The rule of a pass over left-overs: the same one, over one pool. Its challenges are the snapshot's
    ``carried``. Raises `RuleError` as `parse_rule` does."""
    parse_rule(rule)
    assert isinstance(rule, Mapping)
    return deepcopy(dict(rule)) | {"scope": {"pool": "pooled"}}
