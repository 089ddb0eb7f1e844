"""Files of three strangers, brought in through the pages that map their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from innovation.challenges.models import Challenge
from innovation.exchange.models import Order
from innovation.ideas.models import Idea
from innovation.kernel import queue
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.people.models import Person
from innovation.voting.models import Tally
from tests.conftest import REAL_DATA, House
from tests.support.bringing import Bringing
from tests.support.world import World

pytestmark = [pytest.mark.realdata, pytest.mark.timeout(120)]

POLIS = REAL_DATA / "polis" / "15-per-hour-seattle"
VOTES = 300
FUND = REAL_DATA / "catalyst" / "f6" / "votes.xlsx"
SHEET = "DApps & Integrations"


@pytest.fixture
def stranger(sqlite_house: House) -> Iterator[World]:
    """An empty house on the embedded default."""
    sqlite_house.empty()
    sqlite_house.app.extensions.pop("innovation.host", None)
    queue.connect(sqlite_house.app, sqlite_house.settings.redis_url)
    with sqlite_house.app.app_context():
        yield World(sqlite_house.app)


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((POLIS / name).read_text(encoding="utf-8"))))


def _counts(world: World) -> tuple[int, int, int]:
    world.anew()
    params = db.session.scalars(select(Order).order_by(Order.id.desc())).first().params  # type: ignore[union-attr]
    return params["new"], params["known"], params["left_out"]


def test_a_conversation_of_polis_comes_in_as_people_ideas_and_votes(stranger: World) -> None:
    world = stranger
    browser = world.browser(world.manager)

    def bring(kind: str, content: str, **columns: str) -> None:
        Bringing(world, browser, kind, content).brought(source="seattle", zone="UTC", **columns)

    bring("challenges", "id,title,opens,closes\n1,What do you think of $15?,2014-06-01,2014-12-31\n")
    with transaction():  # the ballot of a challenge that came in is for its manager to say
        db.session.scalars(select(Challenge)).one().ballot = "yes_no"
    people = (POLIS / "participants-votes.csv").read_text(encoding="utf-8")
    bring("people", people, column_id="participant", column_name="participant")
    assert _counts(world) == (len(_rows("participants-votes.csv")), 0, 0)
    said = (POLIS / "comments.csv").read_text(encoding="utf-8")
    columns = {"column_id": "comment-id", "column_title": "comment-body", "column_text": "comment-body"}
    bring("ideas", said, **columns, value_challenge="1", column_author_ids="", column_submitted="timestamp")
    comments = _rows("comments.csv")
    long = [row for row in comments if len(row["comment-body"]) > 300]
    assert _counts(world) == (len(comments) - len(long), 0, len(long))
    lines = (POLIS / "votes.csv").read_text(encoding="utf-8").splitlines(keepends=True)[: VOTES + 1]
    bring("votes", "".join(lines), column_idea="comment-id", column_cast="timestamp")
    expected: dict[str, list[int]] = {row["comment-id"]: [0, 0] for row in comments}
    first: dict[tuple[str, str], int] = {}
    for row in csv.DictReader(lines):
        first.setdefault((row["voter-id"], row["comment-id"]), int(row["vote"]))
    for (_, comment), vote in first.items():
        expected.setdefault(comment, [0, 0])
        if vote:
            expected[comment][vote < 0] += 1
    found = {
        foreign_id: [for_, against]
        for foreign_id, for_, against in db.session.execute(
            select(Idea.foreign_id, Tally.for_count, Tally.against_count).join(Tally, Tally.idea_id == Idea.id)
        )
    }
    assert sum(map(sum, found.values())) > VOTES // 2
    assert {name: counts for name, counts in expected.items() if name in found} == found


def test_a_sheet_of_a_fund_comes_in_with_its_own_words(stranger: World) -> None:
    world = stranger
    browser = world.browser(world.manager)
    Bringing(world, browser, "challenges", "id,title,currency\nF6,DApps,USD\n").brought(source="fund 6")
    file = Bringing(world, browser, "ideas", FUND.read_bytes(), "votes.xlsx")
    file.path += f"&sheet={SHEET.replace('&', '%26')}"
    page = file.page().get_data(as_text=True)
    assert "“funded”" in page
    file.brought(
        source="fund 6",
        sheet=SHEET,
        column_id="Proposal",
        column_title="Proposal",
        value_challenge="F6",
        value_currency="USD",
        **{"column_text": "Reason for not funded status"},
    )
    sheet = load_workbook(FUND, read_only=True, data_only=True)[SHEET]
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if any(cell is not None for cell in row)]
    titles = {str(row[0]).strip() for row in rows if row[0]}
    ideas = {idea.title: idea.requested_minor for idea in db.session.scalars(select(Idea).where(Idea.source == "fund 6"))}
    new, _, left_out = _counts(world)
    assert (new + left_out, set(ideas)) == (len(rows), titles)
    asked = {str(row[0]).strip(): row[8] for row in reversed(rows)}
    assert ideas == {name: None if asked[name] is None else round(float(asked[name]) * 100) for name in ideas}
    assert db.session.scalars(select(Person.id).where(Person.source == "fund 6")).all() == []


def test_papers_of_a_conference_are_guessed_by_their_columns(stranger: World) -> None:
    world = stranger
    browser = world.browser(world.manager)
    lines = (REAL_DATA / "iclr" / "iclr2020.csv").read_text(encoding="utf-8").splitlines(keepends=True)[:81]
    Bringing(world, browser, "challenges", "id,title\nI,Papers\n").brought(source="iclr")
    Bringing(world, browser, "ideas", "".join(lines)).brought(source="iclr", value_challenge="I")
    papers = list(csv.DictReader(lines))
    assert _counts(world) == (len({row["id"] for row in papers}), 0, 0)
    assert set(db.session.scalars(select(Idea.title))) == {" ".join(row["title"].split()) for row in papers}
