"""Deciding again from a record: the rule in force, and those before it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from innovation.exchange.service.record import MANIFEST
from innovation.exchange.service.recounting.opened import Line, json_of, rows_of
from innovation.rules.promotion import Malformed, Outcome, apply_judgements, decide, digest, history, outcome_bytes


def decisions_again(files: Mapping[str, bytes]) -> list[Line]:
    """The rule, applied to the snapshot, gives the decisions of the record."""
    manifest, snapshot = json_of(files, MANIFEST), json_of(files, "snapshot.json")
    ballots = json_of(files, "ballots.json") if "ballots.json" in files else None
    try:
        outcome = decide(snapshot, ballots)
        decided = hashlib.sha256(outcome_bytes(outcome)).hexdigest()
        same = Line(decided == manifest.get("outcome_hash"), f"the rule decides as it did: {decided}")
        judged = {row["idea"]: row["promoted"] == "True" for row in rows_of(files, "judgements.csv")}
        outcome = apply_judgements(outcome, judged)
        before = [
            Line(_came_out(entry, frozen, ballots), f"before rule {entry['number']} it decided as recorded")
            for entry, frozen in history(snapshot)
        ]
    except Malformed as error:
        return [Line(False, f"the snapshot cannot be decided: {error}")]
    made = {(each.idea, each.promoted, each.place, str(each.because)) for each in outcome.decisions}
    told = {
        (row["idea"], row["promoted"] == "1", int(row["place"]) if row["place"] else None, row["because"])
        for row in rows_of(files, "decisions.csv")
    }
    return [
        same,
        *before,
        *_told_earlier(files, snapshot, ballots),
        Line(made == told, f"{len(told)} decisions are as the record tells them"),
    ]


def _came_out(entry: Mapping[str, Any], frozen: Mapping[str, Any], ballots: Any) -> bool:
    """Whether an earlier snapshot is the one that was recorded, and decides as it did."""
    decided = hashlib.sha256(outcome_bytes(decide(frozen, ballots))).hexdigest()
    return bool(digest(frozen) == entry["snapshot_hash"] and decided == entry["outcome_hash"])


def _told_earlier(files: Mapping[str, bytes], snapshot: dict[str, Any], ballots: Any) -> list[Line]:
    """Whether what earlier rules decided, and who came in and went out by each change, is as the record tells it."""
    decided: set[tuple[str, ...]] = set()
    moved: dict[int, tuple[Any, ...]] = {}
    rule, after = snapshot["rule"], _promoted(decide(snapshot, ballots))
    for entry, frozen in history(snapshot):
        outcome = decide(frozen, ballots)
        decided |= {
            (str(entry["number"]), made.idea, str(int(made.promoted)), str(made.place or ""), str(made.because))
            for made in outcome.decisions
        }
        before = _promoted(outcome)
        moved[entry["number"]] = (entry["rule"], rule, after - before, before - after)
        rule, after = entry["rule"], before
    if not moved:
        return []
    columns = ("until_rule", "idea", "promoted", "place", "because")
    told = {tuple(row[name] for name in columns) for row in rows_of(files, "earlier.csv")}
    changes = {
        row["number"]: (row["before"], row["after"], set(row["entered"]), set(row["left"]))
        for row in (json_of(files, "changes.json") if "changes.json" in files else [])
        if row["kind"] == "rule" and row["number"] in moved
    }
    return [
        Line(told == decided, "earlier.csv tells what earlier rules decided"),
        Line(changes == moved, "changes.json tells who came in and went out by each change of the rule"),
    ]


def _promoted(outcome: Outcome) -> set[str]:
    return {made.idea for made in outcome.decisions if made.promoted}
