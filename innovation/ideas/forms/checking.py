"""Forms of who looks at an idea before others see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, ValidationError
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from innovation.challenges.models import Challenge
from innovation.kernel import clock
from innovation.kernel.forms import TIME_ERRORS, Form, WallTimeField, line, prose

TIME_TO_ANSWER = timedelta(days=3)
"""So much time is proposed to authors, where ideas do not come in for longer anyway."""
EVENING = 17


class ReadForm(Form):
    """What was read when it was decided: the number of the version."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])


class QuestionForm(ReadForm):
    note = prose(_l("Your question"), maximum=4000, rows=6)
    until = WallTimeField(_l("Until when can it come again? (empty: as long as ideas can come in)"), required=False)
    zone = "UTC"

    def of(self, challenge: Challenge) -> QuestionForm:
        """The form for this challenge, whose clock the day is read on."""
        self.zone = challenge.zone
        return self

    def validate_until(self, field: Any) -> None:
        try:
            self.moment()
        except clock.WallTimeError as error:
            raise ValidationError(TIME_ERRORS[error.code]) from None

    def moment(self) -> datetime | None:
        """The instant that was chosen."""
        return clock.to_utc(self.until.data, self.zone) if self.until.data else None


class RefusalForm(ReadForm):
    note = prose(_l("Why is it not shown?"), maximum=4000, rows=6)


class CheckersDeputyForm(Form):
    email = line(_l("E-mail address of the deputy"))


def proposed_day(challenge: Challenge, now: datetime) -> datetime | None:
    """The day that a form proposes, on the challenge's clock: none where ideas come in for long enough anyway, and none that
    would be too late."""
    day = now + TIME_TO_ANSWER
    judged = challenge.schedule().judged_until()
    if challenge.closes_at >= day or (judged is not None and judged <= day):
        return None
    wall = clock.to_wall(day, challenge.zone).replace(hour=EVENING, minute=0, second=0, microsecond=0)
    return None if judged is not None and clock.to_utc(wall, challenge.zone) >= judged else wall
