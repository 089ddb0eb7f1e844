"""A list as somebody looks at it: its filters and order from an address, its rows for the page and the export alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.usecase import may, roles
from innovation.people import queries as people
from innovation.projects import queries as projects
from innovation.projects.models import Project
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.rules.project import ProjectState
from innovation.voting import queries as voting

KINDS = ("open", "coming", "closed", "decided", "preparing", "mine")
BATCH = 300
"""Rows of an export that are read at a time."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "ideas": ("reference", "title", "authors", "state", "sent_on", "asks", "currency", "votes_for", "votes_against", "text"),
    "challenges": ("reference", "title", "summary", "programme", "sponsors", "state", "opens", "closes", "vote_closes"),
    "projects": ("reference", "title", "state", "started", "due", "ended", "next_gate", "challenge"),
    "people": ("reference", "name", "circle", "organisation", "since"),
}
"""Which columns the file of a list has."""


@dataclass(frozen=True, slots=True)
class Challenges:
    """What a list of challenges is asked by, and how its address says it again."""

    kind: str
    wanted: challenges.Wanted
    query: dict[str, str]


def challenges_asked(actor: Actor, args: Mapping[str, str], programme: Programme | None = None) -> Challenges:
    """Reads ``show``, ``programme``, ``topic``, ``closing`` (days) and ``q``; what leads nowhere is left out."""
    kind, days = args.get("show", ""), args.get("closing", "")
    named = challenges.programme(actor, args["programme"]) if programme is None and args.get("programme") else None
    wanted = challenges.Wanted(
        programme=programme or named,
        topic=args.get("topic", "")[:60],
        search=args.get("q", "").strip()[:200],
        days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0,
    )
    said = {
        "show": kind if kind in KINDS[1:] else "",
        "programme": named.public_id if named else "",
        "topic": wanted.topic,
        "closing": str(wanted.days or ""),
        "q": wanted.search,
    }
    return Challenges(kind if kind in KINDS else KINDS[0], wanted, {key: value for key, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class Projects:
    """What a list of projects is asked by, and how its address says it again."""

    wanted: projects.Wanted
    query: dict[str, str]


def projects_asked(actor: Actor, args: Mapping[str, str]) -> Projects:
    """Reads ``state``, ``challenge``, ``programme``, ``sort`` and ``q``; what leads nowhere is left out."""
    state, sort = args.get("state", ""), args.get("sort", "")
    of = challenges.get(actor, args["challenge"]) if args.get("challenge") else None
    programme = challenges.programme(actor, args["programme"]) if args.get("programme") else None
    wanted = projects.Wanted(
        state=state if state in set(ProjectState) else "",
        challenge=of,
        programme=programme,
        search=args.get("q", "").strip()[:200],
        sort=sort if sort in projects.SORTS else "youngest",
    )
    said = {
        "state": wanted.state,
        "challenge": of.public_id if of else "",
        "programme": programme.public_id if programme else "",
        "sort": wanted.sort if wanted.sort != "youngest" else "",
        "q": wanted.search,
    }
    return Projects(wanted, {key: value for key, value in said.items() if value})


# --- rows of a file ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a list: cells in the order of its columns, codes where a word stands on screen; and where it goes on."""

    rows: Sequence[Sequence[Any]]
    next: str | None


def batch(
    actor: Actor, what: str, args: Mapping[str, str], challenge: Challenge | None, now: datetime, cursor: str | None
) -> Batch:
    """The next rows of a list, asked by the very queries its page asks."""
    if what == "ideas":
        assert challenge is not None
        shown = voting.shown(actor, challenge, args, now, cursor, BATCH).page
        return Batch(_ideas(actor, challenge, shown.items, now), shown.next)
    if what == "challenges":
        asked = challenges_asked(actor, args)
        found = challenges.page(actor, asked.kind, asked.wanted, now, cursor, BATCH)
        return Batch(_challenges(actor, found.items), found.next)
    if what == "projects":
        page = projects.page(actor, projects_asked(actor, args).wanted, cursor=cursor, size=BATCH)
        return Batch(_projects(page.items), page.next)
    persons: paging.Page[Any] = people.people_page(args.get("q", "").strip()[:200], args.get("circle", ""), cursor, BATCH)
    return Batch(_people(persons.items), persons.next)


def rows(
    actor: Actor, what: str, args: Mapping[str, str], challenge: Challenge | None, now: datetime
) -> Iterator[Sequence[Any]]:
    """A whole list, row by row."""
    cursor: str | None = None
    while True:
        found = batch(actor, what, args, challenge, now, cursor)
        yield from found.rows
        cursor = found.next
        if cursor is None:
            return


def _ideas(actor: Actor, challenge: Challenge, listed: Sequence[Idea], now: datetime) -> list[Sequence[Any]]:
    """Ideas as the list shows them: names where they may be seen, totals once the vote is over.

    Behind the columns of the list stands one for each of the challenge's own questions. A sealed idea is a row with its
    reference and its state alone: a file goes from hand to hand, whoever asked for it.
    """
    everybody = not challenge.names_hidden or challenge.decided_at is not None or may(actor, May.SEE_NAMES, challenge)
    closes = challenge.vote_closes_at
    over = challenge.decided_at is not None or (closes is not None and now >= closes)
    totals = voting.totals([idea.id for idea in listed]) if over else {}
    asked = challenges.questions(challenge.id)
    answered = ideas.answered_by(listed, asked)
    found: list[Sequence[Any]] = []
    for idea in listed:
        own = any(author.person_id == actor.person_id for author in idea.authors)
        names = [author.person.name for author in idea.authors if author.accepted_at and author.person.erased_at is None]
        count, sealed = totals.get(idea.id), idea.visibility == "sealed"
        found.append(
            [
                idea.public_id,
                None if sealed else idea.title,
                ", ".join(names) if (everybody or own) and not sealed else None,
                str(idea.state),
                idea.submitted_at,
                None if sealed else idea.requested_minor,
                challenge.currency if idea.requested_minor is not None and not sealed else None,
                count.for_weight if count else None,
                count.against_weight if count else None,
                None if sealed else idea.text,
                *(None if sealed or not each.value else _answer(each) for each in answered[idea.id]),
            ]
        )
    return found


def _answer(each: ideas.Answered) -> str:
    """An answer in a cell: as it is kept, a file by its name."""
    return each.file.name if each.file else each.value


def _challenges(actor: Actor, listed: Sequence[Challenge]) -> list[Sequence[Any]]:
    sponsors = challenges.sponsor_names((each.id for each in listed), actor)
    return [
        [
            each.public_id,
            each.title,
            each.summary,
            each.programme.title,
            sponsors.get(each.id),
            str(each.state),
            each.opens_at,
            each.closes_at,
            each.vote_closes_at,
        ]
        for each in listed
    ]


def _projects(listed: Sequence[Project]) -> list[Sequence[Any]]:
    """Projects; one grown from a sealed idea is named by its reference alone, since a file goes from hand to hand."""
    found: list[Sequence[Any]] = []
    for each in listed:
        pending = [gate for gate in each.gates if gate.state in {"open", "asked", "held"}]
        title = None if each.visibility == "sealed" else each.title
        cells = [each.public_id, title, str(each.state), each.started_at, each.due_at, each.ended_at]
        gate = (pending[0].key, pending[0].title) if pending and each.state == ProjectState.RUNNING else None
        found.append([*cells, gate, each.challenge.title])
    return found


def _people(listed: Sequence[Any]) -> list[Sequence[Any]]:
    return [
        [person.public_id, person.name, membership.circle if membership else None, organisation, person.created_at]
        for person, membership, organisation in listed
    ]


def may_export(actor: Actor, what: str, challenge: Challenge | None) -> bool:
    """Whether somebody may have a list as a file: whoever may see its columns, and is signed in.

    Ideas: who takes part in the challenge or works on it. People: who may see the list of people at all.
    """
    if what == "people":
        return may(actor, May.INVITE)
    if what == "ideas":
        inside = {Role.AUDIENCE, Role.SPONSOR, Role.PANEL, Role.MANAGER}
        return challenge is not None and bool(roles(actor, challenge) & inside)
    return what in COLUMNS and may(actor, May.USE_ACCOUNT)
