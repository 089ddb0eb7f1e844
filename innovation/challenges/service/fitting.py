"""Which measures, methods and rules fit a challenge: what its ballot and its panel can tell of an idea."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from innovation.rules.ballot import Ballot
from innovation.rules.challenge import BY_PANEL, BY_VOTES, WhoDecides
from innovation.rules.measures import MEASURES
from innovation.rules.promotion import READY_RULES, Clause, explain, ready_rule
from innovation.rules.ranking import METHODS

SOMEBODY_LIKED_IT: Final[dict[str, Any]] = {"all": [{"measure": "for", "at_least": {"value": 1}}]}
"""The default floor: an idea that nobody approved, rated, gave points or preferred is not chosen because too few came in."""

SHORTLIST: Final = 10
"""So many ideas the participants put before a panel, unless the sponsor says otherwise."""

FEWEST_ON_A_PANEL: Final = 2
"""So many members a panel has at least: one person's score is that person's choice."""

OF_SIDES: Final = frozenset({"support_external", "support_internal", "for_external", "voters_external"})
"""Measures that tell the inside from the outside: nothing to tell where nobody from outside takes part."""

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
_IN_FAVOUR: Final = frozenset({Ballot.APPROVAL, Ballot.YES_NO})
"""Ballots on which people say what they are in favour of: only there a ready-made rule may count votes in favour."""


def measures_for(who_decides: str, ballot: str, *, outside: bool = True) -> tuple[str, ...]:
    """What a rule may ask of an idea where these people decide with this ballot, the most telling first.

    Args:
        outside: whether anybody from outside the house takes part.
    """
    found: tuple[str, ...] = ()
    if who_decides in BY_VOTES:
        found += tuple(name for name in _BY_BALLOT[ballot] if outside or name not in OF_SIDES)
    if who_decides in BY_PANEL:
        found += _OF_A_PANEL
    return found + _OF_EVERY_IDEA


def orders_for(who_decides: str, ballot: str, *, outside: bool = True) -> tuple[str, ...]:
    """By what ideas may be put in order there: every method that fits the ballot, plain counts, and the panel's mean."""
    known = measures_for(who_decides, ballot, outside=outside)
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


def fits(rule: Any, who_decides: str, ballot: str, *, outside: bool = True) -> bool:
    """Whether every figure that a rule asks for will be there."""
    if (rule.get("capacity") or {}).get("kind") == "picked":
        return who_decides == WhoDecides.SPONSOR
    if who_decides == WhoDecides.SPONSOR:
        return False
    if (rule.get("capacity") or {}).get("kind") == "equal_shares" and not shares_fit(who_decides, ballot):
        return False
    asked = measures_of({name: part for name, part in rule.items() if name != "tie_break"})
    return asked <= set(measures_for(who_decides, ballot, outside=outside))


def asks_outside(rule: Any) -> bool:
    """Whether a rule tells the inside from the outside anywhere but between equals."""
    return bool(measures_of({name: part for name, part in rule.items() if name != "tie_break"}) & OF_SIDES)


def panel_needed(rule: Any) -> int:
    """How many members a panel needs, so that every idea can get as many assessments as the rule demands of it."""
    return max(FEWEST_ON_A_PANEL, _assessments(rule.get("eligibility")))


def _assessments(condition: Any) -> int:
    if not isinstance(condition, Mapping):
        return 0
    if "all" in condition:
        return max(map(_assessments, condition["all"]), default=0)
    if "any" in condition:
        return min(map(_assessments, condition["any"]), default=0)
    if condition.get("measure") != "reviews":
        return 0
    least = (condition.get("at_least") or {}).get("value")
    more = (condition.get("more_than") or {}).get("value")
    return ceil(Fraction(str(least))) if least is not None else floor(Fraction(str(more))) + 1 if more is not None else 0


def shares_fit(who_decides: str, ballot: str) -> bool:
    """Whether Equal Shares can decide: from ballots on which people say what they support."""
    return who_decides == WhoDecides.VOTES and ballot != Ballot.PAIRS


def ready_for(who_decides: str, ballot: str, *, outside: bool = True) -> tuple[str, ...]:
    """The ready-made rules that fit, and mean there what their names say."""
    return tuple(
        name
        for name, rule in READY_RULES.items()
        if fits(rule, who_decides, ballot, outside=outside)
        and (ballot in _IN_FAVOUR or name == "equal_shares" or "for" not in measures_of(rule))
    )


def breaks_a_tie(name: str, who_decides: str) -> bool:
    """Whether something can tell equal ideas apart there: the panel's score only where a panel scores."""
    return name != "score" or who_decides in BY_PANEL


def without_idle_ties(rule: Mapping[str, Any], who_decides: str) -> dict[str, Any]:
    """A rule without the tie-breaks that could tell nothing apart there."""
    if "tie_break" not in rule:
        return dict(rule)
    return {**rule, "tie_break": [name for name in rule["tie_break"] if breaks_a_tie(name, who_decides)]}


def explained(rule: Mapping[str, Any], who_decides: str, ballot: str) -> list[Clause]:
    """What a rule says where these people decide with this ballot."""
    return explain(rule, ballot=ballot if who_decides in BY_VOTES else None, panel=who_decides in BY_PANEL)


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
