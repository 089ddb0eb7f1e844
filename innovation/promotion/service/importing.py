"""Rounds of imported challenges: decided together, announced at once, by the same runs as any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from innovation.challenges.models import Challenge
from innovation.kernel.db import db
from innovation.promotion.models import Round, RoundChallenge
from innovation.rules.promotion import parse_rule


def take_in_round(
    *,
    programme_id: int,
    source: str,
    foreign_id: str,
    title: str,
    rule: Mapping[str, Any],
    second_rule: Mapping[str, Any] | None,
    members: Sequence[tuple[Challenge, bool]],
    now: datetime,
) -> bool:
    """Keep a round; False when the source brought it before.

    Args:
        members: (challenge, whether the second pass names it).

    Raises:
        RuleError: a rule is not sound.
    """
    known = select(Round.id).where(Round.source == source, Round.foreign_id == foreign_id)
    if db.session.scalar(known) is not None:
        return False
    for each in (rule, second_rule):
        if each is not None:
            parse_rule(each)
    made = Round(
        programme_id=programme_id,
        source=source,
        foreign_id=foreign_id,
        title=title,
        rule=dict(rule),
        second_rule=dict(second_rule) if second_rule is not None else None,
        announce="at_once",
        created_at=now,
    )
    made.members = [RoundChallenge(challenge_id=each.id, in_second_pass=second) for each, second in members]
    db.session.add(made)
    return True
