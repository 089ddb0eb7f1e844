"""The rule composer: a sentence with slots, and beside it what the rule would do."""

from __future__ import annotations

from typing import Any

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.forms import MESSAGES, RuleForm
from innovation.challenges.forms.slots import same
from innovation.challenges.models import Challenge
from innovation.challenges.service import fitting, rules
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

CHANGEABLE = frozenset({"draft", "waiting", "open", "closed", "decided"})
FIGURES_ARE_IN = frozenset({"closed", "frozen", "decided"})


@bp.route("/challenges/<public_id>/rule", methods=["GET", "POST"])
@page(May.EDIT_CHALLENGE, on=challenges.get, write=False)
def rule(challenge: Challenge) -> Answer:
    """What will this do: compose, look, save. A button other than "save" changes the form alone."""
    stage = _stage(challenge)
    if stage == "over":
        said = refusal("brief_is_published", state=challenge.state)
        return see("pages.how_it_is_decided", public_id=challenge.public_id, message=said, tone="stop")
    _may_look(challenge, stage)
    shortlist = _about_shortlist(challenge, stage)
    present = (challenge.shortlist_rule if shortlist else challenge.rule) or challenge.rule
    own = challenge.who_decides != WhoDecides.SPONSOR and not overriding.decided_by_its_round(challenge.id)
    who = WhoDecides.VOTES if shortlist else challenge.who_decides
    shown = fitting.without_idle_ties(present, who)
    form = RuleForm()
    form.currency = challenge.currency
    if request.method == "GET":
        form.say(shown)
    do = request.form.get("do", "")
    form.act(do)
    found = form.rule() if own else None
    if do.startswith(("add", "remove")):
        form.say_nothing()  # what was only just added is empty, and no mistake
    if found is not None:
        found = present if same(found, shown) else fitting.without_idle_ties(found, who)
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
        present_clauses=fitting.explained(present, who, challenge.ballot),
        clauses=fitting.explained(found, who, challenge.ballot) if found is not None else None,
        changed=found is not None and found != present,
        **(_effect(challenge, stage, present, found, form, shortlist) if own else {"preview": None, "measuring": False}),
    )


def _stage(challenge: Challenge) -> str:
    """Where a challenge stands for its rule, and ``decided``: another rule can still decide it again."""
    stage = previewing.stage_of(challenge, clock.now())
    return "decided" if stage == "frozen" and overriding.to_decide_again(challenge) is not None else stage


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
        return see("pages.edit_brief", public_id=challenge.public_id, message=gettext("The rule is kept."))
    about: dict[str, Any] = {"rule": found, "reason": reason.strip(), "seen": request.form.get("rule_seen", type=int)}
    run = overriding.to_decide_again(challenge) if stage == "decided" else None
    if run is None:
        overriding.change_rule(actor=actor(), challenge=challenge, **about)
        said = gettext("The rule is changed. Everybody sees it here.")
        return see("pages.how_it_is_decided", public_id=challenge.public_id, message=said)
    name = run.public_id
    overriding.decide_again(actor=actor(), run=run, **about)
    said = gettext("Decided again by the new rule. Look at the result before you announce it.")
    return see("promotion.run", public_id=name, message=said)


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
    elif stage in FIGURES_ARE_IN:
        preview = previewing.on_real_state(actor(), challenge, present, new)
    return {
        "preview": preview,
        "nothing_of_past": bool(form.past.data) and preview is not None and preview.source == "made",
        "measuring": stage in FIGURES_ARE_IN and preview is None,
    }
