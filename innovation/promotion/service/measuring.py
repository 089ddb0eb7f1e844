"""Measuring what a run will decide on, between closing and freezing: the votes, the panel's scores, and a mix of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innovation.challenges.models import Challenge
from innovation.evaluation.service.measuring import measure_panel
from innovation.ideas import queries as ideas
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import in_transaction
from innovation.promotion import queries
from innovation.promotion.models import Run
from innovation.promotion.service import snapshot as snapshots
from innovation.rules.challenge import BY_PANEL, BY_VOTES
from innovation.rules.promotion import MIX, candidates, digest, parse_rule
from innovation.rules.promotion.rule import Order
from innovation.rules.promotion.sureness import Ends, mix_figures
from innovation.rules.ranking import METHODS, ordered_by
from innovation.rules.ranking.listing import seed_of
from innovation.voting import queries as voting
from innovation.voting.service import Placed, measure, put_standings

LIKELY_CHOSEN = 5
"""For the chance of being among the best, where a rule names no number."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to measure for a run: ``what`` is votes, panel or mix, and ``challenge_id`` 0 for the mix, which is of all
    its challenges; ``k`` ideas are chosen."""

    what: str
    challenge_id: int
    k: int


def due(run: Run) -> list[Due]:
    """What is to be measured for a run that has closed its challenges, in this order. A mix needs the others."""
    if run.pass_no > 1:
        return []  # what was measured for the first pass stays as it was told
    rule, members = snapshots.rule_of(run), [each.challenge for each in run.challenges]
    k = int((rule.get("capacity") or {}).get("k") or LIKELY_CHOSEN)
    polls = voting.polls([each.id for each in members])
    crowds = [each for each in members if each.who_decides in BY_VOTES and each.id not in polls]
    scored = run.round.purpose != snapshots.SHORTLIST
    panels = [each for each in members if scored and each.who_decides in BY_PANEL]
    found = [Due("votes", each.id, k) for each in crowds] + [Due("panel", each.id, k) for each in panels]
    return found + ([Due(MIX, 0, k)] if _mix(rule) else [])


def carry_out(*, actor: Actor, run_id: int, step: Due) -> None:
    """Measure one thing and store its figures, rounded. Doing it again gives the same."""
    if step.what == MIX:
        _measure_mix(actor=actor, run_id=run_id, k=step.k)
    elif step.what == "panel":
        measure_panel(actor=actor, challenge_id=step.challenge_id, k=step.k)
    else:
        measure(actor=actor, challenge_id=step.challenge_id, k=step.k)


def _mix(rule: Mapping[str, Any]) -> Order | None:
    """The mix by which a rule orders. None without one, and where it mixes in what is only known of the mix itself."""
    order = parse_rule(rule).order
    known = order is not None and not {"low", "p_top"} & {part.measure for part in order.mix}
    return order if order is not None and order.mix and known else None


def _measure_mix(*, actor: Actor, run_id: int, k: int) -> None:
    """Compute and store the standings by a run's mix, of the ideas that compete: figure and order are the rule's own.

    The chance is that of the best ``k`` of the pool; places are counted within each challenge.
    """
    run = queries.run(run_id)
    rule, members = snapshots.rule_of(run), [each.challenge for each in run.challenges]
    order, state = _mix(rule), snapshots.before_measuring(run)
    assert order is not None
    stored = _stored(order, members)
    id_of = {idea.public_id: idea.id for idea in ideas.for_decision([each.id for each in members])}
    number = {each.public_id: each.id for each in members}
    if not in_transaction():
        db.session.rollback()  # nothing is held open while this computes
    placed: dict[int, list[Placed]] = {each: [] for each in sorted(number.values())}
    for pool in candidates(state):
        rows = [[stored.get((part.measure, id_of[each.idea.id])) for each in pool] for part in order.mix]
        figures = mix_figures(order, [each.idea.raw for each in pool], rows, k, seed_of(MIX, digest(state)))
        for entry, figure in zip(pool, figures, strict=True):
            here = placed[number[entry.idea.challenge]]
            here.append(Placed(id_of[entry.idea.id], len(here) + 1, *figure))
    for challenge_id, rows_here in placed.items():
        fitted = {"k": k, MIX: rule["order"]}
        put_standings(actor=actor, challenge_id=challenge_id, method=MIX, placed=rows_here, fitted=fitted)


def _stored(order: Order, members: Sequence[Challenge]) -> dict[tuple[str, int], Ends]:
    """By measure and idea id, the ends of its interval in millionths as they are stored, where a method ranks by it."""
    found: dict[tuple[str, int], Ends] = {}
    for part in order.mix:
        for challenge in members:
            method = ordered_by(part.measure, challenge.ballot)
            rows = voting.standings_under([challenge.id], METHODS[method].measure) if method else []
            found |= {
                (part.measure, row.idea_id): (row.low_micro, row.high_micro) for row in rows if not row.figures.get("unsure")
            }
    return found
