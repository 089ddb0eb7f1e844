"""A receipt of what was sent: its canonical form, its digest, and the file that its author keeps.

Pure, so that whoever checks a receipt needs nothing but the file. The document is canonical JSON: keys sorted, no spaces,
UTF-8, whole numbers only. Its SHA-256 is the digest. The house signs a statement of digest, time and, once there is one,
the time stamp; so nothing in the file can be changed unseen.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = "innovation-receipt"
VERSION = 1


class BadReceipt(ValueError):
    """A file that is no receipt; the message says why."""


def canonical(document: Mapping[str, Any]) -> str:
    """The one way to write a document.

    Raises:
        TypeError: it holds a number that is not whole.
    """
    _refuse_fractions(document)
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _refuse_fractions(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a receipt holds whole numbers alone")
    for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ():
        _refuse_fractions(part)


def digest(document: str) -> str:
    """SHA-256 of a document, in hexadecimal digits."""
    return hashlib.sha256(document.encode()).hexdigest()


def statement(document_digest: str, time: str, stamp: str) -> bytes:
    """What the house signs.

    Args:
        time: the server's time, as it stands in the document.
        stamp: the time stamp in base64; empty while there is none.
    """
    return f"{FORMAT} {VERSION}\n{document_digest}\n{time}\n{stamp}\n".encode()


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """A receipt as its author keeps it.

    Attributes:
        document: the canonical document.
        key, signature: Ed25519, base64.
        stamp: the RFC 3161 token over the digest, base64; empty where there is none.
    """

    document: str
    digest: str
    key: str
    signature: str
    stamp: str

    @property
    def time(self) -> str:
        return str(json.loads(self.document)["time"])

    @property
    def statement(self) -> bytes:
        return statement(self.digest, self.time, self.stamp)

    def spelled(self) -> bytes:
        """The file: readable JSON, of which every byte is checked."""
        return _spelled(
            {
                "format": FORMAT,
                "version": VERSION,
                "document": json.loads(self.document),
                "digest": self.digest,
                "public_key": self.key,
                "signature": self.signature,
                "time_stamp": self.stamp,
            }
        )


def read(content: bytes) -> ReceiptFile:
    """A receipt from its file.

    Raises:
        BadReceipt: it is none, or it is not written as this product writes them.
    """
    try:
        found = json.loads(content.decode())
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadReceipt("it is not readable JSON") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BadReceipt("it does not call itself a receipt")
    if found.get("version") != VERSION:
        raise BadReceipt("it is of a version that this program does not know")
    document = found.get("document")
    texts = [found.get(name) for name in ("digest", "public_key", "signature", "time_stamp")]
    if not isinstance(document, dict) or not isinstance(document.get("time"), str):
        raise BadReceipt("it holds no document with a time")
    if not all(isinstance(each, str) for each in texts):
        raise BadReceipt("a part of it is missing")
    try:
        made = ReceiptFile(canonical(document), *(str(each) for each in texts))
    except TypeError as error:
        raise BadReceipt(str(error)) from error
    if made.spelled() != content:
        raise BadReceipt("it is not written as it was given out: something was added, left out or moved")
    return made


def raw(text: str) -> bytes | None:
    """Bytes from base64; None for what is none, or is not written in the one way: its last letter has room for others."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found).decode() == text else None


def _spelled(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()
