"""A process as a form: its gates as rows that can be added, taken out and moved, with or without JavaScript.

The words of a ready-made gate stand in the reader's language. Left as they are they stay that gate's own, and are said
in everybody's language; changed, they are the programme's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import get_template_attribute
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from innovation.kernel.forms import REQUIRED, Form, line
from innovation.rules.gatekeeping import MOST_ANSWER_DAYS
from innovation.rules.processes import MOST_CHECKS, MOST_DAYS, MOST_EVIDENCE, MOST_GATES, READY_MADE, Plan, Step

LINE = 300
"""The longest line of a checklist."""

CHECKS = {step.key: [key for key, _text in step.checks] for plan in READY_MADE.values() for step in plan.steps}
"""The lines of the ready-made gates, by the gate's key."""

KEEPERS = [("sponsor", _l("A sponsor of the challenge")), ("manager", _l("The innovation manager"))]
MESSAGES: dict[str, tuple[str, Any]] = {
    "gate_without_name": ("title", _l("Give this gate a name.")),
    "days_do_not_rise": ("day", _l("This day has to come after the one of the gate before.")),
    "too_long": ("day", _l("Choose a day within five years.")),
    "too_many_checks": ("checks", _l("Use at most %(n)s lines.", n=MOST_CHECKS)),
    "no_such_keeper": ("keeper", _l("Choose one of these.")),
    "evidence_out_of_range": ("evidence", _l("Write a number from 0 to %(n)s.", n=MOST_EVIDENCE)),
    "answer_days_out_of_range": ("answer_days", _l("Write a number from 1 to %(n)s.", n=MOST_ANSWER_DAYS)),
    "no_gates": ("title", _l("A process needs at least one gate.")),
    "too_many_gates": ("title", _l("A process has at most %(n)s gates.", n=MOST_GATES)),
    "same_gate_twice": ("title", _l("This gate stands here twice.")),
}
"""What is wrong with a process: at which field of the gate, and in which words."""


class GateRow(Form):
    """One gate."""

    class Meta(Form.Meta):
        csrf = False

    key = HiddenField(validators=[Length(max=20)])
    title = StringField(_l("Name"), validators=[Length(max=200, message=_l("Use at most %(n)s characters.", n=200))])
    purpose = TextAreaField(
        _l("What has to be clear here"),
        validators=[Length(max=1000, message=_l("Use at most %(n)s characters.", n=1000))],
        render_kw={"rows": 2},
    )
    day = IntegerField(_l("By day"), validators=[InputRequired(REQUIRED), NumberRange(1, MOST_DAYS)])
    keeper = SelectField(_l("Who decides"), choices=KEEPERS)
    answer_days = IntegerField(
        _l("Days to answer"), default=5, validators=[InputRequired(REQUIRED), NumberRange(1, MOST_ANSWER_DAYS)]
    )
    evidence = IntegerField(_l("Evidence to cite"), default=0, validators=[Optional(), NumberRange(0, MOST_EVIDENCE)])
    checks = TextAreaField(_l("Checklist, a line each"), render_kw={"rows": 4})

    def validate_checks(self, field: TextAreaField) -> None:
        """A line fits into its column."""
        if any(len(each) > LINE for each in _lines(field.data)):
            raise ValidationError(_l("Use at most %(n)s characters a line.", n=LINE))

    def step(self) -> Step:
        """The gate as it stands; what says the same as the ready-made one is said by its key."""
        key = self.key.data or ""
        return Step(
            key=key,
            day=self.day.data or 0,
            keeper=self.keeper.data,
            title="" if self.title.data == _word("gate_name", key) else self.title.data or "",
            purpose="" if _flat(self.purpose.data) == _word("gate_question", key) else self.purpose.data or "",
            checks=_checks(key, self.checks.data or ""),
            evidence=self.evidence.data or 0,
            answer_days=self.answer_days.data or 0,
        )


class ProcessForm(Form):
    """A process; ``base`` is the ready-made one it is copied from, ``seen`` the version it changes."""

    base = HiddenField()
    seen = IntegerField(widget=widgets.HiddenInput(), default=0, validators=[Optional()])
    title = line(_l("Name of the process"), required=False)
    gates = FieldList(FormField(GateRow), max_entries=MOST_GATES)

    def steps(self) -> list[Step]:
        """The gates as they stand."""
        return [entry.form.step() for entry in self.gates]

    def own_title(self) -> str:
        """Its name; '' where it is that of the ready-made one."""
        name = self.title.data or ""
        return "" if name == _word("process_name", self.base.data or "") else name

    def refuse_gate(self, code: str, at: int | None) -> None:
        """Put what is wrong with the process at the field it concerns."""
        name, words = MESSAGES[code]
        field = self.gates[at].form[name] if at is not None else self.title
        field.errors = (*field.errors, words)

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """Everything that is wrong: the field's id, its label and what is said of it."""
        fields = [self.title, *(field for entry in self.gates for field in entry.form)]
        return [(field.id, str(field.label.text), str(field.errors[0])) for field in fields if field.errors]


def process_form(plan: Plan, seen: int) -> ProcessForm:
    """The form of a process, or what was typed into it."""
    return ProcessForm(data=_data(plan.key, seen, plan.title or _word("process_name", plan.key), plan.steps))


def rearranged(form: ProcessForm, act: str) -> ProcessForm:
    """The form after one of its row buttons: ``add``, or ``remove``, ``up`` or ``down`` with a gate's place from 0."""
    rows: list[dict[str, Any]] = [entry.form.data for entry in form.gates]
    kind, _, number = act.partition("-")
    at = int(number) if number.isdecimal() and len(number) < 3 else -1
    if kind == "add" and len(rows) < MOST_GATES:
        rows.append({"day": (rows[-1]["day"] or 0) + 14 if rows else 14, "keeper": "sponsor", "answer_days": 5})
    elif kind == "remove" and at in range(len(rows)):
        del rows[at]
    elif kind in {"up", "down"} and at in range(len(rows)):
        other = at + (-1 if kind == "up" else 1)
        if other in range(len(rows)):
            # The days stay where they are: it is the gates that change places.
            rows[at], rows[other] = rows[other] | {"day": rows[at]["day"]}, rows[at] | {"day": rows[other]["day"]}
    values = {"base": form.base.data, "seen": form.seen.data, "title": form.title.data, "gates": rows}
    return ProcessForm(formdata=None, data=values)


def _data(key: str, seen: int, title: str, steps: Sequence[Step]) -> dict[str, Any]:
    return {"base": key, "seen": seen, "title": title, "gates": [_row(step) for step in steps]}


def _row(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "title": step.title or _word("gate_name", step.key),
        "purpose": step.purpose or _word("gate_question", step.key),
        "day": step.day,
        "keeper": step.keeper,
        "answer_days": step.answer_days,
        "evidence": step.evidence,
        "checks": "\n".join(text or _word("check_words", key) for key, text in step.checks),
    }


def _checks(gate: str, typed: str) -> tuple[tuple[str, str], ...]:
    """The lines of a checklist; one that says the same as a ready-made one of this gate keeps its key."""
    known = {_word("check_words", key): key for key in CHECKS.get(gate, ())}
    return tuple((known[text], "") if text in known else ("", text) for text in _lines(typed))


def _lines(typed: str | None) -> list[str]:
    return [text for each in (typed or "").splitlines() if (text := _flat(each))]


def _flat(typed: str | None) -> str:
    return " ".join((typed or "").split())


def _word(macro: str, key: str) -> str:
    """A word of a ready-made process, as the templates say it in the reader's language."""
    return str(get_template_attribute("components/words.html", macro)(key)).strip() if key else ""
