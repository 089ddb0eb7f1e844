"""Chance, in one place: public identifiers and secret tokens."""

from __future__ import annotations

import hashlib
import secrets
import uuid

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
PUBLIC_ID_LENGTH = 10


def public_id() -> str:
    """A random ten-character base-32 name for URLs: 50 bits, revealing neither order nor count."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def token() -> str:
    """A secret of 256 bits for a link or a cookie; only its digest is stored."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a token: SHA-256, enough for a secret that was never chosen by a person."""
    return hashlib.sha256(secret.encode()).hexdigest()


def request_id() -> str:
    """A name for one request, to join its log lines with the facts it wrote."""
    return uuid.uuid4().hex
