"""What a named person decided about ideas that were too close to call, put into an outcome."""

from collections.abc import Mapping
from dataclasses import replace

from innovation.rules.promotion.decision import Outcome, Spending
from innovation.rules.promotion.pools import Decision
from innovation.rules.promotion.reading import Params, RuleError
from innovation.rules.promotion.reasons import Because


def apply_judgements(outcome: Outcome, judgements: Mapping[str, bool]) -> Outcome:
    """The outcome with these ideas in (True) or out (False) by judgement; places and everything else stay as they were.

    A judged decision keeps its params and gains ``was``, the rule's own reason. Ideas marked close but not judged stay as
    the rule has them. The money of pools and challenges is counted anew.

    Raises:
        RuleError: ``not_close`` for an idea that is not marked, ``too_many`` where more than k would be in, ``too_dear``
            where the budget would not pay for those in.
    """
    close = {made.idea for made in outcome.decisions if "close" in made.params}
    for idea in sorted(judgements):
        if idea not in close:
            raise RuleError("not_close", f"judgements.{idea}")
    decisions = tuple(
        _judged(made, judgements[made.idea]) if made.idea in judgements else made for made in outcome.decisions
    )
    changed = [
        (before, after)
        for before, after in zip(outcome.decisions, decisions, strict=True)
        if before.promoted is not after.promoted
    ]
    pools = tuple(_counted(pool, changed) for pool in outcome.pools)
    for pool in pools:
        _check(pool, [made for made in decisions if made.challenge in pool.challenges])
    challenges = tuple(_counted(row, changed) for row in outcome.challenges)
    return replace(outcome, decisions=decisions, pools=pools, challenges=challenges)


def _judged(made: Decision, is_in: bool) -> Decision:
    because = Because.JUDGED_IN if is_in else Because.JUDGED_OUT
    was: Params = {"was": made.because.value}
    return replace(made, promoted=is_in, because=because, params=was | made.params)


def _counted(row: Spending, changed: list[tuple[Decision, Decision]]) -> Spending:
    mine = [(after, 1 if after.promoted else -1) for before, after in changed if before.challenge in row.challenges]
    money = sum(sign * int(made.params.get("requested", 0)) for made, sign in mine)
    return replace(
        row,
        spent=row.spent + money,
        left=None if row.left is None else row.left - money,
        promoted=row.promoted + sum(sign for _, sign in mine),
    )


def _check(pool: Spending, decisions: list[Decision]) -> None:
    judged = [made for made in decisions if made.because in (Because.JUDGED_IN, Because.JUDGED_OUT)]
    if not judged:
        return
    params: Params = judged[0].params
    if "k" in params:
        if pool.promoted > int(params["k"]):
            raise RuleError("too_many", "judgements", k=params["k"], found=pool.promoted)
    elif pool.left is not None and pool.left < 0:
        raise RuleError("too_dear", "judgements", pool=pool.name, short=-pool.left)
