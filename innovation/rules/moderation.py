"""The way of a report: looked at, decided with a reason, and once more by somebody else when the writer objects."""

from __future__ import annotations

from enum import StrEnum

from innovation.rules.machine import Machine


class CaseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    REMOVED = "removed"
    APPEALED = "appealed"
    UPHELD = "upheld"
    RESTORED = "restored"


class ReportReason(StrEnum):
    SPAM = "spam"
    INSULT = "insult"
    CONFIDENTIAL = "confidential"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


OBJECTION_DAYS = 14
"""For so long after a removal its writer may object."""
HIDES_AT_ONCE = frozenset({ReportReason.CONFIDENTIAL})
"""What is reported for such a reason is hidden until somebody has looked: there waiting does the harm."""
LONGEST_WORDS = 1_000
"""Letters of what somebody adds to a report, a decision or an objection."""

S = CaseState

HIDDEN = frozenset({S.REMOVED, S.APPEALED, S.UPHELD})
"""States in which readers do not see what was reported."""

CASE = Machine(
    name="case",
    start=S.OPEN,
    moves={
        "keep": ({S.OPEN}, S.KEPT),
        "remove": ({S.OPEN}, S.REMOVED),
        "appeal": ({S.REMOVED}, S.APPEALED),
        "uphold": ({S.APPEALED}, S.UPHELD),
        "restore": ({S.APPEALED}, S.RESTORED),
    },
)
