"""What administrators say of this house on its pages: its name, and the texts everybody may read."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries
from innovation.people.events import HouseSettingChanged
from innovation.people.models import HostSetting, Organisation
from innovation.people.queries.house_settings import TEXTS
from innovation.rules import colours
from innovation.rules.policy import May

LOGO_BYTES = 200 * 1024
"""A logo stands on every page; a picture of the size it is shown at has a tenth of this."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture, encoded anew; its name changes with what it shows."""

    content: bytes
    media_type: str

    @property
    def name(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]


@use_case(May.RUN_THE_PLACE)
def name_house(*, actor: Actor, name: str, about: str, now: datetime = AT_LOCK) -> None:
    """Say whose installation this is, in one sentence too."""
    host = queries.host()
    if host is None:
        host = Organisation(name=name, is_host=True)
        db.session.add(host)
    host.name, host.about = name, about
    db.session.flush()
    emit(HouseSettingChanged(what="name", version=0), actor=actor, now=now)


@use_case(May.RUN_THE_PLACE)
def say(*, actor: Actor, what: str, text: str, now: datetime = AT_LOCK) -> None:
    """Give a text that everybody may read: a new version, dated; the ones before stay readable. The same text is none.

    Args:
        what: ``terms`` or ``privacy``.
    """
    if what not in TEXTS:
        raise Invalid("no_such_text")
    versions = queries.house_text(what)
    if versions and versions[-1].text == text:
        return
    every = [{"text": each.text, "since": each.since.isoformat()} for each in versions]
    keep(what, [*every, {"text": text, "since": now.isoformat()}], actor, now)
    emit(HouseSettingChanged(what=what, version=len(every) + 1), actor=actor, now=now)


@use_case(May.RUN_THE_PLACE)
def dress(*, actor: Actor, accent: str, logo: Logo | None, without_logo: bool = False, now: datetime = AT_LOCK) -> None:
    """Say in which colour and under which logo this house appears.

    Args:
        accent: as web pages write it; empty for the colour it comes with.
        logo: a new one; None keeps the one that is there.
        without_logo: take the logo that is there away.

    Raises:
        Invalid: ``not_a_colour``, ``logo_too_large``.
    """
    colour = colours.parse(accent) if accent.strip() else ""
    if colour is None:
        raise Invalid("not_a_colour", field="accent")
    if logo is not None and len(logo.content) > LOGO_BYTES:
        raise Invalid("logo_too_large", field="logo", most=LOGO_BYTES // 1024)
    before = queries.house_look()
    # A new picture wins over the wish to have none.
    name, media_type = (before.logo, before.logo_type) if logo is None else (logo.name, logo.media_type)
    if without_logo and logo is None:
        name = media_type = ""
    if name != before.logo:
        keep("logo", base64.b64encode(logo.content).decode() if logo else "", actor, now)
    keep("look", {"accent": colour, "logo": name, "logo_type": media_type}, actor, now)
    emit(HouseSettingChanged(what="look", version=0), actor=actor, now=now)


def keep(name: str, value: Any, actor: Actor, now: datetime) -> None:
    """Keep a setting under its name, inside a use case."""
    row = {"value": value, "changed_by": actor.person_id, "changed_at": now}
    statement = upsert(HostSetting).values(name=name, **row)
    db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))
