"""What a door answers with: a page or its fragment, a place to look, a refusal in words."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, get_template_attribute, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

Answer = BaseResponse | str | tuple[str, int]


class Undo(Exception):
    """Carries a refusing answer out of a transaction, so that nothing half-done stays."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def status_of(answer: Answer) -> int:
    """The status an answer will have."""
    if isinstance(answer, tuple):
        return answer[1]
    return answer.status_code if isinstance(answer, BaseResponse) else 200


def respond(template: str, *, status: int = 200, fragment: str | None = None, **values: Any) -> BaseResponse:
    """A page; or, for htmx, the fragment of it that changed."""
    name = fragment if fragment and request.headers.get("HX-Request") else template
    response = current_app.make_response((render_template(name, **values), status))
    response.vary.add("HX-Request")
    return response


def see(
    endpoint: str,
    *,
    message: str | None = None,
    tone: str = "good",
    undo: tuple[str, dict[str, Any]] | None = None,
    **values: Any,
) -> BaseResponse:
    """Go and look there: 303 after a change, with a sentence of what was done.

    ``undo`` is where that can be taken back, as (endpoint, values); see :func:`told`.
    """
    if message:
        told(message, tone, undo)
    return redirect(url_for(endpoint, **values), 303)


def told(message: str, tone: str = "good", undo: tuple[str, dict[str, Any]] | None = None) -> None:
    """Keep a sentence for the next page, with a button that takes back what it tells of.

    What the address of that endpoint has no place for becomes fields of the button's form. Kept as data, never as HTML.
    """
    flash({"text": str(message), "undo": way_back(*undo)} if undo else message, tone)  # type: ignore[arg-type]  # any JSON


def way_back(endpoint: str, values: dict[str, Any]) -> dict[str, Any]:
    """Where a form that takes something back is sent to, and the fields it carries: ``{"url": …, "fields": {…}}``."""
    places = {name for rule in current_app.url_map.iter_rules(endpoint) for name in rule.arguments}
    address = url_for(endpoint, **{name: value for name, value in values.items() if name in places})
    return {"url": address, "fields": {name: str(value) for name, value in values.items() if name not in places}}


def refusal(code: str, **params: Any) -> str:
    """Why something cannot be done, in the words of the error pages: for a flash."""
    said: str = get_template_attribute("components/refusal.html", "refusal")(code, params)
    return said.strip()
