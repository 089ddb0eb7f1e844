"""What an address's domain says: nothing, where anybody can have an address of it."""

from __future__ import annotations

import re
import unicodedata

FREE = frozenset(
    {
        "aol.com",
        "fastmail.com",
        "gmail.com",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hey.com",
        "hotmail.com",
        "hotmail.nl",
        "icloud.com",
        "kpnmail.nl",
        "live.com",
        "live.nl",
        "mac.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "outlook.com",
        "planet.nl",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "t-online.de",
        "web.de",
        "yahoo.com",
        "yandex.ru",
        "ymail.com",
        "ziggo.nl",
        "zohomail.com",
    }
)
"""Where anybody opens a mailbox: an address there tells nothing about for whom its owner works."""

_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")


def domain_key(typed: str) -> str | None:
    """A domain as it is kept: lower case, IDNA, without what people put before it; None for what is no domain."""
    text = unicodedata.normalize("NFKC", typed).strip().lower().rpartition("@")[2].rstrip(".")
    try:
        text = text.encode("idna").decode()
    except UnicodeError:
        return None
    return text if len(text) <= 253 and _NAME.fullmatch(text) else None


def domain_of(email_key: str) -> str:
    """The domain of an address in its unique form."""
    return email_key.rpartition("@")[2]
