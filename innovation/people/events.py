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
class PeopleInvited(Fact):
    """A list of people was invited; each is stated by himself when his mail goes out."""

    list_id: int
    taken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationsCancelled(Fact):
    """What was not sent of a list yet was taken back."""

    list_id: int
    cancelled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRevoked(Fact):
    invitation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationBounced(Fact):
    """A mail server would not take an invitation's mail."""

    invitation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationDeclined(Fact):
    invitation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPassedOn(Fact):
    """Somebody who was invited named a colleague instead."""

    invitation_id: int
    to_invitation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverInviteSaid(Fact):
    """Somebody who was invited said that he never wants to be again."""

    invitation_id: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLinked(Fact):
    """A person came from the sign-in provider for the first time."""

    person_id: int
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderEndedSignIns(Fact):
    """The sign-in provider said that a person's sign-ins are over."""

    person_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainSettled(Fact):
    """What it means to have an address of a domain was said, changed, or taken back (``how``)."""

    domain_id: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessorNamed(Fact):
    person_id: int
    successor_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft(Fact):
    """A person is gone: what he owns passes to his successor. Whoever owns more of it listens."""

    person_id: int
    successor_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPassed(Fact):
    """One thing a leaver owned is his successor's now; ``subject_id`` is the row it is kept in, for invitations how many."""

    person_id: int
    successor_id: int
    duty: str
    subject_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLeft(Fact):
    """One thing a leaver owned did not pass, and why: a code."""

    person_id: int
    successor_id: int
    duty: str
    subject_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseSettingChanged(Fact):
    """An administrator said something of this house on its pages; ``version`` counts where it has versions."""

    what: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased(Fact):
    """What made this person somebody is gone; his number, his votes and what was decided stay."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChanged(Fact):
    """A person said something else of himself."""

    person_id: int
