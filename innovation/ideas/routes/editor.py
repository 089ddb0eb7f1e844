"""The page on which an idea is written, and which of its buttons was pressed."""

from __future__ import annotations

from flask import request, url_for

from innovation.attachments import queries as attachments
from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries
from innovation.ideas.forms import IdeaForm
from innovation.ideas.forms.idea import asks_whose
from innovation.ideas.models import Idea
from innovation.ideas.routes.shared import door
from innovation.ideas.service import filing, writing
from innovation.ideas.service.timing import send_again_until
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, respond, settings
from innovation.rules.idea import UNSENT, IdeaState


def wants() -> str:
    """``send``, ``check`` or ``save``: what the pressed button asks for."""
    then = request.form.get("then", "")
    return then if then in ("send", "check") else "save"


def sends(challenge: Challenge) -> bool:
    """Whether the pressed button sends the idea from this page; where it must be read once more, it leads there."""
    return wants() == "send" and challenges.on_one_page(challenge, challenges.questions(challenge.id))


def editor(challenge: Challenge, idea: Idea | None, form: IdeaForm, *, moved: bool = False) -> Answer:
    """The editor. ``moved``: the idea went on since the page was opened, so what was typed is not saved."""
    asked = challenges.questions(challenge.id)
    draft = idea is None or idea.state in UNSENT
    fixed = None if idea is None or draft else writing.why_fixed(idea, clock.now())
    return respond(
        "ideas/edit.html",
        status=409 if moved else 422 if form.errors else 200,
        form=form,
        challenge=challenge,
        idea=idea,
        moved=moved,
        asked=asked,
        one_page=draft and not moved and challenges.on_one_page(challenge, asked),
        whose=draft and asks_whose(challenge),
        fixed=fixed,
        fixed_once_sent=writing.text_is_fixed(challenge, clock.now()),
        drafts=[] if idea else [each for each in queries.in_challenge(actor(), challenge) if each.state == IdeaState.DRAFT],
        door=door(challenge, idea),
        again_until=send_again_until(idea) if idea else None,
        files=_files(idea) if idea else None,
        most=settings().file_megabytes,
        needs_amount=writing.needs_amount(challenge),
        readers=challenges.readers_of_sealed(challenge.id, actor()) if challenge.visibility == "sealed" else [],
        checkers=challenges.checker_names(challenge, actor()),
    )


def _files(idea: Idea) -> attachments.Files:
    """The idea's files; where it can be changed, with the place to add one."""
    url = url_for("pages.idea_files", public_id=idea.public_id) if filing.changeable(idea, clock.now()) else None
    return attachments.files(actor(), idea.file_set_id, url, settings().file_megabytes)
