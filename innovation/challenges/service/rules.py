"""The rule of a challenge: an ordinary edit until judging begins, from then on a change that everybody can see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from innovation.challenges import queries
from innovation.challenges.events import ChallengeEdited, RuleChanged
from innovation.challenges.models import Challenge, RuleChange
from innovation.challenges.service.fitting import asks_outside, fits
from innovation.challenges.service.writing import check_rule
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.challenge import BY_VOTES, EDITABLE, ChallengeState, WhoDecides
from innovation.rules.policy import May


def judging_begins(challenge: Challenge) -> datetime | None:
    """From when on the rule is fixed: the first vote, the first score, or the first choice can be given."""
    if challenge.who_decides in BY_VOTES:
        return challenge.vote_opens_at
    if challenge.who_decides == WhoDecides.PANEL:
        return challenge.schedule().votes_are_in()
    return challenge.opens_at


def has_begun(challenge: Challenge, now: datetime) -> bool:
    """Whether judging has begun in a published challenge."""
    begins = judging_begins(challenge)
    return challenge.state == ChallengeState.PUBLISHED and begins is not None and begins <= now


@use_case(May.EDIT_CHALLENGE, on="challenge")
def edit_rule(
    *, actor: Actor, challenge: Challenge, rule: Mapping[str, Any], shortlist: bool = False, now: datetime = AT_LOCK
) -> None:
    """Give a challenge that is not published another rule.

    Args:
        shortlist: it is the rule that makes the short list.

    Raises:
        NotPossible: it is published.
        Invalid: the rule is not sound, asks for figures that will not be there, or spends a budget that is not.
    """
    if challenge.state not in EDITABLE:
        raise NotPossible("brief_is_published")
    check_fit(challenge, rule, shortlist=shortlist)
    if shortlist:
        challenge.shortlist_rule = dict(rule)
    else:
        challenge.rule = dict(rule)
    emit(ChallengeEdited(programme_id=challenge.programme_id, challenge_id=challenge.id), actor=actor, now=now)


def check_fit(challenge: Challenge, rule: Mapping[str, Any], *, shortlist: bool = False) -> None:
    """Raise :class:`Invalid` unless a rule can decide this challenge. A shortlist is drawn up from votes alone."""
    check_rule(rule, challenge.budget_minor)
    who = WhoDecides.VOTES if shortlist else challenge.who_decides
    outside = queries.takes_outsiders(challenge.id)
    if not outside and fits(rule, who, challenge.ballot) and asks_outside(rule):
        raise Invalid("rule_needs_outsiders", field="ready")
    if not fits(rule, who, challenge.ballot, outside=outside) or (shortlist and rule.get("close")):
        raise Invalid("rule_does_not_fit", field="ready")


def replace_rule(
    *,
    actor: Actor,
    challenge: Challenge,
    rule: Mapping[str, Any],
    entered: Sequence[str],
    left: Sequence[str],
    reason: str,
    now: datetime,
) -> RuleChange:
    """Put another rule into a running challenge and keep what was there, inside the override's use case.

    Args:
        entered, left: public ids of the ideas that are chosen, and no longer chosen, because of it.
    """
    challenge.rule_no += 1
    change = RuleChange(
        challenge_id=challenge.id,
        number=challenge.rule_no,
        before=challenge.rule,
        after=dict(rule),
        entered=list(entered),
        left=list(left),
        reason=reason,
        changed_by=actor.person_id,
        changed_at=now,
    )
    db.session.add(change)
    challenge.rule = dict(rule)
    fact = RuleChanged(
        programme_id=challenge.programme_id,
        challenge_id=challenge.id,
        number=challenge.rule_no,
        entered=len(entered),
        left=len(left),
    )
    emit(fact, actor=actor, now=now)
    return change
