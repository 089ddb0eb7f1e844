"""Checking a receipt's file offline: what it proves, and what it does not. Nothing but the file is needed.

Used for what somebody hands in from outside, so every part may be anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

from innovation.rules import receipt as rules
from innovation.rules.receipt import ReceiptFile


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``holds`` is None for what cannot be said from what was given."""

    holds: bool | None
    what: str


def check(content: bytes, *, key: str | None = None, authorities: bytes | None = None) -> list[Finding]:
    """What a receipt's file proves.

    Args:
        key: the house's public key as it is published, base64; None to take the one in the file.
        authorities: certificates (PEM) of the time-stamping authority that is trusted; None for none.

    Raises:
        BadReceipt: the file is no receipt, or not as it was given out.
        ValueError: the certificates cannot be read.
    """
    found = rules.read(content)
    return [_digest(found), *_signature(found, key), *_stamp(found, authorities)]


def _digest(found: ReceiptFile) -> Finding:
    holds = rules.digest(found.document) == found.digest
    return Finding(
        holds,
        f"the content has the digest {found.digest}" if holds else "the content is not the one the digest was made of",
    )


def _signature(found: ReceiptFile, key: str | None) -> list[Finding]:
    given = key is not None
    if given and key != found.key:
        return [Finding(False, "it was signed with another key than the one you gave")]
    public, signature = rules.raw(found.key), rules.raw(found.signature)
    try:
        if public is None or signature is None:
            raise ValueError
        Ed25519PublicKey.from_public_bytes(public).verify(signature, found.statement)
    except (InvalidSignature, ValueError):
        return [Finding(False, "the signature does not belong to this content, time and stamp")]
    told = Finding(True, f"whoever holds the key {found.key} signed this content for {found.time}")
    if given:
        return [told]
    advice = "compare the key with the house's published one: /.well-known/innovation-receipts.json, or give it with --key"
    return [told, Finding(None, f"whose key that is, the file alone does not prove; {advice}")]


def _stamp(found: ReceiptFile, authorities: bytes | None) -> list[Finding]:
    if not found.stamp:
        return [Finding(None, "there is no time stamp of an outside authority: the time is the house's own word")]
    token = rules.raw(found.stamp)
    try:
        if token is None:
            raise ValueError
        response = decode_timestamp_response(_as_answer(token))
        imprint, stamped_at = response.tst_info.message_imprint.message.hex(), response.tst_info.gen_time
    except ValueError:
        return [Finding(False, "the time stamp cannot be read")]
    if imprint != found.digest:
        return [Finding(False, "the time stamp is over another content")]
    told = Finding(True, f"the time stamp is over this content, and says {_spelled(stamped_at)}")
    return [told, _chain(response, found.digest, authorities)]


def _chain(response: TimeStampResponse, digest: str, authorities: bytes | None) -> Finding:
    """Whether the stamp's own signature leads to an authority that is trusted."""
    if authorities is None:
        return Finding(None, "whether its authority made the stamp was not checked: give its certificate with --authority")
    builder = VerifierBuilder(roots=list(x509.load_pem_x509_certificates(authorities)))
    own = [x509.load_der_x509_certificate(each) for each in response.signed_data.certificates]
    for certificate in own:
        if certificate not in builder._roots:
            builder = builder.add_intermediate_certificate(certificate)
    try:
        builder.build().verify(response, bytes.fromhex(digest))
    except (VerificationError, ValueError):
        return Finding(False, "the time stamp was not made by the authority whose certificate you gave")
    return Finding(True, "the authority whose certificate you gave made the time stamp")


def _as_answer(token: bytes) -> bytes:
    """A token as an authority's whole answer: status "granted", then the token (DER)."""
    granted = b"\x30\x03\x02\x01\x00"
    body = granted + token
    size = len(body)
    if size < 0x80:
        return b"\x30" + bytes([size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return b"\x30" + bytes([0x80 | len(length)]) + length + body


def _spelled(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
