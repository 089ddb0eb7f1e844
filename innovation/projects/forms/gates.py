"""Forms of gates and of what their decisions rest on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    URLField,
    widgets,
)
from wtforms.validators import URL, DataRequired, Length, Optional

from innovation.kernel.errors import Invalid
from innovation.kernel.forms import CHOOSE, Form, OnceForm, line, options_of, prose
from innovation.projects.models import Evidence, Gate, Hypothesis
from innovation.rules.project import GATE, Finding, Verdict

REASON = 4000
WEB_ADDRESS = _l("Write a web address, such as https://…")
MESSAGES: dict[str, Any] = {
    "reason_missing": _l("Give a reason: everyone who sees the project reads it."),
    "due_missing": _l("Say by when the gate is to be passed now."),
    "due_in_the_past": _l("Choose a day that is still to come."),
    "due_too_far": _l("Choose a day within five years."),
    "no_such_evidence": _l("Choose from the evidence of this project."),
    "nobody_has_this_address": _l("Nobody here has this address. Invite the person first."),
    "deputy_on_the_team": _l("This person works in the project, so somebody else has to decide about it."),
    "deputy_cannot_see": _l("This person does not see the project. Name somebody who does."),
    "no_such_hypothesis": _l("Choose one of these."),
    "finding_missing": _l("Say what it shows about the hypothesis."),
}

VERDICTS: dict[Verdict, Any] = {
    Verdict.PASS: _l("Pass: the gate is behind the project"),
    Verdict.AGAIN: _l("Once more: the team goes on with this gate, and asks again"),
    Verdict.HOLD: _l("On hold: the project waits, until you let it go on"),
    Verdict.STOP: _l("Stop: the project ends here, with what was learned"),
}
GO_ON = _l("Go on: the hold is over, and the team goes on with this gate")
FINDINGS = [
    (Finding.HOLDS, _l("It holds")),
    (Finding.FAILS, _l("It does not hold")),
    (Finding.UNCLEAR, _l("It is not clear")),
]


class EvidenceField(SelectMultipleField):
    """Pieces of evidence by their numbers, as boxes to tick."""

    widget: Any = widgets.ListWidget(prefix_label=False)
    option_widget: Any = widgets.CheckboxInput()


class GateForm(Form):
    """A decision about a gate: ``gate`` and ``seen`` say what the keeper had before him."""

    gate = HiddenField()
    seen = IntegerField(widget=widgets.HiddenInput(), default=0, validators=[Optional()])
    decision = RadioField(_l("Decision"), validators=[DataRequired(CHOOSE)])
    due_on = DateField(_l("By when now, if the team goes on with this gate"), validators=[Optional()])
    evidence = EvidenceField(_l("The evidence it rests on"))
    reason = prose(_l("Reason, for everyone to read"), maximum=REASON, rows=5)

    def offer(self, gate: Gate, found: Sequence[Evidence]) -> None:
        """Offer the verdicts that the gate's state allows, and the project's evidence."""
        allowed = [(verdict, words) for verdict, words in VERDICTS.items() if GATE.can(gate.state, verdict)]
        held = gate.state == "held"
        self.decision.choices = options_of(
            (str(verdict), GO_ON if held and verdict == Verdict.AGAIN else words) for verdict, words in allowed
        )
        self.evidence.choices = options_of((str(each.number), excerpt(each)) for each in found)

    def refuse(self, error: Invalid, messages: dict[str, Any]) -> None:
        """As every form, and say how much evidence is asked for."""
        if error.code == "evidence_missing":
            needed: Any = error.params["needed"]
            messages = messages | {
                error.code: _l("To pass this gate, the decision has to rest on %(n)s or more of these.", n=needed)
            }
        super().refuse(error, messages)


class ReopenForm(Form):
    """A new decision in place of the last one."""

    gate = HiddenField()
    seen = IntegerField(widget=widgets.HiddenInput(), default=0, validators=[Optional()])
    due_on = DateField(_l("By when the gate is to be passed now"), validators=[Optional()])
    reason = prose(_l("Reason, for everyone to read"), maximum=REASON, rows=5)


class DeputyForm(Form):
    gate = HiddenField()
    email = EmailField(_l("E-mail address of your deputy"), validators=[Length(max=320)])
    onward = BooleanField(_l("For the gates after this one too"))


class HypothesisForm(OnceForm):
    text = prose(_l("What must be true"), maximum=1000, rows=3)
    test = prose(_l("How it is tested"), maximum=1000, required=False, rows=3)
    holds_when = line(_l("It holds when"), maximum=300, required=False)


class EvidenceForm(OnceForm):
    text = prose(_l("What was found"), maximum=4000, rows=5)
    url = URLField(
        _l("Where it can be looked at (address)"),
        validators=[Optional(), URL(require_tld=False, message=WEB_ADDRESS), Length(max=500)],
    )
    about = SelectField(_l("It is about"), default="0")
    finding = RadioField(_l("What it shows about that"), choices=FINDINGS, validators=[Optional()])

    def offer(self, hypotheses: Sequence[Hypothesis]) -> None:
        """Offer the project's hypotheses."""
        named = ((str(each.position), _l("H%(n)s: %(text)s", n=each.position, text=each.text[:90])) for each in hypotheses)
        self.about.choices = options_of([("0", _l("no hypothesis in particular")), *named])


def excerpt(found: Evidence) -> Any:
    """A piece of evidence in one line."""
    words = " ".join(found.text.split())
    return _l("E%(n)s: %(text)s", n=found.number, text=words[:139] + "…" if len(words) > 140 else words)
