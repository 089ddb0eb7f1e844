"""A process as data: the gates of a project in order, each with its checklist, its keeper and its time.

Ready-made ones carry keys, and their words are said in the reader's language; a programme's own carries its own words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from innovation.rules.gatekeeping import MOST_ANSWER_DAYS

Keeper = Literal["sponsor", "manager"]
KEEPERS: tuple[Keeper, ...] = ("sponsor", "manager")

DEFAULT = "six_weeks"
MOST_GATES = 8
MOST_DAYS = 1830
MOST_CHECKS = 12
MOST_EVIDENCE = 20


class BadProcess(ValueError):
    """A process that cannot be run; ``code`` says why and ``at`` at which gate, counted from 0 (None: as a whole)."""

    def __init__(self, code: str, at: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One gate of a process.

    Attributes:
        key: its name in figures and, with ``title`` empty, of its words.
        day: by which day, counted from the project's start, it should be passed.
        checks: (key, text) per line of the checklist; the text of a ready-made one is empty.
        evidence: how many pieces of evidence a decision to pass has to cite.
        answer_days: within how many days of being asked its keeper promises to decide.
    """

    key: str
    day: int
    keeper: Keeper = "sponsor"
    title: str = ""
    purpose: str = ""
    checks: tuple[tuple[str, str], ...] = ()
    evidence: int = 0
    answer_days: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A version of a process: what a new project's gates are copied from."""

    key: str
    version: int
    steps: tuple[Step, ...]
    title: str = ""

    @property
    def days(self) -> int:
        """How long it is promised to take."""
        return self.steps[-1].day


def _step(key: str, day: int, *checks: str, evidence: int = 0, keeper: Keeper = "sponsor", answer_days: int = 5) -> Step:
    lines = tuple((f"{key}_{check}", "") for check in checks)
    return Step(key=key, day=day, keeper=keeper, checks=lines, evidence=evidence, answer_days=answer_days)


READY_MADE: Mapping[str, Plan] = {
    plan.key: plan
    for plan in (
        Plan(
            key="six_weeks",
            version=1,
            steps=(
                _step("frame", 7, "goal", "measure", "team"),
                _step("build", 21, "stands", "safe"),
                _step("test", 35, "measured", "written"),
                _step("decide", 42, "answer", "value", "next"),
            ),
        ),
        Plan(
            key="stage_gate",
            version=1,
            steps=(
                _step("scope", 30, "market", "rights", keeper="sponsor", answer_days=10),
                _step("case", 75, "cost", "value", "plan", evidence=1, answer_days=10),
                _step("develop", 255, "works", "safe", evidence=2, answer_days=10),
                _step("pilot", 375, "scaled", "users", evidence=2, answer_days=10),
                _step("launch", 420, "owner", "budget", evidence=1, keeper="manager", answer_days=10),
            ),
        ),
        Plan(
            key="lean",
            version=1,
            steps=(
                _step("problem", 10, "people", "riskiest", evidence=1),
                _step("solution", 28, "smallest", "measure", evidence=1),
                _step("proof", 56, "run", "learned", evidence=1),
            ),
        ),
    )
}
"""The processes to start from: a six-week proof of concept, stage-gate for R&D, and the lean experiment."""


def checked(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps, if they make a process.

    Raises:
        BadProcess: there is none, or too many; two share a key; the days do not rise; one has no name; a keeper, a
            checklist, the evidence asked or the days to answer are out of bounds.
    """
    if not steps:
        raise BadProcess("no_gates")
    if len(steps) > MOST_GATES:
        raise BadProcess("too_many_gates")
    before = 0
    for at, step in enumerate(steps):
        if not step.title and step.key not in KNOWN:
            raise BadProcess("gate_without_name", at)
        if step.day <= before:
            raise BadProcess("days_do_not_rise", at)
        if step.day > MOST_DAYS:
            raise BadProcess("too_long", at)
        if any(step.key == other.key for other in steps[:at]):
            raise BadProcess("same_gate_twice", at)
        if step.keeper not in KEEPERS:
            raise BadProcess("no_such_keeper", at)
        if len(step.checks) > MOST_CHECKS:
            raise BadProcess("too_many_checks", at)
        if any(not text and key not in KNOWN_CHECKS for key, text in step.checks):
            raise BadProcess("check_without_words", at)
        if not 0 <= step.evidence <= MOST_EVIDENCE:
            raise BadProcess("evidence_out_of_range", at)
        if not 1 <= step.answer_days <= MOST_ANSWER_DAYS:
            raise BadProcess("answer_days_out_of_range", at)
        before = step.day
    return tuple(steps)


KNOWN = frozenset(step.key for plan in READY_MADE.values() for step in plan.steps)
"""Gates whose words this code knows."""

KNOWN_CHECKS = frozenset(key for plan in READY_MADE.values() for step in plan.steps for key, _text in step.checks)
"""Lines of checklists whose words this code knows."""


def as_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as they are stored."""
    return [asdict(step) | {"checks": [list(line) for line in step.checks]} for step in steps]


def from_json(rows: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Steps as they were stored."""
    return tuple(Step(**{**row, "checks": tuple((key, text) for key, text in row["checks"])}) for row in rows)
