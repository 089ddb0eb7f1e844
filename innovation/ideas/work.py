"""Doors of facts and of time for ideas."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask import current_app

from innovation.ideas import queries
from innovation.ideas.events import IdeaHandedIn, IdeaRevised, IdeaSubmitted
from innovation.ideas.queries import receipts
from innovation.ideas.service import authors, checking, emptying, leaving, restoring, stamping
from innovation.ideas.service import receipts as receipts_service
from innovation.kernel import clock, queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event, on
from innovation.people.events import InvitationAccepted, PersonErased, PersonLeft
from innovation.settings import Settings

LATER = timedelta(hours=2)
"""After so long without a stamp, the clock asks for it besides what its delivery still tries."""
AT_ONCE = 50


@queue.every(name="ideas.remind_of_checks", minutes=15)
def remind_of_checks() -> None:
    after: int | None = 0
    while after is not None:
        after = checking.remind(actor=house(Origin.CLOCK), after=after)


@queue.every(name="ideas.empty_drafts", minutes=60)
def empty_drafts() -> None:
    while restoring.empty_drafts(actor=house(Origin.CLOCK)):
        pass


@on(InvitationAccepted, name="ideas.join_as_author")
def join_as_author(event: Event, delivery: Delivery) -> None:
    """Whoever was asked to be a co-author takes part now."""
    asked, person_id = event.payload["invitation_id"], event.payload["person_id"]
    authors.join_as_author(actor=house(Origin.CLOCK), invitation_id=asked, person_id=person_id)


@on(PersonErased, name="ideas.forget_person")
def forget_person(event: Event, delivery: Delivery) -> None:
    """Receipts of nobody but an erased person name him no longer."""
    receipts_service.forget_person(actor=house(Origin.CLOCK), person_id=event.payload["person_id"])


@queue.every(name="ideas.empty_withdrawn", minutes=60)
def empty_withdrawn() -> None:
    while emptying.empty_withdrawn(actor=house(Origin.CLOCK)):
        pass


@on(IdeaSubmitted, IdeaHandedIn, IdeaRevised, name="ideas.stamp_receipt", apart=True)
def stamp_receipt(event: Event, delivery: Delivery) -> None:
    """Have a receipt stamped by the outside authority, where there is one; what fails is tried again."""
    assert event.idea_id is not None
    idea = queries.by_id(event.idea_id)
    receipt = receipts.of_revision(idea, event.payload["revision"]) if idea is not None and _authority() else None
    if receipt is not None:
        _stamp(receipt.id)


@queue.every(name="ideas.stamp_receipts", minutes=60)
def stamp_receipts() -> None:
    """Receipts that no authority has stamped yet, a few at a time; the first failure ends it until the next hour."""
    if not _authority():
        return
    for receipt_id in receipts.unstamped(clock.now() - LATER, AT_ONCE):
        _stamp(receipt_id)


def _stamp(receipt_id: int) -> None:
    receipt = receipts.by_id(receipt_id)
    if receipt is None or receipt.stamp or not receipt.document:
        return
    document, digest = receipt.document, receipt.digest
    db.session.rollback()  # nothing is held while somebody else's server is asked
    token = stamping.fetch(document, digest, _authority())
    stamping.keep_stamp(actor=house(Origin.CLOCK), receipt_id=receipt_id, token=token, authority=_authority())


def _authority() -> str:
    return cast(Settings, current_app.extensions["innovation.settings"]).timestamp_url


@on(PersonLeft, name="ideas.take_over")
def take_over(event: Event, delivery: Delivery) -> None:
    leaving.take_over(actor=house(Origin.CLOCK), **event.payload)
