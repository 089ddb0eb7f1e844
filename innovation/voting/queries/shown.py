"""One page of a challenge's ideas as somebody asks for it: filtered and in his order, for the page and its export alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.usecase import may
from innovation.rules.challenge import BY_VOTES, ChallengeState
from innovation.rules.idea import IdeaState
from innovation.rules.phases import Phase
from innovation.rules.policy import May
from innovation.voting.queries.listing import ORDERED, Offer, offer

OFFERED = (ORDERED, "random")
"""Orders of an open vote: everybody's own, and plain chance."""
STATES = (IdeaState.SUBMITTED, IdeaState.PROMOTED, IdeaState.DECLINED, IdeaState.PARKED)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of ideas with what it was asked by; ``offer`` is None where it is no order of an open vote."""

    page: paging.Page[Idea]
    state: str
    sort: str
    search: str
    orders: tuple[str, ...]
    judged: bool
    offer: Offer | None


def may_judge(actor: Actor, challenge: Challenge, now: datetime) -> bool:
    """Whether this person may vote in a challenge at this moment."""
    running = challenge.state == ChallengeState.PUBLISHED and challenge.frozen_at is None
    return (
        running
        and challenge.who_decides in BY_VOTES
        and Phase.VOTE in challenge.schedule().phases(now)
        and may(actor, May.VOTE, challenge)
    )


def shown(
    actor: Actor, challenge: Challenge, asked: Mapping[str, str], now: datetime, cursor: str | None, size: int = paging.PAGE
) -> Shown:
    """One page of ideas in the order asked for. While people vote that is their own order, unless they ask for another.

    Args:
        asked: ``state``, ``sort``, ``q`` (words) and ``show`` (``all``: judged ones too), as an address carries them.
        size: rows a page; an order of an open vote has its own.
    """
    open_vote = challenge.who_decides in BY_VOTES and Phase.VOTE in challenge.schedule().phases(now)
    state = asked.get("state", "")
    state, search = state if state in STATES else "", asked.get("q", "").strip()[:200]
    own_orders = OFFERED if open_vote and not challenge.frozen_at and not state and not search else ()
    orders = (*own_orders, *ideas.SORTS)
    sort = asked.get("sort", "")
    sort = sort if sort in orders else orders[0]
    if sort in OFFERED:
        judged = asked.get("show") == "all" or not may_judge(actor, challenge, now)
        found = offer(actor, challenge, now, judged=judged, cursor=cursor, by_chance=sort == OFFERED[1])
        return Shown(found.page, state, sort, search, orders, judged, found)
    page = ideas.page(actor, challenge, state=state, search=search, sort=sort, cursor=cursor, size=size)
    return Shown(page, state, sort, search, orders, True, None)
