"""One loader for every importer: a bundle in, rows through the features' own services, twice the same as once.

It commits every few hundred rows, so an import that is broken off goes on where it stopped when it is run again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from innovation.challenges.models import Challenge
from innovation.discussion.models import Comment
from innovation.exchange.service import ballots
from innovation.exchange.service.loading.comments import take_in_comments
from innovation.exchange.service.loading.entries import take_in_challenges, take_in_ideas, take_in_people
from innovation.exchange.service.loading.judgements import take_in_reviews, take_in_rounds, take_in_tallies
from innovation.exchange.service.loading.progress import Load, Progress, batches
from innovation.exchange.service.rows import Bundle, VotingRow
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people.service.importing import known_people

__all__ = ["Load", "load", "survey"]


def load(bundle: Bundle, *, actor: Actor, progress: Progress = lambda what, done, total: None) -> Load:
    """Write a bundle. What the source brought before stays as it is.

    Returns:
        The load, with ``new`` (how many rows of each kind were new) and ``problems``.
    """
    work = Load(bundle, actor, progress)
    for rows in batches(work, "people", bundle.people):
        take_in_people(actor=actor, work=work, rows=rows)
    for challenge_rows in batches(work, "challenges", bundle.challenges):
        take_in_challenges(actor=actor, work=work, rows=challenge_rows)
    for idea_rows in batches(work, "ideas", bundle.ideas):
        take_in_ideas(actor=actor, work=work, rows=idea_rows)
    for comment_rows in batches(work, "comments", bundle.comments):
        take_in_comments(actor=actor, work=work, rows=comment_rows)
    take_in_tallies(actor=actor, work=work)
    votings = [(row, _place(work, row)) for row in bundle.votings if row.challenge in work.challenges]
    for row, place in votings:
        new, problems = ballots.load_voting(actor=actor, row=row, place=place, progress=progress)
        work.new += new
        work.problems += problems
    take_in_reviews(actor=actor, work=work)
    take_in_rounds(actor=actor, work=work)
    for row, place in votings:
        ballots.finish(actor=actor, row=row, place=place)
    return work


def _place(work: Load, row: VotingRow) -> ballots.Place:
    return ballots.Place(work.source, work.challenges[row.challenge], work.ideas, work.now)


def survey(bundle: Bundle) -> Counter[str]:
    """What a load would find new, without writing anything."""
    with_ids: dict[type[Any], Sequence[Any]] = {
        Challenge: bundle.challenges,
        Idea: bundle.ideas,
        Comment: bundle.comments,
    }
    found: Counter[str] = Counter()
    for model, rows in with_ids.items():
        known = set(db.session.scalars(select(model.foreign_id).where(model.source == bundle.source)))
        found[model.__tablename__ + "s"] = sum(row.foreign_id not in known for row in rows)
    everyone = {row.foreign_id for row in bundle.people}
    everyone |= {voter.foreign_id for voting in bundle.votings for voter in voting.voters}
    found["people"] = len(everyone) - len(known_people(bundle.source, everyone))
    return found
