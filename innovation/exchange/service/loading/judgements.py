"""Taking in what was said of a bundle's ideas: tallies of polls, reviews, the rounds that decide."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from innovation.challenges.models import Challenge
from innovation.evaluation.service import record_reviews
from innovation.exchange.service.loading.progress import Load, people_by_name, programme_of, unknown
from innovation.exchange.service.rows import TallyRow
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import use_case
from innovation.promotion.service.importing import take_in_round
from innovation.voting.service import record_poll


@use_case(None)
def take_in_tallies(*, actor: Actor, work: Load) -> None:
    """Take in the tallies of polls held elsewhere."""
    challenge_of = {row.foreign_id: row.challenge for row in work.bundle.ideas}
    by_challenge: dict[str, list[TallyRow]] = defaultdict(list)
    for row in work.bundle.tallies:
        if row.idea in work.ideas:
            by_challenge[challenge_of[row.idea]].append(row)
        else:
            unknown(work, row.where, "idea", row.idea, "ideas")
    ideas = {idea.id: idea for idea in db.session.scalars(select(Idea).where(Idea.source == work.source))}
    done = 0
    for challenge, rows in by_challenge.items():
        if challenge not in work.challenges:
            continue
        record_poll(
            challenge_id=work.challenges[challenge],
            source=rows[0].source,
            unit=rows[0].unit,
            electorate=rows[0].electorate,
            rows=[
                (ideas[work.ideas[row.idea]], row.for_weight, row.against_weight, row.voters)
                for row in rows
                if row.idea in work.ideas
            ],
        )
        done += len(rows)
        work.progress("tallies", done, len(work.bundle.tallies))


@use_case(None)
def take_in_reviews(*, actor: Actor, work: Load) -> None:
    """Take in reviews, their reviewers made of bare names where no people file explains them."""
    people_by_name(work, {row.reviewer for row in work.bundle.reviews if row.reviewer})
    work.new["reviews"] += record_reviews(
        work.source,
        (
            (row.foreign_id, work.ideas[row.idea], work.people.get(row.reviewer or ""), dict(row.scores), row.valid)
            for row in work.bundle.reviews
            if row.idea in work.ideas
        ),
    )


@use_case(None)
def take_in_rounds(*, actor: Actor, work: Load) -> None:
    """Take in rounds with their rules and the challenges they decide."""
    if not work.bundle.rounds:
        return
    programme = programme_of(work)
    by_id = {
        challenge.id: challenge
        for challenge in db.session.scalars(select(Challenge).where(Challenge.id.in_(work.challenges.values())))
    }
    for row in work.bundle.rounds:
        work.new["rounds"] += take_in_round(
            programme_id=programme.id,
            source=work.source,
            foreign_id=row.foreign_id,
            title=row.title,
            rule=row.rule,
            second_rule=row.second_rule,
            members=[
                (by_id[work.challenges[name]], name in row.second_challenges)
                for name in row.challenges
                if name in work.challenges
            ],
            now=work.now,
        )
