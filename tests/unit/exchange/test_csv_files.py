"""Files that people write: columns, delimiters, encodings, and every way to get a row wrong."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from innovation.exchange.service.csv_files import COLUMNS, read
from innovation.exchange.service.rows import Bundle, ChallengeRow, IdeaRow, PersonRow, TallyRow

DOCS = Path(__file__).parents[3] / "docs" / "import.md"


def write(folder: Path, name: str, *lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
    file = folder / name
    file.write_bytes("".join(line + end for line in lines).encode(encoding))
    return file


def told(bundle: Bundle) -> list[tuple[str, int, str, bool]]:
    return [(problem.file, problem.line, problem.code, problem.lost) for problem in bundle.problems]


def test_a_folder_of_all_four_kinds(tmp_path: Path) -> None:
    write(
        tmp_path,
        "challenges.csv",
        "id,title,question,brief,brief_format,sponsor,url,language,opens,closes,zone,budget,prize,currency,types",
        'c1,Solvents,"How, without chlorine?",Text,html,Ada,https://example.org,nl,2026-05-01,2026-05-31,'
        "Europe/Amsterdam,1500.50,200,eur,Ideas|Scientific|Ideas",
    )
    write(
        tmp_path,
        "ideas.csv",
        "id,challenge,title,text,requested,currency,authors,url,state,submitted,language",
        'i1,c1,Water,"One',
        'two",750,,Ada@Example.org|b@example.org,,withdrawn,2026-05-02 10:00+02:00,',
    )
    write(
        tmp_path,
        "people.csv",
        "email,name,organisation,department,circle,language",
        "Ada@Example.org,Ada,Acme,R&D,Staff,nl",
    )
    write(
        tmp_path,
        "tallies.csv",
        "idea,for,against,voters,electorate,unit,source",
        "i1,10,2,12,100,points,Poll 2025",
    )
    bundle = read(tmp_path)
    assert bundle.problems == ()
    assert bundle.source == "csv"
    assert bundle.challenges == (
        ChallengeRow(
            foreign_id="c1",
            title="Solvents",
            question="How, without chlorine?",
            brief="Text",
            brief_format="html",
            sponsor="Ada",
            source_url="https://example.org",
            language="nl",
            opens=datetime(2026, 4, 30, 22, tzinfo=UTC),
            closes=datetime(2026, 5, 31, 21, 59, 59, tzinfo=UTC),
            zone="Europe/Amsterdam",
            budget=150_050,
            prize=20_000,
            currency="EUR",
            types=("Ideas", "Scientific"),
        ),
    )
    assert bundle.ideas == (
        IdeaRow(
            foreign_id="i1",
            challenge="c1",
            title="Water",
            text="One\ntwo",
            requested=75_000,
            authors=("ada@example.org", "b@example.org"),
            state="withdrawn",
            submitted_at=datetime(2026, 5, 2, 8, tzinfo=UTC),
        ),
    )
    assert bundle.people == (
        PersonRow("ada@example.org", "Ada", "Ada@Example.org", "Acme", "R&D", circle="staff", language="nl"),
    )
    assert bundle.tallies == (TallyRow("i1", "Poll 2025", "points", 10, 2, 12, 100),)
    assert (bundle.ideas[0].where.file, bundle.ideas[0].where.line) == ("ideas.csv", 2)


def test_empty_cells_mean_the_documented_default(tmp_path: Path) -> None:
    write(tmp_path, "challenges.csv", "id,title", "c1,One")
    write(tmp_path, "ideas.csv", "id,challenge,title", "i1,c1,One")
    write(tmp_path, "people.csv", "email,name,circle", "a@example.org,Ada,")
    write(tmp_path, "tallies.csv", "idea,for,source", "i1,0,Poll")
    bundle = read(tmp_path)
    assert bundle.challenges == (ChallengeRow("c1", "One"),)
    assert bundle.ideas == (IdeaRow("i1", "c1", "One"),)
    assert bundle.people == (PersonRow("a@example.org", "Ada", "a@example.org"),)
    assert bundle.tallies == (TallyRow("i1", "Poll", "votes", 0, 0),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_delimiters_and_line_ends(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    rows = (delimiter.join(cells) for cells in (["E-mail".replace("-", ""), " Name "], ["a@example.org", "Zoë"]))
    bundle = read(write(tmp_path, "people.csv", *rows, encoding=encoding, end=end))
    assert bundle.people == (PersonRow("a@example.org", "Zoë", "a@example.org"),)
    assert bundle.problems == ()


def test_a_spreadsheets_own_first_line_and_blank_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    file = write(tmp_path, "people.csv", "sep=;", "email;name", "", ";", "x;Nobody", "a@example.org;Ada;;")
    bundle = read(file)
    assert [row.name for row in bundle.people] == ["Ada"]
    assert told(bundle) == [("people.csv", 5, "not_an_address", True)]


def test_a_file_is_known_by_its_columns_where_its_name_says_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "id,title,budget,currency", "c1,One,5,EUR")
    write(tmp_path, "b.csv", "id,challenge,title", "i1,c1,One")
    write(tmp_path, "c.csv", "idea,for,source", "i1,3,Poll")
    write(tmp_path, "d.csv", "email,name", "a@example.org,Ada")
    bundle = read(tmp_path)
    counts = [len(rows) for rows in (bundle.challenges, bundle.ideas, bundle.tallies, bundle.people)]
    assert (counts, bundle.problems) == ([1, 1, 1, 1], ())


def test_a_file_that_is_none_of_these_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path, "prices.csv", "what,costs", "tea,3")
    write(tmp_path, "ideas.csv", "id,title", "i1,One")
    write(tmp_path, "challenges.csv")
    write(tmp_path, "people.csv", "email,name", "a@example.org,Ada")
    bundle = read(tmp_path)
    assert [row.name for row in bundle.people] == ["Ada"]
    assert told(bundle) == [
        ("challenges.csv", 1, "missing_columns", True),
        ("ideas.csv", 1, "missing_columns", True),
        ("prices.csv", 1, "unknown_kind", True),
    ]
    assert bundle.problems[1].reason == "the columns challenge are missing"


def test_an_empty_folder_and_an_absent_path_are_one_problem_each(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.csv"):
        assert [problem.code for problem in read(path).problems] == ["absent"]


def test_unknown_and_doubled_columns_are_reported_and_the_first_counts(tmp_path: Path) -> None:
    bundle = read(write(tmp_path, "people.csv", "email,name,name,shoe", "a@example.org,Ada,Bob,39"))
    assert [row.name for row in bundle.people] == ["Ada"]
    assert told(bundle) == [("people.csv", 1, "twice", False), ("people.csv", 1, "unknown_column", False)]


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("c2,", ["missing_value"]),
        (",", ["missing_value", "missing_value"]),
        ("c1,Again", ["twice"]),
        ("c2,Two,3", ["wrong_cells"]),
        ("c2", ["wrong_cells"]),
        ('c2,"Two"x', ["broken_quotes"]),
        ('c2,"Two', ["broken_quotes"]),
        ("c2,Two\x00", ["control_character"]),
        ("c2,\x07Two", ["control_character"]),
        ("c2," + "x" * 140_000, ["too_long"]),
    ],
)
def test_a_row_that_cannot_be_read_is_reported_by_line_and_the_others_are_kept(
    tmp_path: Path, row: str, codes: list[str]
) -> None:
    if row == ",":
        row = '" ", '
    bundle = read(write(tmp_path, "challenges.csv", "id,title", "c1,One", row, "c3,Three", 'c4,"Four"'))
    assert [line.foreign_id for line in bundle.challenges] == ["c1", "c3", "c4"]
    assert told(bundle) == [("challenges.csv", 3, code, True) for code in codes]
    assert all(problem.reason for problem in bundle.problems)


def test_a_quote_that_swallows_good_rows_loses_only_its_own(tmp_path: Path) -> None:
    bundle = read(write(tmp_path, "challenges.csv", "id,title", 'c1,"One', "c2,Two", 'c3,"Three"', "c4,Four", 'c5,"Five'))
    assert [row.foreign_id for row in bundle.challenges] == ["c2", "c3", "c4"]
    assert told(bundle) == [("challenges.csv", line, "broken_quotes", True) for line in (2, 6)]


def test_lines_are_counted_through_cells_of_several_lines(tmp_path: Path) -> None:
    rows = ("id,challenge,title,text", 'i1,c1,One,"a', "b", 'c"', "i2,c1,,x", "i3,c1,Three,")
    bundle = read(write(tmp_path, "ideas.csv", *rows))
    assert [row.where.line for row in bundle.ideas] == [2, 6]
    assert told(bundle) == [("ideas.csv", 5, "missing_value", True)]


def test_a_line_that_is_not_utf8_is_lost_alone(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(b"email,name\na@example.org,Zo\xeb\nb@example.org,Bob\n")
    bundle = read(file)
    assert [row.name for row in bundle.people] == ["Bob"]
    assert told(bundle) == [("people.csv", 2, "not_utf8", True)]


def test_a_file_in_utf16_is_refused_with_one_sentence(tmp_path: Path) -> None:
    bundle = read(write(tmp_path, "people.csv", "email,name", "a@example.org,Ada", encoding="utf-16"))
    assert told(bundle) == [("people.csv", 1, "not_utf8", True)]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ("budget=ten;currency=EUR", "not_money"),
        ("budget=-5;currency=EUR", "not_money"),
        ("budget=5.505;currency=EUR", None),
        ("budget=5.5055;currency=EUR", "not_money"),
        ("budget=5", "no_currency"),
        ("budget=5;currency=XYZ", "unknown_currency"),
        ("brief_format=word", "not_a_word_of"),
        ("zone=Europe/Atlantis", "unknown_zone"),
        ("zone=../../etc/passwd", "unknown_zone"),
        ("zone=Europe", "unknown_zone"),
        ("opens=01-05-2026", "not_a_date"),
        ("opens=2026-02-30", "not_a_date"),
        ("opens=20260501", "not_a_date"),
        ("opens=2026-05-02;closes=2026-05-01", "closes_too_early"),
        ("closes=2026-03-29 02:30;zone=Europe/Amsterdam", "time_skipped"),
        ("closes=2026-10-25 02:30;zone=Europe/Amsterdam", "time_repeated"),
        ("closes=2026-10-25 02:30+02:00;zone=Europe/Amsterdam", None),
    ],
)
def test_what_a_cell_may_not_hold(tmp_path: Path, values: str, code: str | None) -> None:
    cells = dict(pair.split("=") for pair in values.split(";"))
    bundle = read(
        write(
            tmp_path,
            "challenges.csv",
            ",".join(["id", "title", *cells]),
            ",".join(["c1", "One", *cells.values()]),
        )
    )
    assert [problem.code for problem in bundle.problems] == ([] if code is None else [code])
    assert len(bundle.challenges) == (code is None)
    assert all(problem.reason for problem in bundle.problems)


@pytest.mark.parametrize("value", ["ten", "-1", "1.5", "1,5", "\u0661"])
def test_counts_are_whole_numbers(tmp_path: Path, value: str) -> None:
    bundle = read(write(tmp_path, "tallies.csv", "idea;for;source", f"i1;{value};Poll", "i2;7;Poll"))
    assert [(row.idea, row.for_weight) for row in bundle.tallies] == [("i2", 7)]
    assert told(bundle) == [("tallies.csv", 2, "not_whole", True)]


def test_one_idea_may_stand_in_several_polls_but_once_in_each(tmp_path: Path) -> None:
    rows = ("idea,for,source", "i1,1,A", "i1,2,B", "i1,3,A")
    bundle = read(write(tmp_path, "tallies.csv", *rows))
    assert [(row.source, row.for_weight) for row in bundle.tallies] == [("A", 1), ("B", 2)]
    assert [problem.line for problem in bundle.problems] == [4]


def test_a_request_needs_a_currency_from_somewhere(tmp_path: Path) -> None:
    write(tmp_path, "challenges.csv", "id,title,currency", "c1,One,JPY")
    write(
        tmp_path,
        "ideas.csv",
        "id,challenge,title,requested,currency",
        "i1,c1,One,500,",
        "i2,c1,Two,5,EUR",
        "i3,c9,Three,5,",
    )
    bundle = read(tmp_path)
    assert [(row.requested, row.currency) for row in bundle.ideas] == [(500, None), (500, "EUR")]
    assert told(bundle) == [("ideas.csv", 4, "no_currency", True)]


@pytest.mark.parametrize("address", ["ada", "@example.org", "ada@", "ada@example", "a b@example.org", "a@b@c.org"])
def test_an_address_must_look_like_one(tmp_path: Path, address: str) -> None:
    bundle = read(write(tmp_path, "people.csv", "email;name", f"{address};Ada"))
    assert told(bundle) == [("people.csv", 2, "not_an_address", True)]


def test_every_reason_of_a_row_is_told(tmp_path: Path) -> None:
    bundle = read(write(tmp_path, "people.csv", "email,name,circle", "ada,Ada,friends"))
    assert [problem.code for problem in bundle.problems] == ["not_an_address", "not_a_word_of"]


def test_every_column_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for kind, columns in COLUMNS.items():
        table = text.split(f"### {kind}.csv")[1].split("\n#")[0]
        rows = re.findall(r"^\| `(\w+)` \| (yes)?", table, re.MULTILINE)
        assert {name: said == "yes" for name, said in rows} == columns


def test_comments_come_after_what_they_answer_and_one_without_it_stands_at_the_top(tmp_path: Path) -> None:
    path = tmp_path / "comments.csv"
    rows = ("3,I,c,2,Bo,", "2,I,b,1,A@Example.org,2020-05-06 07:08", "1,I,a,,,", "4,J,d,1,,")
    path.write_text("\n".join(("id,idea,text,answers,author,written", *rows)))
    found = read(path)
    said = [(row.foreign_id, row.answers, row.author) for row in found.comments]
    assert said == [("1", None, None), ("4", None, None), ("2", "1", "a@example.org"), ("3", "2", "Bo")]
    assert [(each.code, each.lost) for each in found.problems] == [("answers_unknown", False)]
