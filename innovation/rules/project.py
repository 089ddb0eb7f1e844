"""The way of a project and of its gates."""

from __future__ import annotations

from enum import StrEnum

from innovation.rules.machine import Machine


class ProjectState(StrEnum):
    RUNNING = "running"
    PASSED = "passed"
    STOPPED = "stopped"


class GateState(StrEnum):
    AHEAD = "ahead"
    OPEN = "open"
    PASSED = "passed"
    STOPPED = "stopped"


PROJECT = Machine(
    name="project",
    start=ProjectState.RUNNING,
    moves={
        "pass": ({ProjectState.RUNNING}, ProjectState.PASSED),
        "stop": ({ProjectState.RUNNING}, ProjectState.STOPPED),
    },
)

GATE = Machine(
    name="gate",
    start=GateState.AHEAD,
    moves={
        "open": ({GateState.AHEAD}, GateState.OPEN),
        "pass": ({GateState.OPEN}, GateState.PASSED),
        "stop": ({GateState.OPEN}, GateState.STOPPED),
    },
)

SIX_WEEKS: tuple[tuple[str, int], ...] = (("frame", 7), ("build", 21), ("test", 35), ("decide", 42))
"""The ready-made process: each gate's key and the day, counted from the start, by which it should be passed."""

PROOF_DAYS = 42
"""How long a proof of concept is promised to take, in days."""
