"""The brief of a challenge while it is written, beside it what earlier projects taught about such a question."""

from __future__ import annotations

from typing import Any

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.forms import MESSAGES, WHEN_BALLOT, WHEN_WHO_DECIDES, EditForm, edit_data
from innovation.challenges.models import Challenge
from innovation.challenges.service import briefs, coaching
from innovation.challenges.service.fitting import explained
from innovation.insight.queries.public.figures import counts_of
from innovation.insight.queries.records import sponsors_record
from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, page, refusal, respond, see
from innovation.pages import queries
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
                said = gettext("Handed in. You have an answer within two days.")
                return see("pages.challenge", public_id=challenge.public_id, message=said)
            if request.form.get("then") == "check":
                return see("pages.check_brief", public_id=challenge.public_id, message=gettext("Saved."))
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
        **_hints(challenge),
    )


@bp.get("/challenges/<public_id>/check")
@page(May.CHECK_BRIEF, on=challenges.get)
def check_brief(challenge: Challenge) -> Answer:
    """The last look: what is promised from then on, what could be clearer, and what asking the like brought before."""
    if challenge.state not in EDITABLE:
        return see("pages.challenge", public_id=challenge.public_id)
    return respond(
        "challenges/check.html",
        challenge=challenge,
        form=EditForm(data=edit_data(challenge, challenges.topics(challenge.id))).of(challenge),
        clauses=explained(challenge.rule, challenge.who_decides, challenge.ballot),
        approvers=challenges.approver_names(challenge.programme_id),
        panel=briefs.panel_wanted(challenge),
        own=challenges.is_own(actor(), challenge),
        **_hints(challenge),
    )


@bp.get("/challenges/<public_id>/preview")
@page(May.CHECK_BRIEF, on=challenges.get)
def preview_brief(challenge: Challenge) -> Answer:
    """The challenge as somebody of its audience will see it, who has opened no full part and may know no withheld name."""
    now = clock.now()
    return respond(
        "challenges/preview.html",
        challenge=challenge,
        now=now,
        steps=queries.phase_steps(challenge, now),
        asked=challenges.questions(challenge.id),
        sponsors=[] if challenge.sponsor_withheld else challenges.sponsors(challenge.id),
        record=sponsors_record(challenge, now),
    )


def _hints(challenge: Challenge) -> dict[str, Any]:
    """What the coach says, and which past challenges asked much the same: as much as this person may see of them."""
    now = clock.now()
    alike = challenges.like(actor(), challenge, now)
    return {
        "coach": coaching.coached(challenge, challenges.questions(challenge.id), now),
        "alike": alike,
        "brought": counts_of([each.id for each in alike]) if alike else {},
    }
