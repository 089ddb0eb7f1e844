"""Reading votes. Nobody reads how another person voted."""

from innovation.voting.queries.counts import Totals, compared, kept, polls, recount, totals, turnout, wrong_tallies
from innovation.voting.queries.listing import ORDERED, Offer, left_to_judge, offer
from innovation.voting.queries.papers import (
    BallotPaper,
    Budget,
    ballot_paper,
    budget,
    my_votes,
    unconfirmed,
    voting_challenges_left,
    whose_vote_waits,
)
from innovation.voting.queries.results import (
    figures,
    flag,
    flags,
    measured,
    of_idea,
    standings,
    standings_under,
    unsettled_flags,
)
from innovation.voting.queries.shown import OFFERED, STATES, Shown, may_judge, shown
from innovation.voting.queries.sides import Said, mergeable, next_pair, pair_of, pairs_judged, pairs_said, said_of

__all__ = [
    "OFFERED",
    "ORDERED",
    "STATES",
    "BallotPaper",
    "Budget",
    "Offer",
    "Said",
    "Shown",
    "Totals",
    "ballot_paper",
    "budget",
    "compared",
    "figures",
    "flag",
    "flags",
    "kept",
    "left_to_judge",
    "may_judge",
    "measured",
    "mergeable",
    "my_votes",
    "next_pair",
    "of_idea",
    "offer",
    "pair_of",
    "pairs_judged",
    "pairs_said",
    "polls",
    "recount",
    "said_of",
    "shown",
    "standings",
    "standings_under",
    "totals",
    "turnout",
    "unconfirmed",
    "unsettled_flags",
    "voting_challenges_left",
    "whose_vote_waits",
    "wrong_tallies",
]
