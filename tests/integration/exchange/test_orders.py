"""Long work: it shows how far it is, survives being left and broken off, can be cancelled, and does everything once."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from innovation.challenges.models import Challenge
from innovation.exchange.models import Order
from innovation.exchange.queries import lists
from innovation.exchange.queries import orders as queries
from innovation.exchange.service import orders
from innovation.exchange.service.orders import importing, incoming
from innovation.ideas.models import Idea
from innovation.insight.queries import mismatches
from innovation.kernel import clock, queue
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import Refused
from innovation.kernel.events import Delivery, Event
from innovation.kernel.files import store
from innovation.kernel.usecase import transaction
from innovation.notifications.models import Message
from innovation.people.models import GrantRow
from tests.support.pages import typed, words
from tests.support.refusals import answer
from tests.support.world import World

GOOD = "id,title,text,authors,requested\n1,Heat,From the drain,Jo Smith,100\n2,Cold,From the roof,,\n"


def _order(world: World) -> Order:
    world.anew()
    return db.session.scalars(select(Order).order_by(Order.id.desc())).first()  # type: ignore[return-value]


def _upload(world: World, who: Actor, path: str, content: str, name: str = "ideas.csv") -> Any:
    return world.browser(who).post(
        f"{path}/ideas/import", {"file": (io.BytesIO(content.encode()), name)}, content_type="multipart/form-data"
    )


def _taken(world: World, who: Actor, path: str, content: str) -> str:
    """Look through a file and say yes; the address of the order."""
    page = _upload(world, who, path, content)
    found = world.browser(who).post(f"{path}/ideas/import-orders", {"key": typed(page, "key"), "name": "ideas.csv"})
    assert found.status_code == 303
    return str(found.headers["Location"])


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows at a time, so that small lists take several steps."""
    monkeypatch.setattr(lists, "BATCH", 2)
    monkeypatch.setattr(importing, "BATCH", 2)


# --- exports -------------------------------------------------------------------------------------------------------


def test_ideas_come_with_what_was_said_about_them(world: World, small: None) -> None:
    challenge, reader = world.challenge(), world.person()
    ideas = [world.idea(challenge, title=f"Idea {n}") for n in range(5)]
    browser = world.browser(reader)
    asked = browser.post(
        f"/challenges/{challenge.public_id}/ideas/export-orders", {"what": "ideas_with_comments", "sort": "newest"}
    )
    path = asked.headers["Location"]
    waiting = words(browser.get(path))
    world.settle()
    order = _order(world)
    page = browser.get(path).get_data(as_text=True)
    packed = zipfile.ZipFile(io.BytesIO(browser.get(f"{path}/file").get_data()))
    rows = list(csv.reader(io.StringIO(packed.read("ideas.csv").decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(packed.read("ideas.xlsx")))
    assert ("Waiting for its turn" in waiting, "Fetch the file" in page) == (True, True)
    assert (order.state, order.done, order.total) == ("done", 5, 5)
    assert packed.namelist() == ["ideas.csv", "comments.csv", "ideas.xlsx"]
    assert sorted(row[0] for row in rows[1:]) == sorted(idea.public_id for idea in ideas)
    assert [sheet.max_row for sheet in book.worksheets] == [6, 1]


def test_who_asked_is_told_once_when_it_is_done(world: World) -> None:
    challenge, reader = world.challenge(), world.person()
    world.browser(reader).post(f"/challenges/{challenge.public_id}/ideas/export-orders", {"what": "ideas", "sort": "newest"})
    for _ in range(2):
        world.settle()
    told = select(Message.channel).where(Message.kind == "order_ended", Message.person_id == reader.person_id)
    assert sorted(db.session.scalars(told)) == ["inbox", "mail"]
    letter = next(each for each in world.letters() if "ended" in each.subject)
    assert f"/orders/{_order(world).public_id}" in letter.text
    assert f"Your export of “{challenge.title}” is done." in letter.text
    assert f"/orders/{_order(world).public_id}" in world.browser(reader).get("/inbox").get_data(as_text=True)


def test_an_order_is_seen_and_fetched_by_none_but_who_asked(world: World) -> None:
    challenge, reader = world.challenge(), world.person()
    path = (
        world.browser(reader)
        .post(f"/challenges/{challenge.public_id}/ideas/export-orders", {"what": "ideas", "sort": "newest"})
        .headers["Location"]
    )
    world.settle()
    answers = {
        name: [world.browser(who).get(each).status_code for each in (path, f"{path}/file")]
        for name, who in (("reader", reader), ("other", world.person()), ("manager", world.manager), ("visitor", None))
    }
    posted = world.browser(world.manager).post(f"{path}/cancellation").status_code
    assert answers == {"reader": [200, 200], "other": [404, 404], "manager": [404, 404], "visitor": [404, 404]}
    assert posted == 404


def test_a_file_is_fetched_for_seven_days_and_while_the_list_may_be_seen(world: World) -> None:
    challenge, reader = world.challenge(), world.person()
    browser = world.browser(reader)
    posted = browser.post(f"/challenges/{challenge.public_id}/ideas/export-orders", {"what": "ideas", "sort": "newest"})
    path = f"{posted.headers['Location']}/file"
    world.settle()
    got = [browser.get(path).status_code]
    with transaction():
        past = clock.now() - timedelta(days=7)
        db.session.execute(update(Order).values(ended_at=past))
    got.append(browser.get(path).status_code)
    kept = store().exists(_order(world).file_key)
    assert orders.empty_store(actor=house(Origin.CLOCK), store=store()) == 1
    assert (got, kept, store().under(f"orders/{_order(world).public_id}")) == ([200, 404], True, [])


def test_whoever_may_no_longer_see_a_list_gets_no_file_of_it(world: World) -> None:
    challenge, reader = world.challenge(), world.person()
    browser = world.browser(reader)
    path = browser.post(
        f"/challenges/{challenge.public_id}/ideas/export-orders", {"what": "ideas", "sort": "newest"}
    ).headers["Location"]
    world.settle()
    with transaction():
        db.session.execute(update(Challenge).values(state="draft"))
    assert (browser.get(f"{path}/file").status_code, "Fetch the file" in words(browser.get(path))) == (404, False)


def test_a_broken_off_export_goes_on_from_its_place_and_has_every_row_once(world: World, small: None) -> None:
    challenge, reader = world.challenge(), world.person()
    ideas = [world.idea(challenge) for _ in range(5)]
    order = orders.ask_export(
        actor=reader, what="ideas", args={"sort": "oldest"}, challenge=challenge, form="csv", language="en"
    )
    number = order.id
    for _ in range(2):  # a worker that is killed after two steps
        assert orders.gather(actor=house(Origin.CLOCK), order_id=number, store=store())
    half = (_order(world).done, _order(world).state)
    world.settle()
    done = _order(world)
    rows = [row[0] for row in orders.gathered(done, store())]
    assert (half, done.state, rows) == ((4, "running"), "done", [idea.public_id for idea in ideas])


def test_a_cancelled_order_does_no_more_and_can_go_on(world: World, small: None) -> None:
    challenge, reader = world.challenge(), world.person()
    for _ in range(5):
        world.idea(challenge)
    browser = world.browser(reader)
    path = browser.post(
        f"/challenges/{challenge.public_id}/ideas/export-orders", {"what": "ideas", "sort": "newest"}
    ).headers["Location"]
    number = _order(world).id
    assert orders.gather(actor=house(Origin.CLOCK), order_id=number, store=store())
    assert browser.post(f"{path}/cancellation").status_code == 303
    more = orders.gather(actor=house(Origin.CLOCK), order_id=number, store=store())
    world.settle()
    stopped = _order(world)
    assert (more, stopped.state, stopped.done, stopped.file_key) == (False, "cancelled", 2, "")
    assert browser.post(f"{path}/cancellation").status_code == 409
    assert browser.post(f"{path}/continuation").status_code == 303
    world.settle()
    assert (_order(world).state, _order(world).done) == ("done", 5)


def test_nobody_has_more_than_three_orders_under_way(world: World) -> None:
    challenge, reader = world.challenge(), world.person()
    ask: dict[str, Any] = {"what": "ideas", "args": {}, "challenge": challenge, "form": "csv", "language": "en"}
    asked = [answer(lambda: orders.ask_export(actor=reader, **ask)) for _ in range(4)]
    assert asked == ["done", "done", "done", "NotPossible too_many_orders"]


def test_a_list_that_somebody_lost_the_right_to_fails_in_words(world: World) -> None:
    challenge, reader = world.challenge(), world.person()
    browser = world.browser(reader)
    path = browser.post(
        f"/challenges/{challenge.public_id}/ideas/export-orders", {"what": "ideas", "sort": "newest"}
    ).headers["Location"]
    with transaction():
        db.session.execute(update(Challenge).values(state="draft"))
    world.settle()
    assert (_order(world).state, _order(world).error) == ("failed", "export")
    assert "You may no longer have this" in words(browser.get(path))
    with pytest.raises(Refused):
        orders.ask_export(actor=reader, what="people", args={}, challenge=None, form="csv", language="en")


def test_a_file_with_names_that_are_kept_back_is_no_longer_fetched_by_who_was_the_sponsor(world: World) -> None:
    challenge = world.challenge()
    with transaction():
        db.session.execute(update(Challenge).values(names_hidden=True))
    world.idea(world.again(challenge), world.person("Ada Author"))
    sponsor = world.sponsor_of(challenge)
    browser = world.browser(sponsor)
    path = browser.post(
        f"/challenges/{challenge.public_id}/ideas/export-orders", {"what": "ideas", "sort": "newest"}
    ).headers["Location"]
    world.settle()
    before = browser.get(f"{path}/file")
    with transaction():
        db.session.execute(update(GrantRow).where(GrantRow.person_id == sponsor.person_id).values(valid_to=clock.now()))
    assert (before.status_code, "Ada Author" in before.get_data(as_text=True)) == (200, True)
    assert browser.get(f"/challenges/{challenge.public_id}/ideas/export.csv").status_code == 200
    assert browser.get(f"{path}/file").status_code == 404


def test_what_a_cancelled_export_gathered_is_swept_too_and_it_can_begin_anew(world: World, small: None) -> None:
    challenge, reader = world.challenge(), world.person()
    for _ in range(3):
        world.idea(challenge)
    ask: dict[str, Any] = {"what": "ideas", "args": {"sort": "oldest"}, "form": "csv", "language": "en"}
    order = orders.ask_export(actor=reader, challenge=challenge, **ask)
    number, folder = order.id, f"orders/{order.public_id}"
    assert orders.gather(actor=house(Origin.CLOCK), order_id=number, store=store())
    orders.cancel(actor=reader, order=_order(world))
    with transaction():
        db.session.execute(update(Order).values(ended_at=clock.now() - timedelta(days=8)))
    before = len(store().under(folder))
    assert orders.empty_store(actor=house(Origin.CLOCK), store=store()) == 1
    assert (before, store().under(folder), orders.empty_store(actor=house(Origin.CLOCK), store=store())) == (1, [], 0)
    orders.again(actor=reader, order=_order(world))
    world.settle()
    assert (_order(world).state, _order(world).done) == ("done", 3)


def test_a_control_character_in_a_title_neither_breaks_a_workbook_nor_hides_a_formula(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge, title="\x0b=1+1")
    browser = world.browser(world.person())
    found = browser.get(f"/challenges/{challenge.public_id}/ideas/export.xlsx")
    assert found.status_code == 200
    assert load_workbook(io.BytesIO(found.get_data())).worksheets[0]["B2"].value == "'=1+1"


# --- imports -------------------------------------------------------------------------------------------------------


def test_a_file_is_looked_through_before_anything_is_taken_in(world: World) -> None:
    challenge = world.challenge()
    path = f"/challenges/{challenge.public_id}"
    bad = GOOD + '3,,No title,,\n4,Fine,Text,,"12,5x"\n1,Twice,Text,,\n5,Short\n'
    page = words(_upload(world, world.manager, path, bad))
    assert "2 ideas would be new." in page
    assert [line in page for line in ("The column “title” is empty.", "“12,5x” in “requested” is not an amount.")] == [
        True
    ] * 2
    assert "“1” stands twice; the first one counts." in page
    assert db.session.scalar(select(func.count()).select_from(Idea)) == 0


def test_ideas_of_a_file_are_taken_in_once_however_often_it_comes(world: World, small: None) -> None:
    challenge = world.challenge()
    path = f"/challenges/{challenge.public_id}"
    many = "id,title,authors\n" + "".join(f"{n},Idea {n},Manager@example.org|Ann\n" for n in range(5))
    first = _taken(world, world.manager, path, many)
    world.settle()
    whole = _order(world)
    second = words(_upload(world, world.manager, path, many))
    rows = db.session.scalars(select(Idea).order_by(Idea.id)).all()
    assert (whole.state, whole.done, whole.params["new"]) == ("done", 5, 5)
    assert [row.title for row in rows] == [f"Idea {n}" for n in range(5)]
    assert "0 ideas would be new. 5 are here already" in second
    assert (mismatches(), "5 new ideas were taken in." in words(world.browser(world.manager).get(first))) == ([], True)


def test_rows_left_out_of_an_import_are_counted_on_its_page_and_in_its_message(world: World, small: None) -> None:
    challenge = world.challenge()
    path = f"/challenges/{challenge.public_id}"
    page = _taken(world, world.manager, path, GOOD + "3,,No title,,\n4,Warm,Text,,\n1,Twice,Text,,\n")
    world.settle()
    browser = world.browser(world.manager)
    came = "3 new ideas were taken in. 2 rows were left out."
    assert f"5 rows were read. {came}" in words(browser.get(page))
    assert f"Your import into “{challenge.title}” is done. {came}" in words(browser.get("/inbox"))


def test_a_broken_off_import_goes_on_and_a_repeated_step_changes_nothing(world: World, small: None) -> None:
    challenge = world.challenge()
    many = "id,title\n" + "".join(f"{n},Idea {n}\n" for n in range(5))
    _taken(world, world.manager, f"/challenges/{challenge.public_id}", many)
    number = _order(world).id
    assert orders.take_in(actor=house(Origin.IMPORT), order_id=number, content=many.encode())
    assert _order(world).done == 2
    with transaction():  # as if the place had been lost
        db.session.execute(update(Order).values(cursor="0"))
    world.settle()
    assert (db.session.scalar(select(func.count()).select_from(Idea)), _order(world).params["new"]) == (5, 5)


def test_who_no_longer_manages_takes_nothing_in(world: World, small: None) -> None:
    challenge = world.challenge()
    many = "id,title\n" + "".join(f"{n},Idea {n}\n" for n in range(5))
    path = _taken(world, world.manager, f"/challenges/{challenge.public_id}", many)
    assert orders.take_in(actor=house(Origin.IMPORT), order_id=_order(world).id, content=many.encode())
    browser = world.browser(world.manager)
    browser.post(f"{path}/cancellation")
    with transaction():
        db.session.execute(
            update(GrantRow).where(GrantRow.person_id == world.manager.person_id).values(valid_to=clock.now())
        )
    browser.post(f"{path}/continuation")
    world.settle()
    assert (_order(world).state, _order(world).error) == ("failed", "import")
    assert db.session.scalar(select(func.count()).select_from(Idea)) == 2


def test_a_cancelled_import_keeps_what_it_took_in_and_says_so(world: World, small: None) -> None:
    challenge = world.challenge()
    many = "id,title\n" + "".join(f"{n},Idea {n}\n" for n in range(5))
    path = _taken(world, world.manager, f"/challenges/{challenge.public_id}", many)
    assert orders.take_in(actor=house(Origin.IMPORT), order_id=_order(world).id, content=many.encode())
    browser = world.browser(world.manager)
    browser.post(f"{path}/cancellation")
    world.settle()
    assert db.session.scalar(select(func.count()).select_from(Idea)) == 2
    assert "2 new ideas were taken in by then, and stay." in words(browser.get(path))


def test_nobody_is_mailed_of_ideas_taken_in_but_who_asked(world: World) -> None:
    challenge = world.challenge()
    author = world.person("Author")
    _taken(world, world.manager, f"/challenges/{challenge.public_id}", "id,title,authors\n1,Heat,author@example.org\n")
    world.settle()
    told = db.session.execute(select(Message.person_id, Message.kind).where(Message.kind != "challenge_published")).all()
    assert {row.person_id for row in told if row.kind == "order_ended"} == {world.manager.person_id}
    assert [row for row in told if row.person_id == author.person_id] == []
    assert db.session.scalars(select(Event.origin).where(Event.name == "IdeaSubmitted")).all() == ["import"]


def test_only_the_manager_takes_ideas_in_and_only_while_they_can_be_judged(world: World) -> None:
    challenge = world.challenge()
    path = f"/challenges/{challenge.public_id}/ideas/import"
    answers = {
        name: world.browser(who).get(path).status_code
        for name, who in (
            ("manager", world.manager),
            ("sponsor", world.sponsor_of(challenge)),
            ("reader", world.person()),
            ("visitor", None),
        )
    }
    address = f"/challenges/{challenge.public_id}"
    waiting = typed(_upload(world, world.manager, address, GOOD), "key")
    world.announced(challenge)
    late = world.browser(world.manager).post(f"{address}/ideas/import-orders", {"key": waiting, "name": "x"}).status_code
    assert (answers, late) == ({"manager": 200, "sponsor": 403, "reader": 403, "visitor": 404}, 409)


@pytest.mark.parametrize(
    "key", ["", "../secret", "orders/incoming/2026-01-01/x", "attachments/abc", "orders/incoming/../../x"]
)
def test_no_other_file_of_the_store_is_taken_for_an_import(embedded: World, key: str) -> None:
    challenge = embedded.challenge()
    store().put("attachments/abc", b"id,title\n1,Secret\n")
    path = f"/challenges/{challenge.public_id}/ideas/import-orders"
    embedded.browser(embedded.manager).post(path, {"key": key, "name": "x"})
    assert db.session.scalar(select(func.count()).select_from(Order)) == 0


def test_files_that_nobody_said_yes_to_are_swept_after_two_days(embedded: World) -> None:
    now = clock.now()
    old, new = incoming.keep(store(), b"x", now - timedelta(days=3)), incoming.keep(store(), b"x", now)
    assert orders.empty_store(actor=house(Origin.CLOCK), store=store()) == 0
    assert [store().exists(each) for each in (old, new)] == [False, True]


def test_a_delivery_that_comes_twice_makes_one_file(world: World, small: None) -> None:
    challenge, reader = world.challenge(), world.person()
    world.idea(challenge)
    orders.ask_export(actor=reader, what="ideas", args={}, challenge=challenge, form="xlsx", language="nl")
    world.settle()
    ended = queries.by_id(_order(world).id)
    with transaction():
        again = update(Delivery).where(Delivery.handler == "exchange.carry_out")
        db.session.execute(again.values(state="due", lease_until=None, due_at=clock.now()))
    queue.settle()
    facts = select(func.count()).select_from(Event).where(Event.name == "OrderEnded")
    assert ended is not None
    assert (db.session.scalar(facts), _order(world).state) == (1, "done")
