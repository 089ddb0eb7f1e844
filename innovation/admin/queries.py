"""Reading the outbox and the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url, select

from innovation.kernel import clock, paging
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, DeliveryState, Event
from innovation.kernel.queue import ClockTick
from innovation.people import queries as people
from innovation.settings import Settings

ALIVE = timedelta(minutes=3)
"""A clock that did nothing for so long, or a worker that let something lie for so long, is not there."""


def failed(cursor: str | None) -> paging.Page[tuple[Delivery, Event]]:
    """Deliveries that were given up, the newest first, with their facts."""
    statement = (
        select(Delivery, Event).join(Event, Event.id == Delivery.event_id).where(Delivery.state == DeliveryState.FAILED)
    )
    return paging.fetch(statement, [paging.Key(Delivery.id, True)], cursor, lambda row: (row[0].id,))


def waiting(limit: int = 20) -> Sequence[tuple[Delivery, Event]]:
    """Deliveries that are due or will be tried again, the soonest first."""
    rows = db.session.execute(
        select(Delivery, Event)
        .join(Event, Event.id == Delivery.event_id)
        .where(Delivery.state == DeliveryState.DUE)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
    ).all()
    return [(row[0], row[1]) for row in rows]


def ticks() -> Sequence[ClockTick]:
    """When each regular work ran last, and its error if it failed."""
    return db.session.scalars(select(ClockTick).order_by(ClockTick.name)).all()


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing that a house needs.

    Attributes:
        about: which thing; the page has the words.
        tone: ``good``, ``wait`` (to be done), ``stop`` (wrong) or ``note`` (cannot be told from here).
        code: what was found.
        values: what the words speak of.
    """

    about: str
    tone: str
    code: str
    values: dict[str, Any]


def findings(settings: Settings, asked_at: str) -> list[Finding]:
    """Everything a new house needs, in the order in which one would see to it; nothing outside is asked here.

    Args:
        asked_at: scheme and host at which this very request arrived.
    """
    return [
        _address(settings, asked_at),
        _line(settings, asked_at),
        _mail(settings),
        _name(),
        _sign_in(settings),
        *(_text(each) for each in ("terms", "privacy")),
        _backup(settings),
        _clock(),
        _worker(),
    ]


def _address(settings: Settings, asked_at: str) -> Finding:
    same = asked_at.rstrip("/") == settings.base_url.rstrip("/")
    values = {"set": settings.base_url, "asked": asked_at}
    return Finding("address", "good" if same else "stop", "same" if same else "differs", values)


def _line(settings: Settings, asked_at: str) -> Finding:
    base = urlsplit(settings.base_url)
    if base.scheme == "https":
        seen = asked_at.rstrip("/") == settings.base_url.rstrip("/")
        return Finding("line", "good" if seen else "note", "encrypted" if seen else "unseen", {})
    return Finding("line", "note", "own_machine", {}) if _is_own(base.hostname) else Finding("line", "stop", "open", {})


def _is_own(host: str | None) -> bool:
    if host in (None, "localhost"):
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def mail_server(settings: Settings) -> str | None:
    """The mail server's name; None where mails are kept as files."""
    return urlsplit(settings.smtp_url).hostname if settings.smtp_url else None


def _mail(settings: Settings) -> Finding:
    tried = people.house_setting("test_mail")
    server = mail_server(settings)
    values: dict[str, Any] = {"server": server, "from": settings.mail_from, "folder": str(settings.mail_folder)}
    if tried is None or tried.get("server") != server:
        return Finding("mail", "wait", "untried" if server else "no_server", values)
    values |= {"said": tried["said"], "at": datetime.fromisoformat(tried["at"])}
    if not server:
        return Finding("mail", "wait", "written" if tried["taken"] else "not_written", values)
    return Finding("mail", "good" if tried["taken"] else "stop", "taken" if tried["taken"] else "refused", values)


def _name() -> Finding:
    host = people.host()
    return Finding("name", "good" if host else "wait", "named" if host else "nameless", {"name": host.name if host else ""})


def _sign_in(settings: Settings) -> Finding:
    domains = people.domains_page(None)
    values = {
        "provider": settings.oidc_name,
        "domains": ", ".join(each.domain for each in domains.items[:3]),
        "sign_up": settings.sign_up,
    }
    if not domains.items:
        return Finding("sign_in", "wait" if settings.oidc_issuer else "note", "no_domain", values)
    there = any(each.by_provider for each in domains.items)
    return Finding("sign_in", "good", "provider" if there and settings.oidc_issuer else "domains", values)


def _text(what: str) -> Finding:
    versions = people.house_text(what)
    since = versions[-1].since if versions else None
    return Finding(what, "good" if versions else "wait", "given" if versions else "missing", {"since": since})


def _backup(settings: Settings) -> Finding:
    own = str(settings.home.resolve())
    database = own if settings.embedded else make_url(settings.database_url).render_as_string(hide_password=True)
    files = settings.files_url or (own if settings.embedded else str((settings.home / "files").resolve()))
    values = {"target": settings.backup_target, "places": ", ".join(dict.fromkeys([database, files]))}
    said = bool(settings.backup_target)
    return Finding("backup", "note" if said else "wait", "said" if said else "unsaid", values)


def _clock() -> Finding:
    last = db.session.scalar(
        select(ClockTick.ran_at).where(ClockTick.ran_at.is_not(None)).order_by(ClockTick.ran_at.desc()).limit(1)
    )
    if last is None:
        return Finding("clock", "stop", "never", {})
    alive = clock.now() - last < ALIVE
    return Finding("clock", "good" if alive else "stop", "alive" if alive else "silent", {"at": last})


def _worker() -> Finding:
    """A worker shows itself by what it did; where nothing was to be done lately, nothing can be told."""
    now = clock.now()
    late = select(Delivery.due_at).where(Delivery.state == DeliveryState.DUE, Delivery.due_at < now - ALIVE)
    oldest = db.session.scalar(late.order_by(Delivery.due_at).limit(1))
    if oldest is not None:
        return Finding("worker", "stop", "behind", {"at": oldest})
    newest = db.session.scalar(
        select(Delivery.done_at).where(Delivery.state == DeliveryState.DONE).order_by(Delivery.id.desc()).limit(1)
    )
    if newest is None:
        return Finding("worker", "note", "unknown", {})
    return Finding("worker", "good", "working", {"at": newest})
