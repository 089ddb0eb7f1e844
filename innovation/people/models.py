"""Who someone is. A person exists without an account; a circle, an organisation and a role are given, never taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.kernel.db import Base, JsonB, Keyed, Public, Sourced

_CURRENT = text("valid_to IS NULL")


class Organisation(Public, Sourced, Base):
    """Where people work. One of them is the host this installation belongs to."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("source", "foreign_id"),)

    name: Mapped[str] = mapped_column(String(200), unique=True)
    is_host: Mapped[bool] = mapped_column(default=False)
    about: Mapped[str] = mapped_column(Text, default="")
    results_page: Mapped[bool] = mapped_column(default=False)
    """Whether it wants a public page of its challenges and what came of them."""
    results_intro: Mapped[str] = mapped_column(Text, default="")


class Department(Keyed, Base):
    """A part of the host."""

    __tablename__ = "department"

    name: Mapped[str] = mapped_column(String(200), unique=True)


class Person(Public, Sourced, Base):
    """Somebody, with or without an account."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("source", "foreign_id"),
        CheckConstraint("language IN ('en', 'nl')", name="language"),
        CheckConstraint("theme IN ('auto', 'light', 'dark')", name="theme"),
        CheckConstraint("digest IN ('off', 'daily', 'weekly')", name="digest"),
        Index("ix_person_name", "name", "id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="en")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    job_title: Mapped[str] = mapped_column(String(200), default="")
    demo: Mapped[bool] = mapped_column(default=False)
    shortcuts: Mapped[bool] = mapped_column(default=True)
    """Whether single keys do something on pages."""
    digest: Mapped[str] = mapped_column(String(6), default="daily")
    digest_at: Mapped[datetime | None]
    """When the last digest was made (also an empty one, which is not sent)."""
    expertise: Mapped[list[str]] = mapped_column(JsonB, default=list)
    """What this person knows a lot about, in a few words each, as said by himself."""
    shown_by: Mapped[list[dict[str, str]]] = mapped_column(JsonB, default=list)
    """Links that show it: ``label`` and ``url``."""
    spoken: Mapped[list[str]] = mapped_column(JsonB, default=list)
    """Languages this person reads and writes, as tags such as ``nl``."""
    ask_me: Mapped[str] = mapped_column(Text, default="")
    """What he would like to be asked for."""
    named_publicly_at: Mapped[datetime | None]
    """Since when this person agrees to be named on public pages; empty: never asked for, or taken back."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    addresses: Mapped[list[EmailAddress]] = relationship(back_populates="person", lazy="raise")
    circles: Mapped[list[CircleMembership]] = relationship(back_populates="person", lazy="raise")


class EmailAddress(Keyed, Base):
    """An address as typed, and the folded key under which it is unique."""

    __tablename__ = "email_address"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    typed: Mapped[str] = mapped_column(String(320))
    key: Mapped[str] = mapped_column(String(320), unique=True)
    verified_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="addresses", lazy="raise")


class Credential(Keyed, Base):
    """A password's argon2id hash."""

    __tablename__ = "credential"
    __table_args__ = (CheckConstraint("kind IN ('password')", name="kind"), UniqueConstraint("person_id", "kind"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(10))
    secret: Mapped[str] = mapped_column(String(300))
    changed_at: Mapped[datetime]


class SignIn(Keyed, Base):
    """One device signed in; revoking the row ends it at the next request."""

    __tablename__ = "sign_in"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    issuer: Mapped[str] = mapped_column(String(300), default="")
    """The provider this sign-in came from; empty for a password, a link or an invitation."""
    provider_session: Mapped[str] = mapped_column(String(300), default="", index=True)
    """The provider's name for its session (``sid``), which it may end from its side."""
    refresh_secret: Mapped[str] = mapped_column(Text, default="")
    """The provider's refresh token, encrypted; with it is asked whether the account is still on there."""
    checked_at: Mapped[datetime | None]


class CircleMembership(Keyed, Base):
    """How near a person stands, where it is known from, and since when. At most one is current."""

    __tablename__ = "circle_membership"
    __table_args__ = (
        CheckConstraint("circle IN ('staff', 'partner', 'expert', 'public')", name="circle"),
        CheckConstraint(
            "verified_by IN ('invitation', 'domain', 'provider', 'manager', 'sign_up', 'import')", name="verified_by"
        ),
        Index("uq_circle_membership_current", "person_id", unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT),
        Index("ix_circle_membership_circle", "circle", sqlite_where=_CURRENT, postgresql_where=_CURRENT),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    circle: Mapped[str] = mapped_column(String(10))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    verified_by: Mapped[str] = mapped_column(String(12))
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="circles", lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    department: Mapped[Department | None] = relationship(lazy="raise")


class GrantRow(Keyed, Base):
    """A role that somebody gave to a person, in a scope (0 for the host)."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("role IN ('administrator', 'manager', 'sponsor', 'panel', 'checker')", name="role"),
        CheckConstraint("scope IN ('host', 'programme', 'challenge')", name="scope"),
        Index(
            "uq_role_grant_current",
            "person_id",
            "role",
            "scope",
            "scope_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index("ix_role_grant_scope", "scope", "scope_id", "role"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(10))
    scope_id: Mapped[int] = mapped_column(default=0)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])


class Invitation(Public, Base):
    """That somebody was asked to join, in which circle. Only a button on its page uses it up."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("circle IN ('staff', 'partner', 'expert', 'public')", name="circle"),
        Index("ix_invitation_email_key", "email_key"),
    )

    email_typed: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200), default="")
    circle: Mapped[str] = mapped_column(String(10))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    language: Mapped[str] = mapped_column(String(5), default="en")
    challenge_id: Mapped[int | None]
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    nonce: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(Text, default="")
    """A personal line above the brief, from who invites."""
    list_id: Mapped[int | None] = mapped_column(ForeignKey("invitation_list.id"))
    passed_on_from_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id"))
    """The invitation whose receiver named this colleague instead."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When its mail may go; a long list goes out bit by bit."""
    sent_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    bounce: Mapped[str] = mapped_column(String(300), default="")
    """What the mail server said."""
    expires_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    """When a newer invitation to the same address took its place."""
    revoked_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


class InvitationList(Public, Base):
    """People asked at once: who asked, and what became of the lines of the list."""

    __tablename__ = "invitation_list"
    __table_args__ = (
        CheckConstraint("circle IN ('staff', 'partner', 'expert', 'public')", name="circle"),
        Index("ix_invitation_list_made_by", "made_by", "id"),
    )

    challenge_id: Mapped[int | None]
    circle: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(5), default="en")
    message: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    taken: Mapped[int] = mapped_column(default=0)
    """Lines that became an invitation."""
    merged: Mapped[int] = mapped_column(default=0)
    """Lines with an address that another line had already."""
    known: Mapped[int] = mapped_column(default=0)
    """Lines of people who have an account already."""
    broken: Mapped[list[dict[str, Any]]] = mapped_column(JsonB, default=list)
    """Lines that could not be used: ``line`` number, its ``cells``, and a ``code``."""


class NeverInvite(Keyed, Base):
    """An address whose owner said: never again. Only a digest is kept, so that it can be obeyed after erasure too."""

    __tablename__ = "never_invite"

    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    said_at: Mapped[datetime]


class SignInDomain(Keyed, Base):
    """Whoever proves an address of this domain stands where it says; with a provider, he signs in there."""

    __tablename__ = "sign_in_domain"
    __table_args__ = (CheckConstraint("circle IN ('staff', 'partner', 'expert', 'public')", name="circle"),)

    domain: Mapped[str] = mapped_column(String(253), unique=True)
    circle: Mapped[str] = mapped_column(String(10))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    by_provider: Mapped[bool] = mapped_column(default=False)
    """Whether its people sign in at the provider alone, without a password here."""
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    department: Mapped[Department | None] = relationship(lazy="raise")


class ProviderAccount(Keyed, Base):
    """A person's account at the sign-in provider."""

    __tablename__ = "provider_account"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(300))
    linked_at: Mapped[datetime]


class Succession(Keyed, Base):
    """Who takes over what a person owns, and since when it was passed on."""

    __tablename__ = "succession"
    __table_args__ = (CheckConstraint("person_id <> successor_id", name="somebody_else"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]


class SetupLink(Keyed, Base):
    """A one-time link for the first administrator of an empty house."""

    __tablename__ = "setup_link"

    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class HostSetting(Keyed, Base):
    """What an administrator said of this house on its pages: a name, and a value."""

    __tablename__ = "host_setting"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    value: Mapped[Any] = mapped_column(JsonB)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class FormDraft(Keyed, Base):
    """What a person typed into a form and has not sent yet, kept so that any device can go on."""

    __tablename__ = "form_draft"
    __table_args__ = (UniqueConstraint("person_id", "place"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(String(120))
    """The address the form is sent to."""
    fields: Mapped[dict[str, Any]] = mapped_column(JsonB)
    saved_at: Mapped[datetime]


class MailLink(Keyed, Base):
    """A link sent to an address: to confirm it, or to set a new password. Used once, for a limited time."""

    __tablename__ = "mail_link"
    __table_args__ = (CheckConstraint("purpose IN ('confirm', 'reset')", name="purpose"),)

    purpose: Mapped[str] = mapped_column(String(10))
    address_id: Mapped[int] = mapped_column(ForeignKey("email_address.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
