"""Doors of who opened an idea. Whatever shows a sealed idea to somebody else than its authors is noted here, in one place.

A page that cannot be noted is not shown: the note is written after the page was made and before it goes out.
"""

from __future__ import annotations

from flask import Response, g, request

from innovation.attachments.models import Attachment
from innovation.ideas import queries
from innovation.ideas.forms.acts import ReasonForm
from innovation.ideas.models import Idea
from innovation.ideas.queries import openings, unlocking
from innovation.ideas.routes import bp
from innovation.ideas.service import openings as noting
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.policy import May


@bp.get("/ideas/<public_id>/openings")
@page(May.EDIT_IDEA, on=queries.get)
def opened(idea: Idea) -> Answer:
    """Who opened this idea, in which role and hour: for its authors alone."""
    return respond(
        "ideas/openings.html",
        idea=idea,
        challenge=idea.challenge,
        openings=openings.page(actor(), idea, request.args.get("after")),
        reasons=openings.with_reason(idea.id),
    )


@bp.route("/ideas/<public_id>/sealed-reading", methods=["GET", "POST"])
@page(May.OPEN_SEALED, on=unlocking.locked)
def unlock(idea: Idea) -> Answer:
    """The door of a sealed idea for managers and administrators: a reason, half an hour, and its authors know."""
    form = ReasonForm()
    if form.validate_on_submit():
        noting.open_with_reason(actor=actor(), idea=idea, why=form.why.data or "")
        said = gettext("You can read it for %(minutes)s minutes. Its authors are told.", minutes=unlocking.MINUTES)
        return see("pages.idea", public_id=idea.public_id, message=said, tone="note")
    return respond(
        "ideas/unlock.html",
        status=422 if form.errors else 200,
        form=form,
        reference=idea.public_id,
        challenge=idea.challenge,
        minutes=unlocking.MINUTES,
    )


@bp.after_app_request
def _shown(response: Response) -> Response:
    """Keep ideas out of search engines, and note that somebody read a sealed one."""
    idea = _idea_shown()
    if idea is None:
        return response
    response.headers["X-Robots-Tag"] = "noindex"
    read = request.method == "GET" and request.endpoint != "ideas.unlock" and response.status_code in {200, 206}
    if read and openings.needs_noting(actor(), idea, clock.now()):
        noting.note(actor=actor(), idea_id=idea.id, role=openings.role_of(actor(), idea))
    return response


def _idea_shown() -> Idea | None:
    """The idea that this request is about, itself or one of its files."""
    subject = g.get("subject")
    if isinstance(subject, Attachment) and subject.set.kind == "idea":
        return queries.with_files(subject.set_id)
    return subject if isinstance(subject, Idea) else None
