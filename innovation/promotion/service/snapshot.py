"""What a run decides on: the state of its challenges, as plain data of integers and strings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from innovation.challenges.models import Challenge
from innovation.challenges.service import fitting
from innovation.evaluation import queries as evaluation
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.promotion import queries
from innovation.promotion.models import Run
from innovation.promotion.service import ballots
from innovation.promotion.service.sides import asks_of_sides, told
from innovation.rules.challenge import BY_VOTES, WhoDecides
from innovation.rules.idea import IN_THE_RUNNING, IdeaState
from innovation.rules.promotion import MIX, Because, Clause, ballots_key, second_pass, under_rule
from innovation.voting import queries as voting

VERSION = 1
SHORTLIST = "shortlist"

STILL_IN_PLAY = frozenset({Because.OVER_BUDGET, Because.AFTER_STOP, Because.BELOW_LINE, Because.NOT_AFFORDABLE})
"""Reasons that a second pass may turn: these ideas are its candidates, and are not told "no" before it."""

Snapshot = tuple[dict[str, Any], dict[str, Any] | None]
"""A snapshot, and the ballots it rests on where votes were cast here."""


def take(run: Run) -> Snapshot:
    """Read the snapshot of a run, under the locks of its challenges."""
    members = [each.challenge for each in run.challenges]
    found = _sent([challenge.id for challenge in members])
    if run.pass_no > 1:
        candidates = _candidates(run)
        found = [idea for idea in found if idea.id in candidates]
    shortlist = run.round.purpose == SHORTLIST
    snapshot, cast = _of(members, found, rule_of(run), shortlist)
    snapshot |= {"round": run.round.public_id, "pass": run.pass_no}
    if run.pass_no > 1:
        snapshot["carried"] = _carried(run, {challenge.id: challenge.public_id for challenge in members})
    return snapshot, cast


def before_measuring(run: Run) -> dict[str, Any]:
    """A run's state without what is measured of its own order, and without ballots: enough to say what competes."""
    members = [each.challenge for each in run.challenges]
    ids = [challenge.id for challenge in members]
    shortlist = run.round.purpose == SHORTLIST
    snapshot = _figures(members, _sent(ids), rule_of(run), shortlist, voting.polls(ids), {})
    return snapshot | {"round": run.round.public_id, "pass": run.pass_no}


def of_challenge(challenge: Challenge, rule: Mapping[str, Any]) -> Snapshot:
    """A snapshot of a challenge as it stands under a rule, for a preview: nothing is stored."""
    snapshot, cast = _of([challenge], _sent([challenge.id]), dict(rule), shortlist=False)
    return snapshot | {"round": "preview", "pass": 1}, cast


def under(run: Run, rule: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The stored snapshot of a decided run under another rule of its challenge, the ``number``-th.

    Everything is as it was frozen. The intervals belong to the method that a rule orders by; those of every method were
    measured from the same closed votes, before the freeze.
    """
    ids = [each.challenge_id for each in run.challenges]
    sure = intervals(ids, rule)
    named = {idea.public_id: sure[idea.id] for idea in ideas.for_decision(ids) if idea.id in sure}
    frozen = json.loads(run.snapshot or "")
    return under_rule(frozen, rule, named, number=number, outcome_hash=str(run.outcome_hash))


def rule_of(run: Run) -> dict[str, Any]:
    """The rule that a run applies."""
    first = run.challenges[0].challenge
    if run.round.purpose == SHORTLIST:
        return dict(first.shortlist_rule or first.rule)
    if run.pass_no > 1:
        return dict(run.round.second_rule or second_pass(run.round.rule))
    return dict(run.round.rule or first.rule)


def explained(run: Run) -> list[Clause]:
    """What a run's rule says, for a template to make a sentence of."""
    first = run.challenges[0].challenge
    who_decides = WhoDecides.VOTES if run.round.purpose == SHORTLIST else first.who_decides
    return fitting.explained(rule_of(run), who_decides, first.ballot)


def _sent(challenge_ids: Sequence[int]) -> list[Idea]:
    """Everything that was sent to some challenges and is theirs to decide about; what was sent back and did not come again
    is its authors' alone, like a draft."""
    return [idea for idea in ideas.for_decision(challenge_ids) if idea.state != IdeaState.RETURNED]


def _of(members: Sequence[Challenge], found: Sequence[Idea], rule: dict[str, Any], shortlist: bool) -> Snapshot:
    ids = [challenge.id for challenge in members]
    polls = voting.polls(ids)
    snapshot = _figures(members, found, rule, shortlist, polls, intervals(ids, rule))
    cast = ballots.cast_in([each for each in members if each.id not in polls and each.who_decides in BY_VOTES])
    if cast is not None:
        snapshot["ballots"] = ballots_key(cast)
    return snapshot, cast


def _figures(
    members: Sequence[Challenge],
    found: Sequence[Idea],
    rule: dict[str, Any],
    shortlist: bool,
    polls: Mapping[int, Any],
    sure: Mapping[int, Mapping[str, int]],
) -> dict[str, Any]:
    totals = voting.totals([idea.id for idea in found]) if polls else {}
    measured = voting.measured([idea.id for idea in found])
    panel = evaluation.panel_scores([idea.id for idea in found])
    picks = queries.all_picks([challenge.id for challenge in members])
    of = {challenge.id: challenge for challenge in members}
    # What is frozen goes into the record: a small side stands in it only where the rule rests on it.
    kept = dict if asks_of_sides(rule) else told
    rows = []
    for idea in found:
        challenge, poll, total = of[idea.challenge_id], polls.get(idea.challenge_id), totals.get(idea.id)
        measures = kept(measured.get(idea.id) or {"for": 0, "against": 0, "voters": 0})
        if poll is not None:
            measures = {} if total is None else {"for": total.for_weight, "against": total.against_weight}
            if total is not None and total.voters is not None:
                measures["voters"] = total.voters
        if idea.id in panel:
            measures |= {"panel_mean_micro": panel[idea.id].mean_micro, "reviews": panel[idea.id].reviews}
        pick = picks.get(idea.id)
        rows.append(
            {
                "id": idea.public_id,
                "challenge": challenge.public_id,
                "requested": idea.requested_minor,
                "submitted_at": _spelled(idea),
                "measures": {**measures, **sure.get(idea.id, {})},
                "pick": None if pick is None else "chosen" if pick.chosen else "not_chosen",
                "out": _out(idea, challenge, no_tally=poll is not None and total is None, shortlist=shortlist),
            }
        )
    return {
        "version": VERSION,
        "rule": rule,
        "challenges": [_challenge(challenge, polls.get(challenge.id)) for challenge in members],
        "ideas": rows,
    }


def _challenge(challenge: Challenge, poll: Any) -> dict[str, Any]:
    row = {
        "id": challenge.public_id,
        "budget": challenge.budget_minor,
        "currency": challenge.currency if challenge.budget_minor is not None else None,
        "electorate": poll.electorate if poll is not None else None,
    }
    fit = voting.figures(challenge.id)
    fitted = {name: value for name, value in fit.figures.items() if name.endswith("_micro")} if fit else {}
    return row | ({"fitted": fitted} if fitted else {})


def intervals(challenge_ids: Sequence[int], rule: Mapping[str, Any]) -> dict[int, dict[str, int]]:
    """Interval and chance of being chosen under the method that the rule orders by, by idea id; without those of ideas
    whose figure nothing tells the spread of. What was measured of one mix says nothing of another."""
    order = rule.get("order") or {}
    measured = challenge_ids
    if MIX in order:
        measured = [each for each in challenge_ids if mix_measured(each) == order]
    return {
        standing.idea_id: {
            "low_micro": standing.low_micro,
            "high_micro": standing.high_micro,
            "p_top_micro": standing.top_micro,
        }
        for standing in voting.standings_under(measured, MIX if MIX in order else order.get("by"))
        if not standing.figures.get("unsure")
    }


def mix_measured(challenge_id: int) -> Any:
    """The order of the mix whose standings are stored for a challenge; None where there is none."""
    fit = voting.figures(challenge_id)
    return fit.figures.get(MIX) if fit is not None else None


def _candidates(run: Run) -> set[int]:
    """The ideas that a second pass decides about: approved in the first, and left out for want of room alone."""
    first = _first(run)
    return {made.idea_id for made in queries.of_run(first.id) if made.because in STILL_IN_PLAY}


def _first(run: Run) -> Run:
    runs = queries.of_challenge(run.challenges[0].challenge_id)
    return next(each for each in runs if each.pass_no == 1 and each.round_id == run.round_id)


def _carried(run: Run, names: dict[int, str]) -> list[dict[str, Any]]:
    """What the first pass left over, for each challenge that this pass names."""
    first = _first(run)
    left = {each.challenge_id: each.left_minor or 0 for each in first.challenges}
    return [{"challenge": names[each.challenge_id], "left": max(0, left[each.challenge_id])} for each in run.challenges]


def _out(idea: Idea, challenge: Challenge, *, no_tally: bool, shortlist: bool) -> str | None:
    """Why an idea cannot be promoted whatever its measures say."""
    if idea.state == IdeaState.MERGED:
        return "merged"
    if idea.state == IdeaState.WITHDRAWN:
        return "withdrawn"
    if idea.unchecked:
        return "not_checked" if idea.state == IdeaState.CHECKING else "turned_down"
    if no_tally:
        return "no_tally"
    if idea.state not in IN_THE_RUNNING:
        return "disqualified"
    by_shortlist = challenge.who_decides == WhoDecides.VOTES_PANEL and not shortlist
    return "not_shortlisted" if by_shortlist and idea.state != IdeaState.SHORTLISTED else None


def _spelled(idea: Idea) -> str | None:
    return idea.submitted_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if idea.submitted_at else None
