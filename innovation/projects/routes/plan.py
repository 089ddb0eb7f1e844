"""What a team plans: what its project is, its milestones and its tasks."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, request

from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import options_of
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.projects import queries
from innovation.projects.forms.plan import PLAN_MESSAGES, DescribeForm, MilestoneForm, TaskForm, owners
from innovation.projects.models import Milestone, Project
from innovation.projects.queries import plan, trash
from innovation.projects.routes import bp
from innovation.projects.routes.shown import framed, shown
from innovation.projects.routes.trash import Undo, undo_of
from innovation.projects.service import planning, tasks
from innovation.projects.service.plan_lock import plan_locked
from innovation.rules.policy import May


@bp.get("/projects/<public_id>/plan")
@page(May.LOOK, on=queries.get)
def plan_page(project: Project) -> Answer:
    milestones, now = plan.milestones(project), clock.now()
    return framed(
        "projects/plan.html",
        project,
        "plan",
        timeline=plan.timeline(project, milestones, now),
        board=plan.board(plan.tasks(project), milestones),
        locked=plan_locked(project),
        trashed=trash.of_project(project, now) if may(actor(), May.WORK_ON_PROJECT, project) else [],
    )


@bp.route("/projects/<public_id>/edit", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get)
def edit(project: Project) -> Answer:
    form = DescribeForm(obj=project)
    if form.validate_on_submit():
        planning.describe(
            actor=actor(),
            project=project,
            title=form.title.data or "",
            goal=form.goal.data or "",
            work_url=form.work_url.data or "",
        )
        return shown(project, gettext("Saved."))
    return respond("projects/edit.html", status=422 if form.errors else 200, form=form, project=project)


# --- milestones ----------------------------------------------------------------------------------------------------


@bp.route("/projects/<public_id>/milestones", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def milestone(project: Project) -> Answer:
    form = MilestoneForm()
    form.owner.choices = owners(project)
    if form.validate_on_submit():
        assert form.due_on.data is not None
        try:
            planning.add_milestone(
                actor=actor(),
                project=project,
                title=form.title.data or "",
                due_on=form.due_on.data,
                owner=form.owner.data or "",
                starts_on=form.starts_on.data,
            )
            return _planned(project, gettext("The milestone is added."))
        except Invalid as error:
            form.refuse(error, PLAN_MESSAGES)
    return respond("projects/milestone.html", status=422 if form.errors else 200, form=form, project=project, number=None)


@bp.route("/projects/<public_id>/milestones/<int:number>/edit", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get)
def change_milestone(project: Project, number: int) -> Answer:
    """``number`` is the milestone's place in the project, counted from 1 in the order they were added."""
    listed = plan.milestones(project)
    if not 1 <= number <= len(listed):
        abort(404)
    found = listed[number - 1]
    owner = found.owner.public_id if found.owner else ""
    form = MilestoneForm(was=found.title, title=found.title, starts_on=found.starts_on, due_on=found.due_on, owner=owner)
    form.owner.choices = owners(project)
    if form.validate_on_submit():
        assert form.due_on.data is not None
        try:
            planning.change_milestone(
                actor=actor(),
                project=project,
                number=number,
                was=form.was.data or "",
                title=form.title.data or "",
                due_on=form.due_on.data,
                owner=form.owner.data or "",
                starts_on=form.starts_on.data,
            )
            return _planned(project, gettext("Saved."))
        except Invalid as error:
            form.refuse(error, PLAN_MESSAGES)
    return respond(
        "projects/milestone.html", status=422 if form.errors else 200, form=form, project=project, number=number, found=found
    )


@bp.post("/projects/<public_id>/milestones/<int:number>")
@page(May.WORK_ON_PROJECT, on=queries.get)
def set_milestone(project: Project, number: int) -> Answer:
    done = request.form.get("value") == "done"
    planning.set_milestone(actor=actor(), project=project, number=number, was=_was(), done=done)
    return _planned(project, gettext("Saved."))


@bp.post("/projects/<public_id>/milestones/<int:number>/removal")
@page(May.WORK_ON_PROJECT, on=queries.get)
def drop_milestone(project: Project, number: int) -> Answer:
    gone = planning.drop_milestone(actor=actor(), project=project, number=number, was=_was())
    return _planned(project, gettext("The milestone is taken out of the plan."), undo=undo_of(project, "milestone", gone))


# --- tasks ---------------------------------------------------------------------------------------------------------


@bp.route("/projects/<public_id>/tasks", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def task(project: Project) -> Answer:
    form = TaskForm()
    form.owner.choices, form.milestone.choices = owners(project), _milestones(plan.milestones(project))
    if form.accepted(lambda: tasks.add_task(actor=actor(), project=project, work=_work(form)), PLAN_MESSAGES):
        return _planned(project, gettext("The task is added."), "board")
    return respond("projects/task.html", status=422 if form.errors else 200, form=form, project=project, number=None)


@bp.route("/projects/<public_id>/tasks/<int:number>/edit", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get)
def change_task(project: Project, number: int) -> Answer:
    """``number`` is the task's place in the project, counted from 1 in the order they were added."""
    listed, milestones = plan.tasks(project), plan.milestones(project)
    if not 1 <= number <= len(listed):
        abort(404)
    found = listed[number - 1]
    owner = found.owner.public_id if found.owner else ""
    whole = next((_named(n, each) for n, each in enumerate(milestones, start=1) if each.id == found.milestone_id), "")
    form = TaskForm(was=found.title, title=found.title, due_on=found.due_on, owner=owner, milestone=whole)
    form.owner.choices, form.milestone.choices = owners(project), _milestones(milestones)
    if form.validate_on_submit():
        tasks.change_task(actor=actor(), project=project, number=number, was=form.was.data or "", work=_work(form))
        return _planned(project, gettext("Saved."), "board")
    return respond(
        "projects/task.html", status=422 if form.errors else 200, form=form, project=project, number=number, found=found
    )


@bp.post("/projects/<public_id>/tasks/<int:number>/place")
@page(May.WORK_ON_PROJECT, on=queries.get)
def move_task(project: Project, number: int) -> Answer:
    place = request.form.get("place", type=int)
    to = request.form.get("to", "")
    column, at = tasks.move_task(actor=actor(), project=project, number=number, was=_was(), to=to, place=place)
    back = {"public_id": project.public_id, "number": number, "was": _was(), "to": column, "place": at}
    return _planned(project, gettext("Moved."), f"task-{number}", undo=("projects.move_task", back))


@bp.post("/projects/<public_id>/tasks/<int:number>/removal")
@page(May.WORK_ON_PROJECT, on=queries.get)
def drop_task(project: Project, number: int) -> Answer:
    gone = tasks.drop_task(actor=actor(), project=project, number=number, was=_was())
    return _planned(project, gettext("The task is taken off the board."), "board", undo=undo_of(project, "task", gone))


def _planned(project: Project, message: str, anchor: str = "milestones", undo: Undo | None = None) -> Answer:
    return see("projects.plan_page", public_id=project.public_id, message=message, undo=undo, _anchor=anchor)


def _was() -> str:
    """The title of what the button stood at, as it was looked at."""
    return request.form.get("was", "")


def _work(form: TaskForm) -> tasks.Work:
    number, _space, title = (form.milestone.data or "").partition(" ")
    return tasks.Work(
        title=form.title.data or "",
        owner=form.owner.data or "",
        due_on=form.due_on.data,
        milestone=(int(number), title) if number else None,
    )


def _milestones(listed: Sequence[Milestone]) -> list[object]:
    named = ((_named(number, each), each.title) for number, each in enumerate(listed, start=1))
    return options_of([("", gettext("For none of them")), *named])


def _named(number: int, milestone: Milestone) -> str:
    """A milestone in a form: its place, and its title as it was looked at, so that another one is not meant by mistake."""
    return f"{number} {milestone.title}"
