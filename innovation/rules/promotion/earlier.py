"""Deciding a frozen snapshot again under another rule, in such a way that what was decided before can still be replayed.

The new snapshot holds the same frozen figures and, in ``earlier``, one entry for every rule that decided before it: the
rule, the fingerprints of snapshot and outcome, and the intervals that were its inputs where the new rule's are others.
Taking the last entry off gives the snapshot before it, to the byte. The seed of the last tie-break stays that of the first
snapshot: no change of the rule draws anew.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from innovation.rules.promotion.snapshot import digest

INTERVAL: Final = ("low_micro", "high_micro", "p_top_micro")
"""The figures of an idea that belong to the method by which a rule orders. All others are the same under every rule."""


def under_rule(
    snapshot: Mapping[str, Any],
    rule: Mapping[str, Any],
    intervals: Mapping[str, Mapping[str, int]],
    *,
    number: int,
    outcome_hash: str,
) -> dict[str, Any]:
    """The snapshot under another rule.

    Args:
        intervals: the figures of :data:`INTERVAL` under the new rule, by idea; an idea without any has none.
        number: which rule of the challenge the new one is, counted from 1.
        outcome_hash: the fingerprint of what the snapshot decided under its own rule.
    """
    before = {idea["id"]: _interval_of(idea) for idea in snapshot["ideas"]}
    after = {name: dict(intervals.get(name, {})) for name in before}
    entry = {
        "number": number,
        "rule": snapshot["rule"],
        "snapshot_hash": digest(snapshot),
        "outcome_hash": outcome_hash,
        "intervals": None if before == after else {name: row for name, row in before.items() if row},
    }
    return {**_with(snapshot, after), "rule": dict(rule), "earlier": [*snapshot.get("earlier", ()), entry]}


def before_change(snapshot: Mapping[str, Any]) -> dict[str, Any] | None:
    """The snapshot as it was before its last change of rule; None where it was never changed."""
    *others, last = snapshot.get("earlier") or [None]
    if last is None:
        return None
    kept = {name: part for name, part in snapshot.items() if name != "earlier"}
    found = kept if last["intervals"] is None else _with(kept, last["intervals"])
    return {**found, "rule": last["rule"]} | ({"earlier": others} if others else {})


def history(snapshot: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    """Every earlier decision, the last first: (its entry, the snapshot it was taken on)."""
    while (found := before_change(snapshot)) is not None:
        yield snapshot["earlier"][-1], found
        snapshot = found


def _interval_of(idea: Mapping[str, Any]) -> dict[str, int]:
    return {name: idea["measures"][name] for name in INTERVAL if name in idea["measures"]}


def _with(snapshot: Mapping[str, Any], intervals: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    ideas = [
        {
            **idea,
            "measures": {name: value for name, value in idea["measures"].items() if name not in INTERVAL}
            | dict(intervals.get(idea["id"], {})),
        }
        for idea in snapshot["ideas"]
    ]
    return {**snapshot, "ideas": ideas}
