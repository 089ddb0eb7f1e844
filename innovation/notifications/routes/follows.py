"""The door of following and muting: one for every kind of thing that can be followed."""

from __future__ import annotations

from flask import abort, redirect, request

from innovation.kernel.web import Answer, actor, gettext, page, respond, safe_next, see
from innovation.notifications import queries
from innovation.notifications.routes import bp
from innovation.notifications.service import choosing
from innovation.rules.policy import May

LEVELS = {"follow": "follow", "mute": "mute", "none": ""}


@bp.app_template_global("follow_level")
def follow_level(kind: str, public_id: str) -> str:
    """``follow``, ``mute`` or nothing, of whoever asks: for ``notifications/_follow.html``; one query."""
    return queries.level(actor(), kind, public_id)


@bp.post("/follows")
@page(May.USE_ACCOUNT)
def follow() -> Answer:
    """Follow, mute, or neither. What one may not see cannot be followed; what one follows can always be let go."""
    kind, public_id, level = (request.form.get(name, "") for name in ("kind", "id", "level"))
    if kind not in queries.KINDS or level not in LEVELS:
        abort(404)
    subject_id = queries.subject(actor(), kind, public_id)
    if subject_id is None and level == "none":
        subject_id = queries.watched_id(actor(), kind, public_id)
    if subject_id is None:
        abort(404)
    choosing.watch(actor=actor(), kind=kind, subject_id=subject_id, level=LEVELS[level])
    if request.headers.get("HX-Request"):
        return respond("notifications/_follow.html", follow_kind=kind, follow_id=public_id, follow_now=LEVELS[level])
    target = safe_next(request.form.get("next"))
    return redirect(target, 303) if target else see("notifications.own_choices", message=gettext("Saved."))
