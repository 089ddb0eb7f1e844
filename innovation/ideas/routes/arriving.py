"""Files that come along with an idea's form: kept one after another, before anything of the form is judged."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import FileStorage

from innovation.attachments.forms import words_of
from innovation.attachments.service import arriving
from innovation.attachments.service.limits import Limits
from innovation.attachments.service.uploads import Wanted
from innovation.ideas import queries
from innovation.ideas.forms.answers import FILE
from innovation.ideas.service import filing
from innovation.ideas.service.answering import FIELD
from innovation.kernel.errors import DomainError
from innovation.kernel.files import store
from innovation.kernel.web import actor, settings


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of the files: which question is answered by which, and why a field's file was not taken."""

    answers: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def files_came() -> bool:
    return any(each.filename for each in request.files.values())


def take_files(public_id: str) -> Arrived:
    """Keep what came along with a form, as files of an idea that its author may change. No transaction is open."""
    found = Arrived()
    for name, sent in request.files.items(multi=True):
        question = name.removeprefix(FIELD).removesuffix(FILE) if name.endswith(FILE) else ""
        if not sent.filename or not (question or name == "file"):
            continue
        try:
            kept = _take(public_id, sent)
        except DomainError as error:
            found.refused[name] = words_of(error)
            continue
        if question:
            found.answers[question] = kept
    return found


def _take(public_id: str, sent: FileStorage) -> str:
    idea = queries.get(actor(), public_id)
    assert idea is not None  # its door has just found it
    size = sent.stream.seek(0, 2)
    sent.stream.seek(0)
    wanted = Wanted(sent.filename or "", size)
    upload = filing.begin_upload(actor=actor(), idea=idea, wanted=wanted, limits=Limits.of(settings()))
    return arriving.take_whole(actor=actor(), upload=upload, store=store(), content=sent.stream).public_id
