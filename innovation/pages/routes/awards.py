"""Awards for finance: one line for each share, exactly of what the list shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, abort, get_template_attribute, request

from innovation.awards import queries as awards
from innovation.kernel import tables
from innovation.kernel.money import Money
from innovation.kernel.web import Answer, actor, gettext, page
from innovation.pages.routes import bp
from innovation.rules.award import AwardState
from innovation.rules.policy import May


@bp.get("/awards/export.<form>")
@page(May.EXPORT_AWARDS)
def awards_file(form: str) -> Answer:
    show, state = request.args.get("show", "all"), request.args.get("state", "")
    if form not in tables.MIMETYPES or show not in awards.SHOWS or state not in {"", *AwardState}:
        abort(404)
    table = (_heads(), _lines(show, state))
    content = tables.as_csv(table) if form == "csv" else tables.as_xlsx({gettext("Awards"): table})
    response = Response(content, mimetype=tables.MIMETYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="awards.{form}"'
    return response


def _heads() -> list[str]:
    return [
        gettext("Reference"),
        gettext("Award"),
        gettext("State"),
        gettext("Winner"),
        gettext("Share"),
        gettext("Currency"),
        gettext("Whole award"),
        gettext("Challenge"),
        gettext("Idea"),
        gettext("Accept by"),
        gettext("Papers by"),
        gettext("Pay by"),
        gettext("Paid on"),
        gettext("Finance’s number"),
    ]


def _lines(show: str, state: str) -> Iterator[Sequence[Any]]:
    word = get_template_attribute("components/award_words.html", "award_state_word")
    words = {each.value: str(word(each.value)).strip() for each in AwardState}
    for share, award, reads in awards.shares_to_export(actor(), show=show, state=state):
        yield [
            award.public_id,
            award.title if reads else None,
            words[award.state],
            share.person.name if share.person.erased_at is None else gettext("former participant"),
            Money(share.amount_minor, award.currency).major(),
            award.currency,
            Money(award.amount_minor, award.currency).major(),
            award.challenge.title,
            award.idea.title if reads else award.idea.public_id,
            *(day.isoformat() if day else None for day in (award.accept_by, award.papers_by, award.pay_by, award.paid_on)),
            award.reference,
        ]
