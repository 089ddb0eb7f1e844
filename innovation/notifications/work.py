"""Doors of facts for messages. What is outside the database (sending) is a delivery of its own."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from innovation.challenges import queries as challenges
from innovation.challenges.events import ChallengeProposed, ChallengePublished, ChallengeReturned
from innovation.evaluation.events import ScoringOpened
from innovation.ideas import queries as ideas
from innovation.ideas.events import AuthorNamed, IdeaDeclined, IdeaPromoted, IdeaRevised, IdeaSubmitted
from innovation.kernel import clock, mail
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event, on
from innovation.kernel.usecase import transaction
from innovation.notifications import queries, service
from innovation.people import queries as people
from innovation.people.events import ConfirmationAsked, KnownAddressSignedUp, PersonInvited, ResetAsked
from innovation.people.models import MailLink, Person
from innovation.people.service.links import sign_link
from innovation.projects.events import GatePassed, GateStopped, UpdatePosted
from innovation.projects.models import Member, Project
from innovation.promotion import queries as promotion
from innovation.promotion.events import RunDecided
from innovation.rules.challenge import ChallengeState
from innovation.rules.predicates import Role
from innovation.settings import Settings
from innovation.voting import queries as voting


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
    service.tell(event, "known_address", [event.payload["person_id"]], {}, inbox=False)


@on(PersonInvited, name="notifications.invitation")
def invitation(event: Event, delivery: Delivery) -> None:
    found = people.invitation_by_id(event.payload["invitation_id"])
    if found is not None:
        params = {"invitation_id": found.id}
        service.write(event, "invitation", found.email_typed, found.language, params, person_id=None)


@on(IdeaSubmitted, name="notifications.idea_received")
def idea_received(event: Event, delivery: Delivery) -> None:
    assert event.idea_id is not None
    service.tell(event, "idea_received", _authors(event.idea_id), {"idea_id": event.idea_id})


@on(IdeaRevised, name="notifications.idea_changed")
def idea_changed(event: Event, delivery: Delivery) -> None:
    """Who voted on what the idea said before is told, and nobody is told who that is."""
    assert event.idea_id is not None
    voters = voting.whose_vote_waits(event.idea_id)
    service.tell(event, "idea_changed", voters, {"idea_id": event.idea_id})


@on(AuthorNamed, name="notifications.author_named")
def author_named(event: Event, delivery: Delivery) -> None:
    service.tell(event, "author_named", [event.payload["person_id"]], {"idea_id": event.idea_id})


@on(IdeaPromoted, IdeaDeclined, name="notifications.decision")
def decision(event: Event, delivery: Delivery) -> None:
    assert event.idea_id is not None
    service.tell(event, "decision", _authors(event.idea_id), {"idea_id": event.idea_id})


@on(ChallengeProposed, name="notifications.challenge_proposed")
def challenge_proposed(event: Event, delivery: Delivery) -> None:
    assert event.programme_id is not None
    assert event.challenge_id is not None
    # Whoever published his own has handed it in by the same act: nobody has to look at it any more.
    if challenges.by_id(event.challenge_id).state != ChallengeState.PROPOSED:
        return
    managers = people.holders(Role.MANAGER, "host", 0) + people.holders(Role.MANAGER, "programme", event.programme_id)
    service.tell(event, "challenge_proposed", managers, {"challenge_id": event.challenge_id})


@on(ChallengePublished, ChallengeReturned, name="notifications.challenge_answered")
def challenge_answered(event: Event, delivery: Delivery) -> None:
    assert event.challenge_id is not None
    kind = "challenge_published" if event.name == "ChallengePublished" else "challenge_returned"
    sponsors = people.holders(Role.SPONSOR, "challenge", event.challenge_id)
    service.tell(event, kind, sponsors, {"challenge_id": event.challenge_id})


@on(RunDecided, name="notifications.result_ready")
def result_ready(event: Event, delivery: Delivery) -> None:
    run = promotion.run(event.payload["run_id"])
    if run.announced_at is None and run.round.purpose == "promotion":
        for each in run.challenges:
            sponsors = people.holders(Role.SPONSOR, "challenge", each.challenge_id)
            service.tell(event, "result_ready", sponsors, {"run_id": run.id})


@on(ScoringOpened, name="notifications.scoring_opened")
def scoring_opened(event: Event, delivery: Delivery) -> None:
    assert event.challenge_id is not None
    panel = people.holders(Role.PANEL, "challenge", event.challenge_id)
    service.tell(event, "scoring_opened", panel, {"challenge_id": event.challenge_id})


@on(GatePassed, GateStopped, UpdatePosted, name="notifications.project_news")
def project_news(event: Event, delivery: Delivery) -> None:
    assert event.project_id is not None
    assert event.challenge_id is not None
    team = db.session.scalars(db.select(Member.person_id).where(Member.project_id == event.project_id)).all()
    sponsors = people.holders(Role.SPONSOR, "challenge", event.challenge_id)
    concerned = {*team, *sponsors} - {event.actor_id}
    kind = {"GatePassed": "gate_passed", "GateStopped": "gate_stopped", "UpdatePosted": "update_posted"}[event.name]
    service.tell(event, kind, [p for p in concerned if p is not None], {"project_id": event.project_id})


def _authors(idea_id: int) -> list[int]:
    return ideas.author_ids([idea_id]).get(idea_id, [])


@on(name=service.SEND, apart=True, imports=True)
def send_mail(event: Event, delivery: Delivery) -> None:
    """Send one mail: written anew from what the database says, sent with no transaction open."""
    settings: Settings = current_app.extensions["innovation.settings"]
    message = queries.message(int(delivery.key))
    if message is None or message.sent_at is not None:
        return
    letter = compose(message, event, settings)
    message_id = message.id
    db.session.rollback()
    mail.send(letter, settings)
    with transaction():
        row = queries.message(message_id)
        if row is not None:
            row.sent_at = clock.now()


def compose(message: Any, event: Event, settings: Settings) -> mail.Mail:
    """A message in words, in its reader's language."""
    with current_app.test_request_context(base_url=settings.base_url), force_locale(message.language):
        values = _values(message, event, settings)
        folder = f"email/{message.kind}"
        return mail.Mail(
            to=message.address,
            subject=render_template(f"{folder}/subject.txt", **values).strip(),
            text=render_template(f"{folder}/body.txt", **values),
            html=render_template(f"{folder}/body.html", **values),
            message_id=f"message-{message.id}-event-{event.id}",
            language=message.language,
        )


def _values(message: Any, event: Event, settings: Settings) -> dict[str, Any]:
    """What a mail's templates may use: rows by the ids in the message, and links."""
    params = message.params
    values: dict[str, Any] = {"event": event, "link": None, "home": url_for("pages.home", _external=True)}
    if "link_id" in params:
        link = db.session.get_one(MailLink, params["link_id"])
        endpoint = "people.confirm" if link.purpose == "confirm" else "people.reset"
        values |= {
            "link": url_for(
                endpoint, token=sign_link(settings.signing_keys, link.purpose, link.id, link.nonce), _external=True
            ),
            "expires": link.expires_at,
        }
    if "invitation_id" in params:
        found = people.invitation_by_id(params["invitation_id"])
        assert found is not None
        values |= {
            "invitation": found,
            "link": url_for("people.invitation", public_id=found.public_id, nonce=found.nonce, _external=True),
            "inviter": people.names([found.invited_by]).get(found.invited_by) if found.invited_by else None,
        }
    if "idea_id" in params:
        idea = ideas.by_ids([params["idea_id"]])[0]
        values |= {
            "idea": idea,
            # A mail passes through many hands: what is sealed is named in it by its reference alone.
            "idea_name": idea.public_id if idea.challenge.visibility == "sealed" else idea.title,
            "challenge": idea.challenge,
            "decision": promotion.deciding(idea.id),
            "link": url_for("pages.idea", public_id=idea.public_id, _external=True),
        }
    if "challenge_id" in params:
        challenge = challenges.by_id(params["challenge_id"])
        page = "evaluation.reviews" if message.kind == "scoring_opened" else "pages.challenge"
        address = url_for(page, public_id=challenge.public_id, _external=True)
        values |= {"challenge": challenge, "link": address}
    if "run_id" in params:
        run = promotion.run(params["run_id"])
        values |= {"run": run, "link": url_for("promotion.run", public_id=run.public_id, _external=True)}
    if "project_id" in params:
        project = db.session.get_one(Project, params["project_id"])
        values |= {
            "project": project,
            "link": url_for("pages.project", public_id=project.public_id, _external=True),
        }
    return values
