"""The board report: a programme's quarter, frozen, as a page, a PDF and slides."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Programme
from innovation.insight.models import Report
from innovation.insight.queries import reports
from innovation.insight.service import reporting
from innovation.kernel import clock, documents
from innovation.kernel.assets import data_folder
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.pages.forms import REPORT_MESSAGES, FreezeForm, TargetsForm
from innovation.pages.routes import bp, report_words
from innovation.people import queries as people
from innovation.rules.policy import May
from innovation.rules.quarters import Quarter, parse, quarter_of

OFFERED = 6


def _offered() -> list[Quarter]:
    """The present quarter and those before it."""
    found = [quarter_of(clock.now())]
    while len(found) < OFFERED:
        found.append(found[-1].before)
    return found


def _quarter(text: str | None) -> Quarter:
    found = parse(text) if text else quarter_of(clock.now())
    if found is None:
        abort(404)
    return found


@bp.get("/programmes/<public_id>/reports", endpoint="reports")
@page(May.MANAGE_PROGRAMME, on=challenges.programme)
def list_reports(programme: Programme) -> Answer:
    return _list(programme, FreezeForm())


@bp.post("/programmes/<public_id>/reports")
@page(May.MANAGE_PROGRAMME, on=challenges.programme, once=True)
def freeze_report(programme: Programme) -> Answer:
    form = FreezeForm()
    form.quarter.choices = [(str(each), str(each)) for each in _offered()]
    if not form.validate_on_submit():
        return _list(programme, form, status=422)
    made = reporting.freeze(actor=actor(), programme=programme, quarter=_quarter(form.quarter.data))
    return see("pages.report", public_id=made.public_id, message=gettext("The report is frozen."))


def _list(programme: Programme, form: FreezeForm, status: int = 200) -> Answer:
    form.quarter.choices = [(str(each), report_words.quarter_name(str(each))) for each in _offered()]
    found = reports.page(actor(), programme, request.args.get("after"))
    return respond(
        "pages/reports.html",
        status=status,
        programme=programme,
        form=form,
        page=found,
        words=report_words,
        this_quarter=str(_offered()[0]),
        names=people.names(row.frozen_by for row in found.items if row.frozen_by),
    )


@bp.route("/programmes/<public_id>/targets/<quarter>", methods=["GET", "POST"])
@page(May.MANAGE_PROGRAMME, on=challenges.programme)
def targets(programme: Programme, quarter: str) -> Answer:
    of = _quarter(quarter)
    form = TargetsForm(data=reports.targets(programme, of))
    if form.validate_on_submit():
        values = {name: form[name].data for name in reports.TARGETS}
        try:
            reporting.set_targets(actor=actor(), programme=programme, quarter=of, values=values)
            return see("pages.reports", public_id=programme.public_id, message=gettext("The targets are kept."))
        except Invalid as error:
            form.refuse(error, REPORT_MESSAGES)
    name = report_words.quarter_name(str(of))
    status = 422 if form.errors else 200
    return respond("pages/targets.html", status=status, programme=programme, form=form, quarter=of, name=name)


@bp.get("/reports/<public_id>")
@page(May.SEE_REPORT, on=reports.get)
def report(report: Report) -> Answer:
    return respond("pages/report.html", report=report, words=report_words, as_of=report_words.frozen_words(report))


@bp.get("/reports/<public_id>/board-report.<form>")
@page(May.SEE_REPORT, on=reports.get)
def report_file(report: Report, form: str) -> Answer:
    return _file([report], report.quarter, form)


@bp.get("/board-report/<quarter>.<form>")
@page(May.SEE_DESK)
def board_report(quarter: str, form: str) -> Answer:
    """One document of a quarter: the newest report of every programme this person manages."""
    of = _quarter(quarter)
    found = reports.of_quarter(actor(), of)
    if not found:
        abort(404)
    return _file(found, str(of), form)


def _file(rows: Sequence[Report], quarter: str, form: str) -> Answer:
    if form == "pdf":
        host = people.host()
        template = data_folder("templates") / "documents" / "board_report.typ"
        content = documents.pdf(template, report_words.document(rows, quarter, host.name if host else "Open innovation"))
        response = Response(content, mimetype=documents.PDF)
    elif form == "pptx":
        response = Response(documents.slides(report_words.deck(rows, quarter)), mimetype=documents.PPTX)
    else:
        abort(404)
    response.headers["Content-Disposition"] = f'attachment; filename="board-report-{quarter}.{form}"'
    return response
