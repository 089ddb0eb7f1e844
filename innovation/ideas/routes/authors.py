"""Doors of an idea's authors."""

from __future__ import annotations

from flask import request
from flask_babel import force_locale

from innovation.ideas import queries
from innovation.ideas.forms import MESSAGES, AuthorForm
from innovation.ideas.models import Idea
from innovation.ideas.queries import authoring
from innovation.ideas.routes import bp
from innovation.ideas.service import authors
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.policy import May


@bp.route("/ideas/<public_id>/authors", methods=["GET", "POST"])
@page(May.EDIT_IDEA, on=queries.get)
def team(idea: Idea) -> Answer:
    form = AuthorForm()
    if form.validate_on_submit():
        try:
            known = authors.name_author(actor=actor(), idea=idea, email=form.email.data or "", message=_line(idea))
            named = gettext("Named. A mail asks for acceptance.")
            asked = gettext("Asked. Whoever does not want to be invited gets no mail.")
            return see("ideas.team", public_id=idea.public_id, message=named if known else asked)
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return _page(idea, form, 422 if form.errors else 200)


def _line(idea: Idea) -> str:
    """What the invitation of a co-author says above the brief; nothing of the idea."""
    with force_locale(idea.challenge.language):
        return gettext(
            "%(name)s names you as a co-author of an idea for this challenge. Take part to read it, and say if you are.",
            name=actor().name,
        )


def _page(
    idea: Idea, form: AuthorForm, status: int = 200, *, typed: dict[str, str] | None = None, wrong: str = ""
) -> Answer:
    """The authors with their shares; ``typed`` and ``wrong`` where shares were sent that do not add up."""
    asked = authoring.asked(idea.id)
    shares = [each.share for each in idea.authors] + [each.share for each in asked]
    given = [share for share in shares if share is not None]
    return respond(
        "ideas/authors.html",
        status=status,
        form=form,
        idea=idea,
        asked=asked,
        free=100 - sum(given) if given else 0,
        own=next((each for each in idea.authors if each.person_id == actor().person_id), None),
        typed=typed or {},
        wrong=wrong,
    )


@bp.post("/ideas/<public_id>/shares")
@page(May.EDIT_IDEA, on=queries.get)
def shares(idea: Idea) -> Answer:
    typed = {key.removeprefix("share_"): value.strip() for key, value in request.form.items() if key.startswith("share_")}
    try:
        given = {key: _percent(value) for key, value in typed.items()}
        authors.set_shares(actor=actor(), idea=idea, shares=given)
    except Invalid as error:
        return _page(idea, AuthorForm(formdata=None), 422, typed=typed, wrong=str(MESSAGES[error.code]))
    return see(
        "ideas.team",
        public_id=idea.public_id,
        message=gettext("The shares are kept. Everybody else is asked to accept them."),
    )


def _percent(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 3):
        raise Invalid("shares_not_100", field="shares")
    return int(value)


@bp.post("/ideas/<public_id>/asked/<name>/removal")
@page(May.EDIT_IDEA, on=queries.get)
def ask_no_more(idea: Idea, name: str) -> Answer:
    authors.take_back_question(actor=actor(), idea=idea, invitation=name)
    return see("ideas.team", public_id=idea.public_id, message=gettext("Not asked any more."), tone="note")


@bp.post("/ideas/<public_id>/authorship")
@page(May.EDIT_IDEA, on=queries.get)
def authorship(idea: Idea) -> Answer:
    if request.form.get("value") == "leave":
        authors.leave(actor=actor(), idea=idea)
        return see("pages.my_ideas", message=gettext("You are no longer an author of this idea."), tone="note")
    authors.accept_authorship(actor=actor(), idea=idea)
    return see("pages.idea", public_id=idea.public_id, message=gettext("You are an author of this idea now."))
