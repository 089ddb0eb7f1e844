"""The door out of a kind of mail (RFC 8058): a page with one button, and the one click of a mail program.

A link that is only opened changes nothing: programs that look for viruses open links too.
"""

from __future__ import annotations

from flask import request

from innovation.kernel.actor import Origin, house
from innovation.kernel.web import Answer, page, respond, settings
from innovation.kernel.web.frame import csrf
from innovation.notifications import queries
from innovation.notifications.routes import bp
from innovation.notifications.service import choosing, links
from innovation.rules import notices
from innovation.rules.notices import Topic, Way
from innovation.rules.policy import May


def _known(token: str) -> tuple[str, Topic, bool] | None:
    """(person, topic, whether its mails are on) of a link of ours that can still do something."""
    found = links.read(settings().signing_keys, token)
    if found is None or not notices.can_choose(found[1], Way.MAIL):
        return None
    wanted = queries.wants(*found)
    return None if wanted is None else (*found, wanted)


@bp.get("/unsubscribe/<token>")
@page(May.LOOK)
def unsubscribe(token: str) -> Answer:
    return _page(token, _known(token))


def _page(token: str, found: tuple[str, Topic, bool] | None, *, done: bool = False) -> Answer:
    if found is None:
        answer = respond("notifications/unsubscribe_unknown.html", status=404)
    else:
        answer = respond("notifications/unsubscribe.html", token=token, topic=found[1], wanted=found[2], done=done)
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.post("/unsubscribe/<token>")
@page(May.LOOK)
def leave(token: str) -> Answer:
    """Switch the topic's mails off, or on again where the form says so. 200, however often."""
    found = _known(token)
    if found is not None:
        public_id, topic, _wanted = found
        back = request.form.get("again") == "yes"
        choosing.switch_mail(actor=house(Origin.WEB), public_id=public_id, topic=topic, wanted=back)
        found = (public_id, topic, back)
    return _page(token, found, done=True)


csrf.exempt(leave)  # a mail program has no form of ours; the signed link itself is the permission
