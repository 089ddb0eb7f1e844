"""What happens to people."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonJoined(Fact):
    person_id: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationAsked(Fact):
    person_id: int
    link_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAddressSignedUp(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressConfirmed(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetAsked(Fact):
    person_id: int
    link_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOutEverywhere(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited(Fact):
    invitation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted(Fact):
    invitation_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleChanged(Fact):
    person_id: int
    circle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Fact):
    person_id: int
    role: str
    scope: str
    scope_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRevoked(Fact):
    person_id: int
    role: str
    scope: str
    scope_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingAnswered(Fact):
    """A person said whether public pages may name him."""

    person_id: int
    agreed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPageChanged(Fact):
    """An organisation's public page was switched on or off, or introduced anew."""

    organisation_id: int
    shown: bool
