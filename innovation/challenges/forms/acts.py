"""Forms of what is done with a challenge once it is written, and of a new programme: a line or two each."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired

from innovation.challenges.forms.choices import TERMS, WHO_MAY
from innovation.challenges.models import Challenge
from innovation.kernel.forms import CHOOSE, REQUIRED, Form, MoneyField, OnceForm, WallTimeField, line, options_of, prose

HOST = "host"


class PublicResultsForm(Form):
    """Whether a challenge's results may be public, and whose question it is: an organisation's public id, or the host's."""

    shown = BooleanField(_l("Its results may stand on the public results page"))
    organisation = SelectField(_l("Whose question it is"), default=HOST, validators=[DataRequired(CHOOSE)])


class ReturnForm(Form):
    note = TextAreaField(_l("What should be changed?"), validators=[DataRequired(REQUIRED)], render_kw={"rows": 3})


class StopForm(Form):
    note = prose(_l("Why does it stop?"), maximum=2_000, rows=3)
    ideas = prose(_l("What happens to the ideas?"), maximum=2_000, rows=3)
    prize = prose(_l("What happens to the prize?"), maximum=2_000, required=False, rows=3)


def why() -> TextAreaField:
    """Why something changes after publication; everybody who sees the challenge reads it."""
    return prose(_l("Why does it change?"), maximum=2_000, rows=3)


class ExtendForm(Form):
    closes = WallTimeField(_l("New closing time"))
    reason = why()


class PrizeForm(Form):
    """A greater prize, in the challenge's currency."""

    prize = MoneyField(_l("New prize"), required=True)
    reason = why()

    def of(self, currency: str) -> PrizeForm:
        self.prize.currency = currency
        return self


class TermsForm(Form):
    terms = RadioField(_l("New terms"), choices=TERMS, validators=[DataRequired(CHOOSE)])
    reason = why()


class AudienceForm(Form):
    who_may = RadioField(_l("Who may answer from now on?"), choices=WHO_MAY, validators=[DataRequired(CHOOSE)])
    reason = why()


class AnswerDayForm(Form):
    """A later day for the answer that every author was promised."""

    day = DateField(_l("New day"), validators=[DataRequired(_l("Choose a day."))])
    reason = why()


class WordsForm(Form):
    """The words of a published brief, to be corrected."""

    title = line(_l("The question"), maximum=300)
    summary = prose(_l("The challenge in two sentences"), maximum=600, required=False, rows=3)
    must = prose(_l("What a good answer must do"), rows=6)
    background = prose(_l("Background: what is known, what was tried"), required=False, rows=8)
    constraints = prose(_l("Constraints: what is ruled out"), required=False, rows=5)
    reason = why()


class DeputyForm(Form):
    """Who stands in for a sponsor, or for who checks; ``person`` says which role and whose: ``sponsor:`` and a public id."""

    person = SelectField(_l("Stands in for"), validators=[DataRequired(CHOOSE)])
    email = line(_l("E-mail address of the deputy"))


class ApprovalForm(Form):
    """Who approves a programme's challenges."""

    approver = line(_l("Who approves? His or her e-mail address"), required=False)
    deputy = line(_l("Who stands in? The deputy’s e-mail address"), required=False)
    staff_without_approval = BooleanField(_l("Sponsors may ask our own staff without approval"))


NAMED = [("sponsor", _l("Sponsor: reads, answers, decides")), ("panel", _l("Panel member: reads along"))]


class NamePersonForm(Form):
    email = line(_l("E-mail address"))
    role = SelectField(_l("As"), choices=NAMED)

    def of(self, challenge: Challenge) -> NamePersonForm:
        """The form for this challenge: somebody can check ideas where they are checked first."""
        if challenge.checked_first:
            checker = ("checker", _l("Checker: looks at ideas before others see them"))
            self.role.choices = options_of([*NAMED, checker])
        return self


class ProgrammeForm(OnceForm):
    title = line(_l("Name of the programme"))
    description = prose(_l("What it is for"), required=False, rows=4)
