"""Lists of challenges: those to approve, results to announce, and answers that were promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Deputy
from innovation.challenges.queries.approving import approves
from innovation.challenges.queries.deputies import APPROVER
from innovation.ideas.models import Author, Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.promotion import queries as promotion
from innovation.promotion.models import PicksFinished, Round, Run, RunChallenge
from innovation.rules import promises
from innovation.rules.challenge import ChallengeState, WhoDecides
from innovation.rules.desk import AHEAD, Waits
from innovation.rules.predicates import Role
from innovation.rules.run import RunState
from innovation.steering.queries.waiting.rows import Listing, Row


def approvals(actor: Actor, now: datetime, programme_id: int | None) -> Listing:
    """Challenges that were handed in, in programmes he manages or approves for; the longest waiting first."""
    since = func.coalesce(Challenge.proposed_at, Challenge.created_at)
    found = (
        select(Challenge)
        .options(joinedload(Challenge.programme), selectinload(Challenge.audience))
        .where(
            Challenge.state == ChallengeState.PROPOSED,
            or_(approves(actor), challenges.manages(actor, Challenge.programme_id)),
        )
    )
    if programme_id is not None:
        found = found.where(Challenge.programme_id == programme_id)
    order = [paging.Key(since), paging.Key(Challenge.id)]
    return Listing(found, order, lambda row: (row.proposed_at or row.created_at, row.id), _to_approve)


def _to_approve(actor: Actor, found: Sequence[Challenge], now: datetime) -> list[Row]:
    named = {each.programme_id: each.programme.approver_id for each in found if each.programme.approver_id}
    deputies = _approvers_deputies(named)
    names = people.names([*named.values(), *deputies.values()])
    rows = []
    for each in found:
        asked = [named.get(each.programme_id), deputies.get(each.programme_id)]
        due = each.proposed_at + promises.APPROVAL if each.proposed_at else None
        managed = actor.holds(Role.MANAGER) or actor.holds(Role.MANAGER, "programme", each.programme_id)
        rows.append(
            Row(
                name=f"challenge:{each.public_id}",
                thing=each,
                challenge=each,
                due=due,
                late=due is not None and due < now,
                who=tuple(names[one] for one in asked if one in names),
                mine=managed or each.id not in actor.scopes(Role.SPONSOR, "challenge"),
            )
        )
    return rows


def _approvers_deputies(named: dict[int, int]) -> dict[int, int]:
    if not named:
        return {}
    rows = db.session.scalars(select(Deputy).where(Deputy.programme_id.in_(list(named)), Deputy.role == APPROVER))
    return {row.programme_id: row.deputy_id for row in rows if row.programme_id is not None}


def results(actor: Actor, now: datetime, programme_id: int | None) -> Listing:
    """Results that are worked out and wait to be announced; the longest waiting first."""
    found = promotion.announceable(actor)
    if programme_id is not None:
        found = found.where(Run.programme_id == programme_id)
    order = [paging.Key(Run.decided_at), paging.Key(Run.id)]
    return Listing(found, order, lambda row: (row.decided_at, row.id), _to_announce)


def _to_announce(actor: Actor, found: Sequence[Run], now: datetime) -> list[Row]:
    ids = [part.challenge_id for run in found for part in run.challenges]
    sponsors = challenges.sponsor_names(ids, actor)
    written = _written_in(actor, ids)
    calls = promotion.with_open_calls([run.id for run in found])
    rows = []
    for run in found:
        parts = [part.challenge for part in run.challenges]
        due = min((part.answer_by for part in parts if part.answer_by is not None), default=None)
        names = dict.fromkeys(sponsors[part.id] for part in parts if part.id in sponsors)
        rows.append(
            Row(
                name=f"run:{run.public_id}",
                thing=run,
                challenge=parts[0],
                due=due,
                late=due is not None and due < now,
                who=tuple(names),
                waits_for=Waits.CALLS if run.id in calls else Waits.ANNOUNCEMENT,
                mine=not any(part.id in written for part in parts),
            )
        )
    return rows


def _written_in(actor: Actor, challenge_ids: Sequence[int]) -> set[int]:
    """Those of some challenges in which this person is an author himself: he announces nothing there."""
    found = (
        select(Idea.challenge_id)
        .join(Author, Author.idea_id == Idea.id)
        .where(Idea.challenge_id.in_(challenge_ids), Author.person_id == actor.person_id, Author.accepted_at.is_not(None))
    )
    return set(db.session.scalars(found))


def answers(actor: Actor, now: datetime, programme_id: int | None) -> Listing:
    """Challenges he manages whose answer is promised within the week or late, or whose sponsor has to choose now.

    Challenges held elsewhere promise nothing and wait for nobody.
    """
    chosen = exists().where(PicksFinished.challenge_id == Challenge.id)
    to_choose = and_(Challenge.who_decides == WhoDecides.SPONSOR, Challenge.closes_at <= now, ~chosen)
    found = (
        select(Challenge)
        .options(joinedload(Challenge.programme))
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.answer_by.is_not(None),
            Challenge.source.is_(None),
            or_(Challenge.answer_by <= now + AHEAD, to_choose),
            challenges.manages(actor, Challenge.programme_id),
        )
    )
    if programme_id is not None:
        found = found.where(Challenge.programme_id == programme_id)
    order = [paging.Key(Challenge.answer_by), paging.Key(Challenge.id)]
    return Listing(found, order, lambda row: (row.answer_by, row.id), _promised)


def _promised(actor: Actor, found: Sequence[Challenge], now: datetime) -> list[Row]:
    ids = [each.id for each in found]
    sponsors = challenges.sponsor_names(ids, actor)
    chosen = set(db.session.scalars(select(PicksFinished.challenge_id).where(PicksFinished.challenge_id.in_(ids))))
    decided = set(
        db.session.scalars(
            select(RunChallenge.challenge_id)
            .join(Run, Run.id == RunChallenge.run_id)
            .join(Round, Round.id == Run.round_id)
            .where(RunChallenge.challenge_id.in_(ids), Run.state == RunState.DECIDED, Round.purpose == "promotion")
        )
    )
    return [
        Row(
            name=f"challenge:{each.public_id}",
            thing=each,
            challenge=each,
            due=each.answer_by,
            late=each.answer_by is not None and each.answer_by < now,
            who=tuple([sponsors[each.id]] if each.id in sponsors else []),
            waits_for=_waits_for(each, now, is_chosen=each.id in chosen, is_decided=each.id in decided),
            mine=False,
        )
        for each in found
    ]


def _waits_for(challenge: Challenge, now: datetime, *, is_chosen: bool, is_decided: bool) -> Waits:
    """What stands between a challenge and its answer."""
    if is_decided:
        return Waits.ANNOUNCEMENT
    if challenge.closes_at > now:
        return Waits.IDEAS
    if challenge.vote_closes_at is not None and challenge.vote_closes_at > now:
        return Waits.VOTES
    if challenge.review_closes_at is not None and challenge.review_closes_at > now:
        return Waits.PANEL
    if challenge.who_decides == WhoDecides.SPONSOR and not is_chosen:
        return Waits.CHOICE
    return Waits.RESULT
