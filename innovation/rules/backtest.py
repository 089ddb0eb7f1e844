"""A rule tried on the past: what it would have picked, against what then worked.

Formula: of the ideas of a decided challenge whose project has ended, let w have worked and f not. The rule decides the
stored snapshot anew; it picks w' of the w and f' of the f. Said are w', f', the missed w - w' and the spared f - f', the
share of its picks that worked, w' / (w' + f'), beside the share of all that ended, w / (w + f), each with its interval
(see `figures`).
What has no outcome stands in no share: a pick that was never tried, or whose project still runs, is counted as unknown.
What is missing: only what was chosen then could work or fail, so nothing is known of what another rule would have brought
in.
A rule that agrees with the one in force looks well tested, one that differs looks untested; neither is thereby better or
worse.
Source: selective labels, Lakkaraju, Kleinberg, Leskovec, Ludwig, Mullainathan 2017, KDD; Kleinberg et al. 2018.
Refused: a rule that asks for what was not measured then. Ties: as `promotion`, by the seed of the run itself.
Complexity: one decision of the snapshot, O(n log n) in ideas, for each challenge in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from innovation.rules.figures import Share, share
from innovation.rules.measures import MEASURES
from innovation.rules.project import ProjectState
from innovation.rules.promotion import Because, Json, Malformed, Rule, parse_rule, parse_snapshot
from innovation.rules.promotion.decision import decide_with
from innovation.rules.promotion.rule import Group, Threshold
from innovation.rules.promotion.snapshot import seed_of

WORKED: Final = frozenset({ProjectState.PASSED, ProjectState.ADOPTED, ProjectState.ITERATED})
ENDED: Final = WORKED | {ProjectState.STOPPED}
"""Projects with an outcome: the proof passed, whatever came of it then, or it was stopped."""

_OF_ITS_ORDER: Final = frozenset({"low", "p_top"})
"""Measures that were computed for the order in force, and mean nothing under another."""
_OF_VOTES: Final = frozenset({"for", "against", "voters", "points", "for_external", "for_internal", "voters_external"}) | {
    "pairs_micro",
    "support_least_micro",
}
"""Raw measures that votes alone give; where nobody could vote they are nought, and a rule must not go by that."""
_BARRED: Final = {Because.NO_BUDGET: "budget", Because.NO_REQUEST: "amounts"}


def outcome_of(state: str, *, settled: bool = False) -> bool | None:
    """Whether a project in this state worked; None while nobody knows.

    Args:
        settled: whether it was said what came of its proof. One that was stopped then had passed: the proof worked, and
            was not taken up.
    """
    return state in WORKED or settled if state in ENDED else None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a rule would have done in one challenge, or in several together, counted in ideas."""

    picked_worked: int = 0
    picked_failed: int = 0
    picked_unknown: int = 0
    left_worked: int = 0
    left_failed: int = 0

    def __add__(self, other: Findings) -> Findings:
        return Findings(
            self.picked_worked + other.picked_worked,
            self.picked_failed + other.picked_failed,
            self.picked_unknown + other.picked_unknown,
            self.left_worked + other.left_worked,
            self.left_failed + other.left_failed,
        )

    @property
    def of_picks(self) -> Share:
        """How many of its picks that were tried worked."""
        return share(self.picked_worked, self.picked_worked + self.picked_failed)

    @property
    def of_tried(self) -> Share:
        """How many of all that were tried worked: what there is to compare with."""
        worked = self.picked_worked + self.left_worked
        return share(worked, worked + self.picked_failed + self.left_failed)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a rule cannot be tried on a snapshot: ``measure`` (which), ``votes`` (nobody voted), ``ballots``, ``budget``,
    ``amounts`` (no idea says what it asks for) or ``rule``."""

    code: str
    measure: str = ""


def count(picked: Iterable[str], outcomes: Mapping[str, bool | None]) -> Findings:
    """Set picks against outcomes, by idea; an idea without an outcome, or with None, was not tried to an end."""
    chosen = set(picked)
    known = {idea: worked for idea, worked in outcomes.items() if worked is not None}
    return Findings(
        picked_worked=sum(worked for idea, worked in known.items() if idea in chosen),
        picked_failed=sum(not worked for idea, worked in known.items() if idea in chosen),
        picked_unknown=len(chosen - known.keys()),
        left_worked=sum(worked for idea, worked in known.items() if idea not in chosen),
        left_failed=sum(not worked for idea, worked in known.items() if idea not in chosen),
    )


def back_test(
    snapshot: Mapping[str, Any],
    rule: Mapping[str, Any],
    outcomes: Mapping[str, bool | None],
    ballots: Json = None,
    *,
    as_many: Mapping[str, int] | None = None,
) -> dict[str, Findings | Refusal]:
    """Try a rule on a stored snapshot, challenge by challenge.

    Args:
        outcomes: whether the idea worked, by its id.
        as_many: by challenge how many were chosen then; a rule for the best so many then takes as many, where it is given.

    Raises:
        SnapshotError: the snapshot itself is unsound.
    """
    parsed = parse_rule(rule)
    found: dict[str, Findings | Refusal] = {}
    for part in _parts(snapshot, parsed):
        names = [str(challenge["id"]) for challenge in part["challenges"]]
        sized = dict(rule)
        if as_many is not None and parsed.capacity.kind == "top" and len(names) == 1:
            sized["capacity"] = {"kind": "top", "k": max(1, as_many.get(names[0], 1))}
        found |= _tried(part, sized, parsed, outcomes, ballots, seed_of(snapshot))
    return found


def _parts(snapshot: Mapping[str, Any], rule: Rule) -> Iterator[Mapping[str, Any]]:
    """The snapshot challenge by challenge; whole where the rule sets challenges against one another or reads the ballots."""
    if rule.pool != "per_challenge" or rule.needs_ballots:
        yield snapshot
        return
    for challenge in snapshot["challenges"]:
        ideas = [idea for idea in snapshot["ideas"] if idea["challenge"] == challenge["id"]]
        yield {**snapshot, "challenges": [challenge], "ideas": ideas}


def _tried(
    snapshot: Mapping[str, Any],
    rule: Mapping[str, Any],
    parsed: Rule,
    outcomes: Mapping[str, bool | None],
    ballots: Json,
    seed: bytes,
) -> dict[str, Findings | Refusal]:
    names = [str(challenge["id"]) for challenge in snapshot["challenges"]]
    stale = _OF_ITS_ORDER & asked(parsed)
    if stale and parse_rule(snapshot["rule"]).order != parsed.order:
        return {name: Refusal("measure", min(stale)) for name in names}
    frozen = parse_snapshot({**snapshot, "rule": rule})
    voted = any(idea.raw.get(name) for idea in frozen.ideas for name in ("for", "against", "points"))
    if not voted and any(_OF_VOTES.intersection(MEASURES[name].needs) for name in asked(parsed) if name in MEASURES):
        return {name: Refusal("votes") for name in names}
    try:
        made = decide_with(frozen, ballots, seed)
    except Malformed as error:
        return {name: Refusal("ballots" if error.code.startswith("ballots") else "rule") for name in names}
    found: dict[str, Findings | Refusal] = {}
    running = {idea.id for idea in frozen.ideas if idea.out is None}
    for name in names:
        here = [each for each in made.decisions if each.challenge == name]
        barred = {(each.because, str(each.params.get("measure", ""))) for each in here if each.idea in running}
        known = {idea["id"]: outcomes.get(idea["id"]) for idea in snapshot["ideas"] if idea["challenge"] == name}
        found[name] = _refused(barred) or count([each.idea for each in here if each.promoted], known)
    return found


def _refused(reasons: set[tuple[Because, str]]) -> Refusal | None:
    """Why the rule could say nothing of any idea; None where it could of one."""
    codes = {because for because, _measure in reasons}
    if codes == {Because.MISSING_MEASURE}:
        return Refusal("measure", min(measure for _because, measure in reasons))
    only = next(iter(codes)) if len(codes) == 1 else None
    return Refusal(_BARRED[only]) if only in _BARRED else None


def asked(rule: Rule) -> frozenset[str]:
    """Every measure that a rule lets in, or orders, by."""
    order = () if rule.order is None else (rule.order.by, *(part.measure for part in rule.order.mix))
    return frozenset(order) | (frozenset() if rule.eligibility is None else _asked(rule.eligibility))


def _asked(condition: Threshold | Group) -> frozenset[str]:
    if isinstance(condition, Group):
        return frozenset[str]().union(*map(_asked, condition.parts))
    return frozenset({condition.measure} | ({condition.of} if condition.of else set()))
