"""From accepted to paid: papers handed in and checked, and the day it was paid. Once it is paid nothing changes."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlsplit

from innovation.awards import queries
from innovation.awards.events import (
    AwardPaid,
    AwardPaperChecked,
    AwardPaperHandedIn,
    AwardPapersComplete,
    AwardPaperUnchecked,
)
from innovation.awards.models import Award, Paper
from innovation.awards.service.offering import scope
from innovation.awards.service.talking import add_remark
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.award import AWARD, AwardState
from innovation.rules.policy import May


@use_case(May.TAKE_AWARD, on="award")
def hand_in(*, actor: Actor, award: Award, position: int, url: str, note: str, now: datetime = AT_LOCK) -> None:
    """Say that a paper is there: at a web address, or as the note says. Until it is checked it can be handed in anew.

    Args:
        position: the paper's place in the award.
        note: how it was sent, where it has no address; kept among the remarks.

    Raises:
        Invalid: neither address nor note, or an address that is none of the web.
        NotPossible: there is no such paper, it is checked, or the award does not wait for papers.
    """
    paper = _paper(award, position)
    if award.state != AwardState.ACCEPTED:
        raise NotPossible("award_moved_on", state=award.state)
    if paper.checked_at is not None:
        raise NotPossible("paper_is_checked")
    if not url and not note.strip():
        raise Invalid("address_or_note", field="url")
    if url and not _of_the_web(url):
        raise Invalid("not_a_web_address", field="url")
    paper.url, paper.handed_in_at, paper.handed_in_by = url, now, actor.person_id
    emit(AwardPaperHandedIn(award_id=award.id, position=position, **scope(award)), actor=actor, now=now)
    if note.strip():
        add_remark(award, f"{paper.title}: {note}", actor=actor, now=now)


@use_case(May.OFFER_AWARD, on="award")
def check(*, actor: Actor, award: Award, position: int, seen: str, now: datetime = AT_LOCK) -> None:
    """Find a paper in order, as it was when one looked. With the last one the papers are complete.

    Args:
        seen: when it was handed in, as the page said (:func:`handed_in`).

    Raises:
        NotPossible: there is no such paper, it is not handed in or was handed in anew, or the award waits for no papers.
    """
    paper = _paper(award, position)
    if paper.checked_at is not None:
        return
    if award.state != AwardState.ACCEPTED:
        raise NotPossible("award_moved_on", state=award.state)
    if paper.handed_in_at is None or seen != handed_in(paper):
        raise NotPossible("paper_was_replaced")
    paper.checked_at, paper.checked_by = now, actor.person_id
    emit(AwardPaperChecked(award_id=award.id, position=position, **scope(award)), actor=actor, now=now)
    if all(each.checked_at for each in award.papers):
        award.completed_at = now
        complete = AwardPapersComplete(award_id=award.id, **scope(award))
        lifecycle.move(award, AWARD, "complete", complete, actor=actor, now=now)


@use_case(May.OFFER_AWARD, on="award")
def uncheck(*, actor: Actor, award: Award, position: int, now: datetime = AT_LOCK) -> None:
    """Take a check back, until the award is paid; its papers are complete no more.

    Raises:
        NotPossible: there is no such paper, or the award is paid or given up.
    """
    paper = _paper(award, position)
    if award.state not in {AwardState.ACCEPTED, AwardState.COMPLETE}:
        raise NotPossible("award_moved_on", state=award.state)
    if paper.checked_at is None:
        return
    paper.checked_at = paper.checked_by = None
    fact = AwardPaperUnchecked(award_id=award.id, position=position, **scope(award))
    if award.state == AwardState.COMPLETE:
        award.completed_at = None
        lifecycle.move(award, AWARD, "incomplete", fact, actor=actor, now=now)
    else:
        emit(fact, actor=actor, now=now)


@use_case(May.OFFER_AWARD, on="award")
def pay(*, actor: Actor, award: Award, paid_on: date, reference: str, now: datetime = AT_LOCK) -> None:
    """Enter that finance has paid an award, on which day and under which number of its own.

    Raises:
        Invalid: a day to come or before the offer, or no reference.
        NotPossible: its papers are not complete, or it is paid already.
    """
    zone_today, offered = queries.today(award, now), queries.today(award, award.offered_at)
    if not offered <= paid_on <= zone_today:
        raise Invalid("day_to_come" if paid_on > zone_today else "day_before_offer", field="paid_on")
    if not reference.strip():
        raise Invalid("reference_missing", field="reference")
    lifecycle.move(award, AWARD, "pay", AwardPaid(award_id=award.id, **scope(award)), actor=actor, now=now)
    award.paid_on, award.reference = paid_on, reference


def handed_in(paper: Paper) -> str:
    """When a paper was handed in, as a text to compare; empty when it was not."""
    return paper.handed_in_at.isoformat() if paper.handed_in_at else ""


def _paper(award: Award, position: int) -> Paper:
    found = next((each for each in award.papers if each.position == position), None)
    if found is None:
        raise NotPossible("no_such_paper")
    return found


def _of_the_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(url) <= 500 and not any(map(str.isspace, url))
