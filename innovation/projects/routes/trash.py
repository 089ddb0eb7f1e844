"""Undo for what a team threw away, right after and for thirty days."""

from __future__ import annotations

from typing import Any

from flask import request

from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, page, refusal, safe_next, see
from innovation.projects import queries
from innovation.projects.models import Project
from innovation.projects.routes import bp
from innovation.projects.service import trash
from innovation.rules.policy import May

Undo = tuple[str, dict[str, Any]]
"""The endpoint of a form that takes something back, and what it sends."""


@bp.post("/projects/<public_id>/trash/<kind>/<name>/restoration")
@page(May.WORK_ON_PROJECT, on=queries.get)
def restore(project: Project, kind: str, name: str) -> Answer:
    endpoint, at = ("papers_page", "documents") if kind == "document" else ("plan_page", "milestones")
    values: dict[str, Any] = {"public_id": project.public_id, "_anchor": at}
    if safe_next(request.form.get("next")) == "/my-work/trash":
        endpoint, values = "pages.trash", {}
    place = endpoint if "." in endpoint else f"projects.{endpoint}"
    try:
        trash.restore(actor=actor(), project=project, kind=kind, name=name)
    except Invalid as error:
        return see(place, message=refusal(error.code), tone="stop", **values)
    return see(place, message=gettext("It is back where it was."), **values)


def undo_of(project: Project, kind: str, gone: trash.Row) -> Undo:
    """How what was thrown away just now is taken back."""
    return "projects.restore", {"public_id": project.public_id, "kind": kind, "name": gone.public_id}
