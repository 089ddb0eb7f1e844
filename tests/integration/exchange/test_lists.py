"""Lists: filters, order and page in the address, kept and shared under a name, and a file of exactly what is shown."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from innovation.challenges.models import Challenge, Topic
from innovation.exchange.models import Order
from innovation.exchange.routes import lists as doors
from innovation.insight.models import SavedView
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.projects.models import Project
from tests.conftest import counting
from tests.support.pages import words
from tests.support.world import World


def _csv(world: World, who: Actor | None, path: str) -> list[list[str]]:
    page = world.browser(who).get(path)
    assert (page.status_code, page.mimetype) == (200, "text/csv"), page.status_code
    return list(csv.reader(io.StringIO(page.get_data().decode("utf-8-sig"))))


def _names(world: World, who: Actor | None, path: str, place: str) -> list[str]:
    """The public ids a page links to, in its order, each once."""
    text = world.browser(who).get(path).get_data(as_text=True).split('id="main"')[1]
    return list(dict.fromkeys(re.findall(rf'href="/{place}/([0-9a-z]{{10}})"', text)))


def _topic(challenge: Challenge, topic: str) -> None:
    with transaction():
        db.session.add(Topic(challenge_id=challenge.id, topic=topic))


# --- filters -------------------------------------------------------------------------------------------------------


def test_challenges_are_found_by_topic_programme_closing_and_words(world: World) -> None:
    reader, one, two = world.person(), world.programme("One"), world.programme("Two")
    heat = world.challenge(programme=one, title="What to do with heat?", closes=world.wall(days=5))
    cold = world.challenge(programme=two, title="What to do with cold?", closes=world.wall(days=20), must="No 100% waste.")
    _topic(heat, "energy")
    found = {
        query: _names(world, reader, f"/challenges?{query}", "challenges")
        for query in (
            "topic=energy",
            f"programme={two.public_id}",
            "closing=7",
            "closing=30",
            "q=HEAT+what",
            "q=100%25",
            "q=_",
            "q=heat&topic=other",
            "closing=x&programme=none",
        )
    }
    both = [heat.public_id, cold.public_id]
    assert found == {
        "topic=energy": both[:1],
        f"programme={two.public_id}": both[1:],
        "closing=7": both[:1],
        "closing=30": both,
        "q=HEAT+what": both[:1],
        "q=100%25": both[1:],
        "q=_": [],
        "q=heat&topic=other": [],
        "closing=x&programme=none": both,
    }


def test_what_matches_nothing_is_told_apart_from_what_is_empty(world: World) -> None:
    reader = world.person()
    said = [words(world.browser(reader).get(path)) for path in ("/challenges", "/projects", "/my-ideas")]
    nothing = [words(world.browser(reader).get(path)) for path in ("/challenges?q=x", "/projects?q=x", "/my-ideas?q=x")]
    assert [
        each in text for each, text in zip(("No challenge is open", "No projects yet", "No ideas yet"), said, strict=True)
    ] == [True] * 3
    assert [("Clear the filters" in text, "matches" in text) for text in nothing] == [(True, True)] * 3
    assert ["Clear the filters" in text for text in said] == [False] * 3


def test_filters_and_order_go_on_to_the_next_page(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    for number in range(27):
        world.idea(challenge, author, title=f"Pump {number}")
    world.idea(challenge, author, title="Hose")
    path = "/my-ideas?q=pump&sort=begun&state=submitted"
    text = world.browser(author).get(path).get_data(as_text=True)
    following = re.search(r'rel="next" href="([^"]+)"', text)
    assert following is not None
    address = following[1].replace("&amp;", "&")
    assert all(part in address for part in ("q=pump", "sort=begun", "state=submitted"))
    assert (len(_names(world, author, path, "ideas")), len(_names(world, author, address, "ideas"))) == (25, 2)


def test_projects_are_found_by_words_programme_and_order(world: World) -> None:
    first, second = world.project(), world.project()
    with transaction():
        for project, title in ((first, "Heat pump"), (second, "Cold store")):
            db.session.execute(update(Project).where(Project.id == project.id).values(title=title))
    reader, names = world.person(), [first.public_id, second.public_id]
    found = {q: _names(world, reader, f"/projects?{q}", "projects") for q in ("q=pump", "sort=oldest", "sort=x", "state=x")}
    assert found == {"q=pump": names[:1], "sort=oldest": names, "sort=x": names[::-1], "state=x": names[::-1]}


# --- saved views ---------------------------------------------------------------------------------------------------


def _keep(world: World, who: Actor | None, **form: Any) -> Any:
    return world.browser(who).post(
        "/saved-views", {"list": "challenges", "title": "Mine", "query": "topic=energy&evil=1"} | form
    )


def test_filters_are_kept_under_a_name_and_shared_by_the_house_alone(world: World) -> None:
    staff, expert, other = world.person(), world.person("Expert", Circle.EXPERT), world.person()
    kept = _keep(world, staff, shared="y")
    again = _keep(world, staff, query="topic=water&q=x", shared="y")
    alone = _keep(world, expert, title="Own")
    refused = _keep(world, expert, title="Loud", shared="y")
    rows = db.session.execute(select(SavedView.title, SavedView.query, SavedView.shared).order_by(SavedView.id)).all()
    assert (kept.status_code, again.headers["Location"], alone.status_code, refused.status_code) == (
        303,
        "/challenges?topic=water&q=x",
        303,
        403,
    )
    assert [tuple(row) for row in rows] == [("Mine", "topic=water&q=x", True), ("Own", "", False)] or [
        tuple(row) for row in rows
    ] == [("Mine", "topic=water&q=x", True), ("Own", "topic=energy", False)]
    seen = [("Mine" in words(world.browser(who).get("/challenges")), who.name) for who in (staff, other, expert)]
    assert [each for each, _name in seen] == [True, True, True]
    assert "Own" not in words(world.browser(other).get("/challenges"))


def test_views_of_a_challenges_ideas_stay_with_that_challenge(world: World) -> None:
    one, two, who = world.challenge(), world.challenge(), world.person()
    _keep(world, who, list=f"ideas:{one.public_id}", query="sort=oldest&topic=x", title="Old first")
    pages = [words(world.browser(who).get(f"/challenges/{each.public_id}/ideas?views=1")) for each in (one, two)]
    answers = [
        _keep(world, who, list=name).status_code
        for name in ("nothing", "ideas:0000000000", f"ideas:{world.sealed().public_id}x")
    ]
    assert ["Old first" in page for page in pages] == [True, False]
    assert answers == [404, 404, 404]
    assert db.session.scalars(select(SavedView.query)).all() == ["sort=oldest"]


def test_a_view_is_shared_and_thrown_away_by_its_owner_alone_and_comes_back_by_undo(world: World) -> None:
    owner, other = world.person(), world.person()
    _keep(world, owner, shared="y")
    name = db.session.scalars(select(SavedView.public_id)).one()
    answers = [world.browser(other).post(f"/saved-views/{name}/{act}").status_code for act in ("sharing", "removal")]
    browser = world.browser(owner)
    assert browser.post(f"/saved-views/{name}/removal").status_code == 303
    gone = db.session.scalars(select(SavedView.id)).all()
    with browser.cookie() as session:
        undo = session["_flashes"][-1][1]["undo"]
    browser.post(undo["url"], undo["fields"])
    assert (answers, gone) == ([404, 404], [])
    assert db.session.execute(select(SavedView.title, SavedView.shared)).all() == [("Mine", True)]


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_file_has_the_rows_of_its_list_in_its_order_and_formulas_are_text(world: World) -> None:
    challenge, reader = world.challenge(), world.person()
    for title in ("=1+1", "Pump two", "Pump one"):
        world.idea(challenge, world.person(f"@{title}"), title=title)
    path = f"/challenges/{challenge.public_id}/ideas"
    whole = _csv(world, reader, f"{path}/export.csv?sort=oldest")
    pumps = _csv(world, reader, f"{path}/export.csv?q=pump&sort=newest")
    book = load_workbook(io.BytesIO(world.browser(reader).get(f"{path}/export.xlsx?sort=oldest").get_data()))
    shown = _names(world, reader, f"{path}?q=pump&sort=newest", "ideas")
    assert whole[0][:4] == ["Reference", "Title", "Authors", "State"]
    assert [row[1] for row in whole[1:]] == ["'=1+1", "Pump two", "Pump one"]
    assert [row[2] for row in whole[1:]] == ["'@=1+1", "'@Pump two", "'@Pump one"]
    assert [row[0] for row in pumps[1:]] == shown
    assert [cell.value for cell in book.worksheets[0]["B"]][1:] == ["'=1+1", "Pump two", "Pump one"]


def test_a_file_keeps_back_the_names_the_list_keeps_back(world: World) -> None:
    challenge, author = world.panel_challenge(names_hidden=True), world.person("Authoress")
    world.idea(challenge, author)
    path = f"/challenges/{challenge.public_id}/ideas/export.csv"
    found = {name: _csv(world, who, path)[1][2] for name, who in (("reader", world.person()), ("author", author))}
    assert found == {"reader": "", "author": "Authoress"}


def test_a_file_names_sealed_ideas_by_their_reference_to_those_who_see_the_rows(world: World) -> None:
    challenge, author = world.sealed(), world.person()
    idea = world.idea(challenge, author, title="Secret heat")
    path = f"/challenges/{challenge.public_id}/ideas/export.csv"
    rows = {
        name: [row[:2] for row in _csv(world, who, path)[1:]]
        for name, who in (("author", author), ("sponsor", world.sponsor_of(challenge)), ("other", world.person()))
    }
    mine = [[idea.public_id, ""]]
    assert rows == {"author": mine, "sponsor": mine, "other": []}


def test_a_sealed_project_is_named_by_its_reference_in_a_file(world: World) -> None:
    project = world.project()
    with transaction():
        db.session.execute(update(Project).values(visibility="sealed", title="Secret pump"))
    rows = _csv(world, world.manager, "/projects/export.csv")
    assert (rows[1][0], rows[1][1]) == (project.public_id, "")


def test_who_may_not_see_a_list_gets_no_file_of_it(world: World) -> None:
    challenge = world.challenge(who_may="everyone")
    paths = (
        "/people/export.csv",
        "/challenges/export.csv",
        f"/challenges/{challenge.public_id}/ideas/export.csv",
        "/projects/export.pdf",
    )
    people = (("manager", world.manager), ("staff", world.person()), ("visitor", None))
    found = {name: [world.browser(who).get(path).status_code for path in paths] for name, who in people}
    assert found == {"manager": [200, 200, 200, 404], "staff": [403, 200, 200, 404], "visitor": [303] * 4}


def test_a_long_list_becomes_an_order_with_the_same_filters(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "AT_ONCE", 2)
    challenge, reader = world.challenge(), world.person()
    for title in ("Pump one", "Hose", "Pump two", "Pump three"):
        world.idea(challenge, title=title)
    path = f"/challenges/{challenge.public_id}/ideas/export.csv?q=pump&sort=oldest"
    browser = world.browser(reader)
    page = browser.get(path)
    fields = dict(
        re.findall(r'name="(what|form|q|sort)" value="([^"]*)"', page.get_data(as_text=True).split('id="main"')[1])
    )
    made = browser.post(f"/challenges/{challenge.public_id}/ideas/export-orders", fields)
    world.settle()
    rows = list(csv.reader(io.StringIO(browser.get(f"{made.headers['Location']}/file").get_data().decode("utf-8-sig"))))
    assert fields == {"what": "ideas", "form": "csv", "q": "pump", "sort": "oldest"}
    assert [row[1] for row in rows[1:]] == ["Pump one", "Pump two", "Pump three"]
    assert db.session.scalars(select(Order.state)).all() == ["done"]


def test_lists_and_files_of_thirty_ask_no_more_than_of_one(embedded: World) -> None:
    world, asked = embedded, []
    sponsor, programme = world.person(), world.programme()
    reader = world.person()
    decided = None
    for count in (1, 29):
        for _ in range(count):
            decided = world.project(sponsor=sponsor).challenge_id
            world.challenge(sponsor, programme)
        name = db.session.scalars(select(Challenge.public_id).where(Challenge.id == decided)).one()
        paths = (
            "/challenges/export.csv",
            "/challenges/export.csv?show=decided",
            "/projects/export.csv",
            f"/challenges/{name}/ideas/export.csv",
            "/people/export.csv",
            "/orders",
            f"/challenges?programme={programme.public_id}&q=question",
            "/projects?sort=due",
        )
        browser, found = world.browser(world.manager), {}
        for path in paths:
            browser.get(path)
            with counting() as sent:
                assert browser.get(path).status_code == 200, path
            found[re.sub(r"[0-9a-z]{10}", "X", path)] = len(sent)
        asked.append(found)
    assert asked[1] == asked[0]
    assert reader.person_id is not None


def test_a_view_is_kept_for_a_list_that_there_is_and_for_no_other_name(embedded: World) -> None:
    browser = embedded.browser(embedded.person())
    form = {"title": "Mine", "query": "topic=energy"}
    lists = ("challenges:" + "x" * 100, "challenges:x", "ideas", "ideas:" + "x" * 100, "people", "")
    assert [browser.post("/saved-views", form | {"list": each}).status_code for each in lists] == [404] * len(lists)
