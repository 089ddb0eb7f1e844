"""Reading what runs decided, and what persons decided where the figures could not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import joinedload

from innovation.challenges.models import Challenge
from innovation.evaluation.models import Review
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.promotion.models import Decision, Judgement, Round, Run
from innovation.rules.idea import IdeaState
from innovation.rules.promotion import Because
from innovation.rules.run import RunState


def decisions(actor: Actor, run: Run, challenge: Challenge | None, cursor: str | None) -> paging.Page[Decision]:
    """A run's decisions by place, those without one last; only ideas this person may read."""
    statement = (
        select(Decision)
        .join(Decision.idea)
        .join(Idea.challenge)
        .options(joinedload(Decision.idea).joinedload(Idea.challenge))
        .where(Decision.run_id == run.id, ideas.visible(actor))
    )
    if challenge is not None:
        statement = statement.where(Idea.challenge_id == challenge.id)
    placed = db.func.coalesce(Decision.place, 1_000_000_000)
    order = [paging.Key(placed), paging.Key(Decision.id)]
    return paging.fetch(
        statement,
        order,
        cursor,
        lambda row: (row[0].place if row[0].place is not None else 1_000_000_000, row[0].id),
        size=50,
    )


def of_idea(idea_id: int) -> Sequence[Decision]:
    """The announced decisions about an idea, the last pass first. A place on a shortlist, or none, decides nothing yet."""
    return db.session.scalars(
        select(Decision)
        .join(Decision.run)
        .join(Run.round)
        .options(joinedload(Decision.run))
        .where(Decision.idea_id == idea_id, Run.state == RunState.ANNOUNCED, Round.purpose == "promotion")
        .order_by(Run.pass_no.desc())
    ).all()


def deciding(idea_id: int) -> Decision | None:
    """The decision that settled an idea: the one that promoted it, else the last."""
    made = of_idea(idea_id)
    return next((each for each in made if each.promoted), made[0] if made else None)


def of_run(run_id: int) -> Sequence[Decision]:
    """Every decision of a run, with its idea and challenge, for the announcement."""
    return db.session.scalars(
        select(Decision)
        .options(joinedload(Decision.idea).joinedload(Idea.challenge))
        .where(Decision.run_id == run_id)
        .order_by(Decision.id)
    ).all()


def judgements(run_id: int) -> dict[str, bool]:
    """What named persons decided about ideas of a run that were too close to call, by public id."""
    rows = db.session.execute(
        select(Idea.public_id, Judgement.promoted).join(Idea, Idea.id == Judgement.idea_id).where(Judgement.run_id == run_id)
    )
    return {row.public_id: row.promoted for row in rows}


def close_calls(run_id: int) -> Sequence[tuple[Decision, Judgement | None]]:
    """The ideas of a run that were too close to call, by place, with what was decided about each so far."""
    rows = db.session.execute(
        select(Decision, Judgement)
        .join(Decision.idea)
        .outerjoin(Judgement, and_(Judgement.run_id == Decision.run_id, Judgement.idea_id == Decision.idea_id))
        .options(joinedload(Decision.idea).joinedload(Idea.challenge))
        .where(Decision.run_id == run_id, Decision.close)
        .order_by(Decision.place, Decision.id)
    ).all()
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class Shift:
    """What persons' calls change in a challenge against the rule's own decisions: ideas chosen, and money in minor units."""

    chosen: int = 0
    money: int = 0


def shifts(calls: Sequence[tuple[Decision, Judgement | None]]) -> dict[int, Shift]:
    """What the calls made so far change, by challenge id; nothing once the result is announced, which holds them."""
    found: dict[int, Shift] = {}
    for made, judgement in calls:
        turn = 0 if judgement is None else int(judgement.promoted) - int(made.promoted)
        before = found.get(made.idea.challenge_id, Shift())
        money = turn * (made.idea.requested_minor or 0)
        found[made.idea.challenge_id] = Shift(before.chosen + turn, before.money + money)
    return found


def with_words_to_change(run: Run) -> Sequence[Decision]:
    """Decisions whose sentence, by sponsor or manager, can still be changed, by place; none once it is announced."""
    if run.state != RunState.DECIDED:
        return []
    return db.session.scalars(
        select(Decision)
        .join(Decision.idea)
        .options(joinedload(Decision.idea).joinedload(Idea.challenge))
        .where(
            Decision.run_id == run.id,
            Decision.words != "",
            Decision.words_as != "judge",
            Decision.because.not_in([Because.PICKED, Because.NOT_PICKED]),
        )
        .order_by(Decision.place.is_(None), Decision.place, Decision.id)
        .limit(200)
    ).all()


def without_words(run: Run) -> Sequence[Decision]:
    """Decisions about ideas that passed the check and have no sentence from a person or panel yet, by place."""
    passed = Idea.state.not_in([IdeaState.WITHDRAWN, IdeaState.MERGED, IdeaState.DRAFT])
    reviewed = exists().where(Review.idea_id == Idea.id, Review.valid, Review.sentence != "")
    return db.session.scalars(
        select(Decision)
        .join(Decision.idea)
        .options(joinedload(Decision.idea).joinedload(Idea.challenge))
        .where(Decision.run_id == run.id, passed, Idea.unchecked.is_(False), Decision.words == "", ~reviewed)
        .order_by(Decision.place.is_(None), Decision.place, Decision.id)
        .limit(200)
    ).all()


def readable_titles(actor: Actor, public_ids: Sequence[str]) -> dict[str, str]:
    """The titles of some ideas, by public id; those this person may not read are missing."""
    if not public_ids:
        return {}
    rows = db.session.execute(
        select(Idea.public_id, Idea.title)
        .join(Idea.challenge)
        .where(Idea.public_id.in_(list(public_ids)), ideas.visible(actor))
    )
    return {row.public_id: row.title for row in rows}


def decision_of(actor: Actor, run: Run, idea_public_id: str) -> Decision | None:
    """What a run decided about one idea this person may read."""
    return db.session.scalars(
        select(Decision)
        .join(Decision.idea)
        .join(Idea.challenge)
        .options(joinedload(Decision.idea).joinedload(Idea.challenge))
        .where(Decision.run_id == run.id, Idea.public_id == idea_public_id, ideas.visible(actor))
    ).one_or_none()


def recorded(run_id: int) -> dict[str, tuple[bool, int | None, str]]:
    """What was stored for each idea of a run, by public id: (promoted, place, because)."""
    rows = db.session.execute(
        select(Idea.public_id, Decision.promoted, Decision.place, Decision.because)
        .join(Idea, Idea.id == Decision.idea_id)
        .where(Decision.run_id == run_id)
    )
    return {row.public_id: (row.promoted, row.place, row.because) for row in rows}


def decision_report(challenge_public_id: str | None) -> list[tuple[Decision, Idea, Challenge, Round, int]]:
    """Every decision of every decided run, for scripts: run order, then challenge, then place."""
    statement = (
        select(Decision, Idea, Challenge, Round, Run.pass_no)
        .join(Run, Run.id == Decision.run_id)
        .join(Round, Round.id == Run.round_id)
        .join(Idea, Idea.id == Decision.idea_id)
        .join(Challenge, Challenge.id == Idea.challenge_id)
        .where(Run.state.in_([RunState.DECIDED, RunState.ANNOUNCED]))
        .order_by(Run.id, Challenge.id, Decision.place.is_(None), Decision.place, Decision.id)
    )
    if challenge_public_id:
        statement = statement.where(
            or_(
                Challenge.public_id == challenge_public_id,
                Challenge.foreign_id == challenge_public_id,
                Challenge.title == challenge_public_id,
            )
        )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in db.session.execute(statement)]


def chosen(runs: Iterable[Run], challenge_id: int) -> dict[int, str]:
    """The ideas of a challenge that these runs chose, by id, with the purpose of the last run that did."""
    rows = db.session.execute(
        select(Decision.idea_id, Round.purpose)
        .join(Run, Run.id == Decision.run_id)
        .join(Round, Round.id == Run.round_id)
        .join(Idea, Idea.id == Decision.idea_id)
        .where(Decision.run_id.in_([run.id for run in runs]), Decision.promoted, Idea.challenge_id == challenge_id)
        .order_by(Run.id)
    )
    return {row.idea_id: row.purpose for row in rows}
