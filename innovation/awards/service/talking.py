"""The talk between who wins an award and who offers it. What was said stays."""

from __future__ import annotations

from datetime import datetime

from innovation.awards.events import AwardRemarked
from innovation.awards.models import Award, Remark
from innovation.awards.service.offering import scope
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May


@use_case(May.TALK_OF_AWARD, on="award")
def remark(*, actor: Actor, award: Award, text: str, now: datetime = AT_LOCK) -> None:
    """Ask or answer; after the payment too, since questions may come up then.

    Raises:
        Invalid: nothing is said.
    """
    if not text.strip():
        raise Invalid("text_missing", field="text")
    add_remark(award, text, actor=actor, now=now)


def add_remark(award: Award, text: str, *, actor: Actor, now: datetime) -> None:
    """Add to the talk, inside a verb."""
    db.session.add(Remark(award_id=award.id, text=text, written_by=actor.person_id, written_at=now))
    emit(AwardRemarked(award_id=award.id, **scope(award)), actor=actor, now=now)
