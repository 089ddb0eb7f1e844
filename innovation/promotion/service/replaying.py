"""Deciding again from what is stored: the same snapshot and the same rule give the same bytes, on any machine."""

from __future__ import annotations

import hashlib
import json

from innovation.promotion import queries
from innovation.promotion.models import Run
from innovation.rules.promotion import Malformed, decide, outcome_bytes


def replay(run: Run) -> str | None:
    """Recompute a decided run from its stored snapshot.

    Returns:
        None when everything is as stored, else what is not: ``snapshot`` (its fingerprint differs), ``outcome`` (the
        recomputed decisions differ from the stored fingerprint), or ``decisions`` (a stored decision was changed).
    """
    text = run.snapshot or ""
    if hashlib.sha256(text.encode()).hexdigest() != run.snapshot_hash:
        return "snapshot"
    try:
        outcome = decide(json.loads(text))
    except (Malformed, ValueError):
        return "snapshot"
    if hashlib.sha256(outcome_bytes(outcome)).hexdigest() != run.outcome_hash:
        return "outcome"
    made = {each.idea: (each.promoted, each.place, str(each.because)) for each in outcome.decisions}
    return None if made == queries.recorded(run.id) else "decisions"
