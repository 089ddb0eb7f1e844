"""What a named person decides: ideas too close to call, and the sentence that an author reads above the figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.promotion import queries
from innovation.promotion.events import CallMade, ReasonGiven
from innovation.promotion.models import Decision, Judgement, Run
from innovation.promotion.service.ballots import unpacked
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.rules.promotion import Because, Outcome, RuleError, apply_judgements, decide
from innovation.rules.run import RunState


@use_case(May.ANNOUNCE, on="run")
def judge(*, actor: Actor, run: Run, decision: Decision, promoted: bool, reason: str, now: datetime = AT_LOCK) -> None:
    """Decide about an idea that was too close to call, with the reason its authors will read; changeable until announced.

    Raises:
        NotPossible: the result is announced, or the figures did decide about this idea.
        Invalid: the reason is missing.
    """
    db.session.refresh(decision, ["close"])  # another rule may have decided it again since it was read
    if run.state != RunState.DECIDED or decision.run_id != run.id or not decision.close:
        raise NotPossible("not_to_be_judged")
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    values = {"promoted": promoted, "reason": reason.strip(), "judged_by": actor.person_id, "judged_at": now}
    row = upsert(Judgement).values(run_id=run.id, idea_id=decision.idea_id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["run_id", "idea_id"], set_=values))
    scope = {"challenge_id": decision.idea.challenge_id, "idea_id": decision.idea_id}
    emit(CallMade(run_id=run.id, promoted=promoted, programme_id=run.programme_id, **scope), actor=actor, now=now)


@use_case(May.ANNOUNCE, on="run")
def judge_all(*, actor: Actor, run: Run, calls: Sequence[tuple[Decision, bool, str]], seen: str | None = None) -> None:
    """Decide about several ideas at once, each with its reason: all of it, or nothing.

    Args:
        calls: (the decision that was too close, whether the idea is chosen, the reason).
        seen: the fingerprint of the decisions that this person looked at; None where nobody looks.

    Raises:
        NotPossible: as in :func:`judge`; it was decided again since; or more are chosen than the rule has room for
            (``judged_too_many``) or money for (``judged_too_dear``), whatever becomes of those that still wait.
    """
    _check_seen(run, seen)
    for decision, promoted, reason in calls:
        judge(actor=actor, run=run, decision=decision, promoted=promoted, reason=reason)
    waiting = {made.idea.public_id: False for made, judgement in queries.close_calls(run.id) if judgement is None}
    _judged(run, waiting | queries.judgements(run.id))


def open_calls(run: Run) -> int:
    """How many ideas of a run were too close to call and wait for a person. A shortlist waits for nobody."""
    if run.round.purpose == "shortlist":
        return 0
    judged = select(Judgement.idea_id).where(Judgement.run_id == run.id)
    waiting = select(func.count()).select_from(Decision).where(Decision.run_id == run.id, Decision.close)
    return db.session.scalar(waiting.where(Decision.idea_id.not_in(judged))) or 0


def settle(run: Run) -> None:
    """Put what persons decided into the decisions of a run, before it is announced.

    Raises:
        NotPossible: ideas wait for a person (``missing`` says how many), or more were chosen than the rule has room for.
    """
    missing = open_calls(run)
    if missing:
        raise NotPossible("close_calls_open", missing=missing)
    judged = queries.judgements(run.id)
    if not judged:
        return
    outcome = _judged(run, judged)
    made = {each.idea: each for each in outcome.decisions}
    said = {each.idea_id: each for each in db.session.scalars(select(Judgement).where(Judgement.run_id == run.id))}
    for decision in queries.of_run(run.id):
        if decision.idea_id in said:
            after, judgement = made[decision.idea.public_id], said[decision.idea_id]
            decision.promoted, decision.because = after.promoted, str(after.because)
            decision.params = {**decision.params, **after.params}
            decision.words, decision.words_by, decision.words_as = judgement.reason, judgement.judged_by, "judge"
    for spent in run.challenges:
        row = next((each for each in outcome.challenges if each.name == spent.challenge.public_id), None)
        if row is not None:
            spent.spent_minor, spent.left_minor, spent.promoted = row.spent, row.left, row.promoted


def _check_seen(run: Run, seen: str | None) -> None:
    """What is said of a decision is not said of the one that took its place."""
    db.session.refresh(run, ["outcome_hash"])
    if seen is not None and seen != run.outcome_hash:
        raise NotPossible("decided_again")


def _judged(run: Run, judged: Mapping[str, bool]) -> Outcome:
    """The outcome of a run with what persons decided.

    Raises:
        NotPossible: more were chosen than the rule has room or money for.
    """
    try:
        return apply_judgements(decide(json.loads(run.snapshot or ""), unpacked(run.ballots)), judged)
    except RuleError as error:
        raise NotPossible(f"judged_{error.code}", **error.params) from error


@use_case(May.ANNOUNCE, on="run")
def say(*, actor: Actor, run: Run, decision: Decision, words: str, seen: str | None = None, now: datetime = AT_LOCK) -> None:
    """Write the sentence that an idea's authors read above the figures: changeable until the announcement; after it, one
    that is still missing.

    Args:
        seen: the fingerprint of the decisions that this person looked at; None where nobody looks.

    Raises:
        NotPossible: the run has not decided yet, or decided again since; the words are a judge's or the sponsor's own
            choice, or were read already.
        Invalid: nothing is written.
    """
    if decision.run_id != run.id or run.state not in {RunState.DECIDED, RunState.ANNOUNCED}:
        raise NotPossible("not_decided_yet")
    _check_seen(run, seen)
    db.session.refresh(decision, ["words", "words_as", "because"])
    if run.state == RunState.ANNOUNCED and decision.words:
        raise NotPossible("words_are_read")
    if decision.words_as == "judge":
        raise NotPossible("words_are_the_judges")
    if decision.because in {Because.PICKED, Because.NOT_PICKED}:
        raise NotPossible("words_are_the_judges")
    if not words.strip():
        raise Invalid("reason_missing", field="words")
    manager = actor.holds(Role.MANAGER) or actor.holds(Role.MANAGER, "programme", run.programme_id)
    sponsor = actor.holds(Role.SPONSOR, "challenge", decision.idea.challenge_id)
    decision.words, decision.words_by = words.strip(), actor.person_id
    decision.words_as = "sponsor" if sponsor else "manager" if manager else ""
    scope = {"challenge_id": decision.idea.challenge_id, "idea_id": decision.idea_id}
    emit(ReasonGiven(run_id=run.id, programme_id=run.programme_id, **scope), actor=actor, now=now)
