"""Receipts: proof of what was sent and when, made in the very transaction that sends it.

The document holds the idea as it was sent, and nothing of who reads it. The time stamp of an outside authority comes after
the commit (:mod:`innovation.ideas.service.stamping`), so that a failing authority never stops anybody from sending.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import exists, update

from innovation.ideas.models import Author, Idea, Receipt
from innovation.ideas.queries import receipts as reading
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import use_case
from innovation.people.service.house_keys import signing_key
from innovation.rules import receipt as rules


def make(*, actor: Actor, idea: Idea, now: datetime) -> Receipt:
    """The receipt of an idea as it reads now, with its revision counted already; inside the verb that sends it."""
    document = rules.canonical(_document(idea, actor, now))
    made = Receipt(
        idea_id=idea.id,
        revision_no=idea.revision_no,
        person_id=actor.person_id,
        made_at=now,
        document=document,
        digest=rules.digest(document),
    )
    sign(made, now)
    db.session.add(made)
    return made


def sign(receipt: Receipt, now: datetime) -> None:
    """Sign a receipt's digest, time and stamp with the house's present key; key and signature are kept side by side."""
    key = signing_key(now)
    signature = key.sign(rules.statement(receipt.digest, spelled_time(receipt.made_at), receipt.stamp or ""))
    public = key.public_key().public_bytes_raw()
    receipt.signature = ".".join(base64.b64encode(part).decode() for part in (public, signature))


@use_case(None)
def forget_person(*, actor: Actor, person_id: int) -> None:
    """Empty the receipts that name an erased person and prove nothing for anybody else: where nobody else is an author.

    Where there are co-authors, the document is their proof of what they sent, and stays as it was signed.
    """
    others = exists().where(Author.idea_id == Receipt.idea_id, Author.person_id != person_id)
    mine = exists().where(Author.idea_id == Receipt.idea_id, Author.person_id == person_id)
    alone = update(Receipt).where(mine, ~others).values(document="")
    db.session.execute(alone, execution_options={"synchronize_session": False})


def as_file(receipt: Receipt) -> rules.ReceiptFile:
    """The file of a receipt whose document is still there."""
    key, _, signature = receipt.signature.partition(".")
    return rules.ReceiptFile(receipt.document, receipt.digest, key, signature, receipt.stamp)


def spelled_time(moment: datetime) -> str:
    """A time as a receipt writes it: UTC, to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _document(idea: Idea, actor: Actor, now: datetime) -> dict[str, Any]:
    challenge = idea.challenge
    terms = reading.terms_of(challenge)
    amount = {"minor": idea.requested_minor, "currency": challenge.currency} if idea.requested_minor is not None else None
    return {
        "reference": idea.public_id,
        "revision": idea.revision_no,
        "time": spelled_time(now),
        "challenge": {"reference": challenge.public_id, "title": challenge.title},
        "title": idea.title,
        "text": idea.text,
        "language": idea.language,
        "amount": amount,
        "answers": [
            {"question": each.label, "unit": each.unit, "answer": each.value} for each in reading.answers_of(idea.id)
        ],
        "files": [{"name": each.name, "bytes": each.size, "sha256": each.sha256} for each in reading.files_of(idea)],
        "authors": [
            {
                "name": each.name,
                "accepted": each.accepted,
                "share": each.share,
                "sent_this": each.person_id == actor.person_id,
            }
            for each in reading.authors_of(idea.id)
        ],
        "said_of_whose_it_is": dict(idea.provenance or {}),
        "terms": {"key": terms.key, "version": terms.version, "language": terms.language, "sha256": terms.text_hash}
        if terms
        else None,
    }
