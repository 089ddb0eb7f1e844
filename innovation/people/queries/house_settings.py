"""Reading what administrators said of this house, and whether it has one."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select

from innovation.kernel import ids
from innovation.kernel.db import db
from innovation.people.models import GrantRow, HostSetting, Person, SetupLink
from innovation.rules.predicates import Role

TEXTS = ("terms", "privacy")
"""Texts that everybody may read, each with its versions."""


@dataclass(frozen=True, slots=True)
class Version:
    """A text as it read since a day."""

    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """In which colour a house appears (``#rrggbb``) and the name of its logo; empty for what it did not choose."""

    accent: str = ""
    logo: str = ""
    logo_type: str = ""


def has_administrator() -> bool:
    """Whether anybody runs this place who can sign in."""
    held = (
        select(GrantRow.id)
        .join(Person, Person.id == GrantRow.person_id)
        .where(GrantRow.role == Role.ADMINISTRATOR, GrantRow.scope == "host", GrantRow.valid_to.is_(None))
        .where(Person.disabled_at.is_(None), Person.erased_at.is_(None))
    )
    return db.session.scalar(held.limit(1)) is not None


def setup_link_holds(token: str, now: datetime) -> bool:
    """Whether the first administrator's link still works."""
    row = select(SetupLink.id).where(
        SetupLink.token_digest == ids.digest(token), SetupLink.used_at.is_(None), SetupLink.expires_at > now
    )
    return db.session.scalar(row) is not None and not has_administrator()


def house_setting(name: str) -> Any:
    """What was said under a name; None for nothing."""
    return db.session.scalar(select(HostSetting.value).where(HostSetting.name == name))


def house_text(what: str) -> list[Version]:
    """The versions of a text, the first one first; none where it was not given."""
    return [
        Version(each["text"], datetime.fromisoformat(each["since"]))
        for each in (house_setting(what) or [] if what in TEXTS else [])
    ]


def house_look() -> Look:
    """How this house appears."""
    return Look(**(house_setting("look") or {}))


def house_logo(name: str) -> tuple[bytes, str] | None:
    """The logo of this name and its media type; None when it is not the one in use."""
    look = house_look()
    kept = house_setting("logo") if look.logo and look.logo == name else None
    return (base64.b64decode(kept), look.logo_type) if kept else None


def said_of_house() -> tuple[list[str], Look]:
    """What every page shows of this house besides its name: which texts there are to read, and how it appears. One query."""
    # The texts themselves are long: of them the names alone are asked for.
    value = case((HostSetting.name == "look", HostSetting.value), else_=None)
    rows = db.session.execute(select(HostSetting.name, value).where(HostSetting.name.in_([*TEXTS, "look"])))
    found: dict[str, Any] = {row[0]: row[1] for row in rows}
    return [each for each in TEXTS if each in found], Look(**(found.get("look") or {}))
