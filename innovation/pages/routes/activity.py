"""What happens: the stream of a challenge, the page of a person, the page of an organisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.insight.queries import activity, knowing
from innovation.insight.queries.activity import Happened
from innovation.kernel import clock
from innovation.kernel.i18n import HOST_ZONE
from innovation.kernel.web import Answer, actor, page, respond
from innovation.pages.routes import bp
from innovation.pages.routes.challenge import frame
from innovation.people import queries as people
from innovation.people.forms import language_name
from innovation.people.models import Organisation, Person
from innovation.rules.policy import May


@bp.get("/challenges/<public_id>/activity", endpoint="activity")
@page(May.LOOK, on=challenges.get)
def challenge_activity(challenge: Challenge) -> Answer:
    """What happens in a challenge."""
    stream = activity.of_challenge(actor(), challenge, request.args.get("after"))
    return respond(
        "pages/challenge_activity.html",
        stream=stream,
        days=by_day(stream.items, challenge.zone),
        **frame(challenge, "activity"),
    )


@bp.get("/people/<public_id>")
@page(May.USE_ACCOUNT, on=knowing.person)
def person(person: Person) -> Answer:
    """Who somebody is, and what he contributed that the reader may see."""
    stream = activity.of_person(actor(), person, request.args.get("after"))
    return respond(
        "pages/person.html",
        person=person,
        circle=people.circle_of(person.id),
        own=person.id == actor().person_id,
        spoken=[language_name(tag) for tag in person.spoken],
        stream=stream,
        days=by_day(stream.items),
        zone=HOST_ZONE,
    )


@bp.get("/organisations/<public_id>")
@page(May.USE_ACCOUNT, on=knowing.organisation)
def organisation(organisation: Organisation) -> Answer:
    """Who an organisation is, what it asks, and what happens with it."""
    asked = knowing.challenges_of(actor(), organisation)
    stream = activity.of_organisation(actor(), organisation, request.args.get("after"))
    return respond(
        "pages/organisation.html",
        organisation=organisation,
        people=knowing.people_of(actor(), organisation, request.args.get("people")),
        challenges=asked,
        sponsors=challenges.sponsor_names((each.id for each in asked), actor()),
        stream=stream,
        days=by_day(stream.items),
        zone=HOST_ZONE,
        now=clock.now(),
    )


def by_day(happened: Iterable[Happened], zone: str = HOST_ZONE) -> list[list[Happened]]:
    """Lines of a stream, those of one day together, by the clock of a zone."""
    days: dict[date, list[Happened]] = {}
    for each in happened:
        days.setdefault(each.at.astimezone(ZoneInfo(zone)).date(), []).append(each)
    return list(days.values())
