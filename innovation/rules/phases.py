"""Is it time? What each phase of a challenge's schedule allows.

A phase is a half-open window ``[opens, closes)`` in UTC. Phases may overlap: ideas may still come in while the first
are voted on. The decide phase begins when the last of the others ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from innovation.rules.policy import May


class Phase(StrEnum):
    COLLECT = "collect"
    VOTE = "vote"
    REVIEW = "review"
    DECIDE = "decide"


PHASE_ALLOWS: dict[May, frozenset[Phase]] = {
    May.SUBMIT_IDEA: frozenset({Phase.COLLECT}),
    May.START_IDEA: frozenset({Phase.COLLECT}),
    May.VOTE: frozenset({Phase.VOTE}),
    May.REVIEW: frozenset({Phase.REVIEW}),
    May.PICK: frozenset({Phase.COLLECT, Phase.VOTE, Phase.DECIDE}),
}
"""Acts bound to a phase; an act that is not listed is bound to none."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A challenge's times, UTC. ``vote_opens`` and ``vote_closes`` are None where nobody votes, ``review_closes`` where no
    panel scores. A panel begins when the ideas are in and, where there is a vote, the vote is over."""

    opens: datetime
    closes: datetime
    vote_opens: datetime | None = None
    vote_closes: datetime | None = None
    review_closes: datetime | None = None

    def votes_are_in(self) -> datetime:
        """When ideas and votes are in: a panel begins, or the decision does."""
        return max(self.closes, self.vote_closes or self.closes)

    def decide_begins(self) -> datetime:
        """When everything that the decision rests on is in."""
        return max(self.votes_are_in(), self.review_closes or self.closes)

    def judged_until(self) -> datetime | None:
        """Until when an idea that comes in is still judged with the others: the end of the vote, else of the panel's work;
        None where nobody votes or scores, so that it is in time as long as nothing is frozen."""
        return self.vote_closes or self.review_closes

    def phases(self, now: datetime) -> frozenset[Phase]:
        """The phases that are open at an instant."""
        found = set()
        if self.opens <= now < self.closes:
            found.add(Phase.COLLECT)
        if self.vote_opens and self.vote_closes and self.vote_opens <= now < self.vote_closes:
            found.add(Phase.VOTE)
        if self.review_closes and self.votes_are_in() <= now < self.review_closes:
            found.add(Phase.REVIEW)
        if now >= self.decide_begins():
            found.add(Phase.DECIDE)
        return frozenset(found)

    def allows(self, act: May, now: datetime) -> bool:
        """Whether an act is in time."""
        needed = PHASE_ALLOWS.get(act)
        return needed is None or bool(needed & self.phases(now))

    def next_change(self, now: datetime) -> datetime | None:
        """The next instant at which a phase opens or closes."""
        times = (self.opens, self.closes, self.vote_opens, self.vote_closes, self.review_closes)
        return min((t for t in times if t is not None and t > now), default=None)


def schedule_errors(schedule: Schedule) -> list[tuple[str, str]]:
    """What is wrong with a schedule, as (field, code) pairs."""
    found = []
    if schedule.closes <= schedule.opens:
        found.append(("closes", "closes_before_it_opens"))
    if schedule.vote_opens and schedule.vote_closes:
        if schedule.vote_closes <= schedule.vote_opens:
            found.append(("vote_closes", "vote_ends_before_it_begins"))
        if schedule.vote_opens < schedule.opens:
            found.append(("vote_opens", "vote_before_ideas"))
        if schedule.vote_closes < schedule.closes:
            found.append(("vote_closes", "vote_ends_before_ideas"))
    if schedule.review_closes and schedule.review_closes <= schedule.votes_are_in():
        found.append(("review_closes", "review_ends_before_it_begins"))
    return found
