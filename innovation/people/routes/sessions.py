"""Who is signed in on this device: what Flask-Login keeps, passwords, and how often one may try."""

from __future__ import annotations

import functools

from flask import request, session
from flask_login import UserMixin, login_user
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from innovation.kernel.web import actor, settings
from innovation.kernel.web.throttle import limiter
from innovation.people import queries
from innovation.people.service import accounts, links

__all__ = ["SessionUser", "begin_session", "keep_session", "limiter", "load_user", "nobodys_hash", "passwords", "read_link"]

passwords = PasswordHash((Argon2Hasher(),))


@functools.cache
def nobodys_hash() -> str:
    """A hash to verify against where there is no account; made when first needed, since hashing is slow by design."""
    return passwords.hash("nobody has this password")


class SessionUser(UserMixin):
    """What Flask-Login keeps for the length of a request."""

    def __init__(self, token: str, profile: queries.Profile) -> None:
        self.id = token
        self.actor = profile.actor
        self.language = profile.language
        self.theme = profile.theme
        self.sign_in_id = profile.sign_in_id
        self.public_id = profile.public_id
        self.shortcuts = profile.shortcuts
        self.provider = profile.provider


def load_user(token: str) -> SessionUser | None:
    """Who holds this token, or None."""
    profile = queries.signed_in(token)
    return SessionUser(token, profile) if profile else None


def begin_session(person_id: int) -> None:
    """Sign in on this device; the session is made anew, so that nothing planted in it before survives."""
    keep_session(accounts.sign_in(actor=actor(), person_id=person_id, device=request.user_agent.string))


def keep_session(token: str) -> None:
    """Let this device carry a sign-in's token; the session is made anew."""
    session.clear()
    user = load_user(token)
    if user is not None:
        login_user(user)


def read_link(purpose: str, token: str) -> tuple[int, str]:
    """(id, nonce) of a link from a mail, as this house has signed it."""
    return links.read_link(settings().signing_keys, purpose, token)
