"""Sending a mail: outside the database, so a delivery of its own."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from innovation.awards.models import Award
from innovation.challenges import queries as challenges
from innovation.challenges.queries import inquiries
from innovation.ideas import queries as ideas
from innovation.ideas.queries import offers, receipts
from innovation.ideas.service.timing import send_again_until
from innovation.kernel import clock, mail
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event, on
from innovation.kernel.usecase import transaction
from innovation.notifications import queries, service
from innovation.notifications.models import Message
from innovation.notifications.queries import reminding, talk
from innovation.notifications.service import links
from innovation.people import queries as people
from innovation.people.models import MailLink, Person
from innovation.people.service import invitations
from innovation.people.service.links import sign_link
from innovation.projects.models import Milestone, Project
from innovation.projects.queries import audience
from innovation.promotion import queries as promotion
from innovation.rules import notices
from innovation.rules.desk import COUNTED
from innovation.rules.notices import TOPICS, Topic, Way
from innovation.rules.promises import CHECK
from innovation.settings import Settings
from innovation.steering.queries import waiting

NEWS = {"comment_id": "talk_news", "project_id": "project_news", "award_id": "award_news"}
"""Folders of mails that say several kinds of news, by the parameter that names what they are about."""
FOLDERS = {"closing_draft": "closing_soon", "closing_votes": "closing_soon", "reminded": "reminded"}
"""Folders of several kinds that share their words, or of one that says more than the news of what it is about."""
PAGES = {
    "scoring_opened": "evaluation.reviews",
    "full_part_asked": "challenges.full_readers",
    "full_part_answered": "challenges.full_terms",
    "checks_due": "ideas.to_check",
    "inquiry_asked": "challenges.inquiries",
    "inquiry_due": "challenges.inquiries",
    "inquiry_answered": "pages.questions",
    "inquiry_published": "pages.questions",
    "offer_answered": "ideas.earlier_ideas",
}
"""Pages that mails about a challenge lead to, where it is not the challenge's own."""
CHECKED = frozenset({"idea_to_check", "idea_returned"})
"""Kinds that say until when an idea is checked, or comes again."""
AMENDED = frozenset({"challenge_amended", "amendment_in_force"})
"""Kinds that lead to what changed since publication."""
OF_JUDGES = frozenset({"question_asked", "question_answered"})
"""Kinds that lead to what judges asked about an idea."""
FOLLOWED = "followed_"
"""How the kinds begin that tell of what somebody follows; they share a folder too."""


def letter_of(event: Event, delivery: Delivery) -> mail.Letter | None:
    """The mail of a delivery as it would leave now, for who looks at it before it is sent."""
    settings: Settings = current_app.extensions["innovation.settings"]
    message = queries.message(int(delivery.key))
    letter = compose(message, event, settings) if message is not None else None
    return mail.Letter(message.kind, letter) if message is not None and letter is not None else None


@on(name=service.SEND, apart=True, imports=True, shows=letter_of)
def send_mail(event: Event, delivery: Delivery) -> None:
    """Send one mail: written anew from what the database says, sent with no transaction open."""
    settings: Settings = current_app.extensions["innovation.settings"]
    message = queries.message(int(delivery.key))
    if message is None or message.sent_at is not None:
        return
    letter = compose(message, event, settings)
    message_id, invitation_id = message.id, message.params.get("invitation_id")
    db.session.rollback()
    bounced = ""
    if letter is not None:
        try:
            mail.send(letter, settings)
        except mail.AddressRefused as error:
            if invitation_id is None:
                raise
            bounced = error.said
    with transaction():
        row = queries.message(message_id)
        if row is not None:
            row.sent_at = clock.now()
        if letter is not None and invitation_id is not None:
            _invitation_left(invitation_id, bounced)


def _invitation_left(invitation_id: int, bounced: str) -> None:
    """Keep with an invitation that its mail is out, or that no server takes mails to this address."""
    if bounced:
        invitations.mark_bounced(actor=house(Origin.CLOCK), invitation_id=invitation_id, said=bounced)
    else:
        invitations.mark_sent(actor=house(Origin.CLOCK), invitation_id=invitation_id)


def compose(message: Message, event: Event, settings: Settings) -> mail.Mail | None:
    """A message in words, in its reader's language; None when he may no longer see what it tells of."""
    with current_app.test_request_context(base_url=settings.base_url), force_locale(message.language):
        values = _values(message, event, settings) | _ways_out(message, settings)
        if _needs_a_look(message) and not any(line.seen for line in values["lines"]):
            return None
        if message.kind == "invitation" and values["link"] is None:
            return None
        if message.kind == "desk_waits" and not values["board"].anything:
            return None
        folder = f"email/{_folder(message)}"
        return mail.Mail(
            to=message.address,
            subject=render_template(f"{folder}/subject.txt", **values).strip(),
            text=render_template(f"{folder}/body.txt", **values),
            html=render_template(f"{folder}/body.html", **values),
            message_id=f"message-{message.id}-event-{event.id}",
            language=message.language,
            reply_to=_reply_to(message, event),
            unsubscribe=values["leave_url"] or "",
        )


def _folder(message: Message) -> str:
    if message.kind.startswith(FOLLOWED):
        return "followed_news"
    news = next((folder for name, folder in NEWS.items() if name in message.params), message.kind)
    return FOLDERS.get(message.kind, news)


def _needs_a_look(message: Message) -> bool:
    """Whether a mail is written only if its reader may see, at this moment too, what it tells of."""
    return message.kind == "digest" or message.kind.startswith(FOLLOWED) or "comment_id" in message.params


def _ways_out(message: Message, settings: Settings) -> dict[str, Any]:
    """What the foot of a mail says: what it is about, where that is chosen, and the link that ends such mails."""
    topic = TOPICS[message.kind]
    person = db.session.get(Person, message.person_id) if message.person_id is not None else None
    leave = None
    if person is not None and notices.can_choose(topic, Way.MAIL):
        token = links.sign(settings.signing_keys, person.public_id, topic)
        leave = url_for("notifications.unsubscribe", token=token, _external=True)
    known = message.kind == "digest" or (person is not None and topic != Topic.ACCOUNT)
    return {
        "topic": topic,
        "leave_url": leave,
        "choices_url": url_for("notifications.own_choices", _external=True) if known else None,
    }


def _reply_to(message: Message, event: Event) -> str:
    """Who answers for the challenge that a mail is about."""
    if event.challenge_id is None:
        return ""
    found = queries.reply_to(event.challenge_id, message.person_id)
    return formataddr(found) if found else ""


def _values(message: Message, event: Event, settings: Settings) -> dict[str, Any]:
    """What a mail's templates may use: rows by the ids in the message, and links."""
    params = message.params
    values: dict[str, Any] = {
        "event": event,
        "kind": message.kind,
        "link": None,
        "home": url_for("pages.home", _external=True),
    }
    if message.kind == "desk_waits":
        assert message.person_id is not None
        board = waiting.board(people.actor(message.person_id), clock.now())
        return values | {"board": board, "counted": COUNTED, "link": url_for("pages.desk", _external=True)}
    if _needs_a_look(message):
        assert message.person_id is not None
        return values | _looked_at(message, people.actor(message.person_id))
    if "order" in params and message.person_id is not None:
        values["line"] = queries.lines(people.actor(message.person_id), [message], outside=True)[0]
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
        found = queries.awaited(params["invitation_id"])
        if found is not None:
            values |= queries.invitation_values(found)
            values["link"] = url_for("pages.invitation", public_id=found.public_id, nonce=found.nonce, _external=True)
    if "idea_id" in params:
        idea = ideas.by_ids([params["idea_id"]])[0]
        values |= {
            "idea": idea,
            # A mail passes through many hands: what is sealed is named in it by its reference alone.
            "idea_name": idea.public_id if "sealed" in {idea.visibility, idea.challenge.visibility} else idea.title,
            "challenge": idea.challenge,
            "decision": promotion.deciding(idea.id),
            "link": url_for("pages.idea", public_id=idea.public_id, _external=True),
        }
        if message.kind in CHECKED:
            values |= {"check_by": event.occurred_at + CHECK, "again_until": send_again_until(idea)}
        if message.kind == "decision":
            values["challenge"] = challenges.by_id(idea.challenge_id)  # with its terms: they say whose the idea is now
        if message.kind == "idea_received":
            values["receipt"] = receipts.of_revision(idea, event.payload.get("revision", 0))
            values["receipt_link"] = url_for("ideas.receipt", public_id=idea.public_id, _external=True)
    if "challenge_id" in params:
        challenge = challenges.by_id(params["challenge_id"])
        page = PAGES.get(message.kind, "pages.challenge")
        address = url_for(page, public_id=challenge.public_id, _external=True)
        values |= {"challenge": challenge, "link": address}
        if message.kind == "full_part_answered":
            values["opening"] = challenges.opening(message.person_id, challenge.id)
    if "amendment_id" in params:
        values["amendment"] = challenges.amendment_by_id(params["amendment_id"])
        if message.kind in AMENDED:
            values["link"] = url_for("challenges.changes", public_id=values["challenge"].public_id, _external=True)
    if "inquiry_id" in params:
        inquiry = inquiries.by_id(params["inquiry_id"])
        values["inquiry"] = inquiry
        if inquiry is not None and message.kind == "inquiry_answered":
            values["link"] = url_for("challenges.inquiry", public_id=inquiry.public_id, _external=True)
    if message.kind in OF_JUDGES:
        values["link"] = url_for("ideas.questions", public_id=values["idea"].public_id, _external=True)
    if "offer_id" in params:
        values["offer"] = offer = offers.by_id(params["offer_id"])
        if offer is not None and message.kind == "offer_asked":
            values["link"] = url_for("ideas.offer", public_id=offer.public_id, _external=True)
    if "run_id" in params:
        run = promotion.run(params["run_id"])
        values |= {"run": run, "link": url_for("promotion.run", public_id=run.public_id, _external=True)}
    if "project_id" in params:
        values |= _of_project(params, event)
    if message.kind == "reminded":
        values |= _reminding(event, params, values["link"])
    if "award_id" in params:
        award = db.session.get_one(Award, params["award_id"])
        values |= {
            "award": award,
            # As with an idea: one for a sealed idea is named by its reference alone.
            "award_name": award.public_id if award.visibility == "sealed" else award.title,
            "link": url_for("awards.show", public_id=award.public_id, _external=True),
        }
    return values


def _reminding(event: Event, params: dict[str, Any], link: str | None) -> dict[str, Any]:
    """What a reminder says, and the page on which its reader acts."""
    found = queries.reminder_values(event, params["line_id"])
    page = reminding.PLACES.get(params["what"])
    if "challenge_id" in params and page is not None:
        challenge = challenges.by_id(params["challenge_id"])
        link = url_for(page, public_id=challenge.public_id, _external=True)
    elif found["announces"] is not None:
        link = url_for("promotion.run", public_id=found["announces"], _external=True)
    return found | {"link": link}


def _of_project(params: dict[str, Any], event: Event) -> dict[str, Any]:
    project = db.session.get_one(Project, params["project_id"])
    sealed = project.visibility == "sealed"
    milestone = db.session.get(Milestone, params["milestone_id"]) if "milestone_id" in params else None
    return {
        "project": project,
        # As with an idea: a sealed one is named by its reference alone.
        "project_name": project.public_id if sealed else project.title,
        "gate": audience.gate_named(project.id, event.payload["gate"]) if "gate" in event.payload else None,
        "milestone": milestone.title if milestone is not None and not sealed else "",
        "link": url_for("pages.project", public_id=project.public_id, _external=True),
    }


def _looked_at(message: Message, reader: Actor) -> dict[str, Any]:
    """What a mail tells of, as its reader may see it now: one line, or the lines of a digest."""
    told = queries.messages(message.params["message_ids"]) if message.kind == "digest" else [message]
    lines = [line for line in queries.lines(reader, told, outside=True) if line.seen]
    # What was reported or removed is not sent around once more.
    quoted = message.kind not in talk.MODERATION and "comment_id" in message.params
    quote = talk.quote(reader, message.params["comment_id"]) if quoted else None
    return {"lines": lines, "line": lines[0] if lines else None, "quote": quote}
