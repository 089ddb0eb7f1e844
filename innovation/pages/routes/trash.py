"""Recently deleted: what a person and his teams threw away, each with the way back."""

from __future__ import annotations

from flask import request

from innovation.attachments import queries as attachments
from innovation.discussion import queries as discussion
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.text import plain
from innovation.kernel.web import Answer, actor, gettext, page, respond, safe_next, see
from innovation.pages.routes import bp
from innovation.projects.queries import trash as project_trash
from innovation.rules.idea import IdeaState
from innovation.rules.policy import May
from innovation.rules.trash import DAYS, KEPT, gone_for_good
from innovation.voting import service as votes


@bp.get("/my-work/trash")
@page(May.USE_ACCOUNT)
def trash() -> Answer:
    """What was thrown away within thirty days, when it goes for good, and why something does not come back."""
    now = clock.now()
    gone, comments = ideas.withdrawn(actor(), now), discussion.trashed(actor(), now)
    return respond(
        "pages/trash.html",
        days=DAYS,
        ideas=[
            (each, gone_for_good(each.withdrawn_at), ideas.why_it_stays_away(each, now))
            for each in gone
            if each.withdrawn_at
        ],
        things=project_trash.of_person(actor(), now),
        comments=[(each, gone_for_good(each.trashed_at)) for each in comments if each.trashed_at],
        said={key: plain(text) for key, text in discussion.plain_texts(actor(), comments).items()},
        files=[
            (each, gone_for_good(each.trashed_at)) for each in attachments.trashed_by(actor(), now - KEPT) if each.trashed_at
        ],
    )


@bp.post("/ideas/<public_id>/restoration")
@page(May.RESTORE_IDEA, on=ideas.get)
def restore_idea(idea: Idea) -> Answer:
    votes.restore(actor=actor(), idea=idea)
    said = (
        gettext("The draft is back.")
        if idea.state == IdeaState.DRAFT
        else gettext("The idea is back, and its votes count again.")
    )
    if safe_next(request.form.get("next")) == "/my-work/trash":
        return see("pages.trash", message=said)
    return see("ideas.edit" if idea.state == IdeaState.DRAFT else "pages.idea", public_id=idea.public_id, message=said)
