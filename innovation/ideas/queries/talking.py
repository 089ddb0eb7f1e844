"""What discussions ask about ideas: who reads a thread, what he is there, whose name is kept back, and where it is."""

from __future__ import annotations

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import joinedload

from innovation.discussion.models import Thread
from innovation.discussion.queries import Place
from innovation.ideas.models import Author, Idea
from innovation.ideas.queries.seeing import roles_on_idea, visible
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import may
from innovation.rules.idea import UNSENT, IdeaState
from innovation.rules.policy import May
from innovation.rules.predicates import Role


def sees_talk(actor: Actor) -> ColumnElement[bool]:
    """Threads of ideas: whoever reads the idea reads its talk. A sealed one stays sealed."""
    seen = select(Idea.id).join(Idea.challenge).where(Idea.thread_id == Thread.id, visible(actor))
    return seen.correlate(Thread).exists()


def roles_in_talk(actor: Actor, thread: Thread) -> frozenset[Role]:
    """What a person is to the idea; to one that is not sent, not accepted yet or withdrawn nobody is anything: there is no
    talk about it."""
    idea = _talked_of(thread)
    roles = roles_on_idea(actor, idea)
    return roles & {Role.SIGNED_IN} if idea.unchecked or idea.state in UNSENT | {IdeaState.WITHDRAWN} else roles


def place_of_talk(thread: Thread) -> Place:
    idea = _talked_of(thread)
    return Place("pages.idea_talk", idea.public_id, idea.title, idea.language)


def veiled_in_talk(actor: Actor, thread: Thread) -> frozenset[int]:
    """An idea's authors, while their names are kept back from this person."""
    idea = _talked_of(thread)
    if not idea.challenge.names_hidden or idea.challenge.decided_at or may(actor, May.SEE_NAMES, idea):
        return frozenset()
    return frozenset(db.session.scalars(select(Author.person_id).where(Author.idea_id == idea.id)))


def talk_of(idea: Idea) -> Thread:
    """The talk about an idea; a thread that is not stored yet where nobody has said anything."""
    if idea.thread_id is not None:
        return db.session.get_one(Thread, idea.thread_id)
    challenge = idea.challenge
    return Thread(kind="idea", programme_id=challenge.programme_id, challenge_id=challenge.id, idea_id=idea.id)


def _talked_of(thread: Thread) -> Idea:
    """The idea that a thread is about, with its challenge; no query where it is in hand."""
    idea = db.session.get(Idea, thread.idea_id, options=[joinedload(Idea.challenge)])
    if idea is None or "challenge" in inspect(idea).unloaded:
        idea = db.session.scalars(select(Idea).options(joinedload(Idea.challenge)).where(Idea.id == thread.idea_id)).one()
    return idea
