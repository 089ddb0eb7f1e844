"""A challenge's own questions in files: a column each, out and in."""

from __future__ import annotations

import csv
import io

from openpyxl import load_workbook
from sqlalchemy import select

from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea, Revision
from innovation.kernel.db import db
from tests.integration.exchange.test_orders import _taken, _upload
from tests.support.asking import ask
from tests.support.pages import words
from tests.support.world import World


def test_each_question_is_a_column_of_the_file_of_ideas(world: World) -> None:
    challenge = world.challenge()
    pressure = ask(world, challenge, "Which pressure?", "number", unit="bar")
    tried = ask(world, challenge, "Tried?", "yes_no", required=False)
    who = world.person()
    world.idea(challenge, title="A", answers={pressure.public_id: "7.5", tried.public_id: "yes"})
    world.idea(challenge, title="B", answers={pressure.public_id: "3"})
    path = f"/challenges/{challenge.public_id}/ideas/export"
    rows = list(csv.reader(io.StringIO(world.browser(who).get(f"{path}.csv").get_data(as_text=True).lstrip("\ufeff"))))
    assert rows[0][-2:] == ["Which pressure?", "Tried?"]
    assert sorted(row[-2:] for row in rows[1:]) == [["3", ""], ["7.5", "Yes"]]
    sheet = load_workbook(io.BytesIO(world.browser(who).get(f"{path}.xlsx").data)).active
    assert sheet is not None
    assert sorted(str(row[-2]) for row in sheet.iter_rows(min_row=2, values_only=True)) == ["3", "7.5"]


def test_a_sealed_ideas_answers_stay_out_of_every_file(world: World) -> None:
    challenge = world.sealed()
    asked = ask(world, challenge, "The catalyst?")
    world.idea(challenge, title="A", answers={asked.public_id: "Ruthenium"})
    for who in (world.sponsor_of(challenge), world.manager):
        page = world.browser(who).get(f"/challenges/{challenge.public_id}/ideas/export.csv").get_data(as_text=True)
        assert ("The catalyst?" in page, "Ruthenium" in page) == (True, False)


def test_a_column_named_like_a_question_answers_it(world: World) -> None:
    challenge = world.challenge()
    pressure = ask(world, challenge, "Which pressure?", "number", unit="bar")
    ripe = ask(world, challenge, "How ripe?", "choice", options=["Idea", "Pilot"])
    tried = ask(world, challenge, "Tried?", "yes_no", required=False)
    path = f"/challenges/{challenge.public_id}"
    content = (
        "id,title,Which pressure?,how ripe?,Tried?\n"
        "1,Good,7.50,Pilot,Ja\n"
        "2,None,,,\n"
        "3,Many,seven,Pilot,\n"
        "4,Unripe,1,Product,\n"
    )
    page = words(_upload(world, world.manager, path, content))
    assert "2 ideas would be new." in page
    assert [
        "“Which pressure?” is answered with “seven”, which is not a number." in page,
        "“How ripe?” is answered with “Product”, which cannot be chosen." in page,
    ] == [True, True]
    _taken(world, world.manager, path, content)
    world.settle()
    found = {idea.title: ideas.said(idea) for idea in db.session.scalars(select(Idea))}
    assert found == {
        "Good": {pressure.public_id: "7.5", ripe.public_id: "Pilot", tried.public_id: "yes"},
        "None": {},
    }
    assert [row.answers for row in db.session.scalars(select(Revision).order_by(Revision.id))] == [found["Good"], {}]
