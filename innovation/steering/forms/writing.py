"""The form of what is said to many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectChoice, SelectField
from wtforms.validators import Optional

from innovation.kernel import clock
from innovation.kernel.forms import OnceForm, options_of, prose
from innovation.kernel.i18n import HOST_ZONE, LANGUAGES
from innovation.rules.sending import MOST_CHOSEN, MOST_WORDS, Chosen, SendingAct
from innovation.steering.forms.ready import Ready
from innovation.steering.models import SavedReason

END_OF_DAY = time(23, 59)


class WritingForm(OnceForm):
    """What is said to each of the chosen things. What was chosen and the personal lines are read beside it."""

    reason = SelectField(_l("A saved reason"), choices=[], validate_choice=False, render_kw={"data-fills": "words"})
    words = prose(_l("What is said to each of them"), maximum=MOST_WORDS, rows=8)
    until = DateField(_l("They can send it again until the end of"), validators=[Optional()])

    def offer(self, saved: Sequence[SavedReason], ready: Sequence[Ready]) -> None:
        """Fill the list of reasons: the house's own first, then those that are ready to use."""
        own = [_option(each.public_id, each.title, each.text, each.language) for each in saved]
        given = [_option(each.name, each.title, each.text, each.language) for each in ready]
        groups: dict[str, list[Any]] = {"": [("", str(_l("None: in words of my own")))]}
        groups |= {str(_l("Saved reasons")): own} if own else {}
        groups |= {str(_l("Ready to use")): given}
        self.reason.choices = {group: options_of(options) for group, options in groups.items()}

    def use(self, saved: Sequence[SavedReason], ready: Sequence[Ready]) -> None:
        """Put the words of the chosen reason into the field."""
        texts = {each.public_id: each.text for each in saved} | {each.name: each.text for each in ready}
        if self.reason.data in texts:
            self.words.data = texts[self.reason.data]

    def params(self, act: SendingAct) -> dict[str, str]:
        """What goes for all of them: the end of the day up to which an idea can come again."""
        if act != SendingAct.RETURN_IDEA or self.until.data is None:
            return {}
        ends = clock.to_utc(datetime.combine(self.until.data, END_OF_DAY), HOST_ZONE)
        return {"until": ends.astimezone(UTC).isoformat()}


def _option(name: str, title: str, text: str, language: str) -> SelectChoice:
    """A reason in the list; its words come along, so that a script can fill them in at once."""
    return SelectChoice(name, f"{title} ({LANGUAGES.get(language, language)})", {"data-words": text})


def chosen_here() -> list[Chosen]:
    """What a list or the writing page sent along as chosen; anything else is left out."""
    written = request.values.getlist("chosen")[: MOST_CHOSEN + 1]
    return list(dict.fromkeys(each for each in map(Chosen.read, written) if each is not None))


def personal_here(chosen: Sequence[Chosen]) -> Mapping[str, str]:
    """The personal lines that were typed, by what they are for."""
    typed = {str(each): request.form.get(f"personal-{each}", "").strip() for each in chosen}
    return {name: text for name, text in typed.items() if text}
