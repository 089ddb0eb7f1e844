"""A project's money: its budget lines, what was entered on them, and how wrong entries are taken back."""

from __future__ import annotations

from flask import abort, request

from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.i18n import HOST_ZONE
from innovation.kernel.money import typed
from innovation.kernel.web import Answer, actor, gettext, page, see
from innovation.projects import queries
from innovation.projects.forms.money import MONEY_MESSAGES, CorrectionForm, EntryForm, LineForm, PaymentForm
from innovation.projects.models import Project
from innovation.projects.queries import money as amounts
from innovation.projects.routes import bp
from innovation.projects.routes.shown import framed
from innovation.projects.service import money
from innovation.projects.service.plan_lock import plan_locked
from innovation.rules.policy import May
from innovation.rules.project import EntryKind, ProjectState


@bp.get("/projects/<public_id>/money")
@page(May.SEE_MONEY, on=queries.get)
def money_page(project: Project) -> Answer:
    lines = amounts.lines(project)
    budget = project.challenge.budget_minor
    return framed(
        "projects/money.html",
        project,
        "money",
        lines=lines,
        totals=amounts.totals(lines),
        together=amounts.planned_in(project.challenge) if budget is not None else None,
        history=amounts.history(project, request.args.get("after")),
        locked=plan_locked(project),
    )


@bp.route("/projects/<public_id>/money/lines", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def budget_line(project: Project) -> Answer:
    form = LineForm(currency=project.currency)
    if form.accepted(
        lambda: money.add_line(actor=actor(), project=project, title=form.title.data or "", currency=form.currency.data),
        MONEY_MESSAGES,
    ):
        return _back(project, gettext("The budget line is added."))
    return _form("projects/budget_line.html", project, form)


@bp.post("/projects/<public_id>/money/lines/<int:position>")
@page(May.WORK_ON_PROJECT, on=queries.get)
def set_budget_line(project: Project, position: int) -> Answer:
    if request.form.get("value") == "open":
        money.reopen_line(actor=actor(), project=project, position=position)
        return _back(project, gettext("The budget line takes entries again."))
    money.close_line(actor=actor(), project=project, position=position)
    return _back(project, gettext("The budget line is closed."))


@bp.route("/projects/<public_id>/money/entries", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def money_entry(project: Project) -> Answer:
    lines = [line for line in amounts.lines(project) if line.closed_at is None]
    plan = project.state == ProjectState.RUNNING and not plan_locked(project)
    form = EntryForm(position=request.args.get("line"), happened_on=_today()).of(lines, plan=plan)
    if form.validate_on_submit():
        assert form.amount.minor is not None
        assert form.happened_on.data is not None
        try:
            money.enter(
                actor=actor(),
                project=project,
                position=int(form.position.data),
                kind=EntryKind(form.kind.data),
                amount_minor=form.amount.minor,
                happened_on=form.happened_on.data,
                note=form.note.data or "",
            )
            return _back(project, gettext("Entered."))
        except Invalid as error:
            form.refuse(error, MONEY_MESSAGES)
    return _form("projects/money_entry.html", project, form, lines=lines, plan=plan)


@bp.route("/projects/<public_id>/money/entries/<int:number>/correction", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def correct_entry(project: Project, number: int) -> Answer:
    """``number`` is the entry's number in the project, counted from 1."""
    found = amounts.entry(project, number) or abort(404)
    form = CorrectionForm()
    if form.accepted(
        lambda: money.correct(actor=actor(), project=project, number=number, reason=form.reason.data or ""), MONEY_MESSAGES
    ):
        return _back(project, gettext("The entry is taken back. Both stay in the list."))
    return _form("projects/money_correction.html", project, form, found=found)


@bp.route("/projects/<public_id>/money/entries/<int:number>/payment", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def pay_entry(project: Project, number: int) -> Answer:
    """``number`` is the commitment's number in the project, counted from 1."""
    found = amounts.entry(project, number) or abort(404)
    if found.entry.kind != EntryKind.COMMIT:
        abort(404)
    form = PaymentForm(amount=typed(abs(found.entry.amount_minor), found.currency), happened_on=_today())
    form.amount.currency = found.currency
    if form.validate_on_submit():
        assert form.amount.minor is not None
        assert form.happened_on.data is not None
        try:
            money.pay(
                actor=actor(),
                project=project,
                number=number,
                amount_minor=form.amount.minor,
                happened_on=form.happened_on.data,
                note=form.note.data or "",
            )
            return _back(project, gettext("Entered as paid."))
        except Invalid as error:
            form.refuse(error, MONEY_MESSAGES)
    return _form("projects/money_payment.html", project, form, found=found)


def _form(template: str, project: Project, form: object, **values: object) -> Answer:
    status = 422 if getattr(form, "errors", None) else 200
    return framed(template, project, "money", status=status, form=form, **values)


def _today() -> object:
    return clock.to_wall(clock.now(), HOST_ZONE).date()


def _back(project: Project, message: str) -> Answer:
    return see("projects.money_page", public_id=project.public_id, message=message)
