"""The words the policy table is written in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is to a subject. A person has several at once; each is established by the feature that owns it."""

    SIGNED_IN = "signed_in"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    SPONSOR = "sponsor"
    PANEL = "panel"
    CHECKER = "checker"
    """Looks at what is sent before others see it: whoever is named for that, else the sponsors."""
    AUDIENCE = "audience"
    AUTHOR = "author"
    WRITER = "writer"
    REPORTER = "reporter"
    DECIDER = "decider"
    MODERATOR = "moderator"
    TEAM = "team"
    LEAD = "lead"
    DEPUTY = "deputy"
    WINNER = "winner"
    APPROVER = "approver"
    """Named to approve the challenges of a programme, or stands in for who is."""
    PUBLISHER = "publisher"
    """Sponsor of a challenge for our own staff alone, in a programme that lets sponsors publish such ones."""
    FILER = "filer"
    """May add files where these are, as whoever owns them says."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a decision may rest on: the roles a person has towards the subject."""

    roles: frozenset[Role]


Predicate = Callable[[Case], bool]


def anyone(_case: Case) -> bool:
    return True


def is_a(role: Role) -> Predicate:
    """The person has this role towards the subject."""

    def holds(case: Case) -> bool:
        return role in case.roles

    return holds


def no_judge(case: Case) -> bool:
    """Neither sponsor nor panel member nor checker of this challenge: nobody takes part in what he decides."""
    return not case.roles & {Role.SPONSOR, Role.PANEL, Role.CHECKER}


def not_the_sponsor(case: Case) -> bool:
    """Not a sponsor of this challenge: nobody approves his own question."""
    return Role.SPONSOR not in case.roles


def not_author(case: Case) -> bool:
    """Not one of the idea's authors: nobody judges his own."""
    return Role.AUTHOR not in case.roles


def not_on_the_panel(case: Case) -> bool:
    """Not on the panel that judges here, whatever else."""
    return Role.PANEL not in case.roles


def not_on_the_team(case: Case) -> bool:
    """Neither author of the idea nor member of the project: nobody keeps a gate for his own work."""
    return not case.roles & {Role.AUTHOR, Role.TEAM, Role.LEAD}


def not_concerned(case: Case) -> bool:
    """Neither wrote what was reported nor reported it: nobody keeps order in his own cause."""
    return not case.roles & {Role.WRITER, Role.REPORTER}


def not_the_decider(case: Case) -> bool:
    """Somebody else than who decided first: nobody judges an objection to his own decision."""
    return Role.DECIDER not in case.roles


def not_the_writer(case: Case) -> bool:
    """Somebody else wrote it."""
    return Role.WRITER not in case.roles
