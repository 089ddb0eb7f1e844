"""What administrators say of this house on its pages: its name, and the texts everybody may read."""

from __future__ import annotations

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
from innovation.rules.policy import May


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


def keep(name: str, value: Any, actor: Actor, now: datetime) -> None:
    """Keep a setting under its name, inside a use case."""
    row = {"value": value, "changed_by": actor.person_id, "changed_at": now}
    statement = upsert(HostSetting).values(name=name, **row)
    db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))
