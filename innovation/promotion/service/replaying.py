"""Deciding again from what is stored: the same snapshot and the same rule give the same bytes, on any machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from innovation.challenges.models import RuleChange
from innovation.promotion import queries
from innovation.promotion.models import Run
from innovation.promotion.service.ballots import unpacked
from innovation.rules.promotion import (
    Malformed,
    Outcome,
    apply_judgements,
    ballots_key,
    decide,
    digest,
    history,
    outcome_bytes,
)
from innovation.rules.run import RunState


def replay(run: Run) -> str | None:
    """Recompute a decided run from its stored snapshot.

    Returns:
        None when everything is as stored, else what is not: ``snapshot`` (its fingerprint differs), ``ballots`` (they are
        not those that the snapshot names), ``outcome`` (the recomputed decisions differ from the stored fingerprint), or
        ``decisions`` with the public id of the first idea whose stored decision was changed. Where it was decided again
        by another rule, ``rule`` with a number: what stood before that rule does not come out as it was recorded.
    """
    text = run.snapshot or ""
    if hashlib.sha256(text.encode()).hexdigest() != run.snapshot_hash:
        return "snapshot"
    try:
        cast = unpacked(run.ballots)
    except ValueError:
        return "ballots"
    try:
        outcome = decide(json.loads(text), cast)
        if cast is not None and json.loads(text).get("ballots") != ballots_key(cast):
            return "ballots"
    except (Malformed, ValueError):
        return "snapshot"
    if _fingerprint(outcome) != run.outcome_hash:
        return "outcome"
    changed = _before(json.loads(text), cast, outcome, queries.changes_of_rule(run.id))
    if changed is not None:
        return changed
    if run.state == RunState.ANNOUNCED:
        outcome = apply_judgements(outcome, queries.judgements(run.id))
    made = {each.idea: (each.promoted, each.place, str(each.because)) for each in outcome.decisions}
    stored = queries.recorded(run.id)
    wrong = [idea for idea in sorted({*made, *stored}) if made.get(idea) != stored.get(idea)]
    return f"decisions ({wrong[0]})" if wrong else None


def _before(snapshot: dict[str, Any], cast: Any, outcome: Outcome, changes: Mapping[int, RuleChange]) -> str | None:
    """Whether every earlier decision comes out again, and both rules, who came in and who went out are as recorded."""
    rule = snapshot["rule"]
    for entry, frozen in history(snapshot):
        wrong = f"rule {entry['number']}"
        try:
            earlier = decide(frozen, cast)
        except Malformed:
            return wrong
        if digest(frozen) != entry["snapshot_hash"] or _fingerprint(earlier) != entry["outcome_hash"]:
            return wrong
        was, now = _promoted(earlier), _promoted(outcome)
        change = changes.get(entry["number"])
        if change is None or (change.before, change.after) != (entry["rule"], rule):
            return wrong
        if (set(change.entered), set(change.left)) != (now - was, was - now):
            return wrong
        outcome, rule = earlier, entry["rule"]
    return None


def _promoted(outcome: Outcome) -> set[str]:
    return {made.idea for made in outcome.decisions if made.promoted}


def _fingerprint(outcome: Outcome) -> str:
    return hashlib.sha256(outcome_bytes(outcome)).hexdigest()


def told(run: Run) -> str | None:
    """Whether the facts of a run's way, sealed in the chain, name the fingerprints that the run holds; None, or what not."""
    earlier = json.loads(run.snapshot or "{}").get("earlier", [])
    stored = [*((each["snapshot_hash"], each["outcome_hash"]) for each in earlier), (run.snapshot_hash, run.outcome_hash)]
    (first_snapshot, first_outcome), *later = stored
    for name, key, wanted in (
        ("RunFrozen", ("snapshot_hash",), [(first_snapshot,)]),
        ("RunDecided", ("outcome_hash",), [(first_outcome,)]),
        ("RunDecidedAgain", ("snapshot_hash", "outcome_hash"), later),
    ):
        if [tuple(fact.get(each) for each in key) for fact in queries.told(run.id, name)] != wanted:
            return f"the fact {name}"
    return "the fact RuleChanged" if queries.changes_told(run.id) != queries.changes_kept(run.id) else None
