"""What pages over several features put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from innovation.challenges.models import Challenge
from innovation.evaluation import queries as evaluation
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import may, roles
from innovation.people.models import Department, Organisation
from innovation.promotion.models import Run
from innovation.rules.ballot import Ballot
from innovation.rules.challenge import BY_PANEL, BY_VOTES, ChallengeState
from innovation.rules.phases import Phase
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.voting import queries as voting


@dataclass(frozen=True, slots=True)
class PhaseStep:
    """One step of a challenge's track: its code, its window, and whether it is over, on, or to come."""

    code: str
    opens: datetime | None
    closes: datetime | None
    state: str


def phase_steps(challenge: Challenge, now: datetime) -> list[PhaseStep]:
    """A challenge's way in time: collect, vote (where people vote), decide, result."""
    schedule = challenge.schedule()
    steps: list[tuple[str, datetime, datetime | None]] = [("collect", schedule.opens, schedule.closes)]
    if schedule.vote_opens and schedule.vote_closes:
        steps.append(("vote", schedule.vote_opens, schedule.vote_closes))
    if schedule.review_closes:
        steps.append(("review", schedule.votes_are_in(), schedule.review_closes))
    steps.append(("decide", schedule.decide_begins(), challenge.decided_at or challenge.answer_by))
    running = challenge.state in {ChallengeState.PUBLISHED, ChallengeState.DECIDED}
    found = []
    for code, opens, closes in steps:
        over = challenge.decided_at is not None or (code != "decide" and closes is not None and closes <= now)
        on = running and not over and opens is not None and opens <= now
        found.append(PhaseStep(code, opens, closes, "done" if over else "now" if on else "next"))
    result = "now" if challenge.decided_at else "skipped" if challenge.state == ChallengeState.STOPPED else "next"
    found.append(PhaseStep("result", challenge.decided_at, None, result))
    return found


@dataclass(frozen=True, slots=True)
class VoteSlot:
    """What a page shows of voting on one idea: whether it is open to this person, and what he said."""

    open: bool
    mine: int | None
    totals: voting.Totals | None
    unconfirmed: bool = False


def vote_slots(actor: Actor, challenge: Challenge, ideas: list[Idea], now: datetime) -> dict[int, VoteSlot]:
    """Vote slots by idea id for a page of one challenge's ideas: at most three queries whatever their number.

    Totals are there once voting is over; before that only where the sponsor chose so, for ideas this person has voted
    on. Others are not even read.
    """
    if challenge.who_decides not in BY_VOTES:
        return {}
    schedule = challenge.schedule()
    running = challenge.state == ChallengeState.PUBLISHED and challenge.frozen_at is None
    is_open = running and Phase.VOTE in schedule.phases(now)
    # A poll held elsewhere has no voting hours here; its totals may be read once the challenge is decided.
    over = challenge.decided_at is not None or (schedule.vote_closes is not None and now >= schedule.vote_closes)
    ids = [idea.id for idea in ideas]
    # What one said is shown while it can be changed, and on the idea's own page for good.
    mine = voting.my_votes(actor, ids) if len(ids) == 1 or challenge.decided_at is None else {}
    known = ids if over else list(mine) if challenge.totals_shown == "voted" else []
    can = is_open and challenge.ballot != Ballot.PAIRS and may(actor, May.VOTE, challenge)
    own = {idea.id for idea in ideas if any(author.person_id == actor.person_id for author in idea.authors)}
    totals = voting.totals(set(known) - (set() if over else own))
    stale = voting.unconfirmed(actor, mine) if can and challenge.edits_allowed and mine else set()
    return {i: VoteSlot(can and i not in own, mine.get(i), totals.get(i), i in stale) for i in ids}


def may_judge(actor: Actor, challenge: Challenge, now: datetime) -> bool:
    """Whether this person may vote in a challenge at this moment."""
    return voting.may_judge(actor, challenge, now)


def may_see_run(actor: Actor, run: Run) -> bool:
    """Whether a run may be shown: announced ones to whoever sees the challenge, others to who may announce."""
    return run.state == "announced" or may(actor, May.ANNOUNCE, run)


def may_see_standings(actor: Actor, challenge: Challenge, now: datetime) -> bool:
    """Whether the participants' standings may be shown: to nobody while they vote, then to sponsors and managers without
    an idea of their own here, and to all who see the challenge once its result is announced."""
    closes = challenge.vote_closes_at
    if challenge.who_decides not in BY_VOTES or closes is None or now < closes:
        return False
    if challenge.state == ChallengeState.DECIDED:
        return True
    leads = roles(actor, challenge) & {Role.SPONSOR, Role.MANAGER}
    running = challenge.state == ChallengeState.PUBLISHED
    return running and bool(leads) and not ideas.authored_in(actor, [challenge.id])


def may_see_panel_standings(actor: Actor, challenge: Challenge, now: datetime) -> bool:
    """Whether the standings by a panel's scores may be shown: to nobody while it scores, then to who may read its
    assessments and has no idea of his own here, and to all who see the challenge once its result is announced."""
    if challenge.who_decides not in BY_PANEL or evaluation.stage(challenge, now) != "over":
        return False
    if challenge.state == ChallengeState.DECIDED:
        return True
    running = challenge.state == ChallengeState.PUBLISHED
    return running and may(actor, May.SEE_REVIEWS, challenge) and not ideas.authored_in(actor, [challenge.id])


def group_names(keys: Iterable[str]) -> dict[str, str]:
    """The names of departments (``d<id>``) and organisations (``o<id>``) by the key of a group of voters; two queries."""
    wanted = set(keys)
    found: dict[str, str] = {}
    for letter, model in (("d", Department), ("o", Organisation)):
        ids = [int(key[1:]) for key in wanted if key.startswith(letter) and key[1:].isdigit()]
        rows = db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
        found |= {f"{letter}{row_id}": name for row_id, name in rows}
    return found
