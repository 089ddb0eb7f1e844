"""One loader for every importer: a bundle in, rows through the features' own services, twice the same as once.

It commits every few hundred rows, so an import that is broken off goes on where it stopped when it is run again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select

from innovation.challenges.models import Challenge, Programme
from innovation.challenges.service.importing import take_in_challenge, take_in_programme
from innovation.evaluation.service import record_reviews
from innovation.exchange.service import ballots
from innovation.exchange.service.rows import Bundle, ChallengeRow, IdeaRow, PersonRow, Problem, TallyRow, VotingRow, Where
from innovation.ideas.models import Idea
from innovation.ideas.service.importing import take_in_idea
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import use_case
from innovation.people.service.importing import known_people, take_in_person, taken_addresses
from innovation.promotion.service.importing import take_in_round
from innovation.rules.promotion import ready_rule
from innovation.voting.service import record_poll

_T = TypeVar("_T")
BATCH = 300

Progress = Callable[[str, int, int], None]
"""Called with (what, done, total)."""


class Load:
    """One bundle being loaded: what is known by foreign id, what was new, and what could not be taken."""

    def __init__(self, bundle: Bundle, actor: Actor, progress: Progress) -> None:
        self.bundle = bundle
        self.actor = actor
        self.progress = progress
        self.now = clock.now()
        self.new: Counter[str] = Counter()
        self.problems: list[Problem] = list(bundle.problems)
        self.challenges: dict[str, int] = {}
        self.ideas: dict[str, int] = {}
        self.people: dict[str, int] = {}

    @property
    def source(self) -> str:
        return self.bundle.source


def load(bundle: Bundle, *, actor: Actor, progress: Progress = lambda what, done, total: None) -> Load:
    """Write a bundle. What the source brought before stays as it is.

    Returns:
        The load, with ``new`` (how many rows of each kind were new) and ``problems``.
    """
    work = Load(bundle, actor, progress)
    for rows in _batches(work, "people", bundle.people):
        _people(actor=actor, work=work, rows=rows)
    for challenge_rows in _batches(work, "challenges", bundle.challenges):
        _challenges(actor=actor, work=work, rows=challenge_rows)
    for idea_rows in _batches(work, "ideas", bundle.ideas):
        _ideas(actor=actor, work=work, rows=idea_rows)
    _votes(actor=actor, work=work)
    votings = [(row, _place(work, row)) for row in bundle.votings if row.challenge in work.challenges]
    for row, place in votings:
        new, problems = ballots.load_voting(actor=actor, row=row, place=place, progress=progress)
        work.new += new
        work.problems += problems
    _reviews(actor=actor, work=work)
    _rounds(actor=actor, work=work)
    for row, place in votings:
        ballots.finish(actor=actor, row=row, place=place)
    return work


def _place(work: Load, row: VotingRow) -> ballots.Place:
    return ballots.Place(work.source, work.challenges[row.challenge], work.ideas, work.now)


def survey(bundle: Bundle) -> Counter[str]:
    """What a load would find new, without writing anything."""
    with_ids: dict[type[Any], Sequence[Any]] = {Challenge: bundle.challenges, Idea: bundle.ideas}
    found: Counter[str] = Counter()
    for model, rows in with_ids.items():
        known = set(db.session.scalars(select(model.foreign_id).where(model.source == bundle.source)))
        found[model.__tablename__ + "s"] = sum(row.foreign_id not in known for row in rows)
    everyone = {row.foreign_id for row in bundle.people}
    everyone |= {voter.foreign_id for voting in bundle.votings for voter in voting.voters}
    found["people"] = len(everyone) - len(known_people(bundle.source, everyone))
    return found


def _batches(work: Load, what: str, rows: Sequence[_T]) -> Iterator[list[_T]]:
    done, rest = 0, iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch
        done += len(batch)
        work.progress(what, done, len(rows))


@use_case(None)
def _people(*, actor: Actor, work: Load, rows: list[PersonRow]) -> None:
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
def _challenges(*, actor: Actor, work: Load, rows: list[ChallengeRow]) -> None:
    programme = _programme(work)
    decided_by_votes = {row.idea for row in work.bundle.tallies}
    with_poll = {row.challenge for row in work.bundle.ideas if row.foreign_id in decided_by_votes}
    votings = {row.challenge: row for row in work.bundle.votings}
    for row in rows:
        closes = row.closes or max(work.now, row.opens or work.now)
        by_votes = row.foreign_id in with_poll
        challenge, new = take_in_challenge(
            actor=actor,
            programme=programme,
            source=work.source,
            foreign_id=row.foreign_id,
            now=work.now,
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
        work.new["challenges"] += new
        work.challenges[row.foreign_id] = challenge.id


def _programme(work: Load) -> Programme:
    row = work.bundle.programme
    found, new = take_in_programme(
        work.source, row.foreign_id if row else work.source, row.title if row else work.source, work.now
    )
    work.new["programmes"] += new
    return found


def _rule_of(work: Load, challenge: str) -> dict[str, Any]:
    """The rule of the round a challenge is decided in; approvals for the best three where no round says."""
    for each in work.bundle.rounds:
        if challenge in each.challenges:
            return dict(each.rule)
    return ready_rule("top_k_approvals")


@use_case(None)
def _ideas(*, actor: Actor, work: Load, rows: list[IdeaRow]) -> None:
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
            _unknown(work, row.where, "challenge", row.challenge, "challenges")
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


def _unknown(work: Load, where: Where, field: str, value: str, kind: str) -> None:
    """Note a row that refers to something this source does not hold; it is not imported."""
    params = {"field": field, "id": value, "kind": kind}
    work.problems.append(Problem(where.file, where.line, "unknown_reference", params, lost=True))


def _known_ideas(work: Load, foreign_ids: list[str]) -> dict[str, int]:
    rows = db.session.execute(
        select(Idea.foreign_id, Idea.id).where(Idea.source == work.source, Idea.foreign_id.in_(foreign_ids))
    )
    return {str(foreign_id): idea_id for foreign_id, idea_id in rows}


def _authors(work: Load, rows: list[IdeaRow]) -> dict[str, int]:
    """Person ids of the authors some rows name: people of the bundle, else people made of the bare names."""
    _people_by_name(work, {name for row in rows for name in row.authors})
    return work.people


def _people_by_name(work: Load, names: set[str]) -> None:
    """Make people of names that no people file explains, so that what they wrote has an author."""
    unknown = names - work.people.keys()
    work.people |= known_people(work.source, unknown)
    fresh = [
        take_in_person(
            source=work.source,
            foreign_id=name,
            name=name[:200],
            email=None,
            circle=Circle.PUBLIC,
            organisation="",
            department="",
            language="en",
            now=work.now,
            taken=set(),
        )
        for name in sorted(unknown - work.people.keys())
    ]
    db.session.flush()
    work.people |= {str(person.foreign_id): person.id for person in fresh}


@use_case(None)
def _votes(*, actor: Actor, work: Load) -> None:
    challenge_of = {row.foreign_id: row.challenge for row in work.bundle.ideas}
    by_challenge: dict[str, list[TallyRow]] = defaultdict(list)
    for row in work.bundle.tallies:
        if row.idea in work.ideas:
            by_challenge[challenge_of[row.idea]].append(row)
        else:
            _unknown(work, row.where, "idea", row.idea, "ideas")
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
def _reviews(*, actor: Actor, work: Load) -> None:
    _people_by_name(work, {row.reviewer for row in work.bundle.reviews if row.reviewer})
    work.new["reviews"] += record_reviews(
        work.source,
        (
            (row.foreign_id, work.ideas[row.idea], work.people.get(row.reviewer or ""), dict(row.scores), row.valid)
            for row in work.bundle.reviews
            if row.idea in work.ideas
        ),
    )


@use_case(None)
def _rounds(*, actor: Actor, work: Load) -> None:
    if not work.bundle.rounds:
        return
    programme = _programme(work)
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
