"""Joining, signing in and out, and the password."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from innovation.kernel import ids
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries
from innovation.people.events import (
    AddressConfirmed,
    CircleChanged,
    ConfirmationAsked,
    KnownAddressSignedUp,
    NamingAnswered,
    PasswordChanged,
    PersonJoined,
    ResetAsked,
    SignedOutEverywhere,
)
from innovation.people.models import CircleMembership, Credential, EmailAddress, MailLink, Person, SignIn
from innovation.rules.policy import May

SIGN_IN_DAYS = 30
CONFIRM_HOURS = 48
RESET_HOURS = 2


@use_case(May.LOOK)
def sign_up(*, actor: Actor, name: str, email: str, password_hash: str, language: str, now: datetime = AT_LOCK) -> None:
    """Open an account in circle *public* and ask for the address to be confirmed.

    An address that is known already changes nothing and gets a mail that says so: whoever asks sees the same answer.

    Raises:
        Invalid: people with such an address sign in at the provider.
    """
    if queries.signs_in_there(email):
        raise Invalid("signs_in_there", field="email")
    try:
        person = add_person(actor=actor, name=name, email=email, language=language, verified=False, now=now)
    except Invalid:
        known = queries.by_email(email)
        if known is not None:
            emit(KnownAddressSignedUp(person_id=known.id), actor=actor, now=now)
        return
    place(person, Circle.PUBLIC, None, None, "sign_up", now)
    db.session.add(Credential(person_id=person.id, kind="password", secret=password_hash, changed_at=now))
    emit(PersonJoined(person_id=person.id, how="sign_up"), actor=actor, now=now)
    link = _mail_link(person.id, "confirm", now, timedelta(hours=CONFIRM_HOURS))
    assert link is not None
    emit(ConfirmationAsked(person_id=person.id, link_id=link.id), actor=actor, now=now)


@use_case(May.LOOK)
def confirm(*, actor: Actor, link_id: int, nonce: str, now: datetime = AT_LOCK) -> int:
    """Confirm the address a link was sent to. Returns the person's id.

    Raises:
        Invalid: the link was used, is too old, or is not ours.
    """
    link = _use(link_id, nonce, "confirm", now)
    address = db.session.get_one(EmailAddress, link.address_id)
    _prove(actor, address, now)
    emit(AddressConfirmed(person_id=address.person_id), actor=actor, now=now)
    return address.person_id


@use_case(May.LOOK)
def ask_reset(*, actor: Actor, email: str, now: datetime = AT_LOCK) -> None:
    """Send a link to set a new password, if the address belongs to somebody; the answer never tells.

    Raises:
        Invalid: people with such an address sign in at the provider.
    """
    if queries.signs_in_there(email):
        raise Invalid("signs_in_there", field="email")
    person = queries.by_email(email)
    if person is None or person.disabled_at is not None or person.demo or queries.person_signs_in_there(person.id):
        return
    link = _mail_link(person.id, "reset", now, timedelta(hours=RESET_HOURS))
    if link is not None:
        emit(ResetAsked(person_id=person.id, link_id=link.id), actor=actor, now=now)


@use_case(May.LOOK)
def reset(*, actor: Actor, link_id: int, nonce: str, password_hash: str, now: datetime = AT_LOCK) -> int:
    """Set a new password by a link; every device is signed out. Returns the person's id.

    Raises:
        Invalid: the link was used, is too old, or is not ours.
        NotPossible: this person signs in at the provider.
    """
    link = _use(link_id, nonce, "reset", now)
    address = db.session.get_one(EmailAddress, link.address_id)
    _no_password_there(address.person_id)
    _prove(actor, address, now)
    _set_password(address.person_id, password_hash, now)
    _revoke_all(address.person_id, now)
    emit(PasswordChanged(person_id=address.person_id), actor=actor, now=now)
    return address.person_id


@use_case(May.USE_ACCOUNT)
def change_password(*, actor: Actor, password_hash: str, now: datetime = AT_LOCK) -> None:
    """Set one's own password; every device is signed out, this one too.

    Raises:
        NotPossible: people of the demo have none, nor those who sign in at the provider.
    """
    assert actor.person_id is not None
    _no_password_there(actor.person_id)
    if db.session.get_one(Person, actor.person_id).demo:
        raise NotPossible("demo_has_no_password")
    _set_password(actor.person_id, password_hash, now)
    _revoke_all(actor.person_id, now)
    emit(PasswordChanged(person_id=actor.person_id), actor=actor, now=now)


@use_case(May.LOOK)
def sign_in(*, actor: Actor, person_id: int, device: str, now: datetime = AT_LOCK) -> str:
    """Begin a sign-in for a person whose proof the door has checked. Returns the token for the cookie.

    Raises:
        NotPossible: this person signs in at the provider, whatever else he has proved here.
    """
    _no_password_there(person_id)
    token = ids.token()
    db.session.add(
        SignIn(
            person_id=person_id,
            token_digest=ids.digest(token),
            device=device[:200],
            created_at=now,
            expires_at=now + timedelta(days=SIGN_IN_DAYS),
        )
    )
    return token


@use_case(May.USE_ACCOUNT)
def sign_out(*, actor: Actor, sign_in_id: int, now: datetime = AT_LOCK) -> None:
    """End this device's sign-in."""
    db.session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == actor.person_id).values(revoked_at=now)
    )


@use_case(May.USE_ACCOUNT)
def sign_out_everywhere(*, actor: Actor, now: datetime = AT_LOCK) -> None:
    """End every sign-in of this person."""
    assert actor.person_id is not None
    _revoke_all(actor.person_id, now)
    emit(SignedOutEverywhere(person_id=actor.person_id), actor=actor, now=now)


@use_case(May.USE_ACCOUNT)
def change_profile(*, actor: Actor, name: str, language: str, job_title: str) -> None:
    """Change what a person may say of himself; circle and organisation are not among it."""
    person = db.session.get_one(Person, actor.person_id)
    person.name, person.language, person.job_title = name, language, job_title


@use_case(May.USE_ACCOUNT)
def answer_naming(*, actor: Actor, agreed: bool, now: datetime = AT_LOCK) -> None:
    """Say whether public pages may name this person. A no holds from the next request on; a yes keeps its first day."""
    assert actor.person_id is not None
    person = db.session.get_one(Person, actor.person_id)
    if agreed == (person.named_publicly_at is not None):
        return
    person.named_publicly_at = now if agreed else None
    emit(NamingAnswered(person_id=actor.person_id, agreed=agreed), actor=actor, now=now)


@use_case(May.USE_ACCOUNT)
def choose_look(*, actor: Actor, theme: str | None = None, language: str | None = None) -> None:
    """Keep a person's choice of light or dark, or of language."""
    person = db.session.get_one(Person, actor.person_id)
    person.theme = theme or person.theme
    person.language = language or person.language


@use_case(May.USE_ACCOUNT)
def choose_shortcuts(*, actor: Actor, on: bool) -> None:
    """Keep whether single keys do something on this person's pages."""
    db.session.get_one(Person, actor.person_id).shortcuts = on


def add_person(*, actor: Actor, name: str, email: str, language: str, verified: bool, now: datetime) -> Person:
    """A new person with one address, inside a use case.

    Raises:
        Invalid: the address belongs to somebody already.
    """
    key = queries.email_key(email)
    if db.session.scalar(select(EmailAddress.id).where(EmailAddress.key == key)) is not None:
        raise Invalid("address_taken", field="email")
    person = Person(name=name, language=language, created_at=now)
    address = EmailAddress(typed=email.strip(), key=key, verified_at=now if verified else None)
    try:
        with db.session.begin_nested():
            db.session.add(person)
            db.session.flush()
            address.person_id = person.id
            db.session.add(address)
    except IntegrityError:  # somebody took the address between the question and the answer
        raise Invalid("address_taken", field="email") from None
    return person


def place(
    person: Person, circle: Circle, organisation_id: int | None, department_id: int | None, verified_by: str, now: datetime
) -> None:
    """Put a person into a circle, inside a use case; the one before ends at the same instant."""
    db.session.execute(
        update(CircleMembership)
        .where(CircleMembership.person_id == person.id, CircleMembership.valid_to.is_(None))
        .values(valid_to=now)
    )
    db.session.add(
        CircleMembership(
            person_id=person.id,
            circle=circle,
            organisation_id=organisation_id,
            department_id=department_id,
            verified_by=verified_by,
            valid_from=now,
        )
    )


def _no_password_there(person_id: int) -> None:
    if queries.person_signs_in_there(person_id):
        raise NotPossible("signs_in_there")


def _prove(actor: Actor, address: EmailAddress, now: datetime) -> None:
    """An address is its owner's from now on; the first time, he stands where its domain says, unless somebody placed him."""
    if address.verified_at is not None:
        return
    address.verified_at = now
    domain, present = queries.domain_of_address(address.typed), queries.circle_of(address.person_id)
    if domain is None or (present is not None and present.verified_by != "sign_up"):
        return
    person = db.session.get_one(Person, address.person_id)
    place(person, Circle(domain.circle), domain.organisation_id, domain.department_id, "domain", now)
    emit(CircleChanged(person_id=person.id, circle=domain.circle), actor=actor, now=now)


def _mail_link(person_id: int, purpose: str, now: datetime, good_for: timedelta) -> MailLink | None:
    address = queries.address_of(person_id)
    if address is None:
        return None
    link = MailLink(purpose=purpose, address_id=address.id, nonce=ids.token(), created_at=now, expires_at=now + good_for)
    db.session.add(link)
    db.session.flush()
    return link


def _use(link_id: int, nonce: str, purpose: str, now: datetime) -> MailLink:
    """Use a link up, once under any race: the UPDATE decides who was first."""
    used = db.session.scalar(
        update(MailLink)
        .where(
            MailLink.id == link_id,
            MailLink.nonce == nonce,
            MailLink.purpose == purpose,
            MailLink.used_at.is_(None),
            MailLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(MailLink.id)
    )
    if used is None:
        raise Invalid("link_spent")
    return db.session.get_one(MailLink, used)


def _set_password(person_id: int, password_hash: str, now: datetime) -> None:
    credential = db.session.scalars(select(Credential).where(Credential.person_id == person_id)).one_or_none()
    if credential is None:
        db.session.add(Credential(person_id=person_id, kind="password", secret=password_hash, changed_at=now))
    else:
        credential.secret, credential.changed_at = password_hash, now


def _revoke_all(person_id: int, now: datetime) -> None:
    db.session.execute(
        update(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None)).values(revoked_at=now)
    )
