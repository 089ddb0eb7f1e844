"""Domains of addresses: where somebody stands who proves an address there, and whether he signs in at the provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from innovation.kernel import openid
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries
from innovation.people.events import DomainSettled
from innovation.people.models import SignInDomain
from innovation.people.service.employers import department_named, organisation_named
from innovation.rules.mail_domains import FREE, domain_key
from innovation.rules.policy import May


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an address of a domain means; ``organisation`` and ``department`` are names, '' for none."""

    circle: Circle
    organisation: str
    department: str
    by_provider: bool


@use_case(May.RUN_THE_PLACE)
def add(*, actor: Actor, name: str, meaning: Meaning, now: datetime = AT_LOCK) -> SignInDomain:
    """Say what an address of a domain means. It counts for who proves such an address from now on.

    Raises:
        Invalid: it is no domain, it was said already, or the domain means nothing (see :func:`_check`).
    """
    key = domain_key(name)
    if key is None:
        raise Invalid("no_domain", field="domain")
    if queries.domain(key) is not None:
        raise Invalid("domain_known", field="domain")
    _check(key, meaning)
    row = SignInDomain(domain=key, added_by=actor.person_id, added_at=now)
    _say(row, meaning)
    db.session.add(row)
    db.session.flush()
    emit(DomainSettled(domain_id=row.id, how="added"), actor=actor, now=now)
    return row


@use_case(May.RUN_THE_PLACE)
def change(*, actor: Actor, name: str, meaning: Meaning, now: datetime = AT_LOCK) -> None:
    """Say anew what an address of a domain means.

    Raises:
        Invalid: nothing was said of it yet, or the domain means nothing (see :func:`_check`).
    """
    row = _row(name)
    _check(row.domain, meaning)
    _say(row, meaning)
    emit(DomainSettled(domain_id=row.id, how="changed"), actor=actor, now=now)


@use_case(May.RUN_THE_PLACE)
def remove(*, actor: Actor, name: str, now: datetime = AT_LOCK) -> None:
    """Say nothing of a domain any more. Who stands somewhere by it stays there until he signs in at the provider again."""
    row = _row(name)
    emit(DomainSettled(domain_id=row.id, how="removed"), actor=actor, now=now)
    db.session.delete(row)


def _row(name: str) -> SignInDomain:
    row = queries.domain(name)
    if row is None:
        raise Invalid("domain_unknown", field="domain")
    return row


def _check(key: str, meaning: Meaning) -> None:
    """Refuse what would let strangers in: anybody can have an address at a provider of free mail."""
    if key in FREE and (meaning.circle != Circle.PUBLIC or meaning.by_provider):
        raise Invalid("anybodys_domain", field="circle" if meaning.circle != Circle.PUBLIC else "by_provider")
    if meaning.by_provider and openid.provider() is None:
        raise Invalid("no_provider", field="by_provider")
    if meaning.department and meaning.circle != Circle.STAFF:
        raise Invalid("department_of_staff", field="department")


def _say(row: SignInDomain, meaning: Meaning) -> None:
    row.circle, row.by_provider = meaning.circle, meaning.by_provider
    row.organisation_id = organisation_named(meaning.organisation)
    row.department_id = department_named(meaning.department)
