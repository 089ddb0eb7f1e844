"""The form that adds a file, and what is said when one is refused."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from innovation.kernel.errors import DomainError
from innovation.kernel.forms import Form, line
from innovation.kernel.web import refusal
from innovation.rules.file_kinds import ACCEPTED

MESSAGES: dict[str, Any] = {
    "file_is_empty": _l("This file is empty. Choose another."),
    "file_too_large": _l("This file is larger than %(most)s MB. Send a smaller one, or a link to it."),
    "too_many_files": _l("There are %(most)s files here already. Remove one first."),
    "person_has_no_room": _l("You have added %(most)s MB in all, which is the most. Remove what is no longer needed."),
    "challenge_has_no_room": _l("This challenge holds %(most)s MB of files, which is the most. Ask the innovation manager."),
    "file_kind_unknown": _l(
        "This kind of file is not taken. Send an image, a PDF, an Office document, a table or plain text."
    ),
    "file_is_a_page": _l("Web pages and SVG drawings can carry programs, so they are not taken. Send a PDF or a PNG."),
    "file_has_macros": _l("This document has macros in it. Save it without them (as docx, xlsx or pptx) and send that."),
    "file_is_locked": _l("This document is locked by a password, so nobody could read it. Send it without one."),
    "file_is_damaged": _l("This file is damaged: it ends too early or cannot be read. Save it anew and send it again."),
    "file_is_two_things": _l("This file is two things in one. Save it anew from its own program and send that."),
    "file_is_a_bomb": _l("This document unpacks to far more than it should. Send one that is smaller inside."),
    "file_says_otherwise": _l(
        "The name ends in .%(said)s, but this is a .%(found)s file. Give it its right name and send it again."
    ),
    "image_too_many_pixels": _l("This image has more than %(most)s million pixels. Make it smaller and send it again."),
    "image_moves": _l("Moving images are not taken, since a reader cannot stop them. Send a still one."),
    "not_an_image": _l("Only images have a description."),
    "alt_too_long": _l("Use at most %(most)s characters."),
    "file_longer_than_said": _l("More arrived than the file had when it was chosen. Choose it again."),
    "part_too_large": _l("This part of the file is too large to take in at once."),
}


class FileForm(Form):
    """One file, chosen on one's own machine. ``next`` is the page it belongs to."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))], render_kw={"accept": ACCEPTED})
    alt = line(_l("What does it show?"), 500, required=False)
    next = HiddenField()


class AltForm(Form):
    alt = line(_l("What does it show?"), 500, required=False)
    next = HiddenField()


def words_of(error: DomainError) -> str:
    """Why a file was not taken, and what to do."""
    said = MESSAGES.get(error.code)
    return str(said) % error.params if said else refusal(error.code, **error.params)
