"""Files whose columns are not ours: mapped by a person, looked through, and brought in once."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select, update

from innovation.challenges.models import Challenge
from innovation.discussion.models import Comment
from innovation.exchange.models import ImportMapping, Order
from innovation.exchange.service import orders
from innovation.exchange.service.mapping import taking
from innovation.exchange.service.mapping.sorting.votes import why_not
from innovation.ideas.models import Author, Idea
from innovation.insight.queries import mismatches
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery
from innovation.kernel.files import store
from innovation.kernel.usecase import transaction
from innovation.notifications.models import Message
from innovation.people import queries as people
from innovation.people.models import CircleMembership, EmailAddress, Person
from innovation.rules.predicates import Role
from innovation.voting.models import Tally, Vote
from tests.support.bringing import Bringing
from tests.support.pages import words
from tests.support.world import World

PEOPLE = (
    "Personeelsnummer;Naam;E-mailadres;Soort;Afdeling\r\n"
    "P1;Jan Jansen;jan@example.com;Medewerker;R&D\r\n"
    "P2;Els de Vries;els@example.com;Extern;\r\n"
)
CHALLENGES = "Nummer;Titel;Omschrijving;Startdatum;Einddatum\r\nC1;Warmte uit afval?;Hoe dan?;3-4-2019;31-5-2019\r\n"
IDEAS = (
    "Nummer;Uitdaging;Titel;Omschrijving;Auteur id;Datum;Status\r\n"
    "I1;C1;Pomp;Een pomp;P1;4-4-2019;accepted\r\n"
    "I2;C1;=1+2;Een ketel;els@example.com;5-4-2019;ingetrokken\r\n"
)
COMMENTS = "Nummer;Idee;Reactie;Auteur id;Antwoord op;Datum\r\nR1;I1;Goed;P2;;6-4-2019\r\nR2;I1;Dank;P1;R1;7-4-2019\r\n"
VOTES = "Idee;Persoon;Stem;Datum\r\nI1;P2;ja;1-6-2019\r\n"


def _count(table: type[Any]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _order(world: World) -> Order:
    world.anew()
    return db.session.scalars(select(Order).order_by(Order.id.desc())).first()  # type: ignore[return-value]


def _all(world: World) -> None:
    browser = world.browser(world.manager)
    for kind, content in (
        ("people", PEOPLE),
        ("challenges", CHALLENGES),
        ("ideas", IDEAS),
        ("comments", COMMENTS),
        ("votes", VOTES),
    ):
        Bringing(world, browser, kind, content).brought(source="old place")


# --- the whole way -------------------------------------------------------------------------------------------------


def test_five_dutch_files_come_in_with_what_they_refer_to(world: World) -> None:
    _all(world)
    jan = people.by_email("jan@example.com")
    assert jan is not None
    ideas = {row.foreign_id: row for row in db.session.scalars(select(Idea).where(Idea.source == "old place"))}
    challenge = db.session.scalars(select(Challenge).where(Challenge.source == "old place")).one()
    said = {row.foreign_id: row for row in db.session.scalars(select(Comment))}
    standing = people.circle_of(jan.id)
    assert standing is not None
    assert standing.department is not None
    assert (jan.foreign_id, standing.circle, standing.department.name) == ("P1", "staff", "R&D")
    assert (ideas["I1"].state, ideas["I2"].state, ideas["I2"].title) == ("submitted", "withdrawn", "=1+2")
    assert ideas["I1"].submitted_at.date() == datetime(2019, 4, 3, tzinfo=UTC).date()  # midnight in Amsterdam
    assert (challenge.opens_at, challenge.closes_at) == (
        datetime(2019, 4, 2, 22, tzinfo=UTC),
        datetime(2019, 5, 31, 21, 59, 59, tzinfo=UTC),
    )
    assert (said["R2"].parent_id, said["R2"].person_id) == (said["R1"].id, jan.id)
    assert db.session.scalars(select(Tally.for_count).where(Tally.idea_id == ideas["I1"].id)).one() == 1
    assert [row.kind for row in db.session.scalars(select(Message)) if row.kind != "order_ended"] == []
    assert mismatches() == []


def test_the_same_files_a_second_time_make_nothing(world: World) -> None:
    _all(world)
    before = [_count(table) for table in (Person, Challenge, Idea, Comment, Vote, CircleMembership, Author)]
    browser = world.browser(world.manager)
    for kind, content in (("people", PEOPLE), ("ideas", IDEAS), ("comments", COMMENTS), ("votes", VOTES)):
        path = Bringing(world, browser, kind, content).looked_through(source="old place")
        assert "Bring in" not in words(browser.get(path))
        assert browser.post(f"{path}/taking-in", {}).status_code == 303
        world.settle()
        params = _order(world).params
        rows = content.count("\r\n") - 1
        assert (kind, params["new"], params["changed"], params["known"], params["left_out"]) == (kind, 0, 0, rows, 0)
    assert before == [_count(table) for table in (Person, Challenge, Idea, Comment, Vote, CircleMembership, Author)]


def test_looking_through_writes_nothing_and_says_what_would_come(world: World) -> None:
    browser = world.browser(world.manager)
    before = _count(Person)
    path = Bringing(world, browser, "people", PEOPLE + "P3;;no address;;\r\n").looked_through(source="old place")
    said = words(browser.get(path))
    assert _count(Person) == before
    assert [each in said for each in ("3 rows were read", "2 would be new", "1 row would be left out")] == [True] * 3
    assert "“Name” is empty" in said


def test_a_broken_row_loses_itself_and_comes_back_as_a_file_that_can_be_mended(world: World) -> None:
    browser = world.browser(world.manager)
    broken = "Nummer;Titel\r\nC1;Een\r\nC2\r\nC3;\r\nC4;Vier\r\n"
    path = Bringing(world, browser, "challenges", broken).brought(source="old")
    rows = list(csv.reader(io.StringIO(browser.get(f"{path}/left-out.csv").get_data().decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Nummer", "C2", "C3"]
    assert [row[2] for row in rows] == ["Row", "3", "4"]
    assert rows[2][3] == "“Title” is empty. Fill it in, or say on the page what stands for all rows."
    mended = io.StringIO()
    csv.writer(mended).writerows([row[0], "Titel" if row[0] == "Nummer" else "Mended", *row[2:]] for row in rows)
    Bringing(world, browser, "challenges", mended.getvalue()).brought(source="old")
    found = select(Challenge.foreign_id, Challenge.title).where(Challenge.source == "old").order_by(Challenge.foreign_id)
    assert [tuple(row) for row in db.session.execute(found)] == [
        ("C1", "Een"),
        ("C2", "Mended"),
        ("C3", "Mended"),
        ("C4", "Vier"),
    ]


def test_an_import_broken_off_goes_on_from_its_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "BATCH", 2)
    browser = world.browser(world.manager)
    Bringing(world, browser, "challenges", CHALLENGES).brought(source="old")
    rows = "".join(f"I{n};C1;Idea {n}\r\n" for n in (1, 2, 3, 3, 4, 5))
    file = Bringing(world, browser, "ideas", f"Nummer;Uitdaging;Titel\r\n{rows}")
    path = file.looked_through(source="old")
    written = taking.WRITES[taking.Kind.IDEAS]
    calls = iter(range(9))

    def fails(*args: Any) -> None:
        if next(calls) == 1:
            raise RuntimeError("the machine stops")
        written(*args)

    monkeypatch.setitem(taking.WRITES, taking.Kind.IDEAS, fails)
    browser.post(f"{path}/taking-in", {})
    world.settle()
    with transaction():
        for row in db.session.scalars(select(Delivery).where(Delivery.state != "done")):
            row.due_at = world.now()
            row.state, row.lease_until = "due", None
    world.settle()
    order = _order(world)
    ideas = list(db.session.scalars(select(Idea.foreign_id).where(Idea.source == "old").order_by(Idea.id)))
    assert (order.state, order.done, order.params["new"], order.params["left_out"]) == ("done", 6, 5, 1)
    assert ideas == ["I1", "I2", "I3", "I4", "I5"]


def test_a_file_is_kept_as_long_as_one_of_its_orders_needs_it(world: World) -> None:
    path = Bringing(world, world.browser(world.manager), "challenges", CHALLENGES + "C2;;x;;\r\n").brought(source="old")
    first, second = db.session.scalars(select(Order).order_by(Order.id)).all()
    key, past = first.file_key, world.now() - timedelta(days=8)
    folders = [f"orders/{order.public_id}" for order in (first, second)]
    kept = []
    for order in (first.id, second.id):
        with transaction():
            db.session.execute(update(Order).where(Order.id == order).values(ended_at=past))
        orders.empty_store(actor=house(Origin.CLOCK), store=store())
        kept.append((store().exists(key), [len(store().under(folder)) for folder in folders]))
    assert kept == [(True, [0, 1]), (False, [0, 0])]
    assert world.browser(world.manager).get(path).status_code == 200


# --- people --------------------------------------------------------------------------------------------------------


def test_an_address_that_is_here_is_the_same_person_and_what_he_set_himself_stays(world: World) -> None:
    here = world.person("Jan", Circle.EXPERT, language="nl")
    content = "id,email,name,circle,language\nP9,JAN@example.org,Johannes,staff,en\n"
    Bringing(world, world.browser(world.manager), "people", content).brought(source="old")
    row = db.session.get_one(Person, here.person_id)
    memberships = select(CircleMembership.circle, CircleMembership.valid_to).where(
        CircleMembership.person_id == here.person_id
    )
    assert (row.name, row.language, row.foreign_id) == ("Jan", "nl", "P9")
    assert [(circle, until is None) for circle, until in db.session.execute(memberships.order_by(CircleMembership.id))] == [
        ("expert", False),
        ("staff", True),
    ]
    assert _order(world).params["changed"] == 1


def test_one_value_stands_for_all_rows_and_words_get_a_meaning(world: World) -> None:
    content = "nr,naam,mail,rol\n1,A,a@example.com,friend\n2,B,b@example.com,\n"
    file = Bringing(world, world.browser(world.manager), "people", content)
    shown = words(file.send("", column_id="nr", column_circle="rol", value_circle="partner"))
    assert "“friend” in “How near” has no meaning here" in shown
    heard = {"heard-circle-1": "friend", "means-circle-1": "expert"}
    file.brought(source="old", column_id="nr", column_circle="rol", value_circle="partner", **heard)
    rows = db.session.execute(
        select(Person.name, CircleMembership.circle, CircleMembership.verified_by)
        .join(CircleMembership, CircleMembership.person_id == Person.id)
        .where(Person.source == "old")
        .order_by(Person.name)
    )
    assert [tuple(row) for row in rows] == [("A", "expert", "import"), ("B", "partner", "import")]


def test_people_come_in_by_administrators_alone(world: World) -> None:
    manager = world.grant(world.person(), Role.MANAGER)
    browser = world.browser(manager)
    file = Bringing(world, browser, "people", PEOPLE)
    assert file.chosen.status_code == 422
    assert browser.get("/import").status_code == 200
    assert [world.browser(who).get("/import").status_code for who in (world.person(), None)] == [403, 303]


def test_a_file_belongs_to_who_brought_it(world: World) -> None:
    file = Bringing(world, world.browser(world.manager), "ideas", IDEAS)
    other = world.grant(world.person(), Role.ADMINISTRATOR)
    assert (file.page().status_code, world.browser(other).get(file.path).status_code) == (200, 404)


# --- where it may go -----------------------------------------------------------------------------------------------


def test_a_manager_brings_things_into_his_own_programmes_alone(world: World) -> None:
    mine, other = world.programme("Mine"), world.programme("Other")
    manager = world.grant(world.person(), Role.MANAGER, "programme", mine.id)
    challenges = [world.challenge(programme=each) for each in (mine, other)]
    content = "id,challenge,title\n" + "".join(f"{n},{each.public_id},T\n" for n, each in enumerate(challenges))
    browser = world.browser(manager)
    path = Bringing(world, browser, "ideas", content).brought(source="old")
    found = list(db.session.scalars(select(Idea.foreign_id).where(Idea.source == "old")))
    said = words(browser.get(path))
    assert (found, f"There is no challenge “{challenges[1].public_id}” here" in said) == (["0"], True)
    file = Bringing(world, browser, "challenges", CHALLENGES)
    refused = file.send("/looking-through", source="old", programme=other.public_id)
    assert (refused.status_code, "Choose a programme that you manage" in words(refused)) == (422, True)
    assert "Other" not in words(file.page())
    file.brought(source="old", programme=mine.public_id)
    assert db.session.scalars(select(Challenge.programme_id).where(Challenge.source == "old")).all() == [mine.id]


def test_a_challenge_comes_in_for_staff_alone_unless_the_file_says_more(world: World) -> None:
    content = "id,title,audience\n1,One,\n2,Two,partner\n"
    Bringing(world, world.browser(world.manager), "challenges", content).brought(source="old")
    seen = {
        row.title: sorted(each.value for each in row.audience)
        for row in db.session.scalars(select(Challenge).where(Challenge.source == "old"))
        if db.session.refresh(row, ["audience"]) is None
    }
    assert seen == {"One": ["staff"], "Two": ["partner", "staff"]}


# --- votes ---------------------------------------------------------------------------------------------------------


def _voted(world: World, challenge: Challenge, *rows: tuple[Idea, Actor, str]) -> str:
    """Bring votes in; the words of the order's page."""
    addresses = {
        who.person_id: db.session.scalars(select(EmailAddress.typed).where(EmailAddress.person_id == who.person_id)).one()
        for _, who, _ in rows
    }
    content = "idea,person,vote\n" + "".join(
        f"{idea.public_id},{addresses[who.person_id]},{vote}\n" for idea, who, vote in rows
    )
    browser = world.browser(world.manager)
    return words(browser.get(Bringing(world, browser, "votes", content).brought(source="old")))


def test_votes_never_come_into_a_running_ballot(world: World) -> None:
    challenge = world.challenge()
    idea = world.idea(challenge)
    said = _voted(world, challenge, (idea, world.person(), "1"))
    assert ("The vote there is not over." in said, _count(Vote)) == (True, 0)


def test_votes_are_never_added_to_a_ballot_that_was_held_here(world: World) -> None:
    challenge = world.challenge()
    idea = world.idea(challenge)
    world.vote(idea)
    world.close(challenge)
    assert why_not(world.again(challenge), world.now()) == "vote_was_held_here"


def test_votes_are_one_per_person_and_idea_and_fit_the_ballot(world: World) -> None:
    _all(world)
    own = "Idee;Persoon;Stem\r\nI1;P1;1\r\nI1;P2;1\r\nI1;P2;1\r\nI9;P2;1\r\nI1;P9;1\r\nI2;P1;7\r\n"
    path = Bringing(world, world.browser(world.manager), "votes", own).brought(source="old place")
    said = words(world.browser(world.manager).get(path))
    assert [
        each in said
        for each in (
            "Nobody votes on an idea of his own",
            "stands twice",
            "There is no idea “I9” here",
            "There is nobody “P9” here",
            "does not take a vote of 7",
        )
    ] == [True] * 5
    assert _count(Vote) == 1


# --- the page ------------------------------------------------------------------------------------------------------


def test_a_mapping_is_kept_found_again_and_thrown_away(world: World) -> None:
    browser = world.browser(world.manager)
    content = "a,b,c\nX1,Y,Z\n"
    first = Bringing(world, browser, "challenges", content)
    assert first.send("/mapping").status_code == 422
    kept = first.send("/mapping", called="Old house", column_id="a", column_title="c", column_question="")
    assert kept.status_code == 303
    again = Bringing(world, browser, "challenges", content)
    page = again.page().get_data(as_text=True)
    assert "This begins with the mapping “Old house”." in page
    again.brought(source="old")
    assert list(db.session.execute(select(Challenge.foreign_id, Challenge.title).where(Challenge.source == "old"))) == [
        ("X1", "Z")
    ]
    row = db.session.scalars(select(ImportMapping)).one()
    other = world.grant(world.person(), Role.MANAGER)
    assert world.browser(other).post(f"/import/mappings/{row.public_id}/removal", {}).status_code == 403
    assert browser.post(f"/import/mappings/{row.public_id}/removal", {}).status_code == 303
    assert _count(ImportMapping) == 0


def test_what_is_needed_and_not_there_is_said_at_its_field(world: World) -> None:
    file = Bringing(world, world.browser(world.manager), "ideas", "x,y\n1,2\n")
    answer = file.send("/looking-through", source="", column_id="x")
    said = words(answer)
    assert (answer.status_code, said.count("Choose a column, or write what stands for all rows.")) == (422, 0)
    answer = file.send("/looking-through", source="old", column_id="x")
    assert (answer.status_code, words(answer).count("Choose a column, or write what stands for all rows.")) == (422, 4)


def test_a_workbook_has_sheets_to_choose_from(world: World) -> None:
    book = Workbook()
    book.active.append(["nothing"])  # type: ignore[union-attr]
    sheet = book.create_sheet("Ideas")
    sheet.append(["id", "title", "opens", "budget", "currency"])
    sheet.append([7, "=1+1", datetime(2020, 5, 6, 7, 8), 1500.5, "EUR"])
    sheet["B2"].data_type = "s"
    file = io.BytesIO()
    book.save(file)
    bringing = Bringing(world, world.browser(world.manager), "challenges", file.getvalue(), "old.xlsx")
    bringing.path += "&sheet=Ideas"
    assert "=1+1" in words(bringing.page())
    bringing.brought(source="old", sheet="Ideas", zone="Europe/Amsterdam")
    row = db.session.scalars(select(Challenge).where(Challenge.source == "old")).one()
    assert (row.foreign_id, row.title, row.budget_minor) == ("7", "=1+1", 150050)
