"""Adding a file: by a form, and in parts that go on after a lost connection."""

from __future__ import annotations

import hashlib
import io

import pytest
from sqlalchemy import func, select

from innovation.attachments.models import Attachment, FileSet, Upload
from innovation.attachments.service import arriving, uploads
from innovation.attachments.service.limits import Limits
from innovation.attachments.service.uploads import Wanted
from innovation.ideas.models import Idea
from innovation.ideas.service import writing
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.files import store
from tests.support import samples
from tests.support.filing import LIMITS, add, address, begin, by_form, send, start
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


class Scene:
    """An author with a draft."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.author = world.person("Author")
        self.challenge = world.challenge()
        self.idea: Idea = world.draft_idea(self.challenge, self.author, "Rig")
        self.path = f"/ideas/{self.idea.public_id}/uploads"

    def upload(self) -> Upload:
        self.world.anew()
        return db.session.scalars(select(Upload).order_by(Upload.id.desc()).limit(1)).one()

    def files(self) -> list[Attachment]:
        self.world.anew()
        return list(db.session.scalars(select(Attachment).order_by(Attachment.id)))


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


PAPER = samples.PDF.replace(b"%%EOF\n", b"x" * 5000 + b"\n%%EOF\n")


def test_a_file_comes_by_a_form_without_javascript(scene: Scene) -> None:
    browser = scene.world.browser(scene.author)
    answered = by_form(browser, scene.path, PAPER, "Plan für 2027.pdf", next=f"/ideas/{scene.idea.public_id}/edit")
    assert (answered.status_code, answered.headers["Location"]) == (303, f"/ideas/{scene.idea.public_id}/edit#files")
    (file,) = scene.files()
    assert (file.name, file.media_type, file.size) == ("Plan für 2027.pdf", "application/pdf", len(PAPER))
    assert file.sha256 == hashlib.sha256(PAPER).hexdigest()
    assert browser.get(address(file)).data == PAPER
    assert store().under(uploads.parts_of(scene.upload())) == []


def test_parts_make_the_file(scene: Scene) -> None:
    browser = scene.world.browser(scene.author)
    begun = start(browser, scene.path, PAPER)
    assert begun.status_code == 201
    url = begun.get_json()["url"]
    first = send(browser, url, 0, PAPER[:2000])
    assert (first.status_code, first.headers["Upload-Offset"]) == (200, "2000")
    last = send(browser, url, 2000, PAPER[2000:])
    assert (last.status_code, last.get_json()["name"]) == (200, "plan.pdf")
    assert browser.get(last.get_json()["url"]).data == PAPER


def test_an_upload_goes_on_where_it_was_lost(scene: Scene) -> None:
    browser = scene.world.browser(scene.author)
    url = start(browser, scene.path, PAPER).get_json()["url"]
    send(browser, url, 0, PAPER[:3000])
    wrong = send(browser, url, 1000, PAPER[1000:])
    assert (wrong.status_code, wrong.headers["Upload-Offset"]) == (409, "3000")
    assert browser.call("HEAD", url).headers["Upload-Offset"] == "3000"
    assert send(browser, url, 3000, PAPER[3000:]).status_code == 200
    assert browser.get(address(scene.files()[0])).data == PAPER


def test_the_last_answer_can_be_asked_for_again(scene: Scene) -> None:
    browser = scene.world.browser(scene.author)
    url = start(browser, scene.path, PAPER).get_json()["url"]
    first = send(browser, url, 0, PAPER)
    again = send(browser, url, len(PAPER), b"")
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert len(scene.files()) == 1


def test_an_upload_that_stopped_before_it_was_looked_at_is_finished_by_an_empty_part(scene: Scene) -> None:
    upload = begin(scene.world, scene.author, scene.idea, Wanted("plan.pdf", len(PAPER)))
    key = f"{uploads.parts_of(upload)}{0:012d}-x"
    store().put(key, PAPER)
    uploads.receive(actor=scene.author, upload=upload, offset=0, length=len(PAPER))
    browser = scene.world.browser(scene.author)
    assert send(browser, f"/uploads/{upload.public_id}", len(PAPER), b"").status_code == 200
    assert browser.get(address(scene.files()[0])).data == PAPER


def test_two_parts_at_once_for_one_place_count_once(scene: Scene) -> None:
    upload = begin(scene.world, scene.author, scene.idea, Wanted("plan.pdf", len(PAPER)))
    number = upload.id

    def part() -> None:
        mine = db.session.get_one(Upload, number)
        arriving.take_part(actor=scene.author, upload=mine, store=store(), offset=0, content=io.BytesIO(PAPER[:3000]))

    results = at_once(scene.world.app, [part, part], slow="upload.")
    assert sorted("done" if each is None else spelled(each) for each in results) == [
        "NotPossible upload_is_elsewhere",
        "done",
    ]
    found = scene.upload()
    assert (found.received, [size for _key, size in store().under(uploads.parts_of(found))]) == (3000, [3000])


def test_two_who_finish_at_once_make_one_file(scene: Scene) -> None:
    upload = begin(scene.world, scene.author, scene.idea, Wanted("plan.pdf", len(PAPER)))
    arriving.take_part(actor=scene.author, upload=upload, store=store(), offset=0, content=io.BytesIO(PAPER))
    number = upload.id

    def finish() -> int:
        return arriving.keep(actor=scene.author, upload=db.session.get_one(Upload, number), store=store()).id

    results = at_once(scene.world.app, [finish, finish])
    made = {each for each in results if isinstance(each, int)}
    assert len(made) == 1
    assert len(scene.files()) == 1
    assert b"".join(store().get(scene.files()[0].key)) == PAPER


def test_more_than_was_said_is_refused(scene: Scene) -> None:
    browser = scene.world.browser(scene.author)
    url = start(browser, scene.path, PAPER[:100]).get_json()["url"]
    assert send(browser, url, 0, PAPER).status_code == 422
    assert scene.upload().received == 0


def test_what_is_not_taken_is_refused_in_words_and_forgotten(scene: Scene) -> None:
    browser = scene.world.browser(scene.author)
    early = start(browser, scene.path, b"<svg/>", "drawing.svg")
    assert (early.status_code, "SVG" in early.get_json()["error"]) == (422, True)
    late = by_form(browser, scene.path, b"\x7fELF" + b"\0" * 50, "plan.pdf")
    assert (late.status_code, "This kind of file is not taken" in late.text) == (422, True)
    assert (scene.files(), db.session.scalar(select(func.count()).select_from(Upload))) == ([], 0)


def test_a_form_without_a_file_says_so_at_its_field(scene: Scene) -> None:
    answered = scene.world.browser(scene.author).post(scene.path, {"alt": "x"}, content_type="multipart/form-data")
    assert (answered.status_code, "Choose a file." in answered.text) == (422, True)


def test_a_file_above_the_limit_is_refused_at_its_field(scene: Scene) -> None:
    most = scene.world.settings.file_megabytes * 1024 * 1024
    answered = by_form(scene.world.browser(scene.author), scene.path, samples.PDF + b"\n" * most)
    assert (answered.status_code, "larger than 25 MB" in answered.text) == (422, True)
    begun = scene.world.browser(scene.author).post(scene.path, {"name": "a.pdf"}, headers={"Upload-Length": str(most + 1)})
    assert begun.status_code == 422


def test_no_other_form_may_be_as_large(scene: Scene) -> None:
    text = "x" * (3 * 1024 * 1024)
    answered = scene.world.browser(scene.author).post(f"/ideas/{scene.idea.public_id}/notes", {"text": text})
    assert answered.status_code == 413


def test_rights_are_asked_for_each_part(scene: Scene) -> None:
    world = scene.world
    browser = world.browser(scene.author)
    url = start(browser, scene.path, PAPER).get_json()["url"]
    stranger = world.browser(world.person("Stranger"))
    assert send(stranger, url, 0, PAPER[:10]).status_code == 404
    assert send(world.browser(), url, 0, PAPER[:10]).status_code == 404
    assert send(browser, url, 0, PAPER[:10]).status_code == 200
    writing.withdraw(actor=scene.author, idea=world.idea_again(scene.idea))
    assert send(browser, url, 10, PAPER[10:20]).status_code == 403
    assert scene.upload().received == 10


def test_only_authors_add_to_an_idea(scene: Scene) -> None:
    world = scene.world
    idea = world.idea(scene.challenge, scene.author, "Sent")
    path = f"/ideas/{idea.public_id}/uploads"
    assert start(world.browser(world.person("Reader")), path, PAPER).status_code == 403
    assert start(world.browser(world.manager), path, PAPER).status_code == 403
    assert start(world.browser(scene.author), path, PAPER).status_code == 201


def test_nothing_is_added_to_a_brief_that_is_published(scene: Scene) -> None:
    world = scene.world
    sponsor = world.person("Sponsor")
    draft = world.draft_challenge(sponsor)
    sponsor = world.sponsor_of(draft)
    add(world, sponsor, draft, PAPER)
    published = world.challenge(sponsor)
    who = world.sponsor_of(published)
    assert answer(lambda: begin(world, who, published, Wanted("a.pdf", 10))) == "NotPossible brief_is_published"


def test_two_first_files_at_once_make_one_set(scene: Scene) -> None:
    def one() -> None:
        begin(scene.world, scene.author, scene.idea, Wanted("a.pdf", 10))

    assert at_once(scene.world.app, [one, one], slow="idea.") == [None, None]
    assert db.session.scalar(select(func.count()).select_from(FileSet)) == 1


def test_the_last_room_is_taken_once(scene: Scene) -> None:
    """Two at once in two challenges, each of which would fit alone: a person's share is not overdrawn."""
    limits = Limits(1_000, 1_500, 100_000)
    second = scene.world.draft_idea(scene.world.challenge(), scene.author, "Second")

    def one(idea: Idea) -> None:
        begin(scene.world, scene.author, idea, Wanted("a.pdf", 1_000), limits)

    results = at_once(scene.world.app, [lambda: one(scene.idea), lambda: one(second)], slow="upload.")
    assert sorted("done" if each is None else spelled(each) for each in results) == ["Invalid person_has_no_room", "done"]


def test_a_challenge_has_its_own_share(scene: Scene) -> None:
    limits = Limits(1_000, 100_000, 1_500)
    other: Actor = scene.world.person("Other")
    second = scene.world.draft_idea(scene.challenge, other, "Second")

    def one(who: Actor, idea: Idea) -> None:
        begin(scene.world, who, idea, Wanted("a.pdf", 1_000), limits)

    results = at_once(scene.world.app, [lambda: one(scene.author, scene.idea), lambda: one(other, second)], slow="upload.")
    assert sorted("done" if each is None else spelled(each) for each in results) == [
        "Invalid challenge_has_no_room",
        "done",
    ]


def test_stopping_an_upload_gives_its_room_back(scene: Scene) -> None:
    limits = Limits(1_000, 1_500, 100_000)
    url = f"/uploads/{begin(scene.world, scene.author, scene.idea, Wanted('a.pdf', 1_000), limits).public_id}"
    browser = scene.world.browser(scene.author)
    assert browser.call("DELETE", url).status_code == 204
    assert browser.call("HEAD", url).status_code == 404
    begin(scene.world, scene.author, scene.idea, Wanted("a.pdf", 1_000), limits)


def test_images_are_kept_upright_and_tell_nothing(scene: Scene) -> None:
    content = samples.telling()
    assert samples.SECRET in content
    file = add(scene.world, scene.author, scene.idea, content, "Foto.JPEG", alt="A rig")
    assert (file.name, file.width, file.height, file.alt) == ("Foto.jpg", 30, 40, "A rig")
    assert samples.SECRET not in b"".join(store().get(file.key))


def test_a_list_holds_fifty_files(scene: Scene) -> None:
    first = begin(scene.world, scene.author, scene.idea, Wanted("a.pdf", 10))
    row = {"set_id": first.set_id, "person_id": first.person_id, "name": "a.pdf", "size": 10}
    db.session.add_all(Upload(**row, begun_at=first.begun_at, expires_at=first.expires_at) for _number in range(49))
    db.session.commit()
    assert (
        answer(lambda: begin(scene.world, scene.author, scene.idea, Wanted("a.pdf", 10), LIMITS)) == "Invalid too_many_files"
    )
