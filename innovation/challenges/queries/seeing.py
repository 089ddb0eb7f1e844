"""Which challenges an actor may see: one SQL predicate, :func:`visible`, and what it is made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from innovation.challenges.models import Audience, Challenge
from innovation.challenges.queries.approving import approves
from innovation.kernel.actor import Actor, Circle
from innovation.people.models import GrantRow
from innovation.rules.challenge import LIVE
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


def checks(actor: Actor) -> ColumnElement[bool]:
    """Challenges in which this person looks at what is sent before others see it: named for that, or their sponsor where
    nobody is named."""
    named, asked = actor.scopes(Role.CHECKER, "challenge"), actor.scopes(Role.SPONSOR, "challenge")
    lines: list[ColumnElement[bool]] = []
    if named:
        lines.append(Challenge.id.in_(named))
    if asked:
        lines.append(and_(Challenge.id.in_(asked), ~_checkers_named()))
    return and_(Challenge.checked_first, or_(*lines)) if lines else false()


def decides_in(actor: Actor) -> ColumnElement[bool]:
    """Challenges in which this person decides about what others send, so that he neither sends nor votes there."""
    return or_(works_on(actor), checks(actor))


def _checkers_named() -> ColumnElement[bool]:
    named = exists().where(
        GrantRow.role == Role.CHECKER,
        GrantRow.scope == "challenge",
        GrantRow.scope_id == Challenge.id,
        GrantRow.valid_to.is_(None),
    )
    return named.correlate(Challenge)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Challenges this person may see."""
    if actor.is_house:
        return true()
    return or_(
        and_(Challenge.state.in_(LIVE), in_audience(actor)),
        works_on(actor),
        checks(actor),
        manages(actor, Challenge.programme_id),
        approves(actor),
    )
