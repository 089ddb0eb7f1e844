"""Reading who asks and who reads: the people that hold a role in a challenge, and who may know their names.

A sponsor may withhold his name. Who learns it all the same is decided here alone: :func:`knows_sponsor` for one challenge,
:func:`names_sponsor` for many in SQL. Everybody else reads of "a sponsor", wherever a name, a person or the organisation of
the challenge would stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from innovation.challenges.models import Challenge, Deputy
from innovation.challenges.queries.approving import approves, is_approver
from innovation.challenges.queries.deputies import asks_himself
from innovation.challenges.queries.seeing import manages, works_on
from innovation.kernel.actor import VISITOR, Actor
from innovation.kernel.db import db
from innovation.people.models import GrantRow, Person
from innovation.rules.predicates import Role


def names_sponsor(actor: Actor) -> ColumnElement[bool]:
    """Challenges whose sponsors this person may know: all but those that withhold it; these are known to sponsors, panel,
    managers, administrators and who approves them."""
    if actor.is_house or actor.administrator:
        return true()
    near = works_on(actor), manages(actor, Challenge.programme_id), approves(actor)
    return or_(Challenge.sponsor_withheld.is_(False), *near)


def knows_sponsor(actor: Actor, challenge: Challenge) -> bool:
    """Whether this person may know who asks: :func:`names_sponsor` of one challenge."""
    if not challenge.sponsor_withheld or actor.is_house or actor.administrator or actor.holds(Role.MANAGER):
        return True
    near = actor.scopes(Role.SPONSOR, "challenge") | actor.scopes(Role.PANEL, "challenge")
    manages_it = actor.holds(Role.MANAGER, "programme", challenge.programme_id)
    return challenge.id in near or manages_it or is_approver(actor, challenge)


def withheld(actor: Actor, challenge: Challenge) -> frozenset[int]:
    """The people whose names are kept from this person wherever they act in a challenge: its sponsors, past ones too.

    No query where the sponsor withholds nothing, or this person may know.
    """
    return frozenset() if knows_sponsor(actor, challenge) else _askers(challenge.id) - {actor.person_id or 0}


def withheld_in(actor: Actor, challenge_id: int) -> frozenset[int]:
    """:func:`withheld` of a challenge by its id."""
    return withheld(actor, db.session.get_one(Challenge, challenge_id))


def unnamed(actor: Actor, challenge_ids: Iterable[int]) -> frozenset[int]:
    """Those of some challenges whose sponsors are kept from this person: one query, none for whoever knows them all."""
    if actor.is_house or actor.administrator or actor.holds(Role.MANAGER):
        return frozenset()
    kept = select(Challenge.id).where(Challenge.id.in_(list(challenge_ids)), ~names_sponsor(actor))
    return frozenset(db.session.scalars(kept))


def is_withheld(actor: Actor, person_id: Any) -> ColumnElement[bool]:
    """Whether a person is kept back from this one, in SQL; the challenge must be joined."""
    if actor.is_house or actor.administrator:
        return false()
    asks, deputy = aliased(GrantRow), aliased(Deputy)
    asked = select(asks.id).where(
        asks.role == Role.SPONSOR, asks.scope == "challenge", asks.scope_id == Challenge.id, asks.person_id == person_id
    )
    stands_in = select(deputy.id).where(
        deputy.role == "sponsor", deputy.challenge_id == Challenge.id, deputy.deputy_id == person_id
    )
    either = or_(asked.correlate_except(asks).exists(), stands_in.correlate_except(deputy).exists())
    return and_(~names_sponsor(actor), person_id != (actor.person_id or 0), either)


def sponsors(challenge_id: int) -> Sequence[Person]:
    """The people who answer for a challenge, first named first, their deputies left out: for the house's own work and for
    those who name them.

    What others are shown is read by :func:`sponsors_shown`.
    """
    return db.session.scalars(
        select(Person)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(
            GrantRow.role == Role.SPONSOR,
            GrantRow.scope == "challenge",
            GrantRow.scope_id == challenge_id,
            GrantRow.valid_to.is_(None),
            asks_himself(),
        )
        .order_by(GrantRow.id)
    ).all()


def sponsors_shown(actor: Actor, challenge: Challenge) -> Sequence[Person]:
    """The people who answer for a challenge, as far as this person may know them; nobody where the name is withheld."""
    return sponsors(challenge.id) if knows_sponsor(actor, challenge) else []


def sponsor_names(challenge_ids: Iterable[int], actor: Actor = VISITOR) -> dict[int, str]:
    """Who asks, by challenge id, for lists: the names of the people who answer for each challenge.

    A challenge whose sponsor withholds his name is missing, unless this person may know it.
    """
    rows = db.session.execute(
        select(GrantRow.scope_id, Person.name)
        .join(Person, Person.id == GrantRow.person_id)
        .join(Challenge, Challenge.id == GrantRow.scope_id)
        .where(
            GrantRow.role == Role.SPONSOR,
            GrantRow.scope == "challenge",
            GrantRow.scope_id.in_(list(challenge_ids)),
            GrantRow.valid_to.is_(None),
            names_sponsor(actor),
            asks_himself(),
        )
        .order_by(GrantRow.id)
    )
    found: dict[int, list[str]] = {}
    for challenge_id, name in rows:
        found.setdefault(challenge_id, []).append(name)
    return {challenge_id: ", ".join(names) for challenge_id, names in found.items()}


NAME_WITHHELD = ""
"""Stands in a list of readers for a sponsor who withholds his name; pages say it in words."""


def readers_of_sealed(challenge_id: int, actor: Actor = VISITOR) -> Sequence[str]:
    """The names of everyone who will read a sealed idea besides its authors; :data:`NAME_WITHHELD` for each whose name is
    kept from this person."""
    return _names_of(challenge_id, [Role.SPONSOR, Role.PANEL], actor)


def checker_names(challenge: Challenge, actor: Actor = VISITOR) -> Sequence[str]:
    """The names of everyone who reads an idea before others do: whoever is named for that, else the sponsors; nobody where
    ideas are not checked first. Names are kept back as in :func:`readers_of_sealed`."""
    if not challenge.checked_first:
        return []
    return _names_of(challenge.id, [Role.CHECKER], actor) or _names_of(challenge.id, [Role.SPONSOR], actor)


def _names_of(challenge_id: int, roles: Sequence[Role], actor: Actor) -> Sequence[str]:
    rows = db.session.execute(
        select(Person.id, Person.name)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(
            GrantRow.role.in_(roles),
            GrantRow.scope == "challenge",
            GrantRow.scope_id == challenge_id,
            GrantRow.valid_to.is_(None),
        )
        .order_by(Person.name)
        .distinct()
    ).all()
    kept = withheld_in(actor, challenge_id)
    named = [row.name for row in rows if row.id not in kept]
    return [*named, *[NAME_WITHHELD] * (len(rows) - len(named))]


def shown_names(actor: Actor, challenge_id: int, names: Mapping[int, str]) -> dict[int, str]:
    """Names by person id, as this person may read them in a challenge: without those that are withheld."""
    kept = withheld_in(actor, challenge_id)
    return {person_id: name for person_id, name in names.items() if person_id not in kept}


def _askers(challenge_id: int) -> frozenset[int]:
    """Who answers for a challenge or ever did, and who stands in for them."""
    asks = select(GrantRow.person_id).where(
        GrantRow.role == Role.SPONSOR, GrantRow.scope == "challenge", GrantRow.scope_id == challenge_id
    )
    stands_in = select(Deputy.deputy_id).where(Deputy.role == "sponsor", Deputy.challenge_id == challenge_id)
    return frozenset(db.session.scalars(asks.union(stands_in)))
