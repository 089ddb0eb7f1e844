"""Project Catalyst, funds 4, 6 and 8: from the files to the decisions, against what was published.

The reader never sees the published outcome; it is read here, by hand, to be compared with.
"""

import csv
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from innovation.exchange.service.catalyst import read
from innovation.exchange.service.rows import Bundle
from innovation.rules.measures import mean_micro
from innovation.rules.promotion import Decision, Outcome, decide, outcome_bytes

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "catalyst"
pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the published funds are not in {DATA}"),
]

FUNDS = ("f4", "f6", "f8")
CODE = {None: "within_budget", "Approval Threshold": "below_threshold", "Over Budget": "over_budget"}


@cache
def bundle_of(fund: str) -> Bundle:
    return read(DATA / fund)


def snapshot_of(bundle: Bundle, before: Outcome | None = None) -> dict[str, Any]:
    """The snapshot of the bundle's round: pass 1, or pass 2 after the outcome ``before``."""
    [held] = bundle.rounds
    tallies = {tally.idea: tally for tally in bundle.tallies}
    [electorate] = {tally.electorate for tally in bundle.tallies}
    scores = defaultdict(list)
    for review in bundle.reviews:
        if review.valid:
            scores[review.idea].append([score for _, score in review.scores])
    promoted = {made.idea for made in before.decisions if made.promoted} if before else set()
    ideas = []
    for idea in bundle.ideas:
        tally = tallies.get(idea.foreign_id)
        counted: dict[str, int] = {}
        if tally is not None:
            counted = {"for": tally.for_weight, "against": tally.against_weight}
            counted |= {} if tally.voters is None else {"voters": tally.voters}
        mean = mean_micro(scores[idea.foreign_id])
        out = "withdrawn" if idea.state == "withdrawn" else "no_tally" if tally is None else None
        ideas.append(
            {
                "id": idea.foreign_id,
                "challenge": idea.challenge,
                "requested": idea.requested,
                "submitted_at": None,
                "measures": counted | ({} if mean is None else {"panel_mean_micro": mean}),
                "pick": None,
                "out": "spent_in_pass_1" if idea.foreign_id in promoted else out,
            }
        )
    left = {row.name: row.left or 0 for row in before.challenges} if before else {}
    return {
        "version": 1,
        "round": held.foreign_id,
        "pass": 2 if before else 1,
        "rule": held.second_rule if before else held.rule,
        "challenges": [
            {"id": row.foreign_id, "budget": row.budget, "currency": row.currency, "electorate": electorate}
            for row in bundle.challenges
        ],
        "ideas": ideas,
        "carried": [{"challenge": name, "left": left[name]} for name in held.second_challenges] if before else [],
    }


@cache
def passes(fund: str) -> tuple[Outcome, Outcome]:
    first = decide(snapshot_of(bundle_of(fund)))
    return first, decide(snapshot_of(bundle_of(fund), first))


@cache
def published(fund: str) -> dict[str, list[dict[str, Any]]]:
    """Every sheet's rows as published, by heading, with the row's number under ``line``."""
    book = load_workbook(DATA / fund / "votes.xlsx", read_only=True, data_only=True)
    sheets: dict[str, list[dict[str, Any]]] = {}
    for sheet in book.worksheets:
        lines = [list(line) for line in sheet.iter_rows(values_only=True)]
        heading = lines[0] if lines else []
        if "STATUS" in heading and sheet.sheet_state == "visible":
            rows: list[dict[Any, Any]] = [
                {**dict(zip(heading, line, strict=False)), "line": n} for n, line in enumerate(lines, 1)
            ]
            sheets[sheet.title] = [row for row in rows[1:] if row["Proposal"]]
    book.close()
    return sheets


def leftovers(fund: str) -> list[dict[str, Any]]:
    [rows] = [rows for name, rows in published(fund).items() if "leftover" in name]
    return rows


def by_row(fund: str, outcome: Outcome) -> dict[tuple[str, int], Decision]:
    """Decisions by sheet and row, through the tally that was read from there."""
    decisions = {made.idea: made for made in outcome.decisions}
    found = {}
    for tally in bundle_of(fund).tallies:
        found[tally.where.file.partition("#")[2], tally.where.line] = decisions[tally.idea]
    return found


@pytest.mark.parametrize(
    ("fund", "challenges", "ideas", "without"), [("f4", 7, 284, 7), ("f6", 19, 711, 3), ("f8", 23, 1134, 0)]
)
def test_everything_is_read_and_ideas_without_a_tally_stay(fund: str, challenges: int, ideas: int, without: int) -> None:
    bundle = bundle_of(fund)
    assert (len(bundle.challenges), len(bundle.ideas)) == (challenges, ideas)
    assert len(bundle.tallies) == ideas - without
    assert len({tally.idea for tally in bundle.tallies}) == ideas - without
    first, second = passes(fund)
    for outcome in (first, second):
        assert len(outcome.decisions) == ideas
    said = sorted(made.because for made in first.decisions if made.because in ("no_tally", "withdrawn"))
    assert said == {"f4": ["no_tally"] * 7, "f6": ["withdrawn"] * 3, "f8": []}[fund]


@pytest.mark.parametrize("fund", FUNDS)
def test_every_sheet_has_the_published_decisions_and_reasons(fund: str) -> None:
    made = by_row(fund, passes(fund)[0])
    compared = 0
    for sheet, rows in published(fund).items():
        if "leftover" in sheet:
            continue
        for row in rows:
            decision = made[sheet, row["line"]]
            wanted = (row["STATUS"] == "FUNDED", CODE[row["Reason for not funded status"]])
            assert (decision.promoted, decision.because) == wanted, (sheet, row["Proposal"])
            compared += 1
    assert compared == len(made)


@pytest.mark.parametrize("fund", FUNDS)
def test_the_depletion_of_every_budget_is_the_published_one(fund: str) -> None:
    made = by_row(fund, passes(fund)[0])
    for sheet, rows in published(fund).items():
        if "leftover" in sheet:
            continue
        for row in rows:
            params = made[sheet, row["line"]].params
            if row["STATUS"] == "FUNDED":
                after = int(params["left"]) - int(params["requested"])
                assert Decimal(after) / 100 == Decimal(str(row["FUND DEPLETION"])), (sheet, row["Proposal"])


@pytest.mark.parametrize(("fund", "funded", "second"), [("f4", 53, 3), ("f6", 166, 6), ("f8", 371, 8)])
def test_the_number_of_winners_is_the_published_one(fund: str, funded: int, second: int) -> None:
    assert [sum(made.promoted for made in outcome.decisions) for outcome in passes(fund)] == [funded, second]


@pytest.mark.parametrize("fund", FUNDS)
def test_the_leftovers_are_the_published_ones_in_their_order(fund: str) -> None:
    second = passes(fund)[1]
    titles = {idea.foreign_id: idea.title.strip() for idea in bundle_of(fund).ideas}
    ranked = sorted((made for made in second.decisions if made.place), key=lambda made: made.place or 0)
    rows = leftovers(fund)
    assert len(ranked) == len(rows)
    wanted = [(row["STATUS"] == "FUNDED", CODE[row["Reason for not funded status"]]) for row in rows]
    assert [(made.promoted, made.because.value) for made in ranked] == wanted
    nets = [(row["YES"] - row["NO"], Decimal(str(row["REQUESTED $"]))) for row in rows]
    assert [(made.params["have"], Decimal(made.params["requested"]) / 100) for made in ranked] == nets
    # Titles went through a wrong encoding here and there: what is plain ASCII on both sides must be equal.
    for made, row in zip(ranked, rows, strict=True):
        title = str(row["Proposal"]).strip()
        assert titles[made.idea] == title or not (title.isascii() and titles[made.idea].isascii())


@pytest.mark.parametrize(("fund", "pooled"), [("f4", 42_821), ("f6", 131_820), ("f8", 262_870)])
def test_the_pooled_leftovers_are_those_of_the_sheet_validation(fund: str, pooled: int) -> None:
    first, second = passes(fund)
    [pool] = second.pools
    assert pool.available == pooled * 100
    setting = [row.foreign_id for row in bundle_of(fund).challenges if "setting" in row.title.casefold()]
    assert len(setting) == 1
    assert {made.because.value for made in second.decisions if made.challenge == setting[0]} <= {
        "outside_pass",
        "no_tally",
        "spent_in_pass_1",
    }
    assert len(first.challenges) == len(second.challenges) + 1


@pytest.mark.parametrize("fund", FUNDS)
def test_replay_gives_the_same_bytes(fund: str) -> None:
    again = decide(snapshot_of(read(DATA / fund)))
    assert outcome_bytes(again) == outcome_bytes(passes(fund)[0])


def test_what_is_ambiguous_or_different_is_reported_and_kept() -> None:
    f4, f6, f8 = (bundle_of(fund) for fund in FUNDS)
    [doubt] = [problem for problem in f4.problems if problem.code == "ambiguous"]
    assert doubt.params["title"] == "Afri-pay"
    assert sum(idea.title.strip() == "Afri-pay" for idea in f4.ideas) == 2
    assert not any(problem.lost for problem in f4.problems)
    budgets = {row.title: row.budget for row in f6.challenges}
    assert budgets["Fund7 challenge setting"] == 547_500_000
    [differs] = [problem for problem in f6.problems if problem.code == "budget_differs"]
    assert differs.params["sheet"] == "5,475,000.00"
    # Equal titles, told apart by the score (Adatar.me) and by the request (Basketo): no doubt is left.
    assert f8.problems == ()
    tallies = {tally.idea: tally.for_weight for tally in f8.tallies}
    assert tallies["405427"] == 27_848_001
    requests = {idea.foreign_id: idea.requested for idea in f8.ideas}
    assert (requests["397957"], requests["398556"]) == (4_500_000, 2_500_000)


def test_titles_in_a_wrong_encoding_find_their_idea() -> None:
    counted = {tally.idea for fund in FUNDS for tally in bundle_of(fund).tallies}
    assert {"341672", "405175", "404686", "405177"} <= counted


def test_the_official_score_of_fund_6_is_the_mean_of_its_valid_reviews() -> None:
    scores = defaultdict(list)
    for review in bundle_of("f6").reviews:
        if review.valid:
            scores[review.idea].append([score for _, score in review.scores])
    with (DATA / "f6" / "official_scores.csv").open(encoding="utf-8-sig", newline="") as file:
        official = {row["proposal_id"]: row for row in csv.DictReader(file)}
    assert len(scores) == 709 - 1  # one reviewed idea is in no file of ideas
    for idea, given in scores.items():
        mean = mean_micro(given)
        assert mean is not None
        assert abs(Decimal(mean) / 1_000_000 - Decimal(official[idea]["Rating Given"])) <= Decimal("0.005")
        assert len(given) == int(official[idea]["# of valid reviews"])
