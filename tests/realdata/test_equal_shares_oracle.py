"""Equal Shares on the ballots of cities, against pabutools (a test oracle only) and against what a city published.

Both work in exact fractions and break ties by project id here, so that not only the ideas have to be the same but the
order in which they were bought.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from innovation.rules.promotion import Outcome, ballots_key, decide, ready_rule
from tests.support.oracle import ask
from tests.support.pabulib_reader import City, read_city

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "pabulib"
pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the cities' ballots are not in {DATA}"),
]

APPROVALS = (
    "Poland_Warszawa_2019_Wawrzyszew",
    "Poland_Warszawa_2019_Aleksandrow",
    "Poland_Warszawa_2017_Miedzylesie",
    "Poland_Gdynia_2024_Cisowa__large",
    "Poland_Gdynia_2023_Dabrowa__large",
    "Poland_Lodz_2022_Lagiewniki",
    "Poland_Lodz_2020_Rokicie",
    "Poland_Warszawa_2024_Praga-Polnoc",
    "Poland_Warszawa_2020_Targowek",
    "Poland_Gdynia_2021_Chwarzno-Wiczlino__small",
    "Hungary_Budapest_2025_VIII_Jozsefvaros",
    "Poland_Swiecie_2023",
)
POINTS = (
    "Poland_Katowice_2020_Koszutka",
    "Poland_Katowice_2025_Bogucice",
    "Poland_Czestochowa_2024_Kiedrzyn",
    "Poland_Czestochowa_2024_Zawodzie_-_Dabie",
)
RAISED = (
    "Poland_Warszawa_2019_Wawrzyszew",
    "Poland_Warszawa_2017_Miedzylesie",
    "Poland_Lodz_2020_Rokicie",
    "Poland_Swiecie_2023",
)

ORACLE = """
from pabutools.election import (
    ApprovalBallot, ApprovalProfile, CardinalBallot, CardinalProfile, Instance, Project,
    Additive_Cardinal_Sat, Cardinality_Sat, Cost_Sat,
)
from pabutools.fractions import frac
from pabutools.rules import method_of_equal_shares
from pabutools.tiebreaking import lexico_tie_breaking

projects = {name: Project(name, cost) for name, cost in data["costs"]}
instance = Instance(projects.values(), budget_limit=data["budget"])
def both(votes):
    return {projects[name]: points for name, points in votes.items()}
if data["utility"] == "score":
    profile = CardinalProfile([CardinalBallot(both(votes)) for votes in data["votes"]], instance=instance)
else:
    profile = ApprovalProfile([ApprovalBallot(both(votes)) for votes in data["votes"]], instance=instance)
sat = {"cost": Cost_Sat, "cardinality": Cardinality_Sat, "score": Additive_Cardinal_Sat}[data["utility"]]
step = None if data["step"] is None else frac(data["budget"], len(data["votes"])) * frac(*data["step"])
bought = method_of_equal_shares(
    instance, profile.as_multiprofile(), sat_class=sat, tie_breaking=lexico_tie_breaking, voter_budget_increment=step
)
answer = [project.name for project in bought]
"""


def decided(city: City, utility: str, **capacity: Any) -> Outcome:
    """What the product makes of a city's ballots; ties by project id, which is written as the time of submission."""
    ballots: dict[str, Any] = {"version": 1, "voters": [{"id": each.id, "votes": each.votes} for each in city.ballots]}
    places = {name: n for n, name in enumerate(sorted(each.id for each in city.projects))}
    capacity = {"kind": "equal_shares", "utility": utility, "completion": "none"} | capacity
    snapshot: dict[str, Any] = {
        "version": 1,
        "round": "r1",
        "pass": 1,
        "rule": ready_rule("equal_shares", order=None, tie_break=["earlier"], capacity=capacity),
        "ballots": ballots_key(ballots),
        "challenges": [{"id": "c1", "budget": city.budget, "currency": None, "electorate": None}],
        "ideas": [
            {
                "id": each.id,
                "challenge": "c1",
                "requested": each.cost,
                "submitted_at": f"2026-05-01T{places[each.id] // 60:02}:{places[each.id] % 60:02}:00Z",
                "measures": {},
                "pick": None,
                "out": None,
            }
            for each in city.projects
        ],
    }
    return decide(snapshot, ballots)


def bought(outcome: Outcome) -> list[str]:
    [shares] = outcome.shares
    return [each.idea for each in shares.rounds]


def asked(city: City, utility: str, step: tuple[int, int] | None = None) -> list[str]:
    data = {
        "costs": [(each.id, each.cost) for each in city.projects],
        "budget": city.budget,
        "votes": [each.votes for each in city.ballots],
        "utility": utility,
        "step": step,
    }
    answer: list[str] = ask(ORACLE, data)
    return answer


@pytest.mark.parametrize("name", APPROVALS)
@pytest.mark.parametrize("utility", ["cost", "cardinality"])
def test_approvals_buy_what_the_oracle_buys_in_its_order(name: str, utility: str) -> None:
    city = read_city(DATA / f"{name}.pb")
    found = bought(decided(city, utility))
    assert found == asked(city, utility)
    assert found


@pytest.mark.parametrize("name", POINTS)
def test_points_buy_what_the_oracle_buys_in_its_order(name: str) -> None:
    city = read_city(DATA / f"{name}.pb")
    found = bought(decided(city, "score"))
    assert found == asked(city, "score")
    assert found


@pytest.mark.parametrize("name", RAISED)
def test_raised_shares_buy_what_the_oracle_buys_in_its_order(name: str) -> None:
    city = read_city(DATA / f"{name}.pb")
    outcome = decided(city, "cost", completion="add_one")
    assert bought(outcome) == asked(city, "cost", (2, 100))
    assert outcome.shares[0].raised > 0


def test_swiecie_chose_what_the_product_chooses() -> None:
    city = read_city(DATA / "Poland_Swiecie_2023.pb")
    outcome = decided(city, "cost", completion="add_one", step={"minor": 100})
    assert {made.idea for made in outcome.decisions if made.promoted} == {each.id for each in city.projects if each.selected}
    assert outcome.pools[0].spent == 1_040_337_00
