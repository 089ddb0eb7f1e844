"""Reading what was said, as far as messages tell of it: who is to be told, and what a mail may repeat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.discussion import queries as discussion
from innovation.discussion.models import Case, Comment, Mention, Thread
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel.actor import VISITOR, Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.notifications.models import Watch
from innovation.notifications.queries.addressees import addressees, followers, who_see
from innovation.notifications.queries.audience import names_hidden
from innovation.people import queries as people
from innovation.projects.models import Follower, Project
from innovation.projects.queries import audience as project_audience
from innovation.rules.notices import Topic
from innovation.rules.predicates import Role

MODERATION = frozenset(
    {
        "comment_reported",
        "removal_appealed",
        "comment_held_back",
        "comment_kept",
        "comment_removed",
        "removal_upheld",
        "comment_restored",
    }
)
"""Kinds of messages that tell of a comment whether it can be read or not."""


PAGES = {
    "comment_reported": "case",
    "removal_appealed": "case",
    "comment_held_back": "removal",
    "comment_removed": "removal",
    "removal_upheld": "removal",
}
"""Which page a message of moderation leads to, where it is not the comment's own place."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in a thread that a person may read. ``readable`` is False once it was deleted or removed."""

    public_id: str
    readable: bool


def remarks(actor: Actor, comment_ids: Iterable[int]) -> dict[int, Remark]:
    """Those of some comments that stand in threads this person may read: one query."""
    wanted = set(comment_ids)
    if not wanted:
        return {}
    stands = Comment.trashed_at.is_(None) & Comment.hidden_at.is_(None)
    rows = db.session.execute(
        select(Comment.id, Comment.public_id, stands.label("stands"))
        .join(Comment.thread)
        .where(Comment.id.in_(wanted), discussion.visible(actor))
    )
    return {row.id: Remark(row.public_id, bool(row.stands)) for row in rows}


def cases(case_ids: Iterable[int]) -> dict[int, str]:
    """The public ids of some cases: one query."""
    wanted = set(case_ids)
    if not wanted:
        return {}
    return {row.id: row.public_id for row in db.session.execute(select(Case.id, Case.public_id).where(Case.id.in_(wanted)))}


def about(event: Event) -> dict[str, int]:
    """What a talk belongs to, as the parameter of a message."""
    for name in ("project_id", "idea_id", "challenge_id"):
        value: int | None = getattr(event, name)
        if value is not None:
            return {name: value}
    return {}


def comment(comment_id: int) -> Comment | None:
    """A comment that stands, with its thread; None once it was deleted or removed."""
    found = discussion.comment_by_id(comment_id)
    return found if found is not None and found.trashed_at is None and found.hidden_at is None else None


def concerned(event: Event, said: Comment) -> list[tuple[str, Sequence[int]]]:
    """Who hears of a comment, by the kind of message each would get, the nearest first. Only who reads the thread."""
    thread = said.thread
    groups: list[tuple[str, Iterable[int]]] = [("comment_answer", _answered(said)), *_at_home(thread)]
    groups.append(("comment_followed", _followers(event, thread, said)))
    readers = set(readers_of(thread.id, {each for _kind, people_ids in groups for each in people_ids}))
    return [(kind, sorted(readers.intersection(people_ids))) for kind, people_ids in groups]


def readers_of(thread_id: int, person_ids: Iterable[int]) -> list[int]:
    """Those of some people who may read a thread."""
    return who_see(person_ids, lambda who: select(Thread.id).where(Thread.id == thread_id, discussion.visible(who)))


def told_of_mention(event: Event, comment_id: int) -> set[int]:
    """Whom a comment names and who is told so: he hears of it as a mention, and once."""
    named = db.session.scalars(select(Mention.person_id).where(Mention.comment_id == comment_id)).all()
    return {each.person_id for each in addressees(named, Topic.MENTION, event) if each.ways} if named else set()


def _answered(said: Comment) -> list[int]:
    if said.parent_id is None:
        return []
    writer = db.session.scalar(select(Comment.person_id).where(Comment.id == said.parent_id))
    return [] if writer is None else [writer]


def _at_home(thread: Thread) -> list[tuple[str, Iterable[int]]]:
    """The people whose idea, question, project or panel it is."""
    sponsors = people.holders(Role.SPONSOR, "challenge", thread.challenge_id)
    if thread.kind == "panel":
        return [("comment_panel", {*sponsors, *people.holders(Role.PANEL, "challenge", thread.challenge_id)})]
    if thread.kind == "project":
        return [("comment_project", {*project_audience.team(thread.project_id or 0), *sponsors})]
    if thread.kind == "idea":
        return [("comment_idea", ideas.author_ids([thread.idea_id or 0]).get(thread.idea_id or 0, []))]
    return [("comment_question", sponsors)]


def _followers(event: Event, thread: Thread, said: Comment) -> list[int]:
    """Who follows what is talked about, or the person who talks, unless his name may not be known there yet."""
    if thread.kind == "panel":
        return []
    subject = {"idea": Watch.idea_id == thread.idea_id, "challenge": Watch.challenge_id == thread.challenge_id}
    found = [subject[thread.kind]] if thread.kind in subject else []
    if said.person_id is not None and not _veiled(thread, said.person_id):
        found.append(Watch.followed_id == said.person_id)
    of_project = select(Follower.person_id).where(Follower.project_id == thread.project_id)
    also = list(db.session.scalars(of_project)) if thread.kind == "project" else []
    return [*followers(*found), *also]


def _veiled(thread: Thread, person_id: int) -> bool:
    """Whether who talks here may be an author whose name waits for the result, or is a sponsor who withholds his."""
    challenge = db.session.get_one(Challenge, thread.challenge_id)
    if person_id in challenges.withheld(VISITOR, challenge):
        return True
    return names_hidden(challenge) and person_id in _authors(thread)


def _authors(thread: Thread) -> list[int]:
    return ideas.author_ids([thread.idea_id]).get(thread.idea_id, []) if thread.idea_id is not None else []


@dataclass(frozen=True, slots=True)
class Quote:
    """What a mail may say of a comment: whose words, as its reader may know him, and the words (empty: not in a mail)."""

    writer: discussion.Writer
    words: str


def quote(reader: Actor, comment_id: int) -> Quote | None:
    """A comment as one person's mail may tell of it; None when he reads it no more.

    A mail passes through many hands: nothing said about a sealed idea, in a sealed challenge or among a panel is repeated.
    """
    found = comment(comment_id)
    if found is None or comment_id not in remarks(reader, [comment_id]):
        return None
    thread = found.thread
    challenge = db.session.get_one(Challenge, thread.challenge_id)
    idea = db.session.get(Idea, thread.idea_id) if thread.idea_id is not None else None
    project = db.session.get(Project, thread.project_id) if thread.project_id is not None else None
    sealed = any(each.visibility == "sealed" for each in (challenge, idea, project) if each is not None)
    words = "" if sealed or thread.kind == "panel" else discussion.plain_texts(reader, [found])[found.id]
    return Quote(discussion.written_by(found, discussion.veiled(reader, thread)), words)
