"""Serving a file: to whoever reads what it belongs to, asked each time, and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from innovation.attachments.models import Attachment
from innovation.challenges.models import Challenge
from innovation.discussion.models import Thread
from innovation.ideas.models import Idea
from innovation.ideas.service import talking, writing
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.files import store
from innovation.rules.predicates import Role
from tests.conftest import counting
from tests.support import samples
from tests.support.filing import add, address, by_form
from tests.support.world import World

MARKER = b"zyzzyva"
PAPER = samples.PDF.replace(b"%%EOF\n", MARKER + b"\n%%EOF\n")


def read_by(world: World, who: Actor | None, path: str) -> bool:
    answered = world.browser(who).get(path)
    assert answered.status_code in {200, 404}
    assert (MARKER in answered.data) == (answered.status_code == 200)
    return answered.status_code == 200


@dataclass
class Sealed:
    """A sealed challenge with an idea that has a file, and everybody who might look."""

    world: World
    challenge: Challenge
    idea: Idea
    file: Attachment
    insiders: dict[str, Actor] = field(default_factory=dict)
    outsiders: dict[str, Actor | None] = field(default_factory=dict)


@pytest.fixture
def sealed(world: World) -> Sealed:
    challenge = world.sealed(title="Sealed question")
    author = world.person("Author", Circle.EXPERT)
    idea = world.draft_idea(challenge, author, "Quiet")
    file = add(world, author, idea, PAPER)
    panel = world.grant(world.person("Panel", Circle.EXPERT), Role.PANEL, "challenge", challenge.id)
    made = Sealed(world, challenge, idea, file)
    made.insiders = {"author": author, "sponsor": world.sponsor_of(challenge), "panel": panel}
    made.outsiders = {
        "visitor": None,
        "public": world.person("", Circle.PUBLIC),
        "expert": world.person("", Circle.EXPERT),
        "staff": world.person("", Circle.STAFF),
        "sponsor elsewhere": world.sponsor_of(world.challenge()),
        "administrator": world.grant(world.person(), Role.ADMINISTRATOR),
        "manager": world.manager,
    }
    return made


def readers(scene: Sealed) -> list[str]:
    path = address(scene.file)
    everybody = {**scene.insiders, **scene.outsiders}
    return [name for name, who in everybody.items() if read_by(scene.world, who, path)]


def test_a_draft_s_file_is_its_author_s_alone(sealed: Sealed) -> None:
    assert readers(sealed) == ["author"]


def test_a_sealed_idea_s_file_reaches_none_but_the_entitled(sealed: Sealed) -> None:
    idea = sealed.world.idea_again(sealed.idea)
    writing.submit(actor=sealed.insiders["author"], idea=idea, accept_terms=True)
    assert readers(sealed) == ["author", "sponsor", "panel"]


def test_a_withdrawn_idea_s_file_is_gone_to_readers(sealed: Sealed) -> None:
    author = sealed.insiders["author"]
    writing.submit(actor=author, idea=sealed.world.idea_again(sealed.idea), accept_terms=True)
    writing.withdraw(actor=author, idea=sealed.world.idea_again(sealed.idea))
    assert readers(sealed) == ["author"]


def test_an_open_idea_s_file_follows_the_idea(world: World) -> None:
    author, reader = world.person("Author"), world.person("Reader")
    idea = world.draft_idea(world.challenge(), author, "Rig")
    file = add(world, author, idea, PAPER)
    path = address(file)
    assert [read_by(world, who, path) for who in (author, reader, None)] == [True, False, False]
    writing.submit(actor=author, idea=world.idea_again(idea), accept_terms=True)
    assert [read_by(world, who, path) for who in (author, reader, None)] == [True, True, False]


def test_a_brief_s_file_follows_the_challenge(world: World) -> None:
    sponsor = world.person("Sponsor")
    draft = world.draft_challenge(sponsor)
    path = address(add(world, world.sponsor_of(draft), draft, PAPER))
    assert read_by(world, world.person("Reader"), path) is False
    assert read_by(world, world.sponsor_of(draft), path) is True


def test_a_project_s_file_follows_the_project(world: World) -> None:
    author = world.person("Author")
    project = world.project(author)
    path = address(add(world, world.actor(author.person_id or 0), project, PAPER))
    assert [read_by(world, who, path) for who in (world.actor(author.person_id or 0), world.manager)] == [True, True]
    assert read_by(world, world.person("", Circle.PUBLIC), path) is False


def got(world: World, who: Actor, file: Attachment, **headers: str) -> TestResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return world.browser(who).get(address(file), headers=names)


@pytest.fixture
def open_file(world: World) -> tuple[Actor, Attachment]:
    author = world.person("Author")
    idea = world.draft_idea(world.challenge(), author, "Rig")
    return author, add(world, author, idea, PAPER, 'Büro "1".pdf')


def test_a_file_is_sent_so_that_it_stays_a_file(world: World, open_file: tuple[Actor, Attachment]) -> None:
    answered = got(world, *open_file)
    wanted = {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(PAPER)),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Disposition": "attachment; filename=\"buro-1.pdf\"; filename*=UTF-8''B%C3%BCro%20-1-.pdf",
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "ETag": f'"{open_file[1].sha256}"',
    }
    assert {name: answered.headers[name] for name in wanted} == wanted


def test_an_image_is_shown_in_its_place(world: World, open_file: tuple[Actor, Attachment]) -> None:
    author, _file = open_file
    idea = world.draft_idea(world.challenge(), author, "Second")
    answered = got(world, author, add(world, author, idea, samples.image(), "rig.png", "A rig"))
    assert answered.headers["Content-Disposition"].startswith("inline; ")
    assert (answered.mimetype, answered.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")


def test_a_known_file_is_not_sent_again_but_asked_for_again(world: World, open_file: tuple[Actor, Attachment]) -> None:
    author, file = open_file
    tag = f'"{file.sha256}"'
    assert got(world, author, file, If_None_Match=tag).status_code == 304
    assert got(world, world.person("Stranger"), file, If_None_Match=tag).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "found"),
    [
        ("bytes=0-3", 206, PAPER[:4]),
        ("bytes=5-", 206, PAPER[5:]),
        ("bytes=-4", 206, PAPER[-4:]),
        ("bytes=2-99999", 206, PAPER[2:]),
        ("bytes=99999-", 416, b""),
        ("bytes=0-1,4-5", 200, PAPER),
        ("lines=0-1", 200, PAPER),
    ],
)
def test_a_part_of_a_file_can_be_asked_for(
    world: World, open_file: tuple[Actor, Attachment], asked: str, status: int, found: bytes
) -> None:
    answered = got(world, *open_file, Range=asked)
    assert (answered.status_code, answered.data) == (status, found)


def test_a_part_of_another_version_is_the_whole(world: World, open_file: tuple[Actor, Attachment]) -> None:
    assert got(world, *open_file, Range="bytes=0-3", If_Range='"other"').status_code == 200
    assert got(world, *open_file, Range="bytes=0-3", If_Range=f'"{open_file[1].sha256}"').status_code == 206


def test_an_address_with_another_name_is_none(world: World, open_file: tuple[Actor, Attachment]) -> None:
    author, file = open_file
    assert world.browser(author).get(f"/files/{file.public_id}/page.html").status_code == 404


def test_bytes_that_are_gone_are_said_to_be_gone(world: World, open_file: tuple[Actor, Attachment]) -> None:
    author, file = open_file
    store().delete(file.key)
    assert got(world, author, file).status_code == 404


def test_a_removed_file_is_gone_and_can_be_brought_back(world: World, open_file: tuple[Actor, Attachment]) -> None:
    author, file = open_file
    browser = world.browser(author)
    assert browser.post(f"/files/{file.public_id}/removal", {"next": "/my/work"}).headers["Location"] == "/my/work"
    assert browser.get(address(file)).status_code == 404
    assert browser.post(f"/files/{file.public_id}/restoration").status_code == 303
    assert browser.get(address(file)).data == PAPER


def test_only_who_keeps_a_file_removes_or_describes_it(world: World, open_file: tuple[Actor, Attachment]) -> None:
    author, file = open_file
    idea = world.idea(world.challenge(), author, "Shown")
    shown = add(world, author, idea, samples.image(), "rig.png")
    reader = world.browser(world.person("Reader"))
    assert reader.get(address(shown)).status_code == 200
    assert reader.post(f"/files/{shown.public_id}/removal").status_code == 403
    assert reader.post(f"/files/{shown.public_id}/description", {"alt": "x"}).status_code == 403
    assert reader.post(f"/files/{file.public_id}/removal").status_code == 404
    assert world.browser(author).post(f"/files/{shown.public_id}/description", {"alt": "A rig"}).status_code == 303
    world.anew()
    assert db.session.get_one(Attachment, shown.id).alt == "A rig"


def test_hidden_names_hide_who_added_a_file(world: World) -> None:
    author, reader = world.person("Annabel"), world.person("Reader")
    challenge = world.challenge(names_hidden=True)
    idea = world.idea(challenge, author, "Shown")
    add(world, author, idea, PAPER, "plan.pdf")
    page = world.browser(reader).get(f"/ideas/{idea.public_id}").text
    assert ("plan.pdf" in page, "Annabel" in page) == (True, False)
    assert "Annabel" in world.browser(author).get(f"/ideas/{idea.public_id}").text


def test_a_page_asks_the_same_of_one_file_and_of_ten(world: World, open_file: tuple[Actor, Attachment]) -> None:
    author, _file = open_file
    idea = world.idea(world.challenge(), author, "Shown")
    browser = world.browser(author)
    asked = []
    for number in range(10):
        add(world, author, idea, PAPER, f"plan-{number}.pdf")
        if number in {0, 9}:
            browser.get("/")  # the host's name is asked for once a minute
            with counting() as statements:
                assert browser.get(f"/ideas/{idea.public_id}").status_code == 200
            asked.append(len(statements))
    assert asked[0] == asked[1]


def test_pages_show_files_where_they_belong(world: World) -> None:
    author = world.person("Author")
    project = world.project(author)
    me = world.actor(author.person_id or 0)
    add(world, me, project, PAPER, "measured.pdf")
    assert "measured.pdf" in world.browser(me).get(f"/projects/{project.public_id}/documents").text
    sponsor = world.person("Sponsor")
    draft = world.draft_challenge(sponsor)
    sponsor = world.sponsor_of(draft)
    add(world, sponsor, draft, PAPER, "site.pdf")
    for path in ("", "/edit", "/uploads"):
        assert "site.pdf" in world.browser(sponsor).get(f"/challenges/{draft.public_id}{path}").text
    idea = world.draft_idea(world.challenge(), author, "Rig")
    add(world, me, idea, PAPER, "rig.pdf")
    for path in ("", "/edit", "/check", "/uploads"):
        assert "rig.pdf" in world.browser(me).get(f"/ideas/{idea.public_id}{path}").text


def test_a_talk_s_file_is_its_giver_s_and_its_readers(world: World) -> None:
    author, giver, reader = world.person("Author"), world.person("Giver"), world.person("Reader")
    idea = world.idea(world.challenge(), author, "Shown")
    talking.say(actor=reader, idea=world.idea_again(idea), text="Have you measured it?")
    world.anew()
    thread = db.session.scalars(select(Thread)).one()
    path = f"/threads/{thread.public_id}/uploads"
    assert by_form(world.browser(giver), path, PAPER, "measured.pdf").status_code == 303
    assert by_form(world.browser(), path, PAPER, "measured.pdf").status_code == 404
    file = db.session.scalars(select(Attachment)).one()
    db.session.rollback()
    assert [read_by(world, who, address(file)) for who in (reader, author, None)] == [True, True, False]
    assert world.browser(reader).post(f"/files/{file.public_id}/removal").status_code == 403
    page = world.browser(giver).get(f"/ideas/{idea.public_id}").text
    assert ("measured.pdf" in page, f"/files/{file.public_id}/removal" in page) == (True, True)
    assert f"/files/{file.public_id}/removal" not in world.browser(reader).get(f"/ideas/{idea.public_id}").text
    assert world.browser(giver).post(f"/files/{file.public_id}/removal").status_code == 303
