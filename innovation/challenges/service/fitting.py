"""Which measures, methods and rules fit a challenge: what its ballot and its panel can tell of an idea."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from innovation.rules.ballot import Ballot
from innovation.rules.challenge import BY_PANEL, BY_VOTES, WhoDecides
from innovation.rules.measures import MEASURES
from innovation.rules.promotion import READY_RULES, ready_rule
from innovation.rules.ranking import METHODS

SOMEBODY_LIKED_IT: Final[dict[str, Any]] = {"all": [{"measure": "for", "at_least": {"value": 1}}]}
"""The default floor: an idea that nobody voted for is not chosen because too few came in."""

SHORTLIST: Final = 10
"""So many ideas the participants put before a panel, unless the sponsor says otherwise."""

_ANY_VOTE: Final = ("for", "voters", "views", "for_external", "voters_external")
_SEEN: Final = ("support", "support_least", "support_external", "support_internal")
_BY_BALLOT: Final[Mapping[str, tuple[str, ...]]] = {
    Ballot.APPROVAL: (*_SEEN, *_ANY_VOTE),
    Ballot.YES_NO: (*_SEEN, "net", "approval_share", "wilson", "against", "total", *_ANY_VOTE),
    Ballot.STARS: ("stars", "points", *_ANY_VOTE),
    Ballot.POINTS: ("points", *_ANY_VOTE),
    Ballot.QUADRATIC: ("points", *_ANY_VOTE),
    Ballot.ORDINAL: ("points", *_ANY_VOTE),
    Ballot.PAIRS: ("pairs", "against", "voters", "for", "views"),
}
_OF_A_PANEL: Final = ("panel_mean", "reviews")
_OF_EVERY_IDEA: Final = ("requested", "comments")
_COUNTS: Final = frozenset({"for", "net", "total", "points"})
"""Measures that order as they were counted, besides the methods."""


def measures_for(who_decides: str, ballot: str) -> tuple[str, ...]:
    """What a rule may ask of an idea where these people decide with this ballot, the most telling first."""
    found: tuple[str, ...] = ()
    if who_decides in BY_VOTES:
        found += _BY_BALLOT[ballot]
    if who_decides in BY_PANEL:
        found += _OF_A_PANEL
    return found + _OF_EVERY_IDEA


def orders_for(who_decides: str, ballot: str) -> tuple[str, ...]:
    """By what ideas may be put in order there: every method that fits the ballot, plain counts, and the panel's mean."""
    known = measures_for(who_decides, ballot)
    methods = {method.measure for method in METHODS.values() if ballot in method.ballots}
    of_votes = methods | (_COUNTS & set(known)) | ({"support_external", "support_internal"} & set(known))
    by_votes = tuple(name for name in known if name in of_votes and name in MEASURES)
    return by_votes + (("panel_mean",) if who_decides in BY_PANEL else ())


def measures_of(rule: Any) -> frozenset[str]:
    """Every measure that a rule names; the same for a part of one."""
    if isinstance(rule, Mapping):
        named = {str(rule[key]) for key in ("measure", "by", "of") if isinstance(rule.get(key), str)}
        return frozenset(named).union(*(measures_of(part) for part in rule.values()))
    if isinstance(rule, list | tuple):
        return frozenset[str]().union(*(measures_of(part) for part in rule))
    return frozenset()


def fits(rule: Any, who_decides: str, ballot: str) -> bool:
    """Whether every figure that a rule asks for will be there."""
    if (rule.get("capacity") or {}).get("kind") == "picked":
        return who_decides == WhoDecides.SPONSOR
    if who_decides == WhoDecides.SPONSOR:
        return False
    if (rule.get("capacity") or {}).get("kind") == "equal_shares" and not shares_fit(who_decides, ballot):
        return False
    asked = measures_of({name: part for name, part in rule.items() if name != "tie_break"})
    return asked <= set(measures_for(who_decides, ballot))


def shares_fit(who_decides: str, ballot: str) -> bool:
    """Whether Equal Shares can decide: from ballots on which people say what they support."""
    return who_decides == WhoDecides.VOTES and ballot != Ballot.PAIRS


def ready_for(who_decides: str, ballot: str) -> tuple[str, ...]:
    """The ready-made rules that fit."""
    return tuple(name for name, rule in READY_RULES.items() if fits(rule, who_decides, ballot))


def default_rule(who_decides: str, ballot: str = Ballot.APPROVAL, k: int = 3) -> dict[str, Any]:
    """The rule that an answer to "who decides?" brings along."""
    best = {"kind": "top", "k": k}
    if who_decides == WhoDecides.SPONSOR:
        return ready_rule("sponsor_picks")
    if who_decides in BY_PANEL:
        return ready_rule("panel_best", capacity=best)
    return _by_the_crowd(ballot, best)


def default_shortlist(ballot: str = Ballot.APPROVAL, k: int = SHORTLIST) -> dict[str, Any]:
    """The rule by which participants draw up the short list for a panel."""
    return _by_the_crowd(ballot, {"kind": "top", "k": k})


def _by_the_crowd(ballot: str, capacity: Mapping[str, Any]) -> dict[str, Any]:
    by = next(method.measure for method in METHODS.values() if ballot in method.ballots)
    order = {"by": by, "descending": True}
    return ready_rule("support_top", order=order, eligibility=SOMEBODY_LIKED_IT, capacity=dict(capacity))
