"""Files that were looked through and wait for a yes. Their keys carry the day, so that a forgotten one is swept."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from innovation.kernel import ids
from innovation.kernel.files import Store

FOLDER = "orders/incoming"
_KEY = re.compile(rf"{FOLDER}/\d{{4}}-\d\d-\d\d/[A-Za-z0-9-]{{20,60}}")
WAITS = timedelta(days=2)


def keep(store: Store, content: bytes, now: datetime, owner: str = "") -> str:
    """Keep a file under a key that nobody guesses.

    Args:
        owner: the public id of who brought it, for a file that goes over several pages.
    """
    name = f"{owner}-" if owner else ""
    name += re.sub(r"[^A-Za-z0-9]", "-", ids.token())[:40]
    key = f"{FOLDER}/{now.date().isoformat()}/{name}"
    store.put(key, content)
    return key


def is_kept(store: Store, key: str) -> bool:
    """Whether a key that a form brings names such a file, and no other one."""
    return _KEY.fullmatch(key) is not None and store.exists(key)


def key_of(day: str, name: str, owner: str) -> str:
    """The key of a file that an address names; one that is not this owner's is none that is kept."""
    return f"{FOLDER}/{day}/{name}" if name.startswith(f"{owner}-") else ""


def forget(store: Store, used: set[str], now: datetime) -> int:
    """Let go of files that nobody said yes to within two days.

    Args:
        used: keys that an order still needs.

    Returns:
        How many there were.
    """
    gone = []
    for key, _size in store.under(FOLDER):
        if _KEY.fullmatch(key) and key not in used and now.date() - date.fromisoformat(key.split("/")[2]) > WAITS:
            gone.append(key)
    store.delete(*gone)
    return len(gone)
