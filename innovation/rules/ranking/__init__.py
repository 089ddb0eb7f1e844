"""Ranking: from votes and scores to standings. One file per method, with formula, source, ties, missing values, complexity.

`METHODS` is the table of them; `uncertainty` gives scores with intervals; `listing` the order while voting is open;
`groups` what stands without one group; `lockstep` votes that look arranged. Nothing here reads a clock or chance of its
own: a seed is an argument.
"""

from innovation.rules.ranking.field import Field, Mixed, Panel, Prior, StarPrior, Strengths, field_of, in_micro
from innovation.rules.ranking.methods import DEFAULT, METHODS, Method, ordered_by
from innovation.rules.ranking.panel import fit_spread
from innovation.rules.ranking.stars import fit_stars
from innovation.rules.ranking.support import fit_prior
from innovation.rules.ranking.uncertainty import Standings, uncertainty

__all__ = [
    "DEFAULT",
    "METHODS",
    "Field",
    "Method",
    "Mixed",
    "Panel",
    "Prior",
    "Standings",
    "StarPrior",
    "Strengths",
    "field_of",
    "fit_prior",
    "fit_spread",
    "fit_stars",
    "in_micro",
    "ordered_by",
    "uncertainty",
]
