"""The door through which an author removes the content of a withdrawn idea for good."""

from __future__ import annotations

from flask import request

from innovation.ideas import queries
from innovation.ideas.models import Idea
from innovation.ideas.routes import bp
from innovation.ideas.routes.shared import as_it_stands
from innovation.ideas.service import emptying
from innovation.kernel.forms import Form
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.idea import IdeaState
from innovation.rules.policy import May


@bp.route("/ideas/<public_id>/content-removal", methods=["GET", "POST"])
@page(May.WITHDRAW_IDEA, on=queries.get)
def remove_content(idea: Idea) -> Answer:
    if request.method == "GET" and (idea.state != IdeaState.WITHDRAWN or idea.submitted_at is None):
        return as_it_stands(idea, "withdraw_first")
    form = Form()
    if form.validate_on_submit():
        emptying.empty(actor=actor(), idea=idea)
        said = gettext("Its content is removed for good.")
        return see("pages.idea", public_id=idea.public_id, message=said, tone="note")
    return respond("ideas/remove_content.html", idea=idea, form=form)
