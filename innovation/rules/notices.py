"""Who is told by which way: every kind of message has one topic, and a topic has its ways until a person chooses others.

What decides over a person's work, rights or time is a must: it comes as a page line and as a mail, whatever he chose and
whatever he muted. Everything else he may switch off, topic by topic and way by way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Way(StrEnum):
    """How a message reaches somebody; the value is the message's channel."""

    PAGE = "inbox"
    MAIL = "mail"
    DIGEST = "digest"


class Topic(StrEnum):
    """What a person can choose about; in the order in which the page lists them."""

    DECISION = "decision"
    DEADLINE = "deadline"
    TERMS = "terms"
    QUESTION = "question"
    MODERATED = "moderated"
    INVITATION = "invitation"
    ACCOUNT = "account"
    DUTY = "duty"
    DESK = "desk"
    ASKED = "asked"
    MENTION = "mention"
    COMMENT = "comment"
    VOTED = "voted"
    PROJECT = "project"
    AWARD = "award"
    FOLLOWED = "followed"


class Frequency(StrEnum):
    """How often somebody wants a digest."""

    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a topic does unless a person chose otherwise.

    ``only_mail`` marks what needs no sign-in to be of use (links from mails): it never stands on a page.
    """

    ways: frozenset[Way]
    must: bool = False
    only_mail: bool = False


_PAGE_AND_MAIL = frozenset({Way.PAGE, Way.MAIL})
_PAGE_AND_DIGEST = frozenset({Way.PAGE, Way.DIGEST})

PLANS: Mapping[Topic, Plan] = {
    Topic.DECISION: Plan(_PAGE_AND_MAIL, must=True),
    Topic.DEADLINE: Plan(_PAGE_AND_MAIL, must=True),
    Topic.TERMS: Plan(_PAGE_AND_MAIL, must=True),
    Topic.QUESTION: Plan(_PAGE_AND_MAIL, must=True),
    Topic.MODERATED: Plan(_PAGE_AND_MAIL, must=True),
    Topic.INVITATION: Plan(_PAGE_AND_MAIL, must=True),
    Topic.ACCOUNT: Plan(frozenset({Way.MAIL}), must=True, only_mail=True),
    Topic.DUTY: Plan(_PAGE_AND_MAIL),
    Topic.DESK: Plan(frozenset({Way.MAIL})),
    Topic.ASKED: Plan(_PAGE_AND_DIGEST),
    Topic.MENTION: Plan(_PAGE_AND_MAIL),
    Topic.COMMENT: Plan(_PAGE_AND_MAIL),
    Topic.VOTED: Plan(_PAGE_AND_MAIL),
    Topic.PROJECT: Plan(_PAGE_AND_MAIL),
    Topic.AWARD: Plan(_PAGE_AND_MAIL),
    Topic.FOLLOWED: Plan(_PAGE_AND_DIGEST),
}

_KINDS: Mapping[Topic, tuple[str, ...]] = {
    Topic.DECISION: (
        "decision",
        "idea_accepted",
        "idea_returned",
        "idea_turned_down",
        "challenge_stopped",
        "award_offered",
        "award_divided",
        "award_taken_back",
    ),
    Topic.DEADLINE: (
        "answer_due",
        "deadline_moved",
        "closing_draft",
        "closing_votes",
        "award_accept_soon",
        "award_accept_late",
        "award_papers_soon",
        "award_papers_late",
        "award_pay_soon",
        "award_pay_late",
    ),
    Topic.TERMS: (
        "full_part_answered",
        "idea_received",
        "author_named",
        "idea_opened",
        "challenge_amended",
        "amendment_in_force",
    ),
    Topic.QUESTION: ("inquiry_answered", "inquiry_published", "question_asked", "offer_asked"),
    Topic.MODERATED: ("comment_held_back", "comment_kept", "comment_removed", "removal_upheld", "comment_restored"),
    Topic.INVITATION: ("invitation", "member_asked", "deputy_named", "stand_in_named"),
    Topic.ACCOUNT: ("confirmation", "reset", "known_address", "digest"),
    Topic.DUTY: (
        "challenge_proposed",
        "approval_due",
        "approval_late",
        "full_part_asked",
        "idea_to_check",
        "checks_due",
        "checks_late",
        "inquiry_due",
        "question_answered",
        "offer_answered",
        "challenge_published",
        "challenge_returned",
        "result_ready",
        "scoring_opened",
        "gate_asked",
        "gate_deputy",
        "gate_manager",
        "gate_on_hold",
        "comment_reported",
        "removal_appealed",
        "order_ended",
        "reminded",
    ),
    Topic.ASKED: ("inquiry_asked",),
    Topic.DESK: ("desk_waits",),
    Topic.MENTION: ("mention",),
    Topic.COMMENT: ("comment_answer", "comment_idea", "comment_project", "comment_question", "comment_panel"),
    Topic.VOTED: ("idea_changed",),
    Topic.PROJECT: (
        "update_posted",
        "gate_passed",
        "gate_stopped",
        "gate_again",
        "gate_held",
        "gate_reopened",
        "gate_later",
        "gate_soon",
        "gate_late",
        "milestone_late",
        "project_adopted",
        "project_iterated",
        "project_shelved",
    ),
    Topic.AWARD: ("award_accepted", "award_declined", "award_papers_complete", "award_paid", "award_remark"),
    Topic.FOLLOWED: (
        "comment_followed",
        "followed_idea",
        "followed_change",
        "followed_decision",
        "followed_challenge",
        "followed_deadline",
        "followed_result",
        "followed_answer",
    ),
}

TOPICS: Mapping[str, Topic] = {kind: topic for topic, kinds in _KINDS.items() for kind in kinds}
"""The topic of every kind of message."""


def plan(kind: str) -> Plan:
    """The plan of a kind of message.

    Raises:
        KeyError: the kind belongs to no topic.
    """
    return PLANS[TOPICS[kind]]


def can_choose(topic: Topic, way: Way) -> bool:
    """Whether a person may switch a way of a topic on and off."""
    return not PLANS[topic].must


def ways(topic: Topic, choices: Mapping[Way, bool], *, muted: bool, digest: str) -> frozenset[Way]:
    """By which ways a topic reaches a person.

    Args:
        choices: what he switched on (True) or off (False) for this topic; what is missing is as the plan says.
        muted: whether he muted what it is about.
        digest: how often he wants a digest; with ``off`` nothing waits for one.
    """
    planned = PLANS[topic]
    if planned.must:
        return planned.ways
    if muted:
        return frozenset()
    wanted = {way for way in Way if choices.get(way, way in planned.ways)}
    return frozenset(wanted - ({Way.DIGEST} if digest == Frequency.OFF else set()))


def once_each(groups: Iterable[tuple[str, Iterable[int]]], *, but: Iterable[int]) -> list[tuple[str, list[int]]]:
    """Groups of people by the kind of message each would get, so that one fact tells a person once: the first one counts.

    Args:
        but: people who are told nothing, the one who did it among them.
    """
    told = set(but)
    found = []
    for kind, people in groups:
        new = sorted(set(people) - told)
        told |= set(new)
        found.append((kind, new))
    return found


MORNING = time(7)
MONDAY = 0
SOON = timedelta(hours=48)
"""How long before a deadline those are told who have something to lose by it."""


SATURDAY = 5


def working_day(now: datetime, at: time, zone: str) -> date | None:
    """The working day whose morning mail is due by now, in the zone's calendar; None before that hour and on weekends.

    Days off of a house are not known here: a mail that nobody reads that day waits for him.
    """
    wall = now.astimezone(ZoneInfo(zone))
    return wall.date() if wall.weekday() < SATURDAY and wall.time() >= at else None


def last_morning(now: datetime, frequency: str, zone: str) -> datetime | None:
    """The latest instant, not after ``now``, at which a digest of this frequency was due; None where there is none.

    Seven o'clock on the zone's wall, on Mondays for a weekly one. No zone turns its clocks at that hour.
    """
    if frequency == Frequency.OFF:
        return None
    tz = ZoneInfo(zone)
    wall = now.astimezone(tz)
    day = wall.date() if wall.time() >= MORNING else wall.date() - timedelta(days=1)
    if frequency == Frequency.WEEKLY:
        day -= timedelta(days=(day.weekday() - MONDAY) % 7)
    return datetime.combine(day, MORNING, tz).astimezone(now.tzinfo)
