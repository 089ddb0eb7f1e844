"""Verbs of voting."""

from innovation.voting.service.casting import cast
from innovation.voting.service.comparing import compare
from innovation.voting.service.importing import record_poll, take_in_votes
from innovation.voting.service.measuring import measure
from innovation.voting.service.merging import merge, take_back_own
from innovation.voting.service.ordering import renew_orders
from innovation.voting.service.removing import find_lockstep, keep_votes, remove_votes
from innovation.voting.service.restoring import restore
from innovation.voting.service.seeing import see
from innovation.voting.service.standing import Placed, put_standings

__all__ = [
    "Placed",
    "cast",
    "compare",
    "find_lockstep",
    "keep_votes",
    "measure",
    "merge",
    "put_standings",
    "record_poll",
    "remove_votes",
    "renew_orders",
    "restore",
    "see",
    "take_back_own",
    "take_in_votes",
]
