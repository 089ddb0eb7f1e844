"""Doors of domains: where somebody stands who proves an address there."""

from __future__ import annotations

from flask import abort, request
from flask_babel import lazy_gettext as _l

from innovation.kernel import openid
from innovation.kernel.actor import Circle
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.people import queries
from innovation.people.forms import DomainForm, MeaningForm
from innovation.people.models import SignInDomain
from innovation.people.routes import bp
from innovation.people.service import domains
from innovation.rules.policy import May

MESSAGES = {
    "no_domain": _l("Write what stands behind the @, such as company.com."),
    "domain_known": _l("This domain is in the list already. Open it there to change it."),
    "domain_unknown": _l("This domain is not in the list any more."),
    "anybodys_domain": _l("Anybody can have an address there, so it can mean no more than “Public”."),
    "no_provider": _l("No sign-in of your organisation is set up here. The guide for operators says how."),
    "department_of_staff": _l("Only staff have a department here."),
}


@bp.route("/people/domains", methods=["GET", "POST"])
@page(May.RUN_THE_PLACE)
def list_domains() -> Answer:
    form = DomainForm()
    if form.accepted(lambda: domains.add(actor=actor(), name=form.domain.data or "", meaning=_meaning(form)), MESSAGES):
        return see("people.list_domains", message=gettext("Added: %(domain)s.", domain=form.domain.data))
    return respond(
        "people/domains.html",
        status=422 if form.errors else 200,
        form=form,
        page=queries.domains_page(request.args.get("after")),
        provider=openid.provider(),
    )


@bp.route("/people/domains/<name>", methods=["GET", "POST"])
@page(May.RUN_THE_PLACE)
def one_domain(name: str) -> Answer:
    row = queries.domain(name)
    if row is None:
        abort(404)
    form = MeaningForm(data=_said(row))
    if form.accepted(lambda: domains.change(actor=actor(), name=row.domain, meaning=_meaning(form)), MESSAGES):
        return see("people.list_domains", message=gettext("Saved: %(domain)s.", domain=row.domain))
    status = 422 if form.errors else 200
    return respond("people/domain.html", status=status, form=form, domain=row, provider=openid.provider())


@bp.post("/people/domains/<name>/removal")
@page(May.RUN_THE_PLACE)
def remove_domain(name: str) -> Answer:
    if queries.domain(name) is None:
        abort(404)
    domains.remove(actor=actor(), name=name)
    return see("people.list_domains", message=gettext("Removed: %(domain)s.", domain=name))


def _meaning(form: MeaningForm) -> domains.Meaning:
    return domains.Meaning(
        circle=Circle(form.circle.data),
        organisation=form.organisation.data or "",
        department=form.department.data or "",
        by_provider=bool(form.by_provider.data),
    )


def _said(row: SignInDomain) -> dict[str, object]:
    return {
        "circle": row.circle,
        "organisation": row.organisation.name if row.organisation else "",
        "department": row.department.name if row.department else "",
        "by_provider": row.by_provider,
    }
