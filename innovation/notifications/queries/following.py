"""Reading what a person follows and mutes, and what can be followed by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.insight.queries import knowing
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.notifications.models import Watch
from innovation.people.models import Organisation, Person

KINDS = ("challenge", "idea", "person", "organisation")
COLUMNS: dict[str, Any] = {
    "challenge": Watch.challenge_id,
    "idea": Watch.idea_id,
    "person": Watch.followed_id,
    "organisation": Watch.organisation_id,
}
"""Where a watch keeps what it is about, by the kind of subject."""
_MODELS: dict[str, Any] = {"challenge": Challenge, "idea": Idea, "person": Person, "organisation": Organisation}
MOST = 500
"""How many follows and mutes are listed."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One line of what a person follows or mutes. ``title`` is None for what he may no longer see."""

    kind: str
    public_id: str
    title: str | None
    level: str
    language: str = ""


def subject(actor: Actor, kind: str, public_id: str) -> int | None:
    """The id of something this person may follow; None for what is hidden from him or absent. Nobody follows himself."""
    if kind == "challenge":
        statement = select(Challenge.id).where(Challenge.public_id == public_id, challenges.visible(actor))
    elif kind == "idea":
        statement = select(Idea.id).join(Idea.challenge).where(Idea.public_id == public_id, ideas.visible(actor))
    elif kind == "person":
        here = Person.erased_at.is_(None), Person.disabled_at.is_(None), Person.id != actor.person_id, knowing.knows(actor)
        statement = select(Person.id).where(Person.public_id == public_id, *here)
    elif kind == "organisation":
        known = knowing.knows_organisation(actor)
        statement = select(Organisation.id).where(Organisation.public_id == public_id, known)
    else:
        return None
    return db.session.scalar(statement)


def watched_id(actor: Actor, kind: str, public_id: str) -> int | None:
    """The id of something this person follows or mutes already, whether he may still see it or not."""
    if kind not in KINDS:
        return None
    model = _MODELS[kind]
    mine = select(model.id).join(Watch, COLUMNS[kind] == model.id).where(Watch.person_id == actor.person_id)
    return db.session.scalar(mine.where(model.public_id == public_id))


def level(actor: Actor, kind: str, public_id: str) -> str:
    """``follow``, ``mute``, or nothing: one query."""
    if kind not in KINDS or actor.person_id is None:
        return ""
    model = _MODELS[kind]
    mine = select(Watch.level).join(model, COLUMNS[kind] == model.id).where(model.public_id == public_id)
    return db.session.scalar(mine.where(Watch.person_id == actor.person_id)) or ""


def watched(actor: Actor) -> list[Watched]:
    """Everything a person follows or mutes, kind by kind, the first followed first: at most eight queries."""
    found: list[Watched] = []
    for kind in KINDS:
        model = _MODELS[kind]
        mine = select(model, Watch.level).join(Watch, COLUMNS[kind] == model.id).where(Watch.person_id == actor.person_id)
        rows = db.session.execute(mine.order_by(Watch.id).limit(MOST)).all()
        seen = _seen(actor, kind, [row[0].id for row in rows])
        found += [_line(kind, row[0], row[1], row[0].id in seen) for row in rows]
    return found


def _line(kind: str, row: Any, level: str, seen: bool) -> Watched:
    title = (row.title or row.public_id) if kind in {"challenge", "idea"} else row.name
    language = row.language if kind in {"challenge", "idea"} else ""
    return Watched(kind, row.public_id, title if seen else None, level, language)


def _seen(actor: Actor, kind: str, ids: list[int]) -> set[int]:
    if not ids:
        return set()
    if kind == "challenge":
        return challenges_seen(actor, ids)
    if kind == "idea":
        return ideas_seen(actor, ids)
    if kind == "person":
        here = select(Person.id).where(Person.id.in_(ids), Person.erased_at.is_(None), knowing.knows(actor))
        return set(db.session.scalars(here))
    known = select(Organisation.id).where(Organisation.id.in_(ids), knowing.knows_organisation(actor))
    return set(db.session.scalars(known))


def challenges_seen(actor: Actor, ids: list[int]) -> set[int]:
    """Which of some challenges this person may see."""
    return set(db.session.scalars(select(Challenge.id).where(Challenge.id.in_(ids), challenges.visible(actor))))


def ideas_seen(actor: Actor, ids: list[int]) -> set[int]:
    """Which of some ideas this person may read."""
    found = select(Idea.id).join(Idea.challenge).where(Idea.id.in_(ids), ideas.visible(actor))
    return set(db.session.scalars(found))
