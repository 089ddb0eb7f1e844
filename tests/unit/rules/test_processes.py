"""Processes as data: what can be run, and what is stored is what was said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from innovation.rules.processes import (
    DEFAULT,
    KNOWN_CHECKS,
    MOST_CHECKS,
    MOST_EVIDENCE,
    MOST_GATES,
    READY_MADE,
    BadProcess,
    Plan,
    Step,
    as_json,
    checked,
    from_json,
)
from innovation.rules.project import PROOF_DAYS, SIX_WEEKS

OWN = Step(key="own", title="Own", day=10, checks=(("", "One thing"),))


@pytest.mark.parametrize("plan", READY_MADE.values(), ids=READY_MADE.keys())
def test_what_is_ready_made_can_be_run(plan: Plan) -> None:
    assert checked(plan.steps) == plan.steps
    assert plan.days == max(step.day for step in plan.steps)
    assert all(key.startswith(f"{step.key}_") and text == "" for step in plan.steps for key, text in step.checks)


def test_the_default_is_the_proof_of_six_weeks() -> None:
    plan = READY_MADE[DEFAULT]
    assert tuple((step.key, step.day) for step in plan.steps) == SIX_WEEKS
    assert plan.days == PROOF_DAYS


def test_no_two_ready_made_gates_and_lines_share_a_key() -> None:
    keys = [step.key for plan in READY_MADE.values() for step in plan.steps]
    lines = [key for plan in READY_MADE.values() for step in plan.steps for key, _text in step.checks]
    assert (len(keys), len(lines)) == (len(set(keys)), len(set(lines)))
    assert frozenset(lines) == KNOWN_CHECKS


def test_steps_come_back_as_they_were_stored() -> None:
    for steps in ((OWN,), *(plan.steps for plan in READY_MADE.values())):
        assert from_json(as_json(steps)) == steps


@pytest.mark.parametrize(
    ("steps", "code", "at"),
    [
        ((), "no_gates", None),
        (tuple(replace(OWN, key=f"k{n}", day=n) for n in range(1, MOST_GATES + 2)), "too_many_gates", None),
        ((OWN, replace(OWN, key="b", title="", day=11)), "gate_without_name", 1),
        ((OWN, replace(OWN, key="b", day=10)), "days_do_not_rise", 1),
        ((replace(OWN, day=0),), "days_do_not_rise", 0),
        ((replace(OWN, day=1831),), "too_long", 0),
        ((OWN, replace(OWN, day=11)), "same_gate_twice", 1),
        ((replace(OWN, keeper="anybody"),), "no_such_keeper", 0),  # type: ignore[arg-type]
        ((replace(OWN, checks=(("", "x"),) * (MOST_CHECKS + 1)),), "too_many_checks", 0),
        ((replace(OWN, checks=(("", ""),)),), "check_without_words", 0),
        ((replace(OWN, checks=(("nonsense", ""),)),), "check_without_words", 0),
        ((replace(OWN, evidence=-1),), "evidence_out_of_range", 0),
        ((replace(OWN, evidence=MOST_EVIDENCE + 1),), "evidence_out_of_range", 0),
        ((replace(OWN, answer_days=0),), "answer_days_out_of_range", 0),
        ((replace(OWN, answer_days=61),), "answer_days_out_of_range", 0),
    ],
)
def test_what_cannot_be_run_says_why_and_where(steps: tuple[Step, ...], code: str, at: int | None) -> None:
    with pytest.raises(BadProcess) as caught:
        checked(steps)
    assert (caught.value.code, caught.value.at) == (code, at)


def test_a_renamed_ready_made_gate_keeps_its_key() -> None:
    first, *others = READY_MADE[DEFAULT].steps
    assert checked((replace(first, title="Kick-off"), *others))[0].key == "frame"
