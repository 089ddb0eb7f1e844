"""Reading the domains whose people this house knows."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from innovation.kernel import openid, paging
from innovation.kernel.db import db
from innovation.people.models import EmailAddress, SignInDomain
from innovation.people.queries.person import email_key
from innovation.rules.mail_domains import domain_key, domain_of


def domain(name: str) -> SignInDomain | None:
    """What it means to have an address of this domain; None where nothing was said."""
    return db.session.scalars(
        select(SignInDomain)
        .options(joinedload(SignInDomain.organisation), joinedload(SignInDomain.department))
        .where(SignInDomain.domain == (domain_key(name) or ""))
    ).one_or_none()


def domain_of_address(email: str) -> SignInDomain | None:
    return domain(domain_of(email_key(email)))


def domains_page(cursor: str | None) -> paging.Page[SignInDomain]:
    """Every domain by name."""
    statement = select(SignInDomain).options(joinedload(SignInDomain.organisation), joinedload(SignInDomain.department))
    return paging.fetch(statement, [paging.Key(SignInDomain.domain)], cursor, lambda row: (row[0].domain,))


def signs_in_there(email: str) -> bool:
    """Whether people with an address of this domain sign in at the provider alone. It tells nothing about one address."""
    if openid.provider() is None:
        return False
    found = domain_of_address(email)
    return found is not None and found.by_provider


def person_signs_in_there(person_id: int) -> bool:
    """Whether this person has an address with which one signs in at the provider alone."""
    if openid.provider() is None:
        return False
    mine = db.session.scalars(select(EmailAddress.key).where(EmailAddress.person_id == person_id)).all()
    wanted = [domain_of(key) for key in mine]
    found = select(SignInDomain.id).where(SignInDomain.domain.in_(wanted), SignInDomain.by_provider)
    return db.session.scalar(found.limit(1)) is not None
