"""The ways to rank, each with its formula and source in a line: one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from innovation.rules.ballot import Ballot
from innovation.rules.ranking import (
    approval_share,
    bradley_terry,
    groups,
    mix,
    net,
    panel,
    points,
    stars,
    support,
    wilson,
)
from innovation.rules.ranking.field import Array, Field
from innovation.rules.ranking.posterior import Posterior, drawn


@dataclass(frozen=True, slots=True)
class Method:
    """One way to rank. ``measure`` is the name by which a rule orders; ``formula`` is in plain symbols; it fits ``ballots``,
    none where it reads more than votes.

    ``score`` gives every idea's figure, ``posterior`` what it might be.
    """

    name: str
    measure: str
    formula: str
    source: str
    ballots: tuple[Ballot, ...]
    score: Callable[[Field], Array]
    posterior: Callable[[Field], Posterior]


_SEEN: Final = (Ballot.APPROVAL, Ballot.YES_NO)
_SPENT: Final = (Ballot.POINTS, Ballot.QUADRATIC, Ballot.ORDINAL)

METHODS: Final[Mapping[str, Method]] = {
    method.name: method
    for method in (
        Method(
            "support",
            "support",
            "(U + a) / (V + a + b)",
            "Empirical Bayes for binomial counts: Skellam 1948, Griffiths 1973, Morris 1983",
            _SEEN,
            support.score,
            support.posterior,
        ),
        Method("net", "net", "for - against", "Plain counting", _SEEN, net.score, net.posterior),
        Method(
            "approval_share",
            "approval_share",
            "for / (for + against)",
            "Plain counting; interval: Jeffreys' prior, Brown, Cai, DasGupta 2001",
            (Ballot.YES_NO,),
            approval_share.score,
            approval_share.posterior,
        ),
        Method(
            "wilson",
            "wilson",
            "(f + z²/2 - z √(f a / n + z²/4)) / (n + z²), z = 1.96",
            "Wilson 1927; Miller 2009",
            (Ballot.YES_NO,),
            wilson.score,
            wilson.posterior,
        ),
        Method(
            "stars",
            "stars",
            "(sum of stars + w m) / (votes + w)",
            "Bühlmann, Straub 1970",
            (Ballot.STARS,),
            stars.score,
            stars.posterior,
        ),
        Method(
            "points",
            "points",
            "sum of points",
            "Cumulative voting; quadratic voting: Lalley, Weyl 2018",
            _SPENT,
            points.score,
            points.posterior,
        ),
        Method(
            "pairs",
            "pairs",
            "P(i beats j) = 1 / (1 + exp(t_j - t_i))",
            "Bradley, Terry 1952; Hunter 2004",
            (Ballot.PAIRS,),
            bradley_terry.score,
            drawn(bradley_terry.draws),
        ),
        Method(
            "support_least",
            "support_least",
            "least over groups g of (U - U_g + a) / (V - V_g + a + b)",
            "Delete-a-group jackknife, Kott 2001, as a lower bound",
            _SEEN,
            groups.score,
            groups.posterior,
        ),
        Method(
            "panel",
            "panel_mean",
            "(y_1 + ... + y_n) / n",
            "Mean; interval: pooled variance, Student 1908, Fisher 1925",
            (),
            panel.score,
            drawn(panel.draws),
        ),
        Method(
            "mix",
            "mix",
            "sum of w x / sum of w",
            "Weighted sum of scaled criteria: Keeney, Raiffa 1976",
            (),
            mix.score,
            drawn(mix.draws),
        ),
    )
}
"""By name; the first is the default."""

DEFAULT: Final = "support"


def ordered_by(measure: str, ballot: str) -> str | None:
    """The method that a measure orders by with this ballot; None where no method does."""
    if measure == "for" and ballot == Ballot.APPROVAL:
        return "net"  # nobody votes against there: the balance is the votes in favour
    return next((name for name, method in METHODS.items() if method.measure == measure), None)
