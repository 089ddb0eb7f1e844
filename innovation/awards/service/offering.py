"""Offering an award to the authors of an idea, and taking the offer back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from innovation.awards import queries
from innovation.awards.events import AwardOffered, AwardTakenBack
from innovation.awards.models import Award, Paper, Share
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotNow, NotPossible
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.award import AWARD, divide
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IdeaState
from innovation.rules.policy import May

LARGEST = 10**15
"""The largest amount of one award in minor units: thousands of them still add up within 64 bits."""
MOST_PAPERS = 20
NO_ANSWER = frozenset({IdeaState.DRAFT, IdeaState.CHECKING, IdeaState.RETURNED, IdeaState.WITHDRAWN, IdeaState.MERGED})
"""Ideas that answer nothing any more, or not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is offered: an amount in minor units of the challenge's currency, the papers it needs, and by when."""

    title: str
    amount_minor: int
    accept_by: date
    papers: Sequence[str] = ()
    papers_by: date | None = None
    pay_by: date | None = None


@use_case(May.OFFER_AWARD, on="idea")
def offer(*, actor: Actor, idea: Idea, terms: Offer, now: datetime = AT_LOCK) -> Award:
    """Offer an award to an idea's authors, those who accepted to be one, in equal shares.

    It is not refused for exceeding the challenge's prize: whoever offers it is told (:func:`queries.over_prize`).

    Raises:
        NotNow: the challenge is not decided.
        NotPossible: the idea was withdrawn or merged, or nobody has accepted to be its author.
        Invalid: the amount, a paper or a day does not hold.
    """
    require_awardable(idea)
    winners = ideas.author_ids([idea.id]).get(idea.id, [])
    if not winners:
        raise NotPossible("nobody_to_award")
    _require_sound(terms)
    award = Award(
        programme_id=idea.challenge.programme_id,
        challenge_id=idea.challenge_id,
        challenge=idea.challenge,
        idea=idea,
        title=terms.title,
        amount_minor=terms.amount_minor,
        currency=idea.challenge.currency,
        visibility=idea.visibility,
        accept_by=terms.accept_by,
        papers_by=terms.papers_by,
        pay_by=terms.pay_by,
        offered_at=now,
        offered_by=actor.person_id,
    )
    parts = divide(terms.amount_minor, [1] * len(winners))
    award.shares = [Share(person_id=each, amount_minor=part) for each, part in zip(winners, parts, strict=True)]
    award.papers = [Paper(position=number, title=title) for number, title in enumerate(terms.papers, start=1)]
    if terms.accept_by < queries.today(award, now):
        raise Invalid("day_is_past", field="accept_by")
    db.session.add(award)
    db.session.flush()
    lifecycle.begin(award, AWARD, AwardOffered(award_id=award.id, **scope(award)), actor=actor, now=now)
    return award


@use_case(May.OFFER_AWARD, on="award")
def take_back(*, actor: Actor, award: Award, reason: str, now: datetime = AT_LOCK) -> None:
    """Take an award back before it is paid, with a reason that its winners read.

    Raises:
        Invalid: no reason.
        NotPossible: it is paid, declined or taken back.
    """
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    lifecycle.move(award, AWARD, "take_back", AwardTakenBack(award_id=award.id, **scope(award)), actor=actor, now=now)
    award.reason = reason


def require_awardable(idea: Idea) -> None:
    """Raise unless awards can be offered for an idea: its challenge is decided, and the idea still answers it."""
    if idea.challenge.state != ChallengeState.DECIDED:
        raise NotNow("not_decided_yet")
    if idea.state in NO_ANSWER:
        raise NotPossible("no_award_for_this_idea")


def _require_sound(terms: Offer) -> None:
    if terms.amount_minor <= 0:
        raise Invalid("amount_not_above_zero", field="amount")
    if terms.amount_minor > LARGEST:
        raise Invalid("amount_too_large", field="amount")
    if len(terms.papers) > MOST_PAPERS:
        raise Invalid("too_many_papers", field="papers")
    if any(not 0 < len(title) <= 200 for title in terms.papers):
        raise Invalid("paper_too_long", field="papers")
    if len(set(terms.papers)) < len(terms.papers):
        raise Invalid("paper_twice", field="papers")
    if terms.papers and terms.papers_by is None:
        raise Invalid("papers_need_a_day", field="papers_by")
    before = terms.accept_by
    for name, day in (("papers_by", terms.papers_by), ("pay_by", terms.pay_by)):
        if day is not None and day < before:
            raise Invalid("day_before_the_last", field=name)
        before = day or before


def scope(award: Award) -> dict[str, int]:
    """Where an award belongs, for its facts."""
    return {"programme_id": award.programme_id, "challenge_id": award.challenge_id, "idea_id": award.idea_id}
