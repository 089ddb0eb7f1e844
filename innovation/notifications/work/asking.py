"""Messages about what is asked: of sponsors, of authors, and for earlier ideas. Nobody who asks is named."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from innovation.challenges.events import InquiryAnswered, InquiryAsked, InquiryDue
from innovation.challenges.queries import by_id as challenge_by_id
from innovation.challenges.queries import inquiries
from innovation.ideas import queries as ideas
from innovation.ideas.events import AuthorsAnswered, AuthorsAsked, IdeaAskedFor, OfferAnswered
from innovation.ideas.models import Idea
from innovation.ideas.queries import offers, questioning
from innovation.kernel.actor import Actor
from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service
from innovation.notifications.queries import audience
from innovation.notifications.queries.addressees import who_see
from innovation.people import queries as people
from innovation.rules.predicates import Role
from innovation.rules.promises import Step


@on(InquiryAsked, name="notifications.inquiry_asked")
def inquiry_asked(event: Event, delivery: Delivery) -> None:
    service.tell_each(event, [("inquiry_asked", _owners(event))], _of_inquiry(event))


@on(InquiryDue, name="notifications.inquiry_due")
def inquiry_due(event: Event, delivery: Delivery) -> None:
    """Who answers; of a late one the programme's managers hear as well."""
    assert event.programme_id is not None
    inquiry = inquiries.by_id(event.payload["inquiry_id"])
    if inquiry is None or inquiry.answered_at is not None:
        return
    told = set(_owners(event))
    if event.payload["step"] == Step.LATE:
        told |= set(people.managers(event.programme_id))
    service.tell(event, "inquiry_due", told, _of_inquiry(event))


@on(InquiryAnswered, name="notifications.inquiry_answered")
def inquiry_answered(event: Event, delivery: Delivery) -> None:
    """Who asked; of what is published everybody with a draft or an idea there, since all are to know the same."""
    assert event.challenge_id is not None
    inquiry = inquiries.by_id(event.payload["inquiry_id"])
    if inquiry is None:
        return
    asker = [inquiry.asked_by] if inquiry.asked_by is not None else []
    groups: list[tuple[str, list[int]]] = [("inquiry_answered", asker)]
    if inquiry.published_at is not None:
        groups.append(("inquiry_published", audience.writers(event.challenge_id)))
        groups.append(("followed_answer", audience.follow_challenge(challenge_by_id(event.challenge_id))))
    service.tell_each(event, groups, _of_inquiry(event))


@on(AuthorsAsked, name="notifications.question_asked")
def question_asked(event: Event, delivery: Delivery) -> None:
    assert event.idea_id is not None
    service.tell(event, "question_asked", _authors(event.idea_id), {"idea_id": event.idea_id})


@on(AuthorsAnswered, name="notifications.question_answered")
def question_answered(event: Event, delivery: Delivery) -> None:
    """Every judge who asked anything on the idea, as long as he judges there."""
    question = questioning.by_id(event.payload["question_id"])
    if question is None:
        return
    idea_id = question.idea_id

    def reads(who: Actor) -> Select[Any]:
        return select(Idea.id).join(Idea.challenge).where(Idea.id == idea_id, questioning.readable(who))

    judges = who_see(questioning.judges_told(question), reads)
    service.tell_each(event, [("question_answered", judges)], {"idea_id": idea_id})


@on(IdeaAskedFor, name="notifications.offer_asked")
def offer_asked(event: Event, delivery: Delivery) -> None:
    offer = offers.by_id(event.payload["offer_id"])
    if offer is not None:
        params = {"idea_id": offer.idea_id, "offer_id": offer.id}
        service.tell(event, "offer_asked", _authors(offer.idea_id), params)


@on(OfferAnswered, name="notifications.offer_answered")
def offer_answered(event: Event, delivery: Delivery) -> None:
    offer = offers.by_id(event.payload["offer_id"])
    if offer is not None and offer.asked_by is not None:
        params = {"challenge_id": offer.challenge_id, "offer_id": offer.id, "brought": event.payload["brought"]}
        service.tell(event, "offer_answered", [offer.asked_by], params)


def _owners(event: Event) -> list[int]:
    """Who answers a challenge's questions first: its sponsors and their deputies; where there is none, its managers."""
    assert event.challenge_id is not None
    assert event.programme_id is not None
    return people.holders(Role.SPONSOR, "challenge", event.challenge_id) or people.managers(event.programme_id)


def _of_inquiry(event: Event) -> dict[str, Any]:
    return {"challenge_id": event.challenge_id, "inquiry_id": event.payload["inquiry_id"]}


def _authors(idea_id: int) -> list[int]:
    return ideas.author_ids([idea_id]).get(idea_id, [])
