"""Verbs of operators."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import IO

from innovation.attachments.service import pictures
from innovation.attachments.service.kinds import sniff
from innovation.kernel import mail, openid, queue
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.ids import token
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries as people
from innovation.people.models import MailLink, Organisation
from innovation.people.service import accounts, grants, house_settings
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.settings import Settings


@use_case(May.RUN_THE_PLACE)
def retry(*, actor: Actor, delivery_id: int) -> bool:
    """Give a failed delivery its attempts back. False when it is not failed (any more)."""
    return queue.retry_failed(delivery_id)


@use_case(None)
def add_administrator(*, actor: Actor, email: str, name: str, now: datetime = AT_LOCK) -> MailLink:
    """Make somebody administrator, and a link by which to set a password."""
    person = people.by_email(email)
    if person is None:
        person = accounts.add_person(actor=actor, name=name, email=email, language="en", verified=True, now=now)
        host = people.host()
        accounts.place(person, Circle.STAFF, host.id if host else None, None, "manager", now)
    for role in (Role.ADMINISTRATOR, Role.MANAGER):
        grants.give(actor=actor, person_id=person.id, role=role, scope="host", scope_id=0, now=now)
    db.session.flush()
    address = people.address_of(person.id)
    assert address is not None
    link = MailLink(
        purpose="reset", address_id=address.id, nonce=token(), created_at=now, expires_at=now + timedelta(days=7)
    )
    db.session.add(link)
    db.session.flush()
    return link


@use_case(None)
def name_host(*, actor: Actor, name: str, about: str = "") -> Organisation:
    """Say whose installation this is; saying it again changes name and sentence."""
    host = people.host()
    if host is None:
        host = Organisation(name=name, is_host=True, about=about)
        db.session.add(host)
        db.session.flush()
    host.name, host.about = name, about
    return host


LOGO_SIDE = 480
"""Pixels of a logo's longer side: as wide as a telephone's screen shows it sharp."""


def logo(content: IO[bytes], name: str | None) -> house_settings.Logo:
    """A picture as it was sent, encoded anew at the size of a logo; called with no transaction open.

    Raises:
        Invalid: it is no picture that is taken.
    """
    kind = sniff(content, name or "")
    if not kind.is_image:
        raise Invalid("logo_not_an_image", field="logo")
    picture, _width, _height = pictures.encode_anew(content, kind.media_type, LOGO_SIDE)
    with picture:
        return house_settings.Logo(picture.read(), kind.media_type)


def try_mail(*, message: mail.Mail, settings: Settings) -> tuple[bool, str]:
    """Hand a mail over here and now. Returns whether it was taken, and what was said; called with no transaction open."""
    try:
        mail.send(message, settings)
    except (OSError, ValueError) as error:  # every trouble of a mail server, a network or a disk is one of these
        return False, f"{type(error).__name__}: {error}"
    return True, ""


def try_provider() -> tuple[bool, str]:
    """Ask the sign-in provider who it is. Returns whether it answered, and why not; called with no transaction open."""
    provider = openid.provider()
    if provider is None:
        return False, ""
    openid.forget()
    try:
        openid.depart(provider, provider.issuer)
    except openid.NoAnswer as error:
        return False, str(error)
    return True, ""


@use_case(May.RUN_THE_PLACE)
def note_test_mail(*, actor: Actor, taken: bool, said: str, server: str | None, now: datetime = AT_LOCK) -> None:
    """Remember what the mail server said to a test, and which one it was."""
    value = {"taken": taken, "said": said[:500], "server": server, "at": now.isoformat()}
    house_settings.keep("test_mail", value, actor, now)
