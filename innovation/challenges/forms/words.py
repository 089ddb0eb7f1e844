"""The words of the rule composer's slots and of its refusals."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from innovation.rules.ballot import Ballot
from innovation.rules.promotion import RuleError

COMPARISONS = [
    ("at_least", _l("at least")),
    ("more_than", _l("more than")),
    ("at_most", _l("at most")),
    ("less_than", _l("less than")),
]
HOWS = [
    ("value", _l("as a number or percent")),
    ("times", _l("times this figure:")),
    ("share", _l("percent of this figure:")),
]
MODES = [("all", _l("all of these hold")), ("any", _l("any one of these holds"))]
CAPACITIES = [
    ("top", _l("The best so many")),
    ("skip", _l("As many as the budget pays for; what does not fit is skipped")),
    ("stop", _l("As many as the budget pays for; it ends at the first that does not fit")),
    ("equal_shares", _l("Equal Shares: every voter holds the same part of the budget")),
    ("all", _l("Every idea that meets the conditions")),
]
UTILITIES = [
    ("cost", _l("the idea that takes least for the money it moves")),
    ("cardinality", _l("the idea that takes least from each supporter")),
    ("score", _l("the idea that takes least for each point given")),
]
COMPLETIONS = [
    ("add_one", _l("shares are raised until it is spent")),
    ("none", _l("it stays")),
]
CLOSE = [
    ("off", _l("Never: the figures decide")),
    ("interval", _l("Where the line lies within an idea’s interval, a named person decides, with a reason")),
    ("value", _l("Where an idea is this near to the line, a named person decides, with a reason")),
]
TIES: dict[str, Any] = {
    "score": _l("the higher score of the panel"),
    "views": _l("more readers"),
    "earlier": _l("the earlier submission"),
}
MEASURES: dict[str, Any] = {
    "support": _l("support among those who saw it"),
    "support_least": _l("support without the group that favours it most"),
    "support_external": _l("support among those from outside who saw it"),
    "support_internal": _l("support among our own people who saw it"),
    "net": _l("votes in favour minus votes against"),
    "approval_share": _l("share of its votes in favour"),
    "wilson": _l("cautious share in favour (Wilson)"),
    "stars": _l("mean of its stars"),
    "points": _l("points given to it"),
    "pairs": _l("strength from the pairs"),
    "panel_mean": _l("score of the panel"),
    "reviews": _l("assessments by the panel"),
    "for": _l("votes in favour"),
    "against": _l("votes against"),
    "total": _l("votes for and against together"),
    "voters": _l("people who voted on it (a quorum)"),
    "voters_external": _l("people from outside who voted on it"),
    "for_external": _l("votes in favour from outside"),
    "views": _l("people who saw it"),
    "comments": _l("comments on it"),
    "requested": _l("amount it asks for"),
    "turnout": _l("turnout"),
    "electorate": _l("registered voting power"),
    "low": _l("low end of its interval"),
    "p_top": _l("chance to be among the best"),
}
_RATED = {"for": _l("people who rated it"), "for_external": _l("people from outside who rated it")}
_GIVEN = {"for": _l("people who gave it points"), "for_external": _l("people from outside who gave it points")}
_BY_BALLOT: dict[str, dict[str, Any]] = {
    Ballot.STARS: _RATED,
    Ballot.POINTS: _GIVEN,
    Ballot.QUADRATIC: _GIVEN,
    Ballot.PAIRS: {"for": _l("comparisons in which it was preferred")},
}
"""What being in favour means on a ballot that does not say it."""


def measures(ballot: str) -> dict[str, Any]:
    """The measures in words, as they are meant on this ballot."""
    return MEASURES | _BY_BALLOT.get(ballot, {})


READY: dict[str, Any] = {
    "support_top": _l("The best by support among those who saw them"),
    "stars_top": _l("The best by stars"),
    "points_top": _l("The most points"),
    "points_skip": _l("By points, as far as the budget goes; skip what does not fit"),
    "pairs_top": _l("The strongest in pairs"),
    "top_k_approvals": _l("The most votes in favour"),
    "most_liked_outside": _l("Best liked outside the house"),
    "panel_best": _l("The panel’s best"),
    "mix_crowd_and_panel": _l("Half the crowd, half the panel"),
    "budget_skip": _l("By support, as far as the budget goes; skip what does not fit"),
    "budget_stop": _l("By support, until the budget ends"),
    "equal_shares": _l("Equal Shares"),
    "catalyst_funds_3_5": _l("Project Catalyst, funds 3 to 5"),
    "catalyst_funds_6_9": _l("Project Catalyst, funds 6 to 9"),
    "pabulib_greedy_skip": _l("City budgets: most votes first, skip what does not fit"),
    "pabulib_greedy_stop": _l("City budgets: most votes first, until the budget ends"),
    "pabulib_threshold": _l("City budgets: at least 50 votes, most first"),
}
SAYS: dict[str, Any] = {
    "choose": _l("Choose one of these."),
    "number": _l("Write a number, such as 10 or 2.5."),
    "amount": _l("Write an amount, such as 25000 or 1250.50."),
    "whole": _l("Write a whole number of at least 1."),
    "above_nought": _l("Write a number above 0."),
    "twice": _l("This stands above already. Choose another, or nothing more."),
    "two_measures": _l("A mix needs at least two measures. Choose another one."),
    "no_line": _l("There is no line to be close to here. Choose “Never”, or the best so many, or a budget."),
    "beyond": _l("This rule says more than the slots can. It stays as data, and works all the same."),
    "floats": _l('Write decimals in quotation marks, such as "1.15": a rule counts exactly.'),
    "object": _l("A rule is an object in braces: { … }."),
    "rule_needs_a_budget": _l("This rule spends a budget, and the brief says none. Say there how much there is."),
    "rule_does_not_fit": _l("This rule asks for figures that will not be there: they come from another ballot or a panel."),
    "rule_needs_outsiders": _l("This rule asks what people from outside say, and nobody from outside can take part here."),
    "rule_is_the_same": _l("This is the rule as it stands. Change something first."),
    "rule_changed_meanwhile": _l("Somebody changed the rule meanwhile. Look at what stands now, then decide."),
    "rule_tells_of_few": _l(
        "This rule newly asks how one side voted, and some ideas were seen by fewer than five people of a side. "
        "It would tell how they voted."
    ),
    "reason_needed": _l("Give a reason: everybody who sees the challenge will read it."),
}
"""What is said of a slot, and of a rule that a verb refuses."""

_OF_DATA: dict[str, Any] = {
    "not_an_object": _l("this must be an object in braces"),
    "unknown_key": _l("there is something here that no rule has (%(key)s)"),
    "missing_key": _l("something is missing here (%(key)s)"),
    "unknown_version": _l("the version must be %(known)s"),
    "unknown_measure": _l("there is no such measure (%(found)s)"),
    "unknown_value": _l("this is none of the known words (%(known)s)"),
    "not_a_number": _l("this must be a whole number, or a decimal in quotation marks"),
    "not_positive": _l("this must be above 0"),
    "empty": _l("a group needs at least one condition"),
    "too_deep": _l("groups nest at most %(deepest)s deep"),
    "one_comparison": _l("a condition has exactly one comparison"),
    "order_needed": _l("say by what the ideas are ordered"),
    "twice": _l("something stands here twice"),
    "mix_size": _l("a mix has %(least)s to %(most)s measures"),
    "no_line": _l("nothing is close where there is no line"),
}


def rule_error(error: RuleError) -> Any:
    """What is wrong with a rule, with the path to it."""
    params = {"key": "", "known": "", "found": "", "deepest": "", "least": "", "most": ""} | error.params
    said = str(_OF_DATA.get(error.code, error.code))
    return f"{error.path}: {said % params if '%(' in said else said}"
