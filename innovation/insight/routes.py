"""Doors of insight: saved views, and the files of what a page shows. The pages themselves are in ``pages``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, get_template_attribute, request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.insight import queries
from innovation.insight.forms import MESSAGES, UnknownFilter, ViewForm, known_filters, read_filters
from innovation.insight.models import SavedView
from innovation.insight.queries import Filters
from innovation.insight.service import viewing
from innovation.kernel import tables
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, blueprint, gettext, page, see
from innovation.rules.policy import May

bp = blueprint("insight", __name__)

FUNNEL = "funnel"


@bp.post("/funnel/views")
@page(May.SEE_FUNNEL, once=True)
def save_view() -> Answer:
    form = ViewForm()
    if not form.validate_on_submit():
        return see("pages.funnel", message=gettext("Give the view a name."), tone="stop", details=1)
    try:
        kept = viewing.save(
            actor=actor(),
            page=FUNNEL,
            title=form.title.data,
            query=urlencode(known_filters(form.query.data or "")),
            shared=form.shared.data,
        )
    except Invalid as error:
        return see("pages.funnel", message=str(MESSAGES[error.code]), tone="stop", details=1)
    said = gettext("Saved as “%(title)s”.", title=kept.title)
    return see("pages.funnel", message=said, **known_filters(kept.query))


@bp.post("/funnel/views/<public_id>/sharing")
@page(May.KEEP_VIEW, on=queries.mine)
def share_view(view: SavedView) -> Answer:
    shared = request.form.get("shared") == "1"
    viewing.share(actor=actor(), view=view, shared=shared)
    said = gettext("Others may use this view now.") if shared else gettext("This view is yours alone again.")
    return see("pages.funnel", message=said, details=1)


@bp.post("/funnel/views/<public_id>/removal")
@page(May.KEEP_VIEW, on=queries.mine)
def forget_view(view: SavedView) -> Answer:
    viewing.forget(actor=actor(), view=view)
    return see("pages.funnel", message=gettext("The view is gone."), details=1)


@bp.get("/funnel/export.<form>")
@page(May.SEE_FUNNEL)
def funnel_file(form: str) -> Answer:
    return _funnel_file(form, None)


@bp.get("/challenges/<public_id>/funnel/export.<form>")
@page(May.SEE_FUNNEL, on=challenges.get)
def challenge_funnel_file(challenge: Challenge, form: str) -> Answer:
    return _funnel_file(form, challenge)


@bp.get("/funnel/<kind>/<stage>/<part>/export.<form>")
@page(May.SEE_FUNNEL)
def list_file(kind: str, stage: str, part: str, form: str) -> Answer:
    return _list_file(kind, stage, part, form, None)


@bp.get("/challenges/<public_id>/funnel/<kind>/<stage>/<part>/export.<form>")
@page(May.SEE_FUNNEL, on=challenges.get)
def challenge_list_file(challenge: Challenge, kind: str, stage: str, part: str, form: str) -> Answer:
    return _list_file(kind, stage, part, form, challenge)


def _filters(challenge: Challenge | None, form: str) -> Filters:
    if form not in tables.MIMETYPES:
        abort(404)
    try:
        return read_filters(actor(), request.args, challenge)
    except UnknownFilter:
        abort(404)


def _funnel_file(form: str, challenge: Challenge | None) -> Answer:
    """The figures; a workbook holds the lists behind them too."""
    filters = _filters(challenge, form)
    found = queries.funnel(actor(), filters)
    stages = (*found.main, *found.side)
    titles = {stage.key: stage.title for stage in stages}
    heads = [_word("part_name", part) for part in queries.PARTS]
    figures = (
        [gettext("Stage"), gettext("Code"), *heads],
        [[_stage(each.key, each.title), each.key, each.entered, each.inside, each.left] for each in stages],
    )
    if form == "csv":
        return _file("funnel.csv", form, tables.as_csv(figures))
    lists = (_line_heads(), _lines(filters, [(each.kind, each.key, "entered") for each in stages if each.entered], titles))
    return _file("funnel.xlsx", form, tables.as_xlsx({gettext("Figures"): figures, gettext("Lists"): lists}))


def _list_file(kind: str, stage: str, part: str, form: str, challenge: Challenge | None) -> Answer:
    if not queries.is_stage(kind, stage) or part not in queries.PARTS:
        abort(404)
    filters = _filters(challenge, form)
    titles = {stage: queries.gate_title(stage) if kind == "gate" else ""}
    table = (_line_heads(), _lines(filters, [(kind, stage, part)], titles))
    content = tables.as_csv(table) if form == "csv" else tables.as_xlsx({gettext("Lists"): table})
    return _file(f"{stage}-{part}.{form}", form, content)


def _line_heads() -> list[str]:
    return [
        gettext("Stage"),
        gettext("Reference"),
        gettext("Title or name"),
        gettext("State"),
        gettext("Challenge"),
        _word("part_name", "entered"),
        gettext("Left on"),
    ]


def _lines(filters: Filters, wanted: Sequence[tuple[str, str, str]], titles: dict[str, str]) -> Iterator[Sequence[Any]]:
    for kind, stage, part in wanted:
        word = _stage(stage, titles.get(stage, ""))
        for line in queries.lines(actor(), filters, kind, stage, part):
            left = line.left_at.isoformat(timespec="seconds") if line.left_at else None
            entered = line.entered_at.isoformat(timespec="seconds")
            yield [word, line.reference, line.title, line.state, line.challenge, entered, left]


def _word(macro: str, value: str) -> str:
    said: str = get_template_attribute("components/words.html", macro)(value)
    return str(said).strip()


def _stage(key: str, title: str) -> str:
    return title or _word("stage_name", key)


def _file(name: str, form: str, content: bytes) -> Answer:
    response = Response(content, mimetype=tables.MIMETYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
