"""The full part of a brief: writing it, asking for it, answering who asks, reading it."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges import queries
from innovation.challenges.events import (
    FullBriefOpened,
    FullPartAnswered,
    FullPartAsked,
    FullPartChanged,
    FullTermsAccepted,
)
from innovation.challenges.models import Challenge, FullOpening
from innovation.challenges.queries import Stand
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May

ACCESS = ("none", "terms", "approval")
OF_THE_FULL_PART = ("full_access", "full_text", "full_terms")
READY_TERMS = {
    "en": (
        "What I read in this full part stays with me.\n\n"
        "1. I use it only to answer this challenge.\n"
        "2. I show it to nobody else and copy it nowhere, except to those who write the answer with me and accept these "
        "terms themselves.\n"
        "3. This does not cover what is public already, what I knew before, or what I must tell by law.\n"
        "4. When the challenge is decided I delete my notes of it.\n"
        "5. This holds for five years from the day on which I accept it."
    ),
    "nl": (
        "Wat ik in dit volledige deel lees, blijft bij mij.\n\n"
        "1. Ik gebruik het alleen om op deze uitdaging te antwoorden.\n"
        "2. Ik laat het aan niemand anders zien en kopieer het nergens heen, behalve aan wie het antwoord samen met mij "
        "schrijft en deze voorwaarden zelf aanvaardt.\n"
        "3. Dit geldt niet voor wat al openbaar is, wat ik al wist of wat ik volgens de wet moet melden.\n"
        "4. Als over de uitdaging is beslist, wis ik mijn aantekeningen ervan.\n"
        "5. Dit geldt vijf jaar vanaf de dag waarop ik het aanvaard."
    ),
}
"""Confidentiality terms to begin with, by language; a sponsor changes them as he needs."""


def ready_terms(language: str) -> str:
    """Confidentiality terms to begin with."""
    return READY_TERMS.get(language, READY_TERMS["en"])


@use_case(May.EDIT_CHALLENGE, on="challenge")
def write(*, actor: Actor, challenge: Challenge, access: str, text: str, terms: str, now: datetime = AT_LOCK) -> None:
    """Say whether a brief has a full part, what it says, and how it opens.

    Whoever accepted other terms accepts the new ones before he reads on. Without a full part nobody reads it any more.

    Raises:
        Invalid: there is to be one, and its text or its terms are missing.
    """
    if access not in ACCESS:
        raise Invalid("full_access_unknown", field="access")
    if access != "none" and not text.strip():
        raise Invalid("full_text_missing", field="text")
    if access != "none" and not terms.strip():
        raise Invalid("full_terms_missing", field="terms")
    new = (access, text.strip(), terms.strip())
    if new == tuple(getattr(challenge, name) for name in OF_THE_FULL_PART):
        return
    challenge.full_access, challenge.full_text, challenge.full_terms = new
    emit(
        FullPartChanged(access=access, terms_hash=queries.full_terms_hash(challenge), **_scope(challenge)),
        actor=actor,
        now=now,
    )


@use_case(May.OPEN_FULL_PART, on="challenge")
def ask(*, actor: Actor, challenge: Challenge, seen: str, reason: str = "", now: datetime = AT_LOCK) -> FullOpening:
    """Accept the terms of a full part; where it opens by approval, ask for it by the same act.

    Args:
        seen: the hash of the terms that this person had before him.
        reason: why he asks; needed where somebody decides about it.

    Raises:
        NotPossible: there is no full part for him, or it was refused.
        Invalid: the terms were changed meanwhile, or no reason is given.
    """
    stand = queries.full_stand(actor, challenge)
    if stand in {Stand.NONE, Stand.OWN, Stand.REFUSED}:
        raise NotPossible("full_part_closed")
    if seen != queries.full_terms_hash(challenge):
        raise Invalid("full_terms_changed", field="accept")
    if stand == Stand.ASK and not reason.strip():
        raise Invalid("full_reason_missing", field="reason")
    assert actor.person_id is not None
    row = queries.opening(actor.person_id, challenge.id)
    if row is None:
        row = FullOpening(challenge_id=challenge.id, person_id=actor.person_id, state="asked", reason="", asked_at=now)
        db.session.add(row)
    row.terms_hash = seen
    scope = {"person_id": actor.person_id, **_scope(challenge)}
    emit(FullTermsAccepted(terms_hash=seen, **scope), actor=actor, now=now)
    if stand == Stand.ASK:
        row.reason = reason.strip()
        emit(FullPartAsked(**scope), actor=actor, now=now)
    elif stand == Stand.ACCEPT:
        row.state, row.opened_at = "open", now
    return row


@use_case(May.EDIT_CHALLENGE, on="challenge")
def answer(
    *, actor: Actor, challenge: Challenge, person_id: int, opened: bool, reason: str = "", now: datetime = AT_LOCK
) -> None:
    """Open the full part to somebody who asked for it, or refuse it; also later, which ends his reading at once.

    Raises:
        NotPossible: this person did not ask for it.
        Invalid: it is refused without a reason.
    """
    row = queries.opening(person_id, challenge.id)
    if row is None:
        raise NotPossible("nobody_asked")
    if not opened and not reason.strip():
        raise Invalid("full_refusal_missing", field="reason")
    state = "open" if opened else "refused"
    if row.state == state:
        return
    row.state, row.decided_by, row.decided_at = state, actor.person_id, now
    row.reason = row.reason if opened else reason.strip()
    row.opened_at = now if opened else row.opened_at
    emit(FullPartAnswered(person_id=person_id, opened=opened, **_scope(challenge)), actor=actor, now=now)


@use_case(May.OPEN_FULL_PART, on="challenge")
def read(*, actor: Actor, challenge: Challenge, now: datetime = AT_LOCK) -> str:
    """The full part, handed out once: each time is a fact, whoever reads it.

    Raises:
        NotPossible: it is not open to this person at this moment.
    """
    stand = queries.full_stand(actor, challenge)
    if stand not in queries.FULL_READABLE or actor.person_id is None:
        raise NotPossible("full_part_closed")
    accepted = queries.full_terms_hash(challenge) if stand == Stand.OPEN else ""
    emit(FullBriefOpened(person_id=actor.person_id, terms_hash=accepted, **_scope(challenge)), actor=actor, now=now)
    return challenge.full_text


def carry_over(original: Challenge, copied: Challenge) -> None:
    """Give a copy of a challenge its full part too: for whoever may write the original."""
    for name in OF_THE_FULL_PART:
        setattr(copied, name, getattr(original, name))


def _scope(challenge: Challenge) -> dict[str, int]:
    return {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
