"""Whom news of a challenge or an idea concerns: who wrote there, who still has to vote, who follows it and may see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.notifications.models import Watch
from innovation.notifications.queries.addressees import followers, who_see
from innovation.rules.ballot import KINDS, Ballot, has_budget
from innovation.rules.challenge import BY_VOTES, ChallengeState
from innovation.rules.idea import IN_THE_RUNNING, IdeaState
from innovation.voting.models import Vote


def writers(challenge_id: int) -> list[int]:
    """Everybody with a draft or an idea in a challenge that was not taken back."""
    return _authors(Idea.challenge_id == challenge_id, Idea.state != IdeaState.WITHDRAWN)


def with_drafts(challenge_id: int) -> list[int]:
    """Everybody with a draft in a challenge."""
    return _authors(Idea.challenge_id == challenge_id, Idea.state == IdeaState.DRAFT, Idea.trashed_at.is_(None))


def _authors(*conditions: ColumnElement[bool]) -> list[int]:
    found = select(Author.person_id).join(Author.idea).where(Author.accepted_at.is_not(None), *conditions)
    return sorted(db.session.scalars(found.distinct()))


def with_votes_left(challenge: Challenge) -> list[int]:
    """Who began to vote and has points left, and who follows the challenge, may vote and has not begun."""
    if challenge.who_decides not in BY_VOTES:
        return []
    voted = (
        select(Vote.person_id)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Idea.challenge_id == challenge.id, Idea.state.in_(IN_THE_RUNNING), Vote.value != 0)
    )
    found: set[int] = set()
    if has_budget(challenge.ballot):
        paid = Vote.value * Vote.value if challenge.ballot == Ballot.QUADRATIC else func.abs(Vote.value)
        total = challenge.ballot_budget or KINDS[Ballot(challenge.ballot)].default_budget or 0
        found.update(db.session.scalars(voted.group_by(Vote.person_id).having(func.sum(paid) < total)))

    def may_vote(actor: Actor) -> Select[Any]:
        mine = voted.where(Vote.person_id == actor.person_id)
        here = Challenge.id == challenge.id, Challenge.state == ChallengeState.PUBLISHED
        return select(Challenge.id).where(
            *here, challenges.in_audience(actor), ~challenges.decides_in(actor), ~mine.exists()
        )

    return sorted(found | set(who_see(followers(Watch.challenge_id == challenge.id), may_vote)))


def follow_challenge(challenge: Challenge, *also: ColumnElement[bool]) -> list[int]:
    """Who follows a challenge, or something else that leads to it, and may see it."""
    return seers_of_challenge(followers(Watch.challenge_id == challenge.id, *also), challenge.id)


def seers_of_challenge(person_ids: Iterable[int], challenge_id: int) -> list[int]:
    """Those of some people who may see a challenge."""
    return who_see(person_ids, lambda who: select(Challenge.id).where(Challenge.id == challenge_id, challenges.visible(who)))


def seers_of_idea(person_ids: Iterable[int], idea_id: int) -> list[int]:
    """Those of some people who may read an idea."""
    return who_see(
        person_ids, lambda who: select(Idea.id).join(Idea.challenge).where(Idea.id == idea_id, ideas.visible(who))
    )


def follow_idea(idea_id: int) -> list[int]:
    """Who follows an idea and may read it."""
    return seers_of_idea(followers(Watch.idea_id == idea_id), idea_id)


def follow_new_idea(idea: Idea) -> list[int]:
    """Who hears of an idea that was sent: followers of its challenge, and of its authors and the organisation it comes from
    where names may be known. Of a sealed idea nobody hears."""
    if idea.visibility != "audience":
        return []
    about = [Watch.challenge_id == idea.challenge_id]
    if not names_hidden(idea.challenge):
        about.append(Watch.followed_id.in_([each.person_id for each in idea.authors if each.accepted_at is not None]))
        about.append(Watch.organisation_id == idea.organisation_id)
    return seers_of_idea(followers(*about), idea.id)


def names_hidden(challenge: Challenge) -> bool:
    """Whether nobody but a few may know yet who wrote what in a challenge."""
    return challenge.names_hidden and challenge.decided_at is None
