"""Another rule in a challenge that runs: a manager's act, with a reason once judging has begun, and shown to everybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select

import innovation
from innovation.challenges.events import ChallengeEdited
from innovation.challenges.models import Challenge
from innovation.challenges.service.rules import check_fit, has_begun, replace_rule
from innovation.ideas import queries as ideas
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotNow, NotPossible, Refused
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, require, use_case
from innovation.promotion import queries
from innovation.promotion.events import RunDecidedAgain
from innovation.promotion.models import Judgement, Round, RoundChallenge, Run
from innovation.promotion.service import running
from innovation.promotion.service import snapshot as snapshots
from innovation.promotion.service.ballots import unpacked
from innovation.promotion.service.previewing import NEW, PRESENT, stage_of, state_of
from innovation.promotion.service.sides import asks_more_of_sides, has_small_side
from innovation.rules.challenge import ChallengeState
from innovation.rules.policy import May
from innovation.rules.promotion import Malformed, Outcome, canonical, compare, decide, digest, parse_rule
from innovation.rules.run import RUN, RunState


@use_case(May.CHANGE_RULE, on="challenge")
def change_rule(
    *,
    actor: Actor,
    challenge: Challenge,
    rule: Mapping[str, Any],
    reason: str = "",
    seen: int | None = None,
    now: datetime = AT_LOCK,
) -> None:
    """Give a published challenge another rule, before its decision is taken.

    Until judging begins that is an ordinary edit. From then on it is an override: it takes a reason, and what was there
    is kept, with the ideas that come in and go out by it. While votes or scores come in nobody can know which those are.

    Args:
        seen: which rule this person looked at, counted from 1; None where nobody looks.

    Raises:
        Refused: this person is an author of an idea there.
        NotPossible: it is not published, its decision is being taken, or a round decides by a rule of its own.
        NotNow: the votes that have come in are not measured yet.
        Invalid: the rule is not sound or does not fit, nothing changes, it was changed meanwhile, or the reason is missing.
    """
    if ideas.authored_in(actor, [challenge.id]):
        raise Refused(May.CHANGE_RULE.value)
    if challenge.state != ChallengeState.PUBLISHED or challenge.frozen_at is not None:
        raise NotPossible("rule_is_fixed", state=challenge.state)
    if decided_by_its_round(challenge.id):
        raise NotPossible("rule_of_a_round")
    _check(challenge, rule, seen)
    if not has_begun(challenge, now):
        challenge.rule = dict(rule)
        emit(ChallengeEdited(programme_id=challenge.programme_id, challenge_id=challenge.id), actor=actor, now=now)
        return
    _check_reason(reason)
    entered, left = _who_changes(challenge, rule) if stage_of(challenge, now) == "closed" else ((), ())
    replace_rule(actor=actor, challenge=challenge, rule=rule, entered=entered, left=left, reason=reason, now=now)


def decide_again(*, actor: Actor, run: Run, rule: Mapping[str, Any], reason: str, seen: int | None = None) -> None:
    """Decide a run that nobody has announced yet again, by another rule, from the same frozen snapshot.

    What the earlier rule decided stays on record: its rule and fingerprints inside the new snapshot, from which it can be
    replayed to the byte, and the ideas that came in and went out beside the reason. Calls made by hand lapse, and sentences
    about ideas that changed sides: they were said of another decision.

    Args:
        seen: which rule this person looked at, counted from 1; None where nobody looks.

    Raises:
        Refused: this person manages nothing here, or is an author of an idea there.
        NotPossible: it is not decided, announced already, or decides more than one challenge by its own rule.
        Invalid: the rule is not sound or does not fit, nothing changes, it was changed meanwhile, or the reason is missing.
    """
    require(actor, May.CHANGE_RULE, run)
    _still_open(run)
    challenge = run.challenges[0].challenge
    _check(challenge, rule, seen)
    _check_reason(reason)
    if tells_of_few(json.loads(run.snapshot or ""), challenge.rule, rule):
        raise Invalid("rule_tells_of_few", field="ready")
    snapshot, cast = snapshots.under(run, rule, challenge.rule_no + 1), unpacked(run.ballots)
    run_id = run.id
    db.session.rollback()
    try:
        outcome = decide(snapshot, cast)  # no transaction is open while this computes
    except Malformed as error:
        raise Invalid("rule_does_not_fit", field="ready") from error
    override(actor=actor, run=queries.run(run_id), snapshot=snapshot, outcome=outcome, reason=reason)


@use_case(May.CHANGE_RULE, on="run")
def override(
    *, actor: Actor, run: Run, snapshot: Mapping[str, Any], outcome: Outcome, reason: str, now: datetime = AT_LOCK
) -> None:
    """Put another decision in the place of one that nobody has announced, and keep what it replaces.

    Raises:
        NotPossible: it was announced meanwhile.
        Invalid: another manager was faster.
    """
    run = running.locked(run.id)
    running.lock_members(run, now)
    _still_open(run)
    challenge, last = run.challenges[0].challenge, snapshot["earlier"][-1]
    if last["snapshot_hash"] != run.snapshot_hash or last["number"] != challenge.rule_no + 1:
        raise Invalid("rule_changed_meanwhile", field="ready")
    made = queries.of_run(run.id)
    db.session.execute(delete(Judgement).where(Judgement.run_id == run.id))
    was = {each.idea.public_id for each in made if each.promoted}
    chosen = {each.idea for each in outcome.decisions if each.promoted}
    entered = [each.idea for each in outcome.decisions if each.idea in chosen - was]
    left = [each.idea.public_id for each in made if each.idea.public_id in was - chosen]
    change = replace_rule(
        actor=actor, challenge=challenge, rule=snapshot["rule"], entered=entered, left=left, reason=reason, now=now
    )
    run.snapshot, run.snapshot_hash = canonical(snapshot).decode(), digest(snapshot)
    run.code_version = innovation.__version__
    rows = running.decided_rows(run, outcome)
    for each in made:
        row = rows[each.idea.public_id]
        if each.promoted != row["promoted"]:
            each.words, each.words_by, each.words_as = "", None, ""
        for name, value in row.items():
            setattr(each, name, value)
    running.keep_outcome(run, outcome, now)
    fact = RunDecidedAgain(
        run_id=run.id,
        number=change.number,
        snapshot_hash=run.snapshot_hash,
        outcome_hash=str(run.outcome_hash),
        **running.scope(run),
    )
    lifecycle.move(run, RUN, "decide_again", fact, actor=actor, now=now)


def to_decide_again(challenge: Challenge) -> Run | None:
    """The run of a challenge that another rule can still decide again; None where there is none."""
    runs = queries.of_challenge(challenge.id)
    return next((run for run in runs if can_be_decided_again(run)), None)


def can_be_decided_again(run: Run) -> bool:
    """Whether a run is decided and not announced, and decides one challenge, once, by that challenge's own rule."""
    return run.state == RunState.DECIDED and _is_its_own(run)


def tells_of_few(snapshot: Mapping[str, Any], present: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """Whether a rule asks anew how one side voted where fewer than five of a side saw an idea: who comes in or goes out by
    it would tell how those people voted."""
    return asks_more_of_sides(present, rule) and any(has_small_side(idea["measures"]) for idea in snapshot["ideas"])


def _still_open(run: Run) -> None:
    if run.state != RunState.DECIDED:
        raise NotPossible("rule_is_fixed", state=run.state)
    if not _is_its_own(run):
        raise NotPossible("rule_of_a_round")


def _is_its_own(run: Run) -> bool:
    """Whether a run decides one challenge, once, by that challenge's own rule."""
    alone = len(run.challenges) == 1 and run.pass_no == 1 and run.round.purpose == "promotion"
    return alone and run.round.rule is None and run.round.second_rule is None


def _check(challenge: Challenge, rule: Mapping[str, Any], seen: int | None) -> None:
    check_fit(challenge, rule)
    if seen is not None and seen != challenge.rule_no:
        raise Invalid("rule_changed_meanwhile", field="ready")
    if parse_rule(dict(rule)) == parse_rule(challenge.rule):
        raise Invalid("rule_is_the_same", field="ready")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_needed", field="reason")


def decided_by_its_round(challenge_id: int) -> bool:
    """Whether a challenge is decided together with others, by a rule that is not its own."""
    own_rule = exists().where(
        RoundChallenge.challenge_id == challenge_id, RoundChallenge.round_id == Round.id, Round.rule.is_not(None)
    )
    return bool(db.session.scalar(select(own_rule)))


def second_pass_of(challenge_id: int) -> bool:
    """Whether what a challenge leaves over is decided in a second pass."""
    later = exists().where(
        RoundChallenge.challenge_id == challenge_id, RoundChallenge.round_id == Round.id, Round.second_rule.is_not(None)
    )
    return bool(db.session.scalar(select(later)))


def _who_changes(challenge: Challenge, rule: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ideas that are chosen, and no longer chosen, because of another rule."""
    taken = state_of(challenge, rule if rule.get("order") != challenge.rule.get("order") else challenge.rule)
    if taken is None:
        raise NotNow("votes_not_measured")
    snapshot, cast = taken
    if tells_of_few(snapshot, challenge.rule, rule):
        raise Invalid("rule_tells_of_few", field="ready")
    found = compare(snapshot, {PRESENT: challenge.rule, NEW: dict(rule)}, cast)[NEW]
    if found.outcome is None:
        raise Invalid("rule_does_not_fit", field="ready")
    return found.enters, found.leaves
