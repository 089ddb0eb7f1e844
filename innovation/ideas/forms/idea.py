"""The form of an idea: title, text, amount, files, answers, whose it is, and on one page the terms too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, RadioField

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries
from innovation.ideas.forms.acts import ACCEPT
from innovation.ideas.forms.answers import FILE, answer_fields, answers_given
from innovation.ideas.forms.messages import MESSAGES
from innovation.ideas.models import Idea
from innovation.ideas.service import answering
from innovation.ideas.service.writing import shortcomings
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import MoneyField, OnceForm, line, prose
from innovation.kernel.money import digits
from innovation.rules.answers import LONGEST_KEPT_OUT, provenance_lacks
from innovation.rules.file_kinds import ACCEPTED

LONGEST_TITLE, LONGEST_TEXT = 200, 20_000
OF_MINE = [
    ("yes", _l("Yes, it is mine alone")),
    ("with_others", _l("With others, who agree")),
    ("not_sure", _l("I am not sure")),
]
OF_EMPLOYER = [
    ("no", _l("No")),
    ("agrees", _l("Yes, and he agrees")),
    ("not_asked", _l("Perhaps; I have not asked")),
]


class IdeaForm(OnceForm):
    """A draft may be incomplete. :func:`idea_form` adds a field for each of the challenge's own questions.

    ``state`` is the state the idea was in when the page was made, so that an old page is not taken for a new one.
    """

    state = HiddenField()
    title = line(_l("Title"), required=False, maximum=LONGEST_TITLE)
    text = prose(_l("Your idea"), LONGEST_TEXT, required=False, rows=14)
    requested = MoneyField(_l("What it needs from the budget"))
    file = MultipleFileField(_l("Files"), render_kw={"accept": ACCEPTED})
    mine = RadioField(_l("Is it yours to give?"), choices=OF_MINE, validate_choice=False)
    employer = RadioField(_l("Has an employer a claim to it?"), choices=OF_EMPLOYER, validate_choice=False)
    kept_out = prose(_l("What do you keep out of it?"), LONGEST_KEPT_OUT, required=False, rows=3)
    accept_terms = BooleanField(ACCEPT)

    def with_files(self, arrived: Mapping[str, str], refused: Mapping[str, str]) -> IdeaForm:
        """Take note of what became of the files that came along, before the form is judged.

        Args:
            arrived: the file that answers a question, by the question's address.
            refused: why a file was not taken, by the name of its field.
        """
        self._arrived = dict(arrived)
        for question, file in arrived.items():
            if answering.FIELD + question in self:
                self[answering.FIELD + question].data = file
        for name, why in refused.items():
            self[name].process_errors.append(why)
        return self

    def values(self) -> dict[str, Any]:
        """What was typed, as the verb takes it that changes a sent idea."""
        return {
            "title": self.title.data or "",
            "text": self.text.data or "",
            "requested_minor": self.requested.minor,
            "answers": answers_given(self._fields) | getattr(self, "_arrived", {}),
        }

    def draft(self) -> dict[str, Any]:
        """What was typed, as the verbs take it that keep a draft. What is too long is cut where the column ends."""
        values = self.values()
        cut = {"title": values["title"][:LONGEST_TITLE], "text": values["text"][:LONGEST_TEXT]}
        said = {name: self[name].data or "" for name in ("mine", "employer", "kept_out") if name in request.form}
        return values | cut | {"provenance": said or None}

    def complete(self, challenge: Challenge, idea: Idea | None, *, sending: bool) -> bool:
        """Whether all is there that the challenge asks for; what is missing is said at its field.

        Args:
            idea: the draft with what was saved of it before; None while there is none.
            sending: whether the terms are accepted here as well.
        """
        values = self.values()
        given = (queries.said(idea) if idea else {}) | values.pop("answers")
        for field, code in shortcomings(**values, challenge=challenge):
            self._say(field, Invalid(code, field=field))
        for field, error in answering.shortcomings(challenge, given, idea):
            self._say(field, error)
        if asks_whose(challenge):
            said = {name: self[name].data or "" for name in ("mine", "employer")}
            for name in provenance_lacks(said):
                self._say(name, Invalid("provenance_missing", field=name))
        if sending and challenge.terms_id is not None and not self.accept_terms.data:
            self._say("accept_terms", Invalid("terms_not_accepted", field="accept_terms"))
        return not self.errors

    def say(self, error: Invalid) -> None:
        """Put a verb's refusal at its field."""
        self._say(error.field or "title", error)

    def _say(self, name: str, error: Invalid) -> None:
        field: Any = next((self[each] for each in (name, name + FILE) if each in self), self.title)
        if not field.errors:
            said = str(MESSAGES.get(error.code, error.code))
            field.errors = (said % error.params if error.params else said,)


def asks_whose(challenge: Challenge) -> bool:
    """Whether an author says whose the idea is: not where the terms hold that it is the employer's."""
    return challenge.terms is not None and challenge.terms.key != "employee"


def idea_form(challenge: Challenge, idea: Idea | None = None) -> IdeaForm:
    """The form of a challenge's idea, with a field for each of its own questions, as the draft or the idea stands."""
    asked = challenges.questions(challenge.id)
    files = {name: each.name for name, each in queries.own_files(idea).items()} if idea and asked else {}
    made = type("AnsweringIdeaForm", (IdeaForm,), answer_fields(asked, files))
    form: IdeaForm = made(data=_stands(idea)) if idea else made()
    form.requested.currency = challenge.currency
    return form


def _stands(idea: Idea) -> dict[str, Any]:
    answers: Mapping[str, str] = {answering.FIELD + name: value for name, value in queries.said(idea).items()}
    return {
        "state": idea.state,
        "title": idea.title,
        "text": idea.text,
        "requested": _amount(idea),
        **idea.provenance,
        **answers,
    }


def _amount(idea: Idea) -> str:
    if idea.requested_minor is None:
        return ""
    places = digits(idea.challenge.currency)
    whole, rest = divmod(idea.requested_minor, 10**places)
    return str(whole) if not rest else f"{whole}.{rest:0{places}d}"
