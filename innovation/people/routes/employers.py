"""Doors of organisations and their results pages."""

from __future__ import annotations

from flask import request

from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.people import queries
from innovation.people.forms import ResultsPageForm
from innovation.people.models import Organisation
from innovation.people.routes import bp
from innovation.people.service import organisations
from innovation.rules.policy import May


@bp.get("/organisations")
@page(May.KEEP_RESULTS_PAGE)
def list_organisations() -> Answer:
    return respond("people/organisations.html", page=queries.organisations_page(request.args.get("after")))


@bp.route("/organisations/<public_id>/results-page", methods=["GET", "POST"])
@page(May.KEEP_RESULTS_PAGE, on=queries.organisation)
def organisation(organisation: Organisation) -> Answer:
    form = ResultsPageForm(data={"shown": organisation.results_page, "intro": organisation.results_intro})
    if form.validate_on_submit():
        organisations.keep_results_page(
            actor=actor(), organisation=organisation, shown=form.shown.data, intro=form.intro.data or ""
        )
        return see("people.organisation", public_id=organisation.public_id, message=gettext("Saved."))
    return respond("people/organisation.html", status=422 if form.errors else 200, form=form, organisation=organisation)
