"""Doors of the terms under which ideas are given: what they say, in which version, and who approved them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request

from innovation.challenges.models import Terms
from innovation.challenges.queries import agreeing
from innovation.challenges.queries.agreeing import Approved
from innovation.challenges.routes import bp
from innovation.challenges.service import terms
from innovation.challenges.service.terms import Text
from innovation.kernel.errors import Invalid
from innovation.kernel.i18n import language
from innovation.kernel.web import Answer, account, gettext, page, respond, see
from innovation.kernel.web import actor as who_asks
from innovation.rules.policy import May


@dataclass(frozen=True, slots=True)
class Offered:
    """Ready terms as the page lists them.

    Attributes:
        earlier: versions that were offered before and used, the newest first.
    """

    text: Text
    approved: Approved | None
    earlier: list[Terms]


@bp.get("/terms-for-ideas")
@page(May.LOOK)
def ready_terms() -> Answer:
    approvals, used = agreeing.approvals(), agreeing.versions()
    shown = [
        Offered(
            text,
            approvals.get((text.key, text.version)),
            [each for each in used if each.key == text.key and each.version < text.version],
        )
        for text in (by_language.get(language(), by_language["en"]) for by_language in terms.READY.values())
    ]
    return respond("challenges/terms.html", shown=shown, approvals=approvals, named=account() is not None)


@bp.get("/terms-for-ideas/<key>/<int(max=1000000):number>")
@page(May.LOOK)
def one_version(key: str, number: int) -> Answer:
    """A version by its own address, which always shows the same text."""
    asked = request.args.get("language", language())
    offered = terms.READY.get(key, {}).get(asked)
    found = agreeing.version(key, number, asked)
    # Where a version was used in another language alone, what is offered now says it in the reader's.
    text = offered if offered is not None and offered.version == number else found
    if text is None:
        abort(404)
    return respond(
        "challenges/one_version.html",
        text=text,
        hash=text.text_hash if isinstance(text, Terms) else text.hash,
        approved=agreeing.approvals().get((key, number)),
        named=account() is not None,
    )


@bp.post("/terms-for-ideas/<key>/<int(max=1000000):number>/approval")
@page(May.APPROVE_TERMS)
def approve_terms(key: str, number: int) -> Answer:
    try:
        terms.approve(actor=who_asks(), key=key, version=number)
    except Invalid:
        said = gettext("There is a newer version by now. Read it, then approve it.")
        return see("challenges.ready_terms", message=said, tone="stop")
    return see("challenges.ready_terms", message=gettext("Approved. Your name and the time stand beside it."))
