"""Deciding on the desk: one thing in its row, or many after a page that lists them; each is done by its own verb."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import ngettext

from innovation.challenges.forms import MESSAGES as CHALLENGE_MESSAGES
from innovation.kernel import clock
from innovation.kernel.errors import DomainError, Invalid
from innovation.kernel.forms import Form
from innovation.kernel.web import Answer, actor, gettext, page, refusal, respond, see
from innovation.pages.forms import DeskDayForm, DeskPersonForm
from innovation.pages.routes import bp
from innovation.pages.routes.desk import chosen_programme, narrowed
from innovation.projects.forms.gates import MESSAGES as GATE_MESSAGES
from innovation.promotion import queries as promotion
from innovation.rules.desk import KINDS, DeskAct
from innovation.rules.policy import May
from innovation.rules.sending import MOST_CHOSEN, Chosen
from innovation.steering.queries.picked import Picked, picked
from innovation.steering.service import deciding

FORMS: dict[DeskAct, type[Form]] = {DeskAct.EXTENSION: DeskDayForm, DeskAct.ASSIGNMENT: DeskPersonForm}
"""What an act asks for besides the things themselves."""


@bp.route(f"/desk/decisions/<any({', '.join(DeskAct)}):act>", methods=["GET", "POST"])
@page(May.SEE_DESK, write=False)
def desk_decision(act: str) -> Answer:
    """What was picked, and what will happen to it; then what became of each."""
    wanted, done = DeskAct(act), request.form.get("confirmed")
    chosen = _chosen(wanted)
    if not chosen:
        nothing = gettext("Pick at least one line first.")
        return see("pages.desk", message=nothing, tone="stop", **narrowed(chosen_programme(actor())))
    if request.method == "POST" and not done:
        names = [str(each) for each in chosen]
        return see("pages.desk_decision", act=act, chosen=names, **narrowed(chosen_programme(actor())))
    form = FORMS.get(wanted, Form)()
    if not form.validate_on_submit():
        return _asked(wanted, picked(actor(), wanted, chosen), form)
    found = deciding.carry_out(actor=actor(), act=wanted, chosen=chosen, said=_said(form))
    refused = [each for each in found if each.problem]
    if not refused:
        return see("pages.desk", message=_told(wanted, len(found)), **narrowed(chosen_programme(actor())))
    things = {each.chosen: each for each in picked(actor(), wanted, chosen)}
    return respond(
        "pages/desk_done.html",
        status=422,
        act=wanted,
        programme=chosen_programme(actor()),
        outcomes=[(things[each.chosen], _why(each.problem)) for each in found],
        refused=len(refused),
    )


def _chosen(act: DeskAct) -> list[Chosen]:
    """The things a list or the page before names; what the act is not done to is left out."""
    read = [Chosen.read(written) for written in request.values.getlist("chosen")[:MOST_CHOSEN]]
    return list(dict.fromkeys(each for each in read if each is not None and each.kind in KINDS[act]))


def _asked(act: DeskAct, things: list[Picked], form: Form) -> Answer:
    runs = [each.thing.id for each in things if each.chosen.kind == "run" and each.thing is not None]
    return respond(
        "pages/desk_decision.html",
        status=422 if form.errors else 200,
        act=act,
        things=things,
        form=form,
        programme=chosen_programme(actor()),
        calls=promotion.with_open_calls(runs) if runs else set(),
        now=clock.now(),
    )


def _said(form: Form) -> deciding.Said:
    values: dict[str, Any] = {name: form.data[name] for name in ("day", "reason", "email") if form.data.get(name)}
    seen = {name.removeprefix("seen-"): value for name, value in request.form.items() if name.startswith("seen-")}
    return deciding.Said(seen=seen, **values)


def _told(act: DeskAct, count: int) -> str:
    """What was done to so many, in a sentence."""
    if act == DeskAct.PUBLICATION:
        return ngettext("%(num)s challenge is published.", "%(num)s challenges are published.", count)
    if act == DeskAct.ANNOUNCEMENT:
        return ngettext("%(num)s result is announced.", "%(num)s results are announced.", count)
    if act == DeskAct.ACCEPTANCE:
        return ngettext("%(num)s idea is accepted.", "%(num)s ideas are accepted.", count)
    if act == DeskAct.EXTENSION:
        return ngettext("%(num)s has a later day.", "%(num)s have a later day.", count)
    return ngettext("A stand-in is named for %(num)s.", "A stand-in is named for %(num)s.", count)


def _why(problem: DomainError | None) -> str | None:
    """Why something was refused, in words; None for what was done."""
    if problem is None:
        return None
    words = CHALLENGE_MESSAGES.get(problem.code) or GATE_MESSAGES.get(problem.code) if isinstance(problem, Invalid) else ""
    return str(words or refusal(problem.code, **problem.params) or gettext("This is not yours to decide."))
