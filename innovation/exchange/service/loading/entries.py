"""Taking in who and what a bundle brings: people, challenges, ideas."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from innovation.challenges.models import Challenge
from innovation.challenges.service.importing import take_in_challenge
from innovation.challenges.service.writing import write_topics
from innovation.exchange.service import ballots
from innovation.exchange.service.loading.progress import Load, people_by_name, programme_of, unknown
from innovation.exchange.service.rows import ChallengeRow, IdeaRow, PersonRow, Problem
from innovation.ideas.models import Idea
from innovation.ideas.service.importing import take_in_idea
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import use_case
from innovation.people.service.importing import known_people, take_in_person, taken_addresses
from innovation.rules.promotion import ready_rule


@use_case(None)
def take_in_people(*, actor: Actor, work: Load, rows: list[PersonRow]) -> None:
    """Take in people; who has an address that somebody else has is left out and told."""
    known = known_people(work.source, (row.foreign_id for row in rows))
    organisations: dict[str, int | None] = {}
    departments: dict[str, int | None] = {}
    taken = taken_addresses(row.email for row in rows if row.email)
    made = []
    for row in rows:
        if row.foreign_id in known:
            continue
        try:
            person = take_in_person(
                source=work.source,
                foreign_id=row.foreign_id,
                name=row.name,
                email=row.email,
                circle=Circle(row.circle),
                organisation=row.organisation,
                department=row.department if row.circle == "staff" else "",
                language=row.language if row.language in {"en", "nl"} else "en",
                now=work.now,
                taken=taken,
                organisations=organisations,
                departments=departments,
            )
        except ValueError:
            lost = {"field": "email", "value": row.email or ""}
            work.problems.append(Problem(row.where.file, row.where.line, "address_taken", lost, lost=True))
            continue
        made.append(person)
    db.session.flush()
    work.new["people"] += len(made)
    work.people |= known | {str(person.foreign_id): person.id for person in made}


@use_case(None)
def take_in_challenges(*, actor: Actor, work: Load, rows: list[ChallengeRow]) -> None:
    """Take in challenges, as closed or open as their dates say."""
    programme = programme_of(work)
    decided_by_votes = {row.idea for row in work.bundle.tallies}
    with_poll = {row.challenge for row in work.bundle.ideas if row.foreign_id in decided_by_votes}
    votings = {row.challenge: row for row in work.bundle.votings}
    for row in rows:
        closes = row.closes or max(work.now, row.opens or work.now)
        by_votes = row.decides == "votes" or (row.decides is None and row.foreign_id in with_poll)
        challenge, new = take_in_challenge(
            actor=actor,
            programme=programme,
            source=work.source,
            foreign_id=row.foreign_id,
            now=work.now,
            circles=row.audience,
            values={
                "title": row.title[:300],
                "summary": row.question,
                "background": row.brief,
                "text_format": row.brief_format,
                "language": row.language,
                "sponsor_name": row.sponsor[:200],
                "source_url": row.source_url[:500],
                "zone": row.zone,
                "opens_at": min(row.opens, closes) if row.opens else min(work.now, closes),
                "closes_at": closes,
                "wall_times": {"closes": clock.to_wall(closes, row.zone).isoformat()},
                "budget_minor": row.budget,
                "prize_minor": row.prize,
                "currency": row.currency or "EUR",
                "who_decides": "votes" if by_votes else "sponsor",
                "rule": _rule_of(work, row.foreign_id) if by_votes else ready_rule("sponsor_picks"),
                **(ballots.columns(votings[row.foreign_id], work.now) if row.foreign_id in votings else {}),
            },
        )
        if new and row.topics:
            write_topics(challenge, [topic[:60] for topic in row.topics])
        work.new["challenges"] += new
        work.challenges[row.foreign_id] = challenge.id


def _rule_of(work: Load, challenge: str) -> dict[str, Any]:
    """The rule of the round a challenge is decided in; approvals for the best three where no round says."""
    for each in work.bundle.rounds:
        if challenge in each.challenges:
            return dict(each.rule)
    return ready_rule("top_k_approvals")


@use_case(None)
def take_in_ideas(*, actor: Actor, work: Load, rows: list[IdeaRow]) -> None:
    """Take in ideas with their authors; one of an unknown challenge is left out and told."""
    known = _known_ideas(work, [row.foreign_id for row in rows])
    authors = _authors(work, rows)
    challenges = {
        challenge.id: challenge
        for challenge in db.session.scalars(select(Challenge).where(Challenge.id.in_(work.challenges.values())))
    }
    for row in rows:
        if row.foreign_id in known:
            continue
        if row.challenge not in work.challenges:
            unknown(work, row.where, "challenge", row.challenge, "challenges")
            continue
        idea = take_in_idea(
            actor=actor,
            challenge=challenges[work.challenges[row.challenge]],
            source=work.source,
            foreign_id=row.foreign_id,
            title=row.title,
            text=row.text,
            requested_minor=row.requested,
            language=row.language,
            url=row.url,
            author_ids=[authors[name] for name in dict.fromkeys(row.authors) if name in authors],
            submitted_at=row.submitted_at or work.now,
            withdrawn=row.state == "withdrawn",
        )
        known[row.foreign_id] = idea.id
        work.new["ideas"] += 1
    work.ideas |= known


def _known_ideas(work: Load, foreign_ids: list[str]) -> dict[str, int]:
    rows = db.session.execute(
        select(Idea.foreign_id, Idea.id).where(Idea.source == work.source, Idea.foreign_id.in_(foreign_ids))
    )
    return {str(foreign_id): idea_id for foreign_id, idea_id in rows}


def _authors(work: Load, rows: list[IdeaRow]) -> dict[str, int]:
    """Person ids of the authors some rows name: people of the bundle, else people made of the bare names."""
    people_by_name(work, {name for row in rows for name in row.authors})
    return work.people
