"""What the database keeps and nobody reads there: encrypted under the house's secret key.

A secret is readable as long as the key it was written under is the present one or one of the fallbacks.
"""

from __future__ import annotations

import base64
import hashlib
from typing import cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app

from innovation.settings import Settings


def lock_away(secret: bytes, purpose: str) -> str:
    """Encrypt a secret for one purpose."""
    return _vault(purpose).encrypt(secret).decode()


def take_out(kept: str, purpose: str) -> bytes | None:
    """The secret again; None where it was written under a key that this house no longer has, or for another purpose."""
    try:
        return _vault(purpose).decrypt(kept.encode())
    except InvalidToken:
        return None


def _vault(purpose: str) -> MultiFernet:
    settings = cast(Settings, current_app.extensions["innovation.settings"])
    # The present key writes; every key that is still accepted reads.
    return MultiFernet([Fernet(_derived(key, purpose)) for key in reversed(settings.signing_keys)])


def _derived(key: str, purpose: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"innovation.vault.{purpose}\n{key}".encode()).digest())
