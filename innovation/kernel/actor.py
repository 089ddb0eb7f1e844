"""Who acts: one frozen value per request, command or clock tick, loaded once."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from innovation.rules.predicates import Role


class Origin(StrEnum):
    """The door an act came through."""

    WEB = "web"
    API = "api"
    CLI = "cli"
    CLOCK = "clock"
    IMPORT = "import"


class Circle(StrEnum):
    """How near a person stands to the host; never chosen by the person."""

    STAFF = "staff"
    PARTNER = "partner"
    EXPERT = "expert"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role somebody gave. ``scope`` is ``host``, ``programme`` or ``challenge``; ``scope_id`` is 0 for the host."""

    role: Role
    scope: str
    scope_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or nobody, or the house itself) with what was granted."""

    person_id: int | None
    name: str = ""
    circle: Circle | None = None
    organisation_id: int | None = None
    department_id: int | None = None
    grants: frozenset[Grant] = field(default_factory=frozenset)
    origin: Origin = Origin.WEB
    is_house: bool = False

    def holds(self, role: Role, scope: str = "host", scope_id: int = 0) -> bool:
        """Whether the role was granted in exactly this scope."""
        return Grant(role, scope, scope_id) in self.grants

    def scopes(self, role: Role, scope: str) -> frozenset[int]:
        """The ids of the programmes or challenges in which a role was granted."""
        return frozenset(g.scope_id for g in self.grants if g.role == role and g.scope == scope)

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def administrator(self) -> bool:
        return self.holds(Role.ADMINISTRATOR)


VISITOR = Actor(person_id=None)
"""Somebody who is not signed in."""


def house(origin: Origin) -> Actor:
    """The product itself, acting by the clock or for an operator at the command line; it may do everything."""
    return Actor(person_id=None, origin=origin, is_house=True)
