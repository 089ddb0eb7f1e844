"""Forms of questions to a sponsor: asking one, and answering it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired

from innovation.kernel.forms import CHOOSE, Form, OnceForm, prose
from innovation.rules.inquiry import LONGEST, MOST_OF_ONE

INQUIRY_MESSAGES: dict[str, Any] = {
    "inquiry_missing": _l("Write something first."),
    "inquiry_too_long": _l("Use at most %(n)s characters.", n=LONGEST),
    "too_many_inquiries": _l("%(n)s of your questions wait already. Let one of them be answered first.", n=MOST_OF_ONE),
    "inquiry_is_private": _l("This was asked in private, so the answer goes to who asked alone."),
}
SHARED, PRIVATE = "shared", "private"
ALL, ASKER = "all", "asker"


class InquiryForm(OnceForm):
    """Asking a sponsor something."""

    text = prose(_l("Your question"), LONGEST, rows=5)
    privacy = RadioField(
        _l("May the answer be published?"),
        choices=[
            (SHARED, _l("Yes. The sponsor may publish question and answer, in edited words and without your name")),
            (PRIVATE, _l("No. The question stays between you and those who answer, and the answer goes to you alone")),
        ],
        default=SHARED,
        validators=[DataRequired(CHOOSE)],
    )


class InquiryAnswerForm(Form):
    """Answering it: to who asked alone, or to everybody in edited words."""

    text = prose(_l("Your answer"), LONGEST, rows=6)
    readers = RadioField(
        _l("Who reads your answer?"),
        choices=[
            (ASKER, _l("Only who asked")),
            (ALL, _l("Everybody who sees the challenge: question and answer are published without the name of who asked")),
        ],
        default=ASKER,
        validators=[DataRequired(CHOOSE)],
    )
    shown_text = prose(_l("The question as everybody reads it"), LONGEST, required=False, rows=4)
