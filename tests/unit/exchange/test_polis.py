"""The open data of Polis on conversations made here."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from innovation.exchange.service.polis import read
from innovation.exchange.service.rows import Bundle, VotingRow
from innovation.rules.ballot import Ballot

START = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
FILES = {
    "summary.csv": 'topic,Bicycles\nurl,https://example.org/2x\nvoters,3\nconversation-description,"More, or *fewer*?"\n',
    "comments.csv": "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    "{2},later,1,11,9,9,0,More lanes\n"
    "{0},first,0,10,9,9,1,\"Racks, please\"\n"
    "{3},last,7,10,9,9,-1,Buy my bicycles\n",
    "votes.csv": "timestamp,datetime,comment-id,voter-id,vote\n"
    "{4},x,0,10,1\n"
    "{9},x,0,10,-1\n"
    "{6},x,0,11,0\n"
    "{5},x,1,10,0\n"
    "{8},x,1,10,1\n"
    "{7},x,7,12,-1\n",
}  # fmt: skip


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def stamped(text: str) -> str:
    """Each ``{n}`` becomes the milliseconds of n seconds after the start."""
    for n in range(20):
        text = text.replace(f"{{{n}}}", str(int(at(n).timestamp() * 1000) + 17))
    return text


def conversation(path: Path, **changes: str) -> Path:
    """A folder of the files above, some of them changed or (empty) left out."""
    folder = path / "bicycles"
    folder.mkdir()
    for name, text in (FILES | {f"{key}.csv": value for key, value in changes.items()}).items():
        if text:
            (folder / name).write_text(stamped(text), "utf-8")
    return folder


def taken(path: Path, **changes: str) -> tuple[VotingRow, Bundle]:
    bundle = read(conversation(path, **changes))
    [voting] = bundle.votings
    return voting, bundle


def votes(*rows: str) -> str:
    return "timestamp,datetime,comment-id,voter-id,vote\n" + "".join(f"{row}\n" for row in rows)


def said(voting: VotingRow) -> list[tuple[str, str, int]]:
    return [(row.voter, row.idea, row.value) for row in voting.cast]


def test_a_conversation_is_read_whole(tmp_path: Path) -> None:
    voting, bundle = taken(tmp_path)
    [challenge] = bundle.challenges
    assert (bundle.source, challenge.foreign_id, challenge.title) == ("polis:bicycles", "bicycles", "Bicycles")
    assert (challenge.brief, challenge.source_url) == ("More, or *fewer*?", "https://example.org/2x")
    ms = timedelta(milliseconds=17)
    assert (challenge.opens, challenge.closes) == (at(0) + ms, at(4) + ms)
    assert [(idea.foreign_id, idea.title, idea.state, idea.submitted_at) for idea in bundle.ideas] == [
        ("1", "More lanes", "submitted", at(2) + ms),
        ("0", "Racks, please", "submitted", at(0) + ms),
        ("7", "Buy my bicycles", "withdrawn", at(3) + ms),
    ]
    assert all(idea.authors == () for idea in bundle.ideas)
    assert (voting.ballot, voting.opens, voting.closes) == (Ballot.YES_NO, at(4) + ms, at(10) + ms)
    assert {voter.foreign_id: voter.name for voter in voting.voters} == {
        "10": "Participant 10",
        "11": "Participant 11",
        "12": "Participant 12",
    }
    [problem] = bundle.problems
    assert (problem.reason, problem.lost) == (
        "1 comments were moderated out there; they are imported as withdrawn",
        False,
    )


def test_votes_stand_in_the_order_of_their_milliseconds(tmp_path: Path) -> None:
    voting, _ = taken(tmp_path)
    assert said(voting) == [("10", "0", 1), ("12", "7", -1), ("10", "1", 1), ("10", "0", -1)]
    times = [row.at for row in voting.cast]
    assert times == sorted(times, key=lambda moment: moment or START)
    assert times[0] == at(4) + timedelta(milliseconds=17)


def test_whoever_passed_has_seen_it_and_said_nothing(tmp_path: Path) -> None:
    voting, _ = taken(tmp_path, votes=votes("{1},x,0,10,0", "{2},x,1,10,0", "{3},x,1,10,1"))
    assert said(voting) == [("10", "1", 1)]
    seen = [(row.voter, row.idea, (row.at - START).seconds) for row in voting.seen]
    assert seen == [("10", "0", 1), ("10", "1", 2)]


def test_a_pass_after_a_vote_takes_it_back(tmp_path: Path) -> None:
    voting, _ = taken(tmp_path, votes=votes("{1},x,0,10,1", "{2},x,0,10,0", "{3},x,0,10,0", "{4},x,0,10,-1"))
    assert said(voting) == [("10", "0", 1), ("10", "0", 0), ("10", "0", -1)]


def test_a_vote_said_twice_is_one(tmp_path: Path) -> None:
    voting, _ = taken(tmp_path, votes=votes("{1},x,0,10,1", "{2},x,0,10,1"))
    assert [(row.value, (row.at - START).seconds) for row in voting.cast if row.at] == [(1, 1)]


def test_of_one_millisecond_the_later_row_is_the_last_word(tmp_path: Path) -> None:
    voting, _ = taken(tmp_path, votes=votes("{5},x,1,10,1", "{1},x,0,10,1", "{1},x,0,10,-1"))
    assert said(voting) == [("10", "0", 1), ("10", "0", -1), ("10", "1", 1)]


def test_columns_are_found_by_their_names(tmp_path: Path) -> None:
    moved = "vote,voter-id,comment-id,timestamp,importance\n-1,10,0,{1},5\n"
    voting, _ = taken(tmp_path, votes=moved)
    assert said(voting) == [("10", "0", -1)]


@pytest.mark.parametrize(
    ("body", "title", "text"),
    [
        ("Short", "Short", ""),
        ("x" * 201, "x" * 199 + "…", "x" * 201),
        ('"One line\nand more"', "One line", "One line\nand more"),
        ("", "Comment 5", ""),
    ],
)
def test_a_comment_too_long_for_a_title_is_the_text(tmp_path: Path, body: str, title: str, text: str) -> None:
    _, bundle = taken(tmp_path, comments=FILES["comments.csv"] + f"{{1}},x,5,10,0,0,1,{body}\n")
    assert (bundle.ideas[-1].title, bundle.ideas[-1].text) == (title, text)


def test_rows_with_something_wrong_are_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    wrong = (
        f"{{2}},x,0,{'x' * 201},1",
        "{2},x,0,1\0,1",
        "soon,x,0,10,1",
        "{2},x,0,,1",
        "{2},x,0,10,2",
        "{2},x,99,10,1",
        "{2},x,0,10",
        "{3},x,0,10,1",
    )
    comments = FILES["comments.csv"] + "{1},x,0,10,0,0,1,Again\n{1},x,,10,0,0,1,No number\nsoon,x,8,10,0,0,1,When?\n"
    voting, bundle = taken(tmp_path, votes=votes(*wrong), comments=comments)
    assert said(voting) == [("10", "0", 1)]
    assert [idea.foreign_id for idea in bundle.ideas] == ["1", "0", "7", "8"]
    assert [(problem.file, problem.line, problem.code, problem.lost) for problem in bundle.problems] == [
        ("comments.csv", 5, "twice", True),
        ("comments.csv", 6, "missing_value", True),
        ("comments.csv", 7, "not_a_time", False),
        ("comments.csv", 0, "moderated_out", False),
        ("votes.csv", 2, "too_long", True),
        ("votes.csv", 3, "control_character", True),
        ("votes.csv", 4, "not_milliseconds", True),
        ("votes.csv", 5, "missing_value", True),
        ("votes.csv", 6, "not_a_word_of", True),
        ("votes.csv", 7, "unknown_reference", True),
        ("votes.csv", 8, "wrong_cells", True),
    ]
    assert all(problem.reason for problem in bundle.problems)


def test_a_conversation_without_votes_has_no_vote(tmp_path: Path) -> None:
    bundle = read(conversation(tmp_path, votes="", summary=""))
    assert (bundle.votings, len(bundle.ideas), bundle.challenges[0].title) == ((), 3, "bicycles")
    assert [(problem.code, problem.lost) for problem in bundle.problems if problem.lost] == [("absent", True)] * 2


def test_a_folder_that_is_none_gives_nothing(tmp_path: Path) -> None:
    bundle = read(tmp_path)
    assert (bundle.challenges, bundle.ideas, bundle.votings) == ((), (), ())
    assert [problem.code for problem in bundle.problems] == ["absent"] * 3


def test_a_file_that_lacks_a_column_is_told(tmp_path: Path) -> None:
    bundle = read(conversation(tmp_path, votes="timestamp,voter-id\n1,2\n"))
    lost = [problem.reason for problem in bundle.problems if problem.lost]
    assert (bundle.votings, lost) == ((), ["the columns comment-id, vote are missing"])
