"""A file whose columns are not ours: choose it, say what each column means, see the first rows, have it looked through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, abort, request

from innovation.exchange import schemas
from innovation.exchange.forms import FILE_MESSAGES, MAPPING_MESSAGES, UploadForm, mapping_form
from innovation.exchange.models import ImportMapping, Order
from innovation.exchange.queries import mappings
from innovation.exchange.queries import orders as queries
from innovation.exchange.routes import bp
from innovation.exchange.service.mapping import asking, guessing, taking
from innovation.exchange.service.mapping.fields import FIELDS, Kind
from innovation.exchange.service.mapping.meaning import Mapping, Reader, Take
from innovation.exchange.service.mapping.sheets import Layout, Line, layout_of
from innovation.exchange.service.mapping.task import Task, is_mapped
from innovation.exchange.service.orders import incoming
from innovation.kernel import clock
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.files import store
from innovation.kernel.forms import OnceForm
from innovation.kernel.i18n import language
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, file_taking, gettext, page, respond, see, settings
from innovation.people import queries as people
from innovation.rules.policy import May

LOOKED_AT = 500
"""Rows from which is told what the columns say."""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way over these pages, with its heading and first rows."""

    kind: Kind
    day: str
    name: str
    called: str
    key: str
    layout: Layout
    headings: Sequence[str]
    lines: Sequence[Line]

    @property
    def place(self) -> dict[str, Any]:
        """What its addresses carry."""
        return {"kind": str(self.kind), "day": self.day, "name": self.name, "called": self.called}


@bp.route("/import", methods=["GET", "POST"], endpoint="import_file")
@file_taking
@page(May.IMPORT, write=False)
def choose_file() -> Answer:
    """Choose what is brought, and the file; below stand the mappings that are kept."""
    form = UploadForm()
    if not may(actor(), May.IMPORT_PEOPLE):
        form.kind.choices = [each for each in form.kind.choices if each.value != "people"]
    if not form.validate_on_submit():
        return _choose(form)
    content = form.file.data.read(settings().file_megabytes * 1024 * 1024 + 1)
    try:
        if len(content) > settings().file_megabytes * 1024 * 1024:
            raise Invalid("file_too_large", field="file")
        with taking.spooled([content]) as file:
            taking.sample(file, layout_of(file), "", 1)
    except Invalid as error:
        form.refuse(error, FILE_MESSAGES)
        return _choose(form)
    key = incoming.keep(store(), content, clock.now(), _owner())
    _, _, day, name = key.split("/")
    called = (form.file.data.filename or "")[:200]
    return see("exchange.map_file", kind=form.kind.data, day=day, name=name, called=called)


@bp.route("/import/<kind>/<day>/<name>", methods=["GET", "POST"])
@page(May.IMPORT, write=False)
def map_file(kind: str, day: str, name: str) -> Answer:
    """Say what each column means. A POST shows anew what the first rows would be; nothing is kept and nothing brought."""
    upload = _upload(kind, day, name)
    form = _form(upload)
    mapping, source, before = _begun(upload) if request.method == "GET" else (_said(upload.kind, form), "", None)
    if request.method == "GET":
        form.process(formdata=None, data=_typed(mapping, upload) | ({"source": source} if source else {}))
    return _map(upload, form, mapping, before=before)


@bp.post("/import/<kind>/<day>/<name>/looking-through")
@page(May.IMPORT, once=True)
def look_through(kind: str, day: str, name: str) -> Answer:
    """Have the whole file looked through; nothing is brought before a second yes."""
    upload = _upload(kind, day, name)
    form = _form(upload)
    mapping = _whole(_said(upload.kind, form), upload)
    if not form.validate():
        return _map(upload, form, mapping, status=422)
    chosen = next((each for each in mappings.programmes(actor()) if each.public_id == form.data.get("programme")), None)
    task = Task(
        upload.kind, mapping, form["source"].data, form.data.get("sheet") or "", chosen.id if chosen else None, dry=True
    )
    try:
        made = asking.ask_look_through(
            actor=actor(), task=task, file_key=upload.key, file_name=upload.called, language=language()
        )
    except Invalid as error:
        for field in error.params.get("fields", [error.field]) if error.code == "column_needed" else ():  # type: ignore[attr-defined]
            form.refuse(Invalid(error.code, field=f"column_{field}"), MAPPING_MESSAGES)
        if error.code != "column_needed":
            form.refuse(error, MAPPING_MESSAGES)
        return _map(upload, form, mapping, status=422)
    return see("exchange.order", public_id=made.public_id)


@bp.post("/import/<kind>/<day>/<name>/mapping")
@page(May.IMPORT)
def keep_mapping(kind: str, day: str, name: str) -> Answer:
    """Keep what the columns mean under a name, for the next file."""
    upload = _upload(kind, day, name)
    form = _form(upload)
    mapping = _whole(_said(upload.kind, form), upload)
    try:
        kept = asking.keep_mapping(actor=actor(), name=form["called"].data or "", mapping=mapping)
    except Invalid as error:
        form.refuse(error, MAPPING_MESSAGES)
        return _map(upload, form, mapping, status=422)
    said = gettext("It is kept as “%(name)s”. The next file with these columns begins with it.", name=kept.name)
    return see("exchange.map_file", message=said, mapping=kept.public_id, **upload.place)


@bp.post("/import/mappings/<public_id>/removal")
@page(May.THROW_AWAY_MAPPING, on=mappings.get)
def throw_away_mapping(mapping: ImportMapping) -> Answer:
    asking.throw_away(actor=actor(), mapping=mapping)
    return see("exchange.import_file", message=gettext("It is thrown away. What was brought in by it stays."), tone="note")


@bp.post("/orders/<public_id>/taking-in")
@page(May.KEEP_ORDER, on=queries.mine, once=True)
def take_in_file(order: Order) -> Answer:
    """Yes: bring in what was looked through."""
    made = asking.ask_take_in(actor=actor(), order=order)
    said = gettext("The import is on its way. You can leave this page; you get a message when it is done.")
    return see("exchange.order", public_id=made.public_id, message=said)


@bp.get("/orders/<public_id>/left-out.csv")
@page(May.KEEP_ORDER, on=queries.mine)
def left_out_file(order: Order) -> Answer:
    """The rows that were left out, as they came, each with the reasons: mended, the same file can be chosen again."""
    if not is_mapped(order):
        abort(404)
    response = Response(schemas.left_out_file(order, taking.left_out(order, store())), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="left-out.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _choose(form: UploadForm) -> Answer:
    db.session.rollback()
    saved = mappings.saved(actor())
    status = 422 if form.errors else 200
    return respond("exchange/upload.html", status=status, form=form, saved=saved, name=schemas.list_name)


def _owner() -> str:
    return people.persons([actor().person_id or 0])[0].public_id


def _upload(kind: str, day: str, name: str) -> Upload:
    """The file that an address names, if it is this person's and still kept."""
    key = incoming.key_of(day, name, _owner())
    if kind not in FIELDS or not taking.may_bring(actor(), Kind(kind)) or not incoming.is_kept(store(), key):
        abort(404)
    with taking.spooled(store().get(key)) as file:
        layout = layout_of(file)
        headings, lines = taking.sample(file, layout, request.values.get("sheet", ""), LOOKED_AT)
    return Upload(Kind(kind), day, name, request.values.get("called", "")[:200], key, layout, headings, lines)


def _form(upload: Upload) -> OnceForm:
    into = [(each.public_id, each.title) for each in mappings.programmes(actor())]
    if may(actor(), May.RUN_THE_PLACE):
        into = [("", gettext("A new one, named as the source")), *into]
    return mapping_form(upload.kind, upload.headings, upload.layout.sheets, into)()


def _begun(upload: Upload) -> tuple[Mapping, str, ImportMapping | None]:
    """Where a page begins: with what was chosen, with the newest kept mapping that fits the file, or with a guess."""
    order = queries.mine(actor(), request.args.get("order", ""))
    if order is not None and is_mapped(order):
        return Mapping.from_json(upload.kind, order.params["mapping"]), order.params["source"], None
    chosen = mappings.get(actor(), request.args.get("mapping", ""))
    for kept in [chosen] if chosen else mappings.saved(actor(), str(upload.kind)):
        mapping = Mapping.from_json(upload.kind, kept.columns)
        if chosen or guessing.fits(mapping, upload.headings):
            return mapping, "", kept
    return guessing.guess(upload.kind, upload.headings, upload.lines), "", None


def _said(kind: Kind, form: OnceForm) -> Mapping:
    """The mapping that a form was sent with."""
    takes = {
        each.name: Take(form[f"column_{each.name}"].data or "", form[f"value_{each.name}"].data or "")
        for each in FIELDS[kind]
    }
    words: dict[str, dict[str, str]] = {}
    for name, heard in request.form.items(multi=True):
        if name.startswith("heard-"):
            means = request.form.get(f"means-{name[6:]}", "")
            field = name[6:].rsplit("-", 1)[0]
            if means:
                words.setdefault(field, {})[heard[:80]] = means[:80]
    present = {name: take for name, take in takes.items() if take.column or take.value}
    return Mapping(kind, present, words, form["dates"].data, form["split"].data, form["zone"].data)


def _whole(mapping: Mapping, upload: Upload) -> Mapping:
    """A mapping with a guess for every word of the file that was given no meaning."""
    heard = guessing.heard(mapping, upload.headings, upload.lines)
    guessed = {name: {word: means for word, means in words.items() if means} for name, words in heard.items()}
    names = mapping.words.keys() | guessed.keys()
    return replace(mapping, words={name: {**mapping.words.get(name, {}), **guessed.get(name, {})} for name in names})


def _typed(mapping: Mapping, upload: Upload) -> dict[str, Any]:
    """A mapping as its form shows it."""
    shown: dict[str, Any] = {"dates": mapping.dates, "split": mapping.split, "sheet": request.args.get("sheet")}
    if mapping.zone != "UTC" or request.args.get("mapping") or request.args.get("order"):
        shown["zone"] = mapping.zone
    for name, take in mapping.takes.items():
        shown |= {f"column_{name}": take.column if take.column in upload.headings else "", f"value_{name}": take.value}
    return shown


def _map(
    upload: Upload, form: OnceForm, mapping: Mapping, *, before: ImportMapping | None = None, status: int = 200
) -> Answer:
    read = replace(_whole(mapping, upload), zone=form["zone"].data or "UTC")
    reader = Reader(read, upload.headings)
    entries = taking.preview(reader, upload.lines[:SHOWN])
    return respond(
        "exchange/map.html",
        fragment="exchange/_map_seen.html",
        status=status,
        upload=upload,
        form=form,
        fields=FIELDS[upload.kind],
        heard=guessing.heard(read, upload.headings, upload.lines),
        entries=[(entry, {} if entry.line.problem else reader.values(entry.line.cells)) for entry in entries],
        more=len(upload.lines) > SHOWN,
        name=schemas.list_name,
        given=[each for each in FIELDS[upload.kind] if read.given(each.name)],
        before=before,
        saved=mappings.saved(actor(), str(upload.kind)),
    )
