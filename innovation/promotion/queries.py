"""Reading rounds, runs and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.evaluation.models import Review
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import loader_of, roles_of
from innovation.promotion.models import Decision, Judgement, Pick, PicksFinished, Round, RoundChallenge, Run, RunChallenge
from innovation.rules.challenge import ChallengeState, WhoDecides
from innovation.rules.idea import IN_THE_RUNNING, IdeaState
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
    return select(Run).options(joinedload(Run.round), selectinload(Run.challenges).joinedload(RunChallenge.challenge))


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


def to_announce(actor: Actor, limit: int = 20) -> Sequence[Run]:
    """Decided runs that this person may have to announce, the longest waiting first."""
    mine = exists().where(
        RunChallenge.run_id == Run.id,
        RunChallenge.challenge_id == Challenge.id,
        or_(challenges.works_on(actor), challenges.manages(actor, Challenge.programme_id)),
    )
    return db.session.scalars(
        _runs()
        .join(Run.round)
        .where(Run.state == RunState.DECIDED, Round.purpose == "promotion", mine)
        .order_by(Run.decided_at, Run.id)
        .limit(limit)
    ).all()


def under_way(actor: Actor, limit: int = 20) -> Sequence[Run]:
    """Runs of programmes this person manages that are not announced, and the latest that are."""
    return db.session.scalars(
        _runs()
        .where(challenges.manages(actor, Run.programme_id))
        .order_by(Run.state == RunState.ANNOUNCED, Run.id.desc())
        .limit(limit)
    ).all()


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


def picks(challenge_id: int) -> dict[int, Pick]:
    """A challenge's picks by idea id."""
    return {p.idea_id: p for p in db.session.scalars(select(Pick).where(Pick.challenge_id == challenge_id))}


def all_picks(challenge_ids: Iterable[int]) -> dict[int, Pick]:
    """Picks by idea id over several challenges."""
    rows = db.session.scalars(select(Pick).where(Pick.challenge_id.in_(list(challenge_ids))))
    return {pick.idea_id: pick for pick in rows}


def picks_finished(challenge_id: int) -> PicksFinished | None:
    return db.session.scalars(select(PicksFinished).where(PicksFinished.challenge_id == challenge_id)).one_or_none()


def to_pick(actor: Actor, now: datetime, limit: int = 20) -> Sequence[Challenge]:
    """Challenges whose ideas are in and whose sponsor has not finished picking."""
    done = exists().where(PicksFinished.challenge_id == Challenge.id)
    return db.session.scalars(
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.who_decides == "sponsor",
            Challenge.closes_at <= now,
            challenges.works_on(actor),
            ~done,
        )
        .order_by(Challenge.answer_by, Challenge.id)
        .limit(limit)
    ).all()


def to_be_picked_by_others(actor: Actor, now: datetime, limit: int = 20) -> Sequence[Challenge]:
    """Challenges this person manages whose ideas are in and whose sponsor, somebody else, has not finished picking.

    Challenges held elsewhere promise no answer and wait for nobody.
    """
    done = exists().where(PicksFinished.challenge_id == Challenge.id)
    return db.session.scalars(
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.who_decides == "sponsor",
            Challenge.closes_at <= now,
            Challenge.answer_by.is_not(None),
            challenges.manages(actor, Challenge.programme_id),
            ~challenges.works_on(actor),
            ~done,
        )
        .order_by(Challenge.answer_by, Challenge.id)
        .limit(limit)
    ).all()


def ideas_to_pick(challenge: Challenge) -> Sequence[Idea]:
    """The ideas a sponsor decides about, the first submitted first."""
    return db.session.scalars(
        select(Idea)
        .where(Idea.challenge_id == challenge.id, Idea.state.in_(IN_THE_RUNNING))
        .order_by(Idea.submitted_at, Idea.id)
    ).all()


def due_alone(now: datetime, limit: int = 50) -> Sequence[Challenge]:
    """Challenges outside any round whose decide phase has begun (and, where a sponsor picks, whose picks are in)."""
    picked = exists().where(PicksFinished.challenge_id == Challenge.id)
    in_round = exists().where(RoundChallenge.challenge_id == Challenge.id, RoundChallenge.purpose == "promotion")
    shortlisted = exists().where(
        RunChallenge.challenge_id == Challenge.id,
        RunChallenge.run_id == Run.id,
        Run.round_id == Round.id,
        Round.purpose == "shortlist",
        Run.state == RunState.ANNOUNCED,
    )
    judged = {
        WhoDecides.VOTES: true(),
        WhoDecides.SPONSOR: picked,
        WhoDecides.PANEL: Challenge.review_closes_at <= now,
        WhoDecides.VOTES_PANEL: and_(Challenge.review_closes_at <= now, shortlisted),
    }
    return db.session.scalars(
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.closes_at <= now,
            or_(Challenge.vote_closes_at.is_(None), Challenge.vote_closes_at <= now),
            or_(*(and_(Challenge.who_decides == who, ready) for who, ready in judged.items())),
            ~in_round,
        )
        .order_by(Challenge.id)
        .limit(limit)
    ).all()


def shortlists_due(now: datetime, limit: int = 50) -> Sequence[Challenge]:
    """Challenges whose participants have voted and whose shortlist for the panel is not drawn up."""
    drawn = exists().where(RoundChallenge.challenge_id == Challenge.id, RoundChallenge.purpose == "shortlist")
    return db.session.scalars(
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.who_decides == WhoDecides.VOTES_PANEL,
            Challenge.closes_at <= now,
            Challenge.vote_closes_at <= now,
            ~drawn,
        )
        .order_by(Challenge.id)
        .limit(limit)
    ).all()


def rounds_due(pass_no: int, now: datetime, limit: int = 50) -> Sequence[Round]:
    """Rounds whose first pass is due and not begun, or whose second pass is due because the first is decided."""
    begun = exists().where(Run.round_id == Round.id, Run.pass_no == pass_no)
    statement = select(Round).options(selectinload(Round.members)).where(~begun)
    if pass_no == 1:
        open_still = exists().where(
            RoundChallenge.round_id == Round.id,
            RoundChallenge.challenge_id == Challenge.id,
            or_(
                Challenge.state != ChallengeState.PUBLISHED,
                Challenge.closes_at > now,
                and_(Challenge.vote_closes_at.is_not(None), Challenge.vote_closes_at > now),
                and_(
                    Round.purpose == "promotion",
                    Challenge.review_closes_at.is_not(None),
                    Challenge.review_closes_at > now,
                ),
            ),
        )
        statement = statement.where(
            ~open_still, exists().where(RoundChallenge.round_id == Round.id, RoundChallenge.challenge_id == Challenge.id)
        )
    else:
        first = aliased(Run)
        statement = statement.where(
            Round.second_rule.is_not(None),
            exists().where(
                first.round_id == Round.id,
                first.pass_no == 1,
                or_(
                    first.state == RunState.ANNOUNCED,
                    # What a person still has to decide changes what is left over.
                    and_(
                        first.state == RunState.DECIDED,
                        ~exists().where(Decision.run_id == first.id, Decision.close).correlate(first),
                    ),
                ),
            ),
        )
    return db.session.scalars(statement.order_by(Round.id).limit(limit)).all()


def decided_runs(public_id: str | None = None) -> Sequence[Run]:
    """Every run that has decided, or the one of that public id, in the order they were queued."""
    statement = select(Run).where(Run.outcome_hash.is_not(None)).order_by(Run.id)
    if public_id is not None:
        statement = statement.where(Run.public_id == public_id)
    return db.session.scalars(statement).all()


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


def without_words(run: Run) -> Sequence[Decision]:
    """Decisions about ideas that passed the check and have no sentence from a person or panel yet, by place."""
    passed = Idea.state.not_in([IdeaState.WITHDRAWN, IdeaState.MERGED, IdeaState.DRAFT])
    reviewed = exists().where(Review.idea_id == Idea.id, Review.valid, Review.sentence != "")
    return db.session.scalars(
        select(Decision)
        .join(Decision.idea)
        .options(joinedload(Decision.idea).joinedload(Idea.challenge))
        .where(Decision.run_id == run.id, passed, Decision.words == "", ~reviewed)
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


def told(run_id: int, name: str) -> dict[str, Any]:
    """What the fact of that name said of a run; empty when there is none."""
    its = select(Run.programme_id).where(Run.id == run_id).scalar_subquery()
    facts = db.session.scalars(select(Event).where(Event.name == name, Event.programme_id == its))
    return next((fact.payload for fact in facts if fact.payload.get("run_id") == run_id), {})


def recorded(run_id: int) -> dict[str, tuple[bool, int | None, str]]:
    """What was stored for each idea of a run, by public id: (promoted, place, because)."""
    rows = db.session.execute(
        select(Idea.public_id, Decision.promoted, Decision.place, Decision.because)
        .join(Idea, Idea.id == Decision.idea_id)
        .where(Decision.run_id == run_id)
    )
    return {row.public_id: (row.promoted, row.place, row.because) for row in rows}


def unfinished() -> Sequence[Run]:
    """Runs that have not come to an announcement, for waiting and for going on after a restart."""
    return db.session.scalars(_runs().where(Run.state != RunState.ANNOUNCED).order_by(Run.id)).all()


def to_announce_by_clock() -> Sequence[Run]:
    """Decided runs whose round or challenge says that they announce themselves."""
    return db.session.scalars(_runs().where(Run.state == RunState.DECIDED).order_by(Run.id).limit(100)).all()


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
