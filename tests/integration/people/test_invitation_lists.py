"""Inviting a list: what is read of it, what becomes of each line, and how its mails go out."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from openpyxl import Workbook
from sqlalchemy import select, update

from innovation.kernel.actor import VISITOR, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.people import queries as people
from innovation.people.models import Invitation, InvitationList
from innovation.people.service import invitations
from tests.conftest import counting
from tests.support.forms import filled
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.world import World

CLOCK = house(Origin.CLOCK)
PATH = "/people/invitations/lists"
COMMON = {"circle": "expert", "language": "en", "challenge": "", "message": ""}


def _list(world: World, text: str, a_minute: int = 60) -> InvitationList:
    return invitations.invite_list(actor=world.manager, text=text, circle=Circle.EXPERT, language="en", a_minute=a_minute)


def _one(world: World, email: str, challenge_id: int | None = None) -> Invitation:
    rest = {"name": "", "organisation": "", "department": "", "language": "en"}
    return invitations.invite(actor=world.manager, email=email, circle=Circle.EXPERT, challenge_id=challenge_id, **rest)


def _many(number: int) -> str:
    return "\n".join(f"guest{each}@example.com" for each in range(number))


def _all_due() -> None:
    """Let every mail's time have come."""
    with transaction():
        db.session.execute(update(Invitation).where(Invitation.due_at.is_not(None)).values(due_at=Invitation.created_at))


def _mailed(world: World) -> list[str]:
    world.settle()
    return [letter.to for letter in world.letters()]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ada@lab.org", ("ada@lab.org", "", "", "")),
        ("Ada Lovelace <ada@lab.org>", ("ada@lab.org", "Ada Lovelace", "", "")),
        ('"Lovelace, Ada" <ada@lab.org>', ("ada@lab.org", "Lovelace, Ada", "", "")),
        ("<ada@lab.org>", ("ada@lab.org", "", "", "")),
        ("ada@lab.org;Ada Lovelace;Lab", ("ada@lab.org", "Ada Lovelace", "Lab", "")),
        ("ada@lab.org, Ada Lovelace", ("ada@lab.org", "Ada Lovelace", "", "")),
        ("Ada Lovelace\tada@lab.org\tLab", ("ada@lab.org", "Ada Lovelace", "Lab", "")),
        ("mailto:ada@lab.org", ("ada@lab.org", "", "", "")),
        ("Ada Lovelace", ("Ada Lovelace", "", "", "no_address")),
        ("ada@lab", ("ada@lab", "", "", "bad_address")),
        ("ada@lab.org bob@lab.org", ("ada@lab.org bob@lab.org", "", "", "two_addresses")),
        (f"ada@lab.org;{'A' * 201}", ("ada@lab.org", "A" * 201, "", "too_long")),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, expected: tuple[str, ...]) -> None:
    (read,) = invitations.lines_of(line)
    assert (read.email, read.name, read.organisation, read.code) == expected


def test_several_people_copied_from_a_mail_program_are_several() -> None:
    read = invitations.lines_of("Ada <ada@lab.org>; Bob <bob@lab.org>;\n\nCy <cy@lab.org>")
    assert [(line.number, line.email) for line in read] == [(1, "ada@lab.org"), (1, "bob@lab.org"), (3, "cy@lab.org")]


def test_a_file_with_a_heading_is_read_by_its_names_and_keeps_its_line_numbers() -> None:
    file = 'Organisatie,Naam,E-mail\r\n"Lab, Delft","Ada\r\nLovelace",ada@lab.org\r\n\r\nLab,Bob,bob\r\n'.encode("utf-8-sig")
    read = invitations.lines_of(invitations.lines_of_file("people.csv", file))
    assert [(line.number, line.email, line.name, line.organisation, line.code) for line in read] == [
        (2, "ada@lab.org", "Ada Lovelace", "Lab, Delft", ""),
        (5, "bob", "Bob", "Lab", "no_address"),
    ]


def test_a_workbook_is_read() -> None:
    book, kept = Workbook(), io.BytesIO()
    for row in (["name", "email"], ["Ada", "ada@lab.org"], [None, None], ["Bob", "bob@lab.org"]):
        book.active.append(row)
    book.save(kept)
    read = invitations.lines_of(invitations.lines_of_file("people.xlsx", kept.getvalue()))
    assert [(line.number, line.email, line.name) for line in read] == [(2, "ada@lab.org", "Ada"), (4, "bob@lab.org", "Bob")]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", "ä".encode("latin-1"), "not_utf8"),
        ("a.csv", b"a\x00b", "not_utf8"),
        ("a.xlsx", b"PK\x03\x04", "not_readable"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        invitations.lines_of_file(name, content)


def test_a_list_that_is_too_long_is_refused(world: World) -> None:
    for text in (_many(5001), "x" * 400_001):
        with pytest.raises(Invalid, match="too_many_lines"):
            _list(world, text)
    with pytest.raises(Invalid, match="too_many_lines"):
        invitations.lines_of_file("people.csv", b"a@example.com\n" * 20_001)


def test_a_list_with_broken_rows_takes_the_rest_and_gives_the_broken_ones_back(world: World) -> None:
    world.person("Known")
    never = _one(world, "never@example.com")
    invitations.refuse_for_good(actor=VISITOR, invitation_id=never.id)
    text = "\n".join(
        [
            "Ada <ada@example.com>",
            "=cmd|' /C calc'!A0;Evil",
            "ADA@example.com;Ada Lovelace;Lab",
            "known@example.org",
            "never@example.com",
            "nobody",
        ]
    )
    browser = world.browser(world.manager)
    preview = browser.post("/people/invitations/list/preview", COMMON | {"lines": text})
    said = words(preview)
    told = ["1 person will be invited.", "1 line repeats", "1 person has an account", "1 person asked not", "2 lines cannot"]
    assert [each for each in told if each not in said] == []
    shown = re.sub(r"<textarea.*?</textarea>", "", preview.get_data(as_text=True), flags=re.S)
    assert "never@example.com" not in shown
    assert db.session.scalars(select(InvitationList)).all() == []

    answered = browser.post(PATH, filled(preview, PATH))
    made = db.session.scalars(select(InvitationList)).one()
    assert (answered.status_code, answered.headers["Location"]) == (303, f"{PATH}/{made.public_id}")
    assert (made.taken, made.merged, made.known) == (1, 1, 1)
    invited = db.session.scalars(select(Invitation).where(Invitation.list_id == made.id)).one()
    assert (invited.email_typed, invited.name) == ("ada@example.com", "Ada")

    page = browser.get(f"{PATH}/{made.public_id}")
    assert page.status_code == 200
    file = browser.get(f"{PATH}/{made.public_id}/broken.csv")
    rows = list(csv.reader(io.StringIO(file.get_data().decode("utf-8-sig"))))
    assert [[row[0], *row[2:]] for row in rows[1:]] == [["2", "'=cmd|' /C calc'!A0", "Evil"], ["6", "nobody", ""]]


def test_a_second_press_makes_no_second_list(world: World) -> None:
    browser = world.browser(world.manager)
    preview = browser.post("/people/invitations/list/preview", COMMON | {"lines": "ada@example.com"})
    form = filled(preview, PATH)
    assert len({browser.post(PATH, form).headers["Location"] for _ in range(2)}) == 1
    assert len(db.session.scalars(select(Invitation)).all()) == 1


def test_an_uploaded_file_is_previewed_and_taken(world: World) -> None:
    browser = world.browser(world.manager)
    file = (io.BytesIO(b"email;name\nada@example.com;Ada\n"), "people.csv")
    preview = browser.post("/people/invitations/list/preview", COMMON | {"lines": "", "file": file})
    assert browser.post(PATH, filled(preview, PATH)).status_code == 303
    assert [(row.email_typed, row.name) for row in db.session.scalars(select(Invitation))] == [("ada@example.com", "Ada")]


def test_nobody_without_the_right_sees_or_makes_a_list(world: World) -> None:
    made = _list(world, "ada@example.com")
    browser = world.browser(world.person())
    paths = ["/people/invitations/list", f"{PATH}/{made.public_id}", f"{PATH}/{made.public_id}/broken.csv"]
    assert [browser.get(path).status_code for path in paths] == [403, 403, 403]
    assert browser.post(PATH, COMMON | {"lines": "b@example.com"}).status_code == 403


def test_a_list_goes_out_at_its_pace(world: World) -> None:
    made = _list(world, _many(5), a_minute=2)
    assert _mailed(world) == []
    due = db.session.scalars(select(Invitation.due_at).where(Invitation.list_id == made.id).order_by(Invitation.id)).all()
    assert [moment - due[0] for moment in due if moment and due[0]] == [timedelta(seconds=30 * each) for each in range(5)]
    invitations.hand_over(actor=CLOCK, at_most=10)
    assert _mailed(world) == ["guest0@example.com"]


def test_the_next_list_waits_for_the_one_before(world: World) -> None:
    _list(world, _many(60), a_minute=1)
    second = _list(world, "late@example.com")
    found = db.session.scalars(select(Invitation.due_at).where(Invitation.list_id == second.id)).one()
    assert found is not None
    assert found - world.now() > timedelta(minutes=58)


def test_after_a_standstill_mails_still_go_out_by_the_handful(world: World) -> None:
    _list(world, _many(7))
    _all_due()
    assert [invitations.hand_over(actor=CLOCK, at_most=3) for _ in range(4)] == [3, 3, 1, 0]
    assert len(_mailed(world)) == 7


def test_each_is_mailed_once_however_many_clocks_there_are(world: World) -> None:
    _list(world, _many(12))
    _all_due()
    handed = at_once(world.app, [lambda: invitations.hand_over(actor=CLOCK, at_most=12)] * 6)
    assert sum(handed) == 12
    facts = db.session.scalars(select(Event).where(Event.name == "PersonInvited")).all()
    assert len({event.payload["invitation_id"] for event in facts}) == len(facts) == 12
    assert {event.actor_id for event in facts} == {world.manager.person_id}
    assert sorted(_mailed(world)) == sorted(_many(12).splitlines())


def test_what_is_not_sent_yet_can_be_cancelled(world: World) -> None:
    made = _list(world, _many(5), a_minute=1)
    invitations.hand_over(actor=CLOCK, at_most=10)
    assert _mailed(world) == ["guest0@example.com"]
    path = f"{PATH}/{made.public_id}/cancellation"
    assert world.browser(world.manager).post(path).status_code == 303
    _all_due()
    assert invitations.hand_over(actor=CLOCK, at_most=10) == 0
    assert _mailed(world) == ["guest0@example.com"]
    found = people.progress(db.session.get_one(InvitationList, made.id))
    assert (found.waiting, found.sent, found.cancelled) == (0, 1, 4)


def test_who_says_never_while_his_mail_waits_gets_none(world: World) -> None:
    first = _one(world, "guest0@example.com", world.sealed().id)
    world.settle()
    _list(world, _many(2))
    invitations.refuse_for_good(actor=VISITOR, invitation_id=first.id)
    _all_due()
    invitations.hand_over(actor=CLOCK, at_most=10)
    assert [to for to in _mailed(world) if to.startswith("guest")] == ["guest0@example.com", "guest1@example.com"]


def test_progress_tells_where_everybody_stands(world: World) -> None:
    made = _list(world, _many(6), a_minute=1)
    rows = db.session.scalars(select(Invitation).order_by(Invitation.id)).all()
    numbers = [row.id for row in rows]
    with transaction():
        db.session.execute(update(Invitation).where(Invitation.id.in_(numbers[:4])).values(due_at=Invitation.created_at))
    invitations.hand_over(actor=CLOCK, at_most=4)
    world.settle()
    invitations.accept(actor=VISITOR, invitation_id=numbers[0], name="G")
    invitations.decline(actor=VISITOR, invitation_id=numbers[1])
    invitations.mark_bounced(actor=CLOCK, invitation_id=numbers[2], said="550 no such person here")
    found = people.progress(db.session.get_one(InvitationList, made.id))
    assert (found.waiting, found.sent, found.bounced, found.accepted, found.declined, found.cancelled) == (2, 4, 1, 1, 1, 0)
    page = words(world.browser(world.manager).get(f"{PATH}/{made.public_id}"))
    told = ["Takes part", "Said no", "550 no such person here", "Waits to be sent", "Sent"]
    assert [each for each in told if each not in page] == []


def test_a_list_costs_the_same_statements_however_long(world: World) -> None:
    manager = world.manager
    sizes = []
    for number in (1, 30):
        made = _list(world, "\n".join(f"g{number}.{each}@example.com" for each in range(number)))
        browser = world.browser(manager)
        browser.get(f"{PATH}/{made.public_id}")
        with counting() as statements:
            browser.get(f"{PATH}/{made.public_id}")
        sizes.append(len(statements))
    assert sizes[0] == sizes[1]
