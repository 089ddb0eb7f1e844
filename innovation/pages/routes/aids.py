"""What helps on every page: how a text will read, and the keys."""

from __future__ import annotations

from flask import request

from innovation.kernel.text import points
from innovation.kernel.web import Answer, page, public, respond
from innovation.pages.routes import bp
from innovation.rules.policy import May

LONGEST = 100_000
"""More than the longest text that any form takes."""


@bp.post("/preview")
@page(May.USE_ACCOUNT, write=False)
def preview() -> Answer:
    """Markdown as readers will see it. A form's own button names the field it is about; a script sends ``text``.

    ``?shape=points``: points typed one on each line read as the list they are meant to be.
    """
    text = request.form.get(request.form.get("preview") or "text", "")
    shape = points if request.args.get("shape") == "points" else str
    return respond("pages/preview.html", fragment="pages/_preview.html", text=shape(text[:LONGEST]))


@bp.get("/keyboard")
@public
def keyboard() -> Answer:
    """Which keys do what; the same as the dialog that ``?`` opens."""
    return respond("pages/keyboard.html", fragment="pages/_keyboard.html")
