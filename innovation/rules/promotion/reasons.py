"""Why an idea was or was not promoted: one code each, for templates to make a sentence of."""

from enum import StrEnum
from typing import Final


class Because(StrEnum):
    """Why an idea was or was not promoted. The params of each are listed beside it.

    ``have`` is the idea's value of the measure that orders; money is in minor units; ``tie_break`` (which
    tie-break decided against the neighbour across the line) appears only where values are equal.
    """

    WITHIN_TOP = "within_top"  # measure have k [tie_break]
    BELOW_LINE = "below_line"  # measure have k line [tie_break]
    WITHIN_BUDGET = "within_budget"  # measure have requested left (before it was taken) currency overtaken
    OVER_BUDGET = "over_budget"  # measure have requested left short currency overtaken (funded although below it)
    AFTER_STOP = "after_stop"  # measure have requested left currency stopped_at (place of the idea that did not fit)
    ALL_ELIGIBLE = "all_eligible"  # measure have
    PICKED = "picked"  # -
    NOT_PICKED = "not_picked"  # pick: not_chosen or none (the sponsor said nothing)
    BELOW_THRESHOLD = "below_threshold"  # measure comparison have need [times|share of] [alternatives]
    MISSING_MEASURE = "missing_measure"  # measure missing
    NO_REQUEST = "no_request"  # currency
    OTHER_CURRENCY = "other_currency"  # requested currency (the idea's) budget_currency
    NO_BUDGET = "no_budget"  # requested
    NO_TALLY = "no_tally"  # -
    WITHDRAWN = "withdrawn"  # -
    MERGED = "merged"  # -
    DISQUALIFIED = "disqualified"  # -
    SPENT_IN_PASS_1 = "spent_in_pass_1"  # -
    OUTSIDE_PASS = "outside_pass"  # challenge


OUT: Final = (
    Because.WITHDRAWN,
    Because.NO_TALLY,
    Because.MERGED,
    Because.DISQUALIFIED,
    Because.SPENT_IN_PASS_1,
)
"""The values of an idea's ``out``: each is its own reason."""
