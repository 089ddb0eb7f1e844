"""Taking in ideas from elsewhere, inside an importer's use case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.discussion.models import Thread
from innovation.discussion.queries import begun
from innovation.discussion.service.threads import open_thread
from innovation.ideas import queries
from innovation.ideas.events import IdeaSubmitted, IdeaWithdrawn
from innovation.ideas.models import Author, Idea, Revision
from innovation.ideas.service import answering
from innovation.ideas.service.writing import class_of, scope
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.rules.idea import IDEA


def take_in_idea(
    *,
    actor: Actor,
    challenge: Challenge,
    source: str,
    foreign_id: str,
    title: str,
    text: str,
    requested_minor: int | None,
    language: str,
    url: str,
    author_ids: Sequence[int],
    submitted_at: datetime,
    withdrawn: bool,
    answers: Mapping[str, str] | None = None,
) -> Idea:
    """A submitted idea with one revision and its authors; withdrawn at once where the source says so.

    Nobody has to check it first: whoever brings ideas in from elsewhere answers for them.
    """
    circle, organisation_id = people.standing(author_ids[0]) if author_ids else (None, None)
    idea = Idea(
        circle=circle,
        organisation_id=organisation_id,
        source=source,
        foreign_id=foreign_id,
        challenge_id=challenge.id,
        title=title[:300],
        text=text,
        requested_minor=requested_minor,
        language=language,
        source_url=url[:500],
        visibility=class_of(challenge),
        revision_no=1,
        created_at=submitted_at,
        saved_at=submitted_at,
        submitted_at=submitted_at,
    )
    idea.challenge = challenge
    idea.authors = [
        Author(person_id=person_id, position=position, accepted_at=submitted_at)
        for position, person_id in enumerate(author_ids, start=1)
    ]
    db.session.add(idea)
    db.session.flush()
    answering.write(idea, answers)
    db.session.add(
        Revision(
            idea_id=idea.id,
            number=1,
            title=idea.title,
            text=text,
            requested_minor=requested_minor,
            answers=dict(answers or {}),
            written_by=author_ids[0] if author_ids else None,
            written_at=submitted_at,
        )
    )
    fact = IdeaSubmitted(revision=1, **scope(idea))
    lifecycle.move(idea, IDEA, "submit", fact, actor=actor, now=submitted_at)
    if withdrawn:
        idea.withdrawn_at, idea.withdrawn_from = submitted_at, str(idea.state)
        lifecycle.move(idea, IDEA, "withdraw", IdeaWithdrawn(**scope(idea)), actor=actor, now=submitted_at)
    return idea


def take_in_talk(idea: Idea, begun_at: datetime) -> Thread:
    """The talk about an idea, begun at that time where nobody has said anything here; the challenge must be loaded."""
    thread = queries.talk_of(idea)
    if not begun(thread):
        idea.thread_id = open_thread(thread, begun_at).id
    return thread
