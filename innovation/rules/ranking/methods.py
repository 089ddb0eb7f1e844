"""The ways to rank, each with its formula and source in a line: one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from innovation.rules.ballot import Ballot
from innovation.rules.ranking import approval_share, bradley_terry, groups, net, points, stars, support, wilson
from innovation.rules.ranking.field import Array, Field

Draws: TypeAlias = Callable[[Field, np.random.Generator, int], Array]


@dataclass(frozen=True, slots=True)
class Method:
    """One way to rank. ``measure`` is the name by which a rule orders; ``formula`` is in plain symbols; it fits ``ballots``.

    ``score`` gives every idea's figure, ``draws`` what it might have been (`simulation`).
    """

    name: str
    measure: str
    formula: str
    source: str
    ballots: tuple[Ballot, ...]
    score: Callable[[Field], Array]
    draws: Draws


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
            support.draws,
        ),
        Method("net", "net", "for - against", "Plain counting", _SEEN, net.score, net.draws),
        Method(
            "approval_share",
            "approval_share",
            "for / (for + against)",
            "Plain counting; interval: Jeffreys' prior, Brown, Cai, DasGupta 2001",
            (Ballot.YES_NO,),
            approval_share.score,
            approval_share.draws,
        ),
        Method(
            "wilson",
            "wilson",
            "(f + z²/2 - z √(f a / n + z²/4)) / (n + z²), z = 1.96",
            "Wilson 1927; Miller 2009",
            (Ballot.YES_NO,),
            wilson.score,
            wilson.draws,
        ),
        Method(
            "stars",
            "stars",
            "(sum of stars + w m) / (votes + w)",
            "Bühlmann, Straub 1970",
            (Ballot.STARS,),
            stars.score,
            stars.draws,
        ),
        Method(
            "points",
            "points",
            "sum of points",
            "Cumulative voting; quadratic voting: Lalley, Weyl 2018",
            _SPENT,
            points.score,
            points.draws,
        ),
        Method(
            "pairs",
            "pairs",
            "P(i beats j) = 1 / (1 + exp(t_j - t_i))",
            "Bradley, Terry 1952; Hunter 2004",
            (Ballot.PAIRS,),
            bradley_terry.score,
            bradley_terry.draws,
        ),
        Method(
            "support_least",
            "support_least",
            "least over groups g of (U - U_g + a) / (V - V_g + a + b)",
            "Delete-a-group jackknife, Kott 2001, as a lower bound",
            _SEEN,
            groups.score,
            groups.draws,
        ),
    )
}
"""By name; the first is the default."""

DEFAULT: Final = "support"
