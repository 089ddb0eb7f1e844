"""Co-authors: named by an author, credited once they accept the terms."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges.service.terms import record_acceptance
from innovation.ideas.events import AuthorAccepted, AuthorLeft, AuthorNamed
from innovation.ideas.models import Author, Idea
from innovation.ideas.service.writing import scope
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, may, use_case
from innovation.people import queries as people
from innovation.rules.idea import IN_THE_RUNNING, IdeaState
from innovation.rules.policy import May


@use_case(May.EDIT_IDEA, on="idea")
def name_author(*, actor: Actor, idea: Idea, email: str, now: datetime = AT_LOCK) -> None:
    """Name a co-author, who sees the idea from now on and is credited once he accepts.

    Raises:
        Invalid: nobody has this address, he may not take part in the challenge, or he is named already.
        NotPossible: the idea is decided.
    """
    if idea.state not in {*IN_THE_RUNNING, IdeaState.DRAFT}:
        raise NotPossible("not_in_the_running", state=idea.state)
    person = people.by_email(email)
    if person is None:
        raise Invalid("nobody_has_this_address", field="email")
    if any(author.person_id == person.id for author in idea.authors):
        raise Invalid("author_already", field="email")
    if not may(people.actor(person.id), May.START_IDEA, idea.challenge):
        raise Invalid("author_not_in_audience", field="email")
    position = max(author.position for author in idea.authors) + 1
    db.session.add(Author(idea_id=idea.id, person_id=person.id, position=position))
    emit(AuthorNamed(person_id=person.id, **scope(idea)), actor=actor, now=now)


@use_case(May.EDIT_IDEA, on="idea")
def accept_authorship(*, actor: Actor, idea: Idea, now: datetime = AT_LOCK) -> None:
    """Accept being an author, and the challenge's terms with it; possible after the deadline too."""
    mine = _mine(actor, idea)
    if mine.accepted_at is not None:
        return
    mine.accepted_at = now
    assert actor.person_id is not None
    record_acceptance(actor=actor, person_id=actor.person_id, challenge=idea.challenge, now=now)
    emit(AuthorAccepted(person_id=mine.person_id, **scope(idea)), actor=actor, now=now)


@use_case(May.EDIT_IDEA, on="idea")
def leave(*, actor: Actor, idea: Idea, now: datetime = AT_LOCK) -> None:
    """Stop being an author.

    Raises:
        NotPossible: nobody else has accepted authorship; withdraw the idea instead.
    """
    mine = _mine(actor, idea)
    if not any(author.accepted_at for author in idea.authors if author is not mine):
        raise NotPossible("last_author")
    idea.authors.remove(mine)
    emit(AuthorLeft(person_id=mine.person_id, **scope(idea)), actor=actor, now=now)


def _mine(actor: Actor, idea: Idea) -> Author:
    return next(author for author in idea.authors if author.person_id == actor.person_id)
