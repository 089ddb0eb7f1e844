"""What a project is worth, what came of it, and what was learned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, request

from innovation.kernel.usecase import require
from innovation.kernel.web import Answer, actor, gettext, page, respond, searched, see
from innovation.projects import queries
from innovation.projects.forms.outcome import OUTCOME_MESSAGES, LessonForm, SettleForm, UnsettleForm, ValueForm
from innovation.projects.models import Project
from innovation.projects.queries import lessons as learned
from innovation.projects.queries import outcome as outcomes
from innovation.projects.routes import bp
from innovation.projects.routes.shown import framed
from innovation.projects.service import outcome, worth
from innovation.rules.policy import May
from innovation.rules.project import ValueKind

SAYING: dict[str, tuple[May, Callable[..., Any]]] = {
    ValueKind.EXPECTED: (May.SAY_EXPECTED_VALUE, worth.say_expected),
    ValueKind.VALIDATED: (May.SAY_VALIDATED_VALUE, worth.say_validated),
    ValueKind.ACTUAL: (May.SAY_ACTUAL_VALUE, worth.say_actual),
}
"""Who says a value of each kind, and by which verb."""


@bp.get("/projects/<public_id>/outcome")
@page(May.LOOK, on=queries.get)
def outcome_page(project: Project) -> Answer:
    return framed(
        "projects/outcome.html",
        project,
        "outcome",
        claims=outcomes.claims(project),
        said=outcomes.said(project, actor()),
        kinds=[(str(kind), act) for kind, (act, _say) in SAYING.items()],
    )


@bp.route("/projects/<public_id>/outcome/values/<kind>", methods=["GET", "POST"])
@page(May.LOOK, on=queries.get, once=True)
def say_value(project: Project, kind: str) -> Answer:
    """``kind`` is expected, validated or actual; each has its own people."""
    act, say = SAYING.get(kind) or abort(404)
    require(actor(), act, project)
    form = ValueForm(currency=project.currency)
    if form.accepted(lambda: say(actor=actor(), project=project, worth=form.worth()), OUTCOME_MESSAGES):
        return _back(project, gettext("The value stands, with your name."))
    return _form("projects/value.html", project, form, kind=kind)


@bp.route("/projects/<public_id>/outcome/decision", methods=["GET", "POST"])
@page(May.SETTLE_PROJECT, on=queries.get, once=True)
def settle(project: Project) -> Answer:
    form = SettleForm(lesson=project.lesson)
    chosen, lesson = form.outcome.data, form.lesson.data or ""
    if form.accepted(
        lambda: outcome.settle(actor=actor(), project=project, outcome=chosen, lesson=lesson), OUTCOME_MESSAGES
    ):
        return _back(project, gettext("It stands for everyone who sees the project."))
    return _form("projects/settle.html", project, form)


@bp.route("/projects/<public_id>/outcome/reversal", methods=["GET", "POST"])
@page(May.SETTLE_PROJECT, on=queries.get, once=True)
def unsettle(project: Project) -> Answer:
    form = UnsettleForm()
    if form.accepted(
        lambda: outcome.unsettle(actor=actor(), project=project, reason=form.reason.data or ""), OUTCOME_MESSAGES
    ):
        return _back(project, gettext("The outcome is open again, with your reason."))
    return _form("projects/unsettle.html", project, form)


@bp.route("/projects/<public_id>/outcome/lesson", methods=["GET", "POST"])
@page(May.WRITE_LESSON, on=queries.get)
def lesson(project: Project) -> Answer:
    form = LessonForm(lesson=project.lesson)
    if form.accepted(
        lambda: outcome.write_lesson(actor=actor(), project=project, lesson=form.lesson.data or ""), OUTCOME_MESSAGES
    ):
        return _back(project, gettext("The lesson is there for who asks the next question."))
    return _form("projects/lesson.html", project, form)


@bp.get("/lessons")
@page(May.LOOK)
def lessons() -> Answer:
    search = searched()
    found = learned.page(actor(), search, request.args.get("after"))
    return respond("projects/lessons.html", page=found, search=search)


def _form(template: str, project: Project, form: Any, **values: Any) -> Answer:
    return framed(template, project, "outcome", status=422 if form.errors else 200, form=form, **values)


def _back(project: Project, message: str) -> Answer:
    return see("projects.outcome_page", public_id=project.public_id, message=message)
