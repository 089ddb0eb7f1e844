"""Doors of who looks at ideas before others see them: the list, and the three things to do with one."""

from __future__ import annotations

from collections.abc import Callable

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.service import deputies
from innovation.ideas import queries
from innovation.ideas.forms import MESSAGES
from innovation.ideas.forms.checking import CheckersDeputyForm, QuestionForm, ReadForm, RefusalForm, proposed_day
from innovation.ideas.models import Idea
from innovation.ideas.queries import checking as waiting
from innovation.ideas.routes import bp
from innovation.ideas.routes.shared import as_it_stands
from innovation.ideas.service import checking
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.people import queries as people
from innovation.rules import promises
from innovation.rules.idea import IdeaState
from innovation.rules.policy import May
from innovation.rules.predicates import Role


@bp.get("/challenges/<public_id>/ideas-to-check")
@page(May.CHECK_IDEA, on=challenges.get)
def to_check(challenge: Challenge) -> Answer:
    """What waits to be checked, the longest waiting first."""
    return _list(challenge, CheckersDeputyForm(formdata=None))


@bp.post("/challenges/<public_id>/checking-deputies")
@page(May.NAME_DEPUTY, on=challenges.get)
def name_checkers_deputy(challenge: Challenge) -> Answer:
    """Whoever checks names somebody who does it in his place."""
    form = CheckersDeputyForm()

    def name() -> None:
        who, email = actor(), form.email.data or ""
        deputies.name_deputy(actor=who, challenge=challenge, person_id=who.person_id or 0, email=email, role=Role.CHECKER)

    if form.accepted(name, MESSAGES):
        return see("ideas.to_check", public_id=challenge.public_id, message=gettext("The deputy is named."))
    return _list(challenge, form)


@bp.post("/challenges/<public_id>/checking-deputies/removal")
@page(May.NAME_DEPUTY, on=challenges.get)
def drop_checkers_deputy(challenge: Challenge) -> Answer:
    deputies.drop_deputy(actor=actor(), challenge=challenge, person_id=actor().person_id or 0, role=Role.CHECKER)
    return see("ideas.to_check", public_id=challenge.public_id, message=gettext("Removed."))


def _list(challenge: Challenge, form: CheckersDeputyForm) -> Answer:
    who = actor()
    in_person = who.person_id in deputies.own_holders(challenge.id, Role.CHECKER)
    standing_in = {each.person_id: each.deputy_id for each in challenges.deputies(challenge.id, Role.CHECKER.value)}
    deputy = standing_in.get(who.person_id or 0)
    return respond(
        "ideas/check_list.html",
        status=422 if form.errors else 200,
        challenge=challenge,
        page=waiting.page(who, challenge, request.args.get("after")),
        sent_back=waiting.sent_back(challenge),
        late_before=clock.now() - promises.CHECK,
        form=form,
        in_person=in_person,
        deputy=people.names([deputy]).get(deputy) if deputy else None,
    )


@bp.post("/ideas/<public_id>/acceptance")
@page(May.CHECK_IDEA, on=queries.get)
def accept(idea: Idea) -> Answer:
    """Let an idea be seen."""
    form = ReadForm()
    if not form.validate_on_submit():
        return see("pages.idea", public_id=idea.public_id)
    challenge = idea.challenge
    checking.accept(actor=actor(), idea=idea, revision=form.revision.data)
    return see("ideas.to_check", public_id=challenge.public_id, message=gettext("Accepted. Its readers see it now."))


@bp.route("/ideas/<public_id>/question-back", methods=["GET", "POST"])
@page(May.CHECK_IDEA, on=queries.get)
def send_back(idea: Idea) -> Answer:
    """Return an idea to its authors with a question."""
    form = QuestionForm(until=proposed_day(idea.challenge, clock.now()), revision=idea.revision_no).of(idea.challenge)

    def ask() -> None:
        note, until = form.note.data or "", form.moment()
        checking.send_back(actor=actor(), idea=idea, note=note, until=until, revision=form.revision.data)

    return _decided(idea, form, ask, "ideas/check_question.html", gettext("Sent back with your question."))


@bp.route("/ideas/<public_id>/refusal", methods=["GET", "POST"])
@page(May.CHECK_IDEA, on=queries.get)
def turn_down(idea: Idea) -> Answer:
    """Not let an idea be seen, with the reason that its authors read."""
    form = RefusalForm(revision=idea.revision_no)

    def refuse() -> None:
        checking.decline(actor=actor(), idea=idea, note=form.note.data or "", revision=form.revision.data)

    return _decided(idea, form, refuse, "ideas/check_refusal.html", gettext("Turned down. Its authors read your reason."))


def _decided(idea: Idea, form: ReadForm, act: Callable[[], None], template: str, said: str) -> Answer:
    challenge = idea.challenge
    if request.method == "GET" and idea.state != IdeaState.CHECKING:
        return as_it_stands(idea, "not_to_be_checked")
    if form.accepted(act, MESSAGES):
        return see("ideas.to_check", public_id=challenge.public_id, message=said, tone="note")
    return respond(template, status=422 if form.errors else 200, form=form, idea=idea, challenge=challenge)
