"""Twenty elections: the ballots add up to what was published, and the product's own rules choose what the cities chose.

The rule of each file is the one its city says it used. Three cities did something no plain rule does; they stay
exceptions, and a test says so.
"""

from __future__ import annotations

import csv
import time
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from innovation.challenges.models import Challenge
from innovation.exchange.service import loading
from innovation.exchange.service.pabulib import read
from innovation.exchange.service.rows import Bundle
from innovation.ideas.models import Idea
from innovation.insight import queries as insight
from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.notifications.models import Message
from innovation.people.models import Credential, Person
from innovation.projects.models import Project
from innovation.promotion import queries as promotion
from innovation.promotion.service import queueing
from innovation.rules.promotion import ballots_key, decide
from innovation.voting.models import BallotRow, Tally, Vote
from tests.conftest import REAL_DATA
from tests.realdata.turns import taking_turns

pytestmark = [pytest.mark.realdata, pytest.mark.timeout(300)]

FOLDER = REAL_DATA / "pabulib"
RULES = {
    "Poland_Czestochowa_2024_Kiedrzyn": "greedy-skip",
    "Poland_Czestochowa_2024_Zawodzie_-_Dabie": "greedy-skip",
    "Poland_Gdynia_2023_Dabrowa__large": "greedy-stop",
    "Poland_Gdynia_2024_Cisowa__large": "greedy-stop",
    "Poland_Katowice_2020_Koszutka": "greedy-threshold:50",
    "Poland_Katowice_2025_Bogucice": "greedy-threshold:50",
    "Poland_Krakow_2024_Swoszowice": "greedy-skip",
    "Poland_Krakow_2025_Stare_Miasto": "greedy-skip",
    "Poland_Lodz_2020_Rokicie": "greedy-threshold:50",
    "Poland_Lodz_2022_Lagiewniki": "greedy-threshold:50",
    "Poland_Lodz_2022_Teofilow-Wielkopolska": "greedy-threshold:50",
    "Poland_Swiecie_2023": "equal-shares",
    "Poland_Warszawa_2017_Miedzylesie": "greedy-skip",
    "Poland_Warszawa_2019_Aleksandrow": "greedy-skip",
    "Poland_Warszawa_2019_Wawrzyszew": "greedy-skip",
    "Poland_Warszawa_2024_Praga-Polnoc": "greedy-skip",
    "Poland_Wroclaw_2017_Rejon_nr_2_750": "greedy-stop",
}
EXCEPTIONS = {
    "Hungary_Budapest_2025_VIII_Jozsefvaros": "a quota for each neighbourhood",
    "Poland_Gdynia_2021_Chwarzno-Wiczlino__small": "more projects than the budget pays for, as an award for turnout",
    "Poland_Warszawa_2020_Targowek": "another choice than by votes",
}
SHAPES = (
    "Poland_Czestochowa_2024_Kiedrzyn",
    "Poland_Gdynia_2024_Cisowa__large",
    "Poland_Katowice_2020_Koszutka",
    "Poland_Krakow_2025_Stare_Miasto",
    "Poland_Lodz_2022_Teofilow-Wielkopolska",
    "Poland_Swiecie_2023",
    "Poland_Wroclaw_2017_Rejon_nr_2_750",
)
"""One of every ballot and rule, and the largest, for the whole way through the product."""
SECONDS = 30
"""What the largest, 16,771 voters, may take to be read and loaded on two idle cores; noise gets three times that."""


def taken(name: str) -> Bundle:
    return read(FOLDER / f"{name}.pb", RULES.get(name, "greedy-skip"))


def published(name: str) -> dict[str, dict[str, str]]:
    """The projects of a file as they stand there, outcome included, by id; read apart from the product's reader."""
    with (FOLDER / f"{name}.pb").open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.reader(lines, delimiter=";") if row]
    begin, end = rows.index(["PROJECTS"]), rows.index(["VOTES"])
    return {row[0]: dict(zip(rows[begin + 1], row, strict=True)) for row in rows[begin + 2 : end]}


def official(name: str) -> set[str]:
    return {project for project, row in published(name).items() if row["selected"] != "0"}


def totals(name: str) -> dict[str, tuple[int, int]]:
    """Voters and score of every project as published; a score that is not given is the count of voters."""
    return {project: (int(row["votes"]), int(row.get("score") or row["votes"])) for project, row in published(name).items()}


def measured(bundle: Bundle) -> dict[str, tuple[int, int]]:
    """Voters and score of every project, counted from the ballots."""
    [voting] = bundle.votings
    voters = Counter(row.idea for row in voting.cast)
    score: Counter[str] = Counter()
    for row in voting.cast:
        score[row.idea] += row.value
    return {idea.foreign_id: (voters[idea.foreign_id], score[idea.foreign_id]) for idea in bundle.ideas}


def chosen(bundle: Bundle) -> set[str]:
    """What the rule of a bundle chooses from its ballots, without a database."""
    [challenge], [voting] = bundle.challenges, bundle.votings
    votes: dict[str, dict[str, int]] = {voter.foreign_id: {} for voter in voting.voters}
    for row in voting.cast:
        votes[row.voter][row.idea] = row.value
    ballots: Any = {"version": 1, "voters": [{"id": voter, "votes": said} for voter, said in votes.items()]}
    counted = measured(bundle)
    snapshot: Any = {
        "version": 1,
        "round": "round",
        "pass": 1,
        "rule": dict(voting.rule),
        "challenges": [{"id": "c", "budget": challenge.budget, "currency": challenge.currency, "electorate": None}],
        "ideas": [
            {
                "id": idea.foreign_id,
                "challenge": "c",
                "requested": idea.requested,
                "submitted_at": None,
                "measures": {"for": counted[idea.foreign_id][0], "points": counted[idea.foreign_id][1]},
                "pick": None,
                "out": None,
            }
            for idea in bundle.ideas
        ],
        "ballots": ballots_key(ballots),
    }
    return {made.idea for made in decide(snapshot, ballots).decisions if made.promoted}


def promote() -> None:
    """What the clock and the workers do, until nothing is due."""
    while queueing.queue_due(actor=house(Origin.CLOCK)) + queue.settle():
        pass
    db.session.rollback()


def test_every_file_has_its_rule_or_is_an_exception() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.pb")) == sorted([*RULES, *EXCEPTIONS])


@pytest.mark.parametrize("name", [*RULES, *EXCEPTIONS])
def test_the_ballots_add_up_to_what_was_published(name: str) -> None:
    bundle = taken(name)
    assert [problem.reason for problem in bundle.problems] == []
    assert measured(bundle) == totals(name)


@pytest.mark.parametrize("name", RULES)
def test_the_rule_chooses_what_the_city_chose(name: str) -> None:
    assert chosen(taken(name)) == official(name)


@pytest.mark.parametrize("name", EXCEPTIONS)
@pytest.mark.parametrize("rule", ["greedy-skip", "greedy-stop", "greedy-threshold:50", "equal-shares"])
def test_no_plain_rule_does_what_three_cities_did(rule: str, name: str) -> None:
    assert chosen(read(FOLDER / f"{name}.pb", rule)) != official(name), EXCEPTIONS[name]


@pytest.mark.parametrize(("house", "name"), taking_turns(SHAPES, both="Poland_Swiecie_2023"), indirect=["house"])
def test_the_city_s_choice_comes_out_of_the_whole_product(name: str, app: Flask) -> None:
    begun = time.monotonic()
    bundle = taken(name)
    load = loading.load(bundle, actor=house(Origin.IMPORT))
    assert time.monotonic() - begun < 3 * SECONDS
    assert load.problems == []

    [voting] = bundle.votings
    tallies = db.session.execute(
        select(Idea.foreign_id, Tally.for_count, Tally.value_sum).join(Tally, Tally.idea_id == Idea.id)
    )
    assert {idea: (voters, score) for idea, voters, score in tallies} == {
        idea: counted for idea, counted in totals(name).items() if counted != (0, 0)
    }
    sizes = [db.session.scalar(select(func.count()).select_from(model)) for model in (Person, BallotRow, Vote)]
    assert sizes == [len(voting.voters), len(voting.voters), len(voting.cast)]

    promote()
    report = promotion.decision_report(None)
    assert {str(idea.foreign_id) for made, idea, *_rest in report if made.promoted} == official(name)
    assert len(report) == len(bundle.ideas)
    winners = {idea.id for made, idea, *_rest in report if made.promoted}
    assert set(db.session.scalars(select(Project.idea_id))) == winners
    assert db.session.scalars(select(Challenge.state)).all() == ["decided"]
    assert insight.mismatches() == []
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    assert db.session.scalar(select(func.count()).select_from(Credential)) == 0
