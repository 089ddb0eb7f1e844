"""Rules ready to use, by name."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from innovation.rules.promotion.reading import VERSION, Json
from innovation.rules.promotion.rule import parse_rule

_TIES: Final = ["score", "views", "earlier", "hash"]
_MORE_YES_THAN_NO: Final = {"measure": "for", "at_least": {"times": "1.15", "of": "against"}}

READY_RULES: Final[Mapping[str, Mapping[str, Any]]] = {
    "top_k_approvals": {
        "version": VERSION,
        "eligibility": None,
        "order": {"by": "for", "descending": True},
        "capacity": {"kind": "top", "k": 3},
        "tie_break": _TIES,
        "scope": {"pool": "per_challenge"},
    },
    "catalyst_funds_3_5": {
        "version": VERSION,
        "eligibility": _MORE_YES_THAN_NO,
        "order": {"by": "net", "descending": True},
        "capacity": {"kind": "budget", "overrun": "skip"},
        "tie_break": _TIES,
        "scope": {"pool": "per_challenge"},
    },
    "catalyst_funds_6_9": {
        "version": VERSION,
        "eligibility": {
            "all": [
                _MORE_YES_THAN_NO,
                {"measure": "total", "at_least": {"share": "0.01", "of": "electorate"}},
            ]
        },
        "order": {"by": "net", "descending": True},
        "capacity": {"kind": "budget", "overrun": "skip"},
        "tie_break": _TIES,
        "scope": {"pool": "per_challenge"},
    },
    "sponsor_picks": {
        "version": VERSION,
        "eligibility": None,
        "order": None,
        "capacity": {"kind": "picked"},
        "tie_break": _TIES,
        "scope": {"pool": "per_challenge"},
    },
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
