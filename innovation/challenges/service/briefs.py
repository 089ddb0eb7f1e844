"""Writing a challenge, from four answers to publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from innovation.challenges.events import (
    ChallengeEdited,
    ChallengeProposed,
    ChallengePublished,
    ChallengeReturned,
    ChallengeStarted,
    ProgrammeStarted,
)
from innovation.challenges.models import Audience, Challenge, Programme
from innovation.challenges.service.terms import AUTHOR_KEEPS, EMPLOYEE, ready_terms
from innovation.kernel import clock, lifecycle
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries as people
from innovation.people.service import grants
from innovation.rules.challenge import CHALLENGE, EDITABLE
from innovation.rules.phases import schedule_errors
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.rules.promotion import RuleError, parse_rule, ready_rule

AUDIENCES: dict[str, tuple[Circle, ...]] = {
    "staff": (Circle.STAFF,),
    "experts": (Circle.STAFF, Circle.PARTNER, Circle.EXPERT),
    "everyone": (Circle.STAFF, Circle.PARTNER, Circle.EXPERT, Circle.PUBLIC),
}
"""The choices of "who may answer", as circles."""

VOTE_DAYS_AFTER_CLOSING = 7
SOMEBODY_LIKED_IT: dict[str, Any] = {"all": [{"measure": "for", "at_least": {"value": 1}}]}
"""The default floor: an idea that nobody voted for is not chosen because too few came in."""

ANSWER_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything a sponsor may say of a challenge. Wall times are naive, in ``zone``; money is in minor units."""

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
    answer_by: datetime | None = None
    visibility: str = "open"
    who_decides: str = "votes"
    ballot: str = "approval"
    rule: dict[str, Any] = field(default_factory=lambda: ready_rule("top_k_approvals"))
    budget_minor: int | None = None
    prize_minor: int | None = None
    currency: str = "EUR"
    terms: str = AUTHOR_KEEPS
    announce_after_hours: int | None = None


def with_defaults(title: str, must: str, who_may: str, closes: datetime, zone: str, language: str) -> Brief:
    """The brief that four answers make: sealed and decided by the sponsor beyond staff, else open and by votes."""
    staff_only = who_may == "staff"
    return Brief(
        title=title,
        must=must,
        who_may=who_may,
        closes=closes,
        zone=zone,
        language=language,
        visibility="open" if staff_only else "sealed",
        who_decides="votes" if staff_only else "sponsor",
        rule=ready_rule("top_k_approvals", eligibility=SOMEBODY_LIKED_IT) if staff_only else ready_rule("sponsor_picks"),
        vote_closes=closes + timedelta(days=VOTE_DAYS_AFTER_CLOSING) if staff_only else None,
        terms=EMPLOYEE if staff_only else AUTHOR_KEEPS,
    )


@use_case(May.START_PROGRAMME)
def start_programme(*, actor: Actor, title: str, description: str, now: datetime = AT_LOCK) -> Programme:
    """Start a programme to put challenges into."""
    programme = Programme(title=title, description=description, created_at=now)
    db.session.add(programme)
    db.session.flush()
    emit(ProgrammeStarted(programme_id=programme.id), actor=actor, now=now)
    return programme


@use_case(May.START_CHALLENGE)
def start(*, actor: Actor, programme: Programme, brief: Brief, now: datetime = AT_LOCK) -> Challenge:
    """Begin a challenge as a draft; who begins it is its sponsor.

    Raises:
        Invalid: a time does not exist or is out of order, or the rule is not sound.
    """
    challenge = Challenge(programme_id=programme.id, created_by=actor.person_id, created_at=now, rule={})
    challenge.programme = programme
    challenge.audience = []
    _write(challenge, brief, now)
    db.session.add(challenge)
    db.session.flush()
    scope = {"programme_id": programme.id, "challenge_id": challenge.id}
    lifecycle.begin(challenge, CHALLENGE, ChallengeStarted(**scope), actor=actor, now=now)
    if actor.person_id is not None:
        name_person(actor=actor, challenge=challenge, person_id=actor.person_id, role=Role.SPONSOR, now=now)
    return challenge


@use_case(May.EDIT_CHALLENGE, on="challenge")
def edit(*, actor: Actor, challenge: Challenge, brief: Brief, now: datetime = AT_LOCK) -> None:
    """Change a brief that is not published yet.

    Raises:
        NotPossible: it is published, so it stays as promised.
        Invalid: as in :func:`start`.
    """
    if challenge.state not in EDITABLE:
        raise NotPossible("brief_is_published")
    _write(challenge, brief, now)
    emit(ChallengeEdited(**_scope(challenge)), actor=actor, now=now)


@use_case(May.PROPOSE_CHALLENGE, on="challenge")
def propose(*, actor: Actor, challenge: Challenge, now: datetime = AT_LOCK) -> None:
    """Hand a challenge to the innovation manager."""
    _ready(challenge, now)
    challenge.note = ""
    lifecycle.move(challenge, CHALLENGE, "propose", ChallengeProposed(**_scope(challenge)), actor=actor, now=now)


@use_case(May.PUBLISH_CHALLENGE, on="challenge")
def send_back(*, actor: Actor, challenge: Challenge, note: str, now: datetime = AT_LOCK) -> None:
    """Ask the sponsor for changes, saying which."""
    challenge.note = note
    lifecycle.move(challenge, CHALLENGE, "return", ChallengeReturned(**_scope(challenge)), actor=actor, now=now)


@use_case(May.PUBLISH_CHALLENGE, on="challenge")
def publish(*, actor: Actor, challenge: Challenge, now: datetime = AT_LOCK) -> None:
    """Show a challenge to its audience. It opens at once unless its schedule says later."""
    _ready(challenge, now)
    challenge.note = ""
    challenge.published_at = now
    if challenge.opens_at is None or challenge.opens_at < now:
        challenge.opens_at = now
    if challenge.vote_closes_at and challenge.vote_opens_at is None:
        challenge.vote_opens_at = challenge.opens_at
    lifecycle.move(challenge, CHALLENGE, "publish", ChallengePublished(**_scope(challenge)), actor=actor, now=now)


@use_case(May.START_CHALLENGE)
def copy(*, actor: Actor, original: Challenge, now: datetime = AT_LOCK) -> Challenge:
    """Begin a new challenge like an earlier one: its words, audience, rule and money, a new closing date."""
    closes = clock.to_wall(now + timedelta(days=28), original.zone).replace(hour=17, minute=0, second=0, microsecond=0)
    days = (original.vote_closes_at - original.closes_at) if original.vote_closes_at else None
    challenge = Challenge(
        programme_id=original.programme_id,
        created_by=actor.person_id,
        created_at=now,
        copied_from_id=original.id,
        **{
            name: getattr(original, name)
            for name in [
                "title",
                "summary",
                "must",
                "background",
                "constraints",
                "text_format",
                "language",
                "visibility",
                "who_decides",
                "ballot",
                "rule",
                "budget_minor",
                "prize_minor",
                "currency",
                "terms_id",
                "zone",
                "announce_after_hours",
            ]
        },
        wall_times={"closes": closes.isoformat()},
        closes_at=clock.to_utc(closes, original.zone),
    )
    if days is not None:
        challenge.vote_closes_at = challenge.closes_at + days
        challenge.wall_times = {
            **challenge.wall_times,
            "vote_closes": clock.to_wall(challenge.vote_closes_at, original.zone).isoformat(),
        }
    challenge.audience = [Audience(kind=line.kind, value=line.value) for line in original.audience]
    db.session.add(challenge)
    db.session.flush()
    lifecycle.begin(challenge, CHALLENGE, ChallengeStarted(**_scope(challenge)), actor=actor, now=now)
    if actor.person_id is not None:
        name_person(actor=actor, challenge=challenge, person_id=actor.person_id, role=Role.SPONSOR, now=now)
    return challenge


@use_case(May.EDIT_CHALLENGE, on="challenge")
def add_person(*, actor: Actor, challenge: Challenge, email: str, role: Role, now: datetime = AT_LOCK) -> None:
    """Name a second sponsor, or a panel member who reads along.

    Raises:
        Invalid: nobody has this address.
    """
    person = people.by_email(email)
    if person is None:
        raise Invalid("nobody_has_this_address", field="email")
    name_person(actor=actor, challenge=challenge, person_id=person.id, role=role, now=now)


@use_case(May.EDIT_CHALLENGE, on="challenge")
def remove_person(*, actor: Actor, challenge: Challenge, person_id: int, role: Role, now: datetime = AT_LOCK) -> None:
    """Take a sponsor or panel member off; a challenge keeps at least one sponsor."""
    if role == Role.SPONSOR and people.holders(Role.SPONSOR, "challenge", challenge.id) == [person_id]:
        raise Invalid("last_sponsor", field="email")
    grants.take(actor=actor, person_id=person_id, role=role, scope="challenge", scope_id=challenge.id, now=now)


def name_person(*, actor: Actor, challenge: Challenge, person_id: int, role: Role, now: datetime) -> None:
    """Give a role on a challenge, inside a use case."""
    grants.give(actor=actor, person_id=person_id, role=role, scope="challenge", scope_id=challenge.id, now=now)


def _scope(challenge: Challenge) -> dict[str, int]:
    return {"programme_id": challenge.programme_id, "challenge_id": challenge.id}


def _write(challenge: Challenge, brief: Brief, now: datetime) -> None:
    # Before anything is set: the schema refuses it too, and a page that shows the error reads the database.
    if brief.visibility == "sealed" and brief.who_decides == "votes":
        raise Invalid("sealed_has_no_crowd", field="who_decides")
    for name in [
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
        "budget_minor",
        "prize_minor",
        "currency",
        "announce_after_hours",
    ]:
        setattr(challenge, name, getattr(brief, name))
    challenge.rule = _checked_rule(brief)
    challenge.terms_id = ready_terms(brief.terms, brief.language).id
    _write_times(challenge, brief, now)
    _write_audience(challenge, AUDIENCES[brief.who_may])


def _checked_rule(brief: Brief) -> dict[str, Any]:
    rule = ready_rule("sponsor_picks") if brief.who_decides == "sponsor" else brief.rule
    try:
        parsed = parse_rule(rule)
    except RuleError as error:
        raise Invalid(f"rule_{error.code}", field="how_many") from error
    if parsed.capacity.kind == "budget" and not brief.budget_minor:
        raise Invalid("rule_needs_a_budget", field="budget")
    return rule


def _write_times(challenge: Challenge, brief: Brief, now: datetime) -> None:
    voting = brief.who_decides == "votes"
    wall = {
        "opens": brief.opens,
        "closes": brief.closes,
        "vote_opens": brief.vote_opens if voting else None,
        "vote_closes": (brief.vote_closes or brief.closes + timedelta(days=VOTE_DAYS_AFTER_CLOSING)) if voting else None,
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
    if voting and challenge.opens_at and challenge.vote_opens_at is None:
        challenge.vote_opens_at = challenge.opens_at
    last = max(closes, challenge.vote_closes_at or closes)
    challenge.answer_by = instants["answer_by"] or last + timedelta(days=ANSWER_DAYS)
    if challenge.answer_by < last:
        raise Invalid("answer_before_the_end", field="answer_by")
    # Checked as it will be once published: a challenge without an opening date opens at that moment.
    planned = challenge.schedule()
    if challenge.opens_at is None:
        planned = type(planned)(now, planned.closes, planned.vote_opens or (now if voting else None), planned.vote_closes)
    for name, code in schedule_errors(planned):
        raise Invalid(code, field=name)


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


def _ready(challenge: Challenge, now: datetime) -> None:
    """Whether a challenge can go before its audience.

    Raises:
        Invalid: it would be over before it began.
    """
    if challenge.closes_at <= now:
        raise Invalid("closes_in_the_past", field="closes")
