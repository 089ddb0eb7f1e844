"""A share and how sure it is.

Formula: the 90 % interval of a share of k out of n lies between the 5 % and the 95 % quantile of Beta(k + 1/2, n - k + 1/2),
the posterior under Jeffreys' prior; at k = 0 it begins at 0 and at k = n it ends at 1.
Source: Brown, Cai, DasGupta 2001, "Interval estimation for a binomial proportion", Statistical Science 16(2), section 3.3.
Few: under ten there is no share at all; the counts are said instead. Complexity: constant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from innovation.rules.ranking.special import beta_quantile

FEW = 10
"""Out of fewer than so many no share is said."""


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``, with the share and its interval in millionths; these are None out of fewer than ten."""

    part: int
    whole: int
    micro: int | None
    low_micro: int | None
    high_micro: int | None


def share(part: int, whole: int) -> Share:
    """A share with its interval.

    Raises:
        ValueError: the part is more than the whole, or one is below zero.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole}")
    if whole < FEW:
        return Share(part, whole, None, None, None)
    yes, no = np.array([part + 0.5]), np.array([whole - part + 0.5])
    low = 0.0 if part == 0 else float(beta_quantile(yes, no, 0.05)[0])
    high = 1.0 if part == whole else float(beta_quantile(yes, no, 0.95)[0])
    return Share(part, whole, round(part * 1_000_000 / whole), round(low * 1_000_000), round(high * 1_000_000))
