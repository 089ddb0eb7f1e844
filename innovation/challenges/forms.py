"""Forms of challenges: four questions to begin with, everything else with a default."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, NumberRange, Optional

from innovation.challenges.models import Challenge
from innovation.challenges.service.briefs import Brief, who_may, with_defaults
from innovation.challenges.service.terms import AUTHOR_KEEPS, EMPLOYEE, LICENCE_IF_CHOSEN
from innovation.kernel import clock
from innovation.kernel.forms import REQUIRED, Form, MoneyField, OnceForm, WallTimeField, line, options_of, prose
from innovation.kernel.i18n import HOST_ZONE, LANGUAGES
from innovation.kernel.money import CURRENCIES, digits
from innovation.rules.promotion import ready_rule

WHO_MAY = [
    ("staff", _l("Our own staff")),
    ("experts", _l("Staff, partners and invited experts")),
    ("everyone", _l("Everyone, the public too")),
]
VISIBILITY = [
    ("open", _l("Open: everyone who can take part reads all ideas")),
    ("sealed", _l("Sealed: only authors, sponsors and panel read an idea")),
]
WHO_DECIDES = [
    ("votes", _l("The participants, by their votes")),
    ("sponsor", _l("The sponsor picks, with a reason for every idea")),
]
BALLOTS = [
    ("approval", _l("Approval: support as many ideas as you like")),
    ("yes_no", _l("Yes or no on each idea")),
]
CAPACITIES = [
    ("top", _l("The best so many")),
    ("skip", _l("As many as the budget pays for; what does not fit is skipped")),
    ("stop", _l("As many as the budget pays for; it ends at the first that does not fit")),
]
TERMS = [
    (AUTHOR_KEEPS, _l("The author keeps everything; we contact the author first")),
    (LICENCE_IF_CHOSEN, _l("A licence for us if the idea is chosen")),
    (EMPLOYEE, _l("Our own staff: as the contract of employment says")),
]

MESSAGES: dict[str, Any] = {
    "sealed_has_no_crowd": _l("A sealed challenge cannot be decided by votes: nobody else may read the ideas."),
    "time_nonexistent": _l("This time does not exist: the clocks are put forward then. Choose another."),
    "time_ambiguous": _l("This time exists twice: the clocks are put back then. Choose another."),
    "closes_before_it_opens": _l("This is not after the opening. Choose a later time."),
    "vote_before_ideas": _l("Voting cannot begin before ideas can come in."),
    "vote_ends_before_ideas": _l("Voting must last at least until the last idea can come in."),
    "answer_before_the_end": _l("The answer cannot be due before ideas and votes are in."),
    "closes_in_the_past": _l("The closing date has passed. Choose a later one."),
    "deadline_only_later": _l("After publication the deadline can only move later."),
    "rule_needs_a_budget": _l("This rule spends a budget. Say how much there is."),
    "nobody_has_this_address": _l("Nobody here has this address. Invite the person first."),
    "last_sponsor": _l("A challenge needs a sponsor. Name another one first."),
}


class StartForm(OnceForm):
    """The four questions."""

    title = line(_l("What is your question?"), maximum=300)
    must = prose(_l("What must a good answer do?"), rows=6)
    who_may = RadioField(_l("Who may answer?"), choices=WHO_MAY, default="staff", validators=[DataRequired(REQUIRED)])
    closes = WallTimeField(_l("Until when can ideas come in?"))
    zone = SelectField(_l("Time zone"), choices=clock.zones(), default=HOST_ZONE)
    programme = SelectField(_l("Programme"), validators=[DataRequired(REQUIRED)])

    def brief(self, language: str) -> Brief:
        return with_defaults(
            self.title.data or "",
            self.must.data or "",
            self.who_may.data,
            self.closes.data,  # type: ignore[arg-type]  # present after validation
            self.zone.data,
            language,
        )


class EditForm(Form):
    """The whole brief; what was not asked at the start stands with its default."""

    title = line(_l("The question"), maximum=300)
    must = prose(_l("What a good answer must do"), rows=6)
    summary = prose(_l("The challenge in two sentences"), maximum=600, required=False, rows=3)
    background = prose(_l("Background: what is known, what was tried"), required=False, rows=10)
    constraints = prose(_l("Constraints: what is ruled out"), required=False, rows=5)
    language = SelectField(_l("Language of the challenge"), choices=list(LANGUAGES.items()))
    who_may = RadioField(_l("Who may answer"), choices=WHO_MAY, validators=[DataRequired(REQUIRED)])
    visibility = RadioField(_l("Who reads the ideas"), choices=VISIBILITY, validators=[DataRequired(REQUIRED)])
    zone = SelectField(_l("Time zone of all times here"), choices=clock.zones())
    opens = WallTimeField(_l("Ideas can come in from (empty: at once)"), required=False)
    closes = WallTimeField(_l("Ideas can come in until"))
    vote_opens = WallTimeField(_l("Voting from (empty: with the first idea)"), required=False)
    vote_closes = WallTimeField(_l("Voting until"), required=False)
    answer_by = WallTimeField(_l("Every author has an answer by"), required=False)
    who_decides = RadioField(_l("Who decides"), choices=WHO_DECIDES, validators=[DataRequired(REQUIRED)])
    ballot = RadioField(_l("How people vote"), choices=BALLOTS, validators=[DataRequired(REQUIRED)])
    how_many = RadioField(_l("How many are chosen"), choices=CAPACITIES, default="top", validators=[DataRequired(REQUIRED)])
    k = IntegerField(_l("The best how many?"), default=3, validators=[Optional(), NumberRange(1, 1000)])
    least = IntegerField(
        _l("Votes in favour an idea needs at least"), default=0, validators=[Optional(), NumberRange(0, 1_000_000)]
    )
    voters = IntegerField(
        _l("People who must have voted on an idea"), default=0, validators=[Optional(), NumberRange(0, 1_000_000)]
    )
    share = IntegerField(_l("Percent of its votes in favour"), default=0, validators=[Optional(), NumberRange(0, 100)])
    budget = MoneyField(_l("Budget for the chosen ideas"))
    prize = MoneyField(_l("Prize for the authors"))
    currency = SelectField(_l("Currency"), choices=list(CURRENCIES))
    terms = RadioField(_l("Terms under which ideas are given"), choices=TERMS, validators=[DataRequired(REQUIRED)])
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

    def keep_rule(self, rule: dict[str, Any]) -> None:
        """Offer to leave a rule as it stands when the slots here cannot say it."""
        if rule_slots(rule)["how_many"] == KEEP:
            kept = (KEEP, _l("By its present rule, which has parts that no choice here can say"))
            self.how_many.choices = options_of([*CAPACITIES, kept])

    def brief(self, present_rule: dict[str, Any]) -> Brief:
        """The brief that was typed.

        Args:
            present_rule: the challenge's rule until now, kept where the sponsor leaves it as it stands.
        """
        votes = self.who_decides.data == "votes"
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
            answer_by=self.answer_by.data,
            visibility=self.visibility.data,
            who_decides=self.who_decides.data,
            ballot=self.ballot.data,
            rule=self._rule(present_rule) if votes else ready_rule("sponsor_picks"),
            budget_minor=self.budget.minor,
            prize_minor=self.prize.minor,
            currency=self.currency.data,
            terms=self.terms.data,
            announce_after_hours=self.announce_after_hours.data if self.announce.data == "clock" else None,
        )

    def _rule(self, present: dict[str, Any]) -> dict[str, Any]:
        if self.how_many.data == KEEP:
            return present
        return rule_of(
            ballot=self.ballot.data,
            how_many=self.how_many.data,
            k=self.k.data or 3,
            least=self.least.data or 0,
            voters=self.voters.data or 0,
            share=self.share.data or 0,
        )


KEEP = "keep"


def rule_of(*, ballot: str, how_many: str, k: int, least: int, voters: int, share: int) -> dict[str, Any]:
    """The rule that the form's slots say. ``share`` is in percent; a zero leaves its condition out."""
    conditions: list[dict[str, Any]] = []
    if voters:
        conditions.append({"measure": "voters", "at_least": {"value": voters}})
    if share:
        conditions.append({"measure": "approval_share", "at_least": {"value": f"{share / 100:.2f}"}})
    if least:
        conditions.append({"measure": "for", "at_least": {"value": least}})
    by_budget = how_many in {"skip", "stop"}
    return ready_rule(
        "top_k_approvals",
        order={"by": "for" if ballot == "approval" else "net", "descending": True},
        eligibility={"all": conditions} if conditions else None,
        capacity={"kind": "budget", "overrun": how_many} if by_budget else {"kind": "top", "k": k},
    )


def rule_slots(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as the form's slots; ``how_many`` is ``keep`` when they cannot say all of it."""
    capacity = rule.get("capacity") or {}
    wanted = {"voters": "voters", "approval_share": "share", "for": "least"}
    slots: dict[str, Any] = {"k": capacity.get("k", 3), "least": 0, "voters": 0, "share": 0}
    for each in (rule.get("eligibility") or {}).get("all", []):
        value = (each.get("at_least") or {}).get("value")
        if each.get("measure") in wanted and value is not None:
            slot = wanted[each["measure"]]
            slots[slot] = round(float(value) * 100) if slot == "share" else int(value)
    slots["how_many"] = capacity.get("overrun") or "top"
    said = [rule_of(ballot=ballot, **slots) for ballot in ("approval", "yes_no")]
    return slots if rule in said or capacity.get("kind") == "picked" else slots | {"how_many": KEEP}


def edit_data(challenge: Challenge) -> dict[str, Any]:
    """A challenge as the edit form's starting values."""
    from_wall = {
        name: _wall(challenge.wall_times.get(name)) for name in ("opens", "closes", "vote_opens", "vote_closes", "answer_by")
    }
    return {
        **{
            name: getattr(challenge, name)
            for name in [
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
                "currency",
            ]
        },
        **from_wall,
        "who_may": who_may(challenge),
        **rule_slots(challenge.rule),
        "budget": _typed(challenge.budget_minor, challenge.currency),
        "prize": _typed(challenge.prize_minor, challenge.currency),
        "terms": challenge.terms.key if challenge.terms else AUTHOR_KEEPS,
        "announce": "clock" if challenge.announce_after_hours else "sponsor",
        "announce_after_hours": challenge.announce_after_hours or 24,
    }


def _wall(text: str | None) -> Any:
    return datetime.fromisoformat(text) if text else None


def _typed(minor: int | None, currency: str) -> str:
    if minor is None:
        return ""
    unit = 10 ** digits(currency)
    whole, rest = divmod(minor, unit)
    return str(whole) if not rest else f"{whole}.{rest:0{digits(currency)}d}"


class ReturnForm(Form):
    note = TextAreaField(_l("What should be changed?"), validators=[DataRequired(REQUIRED)], render_kw={"rows": 3})


class StopForm(Form):
    note = TextAreaField(
        _l("Why does it stop, and what happens to the ideas?"), validators=[DataRequired(REQUIRED)], render_kw={"rows": 3}
    )


class ExtendForm(Form):
    closes = WallTimeField(_l("New closing time"))


class NamePersonForm(Form):
    email = line(_l("E-mail address"))
    role = SelectField(
        _l("As"), choices=[("sponsor", _l("Sponsor: reads, answers, decides")), ("panel", _l("Panel member: reads along"))]
    )


class ProgrammeForm(OnceForm):
    title = line(_l("Name of the programme"))
    description = prose(_l("What it is for"), required=False, rows=4)


DEFAULT_OPEN_DAYS = timedelta(days=28)
