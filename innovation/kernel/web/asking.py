"""Who asks, from where, and what the request carries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast
from urllib.parse import urlsplit

from flask import current_app, request
from flask_login import current_user

from innovation.kernel.actor import VISITOR, Actor
from innovation.settings import Settings

PROXY_HEADERS = frozenset({"forwarded", "via", "x-real-ip"})
"""What a proxy adds to a request, besides ``X-Forwarded-…``."""


class Account(Protocol):
    """What Flask-Login keeps of the person signed in."""

    is_authenticated: bool
    sign_in_id: int
    actor: Actor
    language: str
    theme: str
    shortcuts: bool


def account() -> Account | None:
    """The account signed in, or None."""
    who = cast(Account, current_user)
    return who if current_user and who.is_authenticated else None


def actor() -> Actor:
    """Who asks."""
    who = account()
    return who.actor if who else VISITOR


def enter(person_id: int) -> None:
    """Sign a person in on this device, once the door has proof of who he is; how that is done people teach at the start."""
    begin: Callable[[int], None] = current_app.extensions["innovation.enter"]
    begin(person_id)


def settings() -> Settings:
    """The settings this application was built with."""
    return cast(Settings, current_app.extensions["innovation.settings"])


def searched() -> str:
    """What was typed into a search field, cut where the field ends."""
    return request.args.get("q", "").strip()[:200]


def asked_here() -> bool:
    """Whether a developer's own browser asks: the demo's sign-in is on, the database embedded, and no proxy in between.

    A proxy on this machine has this machine's address, so the headers that proxies add are looked at too.
    """
    names = {name.lower() for name, _value in request.headers}
    passed_on = any(name in PROXY_HEADERS or name.startswith("x-forwarded-") for name in names)
    here = request.host.rsplit(":", 1)[0] == request.remote_addr == "127.0.0.1"
    return settings().demo_sign_in and settings().embedded and here and not passed_on


def safe_next(target: str | None) -> str | None:
    """An address inside this site, or None: a sign-in link must not lead elsewhere."""
    if not target:
        return None
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside and "\\" not in target else None
