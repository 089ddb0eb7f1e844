"""Why an idea was or was not promoted: one code each, for templates to make a sentence of."""

from enum import StrEnum
from typing import Final


class Because(StrEnum):
    """Why an idea was or was not promoted. The params of each are listed beside it.

    ``have`` is the idea's value of the measure that orders; money is in minor units; ``tie_break`` (which
    tie-break decided against the neighbour across the line) appears only where values are equal. Wherever a rule
    says what is too close to call, ideas that are have ``close: 1`` besides, and ``requested`` where it counts as spending.
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
    NOT_SHORTLISTED = "not_shortlisted"  # -
    NOT_CHECKED = "not_checked"  # - (it waited to be checked until it was too late)
    TURNED_DOWN = "turned_down"  # - (by who checks ideas before others see them)
    SPENT_IN_PASS_1 = "spent_in_pass_1"  # -
    OUTSIDE_PASS = "outside_pass"  # challenge
    # price (per supporter; per point where utility is score) supporters requested currency round [utility]
    FUNDED_BY_SHARES = "funded_by_shares"
    NOT_AFFORDABLE = "not_affordable"  # supporters left (what these have together) requested short currency
    FILLED_UP = "filled_up"  # supporters support (their weight, or points) requested left (of the budget) currency
    JUDGED_IN = "judged_in"  # the params of the rule's own reason, and was: that reason
    JUDGED_OUT = "judged_out"  # the same


OUT: Final = (
    Because.WITHDRAWN,
    Because.NO_TALLY,
    Because.MERGED,
    Because.DISQUALIFIED,
    Because.NOT_SHORTLISTED,
    Because.NOT_CHECKED,
    Because.TURNED_DOWN,
    Because.SPENT_IN_PASS_1,
)
"""The values of an idea's ``out``: each is its own reason."""

PROMOTED: Final = frozenset(
    {
        Because.WITHIN_TOP,
        Because.WITHIN_BUDGET,
        Because.ALL_ELIGIBLE,
        Because.PICKED,
        Because.FUNDED_BY_SHARES,
        Because.FILLED_UP,
        Because.JUDGED_IN,
    }
)
"""The reasons that mean: promoted."""

UNFIT: Final = frozenset(
    {
        *OUT,
        Because.BELOW_THRESHOLD,
        Because.MISSING_MEASURE,
        Because.NO_REQUEST,
        Because.OTHER_CURRENCY,
        Because.NO_BUDGET,
        Because.OUTSIDE_PASS,
    }
)
"""The reasons that mean: it did not meet the rule's conditions, whatever room there was."""
