"""The way of a promotion run."""

from __future__ import annotations

from enum import StrEnum

from innovation.rules.machine import Machine


class RunState(StrEnum):
    QUEUED = "queued"
    FROZEN = "frozen"
    DECIDED = "decided"
    ANNOUNCED = "announced"


RUN = Machine(
    name="run",
    start=RunState.QUEUED,
    moves={
        "freeze": ({RunState.QUEUED}, RunState.FROZEN),
        "decide": ({RunState.FROZEN}, RunState.DECIDED),
        "decide_again": ({RunState.DECIDED}, RunState.DECIDED),
        "announce": ({RunState.DECIDED}, RunState.ANNOUNCED),
    },
)
