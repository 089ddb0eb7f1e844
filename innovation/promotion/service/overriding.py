"""Another rule in a challenge that runs: a manager's act, with a reason once judging has begun, and shown to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from innovation.challenges.events import ChallengeEdited
from innovation.challenges.models import Challenge
from innovation.challenges.service.rules import check_fit, has_begun, replace_rule
from innovation.ideas import queries as ideas
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotNow, NotPossible, Refused
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.promotion.models import Round, RoundChallenge
from innovation.promotion.service.previewing import NEW, PRESENT, stage_of, state_of
from innovation.rules.challenge import ChallengeState
from innovation.rules.policy import May
from innovation.rules.promotion import compare, parse_rule


@use_case(May.CHANGE_RULE, on="challenge")
def change_rule(
    *, actor: Actor, challenge: Challenge, rule: Mapping[str, Any], reason: str = "", now: datetime = AT_LOCK
) -> None:
    """Give a published challenge another rule.

    Until judging begins that is an ordinary edit. From then on it is an override: it takes a reason, and what was there
    is kept, with the ideas that come in and go out by it. While votes or scores come in nobody can know which those are.

    Raises:
        Refused: this person is an author of an idea there.
        NotPossible: it is not published, its decision is being taken, or a round decides by a rule of its own.
        NotNow: the votes that have come in are not measured yet.
        Invalid: the rule is not sound or does not fit, nothing changes, or the reason is missing.
    """
    if ideas.authored_in(actor, [challenge.id]):
        raise Refused(May.CHANGE_RULE.value)
    if challenge.state != ChallengeState.PUBLISHED or challenge.frozen_at is not None:
        raise NotPossible("rule_is_fixed", state=challenge.state)
    if decided_by_its_round(challenge.id):
        raise NotPossible("rule_of_a_round")
    check_fit(challenge, rule)
    if parse_rule(dict(rule)) == parse_rule(challenge.rule):
        raise Invalid("rule_is_the_same", field="ready")
    if not has_begun(challenge, now):
        challenge.rule = dict(rule)
        emit(ChallengeEdited(programme_id=challenge.programme_id, challenge_id=challenge.id), actor=actor, now=now)
        return
    if not reason:
        raise Invalid("reason_needed", field="reason")
    entered, left = _who_changes(challenge, rule) if stage_of(challenge, now) == "closed" else ((), ())
    replace_rule(actor=actor, challenge=challenge, rule=rule, entered=entered, left=left, reason=reason, now=now)


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
    found = compare(snapshot, {PRESENT: challenge.rule, NEW: dict(rule)}, cast)[NEW]
    if found.outcome is None:
        raise Invalid("rule_does_not_fit", field="ready")
    return found.enters, found.leaves
