"""Reading who signs in: the holder of a token, a password's hash, a link from a mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select

from innovation.kernel import clock, ids
from innovation.kernel.actor import Actor, Circle, Grant
from innovation.kernel.db import db
from innovation.people.models import CircleMembership, Credential, EmailAddress, GrantRow, MailLink, Person, SignIn
from innovation.people.queries.domains import person_signs_in_there
from innovation.people.queries.person import email_key
from innovation.people.queries.single_sign_on import ProviderSignIn
from innovation.rules.predicates import Role


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as the frame of every page needs him."""

    actor: Actor
    language: str
    theme: str
    sign_in_id: int
    public_id: str
    shortcuts: bool
    provider: ProviderSignIn | None
    """Where he came from the sign-in provider: when it was asked about him last."""


def signed_in(token: str) -> Profile | None:
    """Who holds this sign-in token, with everything granted to him: one query."""
    return _profile(SignIn.token_digest == ids.digest(token), SignIn.revoked_at.is_(None), SignIn.expires_at > clock.now())


def _profile(*conditions: ColumnElement[bool]) -> Profile | None:
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.language,
            Person.theme,
            Person.public_id,
            Person.shortcuts,
            SignIn.id,
            SignIn.issuer,
            SignIn.checked_at,
            SignIn.created_at,
            SignIn.refresh_secret != "",
            CircleMembership.circle,
            CircleMembership.organisation_id,
            CircleMembership.department_id,
            GrantRow.role,
            GrantRow.scope,
            GrantRow.scope_id,
        )
        .select_from(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(CircleMembership, and_(CircleMembership.person_id == Person.id, CircleMembership.valid_to.is_(None)))
        .outerjoin(GrantRow, and_(GrantRow.person_id == Person.id, GrantRow.valid_to.is_(None)))
        .where(Person.disabled_at.is_(None), Person.erased_at.is_(None), *conditions)
    ).all()
    if not rows:
        return None
    person_id, name, language, theme, public_id, shortcuts, sign_in_id, issuer, *rest = rows[0]
    checked_at, created_at, can_be_asked, circle, organisation_id, department_id, *_ = rest
    grants = frozenset(Grant(Role(row.role), row.scope, row.scope_id) for row in rows if row.role)
    who = Actor(
        person_id=person_id,
        name=name,
        circle=Circle(circle) if circle else None,
        organisation_id=organisation_id,
        department_id=department_id,
        grants=grants,
    )
    provider = ProviderSignIn(sign_in_id, issuer, checked_at or created_at, bool(can_be_asked)) if issuer else None
    return Profile(who, language, theme, sign_in_id, public_id, shortcuts, provider)


def credential(typed: str) -> tuple[int, str] | None:
    """(person id, argon2 hash) for a confirmed address with a password; nobody who signs in at the provider has one."""
    row = db.session.execute(
        select(Person.id, Credential.secret)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .join(Credential, and_(Credential.person_id == Person.id, Credential.kind == "password"))
        .where(
            EmailAddress.key == email_key(typed),
            EmailAddress.verified_at.is_not(None),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
        )
    ).first()
    return (row[0], row[1]) if row and not person_signs_in_there(row[0]) else None


def password_of(person_id: int) -> str | None:
    """The argon2 hash of a person's password."""
    return db.session.scalar(select(Credential.secret).where(Credential.person_id == person_id))


def mail_link(link_id: int, nonce: str, purpose: str) -> MailLink | None:
    """A link that is still good."""
    return db.session.scalars(
        select(MailLink).where(
            MailLink.id == link_id,
            MailLink.nonce == nonce,
            MailLink.purpose == purpose,
            MailLink.used_at.is_(None),
            MailLink.expires_at > clock.now(),
        )
    ).one_or_none()


def demo_people(names_in_order: Sequence[str]) -> Sequence[Person]:
    """The demo's ready sign-ins, by foreign id."""
    found = {
        person.foreign_id: person
        for person in db.session.scalars(select(Person).where(Person.demo, Person.foreign_id.in_(names_in_order)))
    }
    return [found[name] for name in names_in_order if name in found]
