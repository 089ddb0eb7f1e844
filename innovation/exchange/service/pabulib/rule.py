"""The promotion rule that an operator asks for by name."""

import re
from collections.abc import Mapping
from typing import Any, Final

from innovation.exchange.service.rows import UnknownRule
from innovation.rules.ballot import Ballot
from innovation.rules.promotion import ready_rule

RULES: Final = "greedy-skip, greedy-stop, greedy-threshold:N or equal-shares"
"""What `rule_named` understands, for a person to read."""

_READY: Final[Mapping[str, str]] = {
    "greedy-skip": "pabulib_greedy_skip",
    "greedy-stop": "pabulib_greedy_stop",
    "greedy-threshold": "pabulib_threshold",
    "equal-shares": "equal_shares",
}
_NAME: Final = re.compile(r"(greedy-skip|greedy-stop|equal-shares)|(greedy-threshold):(\d{1,9})")


def rule_named(name: str, ballot: Ballot = Ballot.APPROVAL) -> dict[str, Any]:
    """The ready-made rule of that name, for a ballot: approvals are counted, points and ranks added up.

    Raises:
        UnknownRule: there is no such rule.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise UnknownRule(name)
    by = "for" if ballot == Ballot.APPROVAL else "points"
    changes: dict[str, Any] = {"order": {"by": by, "descending": True}}
    if match[3]:
        changes["eligibility"] = {"measure": by, "at_least": {"value": int(match[3])}}
    return ready_rule(_READY[match[1] or match[2]], **changes)
