"""How the winners share an award: they propose, agree to one and the same division, or decline.

What somebody agrees to is what he saw: every verb is told the division that stood before him, and refuses when another
one stands there by now. So of two who propose or agree at once, none agrees to what he did not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from innovation.awards.events import (
    AwardAccepted,
    AwardDeclined,
    AwardDivided,
    AwardPapersComplete,
    AwardShareAgreed,
)
from innovation.awards.models import Award, Share
from innovation.awards.service.offering import scope
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.award import AWARD, AwardState, divide
from innovation.rules.policy import May


def division(award: Award) -> str:
    """How an award is divided now, as one short text to compare. People only ever leave, so amounts tell divisions apart."""
    return " ".join(str(share.amount_minor) for share in award.shares)


@use_case(May.TAKE_AWARD, on="award")
def agree(*, actor: Actor, award: Award, seen: str, now: datetime = AT_LOCK) -> None:
    """Agree to the division one has seen. Once all winners have, the award is accepted; complete, if it needs no papers.

    Raises:
        NotPossible: it is no longer open, or divided otherwise by now.
    """
    mine = _open_share(actor, award, seen)
    if mine.agreed_at is not None:
        return
    mine.agreed_at = now
    emit(AwardShareAgreed(award_id=award.id, person_id=mine.person_id, **scope(award)), actor=actor, now=now)
    _accept_if_agreed(award, actor=actor, now=now)


@use_case(May.TAKE_AWARD, on="award")
def propose(*, actor: Actor, award: Award, seen: str, amounts: Sequence[int], now: datetime = AT_LOCK) -> None:
    """Propose another division: everybody's agreement is cleared but one's own.

    Args:
        amounts: what each winner gets, in minor units, in the order of the shares.

    Raises:
        Invalid: the amounts are not one for each winner, or do not add up to the award exactly.
        NotPossible: it is no longer open, or divided otherwise by now.
    """
    mine = _open_share(actor, award, seen)
    if len(amounts) != len(award.shares) or min(amounts) < 0 or sum(amounts) != award.amount_minor:
        raise Invalid("shares_do_not_add_up", amount_minor=award.amount_minor, found_minor=sum(amounts))
    if list(amounts) != [share.amount_minor for share in award.shares]:
        for share, amount in zip(award.shares, amounts, strict=True):
            share.amount_minor, share.agreed_at = amount, None
        emit(AwardDivided(award_id=award.id, **scope(award)), actor=actor, now=now)
    if mine.agreed_at is None:
        mine.agreed_at = now
        emit(AwardShareAgreed(award_id=award.id, person_id=mine.person_id, **scope(award)), actor=actor, now=now)
    _accept_if_agreed(award, actor=actor, now=now)


@use_case(May.TAKE_AWARD, on="award")
def decline(*, actor: Actor, award: Award, seen: str, now: datetime = AT_LOCK) -> None:
    """Decline one's own share. It goes to the others in the proportions they had, who agree anew; the last one's no is the
    award's.

    Raises:
        NotPossible: it is no longer open, or divided otherwise by now.
    """
    mine = _open_share(actor, award, seen)
    others = [share for share in award.shares if share is not mine]
    if not others:
        lifecycle.move(award, AWARD, "decline", AwardDeclined(award_id=award.id, **scope(award)), actor=actor, now=now)
        return
    award.shares.remove(mine)
    parts = divide(award.amount_minor, [share.amount_minor for share in others])
    for share, part in zip(others, parts, strict=True):
        share.amount_minor, share.agreed_at = part, None
    fact = AwardDivided(award_id=award.id, declined_by=mine.person_id, **scope(award))
    emit(fact, actor=actor, now=now)


def _open_share(actor: Actor, award: Award, seen: str) -> Share:
    if award.state != AwardState.OFFERED:
        raise NotPossible("award_moved_on", state=award.state)
    if seen != division(award):
        raise NotPossible("divided_otherwise")
    return next(share for share in award.shares if share.person_id == actor.person_id)


def _accept_if_agreed(award: Award, *, actor: Actor, now: datetime) -> None:
    if any(share.agreed_at is None for share in award.shares):
        return
    award.accepted_at = now
    lifecycle.move(award, AWARD, "accept", AwardAccepted(award_id=award.id, **scope(award)), actor=actor, now=now)
    if not award.papers:
        award.completed_at = now
        complete = AwardPapersComplete(award_id=award.id, **scope(award))
        lifecycle.move(award, AWARD, "complete", complete, actor=actor, now=now)
