"""The brief of a challenge while it is written, beside it what earlier projects taught about such a question."""

from __future__ import annotations

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.forms import MESSAGES, WHEN_BALLOT, WHEN_WHO_DECIDES, EditForm, edit_data
from innovation.challenges.models import Challenge
from innovation.challenges.service import briefs
from innovation.challenges.service.fitting import explained
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, page, refusal, respond, see
from innovation.pages.routes import bp
from innovation.pages.routes.filing import files_of_challenge
from innovation.projects.queries import lessons
from innovation.rules.challenge import EDITABLE, WhoDecides
from innovation.rules.policy import May


@bp.route("/challenges/<public_id>/edit", methods=["GET", "POST"])
@page(May.EDIT_CHALLENGE, on=challenges.get)
def edit_brief(challenge: Challenge) -> Answer:
    if request.method == "GET" and challenge.state not in EDITABLE:
        said = refusal("brief_is_published", state=challenge.state)
        return see("pages.challenge", public_id=challenge.public_id, message=said, tone="stop")
    form = EditForm(data=edit_data(challenge, challenges.topics(challenge.id))).of(challenge)
    if form.validate_on_submit():
        try:
            briefs.edit(actor=actor(), challenge=challenge, brief=form.brief(challenge))
            if request.form.get("then") == "propose":
                briefs.propose(actor=actor(), challenge=challenge)
                said = gettext("The innovation manager has it now.")
                return see("pages.challenge", public_id=challenge.public_id, message=said)
            return see("pages.challenge", public_id=challenge.public_id, message=gettext("Saved."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return respond(
        "challenges/edit.html",
        status=422 if form.errors else 200,
        form=form,
        challenge=challenge,
        clauses=explained(challenge.rule, challenge.who_decides, challenge.ballot),
        shortlist_clauses=explained(challenge.shortlist_rule, WhoDecides.VOTES, challenge.ballot)
        if challenge.shortlist_rule
        else None,
        fits_when=WHEN_WHO_DECIDES,
        ballot_when=WHEN_BALLOT,
        sponsors=challenges.sponsors(challenge.id),
        files=files_of_challenge(challenge),
        learned=lessons.like(actor(), challenge),
    )
