"""What a run decides on: the state of its challenges, as plain data of integers and strings."""

from __future__ import annotations

from typing import Any

from innovation.challenges.models import Challenge
from innovation.evaluation import queries as evaluation
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.promotion import queries
from innovation.promotion.models import Run
from innovation.rules.idea import IN_THE_RUNNING, IdeaState
from innovation.rules.promotion import Because, second_pass
from innovation.voting import queries as voting

VERSION = 1

STILL_IN_PLAY = frozenset({Because.OVER_BUDGET, Because.AFTER_STOP, Because.BELOW_LINE})
"""Reasons that a second pass may turn: these ideas are its candidates, and are not told "no" before it."""


def take(run: Run) -> dict[str, Any]:
    """Read the snapshot of a run, under the locks of its challenges."""
    members = [each.challenge for each in run.challenges]
    ids = [challenge.id for challenge in members]
    polls = voting.polls(ids)
    found = ideas.for_decision(ids)
    if run.pass_no > 1:
        candidates = _candidates(run)
        found = [idea for idea in found if idea.id in candidates]
    totals = voting.totals([idea.id for idea in found])
    panel = evaluation.panel_scores([idea.id for idea in found])
    picks = queries.all_picks(ids)
    names = {challenge.id: challenge.public_id for challenge in members}
    rows = []
    for idea in found:
        poll = polls.get(idea.challenge_id)
        total = totals.get(idea.id)
        measures: dict[str, int] = {}
        if total is not None:
            measures = {"for": total.for_weight, "against": total.against_weight}
            if total.voters is not None:
                measures["voters"] = total.voters
        elif poll is None:
            measures = {"for": 0, "against": 0, "voters": 0}
        if idea.id in panel:
            measures |= {"panel_mean_micro": panel[idea.id].mean_micro, "reviews": panel[idea.id].reviews}
        pick = picks.get(idea.id)
        rows.append(
            {
                "id": idea.public_id,
                "challenge": names[idea.challenge_id],
                "requested": idea.requested_minor,
                "submitted_at": _spelled(idea),
                "measures": measures,
                "pick": None if pick is None else "chosen" if pick.chosen else "not_chosen",
                "out": _out(idea, has_poll=poll is not None, has_total=total is not None),
            }
        )
    snapshot: dict[str, Any] = {
        "version": VERSION,
        "round": run.round.public_id,
        "pass": run.pass_no,
        "rule": _rule(run, members),
        "challenges": [
            {
                "id": challenge.public_id,
                "budget": challenge.budget_minor,
                "currency": challenge.currency if challenge.budget_minor is not None else None,
                "electorate": polls[challenge.id].electorate if challenge.id in polls else None,
            }
            for challenge in members
        ],
        "ideas": rows,
    }
    if run.pass_no > 1:
        snapshot["carried"] = _carried(run, names)
    return snapshot


def _rule(run: Run, members: list[Challenge]) -> dict[str, Any]:
    if run.pass_no > 1:
        return dict(run.round.second_rule or second_pass(run.round.rule))
    return dict(run.round.rule or members[0].rule)


def _candidates(run: Run) -> set[int]:
    """The ideas that a second pass decides about: approved in the first, and left out for want of room alone."""
    first = _first(run)
    return {made.idea_id for made in queries.of_run(first.id) if made.because in STILL_IN_PLAY}


def _first(run: Run) -> Run:
    return next(each for each in queries.of_challenge(run.challenges[0].challenge_id) if each.pass_no == 1)


def _carried(run: Run, names: dict[int, str]) -> list[dict[str, Any]]:
    """What the first pass left over, for each challenge that this pass names."""
    first = _first(run)
    left = {each.challenge_id: each.left_minor or 0 for each in first.challenges}
    return [{"challenge": names[each.challenge_id], "left": max(0, left[each.challenge_id])} for each in run.challenges]


def _out(idea: Idea, *, has_poll: bool, has_total: bool) -> str | None:
    """Why an idea cannot be promoted whatever its measures say."""
    if idea.state == IdeaState.MERGED:
        return "merged"
    if idea.state == IdeaState.WITHDRAWN:
        return "withdrawn"
    if has_poll and not has_total:
        return "no_tally"
    return None if idea.state in IN_THE_RUNNING else "disqualified"


def _spelled(idea: Idea) -> str | None:
    return idea.submitted_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if idea.submitted_at else None
