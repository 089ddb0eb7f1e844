"""What pages over several features put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.usecase import may
from innovation.promotion.models import Run
from innovation.rules.challenge import ChallengeState
from innovation.rules.phases import Phase
from innovation.rules.policy import May
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


def vote_slots(actor: Actor, challenge: Challenge, ideas: list[Idea], now: datetime) -> dict[int, VoteSlot]:
    """Vote slots by idea id for a page of one challenge's ideas: two queries whatever their number.

    Totals are there only once voting is over; until then they are not even read.
    """
    if challenge.who_decides != "votes":
        return {}
    schedule = challenge.schedule()
    running = challenge.state == ChallengeState.PUBLISHED and challenge.frozen_at is None
    is_open = running and Phase.VOTE in schedule.phases(now)
    # A poll held elsewhere has no voting hours here; its totals may be read once the challenge is decided.
    over = challenge.decided_at is not None or (schedule.vote_closes is not None and now >= schedule.vote_closes)
    ids = [idea.id for idea in ideas]
    # What one said is shown while it can be changed, and on the idea's own page for good.
    mine = voting.my_votes(actor, ids) if len(ids) == 1 or challenge.decided_at is None else {}
    totals = voting.totals(ids) if over else {}
    can = is_open and may(actor, May.VOTE, challenge)
    own = {idea.id for idea in ideas if any(author.person_id == actor.person_id for author in idea.authors)}
    return {i: VoteSlot(can and i not in own, mine.get(i), totals.get(i)) for i in ids}


def may_see_run(actor: Actor, run: Run) -> bool:
    """Whether a run may be shown: announced ones to whoever sees the challenge, others to who may announce."""
    return run.state == "announced" or may(actor, May.ANNOUNCE, run)
