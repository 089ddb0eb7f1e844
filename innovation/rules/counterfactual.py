"""What was missing: how many more in favour would have lifted an idea over a line. Computed, never phrased.

The assumption, to be said wherever the figure is shown: every one of them is a vote of weight 1 (or one point). People who
saw the idea and did not support it come first, so views stay as they are until all of them are in favour; after that new
people see it and support it. Votes against stay as they are; who wins them over does better.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from innovation.rules.measures import value

_FAVOUR: Final[Mapping[str, tuple[str, str | None]]] = {
    "for": ("for", None),
    "net": ("for", None),
    "total": ("for", None),
    "approval_share": ("for", None),
    "turnout": ("for", None),
    "wilson": ("for", None),
    "support": ("for", "views"),
    "points": ("points", None),
    "for_external": ("for_external", None),
    "support_external": ("for_external", "views_external"),
    "support_internal": ("for_internal", "views_internal"),
}
"""What one more in favour adds to, and what it may not exceed, by measure. For the others it has no meaning: nobody can say
which group they would belong to, how strong the other side of a pair would be, or how many stars they would give."""
_MOST: Final = 2**50


def more_needed(measure: str, raw: Mapping[str, int], line: Fraction, inclusive: bool) -> int | None:
    """The fewest more in favour with which ``measure`` of an idea is at least ``line`` (``inclusive``) or above it.

    0 where it is there already; None where it has no meaning, a raw measure is unknown, or no number suffices.
    """
    if measure not in _FAVOUR or value(measure, raw) is None:
        return None

    def passes(more: int) -> bool:
        have = value(measure, _with(measure, raw, more))
        return have is not None and (have >= line if inclusive else have > line)

    most = 1
    while not passes(most):
        most *= 2
        if most > _MOST:
            return None
    return bisect_left(range(most), True, key=passes)


def _with(measure: str, raw: Mapping[str, int], more: int) -> dict[str, int]:
    grows, within = _FAVOUR[measure]
    raised = dict(raw) | {grows: raw[grows] + more}
    return raised if within is None else raised | {within: max(raw[within], raised[grows])}
