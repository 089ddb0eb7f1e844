"""The way of a project and of its gates, and the codes their parts take."""

from __future__ import annotations

from enum import StrEnum

from innovation.rules.machine import Machine


class ProjectState(StrEnum):
    RUNNING = "running"
    PASSED = "passed"
    STOPPED = "stopped"
    ADOPTED = "adopted"
    ITERATED = "iterated"


class GateState(StrEnum):
    AHEAD = "ahead"
    OPEN = "open"
    ASKED = "asked"
    HELD = "held"
    PASSED = "passed"
    STOPPED = "stopped"


class Verdict(StrEnum):
    """What a gate decision says."""

    PASS = "pass"
    AGAIN = "again"
    HOLD = "hold"
    STOP = "stop"
    REOPEN = "reopen"
    LATER = "later"
    """It is not decided: it has a later day."""


class Finding(StrEnum):
    """What a test said about a hypothesis."""

    OPEN = "open"
    HOLDS = "holds"
    FAILS = "fails"
    UNCLEAR = "unclear"


class EntryKind(StrEnum):
    """What an entry of money is."""

    PLAN = "plan"
    COMMIT = "commit"
    SPEND = "spend"


class ValueKind(StrEnum):
    """How sure a value is: thought, shown by the proof, or counted after adoption."""

    EXPECTED = "expected"
    VALIDATED = "validated"
    ACTUAL = "actual"


PROJECT = Machine(
    name="project",
    start=ProjectState.RUNNING,
    moves={
        "pass": ({ProjectState.RUNNING}, ProjectState.PASSED),
        "stop": ({ProjectState.RUNNING}, ProjectState.STOPPED),
        "adopt": ({ProjectState.PASSED}, ProjectState.ADOPTED),
        "iterate": ({ProjectState.PASSED}, ProjectState.ITERATED),
        "shelve": ({ProjectState.PASSED}, ProjectState.STOPPED),
        "unsettle": ({ProjectState.ADOPTED, ProjectState.ITERATED}, ProjectState.PASSED),
        "reopen": ({ProjectState.PASSED, ProjectState.STOPPED}, ProjectState.RUNNING),
    },
)

GATE = Machine(
    name="gate",
    start=GateState.AHEAD,
    moves={
        "open": ({GateState.AHEAD}, GateState.OPEN),
        "ask": ({GateState.OPEN}, GateState.ASKED),
        "unask": ({GateState.ASKED}, GateState.OPEN),
        "pass": ({GateState.OPEN, GateState.ASKED}, GateState.PASSED),
        "again": ({GateState.ASKED, GateState.HELD}, GateState.OPEN),
        "hold": ({GateState.OPEN, GateState.ASKED}, GateState.HELD),
        "stop": ({GateState.OPEN, GateState.ASKED, GateState.HELD}, GateState.STOPPED),
        "reopen": ({GateState.PASSED, GateState.STOPPED}, GateState.OPEN),
        "close": ({GateState.OPEN}, GateState.AHEAD),
    },
)

AT_THE_GATE = (GateState.OPEN, GateState.ASKED, GateState.HELD)
"""A project stands at the gate that is in one of these; there is at most one."""

SIX_WEEKS: tuple[tuple[str, int], ...] = (("frame", 7), ("build", 21), ("test", 35), ("decide", 42))
"""The ready-made process: each gate's key and the day, counted from the start, by which it should be passed."""

PROOF_DAYS = 42
"""How long a proof of concept is promised to take, in days."""
