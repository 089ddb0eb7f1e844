"""One conversation held with Polis, as its open data is published: ``summary.csv``, ``comments.csv`` and ``votes.csv``.

Comments become ideas on a yes/no ballot, participants people. Every vote row says that its voter saw the comment; 1 is
for, -1 against, and 0 passes: no vote, or the one before taken back. Rows are taken by their milliseconds, those of the
same one in the order of the file: a voter's last word counts, and every change of mind is kept. A comment that was
moderated out (``moderated`` is -1) is withdrawn, its votes stay.

Not read: the columns ``agrees`` and ``disagrees``, which count a changed vote twice; ``participants-votes.csv``, the
votes once more with groups that were computed; and who wrote a comment: Polis counts an author's vote on it, and here
nobody judges what is his own.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from innovation.exchange.service.rows import (
    Bundle,
    CastRow,
    ChallengeRow,
    IdeaRow,
    Problem,
    ProgrammeRow,
    SeenRow,
    VoterRow,
    VotingRow,
    Where,
)
from innovation.rules.ballot import Ballot
from innovation.rules.promotion import ready_rule

RULE: Final = "support_top"
"""The ready-made rule a conversation is decided by, until somebody chooses another."""
LONGEST_TITLE: Final = 200
LONGEST_ID: Final = 200

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_SAYS: Final = {"1": 1, "0": 0, "-1": -1}


@dataclass(frozen=True, slots=True)
class _Vote:
    at: datetime
    voter: str
    comment: str
    value: int


@dataclass(slots=True)
class _Reading:
    problems: list[Problem] = field(default_factory=list)

    def tell(self, where: Where, code: str, /, *, lost: bool = False, **params: str | int) -> None:
        self.problems.append(Problem(where.file, where.line, code, params, lost))


def read(path: Path) -> Bundle:
    """Read one conversation's folder. What cannot be read is in ``problems``; a missing file is one of them."""
    found = _Reading()
    folder = path.resolve().name
    name = folder[:200]
    about = {cells[0].strip(): cells[1].strip() for _, cells in _lines(path / "summary.csv", found) if len(cells) > 1}
    ideas = _comments(path / "comments.csv", name, found)
    votes = sorted(_votes(path / "votes.csv", ideas, found), key=lambda vote: vote.at)
    title = about.get("topic") or name
    return Bundle(
        source=_source(folder),
        programme=ProgrammeRow(name, title[:200]),
        challenges=(_challenge(name, title, about, ideas),) if ideas else (),
        ideas=tuple(ideas.values()),
        votings=(_voting(name, votes),) if votes else (),
        problems=tuple(found.problems),
    )


def _source(folder: str) -> str:
    """The word of one conversation: ids of comments and participants are unique within it only."""
    word = f"polis:{folder}"
    return word if len(word) <= 80 else f"{word[:67]}~{sha256(word.encode()).hexdigest()[:12]}"


def _challenge(name: str, title: str, about: Mapping[str, str], ideas: Mapping[str, IdeaRow]) -> ChallengeRow:
    written = [idea.submitted_at for idea in ideas.values() if idea.submitted_at]
    return ChallengeRow(
        foreign_id=name,
        title=title,
        brief=about.get("conversation-description", ""),
        source_url=about.get("url", ""),
        opens=min(written, default=None),
        closes=max(written) + _SECOND if written else None,
        where=Where("summary.csv", 1),
    )


def _voting(name: str, votes: Sequence[_Vote]) -> VotingRow:
    seen: dict[tuple[str, str], SeenRow] = {}
    cast: list[CastRow] = []
    present: dict[tuple[str, str], int] = {}
    for vote in votes:
        pair = (vote.voter, vote.comment)
        seen.setdefault(pair, SeenRow(vote.voter, vote.comment, vote.at))
        if vote.value != present.get(pair, 0):
            cast.append(CastRow(vote.voter, vote.comment, vote.value, vote.at))
            present[pair] = vote.value
    voters = {vote.voter: VoterRow(vote.voter, f"Participant {vote.voter}"[:200]) for vote in votes}
    return VotingRow(
        challenge=name,
        ballot=Ballot.YES_NO,
        rule=ready_rule(RULE),
        voters=tuple(voters.values()),
        cast=tuple(cast),
        seen=tuple(seen.values()),
        opens=votes[0].at,
        closes=votes[-1].at + _SECOND,
        where=Where("votes.csv", 1),
    )


# --- the files --------------------------------------------------------------------------------------------


def _comments(file: Path, challenge: str, found: _Reading) -> dict[str, IdeaRow]:
    ideas: dict[str, IdeaRow] = {}
    columns = ("comment-id", "timestamp", "moderated", "comment-body")
    for where, row in _rows(file, columns, found):
        name, body, at = row["comment-id"], row["comment-body"], _instant(row["timestamp"])
        if not _kept(where, "comment-id", name, found):
            continue
        if name in ideas:
            found.tell(where, "twice", lost=True, kind="comment", id=name)
            continue
        if not body:
            found.tell(where, "missing_value", field="comment-body")
        if at is None:
            found.tell(where, "not_a_time", field="timestamp", value=row["timestamp"])
        ideas[name] = IdeaRow(
            foreign_id=name,
            challenge=challenge,
            title=_title(body) or f"Comment {name}",
            text=body if _title(body) != body else "",
            state="withdrawn" if row["moderated"] == "-1" else "submitted",
            submitted_at=at,
            where=where,
        )
    if out := sum(idea.state == "withdrawn" for idea in ideas.values()):
        found.tell(Where(file.name, 0), "moderated_out", rows=out)
    return ideas


def _votes(file: Path, comments: Mapping[str, IdeaRow], found: _Reading) -> Iterator[_Vote]:
    for where, row in _rows(file, ("timestamp", "comment-id", "voter-id", "vote"), found):
        at = _instant(row["timestamp"])
        if at is None:
            found.tell(where, "not_milliseconds", lost=True, field="timestamp", value=row["timestamp"])
        elif not _kept(where, "voter-id", row["voter-id"], found):
            continue
        elif row["vote"] not in _SAYS:
            found.tell(where, "not_a_word_of", lost=True, field="vote", value=row["vote"], known=", ".join(_SAYS))
        elif row["comment-id"] not in comments:
            found.tell(where, "unknown_reference", lost=True, field="comment-id", id=row["comment-id"], kind="comments")
        else:
            yield _Vote(at, row["voter-id"], row["comment-id"], _SAYS[row["vote"]])


def _kept(where: Where, column: str, name: str, found: _Reading) -> bool:
    """Whether an id is one that can be kept; else it is told of."""
    if not name:
        found.tell(where, "missing_value", lost=True, field=column)
    elif len(name) > LONGEST_ID:
        found.tell(where, "too_long", lost=True, limit=LONGEST_ID)
    return 0 < len(name) <= LONGEST_ID


def _instant(said: str) -> datetime | None:
    """Milliseconds since 1970 as an instant."""
    try:
        return _EPOCH + timedelta(milliseconds=int(said))
    except (ValueError, OverflowError):
        return None


def _title(body: str) -> str:
    """A comment's first line, as far as a title goes."""
    first = " ".join(body.split("\n", 1)[0].split())
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…"


def _rows(file: Path, columns: Sequence[str], found: _Reading) -> Iterator[tuple[Where, dict[str, str]]]:
    """The rows of a file that has these columns, by column."""
    heading: list[str] | None = None
    for where, cells in _lines(file, found):
        if heading is None:
            heading = [cell.strip().lower() for cell in cells]
            if lacking := [column for column in columns if column not in heading]:
                found.tell(where, "missing_columns", lost=True, columns=", ".join(lacking))
                return
        elif len(cells) != len(heading):
            found.tell(where, "wrong_cells", lost=True, found=len(cells), expected=len(heading))
        else:
            row = dict(zip(heading, cells, strict=True))
            yield where, {column: row[column].strip() for column in columns}


def _lines(file: Path, found: _Reading) -> Iterator[tuple[Where, list[str]]]:
    """The rows that are not empty; none, and a problem, of a file that is absent or cannot be read."""
    line = 0
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.reader(text)
            for cells in rows:
                line = rows.line_num
                if any("\0" in cell for cell in cells):
                    found.tell(Where(file.name, line), "control_character", lost=True, field="the row")
                elif cells:
                    yield Where(file.name, line), cells
    except FileNotFoundError:
        found.tell(Where(file.name, 0), "absent", lost=True, what=file.name)
    except UnicodeDecodeError:
        found.tell(Where(file.name, line), "not_utf8", lost=True)
    except csv.Error as error:
        found.tell(Where(file.name, line), "not_readable", lost=True, format="CSV", why=str(error))
