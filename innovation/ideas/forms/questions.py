"""Forms of what judges ask the authors of an idea."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from innovation.kernel.forms import OnceForm, prose
from innovation.rules.inquiry import LONGEST, MOST_OF_ONE

QUESTION_MESSAGES: dict[str, Any] = {
    "inquiry_missing": _l("Write something first."),
    "inquiry_too_long": _l("Use at most %(n)s characters.", n=LONGEST),
    "too_many_inquiries": _l("%(n)s of your questions wait already. Let one of them be answered first.", n=MOST_OF_ONE),
}


class QuestionForm(OnceForm):
    """Asking the authors something."""

    text = prose(_l("Your question"), LONGEST, rows=4)


class QuestionAnswerForm(OnceForm):
    """Answering a judge."""

    text = prose(_l("Your answer"), LONGEST, rows=5)

    def beside(self, key: str) -> QuestionAnswerForm:
        """The same form with ids of its own, since several stand on one page."""
        self.text.id, self.once.id = f"text-{key}", f"once-{key}"
        return self
