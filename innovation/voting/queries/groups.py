"""Which group a vote is counted in."""

from __future__ import annotations

from innovation.kernel.actor import Actor, Circle

UNVERIFIED = "u"
"""Everybody who signed up by himself: one group."""


def group_of(actor: Actor) -> str:
    """The group this person's votes are counted in."""
    return group_key(actor.circle, actor.organisation_id, actor.department_id)


def group_key(circle: str | None, organisation_id: int | None, department_id: int | None) -> str:
    """A vote's group: department, else organisation, else circle; all unverified people are one."""
    if circle is None or circle == Circle.PUBLIC:
        return UNVERIFIED
    if department_id is not None:
        return f"d{department_id}"
    return f"o{organisation_id}" if organisation_id is not None else f"c:{circle}"
