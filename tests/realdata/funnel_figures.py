"""Funds 6 and 8 in the funnel: each of its figures is a query over the published files, by challenge and in total.

It is asked where a fund went through the whole pipeline, so that each is imported once.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from innovation.challenges.models import Challenge
from innovation.insight import queries as insight
from innovation.insight.service import rebuilding, taking_part
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from tests.conftest import REAL_DATA
from tests.realdata.test_catalyst_rules import leftovers, published


@dataclass(frozen=True)
class Figures:
    """Of one challenge, or of a fund; money in cents."""

    ideas: int
    approved: int
    over_budget: int
    funded: int
    asked: int
    granted: int


def plain(title: str) -> str:
    """A title as both files spell it: a sheet's name is cut, and has lost its signs."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^F\d+:?\s*", "", title).lower())


def cents(row: dict[str, Any]) -> int:
    return int(Decimal(str(row["REQUESTED $"])) * 100)


def in_the_files(fund: str) -> dict[str, Figures]:
    """The figures by challenge id, out of challenges.json, ideas.jsonl and the sheets of the vote."""
    folder = REAL_DATA / "catalyst" / fund
    asked_in = json.loads((folder / "challenges.json").read_text())
    with (folder / "ideas.jsonl").open() as lines:
        sent = Counter(str(json.loads(line)["challenge_id"]) for line in lines)
    sheets = {plain(name): rows for name, rows in published(fund).items() if "leftover" not in name}
    second = {(row["Proposal"], row["YES"]) for row in leftovers(fund) if row["STATUS"] == "FUNDED"}
    found = {}
    for challenge in asked_in:
        title = plain(challenge["title"])
        [rows] = [rows for name, rows in sheets.items() if title.startswith(name)]
        approved = [row for row in rows if row["Meets approval threshold"] == "YES"]
        won = [row for row in rows if row["STATUS"] == "FUNDED" or (row["Proposal"], row["YES"]) in second]
        found[str(challenge["id"])] = Figures(
            ideas=sent[str(challenge["id"])],
            approved=len(approved),
            over_budget=len(approved) - len(won),
            funded=len(won),
            asked=sum(map(cents, rows)),
            granted=sum(map(cents, won)),
        )
    return found


def in_the_funnel() -> dict[str, Figures]:
    """The same by challenge id, as the pages of the funnel show it."""
    who = house(Origin.CLI)
    money = {each.challenge.id: each for each in insight.asked(who, insight.EVERYTHING)}
    found = {}
    for challenge in db.session.scalars(db.select(Challenge)).all():
        funnel = insight.funnel(who, insight.of_challenge(challenge))
        eligible, promoted = funnel.stage("eligible").entered, funnel.stage("promoted").entered
        of = money[challenge.id]
        found[str(challenge.foreign_id)] = Figures(
            ideas=funnel.stage("submitted").entered,
            approved=eligible,
            over_budget=eligible - promoted,
            funded=promoted,
            asked=of.asked.minor,
            granted=of.granted.minor,
        )
    return found


def assert_every_figure_is_in_the_files(fund: str, challenges: int) -> None:
    """Hold the funnel of a house into which one fund was imported and promoted against the fund's files."""
    taking_part.keep_participation(actor=house(Origin.CLOCK))
    published_figures, shown = in_the_files(fund), in_the_funnel()
    assert len(published_figures) == challenges
    assert shown == published_figures
    whole = insight.funnel(house(Origin.CLI))
    total = {
        "ideas": whole.stage("submitted").entered,
        "approved": whole.stage("eligible").entered,
        "funded": whole.stage("promoted").entered,
        "projects": whole.stage("project_running").entered,
    }
    rows = published_figures.values()
    funded = sum(row.funded for row in rows)
    ideas, approved = sum(row.ideas for row in rows), sum(row.approved for row in rows)
    assert total == {"ideas": ideas, "approved": approved, "funded": funded, "projects": funded}
    assert sum(row.over_budget for row in rows) == approved - funded
    assert insight.mismatches() == []
    rebuilding.rebuild(actor=house(Origin.CLI))
    assert in_the_funnel() == published_figures
