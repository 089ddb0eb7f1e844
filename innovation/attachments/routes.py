"""Doors of files: the parts of an upload, the file itself, and what is done with one that is there."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, abort, jsonify, redirect, request, url_for
from werkzeug.datastructures import Range

from innovation.attachments import queries
from innovation.attachments.forms import AltForm, words_of
from innovation.attachments.models import Attachment, Upload
from innovation.attachments.service import arriving, keeping, uploads
from innovation.kernel.errors import DomainError, Invalid
from innovation.kernel.files import store
from innovation.kernel.web import Answer, actor, blueprint, file_taking, gettext, page, safe_next, told
from innovation.rules.file_names import address_name
from innovation.rules.policy import May

bp = blueprint("attachments", __name__)


@bp.get("/uploads/<public_id>")
@page(May.ADD_FILE, on=queries.upload)
def upload(upload: Upload) -> Answer:
    """How far an upload is: what a client asks that lost its connection."""
    return _at(upload, 200)


@bp.patch("/uploads/<public_id>")
@file_taking
@page(May.ADD_FILE, on=queries.upload, write=False)
def part(upload: Upload) -> Answer:
    """The next part; the last one finishes the upload. An empty part at the end finishes one that was interrupted there."""
    offset = request.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        abort(400)
    try:
        if upload.attachment_id is None:
            arriving.take_part(actor=actor(), upload=upload, store=store(), offset=int(offset), content=request.stream)
        if upload.attachment_id is None and upload.received < upload.size:
            return _at(upload, 200)
        made = arriving.keep(actor=actor(), upload=upload, store=store())
    except DomainError as error:
        return _refused(error)
    return jsonify(shown(made))


@bp.delete("/uploads/<public_id>")
@page(May.ADD_FILE, on=queries.upload)
def stop(upload: Upload) -> Answer:
    uploads.give_up(actor=actor(), upload=upload)
    return Response(status=204)


def _at(upload: Upload, status: int) -> Response:
    answer = jsonify({"offset": upload.received, "size": upload.size})
    answer.status_code = status
    answer.headers["Upload-Offset"], answer.headers["Upload-Length"] = str(upload.received), str(upload.size)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _refused(error: DomainError) -> Response:
    """409 with the right place where a part came to the wrong one, else 422 and why."""
    answer = jsonify({"error": words_of(error)})
    answer.status_code = 422 if isinstance(error, Invalid) else 409
    if "offset" in error.params:
        answer.headers["Upload-Offset"] = str(error.params["offset"])
    return answer


def address(file: Attachment) -> str:
    """Where a file is served."""
    return url_for("attachments.file", public_id=file.public_id, name=address_name(file.name))


def shown(file: Attachment) -> dict[str, object]:
    """A file as a script is told of it."""
    return {"url": address(file), "name": file.name, "image": file.width is not None, "alt": file.alt, "id": file.public_id}


@bp.get("/files/<public_id>/<name>")
@page(May.LOOK, on=queries.file)
def file(file: Attachment, name: str) -> Answer:
    """The file itself. Whoever asks was found to be a reader of what it belongs to, now; only then is its ETag looked at."""
    if name != address_name(file.name):
        abort(404)
    asked = _asked_range(file)
    start, end = asked if asked else (0, file.size)
    if request.if_none_match.contains(file.sha256):
        return _headed(Response(status=304), file)
    try:
        answer = Response(store().get(file.key, start, end), 206 if asked else 200, mimetype=file.media_type)
    except FileNotFoundError:
        abort(404)
    answer.headers["Content-Length"] = str(end - start)
    answer.headers["Accept-Ranges"] = "bytes"
    if asked:
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    return _headed(answer, file)


def _asked_range(file: Attachment) -> tuple[int, int] | None:
    """The one range that is asked for, as (start, end); None for the whole file. One beyond the end is a 416."""
    wanted: Range | None = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return None
    if_range = request.if_range
    if if_range is not None and (if_range.etag or if_range.date) and if_range.etag != file.sha256:
        return None
    found: tuple[int, int] | None = wanted.range_for_length(file.size)
    if found is None:
        abort(Response(status=416, headers={"Content-Range": f"bytes */{file.size}"}))
    return found


def _headed(answer: Response, file: Attachment) -> Response:
    """What keeps a file from being more than a file: no page, no program, nobody else's picture, no copy unasked."""
    image = file.width is not None
    answer.headers["Content-Disposition"] = _disposition("inline" if image else "attachment", file.name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(file.sha256)
    return answer


def _disposition(kind: str, name: str) -> str:
    """RFC 6266: the name in ASCII for old clients, and as it is (RFC 5987) for all others."""
    return f"{kind}; filename=\"{address_name(name)}\"; filename*=UTF-8''{quote(name, safe='')}"


@bp.post("/files/<public_id>/description")
@page(May.CHANGE_FILE, on=queries.file)
def describe(file: Attachment) -> Answer:
    form = AltForm()
    form.validate()
    try:
        keeping.say_what_it_shows(actor=actor(), file=file, alt=form.alt.data or "")
        told(gettext("Saved."))
    except Invalid as error:
        told(words_of(error), "stop")
    return _back()


@bp.post("/files/<public_id>/removal")
@page(May.CHANGE_FILE, on=queries.file)
def remove(file: Attachment) -> Answer:
    keeping.remove(actor=actor(), file=file)
    back = ("attachments.restore", {"public_id": file.public_id, "next": request.form.get("next", "")})
    told(gettext("%(name)s is removed. It can be brought back for thirty days.", name=file.name), "note", back)
    return _back()


@bp.post("/files/<public_id>/restoration")
@page(May.CHANGE_FILE, on=queries.trashed)
def restore(file: Attachment) -> Answer:
    keeping.restore(actor=actor(), file=file)
    told(gettext("%(name)s is back.", name=file.name))
    return _back()


def _back() -> Answer:
    return redirect(safe_next(request.form.get("next")) or "/", 303)
