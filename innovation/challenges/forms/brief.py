"""Forms of challenges: four questions to begin with, everything else with a default."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import AnyOf, DataRequired, InputRequired, NumberRange, Optional

from innovation.challenges.forms.choices import (
    BALLOT_NAMES,
    BALLOTS,
    CAPACITIES,
    CHECKED,
    NAMES,
    RECORD_FOR,
    TEMPLATES,
    TERMS,
    TOTALS,
    USUAL_TERMS,
    VISIBILITY,
    WHO_DECIDES,
    WHO_MAY,
)
from innovation.challenges.models import Challenge
from innovation.challenges.service.briefs import Brief, who_may, with_defaults
from innovation.challenges.service.fitting import SHORTLIST, default_rule, default_shortlist, fits
from innovation.challenges.service.templates import STAFF, TECHNICAL
from innovation.challenges.service.terms import AUTHOR_KEEPS
from innovation.kernel import clock
from innovation.kernel.forms import CHOOSE, REQUIRED, Form, MoneyField, OnceForm, WallTimeField, line, options_of, prose
from innovation.kernel.i18n import HOST_ZONE, LANGUAGES
from innovation.kernel.money import CURRENCIES, typed
from innovation.rules.ballot import KINDS, OFFERED, Ballot, has_budget
from innovation.rules.challenge import BY_PANEL, WhoDecides
from innovation.rules.checking import checked_by_default


class StartForm(OnceForm):
    """The four questions, and which ready template they begin with; the few other fields stand with their defaults."""

    template = RadioField(
        _l("What kind of challenge is it?"),
        choices=TEMPLATES,
        default="",
        validate_choice=False,  # none is an answer too: who may answer then says it
        validators=[Optional(), AnyOf([TECHNICAL, STAFF], message=_l("Choose one of these."))],
    )
    title = line(_l("What is your question?"), maximum=300)
    must = prose(_l("What must a good answer do?"), rows=6)
    who_may = RadioField(_l("Who may answer?"), choices=WHO_MAY, default="staff", validators=[DataRequired(CHOOSE)])
    closes = WallTimeField(_l("Until when can ideas come in?"))
    zone = SelectField(_l("Time zone"), choices=clock.zones(), default=HOST_ZONE)
    language = SelectField(_l("Language of the challenge"), choices=list(LANGUAGES.items()), validators=[Optional()])
    prize = MoneyField(_l("Prize for the authors"))
    currency = SelectField(_l("Currency"), choices=list(CURRENCIES), default="EUR", validators=[Optional()])
    terms = RadioField(_l("Terms under which ideas are given"), choices=[("", USUAL_TERMS), *TERMS], default="")
    programme = SelectField(_l("Programme"), validators=[DataRequired(CHOOSE)])

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        self.prize.currency = self.currency.data or "EUR"

    def brief(self, language: str) -> Brief:
        """What was answered; ``language`` is that of the reader, where none was chosen."""
        return with_defaults(
            self.title.data or "",
            self.must.data or "",
            self.who_may.data,
            self.closes.data,  # type: ignore[arg-type]  # present after validation
            self.zone.data,
            self.language.data or language,
            template=self.template.data or "",
            prize_minor=self.prize.minor,
            currency=self.currency.data or "EUR",
            terms=self.terms.data or "",
        )


def needed_for_the_best(form: Any, field: IntegerField) -> None:
    """How many are chosen must be said where a number of them is chosen; elsewhere the field may be empty."""
    if form.who_decides.data == WhoDecides.SPONSOR or form.how_many.data != "top":
        Optional()(form, field)
    else:
        InputRequired(REQUIRED)(form, field)


MOST_TOPICS = 8
LONGEST_TOPIC = 60


class TopicsField(StringField):
    """A few words or phrases with commas between them; ``found`` holds them after validation, each once."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.found: tuple[str, ...] = ()

    def pre_validate(self, form: Any) -> None:
        written = (" ".join(part.split()) for part in (self.data or "").split(","))
        self.found = tuple({topic.casefold(): topic for topic in reversed([*written]) if topic}.values())[::-1]
        if len(self.found) > MOST_TOPICS:
            raise ValidationError(_l("Name at most %(n)s topics.", n=MOST_TOPICS))
        if any(len(topic) > LONGEST_TOPIC for topic in self.found):
            raise ValidationError(_l("Use at most %(n)s characters for one topic.", n=LONGEST_TOPIC))


class EditForm(Form):
    """The whole brief; what was not asked at the start stands with its default."""

    title = line(_l("The question"), maximum=300)
    must = prose(_l("What a good answer must do"), rows=6)
    summary = prose(_l("The challenge in two sentences"), maximum=600, required=False, rows=3)
    background = prose(_l("Background: what is known, what was tried"), required=False, rows=10)
    constraints = prose(_l("Constraints: what is ruled out"), required=False, rows=5)
    topics = TopicsField(_l("Topics"))
    language = SelectField(_l("Language of the challenge"), choices=list(LANGUAGES.items()))
    who_may = RadioField(_l("Who may answer"), choices=WHO_MAY, validators=[DataRequired(CHOOSE)])
    visibility = RadioField(_l("Who reads the ideas"), choices=VISIBILITY, validators=[DataRequired(CHOOSE)])
    checked = RadioField(_l("When a sent idea is seen"), choices=CHECKED, default="usual")
    zone = SelectField(_l("Time zone of all times here"), choices=clock.zones())
    opens = WallTimeField(_l("Ideas can come in from (empty: at once)"), required=False)
    closes = WallTimeField(_l("Ideas can come in until"))
    vote_opens = WallTimeField(_l("Voting from (empty: with the first idea)"), required=False)
    vote_closes = WallTimeField(_l("Voting until"), required=False)
    answer_by = WallTimeField(_l("Every author has an answer by"), required=False)
    review_closes = WallTimeField(_l("The panel scores until (empty: two weeks)"), required=False)
    who_decides = RadioField(_l("Who decides?"), choices=WHO_DECIDES, validators=[DataRequired(CHOOSE)])
    k = IntegerField(_l("How many ideas are chosen?"), default=3, validators=[needed_for_the_best, NumberRange(1, 1000)])
    shortlist_k = IntegerField(
        _l("How many ideas come on the short list?"), default=SHORTLIST, validators=[Optional(), NumberRange(1, 1000)]
    )
    ballot = RadioField(_l("How people vote"), choices=BALLOTS, validators=[DataRequired(CHOOSE)])
    ballot_budget = IntegerField(_l("Points or credits for each person"), validators=[Optional(), NumberRange(1, 100_000)])
    totals_shown = RadioField(_l("When people see how others voted"), choices=TOTALS, default="closed")
    names = RadioField(_l("Names of authors"), choices=NAMES, default="usual")
    edits_allowed = BooleanField(_l("Authors may still change an idea while people vote"))
    record_for = RadioField(_l("Who may count again afterwards"), choices=RECORD_FOR, default="sponsor")
    how_many = RadioField(_l("How far it goes"), choices=CAPACITIES, default="top", validators=[DataRequired(CHOOSE)])
    budget = MoneyField(_l("Budget for the chosen ideas"))
    prize = MoneyField(_l("Prize for the authors"))
    currency = SelectField(_l("Currency"), choices=list(CURRENCIES))
    terms = RadioField(_l("Terms under which ideas are given"), choices=TERMS, validators=[DataRequired(CHOOSE)])
    announce = RadioField(
        _l("Who announces the result"),
        choices=[("sponsor", _l("A sponsor, by a button")), ("clock", _l("It announces itself after some hours"))],
        default="sponsor",
    )
    announce_after_hours = IntegerField(_l("After how many hours"), default=24, validators=[Optional(), NumberRange(1, 720)])

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        for field in (self.budget, self.prize):
            field.currency = self.currency.data or "EUR"

    def of(self, challenge: Challenge) -> EditForm:
        """The form for this challenge: it may keep a rule, or an imported ballot, that is no choice here."""
        if capacity_slot(challenge.rule) == KEEP:
            kept = (KEEP, _l("As its present rule says"))
            self.how_many.choices = options_of([*CAPACITIES, kept])
        if challenge.ballot not in OFFERED:
            self.ballot.choices = options_of([*BALLOTS, (challenge.ballot, BALLOT_NAMES[Ballot(challenge.ballot)])])
        return self

    def brief(self, challenge: Challenge) -> Brief:
        """The brief that was typed; the challenge tells which rule stood until now."""
        who_decides = self.who_decides.data
        return Brief(
            title=self.title.data or "",
            must=self.must.data or "",
            who_may=self.who_may.data,
            closes=self.closes.data,  # type: ignore[arg-type]  # present after validation
            summary=self.summary.data or "",
            background=self.background.data or "",
            constraints=self.constraints.data or "",
            language=self.language.data,
            zone=self.zone.data,
            opens=self.opens.data,
            vote_opens=self.vote_opens.data,
            vote_closes=self.vote_closes.data,
            review_closes=self.review_closes.data,
            answer_by=self.answer_by.data,
            visibility=self.visibility.data,
            who_decides=who_decides,
            ballot=self.ballot.data,
            ballot_budget=self.ballot_budget.data if has_budget(self.ballot.data) else None,
            totals_shown=self.totals_shown.data,
            names_hidden=self.names.data == "hidden" or (self.names.data == "usual" and who_decides in BY_PANEL),
            edits_allowed=self.edits_allowed.data,
            checked_first=self.checked_first,
            record_for=self.record_for.data,
            rule=self._rule(challenge),
            shortlist_rule=self._shortlist(challenge),
            budget_minor=self.budget.minor,
            prize_minor=self.prize.minor,
            currency=self.currency.data,
            terms=self.terms.data,
            announce_after_hours=self.announce_after_hours.data if self.announce.data == "clock" else None,
            topics=self.topics.found,
        )

    @property
    def checked_first(self) -> bool:
        """Whether ideas are checked before others see them, as the form says now."""
        if self.checked.data == "usual":
            return checked_by_default(visibility=self.visibility.data, staff_only=self.who_may.data == "staff")
        return bool(self.checked.data == "first")

    def _rule(self, challenge: Challenge) -> dict[str, Any]:
        """The present rule for as long as it fits the answer, else the answer's own; how far it goes is said here."""
        who_decides, ballot = self.who_decides.data, self.ballot.data
        rule = default_rule(who_decides, ballot)
        if who_decides == challenge.who_decides and fits(challenge.rule, who_decides, ballot):
            rule = dict(challenge.rule)
        if who_decides == WhoDecides.SPONSOR or self.how_many.data == KEEP:
            return rule
        return with_capacity(rule, self.how_many.data, self.k.data or 3)

    def _shortlist(self, challenge: Challenge) -> dict[str, Any] | None:
        if self.who_decides.data != WhoDecides.VOTES_PANEL:
            return None
        ballot, present = self.ballot.data, challenge.shortlist_rule
        kept = present is not None and fits(present, WhoDecides.VOTES, ballot)
        rule = dict(present) if kept and present else default_shortlist(ballot)
        if rule["capacity"]["kind"] != "top":
            return rule
        return with_capacity(rule, "top", self.shortlist_k.data or SHORTLIST)


KEEP = "keep"


def with_capacity(rule: dict[str, Any], how_many: str, k: int) -> dict[str, Any]:
    """The same rule for so many ideas, or for what a budget pays for (``skip``, ``stop``)."""
    capacity = {"kind": "top", "k": k} if how_many == "top" else {"kind": "budget", "overrun": how_many}
    return {**rule, "capacity": capacity}


def capacity_slot(rule: dict[str, Any]) -> str:
    """How far a rule goes, as a choice of the edit form: ``top``, ``skip``, ``stop``; ``keep`` for anything else."""
    capacity = rule.get("capacity") or {}
    if capacity.get("kind") == "budget":
        return str(capacity["overrun"])
    return "top" if capacity.get("kind") in ("top", "picked", None) else KEEP


_AS_STORED = (
    "title",
    "must",
    "summary",
    "background",
    "constraints",
    "language",
    "visibility",
    "zone",
    "who_decides",
    "ballot",
    "ballot_budget",
    "totals_shown",
    "edits_allowed",
    "record_for",
    "currency",
)


def edit_data(challenge: Challenge, topics: Sequence[str] = ()) -> dict[str, Any]:
    """A challenge and what it is about, as the edit form's starting values."""
    walls = ("opens", "closes", "vote_opens", "vote_closes", "review_closes", "answer_by")
    shortlist = (challenge.shortlist_rule or {}).get("capacity") or {}
    usual = challenge.names_hidden == (challenge.who_decides in BY_PANEL)
    audience = who_may(challenge)
    as_usual = checked_by_default(visibility=challenge.visibility, staff_only=audience == "staff")
    checked = "usual" if challenge.checked_first == as_usual else "first" if challenge.checked_first else "at_once"
    return {
        **{name: getattr(challenge, name) for name in _AS_STORED},
        **{name: _wall(challenge.wall_times.get(name)) for name in walls},
        "topics": ", ".join(topics),
        "names": "usual" if usual else "hidden" if challenge.names_hidden else "shown",
        "checked": checked,
        "who_may": audience,
        "how_many": capacity_slot(challenge.rule),
        "k": (challenge.rule.get("capacity") or {}).get("k", 3),
        "shortlist_k": shortlist.get("k", SHORTLIST),
        "budget": _typed(challenge.budget_minor, challenge.currency),
        "prize": _typed(challenge.prize_minor, challenge.currency),
        "terms": challenge.terms.key if challenge.terms else AUTHOR_KEEPS,
        "announce": "clock" if challenge.announce_after_hours else "sponsor",
        "announce_after_hours": challenge.announce_after_hours or 24,
    }


def usual_budget(ballot: str) -> int | None:
    """So many points or credits each person has, unless the sponsor says otherwise; None where there are none."""
    return KINDS[Ballot(ballot)].default_budget


def _wall(text: str | None) -> Any:
    return datetime.fromisoformat(text) if text else None


def _typed(minor: int | None, currency: str) -> str:
    return "" if minor is None else typed(minor, currency)
