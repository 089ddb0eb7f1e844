"""Five conversations of thousands: the last word of everybody equals the official matrix, and the default method ranks well.

The half-split: half of the people vote, the other half says what is true. For every comment that ten of the other half
or more had before them, the truth is the share of these who agreed; the method, and raw up-votes, see the first half
alone. Kendall's tau says how well each orders the comments. A pass counts as having seen a comment in both halves.
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from flask import Flask
from sqlalchemy import func, select

from innovation.exchange.service import loading
from innovation.exchange.service.polis import read
from innovation.exchange.service.rows import Bundle
from innovation.ideas.models import Idea
from innovation.insight import queries as insight
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.notifications.models import Message
from innovation.people.models import Credential, Person
from innovation.rules.ranking.support import fit_prior, support
from innovation.voting.models import Tally, View, Vote, VoteChange
from tests.conftest import REAL_DATA
from tests.realdata.turns import taking_turns
from tests.support.kendall import kendall

pytestmark = [pytest.mark.realdata, pytest.mark.timeout(300)]

FOLDER = REAL_DATA / "polis"
CONVERSATIONS = {
    "15-per-hour-seattle": 7,
    "football-concussions": 37,
    "scoop-hivemind.affordable-housing": 1,
    "scoop-hivemind.biodiversity": 1,
    "vtaiwan.uberx": 16,
}
"""How often somebody said something else of a comment than before, a pass among it; counted by the test again."""
WHOLE_WAY = ("15-per-hour-seattle", "vtaiwan.uberx")
SECONDS = 30
"""What the largest, 49,997 vote rows, may take to be read and loaded on two idle cores; noise gets three times that."""
SPLITS = 10
FEWEST_VOTERS = 10

Said = dict[tuple[str, str], int]


@cache
def taken(name: str) -> Bundle:
    return read(FOLDER / name)


def lines(name: str, file: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name / file).open(encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def official(name: str) -> Said:
    """(participant, comment) -> 1, 0 or -1, from the published matrix."""
    return {
        (row["participant"], column): int(said)
        for row in lines(name, "participants-votes.csv")
        for column, said in row.items()
        if column.isdecimal() and said
    }


def last_words(bundle: Bundle) -> Said:
    """The same from the rows of a bundle: whoever saw a comment and never voted passed."""
    [voting] = bundle.votings
    said = {(row.voter, row.idea): 0 for row in voting.seen}
    for row in voting.cast:
        said[row.voter, row.idea] = row.value
    return said


def test_every_conversation_is_looked_at() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(CONVERSATIONS)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_the_last_word_of_everybody_is_the_official_matrix(name: str) -> None:
    assert last_words(taken(name)) == official(name)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_nothing_is_lost(name: str) -> None:
    bundle = taken(name)
    assert [problem.reason for problem in bundle.problems if problem.lost] == []
    comments = {row["comment-id"]: row["moderated"] for row in lines(name, "comments.csv")}
    assert {idea.foreign_id: idea.state for idea in bundle.ideas} == {
        comment: "withdrawn" if moderated == "-1" else "submitted" for comment, moderated in comments.items()
    }
    assert {voter.foreign_id for voter in bundle.votings[0].voters} == {row["voter-id"] for row in lines(name, "votes.csv")}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_every_change_of_mind_is_there(name: str) -> None:
    before: Said = {}
    changes = 0
    for row in sorted(lines(name, "votes.csv"), key=lambda row: int(row["timestamp"])):
        pair = (row["voter-id"], row["comment-id"])
        changes += before.get(pair, int(row["vote"])) != int(row["vote"])
        before[pair] = int(row["vote"])
    assert changes == CONVERSATIONS[name]
    [voting] = taken(name).votings
    passed_first = {(row.voter, row.idea): row.at for row in voting.seen}
    first: dict[tuple[str, str], object] = {}
    for vote in voting.cast:
        first.setdefault((vote.voter, vote.idea), vote.at)
    from_a_pass = sum(at != passed_first[pair] for pair, at in first.items())
    assert len(voting.cast) - len(first) + from_a_pass == changes


@pytest.mark.parametrize(("house", "name"), taking_turns(WHOLE_WAY, both="15-per-hour-seattle"), indirect=["house"])
def test_a_conversation_stands_in_the_database_as_it_was_held(name: str, app: Flask) -> None:
    begun = time.monotonic()
    bundle = read(FOLDER / name)
    load = loading.load(bundle, actor=house(Origin.IMPORT))
    assert time.monotonic() - begun < 3 * SECONDS
    assert [problem for problem in load.problems if problem.lost] == []

    matrix = official(name)
    rows = db.session.execute(
        select(Person.foreign_id, Idea.foreign_id, func.coalesce(Vote.value, 0))
        .select_from(View)
        .join(Person, Person.id == View.person_id)
        .join(Idea, Idea.id == View.idea_id)
        .outerjoin(Vote, (Vote.person_id == View.person_id) & (Vote.idea_id == View.idea_id))
    )
    assert {(str(who), str(comment)): value for who, comment, value in rows} == matrix
    [voting] = bundle.votings
    said = {(row.voter, row.idea) for row in voting.cast}
    assert db.session.scalar(select(func.count()).select_from(Vote)) == len(said)
    assert db.session.scalar(select(func.count()).select_from(VoteChange)) == len(voting.cast) - len(said)

    counted = db.session.execute(
        select(Idea.foreign_id, Tally.for_count, Tally.against_count, Tally.seen).join(Tally, Tally.idea_id == Idea.id)
    )
    columns: dict[str, list[int]] = {}
    for (_, comment), value in matrix.items():
        columns.setdefault(comment, []).append(value)
    assert {str(comment): counts for comment, *counts in counted} == {
        comment: [column.count(1), column.count(-1), len(column)] for comment, column in columns.items()
    }
    assert insight.mismatches() == []
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    assert db.session.scalar(select(func.count()).select_from(Credential)) == 0


# --- the default method --------------------------------------------------------------------------------------------


def matrix_of(name: str) -> npt.NDArray[np.float64]:
    """Participants x comments: 1, 0, -1, and nan where somebody never saw a comment."""
    said = official(name)
    people = {who: n for n, who in enumerate(sorted({who for who, _ in said}))}
    comments = {comment: n for n, comment in enumerate(sorted({comment for _, comment in said}))}
    matrix = np.full((len(people), len(comments)), np.nan)
    for (who, comment), value in said.items():
        matrix[people[who], comments[comment]] = value
    return matrix


def counts(part: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """How many agree with each comment, and how many had it before them."""
    return (part == 1).sum(axis=0), (~np.isnan(part)).sum(axis=0)


def agreement(name: str) -> tuple[float, float]:
    """Mean Kendall tau with the other half, over ten splits: of the default method, and of raw up-votes."""
    matrix = matrix_of(name)
    found = []
    for seed in range(SPLITS):
        half = np.zeros(len(matrix), dtype=bool)
        half[random.Random(seed).sample(range(len(matrix)), len(matrix) // 2)] = True
        (for_, views), (agree, voters) = counts(matrix[half]), counts(matrix[~half])
        judged = voters >= FEWEST_VOTERS
        truth = agree[judged] / voters[judged]
        prior = fit_prior(for_, views)
        score = support(for_.astype(np.float64), views.astype(np.float64), prior.a, prior.b)
        found.append((kendall(score[judged], truth), kendall(for_[judged], truth)))
    by_support, by_votes = np.mean(found, axis=0)
    return float(by_support), float(by_votes)


def test_support_orders_comments_as_the_other_half_does_far_better_than_up_votes() -> None:
    found = {name: agreement(name) for name in CONVERSATIONS}
    assert {name: pair for name, pair in found.items() if pair[0] < pair[1]} == {}
    assert np.mean([by_support - by_votes for by_support, by_votes in found.values()]) >= 0.20
    assert np.mean([by_support for by_support, _ in found.values()]) >= 0.70
