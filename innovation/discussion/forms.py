"""The forms of talks."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired

from innovation.kernel.forms import CHOOSE, Form, OnceForm, prose
from innovation.rules.moderation import LONGEST_WORDS, ReportReason
from innovation.rules.talk import LONGEST

MESSAGES: dict[str, Any] = {
    "comment_missing": _l("Write something first."),
    "comment_too_long": _l("Use at most %(n)s characters.", n=LONGEST),
    "words_too_long": _l("Use at most %(n)s characters.", n=LONGEST_WORDS),
    "reason_missing": _l("Say in a sentence why. The person who wrote it reads this."),
}


class CommentForm(OnceForm):
    """What somebody says."""

    text = prose(_l("Your comment"), LONGEST, rows=4)

    def beside(self, key: str) -> CommentForm:
        """The same form with ids of its own, since it may stand on a page that has another one."""
        self.text.id, self.once.id = f"text-{key}", f"once-{key}"
        return self


REASONS = [
    (ReportReason.SPAM.value, _l("Spam or advertising")),
    (ReportReason.INSULT.value, _l("Insulting or hurtful")),
    (ReportReason.CONFIDENTIAL.value, _l("Confidential: it should not be read here")),
    (ReportReason.OFF_TOPIC.value, _l("Nothing to do with the subject")),
    (ReportReason.OTHER.value, _l("Something else")),
]
KEEP = "keep"


class ReportForm(Form):
    """What is wrong with a comment."""

    reason = RadioField(_l("What is wrong with it?"), choices=REASONS, validators=[DataRequired(CHOOSE)])
    words = prose(_l("In your words"), LONGEST_WORDS, required=False, rows=3)


class DecisionForm(Form):
    """What becomes of a reported comment: it is kept, or removed for one of the reasons."""

    outcome = RadioField(
        _l("What do you decide?"),
        choices=[(KEEP, _l("Keep it: there is nothing wrong with it")), *REASONS],
        validators=[DataRequired(CHOOSE)],
    )
    words = prose(_l("Why, in a sentence"), LONGEST_WORDS, required=False, rows=3)


class ObjectionForm(Form):
    """Why the writer wants somebody else to look."""

    words = prose(_l("Why it should be shown"), LONGEST_WORDS, rows=4)


class SettlementForm(Form):
    """What becomes of an objection."""

    outcome = RadioField(
        _l("What do you decide?"),
        choices=[("restore", _l("Show the comment again")), ("uphold", _l("It stays removed"))],
        validators=[DataRequired(CHOOSE)],
    )
    words = prose(_l("Why, in a sentence"), LONGEST_WORDS, required=False, rows=3)
