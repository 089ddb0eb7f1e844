"""Signing in by way of the provider: who comes in, where he then stands, and when he is out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from innovation.kernel import ids, openid, vault
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db, lock
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries
from innovation.people.events import CircleChanged, PersonJoined, ProviderEndedSignIns, ProviderLinked
from innovation.people.models import Credential, EmailAddress, MailLink, Person, ProviderAccount, SignIn, SignInDomain
from innovation.people.service import leaving
from innovation.people.service.accounts import SIGN_IN_DAYS, add_person, place
from innovation.people.service.employers import department_named
from innovation.rules.policy import May

MARK = "provider."
"""How the token of a sign-in from the provider begins, so that no other costs a look at when it was asked about."""
UNASKED_HOURS = 8
"""How long a sign-in lasts about which the provider cannot be asked: it gave no token for that."""
ASKING = timedelta(seconds=30)
"""How long somebody who asks the provider keeps others from asking; longer than an answer can take."""
_PURPOSE = "provider"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody as the provider describes him.

    Attributes:
        email: his address, '' if none was given; ``proven`` whether the provider says that it is his.
        session: the provider's name for its own session, '' if it gave none.
        refresh_token: with which to ask about him later, '' for none.
    """

    issuer: str
    subject: str
    email: str
    proven: bool
    name: str
    department: str
    session: str
    refresh_token: str


@use_case(May.LOOK)
def come_in(
    *,
    actor: Actor,
    visitor: Visitor,
    device: str,
    language: str,
    strangers_welcome: bool,
    now: datetime = AT_LOCK,
) -> str:
    """Let somebody in who signed in at the provider. Returns the token for the cookie.

    Args:
        strangers_welcome: whether an address of a domain of which nothing was said opens an account (circle *public*).

    Raises:
        Invalid: ``address_not_verified``, ``nobody_known`` (and strangers are not welcome), ``another_account`` (the
            address belongs to somebody whom the provider knows under another account), ``account_off``.
    """
    domain = queries.domain_of_address(visitor.email) if visitor.email else None
    proven = bool(visitor.email) and (visitor.proven or (domain is not None and domain.by_provider))
    account = queries.linked(visitor.issuer, visitor.subject)
    if account is not None:
        person = queries.may_come_in(account.person_id)
    elif not proven:
        raise Invalid("address_not_verified")
    else:
        person = _recognised(actor, visitor, now) or _newcomer(actor, visitor, domain, language, strangers_welcome, now)
        _link(actor, person, visitor, now)
    if person is None:
        raise Invalid("account_off")
    if proven:
        _follow(actor, person, visitor, domain, now)
    return _begin(person, visitor, device, now)


def _recognised(actor: Actor, visitor: Visitor, now: datetime) -> Person | None:
    """The person who has this address already, and nobody else's account at the provider."""
    known = queries.by_email(visitor.email)
    if known is None:
        return None
    lock(select(Person).where(Person.id == known.id).with_for_update())
    if queries.linked_subject(known.id, visitor.issuer) not in (None, visitor.subject):
        raise Invalid("another_account")
    if known.disabled_at is not None:
        raise Invalid("account_off")
    address = db.session.scalars(select(EmailAddress).where(EmailAddress.key == queries.email_key(visitor.email))).one()
    if address.verified_at is None:
        _make_his(known, address, visitor, now)
    return known


def _make_his(person: Person, address: EmailAddress, visitor: Visitor, now: datetime) -> None:
    """Somebody signed up with this address and never proved it: nothing he set lets anybody in from now on.

    Raises:
        Invalid: that person has proved another address, so he is somebody.
    """
    others = select(EmailAddress.id).where(EmailAddress.person_id == person.id, EmailAddress.verified_at.is_not(None))
    if db.session.scalar(others.limit(1)) is not None:
        raise Invalid("address_not_verified")
    address.verified_at = now
    person.name = visitor.name or person.name
    for credential in db.session.scalars(select(Credential).where(Credential.person_id == person.id)):
        db.session.delete(credential)
    db.session.execute(
        update(MailLink).where(MailLink.address_id == address.id, MailLink.used_at.is_(None)).values(used_at=now)
    )
    _end(SignIn.person_id == person.id, now)


def _newcomer(
    actor: Actor, visitor: Visitor, domain: SignInDomain | None, language: str, strangers_welcome: bool, now: datetime
) -> Person:
    if domain is None and not strangers_welcome:
        raise Invalid("nobody_known")
    name = visitor.name or visitor.email.partition("@")[0]
    person = add_person(actor=actor, name=name, email=visitor.email, language=language, verified=True, now=now)
    if domain is None:
        place(person, Circle.PUBLIC, None, None, "sign_up", now)
    emit(PersonJoined(person_id=person.id, how="provider"), actor=actor, now=now)
    return person


def _link(actor: Actor, person: Person, visitor: Visitor, now: datetime) -> None:
    account = ProviderAccount(person_id=person.id, issuer=visitor.issuer, subject=visitor.subject, linked_at=now)
    db.session.add(account)
    db.session.flush()
    emit(ProviderLinked(person_id=person.id, account_id=account.id), actor=actor, now=now)


def _follow(actor: Actor, person: Person, visitor: Visitor, domain: SignInDomain | None, now: datetime) -> None:
    """Stand where the provider and the domain say. What was said before by the domain alone ends with the domain."""
    present = queries.circle_of(person.id)
    if domain is None:
        if present is None or present.verified_by == "provider":
            _stand(actor, person, (Circle.PUBLIC, None, None), "sign_up", now)
        return
    department = None
    if domain.circle == Circle.STAFF:
        department = department_named(visitor.department[:200]) if visitor.department else domain.department_id
    wanted = (Circle(domain.circle), domain.organisation_id, department)
    if present is None or (present.circle, present.organisation_id, present.department_id) != wanted:
        _stand(actor, person, wanted, "provider", now)
    elif present.verified_by != "provider":
        place(person, *wanted, "provider", now)


def _stand(
    actor: Actor, person: Person, where: tuple[Circle, int | None, int | None], verified_by: str, now: datetime
) -> None:
    place(person, *where, verified_by, now)
    emit(CircleChanged(person_id=person.id, circle=where[0].value), actor=actor, now=now)


def _begin(person: Person, visitor: Visitor, device: str, now: datetime) -> str:
    token = MARK + ids.token()
    asked_about = bool(visitor.refresh_token)
    lasts = timedelta(days=SIGN_IN_DAYS) if asked_about else timedelta(hours=UNASKED_HOURS)
    db.session.add(
        SignIn(
            person_id=person.id,
            token_digest=ids.digest(token),
            device=device[:200],
            created_at=now,
            expires_at=now + lasts,
            issuer=visitor.issuer,
            provider_session=visitor.session[:300],
            refresh_secret=vault.lock_away(visitor.refresh_token.encode(), _PURPOSE) if asked_about else "",
            checked_at=now,
        )
    )
    return token


def is_due(sign_in: queries.ProviderSignIn, now: datetime, every: int) -> bool:
    """Whether the provider is to be asked about a sign-in now."""
    return sign_in.can_be_asked and sign_in.asked_at + timedelta(seconds=every) <= now


def still_on(provider: openid.Provider, sign_in: queries.ProviderSignIn, every: int, grace: timedelta) -> bool:
    """Ask the provider about a sign-in that is due; False when it is over. Called with no transaction open.

    One asks at a time: whoever finds somebody asking goes on as before. A provider that does not answer changes nothing
    until ``grace`` has passed since its last answer; then one has to sign in again.
    """
    who = house(Origin.WEB)
    kept = claim(actor=who, sign_in_id=sign_in.sign_in_id, seen=sign_in.asked_at, every=every)
    if kept is None:
        return True
    secret = vault.take_out(kept, _PURPOSE)
    if secret is None:  # written under a secret key that is gone
        end(actor=who, sign_in_id=sign_in.sign_in_id)
        return False
    try:
        following = openid.ask_again(provider, secret.decode())
    except openid.SwitchedOff:
        end_all(actor=who, sign_in_id=sign_in.sign_in_id)
        return False
    except openid.NoAnswer:
        return wait(actor=who, sign_in_id=sign_in.sign_in_id, seen=sign_in.asked_at, grace=grace)
    stands(actor=who, sign_in_id=sign_in.sign_in_id, secret=vault.lock_away(following.encode(), _PURPOSE))
    return True


@use_case(None)
def claim(*, actor: Actor, sign_in_id: int, seen: datetime, every: int, now: datetime = AT_LOCK) -> str | None:
    """Be the one who asks, for :data:`ASKING`. Returns the kept secret to ask with; None if it is somebody else's turn."""
    return db.session.scalar(
        update(SignIn)
        .where(
            SignIn.id == sign_in_id,
            SignIn.revoked_at.is_(None),
            SignIn.checked_at == seen,
            SignIn.checked_at <= now - timedelta(seconds=every),
        )
        .values(checked_at=now + ASKING)
        .returning(SignIn.refresh_secret)
    )


@use_case(None)
def stands(*, actor: Actor, sign_in_id: int, secret: str, now: datetime = AT_LOCK) -> None:
    """The provider says that a sign-in stands, and with which secret to ask next time."""
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(checked_at=now, refresh_secret=secret))


@use_case(None)
def wait(*, actor: Actor, sign_in_id: int, seen: datetime, grace: timedelta, now: datetime = AT_LOCK) -> bool:
    """The provider does not answer: keep its last answer for a while, then end the sign-in. Returns whether it stands."""
    if now - seen > grace:
        _end(SignIn.id == sign_in_id, now)
        return False
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(checked_at=seen))
    return True


@use_case(None)
def end(*, actor: Actor, sign_in_id: int, now: datetime = AT_LOCK) -> None:
    """End one sign-in."""
    _end(SignIn.id == sign_in_id, now)


@use_case(None)
def end_all(*, actor: Actor, sign_in_id: int, now: datetime = AT_LOCK) -> None:
    """The provider says that a person is out there: he is out here too, on every device, and a successor takes over."""
    row = db.session.get_one(SignIn, sign_in_id)
    _end((SignIn.person_id == row.person_id) & (SignIn.issuer == row.issuer), now)
    emit(ProviderEndedSignIns(person_id=row.person_id, why="refused"), actor=actor, now=now)
    leaving.pass_on(actor=actor, person_id=row.person_id, now=now)


@use_case(None)
def log_out(*, actor: Actor, issuer: str, session: str, subject: str, now: datetime = AT_LOCK) -> None:
    """End what a logout token of the provider names: one session, or everything of one person."""
    account = queries.linked(issuer, subject) if subject else None
    if session:
        which = SignIn.provider_session == session
    elif account is not None:
        which = SignIn.person_id == account.person_id
    else:
        return
    ended = _end((SignIn.issuer == issuer) & which, now)
    for person_id in sorted(ended):
        emit(ProviderEndedSignIns(person_id=person_id, why="logged_out"), actor=actor, now=now)


def _end(which: ColumnElement[bool], now: datetime) -> set[int]:
    """End sign-ins and forget what the provider could be asked with. Returns whose they were."""
    rows = db.session.scalars(
        update(SignIn)
        .where(which, SignIn.revoked_at.is_(None))
        .values(revoked_at=now, refresh_secret="")
        .returning(SignIn.person_id)
    )
    return set(rows)
