"""Reading runs and rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import loader_of, locks_of, roles_of
from innovation.promotion.models import Decision, Judgement, Round, Run, RunChallenge
from innovation.rules.predicates import Role
from innovation.rules.run import RunState


@roles_of(Run)
def roles_on_run(actor: Actor, run: Run) -> frozenset[Role]:
    """What a person is to a run: what he is to all of its challenges, and author if any idea in it is his."""
    each = [challenges.role_set(actor, rc.challenge, in_audience=False) for rc in run.challenges]
    roles = frozenset.intersection(*each) if each else frozenset()
    if ideas.authored_in(actor, [rc.challenge_id for rc in run.challenges]):
        roles = roles | {Role.AUTHOR}
    return roles


@locks_of(Run)
def _locks(run: Run) -> Sequence[Select[Any]]:
    """The run alone: whoever wants its challenges too takes them after it."""
    return [select(Run.id).where(Run.id == run.id).with_for_update()]


@loader_of(Run)
def run(run_id: int) -> Run:
    """A run for the house's own work.

    Raises:
        NoResultFound: there is no such run.
    """
    found: Run = db.session.execute(_runs().where(Run.id == run_id)).scalar_one()
    return found


def by_ids(ids: Iterable[int]) -> Sequence[Run]:
    """Runs for the house's own work."""
    return db.session.scalars(_runs().where(Run.id.in_(list(ids)))).all()


def _runs() -> Select[Any]:
    of_challenge = selectinload(Run.challenges).joinedload(RunChallenge.challenge)
    return select(Run).options(joinedload(Run.round), of_challenge.joinedload(Challenge.thread))


def get(actor: Actor, public_id: str) -> Run | None:
    """A run that touches a challenge this person may see."""
    touches = exists().where(
        RunChallenge.run_id == Run.id, RunChallenge.challenge_id == Challenge.id, challenges.visible(actor)
    )
    return db.session.scalars(_runs().where(Run.public_id == public_id, touches)).one_or_none()


def of_challenge(challenge_id: int) -> Sequence[Run]:
    """The runs that decided a challenge, the first pass first."""
    return db.session.scalars(
        _runs()
        .join(RunChallenge, RunChallenge.run_id == Run.id)
        .where(RunChallenge.challenge_id == challenge_id)
        .order_by(Run.pass_no)
    ).all()


def announceable(actor: Actor) -> Select[Any]:
    """Decided runs that this person may have to announce, in no order."""
    mine = exists().where(
        RunChallenge.run_id == Run.id,
        RunChallenge.challenge_id == Challenge.id,
        or_(challenges.works_on(actor), challenges.manages(actor, Challenge.programme_id)),
    )
    return _runs().join(Run.round).where(Run.state == RunState.DECIDED, Round.purpose == "promotion", mine)


def to_announce(actor: Actor, limit: int = 20) -> Sequence[Run]:
    """Decided runs that this person may have to announce, the longest waiting first."""
    return db.session.scalars(announceable(actor).order_by(Run.decided_at, Run.id).limit(limit)).all()


def with_open_calls(run_ids: Iterable[int]) -> set[int]:
    """Those of some runs in which ideas that were too close to call wait for a person."""
    judged = exists().where(Judgement.run_id == Decision.run_id, Judgement.idea_id == Decision.idea_id)
    waits = Decision.run_id.in_(list(run_ids)), Decision.close, ~judged
    return set(db.session.scalars(select(Decision.run_id).where(*waits).distinct()))


def under_way(actor: Actor, limit: int = 20) -> Sequence[Run]:
    """Runs of programmes this person manages that are not announced, and the latest that are."""
    return db.session.scalars(
        _runs()
        .where(challenges.manages(actor, Run.programme_id))
        .order_by(Run.state == RunState.ANNOUNCED, Run.id.desc())
        .limit(limit)
    ).all()


def decided_runs(public_id: str | None = None) -> Sequence[Run]:
    """Every run that has decided, or the one of that public id, in the order they were queued."""
    statement = select(Run).where(Run.outcome_hash.is_not(None)).order_by(Run.id)
    if public_id is not None:
        statement = statement.where(Run.public_id == public_id)
    return db.session.scalars(statement).all()


def told(run_id: int, name: str) -> list[dict[str, Any]]:
    """What every fact of that name said of a run, the first first."""
    its = select(Run.programme_id).where(Run.id == run_id).scalar_subquery()
    facts = db.session.scalars(select(Event).where(Event.name == name, Event.programme_id == its).order_by(Event.id))
    return [fact.payload for fact in facts if fact.payload.get("run_id") == run_id]


def unfinished() -> Sequence[Run]:
    """Runs that have not come to an announcement, for waiting and for going on after a restart."""
    return db.session.scalars(_runs().where(Run.state != RunState.ANNOUNCED).order_by(Run.id)).all()


def to_announce_by_clock() -> Sequence[Run]:
    """Decided runs whose round or challenge says that they announce themselves."""
    return db.session.scalars(_runs().where(Run.state == RunState.DECIDED).order_by(Run.id).limit(100)).all()
