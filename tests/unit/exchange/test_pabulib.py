"""The format of pabulib.org on elections made here."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from innovation.exchange.service.pabulib import read, rule_named
from innovation.exchange.service.rows import Bundle, UnknownRule, VotingRow
from innovation.rules.ballot import Ballot

META = {
    "description": "Ideas for Harbour Town",
    "country": "Nowhere",
    "unit": "Harbour Town",
    "instance": "2024",
    "num_projects": "3",
    "num_votes": "2",
    "budget": "1000.50",
    "vote_type": "approval",
    "rule": "greedy",
    "date_begin": "01.03.2024",
    "date_end": "15.03.2024",
    "currency": "EUR",
}
PROJECTS = (
    "project_id;cost;votes;name;category;selected\n"
    'p1;400;2;"Trees; and ""benches""";greenery,public space;1\n'
    "p2;99.95;1;Lamps;;1\n"
    "3/a;700;0;A bridge;;0\n"
)
VOTES = """voter_id;vote;age;sex
v1;p1,p2;40;F
v2;p1;;
"""


def election(path: Path, projects: str = PROJECTS, votes: str = VOTES, meta: Mapping[str, str | None] | None = None) -> Path:
    """A file of these sections; a key of META that is None is left out."""
    rows = "".join(f"{key};{value}\n" for key, value in (META | dict(meta or {})).items() if value is not None)
    file = path / "Town_2024.pb"
    file.write_text(f"META\nkey;value\n{rows}PROJECTS\n{projects}VOTES\n{votes}", encoding="utf-8")
    return file


def taken(path: Path, *, projects: str = PROJECTS, votes: str = VOTES, **meta: str | None) -> tuple[VotingRow, Bundle]:
    bundle = read(election(path, projects, votes, meta))
    [voting] = bundle.votings
    return voting, bundle


def said(voting: VotingRow) -> list[tuple[str, str, int]]:
    return [(row.voter, row.idea, row.value) for row in voting.cast]


def told(bundle: Bundle) -> list[tuple[int, str, bool]]:
    assert all(problem.reason for problem in bundle.problems)
    return [(problem.line, problem.code, problem.lost) for problem in bundle.problems]


def test_an_election_is_read_whole(tmp_path: Path) -> None:
    voting, bundle = taken(tmp_path, num_projects="3")
    assert bundle.problems == ()
    assert bundle.source == "pabulib:Town_2024"
    [challenge] = bundle.challenges
    assert (challenge.title, challenge.budget, challenge.currency) == ("Ideas for Harbour Town", 100050, "EUR")
    assert bundle.programme is not None
    assert bundle.programme.title == "Harbour Town 2024"
    assert [(idea.foreign_id, idea.title, idea.requested, idea.text) for idea in bundle.ideas] == [
        ("p1", 'Trees; and "benches"', 40000, "- category: greenery,public space"),
        ("p2", "Lamps", 9995, ""),
        ("3/a", "A bridge", 70000, ""),
    ]
    assert (voting.opens, voting.closes) == (
        datetime(2024, 3, 1, tzinfo=UTC),
        datetime(2024, 3, 15, 23, 59, 59, tzinfo=UTC),
    )
    assert [(voter.foreign_id, voter.name, voter.group) for voter in voting.voters] == [
        ("v1", "Voter v1", ""),
        ("v2", "Voter v2", ""),
    ]
    assert (voting.ballot, voting.budget) == (Ballot.APPROVAL, None)
    assert said(voting) == [("v1", "p1", 1), ("v1", "p2", 1), ("v2", "p1", 1)]


def test_the_published_outcome_is_not_read(tmp_path: Path) -> None:
    other = PROJECTS.replace("400;2;", "400;77;").replace(";1\n", ";0\n")
    assert read(election(tmp_path, projects=other)) == read(election(tmp_path))


def test_a_choice_of_one_is_an_approval(tmp_path: Path) -> None:
    voting, _ = taken(tmp_path, vote_type="choose-1", votes="voter_id;vote\n1;p2\n2;p1\n")
    assert (voting.ballot, said(voting)) == (Ballot.APPROVAL, [("1", "p2", 1), ("2", "p1", 1)])


def test_points_are_taken_as_given_and_nought_is_nothing(tmp_path: Path) -> None:
    votes = "voter_id;vote;points\n1;p1,p2;7,3\n2;p2,p1;5,0\n"
    voting, bundle = taken(tmp_path, vote_type="cumulative", votes=votes)
    assert (voting.ballot, voting.budget, bundle.problems) == (Ballot.POINTS, 10, ())
    assert said(voting) == [("1", "p1", 7), ("1", "p2", 3), ("2", "p2", 5)]


def test_everybody_has_as_many_points_as_the_file_says(tmp_path: Path) -> None:
    votes = "voter_id;vote;points\n1;p1;2\n2;p2;1\n"
    voting, _ = taken(tmp_path, vote_type="cumulative", votes=votes, max_sum_points="15")
    assert voting.budget == 15


@pytest.mark.parametrize(("length", "values"), [("5", [5, 4, 3]), (None, [3, 2, 1])])
def test_a_rank_counts_from_the_length_of_a_ballot(tmp_path: Path, length: str | None, values: list[int]) -> None:
    votes = "voter_id;vote\n1;p2,3/a,p1\n2;p1\n"
    voting, bundle = taken(tmp_path, vote_type="ordinal", votes=votes, max_length=length)
    assert (voting.ballot, bundle.problems) == (Ballot.ORDINAL, ())
    assert said(voting)[:3] == list(zip("111", ["p2", "3/a", "p1"], values, strict=True))


def test_ranks_past_the_last_get_nothing(tmp_path: Path) -> None:
    votes = "voter_id;vote\n1;p2,3/a,p1\n2;p1\n"
    voting, bundle = taken(tmp_path, vote_type="ordinal", votes=votes, max_length="2")
    assert said(voting) == [("1", "p2", 2), ("1", "3/a", 1), ("2", "p1", 2)]
    assert [(problem.code, problem.lost) for problem in bundle.problems] == [("ranked_too_many", False)]


@pytest.mark.parametrize(
    ("begin", "end", "opens", "closes"),
    [
        ("2023", "2023", datetime(2023, 1, 1, tzinfo=UTC), datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2023-04-30", "5.5.2023", datetime(2023, 4, 30, tzinfo=UTC), datetime(2023, 5, 5, 23, 59, 59, tzinfo=UTC)),
        (None, "05.05.2023", None, datetime(2023, 5, 5, 23, 59, 59, tzinfo=UTC)),
        ("", "", None, None),
    ],
)
def test_dates_are_days_months_or_a_year(
    tmp_path: Path, begin: str | None, end: str, opens: datetime | None, closes: datetime | None
) -> None:
    voting, bundle = taken(tmp_path, date_begin=begin, date_end=end)
    assert (voting.opens, voting.closes, bundle.problems) == (opens, closes, ())


@pytest.mark.parametrize("end", ["31.02.2024", "soon", "15/03/2024"])
def test_what_is_no_date_is_told_and_left_open(tmp_path: Path, end: str) -> None:
    voting, bundle = taken(tmp_path, date_end=end)
    assert (voting.closes, told(bundle)) == (None, [(0, "not_a_date", False)])


@pytest.mark.parametrize(
    ("currency", "budget", "minor"),
    [("PLN", "1584196.52", 158419652), ("HUF", "216000000", 21600000000), ("JPY", "1500", 1500), ("EUR", "12,5", 1250)],
)
def test_amounts_are_exact_in_their_currency(tmp_path: Path, currency: str, budget: str, minor: int) -> None:
    _, bundle = taken(tmp_path, currency=currency, budget=budget, projects=PROJECTS.replace("99.95", "99"))
    assert (bundle.challenges[0].budget, bundle.challenges[0].currency, bundle.problems) == (minor, currency, ())


def test_an_amount_finer_than_its_currency_is_rounded_and_told(tmp_path: Path) -> None:
    _, bundle = taken(tmp_path, budget="1000.505")
    assert bundle.challenges[0].budget == 100050
    assert [problem.reason for problem in bundle.problems] == ["budget '1000.505' was rounded to 1000.50"]


@pytest.mark.parametrize("cost", ["", "many", "-5", "NaN", "1e30"])
def test_a_cost_that_is_no_amount_is_told_and_the_project_kept(tmp_path: Path, cost: str) -> None:
    _, bundle = taken(tmp_path, projects=PROJECTS.replace("99.95", cost))
    assert [idea.requested for idea in bundle.ideas] == [40000, None, 70000]
    assert told(bundle) == [(18, "not_money", False)]


def test_a_file_without_a_currency_counts_in_none(tmp_path: Path) -> None:
    _, bundle = taken(tmp_path, currency=None)
    assert (bundle.challenges[0].currency, bundle.ideas[0].currency) == ("XXX", "XXX")
    assert told(bundle) == [(0, "no_currency", False)]


@pytest.mark.parametrize("column", ["neighborhood", "district"])
def test_where_a_voter_lives_is_his_group(tmp_path: Path, column: str) -> None:
    long = "The far side of the river"
    votes = f"voter_id;vote;{column}\n1;p1;Centre\n2;p1;{long}\n3;p1;\n4;p1;{long} bank\n"
    voting, _ = taken(tmp_path, votes=votes)
    groups = [voter.group for voter in voting.voters]
    assert groups[0] == "n:Centre"
    assert groups[1].startswith("n:The far sid~")
    assert groups[2] == ""
    assert groups[1] != groups[3]
    assert max(len(group) for group in groups) == 20


def test_rows_with_something_wrong_are_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    projects = PROJECTS + "p1;1;0;Again;;0\n;1;0;Nameless;;0\n"
    votes = VOTES + "v1;p2;;\n;p1;;\nv3;nowhere;;\nv4;p1,p1,nowhere;;\nv5;;;\nv6;p1;40;F;surplus\n"
    voting, bundle = taken(tmp_path, projects=projects, votes=votes, num_votes="9")
    assert said(voting) == [("v1", "p1", 1), ("v1", "p2", 1), ("v2", "p1", 1), ("v4", "p1", 1)]
    assert told(bundle) == [
        (31, "wrong_cells", True),
        (20, "twice", True),
        (21, "missing_value", True),
        (26, "twice", True),
        (27, "missing_value", True),
        (28, "unknown_reference", True),
        (28, "empty_ballot", True),
        (29, "twice", True),
        (29, "unknown_reference", True),
        (30, "empty_ballot", True),
        (0, "counts_differ", False),
    ]


@pytest.mark.parametrize(
    ("ballot", "code"), [("p1,p2;7", "points_do_not_fit"), ("p1;2.5", "not_whole"), ("p1;-1", "not_whole")]
)
def test_a_ballot_whose_points_do_not_fit_does_not_count(tmp_path: Path, ballot: str, code: str) -> None:
    votes = f"voter_id;vote;points\n1;{ballot}\n2;p2;1\n"
    voting, bundle = taken(tmp_path, vote_type="cumulative", votes=votes, num_votes="1")
    assert said(voting) == [("2", "p2", 1)]
    assert [problem.code for problem in bundle.problems] == [code, "empty_ballot"]


def test_a_kind_of_ballot_that_is_not_known_is_not_guessed(tmp_path: Path) -> None:
    bundle = read(election(tmp_path, meta={"vote_type": "essay"}))
    assert (bundle.challenges, bundle.votings, told(bundle)) == ((), (), [(0, "not_a_word_of", True)])


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"", ["absent", "absent", "absent", "not_a_word_of"]),
        (b"META\nkey;value\nvote_type;approval\nbudget;5\n", ["absent", "absent"]),
        (b"\xff\xfe\x00M", ["not_utf8", "absent", "absent", "absent", "not_a_word_of"]),
    ],
)
def test_a_file_that_is_none_gives_nothing(tmp_path: Path, content: bytes, codes: list[str]) -> None:
    file = tmp_path / "odd.pb"
    file.write_bytes(content)
    bundle = read(file)
    assert (bundle.challenges, [problem.code for problem in bundle.problems]) == ((), codes)
    assert all(problem.lost for problem in bundle.problems)


def test_ids_that_cannot_be_kept_are_told_and_left_out(tmp_path: Path) -> None:
    long = "x" * 201
    voting, bundle = taken(
        tmp_path, projects=PROJECTS + f"{long};1;0;Long;;0\nno\0ne;1;0;Odd;;0\n", votes=VOTES + f"{long};p1;;\n"
    )
    assert (len(bundle.ideas), len(voting.voters)) == (3, 2)
    assert told(bundle) == [(21, "control_character", True), (20, "too_long", True), (26, "too_long", True)]


def test_a_long_name_still_names_one_source(tmp_path: Path) -> None:
    file = election(tmp_path)
    one = read(file := file.rename(tmp_path / ("x" * 90 + "1.pb")))
    two = read(file.rename(tmp_path / ("x" * 90 + "2.pb")))
    assert (len(one.source), len(two.source)) == (80, 80)
    assert one.source != two.source


def test_windows_lines_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    file = election(tmp_path)
    plain = read(file)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert read(file) == plain


# --- the rule ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ballot", "by", "eligibility", "capacity"),
    [
        ("greedy-skip", Ballot.APPROVAL, "for", None, {"kind": "budget", "overrun": "skip"}),
        ("greedy-stop", Ballot.ORDINAL, "points", None, {"kind": "budget", "overrun": "stop"}),
        (
            "greedy-threshold:50",
            Ballot.POINTS,
            "points",
            {"measure": "points", "at_least": {"value": 50}},
            {"kind": "budget", "overrun": "skip"},
        ),
    ],
)
def test_a_rule_is_asked_for_by_name(
    name: str, ballot: Ballot, by: str, eligibility: object, capacity: dict[str, str]
) -> None:
    rule = rule_named(name, ballot)
    assert rule["order"] == {"by": by, "descending": True}
    assert (rule["eligibility"], rule["capacity"]) == (eligibility, capacity)


def test_equal_shares_are_asked_for_by_name() -> None:
    capacity = rule_named("equal-shares")["capacity"]
    assert (capacity["kind"], capacity["utility"]) == ("equal_shares", "cost")


def test_the_rule_decides_challenge_and_round(tmp_path: Path) -> None:
    bundle = read(election(tmp_path, meta={"vote_type": "ordinal"}), "greedy-threshold:7")
    rule = rule_named("greedy-threshold:7", Ballot.ORDINAL)
    assert (bundle.votings[0].rule, bundle.rounds[0].rule, bundle.rounds[0].challenges) == (rule, rule, ("Town_2024",))


@pytest.mark.parametrize("name", ["", "greedy", "greedy-threshold:", "greedy-threshold:-1", "Equal-Shares"])
def test_a_rule_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownRule, match=f"^{name}$"):
        read(election(tmp_path), name)
