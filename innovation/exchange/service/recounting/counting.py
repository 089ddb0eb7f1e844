"""Counting a record's votes and comparisons again, and fitting what was fitted to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from innovation.exchange.service.recounting.opened import Line, json_of, rows_of
from innovation.rules.ranking import bradley_terry, fit_prior
from innovation.rules.ranking.groups import CAP_PERCENT, capped_pairs
from innovation.voting.queries.groups import UNVERIFIED

TOLERANCE_MICRO = 1_000
"""How far a parameter fitted again may lie from the stored one, in millionths of it: arithmetic differs between machines."""

STILL_COUNTED = (None, "not_shortlisted")
"""Why an idea of a snapshot is out although its votes were measured with the others'."""


def votes_again(files: Mapping[str, bytes]) -> list[Line]:
    """The figures of every idea follow from the ballots."""
    if "ballots.json" not in files:
        return (
            []
            if "pairs.csv" in files
            else [Line(True, "there are no ballots in this record, so the votes cannot be counted again")]
        )
    snapshot = json_of(files, "snapshot.json")
    counted = _counted(json_of(files, "ballots.json"), {idea["id"]: idea["challenge"] for idea in snapshot["ideas"]})
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


def pairs_again(files: Mapping[str, bytes]) -> list[Line]:
    """The figures of ideas that were put side by side follow from the comparisons, as far as the record lists them."""
    snapshot = json_of(files, "snapshot.json")
    listed = rows_of(files, "pairs.csv")
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


def fitted_again(files: Mapping[str, bytes]) -> list[Line]:
    """The parameters fitted to the votes can be fitted again."""
    snapshot = json_of(files, "snapshot.json")
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
