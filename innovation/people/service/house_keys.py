"""The key with which this house signs: made when it is first needed, kept encrypted, and its public half kept for good.

Every process finds the same one. Where the secret key of the installation was changed without keeping the old one, what was
written under it cannot be read any more: then the next key is made, and the earlier public halves stay in the list.
"""

from __future__ import annotations

import base64
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from innovation.kernel import vault
from innovation.kernel.db import db, upsert
from innovation.people.models import HostSetting
from innovation.people.queries import signing_keys

_PURPOSE = "signing"


def signing_key(now: datetime) -> Ed25519PrivateKey:
    """The house's present key; inside a use case."""
    for number in range(1, 1000):
        name = f"{signing_keys.NAME}{number}"
        _make_if_missing(name, now)
        value = signing_keys.kept(name)
        secret = vault.take_out(value["secret"], _PURPOSE)
        if secret is not None:
            return Ed25519PrivateKey.from_private_bytes(secret)
    raise RuntimeError("none of the house's signing keys can be read")


def _make_if_missing(name: str, now: datetime) -> None:
    if signing_keys.kept(name) is not None:
        return
    made = Ed25519PrivateKey.generate()
    value = {
        "public": base64.b64encode(made.public_key().public_bytes_raw()).decode(),
        "secret": vault.lock_away(made.private_bytes_raw(), _PURPOSE),
    }
    # Somebody else may be the first to need it at this very moment: then his is the one.
    row = upsert(HostSetting).values(name=name, value=value, changed_at=now)
    db.session.execute(row.on_conflict_do_nothing(index_elements=["name"]))
