"""Time stamps of an outside authority (RFC 3161) over a receipt's digest: asked for after the commit, kept once good."""

from __future__ import annotations

import base64
from datetime import datetime

import requests
from rfc3161_client import HashAlgorithm, PKIStatus, TimestampRequestBuilder, decode_timestamp_response
from sqlalchemy import select

from innovation.ideas.models import Receipt
from innovation.ideas.service.receipts import sign
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock
from innovation.kernel.usecase import AT_LOCK, use_case

SECONDS = 20
"""How long an authority may take to answer."""
LARGEST = 200_000


class NoStamp(Exception):
    """The authority gave no stamp over this digest; the message says what it gave."""


def fetch(document: str, digest: str, authority: str) -> bytes:
    """Ask an authority for a stamp over a document's digest, with no transaction open; the authority sees the digest alone.

    Raises:
        NoStamp: it cannot be reached, refuses, or stamps something else.
    """
    asked = TimestampRequestBuilder().data(document.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        answer = requests.post(authority, data=asked.as_bytes(), headers=headers, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise NoStamp(f"{authority} was not reached: {type(error).__name__}") from error
    if answer.status_code != 200 or len(answer.content) > LARGEST:
        raise NoStamp(f"{authority} answered {answer.status_code} with {len(answer.content)} bytes")
    try:
        given = decode_timestamp_response(answer.content)
        granted = PKIStatus(given.status) in {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}
        info = given.tst_info if granted else None
    except ValueError as error:
        raise NoStamp(f"{authority} answered with no time stamp") from error
    if info is None or info.message_imprint.message.hex() != digest or info.nonce != asked.nonce:
        raise NoStamp(f"{authority} refused, or stamped something else")
    return bytes(given.time_stamp_token())


@use_case(None)
def keep_stamp(*, actor: Actor, receipt_id: int, token: bytes, authority: str, now: datetime = AT_LOCK) -> bool:
    """Keep a stamp and sign the receipt anew with it; False where it has one already."""
    lock(select(Receipt.id).where(Receipt.id == receipt_id).with_for_update())
    receipt = db.session.get(Receipt, receipt_id, populate_existing=True)
    if receipt is None or receipt.stamp:
        return False
    receipt.stamp = base64.b64encode(token).decode()
    receipt.stamped_by = authority[:300]
    sign(receipt, now)
    return True
