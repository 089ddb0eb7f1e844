"""Writing a challenge, from four answers to publication."""

from __future__ import annotations

from datetime import datetime, timedelta

from innovation.challenges import queries
from innovation.challenges.events import (
    ChallengeEdited,
    ChallengeProposed,
    ChallengePublished,
    ChallengeReturned,
    ChallengeStarted,
    ProgrammeStarted,
)
from innovation.challenges.models import Audience, Challenge, Programme
from innovation.challenges.service.deputies import NAMED_IN_PERSON, end_deputy, own_holders, refuse_author, stands_in_no_more
from innovation.challenges.service.fitting import panel_needed
from innovation.challenges.service.full_part import carry_over
from innovation.challenges.service.questions import copy_questions
from innovation.challenges.service.templates import with_defaults as with_defaults
from innovation.challenges.service.writing import Brief as Brief
from innovation.challenges.service.writing import who_may as who_may
from innovation.challenges.service.writing import write_brief, write_topics
from innovation.kernel import clock, lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, forget_roles, may, use_case
from innovation.people import queries as people
from innovation.people.service import grants
from innovation.rules.challenge import BY_PANEL, CHALLENGE, EDITABLE, ChallengeState
from innovation.rules.policy import May
from innovation.rules.predicates import Role

COPIED = (
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
    "ballot_budget",
    "totals_shown",
    "names_hidden",
    "edits_allowed",
    "checked_first",
    "record_for",
    "rule",
    "shortlist_rule",
    "budget_minor",
    "prize_minor",
    "currency",
    "terms_id",
    "zone",
    "announce_after_hours",
    "template",
)
"""What a copy of a challenge takes over."""


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
    challenge = Challenge(
        programme_id=programme.id, created_by=actor.person_id, created_at=now, rule={}, template=brief.template
    )
    challenge.programme = programme
    challenge.audience = []
    write_brief(challenge, brief, now)
    db.session.add(challenge)
    db.session.flush()
    write_topics(challenge, brief.topics)
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
    write_brief(challenge, brief, now)
    write_topics(challenge, brief.topics)
    # Who may publish it can rest on its audience.
    forget_roles(challenge)
    emit(ChallengeEdited(**_scope(challenge)), actor=actor, now=now)


@use_case(May.PROPOSE_CHALLENGE, on="challenge")
def propose(*, actor: Actor, challenge: Challenge, now: datetime = AT_LOCK) -> None:
    """Hand a challenge to whoever approves it; an answer is promised within two days."""
    _ready(challenge, now)
    challenge.note = ""
    challenge.proposed_at = now
    lifecycle.move(challenge, CHALLENGE, "propose", ChallengeProposed(**_scope(challenge)), actor=actor, now=now)


@use_case(May.RETURN_CHALLENGE, on="challenge")
def send_back(*, actor: Actor, challenge: Challenge, note: str, now: datetime = AT_LOCK) -> None:
    """Ask the sponsor for changes, saying which."""
    challenge.note = note
    lifecycle.move(challenge, CHALLENGE, "return", ChallengeReturned(**_scope(challenge)), actor=actor, now=now)


@use_case(May.PUBLISH_CHALLENGE, on="challenge")
def publish(*, actor: Actor, challenge: Challenge, now: datetime = AT_LOCK) -> None:
    """Show a challenge to its audience. It opens at once unless its schedule says later.

    A draft of one's own is handed in by the same act; somebody else's is published only after it was handed in.

    Raises:
        NotPossible: it is not handed in, was sent back, or is published already.
        Invalid: it would be over before it began, or its panel is too small for its rule.
    """
    if challenge.state == ChallengeState.DRAFT and queries.is_own(actor, challenge):
        propose(actor=actor, challenge=challenge)
    _ready(challenge, now)
    needed, named = panel_wanted(challenge)
    if named < needed:
        raise Invalid("panel_too_small", field="who_decides", needed=needed, named=named)
    challenge.note = ""
    challenge.published_at = now
    if challenge.opens_at is None or challenge.opens_at < now:
        challenge.opens_at = now
    if challenge.vote_closes_at and challenge.vote_opens_at is None:
        challenge.vote_opens_at = challenge.opens_at
    lifecycle.move(challenge, CHALLENGE, "publish", ChallengePublished(**_scope(challenge)), actor=actor, now=now)


@use_case(May.START_CHALLENGE)
def copy(*, actor: Actor, original: Challenge, now: datetime = AT_LOCK) -> Challenge:
    """Begin a new challenge like an earlier one: its words, topics, audience, rule and money, a new closing date."""
    closes = clock.to_wall(now + timedelta(days=28), original.zone).replace(hour=17, minute=0, second=0, microsecond=0)
    challenge = Challenge(
        programme_id=original.programme_id,
        created_by=actor.person_id,
        created_at=now,
        copied_from_id=original.id,
        **{name: getattr(original, name) for name in COPIED},
        closes_at=clock.to_utc(closes, original.zone),
    )
    walls = {"closes": closes.isoformat()}
    for name in ("vote_closes", "review_closes"):
        before: datetime | None = getattr(original, f"{name}_at")
        if before is not None:
            again = challenge.closes_at + (before - original.closes_at)
            setattr(challenge, f"{name}_at", again)
            walls[name] = clock.to_wall(again, original.zone).isoformat()
    challenge.wall_times = walls
    challenge.audience = [Audience(kind=line.kind, value=line.value) for line in original.audience]
    if may(actor, May.EDIT_CHALLENGE, original):
        carry_over(original, challenge)
    db.session.add(challenge)
    db.session.flush()
    write_topics(challenge, queries.topics(original.id))
    copy_questions(original, challenge)
    lifecycle.begin(challenge, CHALLENGE, ChallengeStarted(**_scope(challenge)), actor=actor, now=now)
    if actor.person_id is not None:
        name_person(actor=actor, challenge=challenge, person_id=actor.person_id, role=Role.SPONSOR, now=now)
    return challenge


@use_case(May.EDIT_CHALLENGE, on="challenge")
def add_person(*, actor: Actor, challenge: Challenge, email: str, role: Role, now: datetime = AT_LOCK) -> None:
    """Name a second sponsor, a panel member who reads along, or somebody who checks ideas before others see them.

    Raises:
        Invalid: nobody has this address, or a sponsor or checker to be has an idea here: no judge in his own cause.
    """
    person = people.by_email(email)
    if person is None:
        raise Invalid("nobody_has_this_address", field="email")
    if role in NAMED_IN_PERSON:
        refuse_author(challenge.id, person.id)
        stands_in_no_more(challenge.id, person.id, role)
    forget_roles(challenge)
    name_person(actor=actor, challenge=challenge, person_id=person.id, role=role, now=now)


@use_case(May.EDIT_CHALLENGE, on="challenge")
def remove_person(*, actor: Actor, challenge: Challenge, person_id: int, role: Role, now: datetime = AT_LOCK) -> None:
    """Take a sponsor or checker (his deputy goes with him) or panel member off; a challenge keeps at least one sponsor."""
    if role == Role.SPONSOR and own_holders(challenge.id, role) == [person_id]:
        raise Invalid("last_sponsor", field="email")
    if role in NAMED_IN_PERSON:
        end_deputy(actor=actor, challenge=challenge, person_id=person_id, role=role, now=now)
    grants.take(actor=actor, person_id=person_id, role=role, scope="challenge", scope_id=challenge.id, now=now)
    # Where nobody is named to check, the sponsors do.
    forget_roles(challenge)


def name_person(*, actor: Actor, challenge: Challenge, person_id: int, role: Role, now: datetime) -> None:
    """Give a role on a challenge, inside a use case."""
    grants.give(actor=actor, person_id=person_id, role=role, scope="challenge", scope_id=challenge.id, now=now)


def panel_wanted(challenge: Challenge) -> tuple[int, int]:
    """(how many members the panel needs before publication, how many are named); nobody is needed where no panel decides."""
    if challenge.who_decides not in BY_PANEL:
        return 0, 0
    return panel_needed(challenge.rule), len(people.holders(Role.PANEL, "challenge", challenge.id))


def _scope(challenge: Challenge) -> dict[str, int]:
    return {"programme_id": challenge.programme_id, "challenge_id": challenge.id}


def _ready(challenge: Challenge, now: datetime) -> None:
    """Whether a challenge can go before its audience.

    Raises:
        Invalid: it would be over before it began.
    """
    if challenge.closes_at <= now:
        raise Invalid("closes_in_the_past", field="closes")
