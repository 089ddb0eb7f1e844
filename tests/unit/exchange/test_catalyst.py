"""One fund made here, small and awkward: what is never read, what is matched how, what is reported."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from innovation.exchange.service.catalyst import read
from innovation.exchange.service.rows import Bundle
from innovation.rules.promotion import ready_rule

HEADING = ["Proposal", "Overall score", "Votes cast", "YES", "NO", "Result", "Meets approval threshold",
           "REQUESTED $", "STATUS", "FUND DEPLETION", "Reason for not funded status"]  # fmt: skip


def row(title: str, score: float, yes: float, no: float, asked: float, voters: float = 3.0) -> list[Any]:
    return [title, score, voters, yes, no, yes - no, "YES", asked, "FUNDED", 1, None]


def challenge(number: int, title: str, amount: int = 2000) -> dict[str, Any]:
    return {
        "id": number,
        "title": title,
        "description": "How?",
        "url": "https://example.org",
        "amount": amount,
    }


def idea(number: int, title: str, of: int = 1, **values: Any) -> dict[str, Any]:
    return {"id": number, "title": title, "challenge_id": of, "amount": 100, "official_rating": 4.0} | values


def fund(
    folder: Path,
    ideas: list[dict[str, Any]],
    sheets: dict[str, list[list[Any]]],
    validation: list[list[Any]] | None = None,
    challenges: list[dict[str, Any]] | None = None,
    hidden: str | None = None,
) -> Bundle:
    folder.mkdir(exist_ok=True)
    rows = challenges or [challenge(1, "F7: Solvents")]
    (folder / "challenges.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "ideas.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ideas), encoding="utf-8")
    book = Workbook()
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines if name == "Odd" else [HEADING, *lines]:
            sheet.append(line)
    sheet = book.create_sheet("Validation")
    default: list[list[Any]] = [
        ["Fund size:"],
        [None, "Solvents", 2000.0],
        ["Total registered stake", None, 5000.0],
    ]
    for line in default if validation is None else validation:
        sheet.append(line)
    if hidden is not None:
        book[hidden].sheet_state = "hidden"
    book.remove(book.worksheets[0])
    book.save(folder / "votes.xlsx")
    return read(folder)


def codes(bundle: Bundle) -> list[str]:
    assert all(problem.reason for problem in bundle.problems)  # every code has its sentence and its figures
    return [problem.code for problem in bundle.problems]


def counted(bundle: Bundle) -> dict[str, tuple[int, int]]:
    return {tally.idea: (tally.for_weight, tally.against_weight) for tally in bundle.tallies}


def test_a_plain_fund(tmp_path: Path) -> None:
    bundle = fund(
        tmp_path / "f7",
        [idea(11, " Water ", amount=250, description="Why", solution="How", author="u_1")],
        {"Solvents": [row("Water", 4.0, 90.0, 10.0, 250.0)]},
    )
    assert bundle.problems == ()
    [only] = bundle.challenges
    assert (only.foreign_id, only.title, only.question, only.budget, only.currency) == (
        "1", "Solvents", "How?", 200_000, "USD",
    )  # fmt: skip
    [answer] = bundle.ideas
    assert (answer.title, answer.requested, answer.authors) == ("Water", 25_000, ("u_1",))
    assert answer.text == "## Description\n\nWhy\n\n## Solution\n\nHow"
    [tally] = bundle.tallies
    assert (tally.for_weight, tally.against_weight, tally.voters, tally.electorate) == (90, 10, 3, 5_000)
    assert (tally.unit, tally.where.file, tally.where.line) == ("ADA", "votes.xlsx#Solvents", 2)


def test_a_different_request_is_told_and_the_sheet_wins(tmp_path: Path) -> None:
    bundle = fund(tmp_path / "f7", [idea(11, "Water")], {"Solvents": [row("Water", 4.0, 9, 1, 250)]})
    assert codes(bundle) == ["request_differs"]
    assert bundle.ideas[0].requested == 25_000


def test_the_published_outcome_is_never_read(tmp_path: Path) -> None:
    ideas = [idea(11, "Water"), idea(12, "Steam")]
    rows = [row("Water", 4.0, 90, 10, 100), row("Steam", 3.0, 5, 50, 100)]
    upside_down = [[*cells[:5], -1, "NO", cells[7], "NOT FUNDED", 99, "Over Budget"] for cells in rows]
    one = fund(tmp_path / "f7", ideas, {"Solvents": rows, "Sponsored by leftovers": rows})
    other = fund(tmp_path / "f7", ideas, {"Solvents": upside_down, "Sponsored by leftovers": []})
    assert one == other
    assert len(one.tallies) == 2


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        (3, "catalyst_funds_3_5"),
        (5, "catalyst_funds_3_5"),
        (6, "catalyst_funds_6_9"),
        (9, "catalyst_funds_6_9"),
    ],
)
def test_the_fund_decides_the_rule_and_names_the_regular_challenges(tmp_path: Path, number: int, rule: str) -> None:
    challenges = [challenge(1, f"F{number}: Solvents"), challenge(2, f"F{number}: Fund9 Challenge  setting")]
    bundle = fund(tmp_path / "x", [idea(11, "Water")], {"Solvents": []}, challenges=challenges)
    [held] = bundle.rounds
    assert held.rule == ready_rule(rule)
    assert held.second_rule == ready_rule(rule, scope={"pool": "pooled"})
    assert (held.challenges, held.second_challenges) == (("1", "2"), ("1",))
    assert held.foreign_id == f"fund-{number}"


def test_a_fund_without_a_number_in_its_titles_has_its_folders(tmp_path: Path) -> None:
    bundle = fund(tmp_path / "f11", [], {"Solvents": []}, challenges=[challenge(1, "Solvents")])
    assert bundle.rounds[0].foreign_id == "fund-11"
    assert "fund_rule_guessed" in codes(bundle)


def test_equal_titles_are_told_apart_by_request_or_score(tmp_path: Path) -> None:
    ideas = [idea(11, "Twin", amount=10), idea(12, "Twin", amount=20), idea(13, "Pair"), idea(14, "Pair")]
    ideas[2]["official_rating"], ideas[3]["official_rating"] = 2.333333, 3.5
    rows = [
        row("Twin", 4.0, 1, 0, 20),
        row("pair", 3.5, 2, 0, 100),
        row("Twin", 4.0, 3, 0, 10),
        row("Pair!", 2.33, 4, 0, 100),
    ]
    bundle = fund(tmp_path / "f7", ideas, {"Solvents": rows})
    assert counted(bundle) == {"12": (1, 0), "14": (2, 0), "11": (3, 0), "13": (4, 0)}
    assert bundle.problems == ()


@pytest.mark.parametrize(
    ("scores", "asked"),
    [((2.0, 3.0), (20, 10)), ((4.0, 4.0), (100, 100))],
    ids=["request against score", "nothing tells"],
)
def test_what_stays_ambiguous_is_told_and_never_dropped(
    tmp_path: Path, scores: tuple[float, float], asked: tuple[int, int]
) -> None:
    ideas = [
        idea(11, "Twin", amount=asked[0], official_rating=scores[1]),
        idea(12, "Twin", amount=asked[1], official_rating=scores[0]),
    ]
    rows = [row("Twin", scores[0], 1, 0, asked[0]), row("Twin", scores[1], 2, 0, asked[1])]
    bundle = fund(tmp_path / "f7", ideas, {"Solvents": rows})
    assert len(counted(bundle)) == 2
    assert codes(bundle)[0] == "ambiguous"
    assert not any(problem.lost for problem in bundle.problems)


def test_a_title_in_a_wrong_encoding_or_misspelt_is_found(tmp_path: Path) -> None:
    ideas = [idea(11, "Water\u2019s work"), idea(12, "Enzymes for cold washing")]
    rows = [row("Water\u00c2\u0092s work", 4.0, 1, 0, 100), row("Enzymes for cold washng", 4.0, 2, 0, 100)]
    bundle = fund(tmp_path / "f7", ideas, {"Solvents": rows})
    assert counted(bundle) == {"11": (1, 0), "12": (2, 0)}
    assert codes(bundle) == ["matched_loosely"]


def test_an_idea_without_a_row_stays_and_a_row_without_an_idea_becomes_one(tmp_path: Path) -> None:
    bundle = fund(tmp_path / "f7", [idea(11, "Water")], {"Solvents": [row("Quite another", 4.0, 1, 0, 30)]})
    assert codes(bundle) == ["row_without_idea", "idea_without_tally"]
    assert [(answer.title, answer.requested) for answer in bundle.ideas] == [
        ("Water", 10_000),
        ("Quite another", 3_000),
    ]
    assert len(bundle.tallies) == 1


def test_a_sheet_of_withdrawals_marks_its_ideas_and_takes_no_votes(tmp_path: Path) -> None:
    bundle = fund(
        tmp_path / "f7",
        [idea(11, "Water"), idea(12, "Steam")],
        {"Solvents": [row("Water", 4.0, 9, 1, 100)], "Withdrawals": [row("Steam\n", 4.0, 9, 1, 100)]},
    )
    assert [answer.state for answer in bundle.ideas] == ["submitted", "withdrawn"]
    assert counted(bundle) == {"11": (9, 1)}
    assert codes(bundle) == ["idea_withdrawn"]


def test_a_list_of_everything_is_no_challenges_sheet(tmp_path: Path) -> None:
    challenges = [challenge(1, "F7: Solvents"), challenge(2, "F7: Enzymes")]
    ideas = [idea(11, "Water"), idea(12, "Steam"), idea(13, "Yeast", of=2)]
    water, steam, yeast = (row(title, 4.0, 9, 1, 100) for title in ("Water", "Steam", "Yeast"))
    sheets = {"All": [water, steam, yeast], "Solvnts": [water, steam], "Enzymes": [yeast]}
    validation: list[list[Any]] = [
        ["Fund size (Solvents)", 10.0],
        [None, "Enzymes", 20],
        ["1%=", None, 50.0],
        ["Leftovers", 3],
    ]
    bundle = fund(tmp_path / "f7", ideas, sheets, validation, challenges)
    assert sorted(counted(bundle)) == ["11", "12", "13"]
    assert [(problem.code, problem.lost) for problem in bundle.problems if problem.lost] == [
        ("sheet_without_challenge", True)
    ]
    assert [only.budget for only in bundle.challenges] == [1_000, 2_000]
    assert {tally.electorate for tally in bundle.tallies} == {5_000}
    assert codes(bundle).count("budget_differs") == 2


def test_a_hidden_sheet_is_nobodys(tmp_path: Path) -> None:
    rows = [row("Water", 4.0, 9, 1, 100)]
    bundle = fund(tmp_path / "f7", [idea(11, "Water")], {"Template": rows, "Solvents": rows}, hidden="Template")
    assert (counted(bundle), bundle.problems) == ({"11": (9, 1)}, ())


def test_a_challenge_called_stake_is_no_registered_stake(tmp_path: Path) -> None:
    bundle = fund(
        tmp_path / "f7",
        [idea(11, "Water")],
        {"Disaster When all is at stake": [row("Water", 4.0, 9, 1, 100)]},
        [[None, "Disaster: When all is at stake", 10.0], ["Total registered stake", None, 5000.0]],
        [challenge(1, "F7: Disaster: When all is at stake", 10)],
    )
    assert (bundle.challenges[0].budget, bundle.tallies[0].electorate, bundle.problems) == (1_000, 5_000, ())


def test_fractions_of_voting_power_are_counted_in_a_smaller_unit(tmp_path: Path) -> None:
    rows = [row("Water", 4.0, 9.25, 1, 100)]
    [tally] = fund(tmp_path / "f7", [idea(11, "Water")], {"Solvents": rows}).tallies
    assert (tally.unit, tally.for_weight, tally.electorate) == ("lovelace", 9_250_000, 5_000_000_000)


def test_odd_sheets_rows_and_lines_are_told_one_by_one(tmp_path: Path) -> None:
    rows = [
        row("Water", 4.0, 9, 1, 100),
        [None, None, None, 3, 4],
        [None] * 3,
        ["Steam", 4.0, 1, "#REF!", None],
    ]
    folder = tmp_path / "f7"
    bundle = fund(folder, [idea(11, "Water"), idea(12, "Steam")], {"Solvents": rows, "Odd": [["a"], ["b"]]})
    assert [(problem.line, problem.code, problem.lost) for problem in bundle.problems] == [
        (3, "missing_value", True),
        (5, "row_without_votes", False),
    ]
    with (folder / "ideas.jsonl").open("ab") as file:
        file.write(b'{"id": 13\n\xff\n{"id": 11, "title": "Again", "challenge_id": 1}\n')
        file.write(b'{"id": 14, "title": "Lost", "challenge_id": 9}\n{"id": 15, "challenge_id": 1}\n[]\n')
    lost = [(problem.line, problem.code) for problem in read(folder).problems if problem.file == "ideas.jsonl"]
    assert lost == [
        (3, "not_readable"),
        (4, "not_readable"),
        (5, "twice"),
        (6, "unknown_reference"),
        (7, "missing_value"),
        (8, "missing_value"),
    ]


def test_reviews_of_three_layouts(tmp_path: Path) -> None:
    folder = tmp_path / "f7"
    fund(folder, [idea(11, "Water")], {"Solvents": [row("Water", 4.0, 9, 1, 100)]})
    (folder / "reviews_a.csv").write_text(
        "id,idea_id,assessor,impact,feasibility,auditability,valid\n1,11,z_1,4,5,3,True\n2,11,z_2,1,1,1,False\n"
        "3,99,z_1,1,1,1,True\n4,11,z_1,x,1,1,True\n",
        encoding="utf-8",
    )
    (folder / "reviews_b.csv").write_text("idea_id,review_id,q0,q1\n11,77,4,5\n", encoding="utf-8")
    (folder / "reviews_c.csv").write_text("idea_id,question,rating\n11,1,5\n", encoding="utf-8")
    bundle = read(folder)
    assert [(review.foreign_id, review.reviewer, review.scores, review.valid) for review in bundle.reviews] == [
        ("fund-7:1", "z_1", (("impact", 4), ("feasibility", 5), ("auditability", 3)), True),
        ("fund-7:2", "z_2", (("impact", 1), ("feasibility", 1), ("auditability", 1)), False),
        ("fund-7:77", None, (("q0", 4), ("q1", 5)), True),
        ("fund-7:reviews_c:2", None, (("question 1", 5),), True),
    ]
    assert [person.foreign_id for person in bundle.people] == ["z_1", "z_2"]
    assert [(problem.line, problem.code) for problem in bundle.problems] == [
        (4, "unknown_reference"),
        (5, "not_whole"),
    ]


def test_an_absent_or_broken_file_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    folder = tmp_path / "f7"
    folder.mkdir()
    assert codes(read(folder)) == ["absent", "absent", "absent"]
    (folder / "challenges.json").write_text("{}", encoding="utf-8")
    (folder / "votes.xlsx").write_text("no workbook", encoding="utf-8")
    assert codes(read(folder)) == ["not_readable", "absent", "not_readable"]
