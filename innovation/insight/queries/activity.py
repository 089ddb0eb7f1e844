"""Streams: what happened, read from the facts alone, as far as a reader may see what they are about.

One statement per page. What a fact is about is judged as it stands now: an idea that was withdrawn takes its lines along,
a comment that was removed its own. Votes state no fact each, so no stream can tell of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.discussion import queries as talk
from innovation.discussion.models import Comment, Thread
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.insight.queries.knowing import named, owned_by, spoke_openly
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.people.models import Organisation, Person
from innovation.projects import queries as projects
from innovation.projects.models import Gate, Project

PAGE = 25
OF_CHALLENGES = (
    "ChallengePublished",
    "ChallengeExtended",
    "ChallengeStopped",
    "RuleChanged",
    "ShortlistMade",
    "ChallengeDecided",
)
OF_IDEAS = (
    "IdeaSubmitted",
    "IdeaAccepted",
    "IdeaRevised",
    "IdeaRestored",
    "NoteAdded",
    "IdeasMerged",
    "IdeaShortlisted",
    "IdeaPromoted",
)
OF_CHECKING = ("IdeaHandedIn", "IdeaSentBack", "IdeaTurnedDown")
"""What happens to an idea before others see it: told to its authors and to who checks, later too."""
OF_PROJECTS = (
    "ProjectOpened",
    "GatePassed",
    "GateHeld",
    "GateReopened",
    "UpdatePosted",
    "MilestoneDone",
    "EvidenceAdded",
    "ProjectPassed",
    "ProjectStopped",
    "ProjectAdopted",
    "ProjectIterated",
    "ProjectShelved",
    "LessonWritten",
)
OF_TALK = ("CommentAdded",)
TOLD = (*OF_CHALLENGES, *OF_IDEAS, *OF_CHECKING, *OF_PROJECTS, *OF_TALK)
"""The facts worth telling; each has its words in ``components/activity_line.html``."""
BY_PEOPLE = frozenset(
    {"IdeaSubmitted", "IdeaHandedIn", "IdeaRevised", "IdeaRestored", "NoteAdded", "UpdatePosted", "MilestoneDone", *OF_TALK}
)
"""Facts that name who did it; of the others it matters that they happened."""
LATELY = 3_000
"""Of everything that happened, the home page looks at so many facts back."""


@dataclass(frozen=True, slots=True)
class About:
    """A thing that a line leads to."""

    public_id: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a stream.

    Attributes:
        by: who did it; None where that is nobody's business, or not known.
        veiled: an author did it whose name is kept back for now.
        sponsor: a sponsor did it who withholds his name.
        talk: the kind of talk in which a comment was made.
        gate: the gate's key and own title.
        status: what an update says of its project.
        until: to when a deadline was moved.
    """

    name: str
    at: datetime
    by: About | None
    veiled: bool
    sponsor: bool
    challenge: About
    idea: About | None
    project: About | None
    comment: str
    talk: str
    gate: tuple[str, str]
    status: str
    until: datetime | None


_Doer, _Writer = aliased(Person), aliased(Author)
_comment_id = Event.payload["comment_id"].as_integer()
_gate_key = Event.payload["gate"].as_string()
_ORDER = [paging.Key(Event.occurred_at, True), paging.Key(Event.id, True)]


def of_challenge(actor: Actor, challenge: Challenge, cursor: str | None) -> paging.Page[Happened]:
    """What happens in a challenge, its ideas, talk and projects."""
    return _page(_seen(actor).where(Event.challenge_id == challenge.id), cursor)


def of_person(actor: Actor, person: Person, cursor: str | None) -> paging.Page[Happened]:
    """What somebody contributed: what he did himself under his name, and what became of ideas he is an author of."""
    written = select(Author.idea_id).where(Author.person_id == person.id, Author.accepted_at.is_not(None))
    did = and_(
        Event.actor_id == person.id,
        Event.name.in_(BY_PEOPLE),
        Event.name.not_in(OF_IDEAS),
        ~_is_veiled(actor),
        ~_asks(actor),
    )
    wrote = and_(Event.idea_id.in_(written), Event.name.in_(OF_IDEAS), named(actor))
    return _page(_seen(actor).where(or_(did, wrote)), cursor)


def of_organisation(actor: Actor, organisation: Organisation, cursor: str | None) -> paging.Page[Happened]:
    """What happens in an organisation's challenges, and to ideas that came from it, where it may be known that they did."""
    own = owned_by(actor, organisation)
    sent = and_(Idea.organisation_id == organisation.id, Event.name.in_((*OF_IDEAS, *OF_PROJECTS)), named(actor))
    return _page(_seen(actor).where(or_(own, sent)), cursor)


def lately(actor: Actor, limit: int = 6) -> Sequence[Happened]:
    """The last things that happened in all that a person sees, his own acts left out."""
    since = select(func.max(Event.id) - LATELY).scalar_subquery()
    statement = _seen(actor).where(Event.id > since, or_(Event.actor_id.is_(None), Event.actor_id != actor.person_id))
    rows = db.session.execute(statement.order_by(Event.occurred_at.desc(), Event.id.desc()).limit(limit)).all()
    return [_happened(row) for row in rows]


def _seen(actor: Actor) -> Select[Any]:
    """The facts worth telling whose subject this person may see, with what their lines say."""
    its_gate = select(Gate.title).where(Gate.project_id == Event.project_id, Gate.key == _gate_key).limit(1)
    wrote = exists().where(_Writer.idea_id == Event.idea_id, _Writer.person_id == Event.actor_id)
    return (
        select(
            Event,
            *_labelled("challenge", Challenge),
            *_labelled("idea", Idea),
            *_labelled("project", Project),
            _Doer.public_id.label("doer_id"),
            _Doer.name.label("doer_name"),
            Comment.public_id.label("comment_id"),
            Thread.kind.label("talk_kind"),
            its_gate.scalar_subquery().label("gate_title"),
            case((Event.name.in_((*OF_IDEAS, *OF_CHECKING)), and_(named(actor), wrote)), else_=true()).label("is_named"),
            _is_veiled(actor).label("is_veiled"),
            _asks(actor).label("asks"),
        )
        .join(Challenge, Challenge.id == Event.challenge_id)
        .outerjoin(Idea, Idea.id == Event.idea_id)
        .outerjoin(Project, Project.id == Event.project_id)
        .outerjoin(Comment, and_(Event.name.in_(OF_TALK), Comment.id == _comment_id))
        .outerjoin(Thread, Thread.id == Comment.thread_id)
        .outerjoin(_Doer, and_(_Doer.id == Event.actor_id, _Doer.erased_at.is_(None)))
        .where(
            or_(
                and_(Event.name.in_(OF_CHALLENGES), challenges.visible(actor)),
                and_(Event.name.in_(OF_IDEAS), Idea.submitted_at.is_not(None), ideas.visible(actor)),
                and_(
                    Event.name.in_(OF_CHECKING), ideas.visible(actor), or_(ideas.is_author(actor), challenges.checks(actor))
                ),
                and_(Event.name.in_(OF_PROJECTS), projects.visible(actor)),
                and_(Event.name.in_(OF_TALK), talk.readable(actor)),
            )
        )
    )


def _labelled(name: str, model: Any) -> list[Any]:
    columns = (("public_id", model.public_id), ("title", model.title), ("language", model.language))
    return [column.label(f"{name}_{key}") for key, column in columns]


def _is_veiled(actor: Actor) -> ColumnElement[bool]:
    """Comments of an author whose name is kept from this person."""
    return and_(Event.name.in_(OF_TALK), ~spoke_openly(actor))


def _asks(actor: Actor) -> ColumnElement[bool]:
    """Acts of a sponsor whose name is withheld from this person; the challenge must be joined."""
    return challenges.is_withheld(actor, Event.actor_id)


def _page(statement: Select[Any], cursor: str | None) -> paging.Page[Happened]:
    found = paging.fetch(statement, _ORDER, cursor, lambda row: (row[0].occurred_at, row[0].id), PAGE)
    return paging.Page([_happened(row) for row in found.items], found.next, found.first)


def _happened(row: Any) -> Happened:
    event: Event = row[0]
    shown = event.name in BY_PEOPLE and row.is_named and not row.is_veiled and not row.asks
    return Happened(
        name=event.name,
        at=event.occurred_at,
        by=About(row.doer_id, row.doer_name, "") if shown and row.doer_id is not None else None,
        veiled=bool(row.is_veiled and not row.asks),
        sponsor=bool(row.asks),
        challenge=About(row.challenge_public_id, row.challenge_title, row.challenge_language),
        idea=About(row.idea_public_id, row.idea_title, row.idea_language) if row.idea_public_id else None,
        project=About(row.project_public_id, row.project_title, row.project_language) if row.project_public_id else None,
        comment=row.comment_id or "",
        talk=row.talk_kind or "",
        gate=(event.payload.get("gate", ""), row.gate_title or ""),
        status=event.payload.get("status", ""),
        until=datetime.fromisoformat(event.payload["after"]) if event.name == "ChallengeExtended" else None,
    )
