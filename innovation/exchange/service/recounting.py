"""Counting and deciding again from a record alone: no database, no network, no names."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from innovation.exchange.service.record import MANIFEST
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
from innovation.rules.ranking import bradley_terry, fit_prior
from innovation.rules.ranking.groups import CAP_PERCENT, capped_pairs
from innovation.voting.queries.groups import UNVERIFIED

TOLERANCE_MICRO = 1_000
"""How far a parameter fitted again may lie from the stored one, in millionths of it: arithmetic differs between machines."""

STILL_COUNTED = (None, "not_shortlisted")
"""Why an idea of a snapshot is out although its votes were measured with the others'."""

LARGEST_BYTES = 500_000_000
"""A bundle that unpacks to more than this is refused."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was checked: whether it holds, and what was found."""

    holds: bool
    what: str


class BadRecord(ValueError):
    """The file is no record that can be read."""


def recount(path: Path) -> list[Line]:
    """Check a record from its bytes to its decisions; the lines in the order they were checked, the first wrong one last.

    Raises:
        BadRecord: the file is no record.
    """
    files = _read(path)
    lines: list[Line] = []
    for check in (_fingerprints, _votes, _pairs, _fitted, _decisions):
        for line in check(files):
            lines.append(line)
            if not line.holds:
                return lines
    return lines


def _read(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as bundle:
            if sum(entry.file_size for entry in bundle.infolist()) > LARGEST_BYTES:
                raise BadRecord("it unpacks to more than half a gigabyte")
            files = {entry.filename: bundle.read(entry) for entry in bundle.infolist()}
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadRecord(str(error)) from error
    if MANIFEST not in files or "snapshot.json" not in files or "decisions.csv" not in files:
        raise BadRecord("manifest.json, snapshot.json or decisions.csv is missing")
    return files


def _json(files: Mapping[str, bytes], name: str) -> Any:
    try:
        return json.loads(files[name])
    except ValueError as error:
        raise BadRecord(f"{name} is no JSON") from error


def _fingerprints(files: Mapping[str, bytes]) -> list[Line]:
    """Every file is the one the manifest names, the snapshot the one the run froze, the ballots the snapshot's."""
    manifest = _json(files, MANIFEST)
    named = manifest.get("files", {})
    lines = []
    for name in sorted({*named, *files} - {MANIFEST}):
        found = hashlib.sha256(files.get(name, b"")).hexdigest()
        lines.append(Line(name in files and found == named.get(name), f"{name} is as it was written"))
    frozen = hashlib.sha256(files["snapshot.json"]).hexdigest()
    lines.append(Line(frozen == manifest.get("snapshot_hash"), f"the snapshot is the one that was frozen: {frozen}"))
    if "ballots.json" in files:
        try:
            key = ballots_key(_json(files, "ballots.json"))
        except Malformed as error:
            return [*lines, Line(False, f"the ballots cannot be read: {error}")]
        lines.append(Line(key == _json(files, "snapshot.json").get("ballots"), "the ballots are those of the snapshot"))
        listed = {(row["voter"], row["group"], row["idea"], row["vote"]) for row in _rows(files, "ballots.csv")}
        spelled = {
            (voter["id"], voter.get("group", ""), idea, str(vote))
            for voter in _json(files, "ballots.json")["voters"]
            for idea, vote in voter["votes"].items()
        }
        lines.append(Line(listed == spelled, "ballots.csv and ballots.json list the same ballots"))
    elif manifest.get("ballots") == "included":
        lines.append(Line(False, "the ballots are missing that the manifest names"))
    return lines


def _votes(files: Mapping[str, bytes]) -> list[Line]:
    """The figures of every idea follow from the ballots."""
    if "ballots.json" not in files:
        return (
            []
            if "pairs.csv" in files
            else [Line(True, "there are no ballots in this record, so the votes cannot be counted again")]
        )
    snapshot = _json(files, "snapshot.json")
    counted = _counted(_json(files, "ballots.json"), {idea["id"]: idea["challenge"] for idea in snapshot["ideas"]})
    lines = []
    wrong = 0
    for idea in snapshot["ideas"]:
        if idea["out"] is not None:
            continue
        have = counted.get(idea["id"], {})
        for name in ("for", "against", "voters", "views", "points"):
            if name in idea["measures"] and have.get(name, 0) != idea["measures"][name]:
                wrong += 1
                lines.append(Line(False, f"idea {idea['id']}: {name} is {have.get(name, 0)}, not {idea['measures'][name]}"))
                break
    return lines or [Line(not wrong, f"the votes on {len(counted)} ideas count up to the figures of the snapshot")]


def _counted(ballots: Any, of: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """What the ballots say of each idea, those of unverified people cut to their share of the verified readers, wherever
    anybody verified looked at an idea of that challenge."""
    sides: dict[bool, dict[str, dict[str, int]]] = {True: {}, False: {}}
    for voter in ballots["voters"]:
        side = sides[voter.get("group") == UNVERIFIED]
        for idea, vote in voter["votes"].items():
            row = side.setdefault(idea, defaultdict(int))
            row["views"] += 1
            row["voters"] += vote != 0
            row["for"] += vote > 0
            row["against"] += vote < 0
            row["points"] += vote
    verified, others = sides[False], sides[True]
    looked = {of.get(idea) for idea in verified}
    found = {idea: dict(row) for idea, row in verified.items()}
    for idea, row in others.items():
        base = found.setdefault(idea, {})
        capped = of.get(idea) in looked
        most = min(row["views"], base.get("views", 0) * CAP_PERCENT // 100) if capped else row["views"]
        for name, count in row.items():
            base[name] = base.get(name, 0) + count * most // row["views"]
    return found


def _pairs(files: Mapping[str, bytes]) -> list[Line]:
    """The figures of ideas that were put side by side follow from the comparisons, as far as the record lists them."""
    snapshot = _json(files, "snapshot.json")
    listed = _rows(files, "pairs.csv")
    if not listed:
        return []
    if snapshot.get("pass", 1) > 1:
        return [Line(True, "the pairs were counted for the first pass, among all ideas: its record counts them again")]
    lines: list[Line] = []
    counted = 0
    for challenge in snapshot["challenges"]:
        ideas = {
            idea["id"]: idea["measures"]
            for idea in snapshot["ideas"]
            if idea["challenge"] == challenge["id"] and idea["out"] in STILL_COUNTED
        }
        here = [row for row in listed if row["first"] in ideas and row["second"] in ideas]
        if here:
            counted += len(here)
            try:
                lines += _compared(ideas, here)
            except (KeyError, ValueError) as error:
                lines.append(Line(False, f"pairs.csv cannot be read: {error}"))
    wrong = [line for line in lines if not line.holds]
    return wrong or [Line(True, f"{counted} comparisons count up to the figures of the snapshot")]


def _compared(ideas: Mapping[str, Mapping[str, int]], rows: Sequence[Mapping[str, str]]) -> list[Line]:
    """What comes out otherwise than in the snapshot when one challenge's comparisons are counted and fitted again."""
    place = {name: n for n, name in enumerate(ideas)}
    first, second = (np.array([place[row[side]] for row in rows]) for side in ("first", "second"))
    preferred = np.array([int(row["preferred"]) for row in rows])
    unverified = np.array([row["group"] == UNVERIFIED for row in rows])
    weight = capped_pairs(len(ideas), first, second, unverified)
    found = bradley_terry.records(len(ideas), first, second, preferred, weight)
    strengths = bradley_terry.fit(len(ideas), first, second, preferred, weight)
    lines = []
    for name, measures in ideas.items():
        n = place[name]
        for of, column in (("for", found.won), ("against", found.lost), ("voters", found.times)):
            if of in measures and measures[of] != column[n]:
                lines.append(Line(False, f"idea {name}: {of} is {column[n]}, not {measures[of]}"))
        strength = round(float(strengths.theta[n]) * 1_000_000)
        if "pairs_micro" in measures and abs(measures["pairs_micro"] - strength) > TOLERANCE_MICRO:
            lines.append(Line(False, f"idea {name}: its strength is {strength}, not {measures['pairs_micro']} millionths"))
    return lines


def _fitted(files: Mapping[str, bytes]) -> list[Line]:
    """The parameters fitted to the votes can be fitted again."""
    snapshot = _json(files, "snapshot.json")
    lines = []
    for challenge in snapshot["challenges"]:
        fitted = challenge.get("fitted")
        ideas = [
            idea["measures"]
            for idea in snapshot["ideas"]
            if idea["challenge"] == challenge["id"] and idea["out"] in STILL_COUNTED
        ]
        # Where pairs were judged nobody was in favour of an idea by itself: what is fitted there are the strengths.
        if fitted and ideas and all("views" in each and "pairs_micro" not in each for each in ideas):
            prior = fit_prior([each["for"] for each in ideas], [each["views"] for each in ideas])
            far = max(
                abs(prior.a_micro - fitted["prior_for_micro"]) * 1_000_000 // max(1, fitted["prior_for_micro"]),
                abs(prior.b_micro - fitted["prior_against_micro"]) * 1_000_000 // max(1, fitted["prior_against_micro"]),
            )
            said = f"challenge {challenge['id']}: the fitted parameters come out again (within 0.1 %)"
            lines.append(Line(far <= TOLERANCE_MICRO, said))
    return lines


def _decisions(files: Mapping[str, bytes]) -> list[Line]:
    """The rule, applied to the snapshot, gives the decisions of the record."""
    manifest, snapshot = _json(files, MANIFEST), _json(files, "snapshot.json")
    ballots = _json(files, "ballots.json") if "ballots.json" in files else None
    try:
        outcome = decide(snapshot, ballots)
        decided = hashlib.sha256(outcome_bytes(outcome)).hexdigest()
        same = Line(decided == manifest.get("outcome_hash"), f"the rule decides as it did: {decided}")
        judged = {row["idea"]: row["promoted"] == "True" for row in _rows(files, "judgements.csv")}
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
        for row in _rows(files, "decisions.csv")
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
    told = {tuple(row[name] for name in columns) for row in _rows(files, "earlier.csv")}
    changes = {
        row["number"]: (row["before"], row["after"], set(row["entered"]), set(row["left"]))
        for row in (_json(files, "changes.json") if "changes.json" in files else [])
        if row["kind"] == "rule" and row["number"] in moved
    }
    return [
        Line(told == decided, "earlier.csv tells what earlier rules decided"),
        Line(changes == moved, "changes.json tells who came in and went out by each change of the rule"),
    ]


def _promoted(outcome: Outcome) -> set[str]:
    return {made.idea for made in outcome.decisions if made.promoted}


def _rows(files: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files.get(name, b"").decode())))
