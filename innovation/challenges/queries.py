"""Reading challenges: what an actor may see is one SQL predicate, :func:`visible`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges.models import Audience, Challenge, Programme, RuleChange, Terms, TermsAcceptance, Topic
from innovation.kernel import paging
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, loader_of, locks_of, roles_of
from innovation.people.models import GrantRow, Person
from innovation.rules.challenge import LIVE, ChallengeState
from innovation.rules.predicates import Role

VISITORS_SEE = Circle.PUBLIC


def manages(actor: Actor, programme_id: Any) -> ColumnElement[bool]:
    """Rows of programmes this person manages."""
    if actor.is_house or actor.holds(Role.MANAGER):
        return true()
    scopes = actor.scopes(Role.MANAGER, "programme")
    return programme_id.in_(scopes) if scopes else false()


def in_audience(actor: Actor) -> ColumnElement[bool]:
    """Challenges whose audience this person belongs to; a visitor counts as public."""
    lines = [and_(Audience.kind == "circle", Audience.value == str(actor.circle or VISITORS_SEE))]
    if actor.circle is not None and actor.circle != Circle.PUBLIC:
        # Whoever is nearer than the public may do what the public may.
        lines.append(and_(Audience.kind == "circle", Audience.value == str(Circle.PUBLIC)))
    for kind, value in (
        ("organisation", actor.organisation_id),
        ("department", actor.department_id),
        ("person", actor.person_id),
    ):
        if value is not None:
            lines.append(and_(Audience.kind == kind, Audience.value == str(value)))
    return exists().where(Audience.challenge_id == Challenge.id, or_(*lines))


def works_on(actor: Actor) -> ColumnElement[bool]:
    """Challenges this person sponsors or judges."""
    ids = actor.scopes(Role.SPONSOR, "challenge") | actor.scopes(Role.PANEL, "challenge")
    return Challenge.id.in_(ids) if ids else false()


def visible(actor: Actor) -> ColumnElement[bool]:
    """Challenges this person may see."""
    if actor.is_house:
        return true()
    return or_(
        and_(Challenge.state.in_(LIVE), in_audience(actor)),
        works_on(actor),
        manages(actor, Challenge.programme_id),
    )


def role_set(actor: Actor, challenge: Challenge, *, in_audience: bool) -> frozenset[Role]:
    """What a person is to a challenge; the grants are known, only the audience had to be asked."""
    roles = set(general_roles(actor)) - {Role.MANAGER}
    if actor.holds(Role.MANAGER) or actor.holds(Role.MANAGER, "programme", challenge.programme_id):
        roles.add(Role.MANAGER)
    for role in (Role.SPONSOR, Role.PANEL):
        if actor.holds(role, "challenge", challenge.id):
            roles.add(role)
    if in_audience and actor.signed_in:
        roles.add(Role.AUDIENCE)
    return frozenset(roles)


def is_own(actor: Actor, challenge: Challenge) -> bool:
    """Whether a challenge is this person's own to hand in and publish in one act: begun or sponsored by him."""
    begun = actor.person_id is not None and challenge.created_by == actor.person_id
    return actor.is_house or begun or actor.holds(Role.SPONSOR, "challenge", challenge.id)


@roles_of(Challenge)
def roles_on_challenge(actor: Actor, challenge: Challenge) -> frozenset[Role]:
    known = challenge.__dict__.get("_roles")
    if known is not None and known[0] == actor:
        return known[1]  # type: ignore[no-any-return]
    inside = db.session.scalar(select(in_audience(actor)).where(Challenge.id == challenge.id)) or False
    return remember_roles(actor, challenge, role_set(actor, challenge, in_audience=bool(inside)))


def remember_roles(actor: Actor, row: Any, roles: frozenset[Role]) -> frozenset[Role]:
    """Keep what a person is to a row for as long as the row is in hand."""
    row.__dict__["_roles"] = (actor, roles)
    return roles


@roles_of(Programme)
def roles_on_programme(actor: Actor, programme: Programme) -> frozenset[Role]:
    roles = set(general_roles(actor)) - {Role.MANAGER}
    if actor.holds(Role.MANAGER) or actor.holds(Role.MANAGER, "programme", programme.id):
        roles.add(Role.MANAGER)
    return frozenset(roles)


@locks_of(Programme)
def _programme_locks(programme: Programme) -> Sequence[Select[Any]]:
    return [select(Programme.id).where(Programme.id == programme.id).with_for_update()]


@locks_of(Challenge)
def _locks(challenge: Challenge) -> Sequence[Select[Any]]:
    return [select(Challenge.id).where(Challenge.id == challenge.id).with_for_update()]


def share_lock(challenge_id: int) -> Select[Any]:
    """The lock of a verb that depends on a challenge's deadline without changing the challenge."""
    return select(Challenge.id).where(Challenge.id == challenge_id).with_for_update(read=True)


def get(actor: Actor, public_id: str) -> Challenge | None:
    """A challenge this person may see, with programme, terms and audience."""
    row = db.session.execute(
        select(Challenge, in_audience(actor))
        .options(joinedload(Challenge.programme), joinedload(Challenge.terms), selectinload(Challenge.audience))
        .where(Challenge.public_id == public_id, visible(actor))
    ).one_or_none()
    if row is None:
        return None
    remember_roles(actor, row[0], role_set(actor, row[0], in_audience=bool(row[1])))
    return row[0]


@loader_of(Challenge)
def by_id(challenge_id: int) -> Challenge:
    """A challenge for the house's own work.

    Raises:
        NoResultFound: there is no such challenge.
    """
    return db.session.execute(
        select(Challenge)
        .options(joinedload(Challenge.programme), joinedload(Challenge.terms), selectinload(Challenge.audience))
        .where(Challenge.id == challenge_id)
    ).scalar_one()


def takes_outsiders(challenge_id: int) -> bool:
    """Whether anybody from outside the house can take part in a challenge."""
    beyond = or_(
        and_(Audience.kind == "circle", Audience.value != Circle.STAFF), Audience.kind.in_(["organisation", "person"])
    )
    return bool(db.session.scalar(select(exists().where(Audience.challenge_id == challenge_id, beyond))))


def by_ids(ids: Iterable[int]) -> Sequence[Challenge]:
    """Challenges for the house's own work."""
    return db.session.scalars(select(Challenge).where(Challenge.id.in_(list(ids))).order_by(Challenge.id)).all()


def sponsors(challenge_id: int) -> Sequence[Person]:
    """The people who answer for a challenge, first named first."""
    return db.session.scalars(
        select(Person)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(
            GrantRow.role == Role.SPONSOR,
            GrantRow.scope == "challenge",
            GrantRow.scope_id == challenge_id,
            GrantRow.valid_to.is_(None),
        )
        .order_by(GrantRow.id)
    ).all()


def sponsor_names(challenge_ids: Iterable[int]) -> dict[int, str]:
    """Who asks, by challenge id, for lists: the names of the people who answer for each challenge."""
    rows = db.session.execute(
        select(GrantRow.scope_id, Person.name)
        .join(Person, Person.id == GrantRow.person_id)
        .where(
            GrantRow.role == Role.SPONSOR,
            GrantRow.scope == "challenge",
            GrantRow.scope_id.in_(list(challenge_ids)),
            GrantRow.valid_to.is_(None),
        )
        .order_by(GrantRow.id)
    )
    found: dict[int, list[str]] = {}
    for challenge_id, name in rows:
        found.setdefault(challenge_id, []).append(name)
    return {challenge_id: ", ".join(names) for challenge_id, names in found.items()}


def readers_of_sealed(challenge_id: int) -> Sequence[str]:
    """The names of everyone who will read a sealed idea besides its authors."""
    return db.session.scalars(
        select(Person.name)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(
            GrantRow.role.in_([Role.SPONSOR, Role.PANEL]),
            GrantRow.scope == "challenge",
            GrantRow.scope_id == challenge_id,
            GrantRow.valid_to.is_(None),
        )
        .order_by(Person.name)
        .distinct()
    ).all()


def open_challenges(actor: Actor, now: datetime, limit: int = 12) -> Sequence[Challenge]:
    """Published challenges that still take ideas or votes, the next to close first."""
    last = or_(Challenge.closes_at > now, Challenge.vote_closes_at > now)
    return db.session.scalars(
        select(Challenge)
        .where(Challenge.state == ChallengeState.PUBLISHED, last, visible(actor))
        .order_by(Challenge.closes_at <= now, Challenge.closes_at, Challenge.id)
        .limit(limit)
    ).all()


def closed_challenges(actor: Actor, now: datetime, limit: int = 6) -> Sequence[Challenge]:
    """Challenges whose ideas and votes are in, the newest first."""
    return db.session.scalars(
        select(Challenge)
        .where(Challenge.state.in_(LIVE), Challenge.closes_at <= now, visible(actor))
        .where(or_(Challenge.vote_closes_at.is_(None), Challenge.vote_closes_at <= now))
        .order_by(Challenge.closes_at.desc(), Challenge.id.desc())
        .limit(limit)
    ).all()


def page(actor: Actor, kind: str, programme: Programme | None, now: datetime, cursor: str | None) -> paging.Page[Challenge]:
    """Challenges of one kind: ``open``, ``coming``, ``closed``, ``decided`` or ``mine`` (any state)."""
    statement = select(Challenge).options(joinedload(Challenge.programme)).where(visible(actor))
    live = Challenge.state == ChallengeState.PUBLISHED
    still = or_(Challenge.closes_at > now, Challenge.vote_closes_at > now)
    kinds: dict[str, tuple[ColumnElement[bool], bool]] = {
        "open": (and_(live, still, or_(Challenge.opens_at.is_(None), Challenge.opens_at <= now)), False),
        "coming": (and_(live, Challenge.opens_at > now), False),
        "closed": (and_(live, ~still), True),
        "decided": (Challenge.state.in_([ChallengeState.DECIDED, ChallengeState.STOPPED]), True),
        "preparing": (Challenge.state.in_([ChallengeState.DRAFT, ChallengeState.PROPOSED, ChallengeState.RETURNED]), True),
        "mine": (or_(works_on(actor), Challenge.created_by == actor.person_id), True),
    }
    condition, newest_first = kinds.get(kind, kinds["open"])
    statement = statement.where(condition)
    if programme is not None:
        statement = statement.where(Challenge.programme_id == programme.id)
    order = [paging.Key(Challenge.closes_at, newest_first), paging.Key(Challenge.id, newest_first)]
    return paging.fetch(statement, order, cursor, lambda row: (row[0].closes_at, row[0].id))


def waiting_for_manager(actor: Actor, limit: int = 25) -> Sequence[Challenge]:
    """Challenges a manager has to publish or return, the longest waiting first."""
    return db.session.scalars(
        select(Challenge)
        .where(Challenge.state == ChallengeState.PROPOSED, manages(actor, Challenge.programme_id))
        .order_by(Challenge.id)
        .limit(limit)
    ).all()


def programmes(actor: Actor) -> Sequence[Programme]:
    """Programmes in which this person sees a challenge, or which he manages."""
    seen = exists().where(Challenge.programme_id == Programme.id, visible(actor))
    return db.session.scalars(
        select(Programme).where(or_(manages(actor, Programme.id), seen)).order_by(Programme.title, Programme.id).limit(200)
    ).all()


def programme(actor: Actor, public_id: str) -> Programme | None:
    """A programme with at least one challenge this person may see, or which he manages."""
    seen = exists().where(Challenge.programme_id == Programme.id, visible(actor))
    return db.session.scalars(
        select(Programme).where(Programme.public_id == public_id, or_(manages(actor, Programme.id), seen))
    ).one_or_none()


def programmes_to_start_in(actor: Actor) -> Sequence[Programme]:
    """Programmes a new challenge may be put into; all, since a manager publishes it."""
    return db.session.scalars(select(Programme).order_by(Programme.id).limit(200)).all()


def topics(challenge_id: int) -> list[str]:
    """What a challenge is about, in alphabetical order."""
    found = select(Topic.topic).where(Topic.challenge_id == challenge_id).order_by(Topic.topic)
    return list(db.session.scalars(found))


def accepted(person_id: int, challenge: Challenge) -> TermsAcceptance | None:
    """A person's acceptance of the challenge's terms, if there is one."""
    return db.session.scalars(
        select(TermsAcceptance).where(
            TermsAcceptance.person_id == person_id,
            TermsAcceptance.challenge_id == challenge.id,
            TermsAcceptance.terms_id == challenge.terms_id,
        )
    ).one_or_none()


def terms(key: str, version: int, language: str) -> Terms | None:
    return db.session.scalars(
        select(Terms).where(Terms.key == key, Terms.version == version, Terms.language == language)
    ).one_or_none()


def rule_changes(challenge_id: int) -> Sequence[tuple[RuleChange, str | None]]:
    """How a challenge's rule was changed after judging had begun, the first change first: (change, whose it was).

    The name is None where nobody is named, or where that person is no longer here.
    """
    rows = db.session.execute(
        select(RuleChange, Person.name, Person.erased_at)
        .outerjoin(Person, Person.id == RuleChange.changed_by)
        .where(RuleChange.challenge_id == challenge_id)
        .order_by(RuleChange.number)
    )
    return [(row[0], row[1] if row[2] is None else None) for row in rows]


def decided_before(actor: Actor, challenge: Challenge, limit: int = 20) -> Sequence[Challenge]:
    """Other challenges of the same programme that are decided and that this person may see, the latest first."""
    return db.session.scalars(
        select(Challenge)
        .where(
            Challenge.programme_id == challenge.programme_id,
            Challenge.id != challenge.id,
            Challenge.state == ChallengeState.DECIDED,
            visible(actor),
        )
        .order_by(Challenge.decided_at.desc(), Challenge.id.desc())
        .limit(limit)
    ).all()
