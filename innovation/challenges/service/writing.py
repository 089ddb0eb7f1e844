"""A brief, and how it is written into a challenge: words, rule, times and audience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from innovation.challenges.models import Audience, Challenge, Topic
from innovation.challenges.service.fitting import asks_outside, default_shortlist
from innovation.challenges.service.terms import AUTHOR_KEEPS, ready_terms
from innovation.kernel import clock
from innovation.kernel.actor import Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.rules.ballot import KINDS, OFFERED, Ballot, has_budget
from innovation.rules.challenge import BY_PANEL, BY_VOTES, WhoDecides
from innovation.rules.phases import schedule_errors
from innovation.rules.promotion import RuleError, parse_rule, ready_rule

AUDIENCES: dict[str, tuple[Circle, ...]] = {
    "staff": (Circle.STAFF,),
    "experts": (Circle.STAFF, Circle.PARTNER, Circle.EXPERT),
    "everyone": (Circle.STAFF, Circle.PARTNER, Circle.EXPERT, Circle.PUBLIC),
}
"""The choices of "who may answer", as circles."""

VOTE_DAYS_AFTER_CLOSING = 7
REVIEW_DAYS = 14
ANSWER_DAYS = 14

_AS_SAID = (
    "title",
    "summary",
    "must",
    "background",
    "constraints",
    "language",
    "zone",
    "visibility",
    "who_decides",
    "ballot",
    "totals_shown",
    "names_hidden",
    "edits_allowed",
    "checked_first",
    "record_for",
    "budget_minor",
    "prize_minor",
    "currency",
    "announce_after_hours",
)
"""What stands in a challenge as the brief says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything a sponsor may say of a challenge. Wall times are naive, in ``zone``; money is in minor units.

    ``ballot_budget`` is what each person may spend, for ballots that have such a budget. ``shortlist_rule`` counts where a
    panel decides about what the participants chose.
    """

    title: str
    must: str
    who_may: str
    closes: datetime
    summary: str = ""
    background: str = ""
    constraints: str = ""
    language: str = "en"
    zone: str = "Europe/Amsterdam"
    opens: datetime | None = None
    vote_opens: datetime | None = None
    vote_closes: datetime | None = None
    review_closes: datetime | None = None
    answer_by: datetime | None = None
    visibility: str = "open"
    who_decides: str = "votes"
    ballot: str = "approval"
    ballot_budget: int | None = None
    totals_shown: str = "closed"
    names_hidden: bool = False
    edits_allowed: bool = False
    checked_first: bool = False
    record_for: str = "sponsor"
    rule: dict[str, Any] = field(default_factory=lambda: ready_rule("top_k_approvals"))
    shortlist_rule: dict[str, Any] | None = None
    budget_minor: int | None = None
    prize_minor: int | None = None
    currency: str = "EUR"
    terms: str = AUTHOR_KEEPS
    announce_after_hours: int | None = None
    topics: tuple[str, ...] = ()
    template: str = ""
    """The ready template it begins with."""


def write_brief(challenge: Challenge, brief: Brief, now: datetime) -> None:
    """Write a brief into a challenge, inside a use case.

    Raises:
        Invalid: with the field of the brief that is wrong.
    """
    # Before anything is set: the schema refuses it too, and a page that shows the error reads the database.
    if brief.visibility == "sealed" and brief.who_decides in BY_VOTES:
        raise Invalid("sealed_has_no_crowd", field="who_decides")
    # An import may hold a ballot that nobody is offered; it stays what it is.
    if brief.ballot not in OFFERED and brief.ballot != challenge.ballot:
        raise Invalid("ballot_not_offered", field="ballot")
    rule, shortlist = _checked_rules(brief)
    if brief.who_may == "staff" and any(asks_outside(each) for each in (rule, shortlist) if each is not None):
        raise Invalid("rule_needs_outsiders", field="who_may")
    for name in _AS_SAID:
        setattr(challenge, name, getattr(brief, name))
    # What became sealed is shown to nobody outside, whatever was said before.
    challenge.results_public = challenge.results_public and brief.visibility != "sealed"
    challenge.ballot_budget = _budget_of(brief)
    challenge.rule, challenge.shortlist_rule = rule, shortlist
    challenge.terms_id = ready_terms(brief.terms, brief.language).id
    _write_times(challenge, brief, now)
    _write_audience(challenge, AUDIENCES[brief.who_may])


def _budget_of(brief: Brief) -> int | None:
    if brief.who_decides not in BY_VOTES or not has_budget(brief.ballot):
        return None
    return brief.ballot_budget or KINDS[Ballot(brief.ballot)].default_budget


def _checked_rules(brief: Brief) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The rule, and where a panel decides about a short list, the one that makes it."""
    rule = ready_rule("sponsor_picks") if brief.who_decides == WhoDecides.SPONSOR else brief.rule
    check_rule(rule, brief.budget_minor)
    if brief.who_decides != WhoDecides.VOTES_PANEL:
        return rule, None
    shortlist = brief.shortlist_rule or default_shortlist(brief.ballot)
    check_rule(shortlist, brief.budget_minor)
    return rule, shortlist


def check_rule(rule: Any, budget_minor: int | None) -> None:
    """Raise :class:`Invalid` unless a rule can be applied, and has the budget that it spends."""
    try:
        parsed = parse_rule(rule)
    except RuleError as error:
        raise Invalid(f"rule_{error.code}", field="how_many") from error
    if parsed.spends and not budget_minor:
        raise Invalid("rule_needs_a_budget", field="budget")


def _write_times(challenge: Challenge, brief: Brief, now: datetime) -> None:
    voting, panel = brief.who_decides in BY_VOTES, brief.who_decides in BY_PANEL
    voted = (brief.vote_closes or brief.closes + timedelta(days=VOTE_DAYS_AFTER_CLOSING)) if voting else None
    in_by = max(brief.closes, voted or brief.closes)
    wall = {
        "opens": brief.opens,
        "closes": brief.closes,
        "vote_opens": brief.vote_opens if voting else None,
        "vote_closes": voted,
        "review_closes": (brief.review_closes or in_by + timedelta(days=REVIEW_DAYS)) if panel else None,
        "answer_by": brief.answer_by,
    }
    instants: dict[str, datetime | None] = {}
    for name, value in wall.items():
        try:
            instants[name] = clock.to_utc(value, brief.zone) if value else None
        except clock.WallTimeError as error:
            raise Invalid(f"time_{error.code}", field=name) from error
    challenge.wall_times = {name: value.isoformat() for name, value in wall.items() if value}
    closes = instants["closes"]
    assert closes is not None
    challenge.opens_at, challenge.closes_at = instants["opens"], closes
    challenge.vote_opens_at, challenge.vote_closes_at = instants["vote_opens"], instants["vote_closes"]
    challenge.review_closes_at = instants["review_closes"]
    if voting and challenge.opens_at and challenge.vote_opens_at is None:
        challenge.vote_opens_at = challenge.opens_at
    last = max(each for each in (closes, challenge.vote_closes_at, challenge.review_closes_at) if each is not None)
    challenge.answer_by = instants["answer_by"] or last + timedelta(days=ANSWER_DAYS)
    # Checked as it will be once published: a challenge without an opening date opens at that moment.
    planned = challenge.schedule()
    if challenge.opens_at is None:
        vote_opens = planned.vote_opens or (now if voting else None)
        planned = type(planned)(now, planned.closes, vote_opens, planned.vote_closes, planned.review_closes)
    for name, code in schedule_errors(planned):
        raise Invalid(code, field=name)
    if challenge.answer_by < last:
        raise Invalid("answer_before_the_end", field="answer_by")


def write_topics(challenge: Challenge, topics: Sequence[str]) -> None:
    """Let a flushed challenge be about these topics, inside a use case."""
    db.session.execute(delete(Topic).where(Topic.challenge_id == challenge.id))
    db.session.add_all([Topic(challenge_id=challenge.id, topic=topic) for topic in topics])


def _write_audience(challenge: Challenge, circles: Sequence[Circle]) -> None:
    wanted = {("circle", str(circle)) for circle in circles}
    kept = [line for line in challenge.audience if (line.kind, line.value) in wanted]
    there = {(line.kind, line.value) for line in kept}
    challenge.audience = kept + [Audience(kind=kind, value=value) for kind, value in sorted(wanted - there)]


def who_may(challenge: Challenge) -> str:
    """The choice of "who may answer" that a challenge's audience amounts to."""
    circles = {line.value for line in challenge.audience if line.kind == "circle"}
    for name, expected in AUDIENCES.items():
        if circles == {str(circle) for circle in expected}:
            return name
    return "staff"
