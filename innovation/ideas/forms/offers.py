"""Forms of ideas on offer: an author's consent, and a later challenge's ask."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from innovation.kernel.forms import Form, OnceForm, prose
from innovation.rules.inquiry import LONGEST

OFFER_MESSAGES: dict[str, Any] = {
    "offer_unreadable": _l("Tick the box: nobody can ask for what nobody may read. Or leave it sealed."),
    "ask_missing": _l("Say why the idea fits. Its authors decide by it."),
    "inquiry_too_long": _l("Use at most %(n)s characters.", n=LONGEST),
}


class ConsentForm(Form):
    """Letting an idea be offered; the box is there for a sealed one alone."""

    readable = BooleanField(
        _l("Sponsors and innovation managers of later challenges that it fits may read its title and first lines")
    )


class AskForm(OnceForm):
    """Asking the authors of an earlier idea to bring it."""

    message = prose(_l("Your message to its authors"), LONGEST, rows=4)

    def beside(self, key: str) -> AskForm:
        """The same form with ids of its own, since several stand on one page."""
        self.message.id, self.once.id = f"message-{key}", f"once-{key}"
        return self
