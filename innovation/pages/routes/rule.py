"""The rule composer: a sentence with slots, and beside it what the rule would do."""

from __future__ import annotations

from typing import Any

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.forms import MESSAGES, RuleForm
from innovation.challenges.forms.slots import same
from innovation.challenges.models import Challenge
from innovation.challenges.service import rules
from innovation.ideas import queries as ideas
from innovation.kernel import clock
from innovation.kernel.errors import Invalid, Refused
from innovation.kernel.usecase import require
from innovation.kernel.web import Answer, actor, gettext, page, refusal, respond, see
from innovation.pages.routes import bp
from innovation.promotion.service import overriding, previewing
from innovation.rules.challenge import WhoDecides
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.rules.promotion import explain

CHANGEABLE = frozenset({"draft", "waiting", "open", "closed"})


@bp.route("/challenges/<public_id>/rule", methods=["GET", "POST"])
@page(May.EDIT_CHALLENGE, on=challenges.get, write=False)
def rule(challenge: Challenge) -> Answer:
    """What will this do: compose, look, save. A button other than "save" changes the form alone."""
    stage = previewing.stage_of(challenge, clock.now())
    if stage == "over":
        said = refusal("brief_is_published", state=challenge.state)
        return see("pages.how_it_is_decided", public_id=challenge.public_id, message=said, tone="stop")
    _may_look(challenge, stage)
    shortlist = _about_shortlist(challenge, stage)
    present = (challenge.shortlist_rule if shortlist else challenge.rule) or challenge.rule
    own = challenge.who_decides != WhoDecides.SPONSOR and not overriding.decided_by_its_round(challenge.id)
    form = RuleForm()
    form.currency = challenge.currency
    if request.method == "GET":
        form.say(present)
    do = request.form.get("do", "")
    form.act(do)
    found = form.rule() if own else None
    if do.startswith(("add", "remove")):
        form.say_nothing()  # what was only just added is empty, and no mistake
    if found is not None and same(found, present):
        found = present
    if do == "save" and found is not None and stage in CHANGEABLE:
        try:
            return _save(challenge, stage, found, shortlist, form.reason.data or "")
        except Invalid as error:
            form.refuse(error, MESSAGES)
    form.offer(challenge, shortlist=shortlist, present=present)
    return respond(
        "pages/rule.html",
        fragment="pages/_rule_effect.html",
        status=422 if do == "save" and form.wrong else 200,
        form=form,
        challenge=challenge,
        stage=stage,
        own=own,
        shortlist=shortlist,
        judging=rules.has_begun(challenge, clock.now()),
        second_pass=overriding.second_pass_of(challenge.id),
        present_clauses=explain(present),
        clauses=explain(found) if found is not None else None,
        changed=found is not None and found != present,
        **(_effect(challenge, stage, present, found, form, shortlist) if own else {"preview": None, "measuring": False}),
    )


def _may_look(challenge: Challenge, stage: str) -> None:
    """After publication the rule is a manager's, and not of one who wrote an idea there."""
    if stage == "draft":
        return
    require(actor(), May.CHANGE_RULE, challenge)
    if ideas.authored_in(actor(), [challenge.id]):
        raise Refused(May.CHANGE_RULE.value)


def _about_shortlist(challenge: Challenge, stage: str) -> bool:
    asked = request.args.get("of") == "shortlist"
    return asked and stage == "draft" and challenge.who_decides == WhoDecides.VOTES_PANEL


def _save(challenge: Challenge, stage: str, found: dict[str, Any], shortlist: bool, reason: str) -> Answer:
    if stage == "draft":
        rules.edit_rule(actor=actor(), challenge=challenge, rule=found, shortlist=shortlist)
        return see("challenges.edit", public_id=challenge.public_id, message=gettext("The rule is kept."))
    overriding.change_rule(actor=actor(), challenge=challenge, rule=found, reason=reason.strip())
    said = gettext("The rule is changed. Everybody sees it here.")
    return see("pages.how_it_is_decided", public_id=challenge.public_id, message=said)


def _open_book(past: Challenge) -> bool:
    """Whether this person may learn every place in an earlier challenge: votes are told to all, a panel's means are not."""
    roles = challenges.role_set(actor(), past, in_audience=False)
    return past.who_decides == WhoDecides.VOTES or bool(roles & {Role.SPONSOR, Role.MANAGER})


def _effect(
    challenge: Challenge, stage: str, present: dict[str, Any], found: dict[str, Any] | None, form: RuleForm, shortlist: bool
) -> dict[str, Any]:
    """What the right side shows. While judging is open it reads nothing at all."""
    before = stage in {"draft", "waiting"}
    pasts = [each for each in challenges.decided_before(actor(), challenge) if _open_book(each)] if before else []
    form.past.choices = [("", gettext("24 invented ideas")), *((each.public_id, each.title) for each in pasts)]
    new = found if found is not None else present
    preview = None
    if before:
        past = next((each for each in pasts if each.public_id == form.past.data), None)
        preview = previewing.on_past(actor(), past, present, new) if past is not None else None
        preview = preview or previewing.on_made_data(challenge, present, new, shortlist=shortlist)
    elif stage in {"closed", "frozen"}:
        preview = previewing.on_real_state(actor(), challenge, present, new)
    return {
        "preview": preview,
        "nothing_of_past": bool(form.past.data) and preview is not None and preview.source == "made",
        "measuring": stage in {"closed", "frozen"} and preview is None,
    }
