"""Mails about accounts and invitations."""

from __future__ import annotations

from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import queries, service
from innovation.people import queries as people
from innovation.people.events import ConfirmationAsked, KnownAddressSignedUp, PersonInvited, ResetAsked
from innovation.people.models import Person


@on(ConfirmationAsked, name="notifications.confirmation")
def confirmation(event: Event, delivery: Delivery) -> None:
    _link_mail(event, "confirmation")


@on(ResetAsked, name="notifications.reset")
def reset(event: Event, delivery: Delivery) -> None:
    _link_mail(event, "reset")


def _link_mail(event: Event, kind: str) -> None:
    person_id = event.payload["person_id"]
    address = people.address_of(person_id)
    profile = db.session.get(Person, person_id)
    if address is not None and profile is not None:
        params = {"link_id": event.payload["link_id"]}
        service.write(event, kind, address.typed, profile.language, params, person_id=person_id)


@on(KnownAddressSignedUp, name="notifications.known_address")
def known_address(event: Event, delivery: Delivery) -> None:
    service.tell(event, "known_address", [event.payload["person_id"]], {})


@on(PersonInvited, name="notifications.invitation")
def invitation(event: Event, delivery: Delivery) -> None:
    found = queries.awaited(event.payload["invitation_id"])
    if found is not None:
        params = {"invitation_id": found.id}
        service.write(event, "invitation", found.email_typed, found.language, params, person_id=None)
