"""Deciding again from what is stored: the same snapshot and the same rule give the same bytes, on any machine."""

from __future__ import annotations

import hashlib
import json

from innovation.promotion import queries
from innovation.promotion.models import Run
from innovation.promotion.service.ballots import unpacked
from innovation.rules.promotion import Malformed, apply_judgements, ballots_key, decide, outcome_bytes
from innovation.rules.run import RunState


def replay(run: Run) -> str | None:
    """Recompute a decided run from its stored snapshot.

    Returns:
        None when everything is as stored, else what is not: ``snapshot`` (its fingerprint differs), ``ballots`` (they are
        not those that the snapshot names), ``outcome`` (the recomputed decisions differ from the stored fingerprint), or
        ``decisions`` with the public id of the first idea whose stored decision was changed.
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
    if hashlib.sha256(outcome_bytes(outcome)).hexdigest() != run.outcome_hash:
        return "outcome"
    if run.state == RunState.ANNOUNCED:
        outcome = apply_judgements(outcome, queries.judgements(run.id))
    made = {each.idea: (each.promoted, each.place, str(each.because)) for each in outcome.decisions}
    stored = queries.recorded(run.id)
    wrong = [idea for idea in sorted({*made, *stored}) if made.get(idea) != stored.get(idea)]
    return f"decisions ({wrong[0]})" if wrong else None


def told(run: Run) -> str | None:
    """Whether the facts of a run's way, sealed in the chain, name the fingerprints that the run holds; None, or what not."""
    for name, key, stored in (
        ("RunFrozen", "snapshot_hash", run.snapshot_hash),
        ("RunDecided", "outcome_hash", run.outcome_hash),
    ):
        if queries.told(run.id, name).get(key) != stored:
            return f"the fact {name}"
    return None
