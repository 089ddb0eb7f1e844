"""Names of files, made safe: for a list, for an address, and for the folder somebody saves them into."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
_OUT_OF_PLACE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, marks that turn the direction of writing or take no room, and what is no character at all."""
_RESERVED = re.compile(r'[<>:"|?*]+')
_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"[^a-z0-9]+")


def safe_name(raw: str, extension: str) -> str:
    """A name to show and to save under: composed letters, no path, no control or direction marks, at most 120 characters.

    Args:
        raw: what the browser sent.
        extension: that of what the file turned out to be, without a point; it replaces another one of the same kind.
    """
    stem = own_words(raw).rpartition(".")
    said = stem[0] if stem[1] else stem[2]
    return f"{said[: LONGEST - len(extension) - 1].strip(' .') or 'file'}.{extension}"


def own_words(raw: str) -> str:
    """A sent name without its path and without what is not to be seen in it."""
    name = unicodedata.normalize("NFC", raw)
    name = "".join(" " if each.isspace() else each for each in name if unicodedata.category(each) not in _OUT_OF_PLACE)
    name = re.split(r"[/\\]", name)[-1]
    return _SPACE.sub(" ", _RESERVED.sub("-", name)).strip(" .")


def extension_of(raw: str) -> str:
    """What stands behind the last point of a name, in small letters; '' where there is none."""
    stem, point, extension = own_words(raw).rpartition(".")
    return extension.lower() if point and stem and extension.isascii() and extension.isalnum() else ""


def address_name(name: str) -> str:
    """A kept name as it stands in an address: small ASCII letters, digits and hyphens, with its extension."""
    stem, _point, extension = name.rpartition(".")
    bare = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return f"{_ADDRESS.sub('-', bare).strip('-')[:60].strip('-') or 'file'}.{extension}"
