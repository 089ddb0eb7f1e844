"""Reading what changed since publication, and who still has to accept it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from innovation.challenges.models import Amendment, AmendmentAnswer, Audience, Challenge, TermsAcceptance
from innovation.challenges.queries.concerned import authors_in
from innovation.challenges.queries.naming import withheld
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.rules.challenge import AmendmentKind

BY_ACCEPTANCE = frozenset({AmendmentKind.TERMS, AmendmentKind.ELIGIBILITY})
"""What changes for an author only once he accepts it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One amendment as its readers see it.

    ``asked`` says whether the reader is an author whose acceptance it needs, ``answer`` what he said (None: nothing yet).
    ``stand`` is ``holds``; of what needs acceptance also ``waits`` (for so many authors still: ``left``) or ``refused``.
    """

    amendment: Amendment
    by: str | None
    asked: bool = False
    answer: bool | None = None
    stand: str = "holds"
    left: int = 0


def amendments(challenge_id: int) -> Sequence[Amendment]:
    """What changed, the first change first."""
    return db.session.scalars(
        select(Amendment).where(Amendment.challenge_id == challenge_id).order_by(Amendment.number)
    ).all()


def amendment(challenge_id: int, number: int) -> Amendment | None:
    return db.session.scalars(
        select(Amendment).where(Amendment.challenge_id == challenge_id, Amendment.number == number)
    ).one_or_none()


def amendment_by_id(amendment_id: int) -> Amendment:
    return db.session.get_one(Amendment, amendment_id)


def changes(actor: Actor, challenge: Challenge, hidden: frozenset[int] = frozenset()) -> list[Change]:
    """What changed since publication, as this person sees it. Five queries at most; one where nothing changed.

    Args:
        hidden: people whose names are kept from him.
    """
    found = amendments(challenge.id)
    names = people.names({each.made_by for each in found if each.made_by is not None} - hidden - withheld(actor, challenge))
    needy = [each for each in found if each.kind in BY_ACCEPTANCE]
    authors = authors_in(challenge.id) if needy else {}
    said = _answers(needy)
    circles = _circles(challenge.id) if any(each.kind == AmendmentKind.ELIGIBILITY for each in found) else set()
    newest = {each.kind: each.number for each in found}
    return [
        _change(
            actor,
            circles,
            each,
            names.get(each.made_by or 0),
            authors,
            said.get(each.id, {}),
            newest=newest[each.kind] == each.number,
        )
        for each in found
    ]


def _answers(amendments: Sequence[Amendment]) -> dict[int, dict[int, bool]]:
    if not amendments:
        return {}
    found: dict[int, dict[int, bool]] = {}
    rows = db.session.scalars(select(AmendmentAnswer).where(AmendmentAnswer.amendment_id.in_([a.id for a in amendments])))
    for row in rows:
        found.setdefault(row.amendment_id, {})[row.person_id] = row.accepted
    return found


def _change(
    actor: Actor,
    circles: set[str],
    amendment: Amendment,
    by: str | None,
    authors: Mapping[int, datetime],
    said: Mapping[int, bool],
    *,
    newest: bool,
) -> Change:
    """How one amendment stands; an earlier one of its kind is settled, or a later one took its place."""
    refused = amendment.kind == AmendmentKind.ELIGIBILITY and not all(said.values())
    mine = actor.person_id
    if amendment.kind not in BY_ACCEPTANCE or not newest:
        return Change(amendment, by, answer=said.get(mine or 0), stand="refused" if refused else "holds")
    wanted = {person_id for person_id, first in authors.items() if first <= amendment.made_at}
    left = wanted - set(said)
    stand = "waits" if left else "holds"
    if amendment.kind == AmendmentKind.ELIGIBILITY:
        in_force = circles == set(amendment.after["circles"])
        stand = "holds" if in_force else "refused" if refused else "waits"
    return Change(amendment, by, asked=mine in wanted, answer=said.get(mine or 0), stand=stand, left=len(left))


def _circles(challenge_id: int) -> set[str]:
    """The circles that can take part in a challenge now."""
    found = select(Audience.value).where(Audience.challenge_id == challenge_id, Audience.kind == "circle")
    return set(db.session.scalars(found))


def waits_for_me(actor: Actor, challenge: Challenge) -> list[Change]:
    """The changes of a challenge that this person, an author there, has not answered yet."""
    if actor.person_id is None:
        return []
    return [each for each in changes(actor, challenge) if each.asked and each.answer is None and each.stand != "refused"]


def accepted_until_then(person_id: int, challenge_id: int) -> TermsAcceptance | None:
    """The terms that hold for a person's ideas in a challenge: the last that he accepted there."""
    return db.session.scalars(
        select(TermsAcceptance)
        .where(TermsAcceptance.person_id == person_id, TermsAcceptance.challenge_id == challenge_id)
        .order_by(TermsAcceptance.accepted_at.desc(), TermsAcceptance.id.desc())
        .limit(1)
    ).one_or_none()


def newest_amendment(challenge_id: int, number: int | None = None) -> Amendment | None:
    """The last change of a challenge, or the one of a number."""
    numbered = () if number is None else (Amendment.number == number,)
    return db.session.scalars(
        select(Amendment).where(Amendment.challenge_id == challenge_id, *numbered).order_by(Amendment.number.desc()).limit(1)
    ).one_or_none()
