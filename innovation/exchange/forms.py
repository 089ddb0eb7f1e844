"""What is filled in about files that come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import HiddenField, PasswordField, RadioField, SelectField
from wtforms.validators import DataRequired

from innovation.exchange.service.mapping.fields import FIELDS, Kind
from innovation.kernel import clock
from innovation.kernel.forms import CHOOSE, Form, OnceForm, line

IMPORT_MESSAGES: dict[str, Any] = {
    "nothing_to_take_in": _l("No row of this file is a new idea, so there is nothing to take in."),
    "file_too_large": _l("This file is too large to be looked through here. Split it, or ask the operators to import it."),
}


class ImportForm(OnceForm):
    """A file of ideas, looked through before anything is taken in."""

    file = FileField(
        _l("File with ideas (CSV)"),
        validators=[FileRequired(_l("Choose a file.")), FileAllowed(["csv", "txt"], _l("Choose a CSV file."))],
        render_kw={"accept": ".csv,text/csv"},
    )


class TakeInForm(OnceForm):
    """The yes after a file was looked through; ``key`` names what is kept of it."""

    key = HiddenField()
    name = HiddenField()


ERASURE_MESSAGES: dict[str, Any] = {
    "not_the_address": _l("This is not the address. Type it as it stands above."),
}


class ErasureForm(Form):
    """What is typed so that nobody is erased by a slip; the password where there is one."""

    typed = line(_l("Type the address once more"), render_kw={"autocomplete": "off"})
    password = PasswordField(_l("Your password"), render_kw={"autocomplete": "current-password"})


FILE_MESSAGES: dict[str, Any] = {
    "file_too_large": _l("This file is too large. Split it, or ask the operators to import it."),
    "file_empty": _l("There is nothing in this file. Its first row has to name the columns."),
    "file_unreadable": _l("This cannot be read as a table. Save it as CSV or as an Excel workbook (.xlsx)."),
    "old_workbook": _l("This is an Excel file of before 2007. Save it as an Excel workbook (.xlsx)."),
    "too_many_columns": _l("This file has more than 300 columns. Leave out those that are not needed."),
    "unpacks_too_large": _l("This workbook unpacks to more than is read here. Save the one sheet as CSV."),
}


class UploadForm(OnceForm):
    """A file of any table, and what it is about."""

    kind = RadioField(
        _l("What is in the file?"),
        choices=[
            ("people", _l("People")),
            ("challenges", _l("Challenges")),
            ("ideas", _l("Ideas")),
            ("comments", _l("Comments")),
            ("votes", _l("Votes")),
        ],
        validators=[DataRequired(CHOOSE)],
    )
    file = FileField(
        _l("File"),
        validators=[
            FileRequired(_l("Choose a file.")),
            FileAllowed(["csv", "tsv", "txt", "xlsx"], _l("Choose a CSV file or an Excel workbook (.xlsx).")),
        ],
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx"},
    )


MAPPING_MESSAGES: dict[str, Any] = {
    "column_needed": _l("Choose a column, or write what stands for all rows."),
    "not_a_source": _l("Use letters, digits, spaces, points and dashes, at most 60."),
    "choose_programme": _l("Choose a programme that you manage."),
    "no_name": _l("Give it a name to keep it under."),
}
NOT_IN_FILE = _l("– not in this file –")
DATE_ORDERS = [("dmy", _l("day first: 3-4-2021 is 3 April")), ("mdy", _l("month first: 3/4/2021 is 4 March"))]
SPLITS = [("|", _l("an upright stroke |")), (";", _l("a semicolon ;")), (",", _l("a comma ,"))]


def mapping_form(
    kind: Kind, headings: Sequence[str], sheets: Sequence[str], programmes: Sequence[tuple[str, str]]
) -> type[OnceForm]:
    """The form on which columns get their meaning: two fields for each of ours, and how the file is written."""
    columns = [("", NOT_IN_FILE), *((name, name) for name in headings)]
    parts: dict[str, Any] = {
        "source": line(_l("Name of the source"), 60, default="import"),
        "dates": SelectField(_l("How days are written"), choices=DATE_ORDERS, default="dmy"),
        "split": SelectField(_l("Between several values in one cell stands"), choices=SPLITS, default="|"),
        "zone": SelectField(_l("Time zone of the file"), choices=clock.zones, default="Europe/Amsterdam"),
        "called": line(_l("Name to keep it under"), 120, required=False),
    }
    if len(sheets) > 1:
        parts["sheet"] = SelectField(_l("Sheet"), choices=[(name, name) for name in sheets])
    if kind == Kind.CHALLENGES:
        parts["programme"] = SelectField(_l("Programme"), choices=list(programmes), validate_choice=False)
    for each in FIELDS[kind]:
        parts[f"column_{each.name}"] = SelectField(each.name, choices=columns, validate_choice=False)
        words = [("", "–"), *((word, word) for word in each.words)]
        fixed = SelectField(each.name, choices=words) if each.words else line(each.name, 200, required=False)
        parts[f"value_{each.name}"] = fixed
    return type("MappingForm", (OnceForm,), parts)


HOUSE_MESSAGES: dict[str, Any] = {"reason_missing": _l("Choose one of these.")}


class HouseForm(OnceForm):
    """Whether sealed ideas are opened for an archive of the house, and why."""

    why = RadioField(
        _l("Sealed ideas"),
        choices=[
            ("", _l("Leave their words out")),
            ("asked", _l("Open all: their authors asked for it")),
            ("complaint", _l("Open all: a complaint is looked into")),
            ("law", _l("Open all: the law or a court asks for it")),
            ("nobody_left", _l("Open all: nobody else is left to decide")),
            ("fault", _l("Open all: a technical fault is being repaired")),
        ],
        default="",
    )
