"""What may still change after publication, and only in the direction that was promised.

A prize only grows. Other terms hold for an author's ideas once he accepts them; until then he keeps those he accepted. Who
may answer changes once every author with an idea accepts it, and never so that one of them falls out. Words are corrected
in sight of everybody. The closing date (``course.extend``) and the early end (``course.stop``) are kept the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from innovation.challenges import queries
from innovation.challenges.events import AmendmentAnswered, AmendmentInForce, ChallengeAmended
from innovation.challenges.models import Amendment, AmendmentAnswer, Audience, Challenge
from innovation.challenges.queries.concerned import authors_in
from innovation.challenges.service.fitting import asks_outside
from innovation.challenges.service.recording import record
from innovation.challenges.service.terms import ready_terms, record_acceptance
from innovation.challenges.service.writing import AUDIENCES, who_may
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, forget_roles, use_case
from innovation.people import queries as people
from innovation.rules.challenge import AmendmentKind, ChallengeState
from innovation.rules.policy import May

WORDS = ("title", "summary", "must", "background", "constraints")
"""The words of a brief that can be corrected."""
NEEDED = frozenset({"title", "must"})


@use_case(May.AMEND_CHALLENGE, on="challenge")
def raise_prize(*, actor: Actor, challenge: Challenge, prize_minor: int, reason: str, now: datetime = AT_LOCK) -> None:
    """Promise a greater prize.

    Raises:
        NotPossible: the challenge does not run any more.
        Invalid: it is not greater than the present one, or no reason is given.
    """
    _must_run(challenge)
    before = challenge.prize_minor
    if prize_minor <= (before or 0):
        raise Invalid("prize_only_up", field="prize")
    challenge.prize_minor = prize_minor
    _amend(actor, challenge, AmendmentKind.PRIZE, {"prize": before}, {"prize": prize_minor}, reason, now)


@use_case(May.AMEND_CHALLENGE, on="challenge")
def change_terms(*, actor: Actor, challenge: Challenge, terms: str, reason: str, now: datetime = AT_LOCK) -> None:
    """Give ideas under other terms from now on; whoever sent one keeps his until he accepts these.

    Raises:
        NotPossible: the challenge does not run any more.
        Invalid: these are the present ones, or no reason is given.
    """
    _must_run(challenge)
    before, after = challenge.terms, ready_terms(terms, challenge.language)
    if before is not None and before.id == after.id:
        raise Invalid("terms_as_they_are", field="terms")
    challenge.terms = after
    said = [None if each is None else {"terms": each.id, "title": each.title} for each in (before, after)]
    _amend(actor, challenge, AmendmentKind.TERMS, said[0] or {}, said[1] or {}, reason, now)


@use_case(May.AMEND_CHALLENGE, on="challenge")
def change_audience(*, actor: Actor, challenge: Challenge, audience: str, reason: str, now: datetime = AT_LOCK) -> None:
    """Let others answer too, or fewer; it takes effect once every author with an idea there has accepted.

    Args:
        audience: a choice of "who may answer".

    Raises:
        NotPossible: the challenge does not run any more, or an earlier change still waits for acceptance.
        Invalid: it is as it was, an author would fall out, the rule asks for people who could not take part, or no reason
            is given.
    """
    _must_run(challenge)
    if _waiting(actor, challenge):
        raise NotPossible("audience_waits")
    before, after = _circles(challenge), {str(circle) for circle in AUDIENCES[audience]}
    if before == after:
        raise Invalid("audience_as_it_is", field="who_may")
    if audience == "staff" and any(asks_outside(rule) for rule in (challenge.rule, challenge.shortlist_rule) if rule):
        raise Invalid("rule_needs_outsiders", field="who_may")
    lost = _who_falls_out(challenge, after)
    if lost:
        raise Invalid("author_would_fall_out", field="who_may")
    made = _amend(
        actor,
        challenge,
        AmendmentKind.ELIGIBILITY,
        {"who_may": who_may(challenge), "circles": sorted(before)},
        {"who_may": audience, "circles": sorted(after)},
        reason,
        now,
    )
    if not authors_in(challenge.id):
        _write_circles(challenge, made)


@use_case(May.AMEND_CHALLENGE, on="challenge")
def correct(*, actor: Actor, challenge: Challenge, words: Mapping[str, str], reason: str, now: datetime = AT_LOCK) -> None:
    """Correct words of the brief; before and after stand on the challenge's page.

    Args:
        words: the brief's texts by name, out of :data:`WORDS`.

    Raises:
        NotPossible: the challenge does not run any more.
        Invalid: nothing is changed, something needed is empty, or no reason is given.
    """
    _must_run(challenge)
    changed = {name: words[name].strip() for name in WORDS if name in words}
    changed = {name: text for name, text in changed.items() if text != _lines(getattr(challenge, name))}
    for name in changed:
        if name in NEEDED and not changed[name]:
            raise Invalid("words_missing", field=name)
    if not changed:
        raise Invalid("nothing_is_changed", field="title")
    before = {name: getattr(challenge, name) for name in changed}
    for name, text in changed.items():
        setattr(challenge, name, text)
    _amend(actor, challenge, AmendmentKind.WORDS, before, changed, reason, now)


@use_case(May.ANSWER_AMENDMENT, on="challenge")
def answer(*, actor: Actor, challenge: Challenge, number: int, accepted: bool, now: datetime = AT_LOCK) -> None:
    """Say as an author whether one accepts an amendment for one's ideas. What is said stays said.

    Raises:
        NotPossible: the challenge does not run any more, or this person is not asked, or has answered.
    """
    _must_run(challenge)
    open_ = {each.amendment.number: each.amendment for each in queries.waits_for_me(actor, challenge)}
    amendment = open_.get(number)
    if amendment is None or actor.person_id is None:
        raise NotPossible("amendment_not_asked")
    db.session.add(AmendmentAnswer(amendment_id=amendment.id, person_id=actor.person_id, accepted=accepted, answered_at=now))
    db.session.flush()
    fact = AmendmentAnswered(number=number, person_id=actor.person_id, accepted=accepted, **_scope(challenge))
    emit(fact, actor=actor, now=now)
    if amendment.kind == AmendmentKind.TERMS and accepted:
        record_acceptance(actor=actor, person_id=actor.person_id, challenge=challenge, now=now)
    elif amendment.kind == AmendmentKind.ELIGIBILITY:
        _settle(actor, challenge, now)


@use_case(None)
def settle_waiting(*, actor: Actor, now: datetime = AT_LOCK) -> None:
    """Let changes of an audience take effect that wait for nobody any more: whoever was left took his idea back."""
    ids = db.session.scalars(
        select(Amendment.challenge_id)
        .join(Challenge, Challenge.id == Amendment.challenge_id)
        .where(Amendment.kind == AmendmentKind.ELIGIBILITY, Challenge.state == ChallengeState.PUBLISHED)
        .where(Challenge.frozen_at.is_(None))
        .distinct()
        .order_by(Amendment.challenge_id)
    ).all()
    for challenge_id in ids:
        _settle(actor, queries.by_id(challenge_id), now)


def _settle(actor: Actor, challenge: Challenge, now: datetime) -> None:
    """Change the audience if everybody who was asked has accepted, inside a use case."""
    for change in _waiting(actor, challenge):
        # Who joined meanwhile may have changed whom it would shut out.
        if not change.left and not _who_falls_out(challenge, set(change.amendment.after["circles"])):
            _write_circles(challenge, change.amendment)
            emit(AmendmentInForce(number=change.amendment.number, **_scope(challenge)), actor=actor, now=now)


def _waiting(actor: Actor, challenge: Challenge) -> list[queries.Change]:
    """Changes of the audience that wait for acceptance."""
    found = queries.changes(actor, challenge)
    return [each for each in found if each.amendment.kind == AmendmentKind.ELIGIBILITY and each.stand == "waits"]


def _must_run(challenge: Challenge) -> None:
    if challenge.state != ChallengeState.PUBLISHED or challenge.frozen_at is not None:
        raise NotPossible("too_late_to_amend")


def _amend(
    actor: Actor,
    challenge: Challenge,
    kind: AmendmentKind,
    before: dict[str, Any],
    after: dict[str, Any],
    reason: str,
    now: datetime,
) -> Amendment:
    made = record(actor=actor, challenge=challenge, kind=kind, before=before, after=after, reason=reason, now=now)
    emit(ChallengeAmended(number=made.number, kind=str(kind), **_scope(challenge)), actor=actor, now=now)
    return made


def _circles(challenge: Challenge) -> set[str]:
    return {line.value for line in challenge.audience if line.kind == "circle"}


def _who_falls_out(challenge: Challenge, circles: set[str]) -> list[int]:
    """The authors with an idea here who could not take part any more."""
    others = {(line.kind, line.value) for line in challenge.audience if line.kind != "circle"}
    found = people.actors(authors_in(challenge.id))
    return [person_id for person_id, who in found.items() if not _belongs(who, circles, others)]


def _belongs(who: Actor, circles: set[str], others: set[tuple[str, str]]) -> bool:
    if str(who.circle) in circles or str(Circle.PUBLIC) in circles:
        return True
    own = (("organisation", who.organisation_id), ("department", who.department_id), ("person", who.person_id))
    return any((kind, str(value)) in others for kind, value in own)


def _write_circles(challenge: Challenge, amendment: Amendment) -> None:
    """Let the circles of an audience be those an amendment names; named people and organisations stay."""
    wanted = set(amendment.after["circles"])
    kept = [line for line in challenge.audience if line.kind != "circle" or line.value in wanted]
    there = {line.value for line in kept if line.kind == "circle"}
    challenge.audience = kept + [Audience(kind="circle", value=value) for value in sorted(wanted - there)]
    db.session.flush()
    forget_roles(challenge)


def _lines(text: str) -> str:
    """A text as a form sends it back: its line ends, and no blanks around it."""
    return "\n".join(text.splitlines()).strip()


def _scope(challenge: Challenge) -> dict[str, int]:
    return {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
