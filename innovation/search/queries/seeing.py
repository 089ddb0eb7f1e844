"""Who finds what: for each kind of thing, the entries this person may see, judged by the rows as they are now.

What an entry says may be a moment old; whether somebody finds it never is, because every select here joins the thing
itself and applies the predicate of the floor it belongs to.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.discussion import queries as talk
from innovation.discussion.models import Comment, Thread
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.insight.queries.knowing import knows
from innovation.kernel.actor import Actor
from innovation.people.models import Person
from innovation.projects import queries as projects
from innovation.projects.models import Project
from innovation.rules.idea import IdeaState
from innovation.search.models import Entry

KINDS = ("challenge", "idea", "project", "comment", "person")
STATED = {"challenge": Challenge.state, "idea": Idea.state, "project": Project.state}
"""Kinds whose things are in a state, and where it is read."""
LETTERS = 6_000
"""Of a text's words, so many letters are read to rank it."""

_NO_STATE: ColumnElement[str] = literal("", String)


def entries(actor: Actor, kind: str) -> Select[Any]:
    """The entries of a kind that this person may see, with what ranks and counts them; without order."""
    state: Any = STATED.get(kind, _NO_STATE)
    statement: Select[Any] = select(
        Entry.id,
        Entry.kind,
        Entry.title_words,
        func.substr(Entry.body_words, 1, LETTERS).label("body_words"),
        Entry.happened_at,
        Entry.language,
        Entry.challenge_id,
        state.label("state"),
    ).where(Entry.kind == kind)
    if kind == "challenge":
        return statement.join(Challenge, Challenge.id == Entry.challenge_id).where(challenges.visible(actor))
    if kind == "idea":
        of_idea = statement.join(Idea, Idea.id == Entry.idea_id).join(Challenge, Challenge.id == Idea.challenge_id)
        return of_idea.where(ideas.visible(actor), findable_idea())
    if kind == "project":
        of_project = statement.join(Project, Project.id == Entry.project_id)
        return of_project.join(Challenge, Challenge.id == Project.challenge_id).where(projects.visible(actor))
    if kind == "comment":
        of_comment = statement.join(Comment, Comment.id == Entry.comment_id).join(Thread, Thread.id == Comment.thread_id)
        return of_comment.where(talk.readable(actor))
    return statement.join(Person, Person.id == Entry.person_id).where(Person.erased_at.is_(None), _opens(actor))


def findable_idea() -> ColumnElement[bool]:
    """Ideas that are anywhere to be found: not in the trash, and no drafts that were thrown away."""
    return and_(Idea.trashed_at.is_(None), or_(Idea.state != IdeaState.WITHDRAWN, Idea.submitted_at.is_not(None)))


def findable_comment() -> ColumnElement[bool]:
    """Comments that stand: neither deleted nor removed by a moderator."""
    return and_(Comment.trashed_at.is_(None), Comment.hidden_at.is_(None))


def _opens(actor: Actor) -> ColumnElement[bool]:
    """People whose page this person may open; visitors open nobody's."""
    return knows(actor) if actor.signed_in or actor.is_house else false()


ThreadIdea = aliased(Idea)
ThreadProject = aliased(Project)


def shown(entry_ids: list[int]) -> Select[Any]:
    """Entries by id with what their line on the page needs; only for ids that :func:`entries` gave."""
    statement: Any = select(
        Entry.id,
        Entry.kind,
        Entry.title,
        Entry.body,
        Entry.language,
        Entry.happened_at,
        Challenge.public_id.label("challenge_public_id"),
        Challenge.title.label("challenge_title"),
        Idea.public_id.label("idea_public_id"),
        Project.public_id.label("project_public_id"),
        Person.public_id.label("person_public_id"),
        Comment.public_id.label("comment_public_id"),
        ThreadIdea.public_id.label("thread_idea_public_id"),
        ThreadIdea.title.label("thread_idea_title"),
        ThreadProject.public_id.label("thread_project_public_id"),
        ThreadProject.title.label("thread_project_title"),
    )
    return (  # type: ignore[no-any-return]  # typed as the columns above would be
        statement.outerjoin(Challenge, Challenge.id == Entry.challenge_id)
        .outerjoin(Idea, Idea.id == Entry.idea_id)
        .outerjoin(Project, Project.id == Entry.project_id)
        .outerjoin(Person, Person.id == Entry.person_id)
        .outerjoin(Comment, Comment.id == Entry.comment_id)
        .outerjoin(Thread, Thread.id == Comment.thread_id)
        .outerjoin(ThreadIdea, and_(ThreadIdea.id == Thread.idea_id, Thread.kind == "idea"))
        .outerjoin(ThreadProject, and_(ThreadProject.id == Thread.project_id, Thread.kind == "project"))
        .where(Entry.id.in_(entry_ids))
    )
