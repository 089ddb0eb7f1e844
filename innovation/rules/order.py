"""The way of long work that a person asked for: an import or an export that shows its progress and can be cancelled."""

from __future__ import annotations

from enum import StrEnum

from innovation.rules.machine import Machine


class OrderState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


S = OrderState

UNDER_WAY = frozenset({S.QUEUED, S.RUNNING})

ORDER = Machine(
    name="order",
    start=S.QUEUED,
    moves={
        "begin": ({S.QUEUED}, S.RUNNING),
        "finish": ({S.RUNNING}, S.DONE),
        "fail": ({S.QUEUED, S.RUNNING}, S.FAILED),
        "cancel": ({S.QUEUED, S.RUNNING}, S.CANCELLED),
        "again": ({S.FAILED, S.CANCELLED}, S.QUEUED),
    },
)
