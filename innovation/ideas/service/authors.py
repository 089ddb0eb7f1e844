"""Co-authors: named by an author, invited where they have no account, credited once they accept the terms.

Shares are set in the draft and accepted together with the terms: setting them anew asks everybody else again. Once the idea
is sent they stand; whoever leaves frees his own, and nobody's else changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from innovation.challenges import queries as challenges
from innovation.challenges.service.terms import record_acceptance
from innovation.ideas import queries
from innovation.ideas.events import AuthorAccepted, AuthorLeft, AuthorNamed, CoAuthorAsked, SharesSet
from innovation.ideas.models import Author, AuthorInvitation, Idea
from innovation.ideas.queries import authoring
from innovation.ideas.service.writing import scope
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, may, use_case
from innovation.people import queries as people
from innovation.people.service import invitations
from innovation.rules.idea import IN_THE_RUNNING, UNSENT, IdeaState
from innovation.rules.policy import May

MOST = 20
"""So many authors an idea may have, those who are only asked among them."""


@use_case(May.EDIT_IDEA, on="idea")
def name_author(*, actor: Actor, idea: Idea, email: str, message: str = "", now: datetime = AT_LOCK) -> bool:
    """Name a co-author. Who has an account sees the idea from now on; who has none is invited, and asked once he takes part.

    Args:
        message: a line for the invitation, in the language of the challenge; it must tell nothing of the idea.

    Returns:
        True where he has an account; False where he was invited.

    Raises:
        Invalid: he may not take part in the challenge, he is named already, or there are too many.
        NotPossible: the idea is decided.
    """
    if idea.state not in {*IN_THE_RUNNING, *UNSENT}:
        raise NotPossible("not_in_the_running", state=idea.state)
    asked = authoring.asked(idea.id)
    if len(idea.authors) + len(asked) >= MOST:
        raise Invalid("too_many_authors", field="email")
    person = people.by_email(email)
    if person is None:
        _invite(actor, idea, email, message, {each.email_key for each in asked}, now)
        return False
    if any(author.person_id == person.id for author in idea.authors):
        raise Invalid("author_already", field="email")
    if not may(people.actor(person.id), May.START_IDEA, idea.challenge):
        raise Invalid("author_not_in_audience", field="email")
    _add(actor, idea, person.id, None, now)
    return True


def _invite(actor: Actor, idea: Idea, email: str, message: str, asked: set[str], now: datetime) -> None:
    if people.email_key(email) in asked:
        raise Invalid("author_already", field="email")
    if not challenges.takes_outsiders(idea.challenge_id):
        raise Invalid("nobody_has_this_address", field="email")
    invitation = invitations.ask(
        actor=actor,
        email=email,
        name="",
        language=idea.challenge.language,
        challenge_id=idea.challenge_id,
        message=message,
        now=now,
    )
    db.session.add(AuthorInvitation(idea_id=idea.id, invitation_id=invitation.id, named_by=actor.person_id, named_at=now))
    emit(CoAuthorAsked(invitation_id=invitation.id, **scope(idea)), actor=actor, now=now)


def _add(actor: Actor, idea: Idea, person_id: int, share: int | None, now: datetime) -> None:
    position = max((author.position for author in idea.authors), default=0) + 1
    db.session.add(Author(idea_id=idea.id, person_id=person_id, position=position, share=share))
    emit(AuthorNamed(person_id=person_id, **scope(idea)), actor=actor, now=now)


@use_case(None)
def join_as_author(*, actor: Actor, invitation_id: int, person_id: int, now: datetime = AT_LOCK) -> None:
    """Somebody who was asked takes part now: he is named in every idea he was asked for, and mailed for his acceptance.

    Twice is once. An idea that is over, and a challenge in which he judges, name nobody.
    """
    rows = db.session.scalars(select(AuthorInvitation).where(AuthorInvitation.invitation_id == invitation_id)).all()
    share = {row.idea_id: row.share for row in rows}
    db.session.execute(delete(AuthorInvitation).where(AuthorInvitation.id.in_([row.id for row in rows])))
    for idea in queries.by_ids(share):
        there = any(author.person_id == person_id for author in idea.authors)
        open_ = idea.state in {*IN_THE_RUNNING, *UNSENT}
        if open_ and not there and may(people.actor(person_id), May.START_IDEA, idea.challenge):
            _add(actor, idea, person_id, share[idea.id], now)


@use_case(May.EDIT_IDEA, on="idea")
def take_back_question(*, actor: Actor, idea: Idea, invitation: str) -> None:
    """Ask somebody no more, by the public id of his invitation; he may still use it to take part by himself."""
    ids = [each.id for each in authoring.asked(idea.id) if each.public_id == invitation]
    db.session.execute(delete(AuthorInvitation).where(AuthorInvitation.id.in_(ids)))


@use_case(May.EDIT_IDEA, on="idea")
def set_shares(*, actor: Actor, idea: Idea, shares: Mapping[str, int | None], now: datetime = AT_LOCK) -> None:
    """Set everybody's share of a prize, in whole percent, or nobody's; who had accepted other shares is asked again.

    Args:
        shares: by the public id of the person, or of the invitation of somebody who is only asked.

    Raises:
        NotPossible: the idea is sent, so that its shares stand, or this person was only named as an author.
        Invalid: somebody has no share while another has one, or they do not add up to 100.
    """
    _require_draft(idea, actor)
    asked = authoring.asked_rows(idea.id)
    names = {author.person.public_id for author in idea.authors} | asked.keys()
    given = {name: shares.get(name) for name in names}
    values = [value for value in given.values() if value is not None]
    if values and (len(values) < len(given) or sum(values) != 100 or min(values) < 1):
        raise Invalid("shares_not_100", field="shares")
    changed = [author for author in idea.authors if author.share != given[author.person.public_id]]
    moved = changed or any(row.share != given[name] for name, row in asked.items())
    for author in idea.authors:
        author.share = given[author.person.public_id]
    for name, row in asked.items():
        row.share = given[name]
    if not moved:
        return
    emit(SharesSet(**scope(idea)), actor=actor, now=now)
    for author in idea.authors:
        if author.accepted_at is not None and author.person_id != actor.person_id:
            author.accepted_at = None
            emit(AuthorNamed(person_id=author.person_id, **scope(idea)), actor=actor, now=now)


def _require_draft(idea: Idea, actor: Actor) -> None:
    if idea.state != IdeaState.DRAFT:
        raise NotPossible("shares_stand")
    if _mine(actor, idea).accepted_at is None:
        raise NotPossible("authorship_not_accepted")


@use_case(May.EDIT_IDEA, on="idea")
def accept_authorship(*, actor: Actor, idea: Idea, now: datetime = AT_LOCK) -> None:
    """Accept being an author, with his share, and the challenge's terms with it; possible after the deadline too."""
    mine = _mine(actor, idea)
    if mine.accepted_at is not None:
        return
    mine.accepted_at = now
    assert actor.person_id is not None
    record_acceptance(actor=actor, person_id=actor.person_id, challenge=idea.challenge, now=now)
    emit(AuthorAccepted(person_id=mine.person_id, **scope(idea)), actor=actor, now=now)


@use_case(May.EDIT_IDEA, on="idea")
def leave(*, actor: Actor, idea: Idea, now: datetime = AT_LOCK) -> None:
    """Stop being an author; his share is free, and nobody else's changes.

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
