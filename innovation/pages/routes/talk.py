"""Pages of talks: a challenge's questions, its panel's talk, and what is said about an idea or a project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.queries import inquiries
from innovation.challenges.service import talking as asking
from innovation.discussion import queries as discussion
from innovation.discussion.forms import MESSAGES, CommentForm
from innovation.discussion.models import Comment, Thread
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.service import talking as commenting
from innovation.kernel import clock
from innovation.kernel.i18n import language
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, page, respond, see
from innovation.pages.routes import bp
from innovation.pages.routes.challenge import frame
from innovation.pages.routes.filing import files_of_talk
from innovation.projects import queries as projects
from innovation.projects.models import Project
from innovation.projects.queries import areas
from innovation.projects.queries import talking as project_talks
from innovation.projects.service import talking as advising
from innovation.rules.challenge import LIVE
from innovation.rules.policy import May


@bp.route("/challenges/<public_id>/questions", methods=["GET", "POST"])
@page(May.LOOK, on=challenges.get, once=True)
def questions(challenge: Challenge) -> Answer:
    """What people ask about a challenge, and the answers."""

    def ask(text: str) -> Comment:
        return asking.ask(actor=actor(), challenge=challenge, text=text)

    def around() -> dict[str, Any]:
        return frame(challenge, "questions") | _to_the_sponsor(challenge)

    return _page("pages/questions.html", challenges.talk_of(challenge), ask, around)


def _to_the_sponsor(challenge: Challenge) -> dict[str, Any]:
    """What was asked of the sponsor beside the talk, as this person may read it."""
    who = actor()
    answers = may(who, May.ANSWER_INQUIRY, challenge) and challenge.state in LIVE
    return {
        "inquiries": inquiries.published(challenge, request.args.get("published")),
        "own_inquiries": inquiries.mine(who, challenge),
        "inquiries_waiting": inquiries.waiting_in(challenge) if answers else None,
        "may_ask": inquiries.can_be_asked(challenge) and may(who, May.ASK_SPONSOR, challenge),
    }


@bp.route("/challenges/<public_id>/panel-talk", methods=["GET", "POST"])
@page(May.PANEL_TALK, on=challenges.get, once=True)
def panel_talk(challenge: Challenge) -> Answer:
    """What the panel and the sponsors say among themselves."""

    def confer(text: str) -> Comment:
        return asking.confer(actor=actor(), challenge=challenge, text=text)

    return _page("pages/panel_talk.html", challenges.talk_of(challenge, "panel"), confer, lambda: {"challenge": challenge})


@bp.route("/ideas/<public_id>/talk", methods=["GET", "POST"])
@page(May.LOOK, on=ideas.get, once=True)
def idea_talk(idea: Idea) -> Answer:
    """What is said about an idea, on a page of its own: for long talks, and where what was sent was not in order."""
    if idea.state in commenting.SILENT and request.method == "GET":
        abort(404)

    def say(text: str) -> Comment:
        return commenting.say(actor=actor(), idea=idea, text=text)

    return _page("pages/idea_talk.html", ideas.talk_of(idea), say, lambda: {"idea": idea}, "pages.idea")


@bp.route("/projects/<public_id>/talk", methods=["GET", "POST"])
@page(May.LOOK, on=projects.get, once=True)
def project_talk(project: Project) -> Answer:
    """What is said about a project."""

    def say(text: str) -> Comment:
        return advising.say(actor=actor(), project=project, text=text)

    def around() -> dict[str, Any]:
        now = clock.now()
        return {"project": project, "area": "talk", "frame": areas.frame(actor(), project, now), "now": now}

    return _page("pages/project_talk.html", project_talks.talk_of(project), say, around)


def _page(
    template: str,
    thread: Thread,
    say: Callable[[str], Comment],
    around: Callable[[], dict[str, Any]],
    whole: str = "",
) -> Answer:
    """A talk's page, its fragment where the page asks for news, or what was just said in its place.

    ``whole`` is the page of what the talk is about, where that page has the talk on it too: whoever wrote there goes back
    there, unless the comment stands further on than that page shows.
    """
    form = CommentForm()
    made: list[Comment] = []
    if form.accepted(lambda: made.append(say(form.text.data or "")), MESSAGES):
        said = made[0]
        if whole and request.form.get("here") == whole and discussion.page_of(actor(), said, clock.now()) is None:
            place = discussion.place(said.thread)
            return see(whole, public_id=place.public_id, _anchor=f"comment-{said.public_id}")
        return see("discussion.comment", public_id=said.public_id)
    shown = discussion.talk(actor(), thread, clock.now(), request.args.get("after"))
    if request.headers.get("HX-Request"):
        return _news(shown, form)
    status = 422 if form.errors else 200
    return respond(template, status=status, form=form, talk=shown, talk_files=files_of_talk(shown), **around())


def _news(shown: discussion.Talk, form: CommentForm) -> Answer:
    """The talk alone, or nothing when the reader has just this."""
    response = respond("discussion/_talk.html", talk=shown, form=form, talk_files=files_of_talk(shown))
    response.set_etag(f"{shown.version}-{actor().person_id or 0}-{language()}")
    return response.make_conditional(request.environ)
