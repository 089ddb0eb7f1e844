"""Whether a record's files are those that were written and frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from innovation.exchange.service.record import MANIFEST
from innovation.exchange.service.recounting.opened import Line, json_of, rows_of
from innovation.rules.promotion import Malformed, ballots_key


def fingerprints(files: Mapping[str, bytes]) -> list[Line]:
    """Every file is the one the manifest names, the snapshot the one the run froze, the ballots the snapshot's."""
    manifest = json_of(files, MANIFEST)
    named = manifest.get("files", {})
    lines = []
    for name in sorted({*named, *files} - {MANIFEST}):
        found = hashlib.sha256(files.get(name, b"")).hexdigest()
        lines.append(Line(name in files and found == named.get(name), f"{name} is as it was written"))
    frozen = hashlib.sha256(files["snapshot.json"]).hexdigest()
    lines.append(Line(frozen == manifest.get("snapshot_hash"), f"the snapshot is the one that was frozen: {frozen}"))
    if "ballots.json" in files:
        try:
            key = ballots_key(json_of(files, "ballots.json"))
        except Malformed as error:
            return [*lines, Line(False, f"the ballots cannot be read: {error}")]
        lines.append(Line(key == json_of(files, "snapshot.json").get("ballots"), "the ballots are those of the snapshot"))
        listed = {(row["voter"], row["group"], row["idea"], row["vote"]) for row in rows_of(files, "ballots.csv")}
        spelled = {
            (voter["id"], voter.get("group", ""), idea, str(vote))
            for voter in json_of(files, "ballots.json")["voters"]
            for idea, vote in voter["votes"].items()
        }
        lines.append(Line(listed == spelled, "ballots.csv and ballots.json list the same ballots"))
    elif manifest.get("ballots") == "included":
        lines.append(Line(False, "the ballots are missing that the manifest names"))
    return lines
