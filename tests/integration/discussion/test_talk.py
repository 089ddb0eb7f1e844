"""Who says what where: readers and writers of every kind of talk, changes with their history, deleting, and the count."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from innovation.challenges.service import talking as asking
from innovation.discussion import queries
from innovation.discussion.events import CommentAdded
from innovation.discussion.models import Comment, CommentRevision, Thread
from innovation.discussion.queries import stands
from innovation.discussion.service import counting, deleting, threads, writing
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.service import talking
from innovation.ideas.service import writing as ideas_writing
from innovation.kernel.actor import VISITOR, Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible, Refused
from innovation.kernel.events import Event
from innovation.kernel.usecase import load_locked, transaction
from innovation.projects import queries as projects
from innovation.projects.service import talking as advising
from innovation.rules.predicates import Role
from innovation.rules.talk import LONGEST
from tests.conftest import counting as counting_statements
from tests.support.race import at_once
from tests.support.world import World

MARKER = "zyzzyva"


def say(world: World, idea: Idea, who: Actor, text: str = "Well said.", parent: Comment | None = None) -> Comment:
    found = world.idea_again(idea)
    return talking.say(actor=who, idea=found, text=text, parent=parent and again(parent))


def again(comment: Comment) -> Comment:
    found = queries.comment_by_id(comment.id)
    assert found is not None
    return found


def thread_of(comment: Comment) -> Thread:
    db.session.rollback()
    db.session.expire_all()
    found = queries.thread_by_id(comment.thread_id)
    assert found is not None
    return found


def counted(thread_id: int) -> int:
    return db.session.scalar(select(func.count()).where(Comment.thread_id == thread_id, stands())) or 0


# --- who reads and who writes ------------------------------------------------------------------------------------------


def test_whoever_sees_a_challenge_reads_its_questions_and_its_audience_writes(world: World) -> None:
    challenge = world.challenge(who_may="experts")
    sponsor, expert = world.sponsor_of(challenge), world.person(circle=Circle.EXPERT)
    outsider = world.person(circle=Circle.PUBLIC)
    asked = asking.ask(actor=expert, challenge=world.again(challenge), text="How warm may it be?")
    asking.ask(actor=sponsor, challenge=world.again(challenge), text="40 °C.", parent=again(asked))
    name = thread_of(asked).public_id
    readers = {"expert": expert, "sponsor": sponsor, "manager": world.manager, "outsider": outsider, "visitor": VISITOR}
    reads = [key for key, who in readers.items() if queries.thread(who, name) is not None]
    assert reads == ["expert", "sponsor", "manager"]
    with pytest.raises(Refused):
        asking.ask(actor=outsider, challenge=world.again(challenge), text="And I?")


def test_a_visitor_reads_what_everybody_may_see_and_writes_nothing(world: World) -> None:
    challenge = world.challenge(who_may="everyone")
    asked = asking.ask(actor=world.person(circle=Circle.PUBLIC), challenge=challenge, text="Is it paid?")
    name = thread_of(asked).public_id
    assert queries.thread(VISITOR, name) is not None
    with pytest.raises(Refused):
        asking.ask(actor=VISITOR, challenge=world.again(challenge), text="Hello")
    page = world.browser().get(f"/challenges/{challenge.public_id}/questions").get_data(as_text=True)
    assert ("Is it paid?" in page, "<textarea" in page, "Sign in to take part" in page) == (True, False, True)


def test_the_talk_of_a_panel_is_read_by_panel_and_sponsors_alone(world: World) -> None:
    challenge = world.panel_challenge()
    member, sponsor, staff = world.panellist(challenge), world.sponsor_of(challenge), world.person()
    said = asking.confer(actor=member, challenge=world.again(challenge), text=f"Between us: {MARKER}")
    thread = thread_of(said)
    everyone = {"member": member, "sponsor": sponsor, "manager": world.manager, "staff": staff, "visitor": VISITOR}
    assert [key for key, who in everyone.items() if queries.thread(who, thread.public_id) is not None] == [
        "member",
        "sponsor",
    ]
    path = f"/challenges/{challenge.public_id}/panel-talk"
    found = {key: world.browser(None if who is VISITOR else who).get(path) for key, who in everyone.items()}
    assert {key: (page.status_code, MARKER in page.get_data(as_text=True)) for key, page in found.items()} == {
        "member": (200, True),
        "sponsor": (200, True),
        "manager": (403, False),
        "staff": (403, False),
        "visitor": (404, False),
    }
    for who in (world.manager, staff):
        with pytest.raises(Refused):
            asking.confer(actor=who, challenge=world.again(challenge), text="And me?")
        browser = world.browser(who)
        for address in (f"/comments/{said.public_id}", f"/comments/{said.public_id}/history", f"/live/{thread.public_id}"):
            assert browser.get(address).status_code == 404


def test_the_talk_of_a_sealed_idea_stays_sealed(world: World) -> None:
    challenge = world.sealed()
    author = world.person(circle=Circle.EXPERT)
    idea = world.idea(challenge, author)
    sponsor = world.sponsor_of(challenge)
    said = say(world, idea, sponsor, f"What of {MARKER}?")
    name = thread_of(said).public_id
    administrator = world.grant(world.person(), Role.ADMINISTRATOR)
    everyone = {"author": author, "sponsor": sponsor, "manager": world.manager, "administrator": administrator}
    assert [key for key, who in everyone.items() if queries.thread(who, name) is not None] == ["author", "sponsor"]
    other = world.person(circle=Circle.EXPERT)
    for who in (administrator, world.manager, other):
        browser = world.browser(who)
        looked = [
            f"/ideas/{idea.public_id}",
            f"/ideas/{idea.public_id}/talk",
            f"/comments/{said.public_id}",
            f"/comments/{said.public_id}/replies",
            f"/comments/{said.public_id}/history",
            f"/challenges/{challenge.public_id}/questions",
            f"/threads/{name}/people?q=a",
            f"/live/{name}",
        ]
        assert [path for path in looked if MARKER in browser.get(path).get_data(as_text=True)] == []


def test_a_project_is_talked_about_by_its_team_and_its_challenges_audience(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    idea = world.idea(challenge, author)
    world.vote(idea)
    world.announced(challenge)
    project = projects.of_idea(author, idea.id)
    assert project is not None
    name = project.public_id

    def found(who: Actor) -> object:
        world.anew()
        return projects.get(who, name)

    reader, outsider = world.person(), world.person(circle=Circle.EXPERT)
    said = advising.say(actor=reader, project=found(reader), text="Have you tried it warm?")  # type: ignore[arg-type]
    advising.say(actor=author, project=found(author), text="Yes.", parent=again(said))  # type: ignore[arg-type]
    assert (thread_of(said).comments, found(outsider)) == (2, None)


def test_nothing_is_said_about_a_draft_or_a_withdrawn_idea(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    draft = world.draft_idea(challenge, author)
    with pytest.raises(NotPossible, match="no_talk_here"):
        say(world, draft, author)
    idea = world.idea(world.again(challenge), author)
    said = say(world, idea, world.person())
    ideas_writing.withdraw(actor=author, idea=world.idea_again(idea))
    with pytest.raises(NotPossible, match="no_talk_here"):
        say(world, idea, author)
    db.session.rollback()
    with pytest.raises(Refused):
        writing.add(actor=author, thread=thread_of(said), text="Once more", language="en")


def test_nothing_is_asked_before_a_challenge_is_published(world: World) -> None:
    sponsor = world.person()
    draft = world.draft_challenge(sponsor)
    with pytest.raises(NotPossible, match="no_talk_here"):
        asking.ask(actor=world.actor(sponsor.person_id or 0), challenge=world.again(draft), text="Who reads this?")


def test_a_decided_challenge_stays_open_for_talk(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    idea = world.idea(challenge, author)
    world.vote(idea)
    world.announced(challenge)
    said = say(world, idea, world.person(), "Well deserved.")
    asking.ask(actor=author, challenge=world.again(challenge), text="What now?")
    assert thread_of(said).comments == 1


def test_a_locked_talk_is_read_and_nothing_is_added(world: World) -> None:
    challenge, writer = world.challenge(), world.person()
    idea = world.idea(challenge)
    said = say(world, idea, writer)
    with pytest.raises(Refused):
        threads.lock(actor=writer, thread=thread_of(said))
    threads.lock(actor=world.manager, thread=thread_of(said))
    for who in (writer, world.manager):
        with pytest.raises(NotPossible, match="talk_is_locked"):
            say(world, idea, who)
    with pytest.raises(NotPossible, match="talk_is_locked"):
        writing.edit(actor=writer, comment=again(said), text="Otherwise")
    threads.unlock(actor=world.manager, thread=thread_of(said))
    say(world, idea, writer)
    assert thread_of(said).comments == 2


# --- changes, history, deleting ---------------------------------------------------------------------------------------


def test_what_a_comment_said_before_stays_in_its_history(world: World) -> None:
    idea, writer = world.idea(world.challenge()), world.person()
    said = say(world, idea, writer, "The first words.")
    with pytest.raises(Refused):
        writing.edit(actor=world.manager, comment=again(said), text="Not mine to change")
    writing.edit(actor=writer, comment=again(said), text="The second words.")
    writing.edit(actor=writer, comment=again(said), text="The second words.")
    kept = again(said)
    revisions = db.session.scalars(select(CommentRevision).where(CommentRevision.comment_id == said.id)).all()
    assert (kept.text, kept.revision_no, [each.text for each in revisions]) == ("The second words.", 2, ["The first words."])
    browser = world.browser(world.person())
    page = browser.get(f"/comments/{said.public_id}/history").get_data(as_text=True)
    assert ("<del>first</del>" in page, "<ins>second</ins>" in page) == (True, True)
    assert "edited" in browser.get(f"/ideas/{idea.public_id}").get_data(as_text=True)


def test_a_deleted_comment_keeps_its_answers_and_comes_back_within_thirty_days(world: World) -> None:
    idea, writer, other = world.idea(world.challenge()), world.person(), world.person()
    said = say(world, idea, writer, "Words to delete.")
    answer = say(world, idea, other, "An answer to them.", said)
    alone = say(world, idea, writer, "Nobody answered this.")
    with pytest.raises(Refused):
        deleting.delete(actor=other, comment=again(said))
    for each in (said, alone):
        deleting.delete(actor=writer, comment=again(each))
    assert thread_of(said).comments == 1
    page = world.browser(other).get(f"/ideas/{idea.public_id}").get_data(as_text=True)
    shown = ["Words to delete" in page, "This comment was deleted." in page, "An answer" in page, "Nobody answered" in page]
    assert (shown, f"comment-{alone.public_id}" in page) == ([False, True, True, False], False)
    assert world.browser(other).get(f"/comments/{alone.public_id}").status_code == 404
    mine = world.browser(writer).get(f"/ideas/{idea.public_id}").get_data(as_text=True)
    assert mine.count("Bring it back") == 2
    with pytest.raises(Refused):
        deleting.restore(actor=other, comment=again(said))
    deleting.restore(actor=writer, comment=again(said))
    assert (thread_of(said).comments, again(answer).parent_id) == (2, said.id)
    with pytest.raises(NotPossible, match="comment_cannot_return"):
        deleting.restore(actor=writer, comment=again(said))


def test_what_the_manager_deleted_its_writer_does_not_bring_back(world: World) -> None:
    idea, writer = world.idea(world.challenge()), world.person()
    said = say(world, idea, writer)
    deleting.delete(actor=world.manager, comment=again(said))
    with pytest.raises(Refused):
        deleting.restore(actor=writer, comment=again(said))
    deleting.restore(actor=world.manager, comment=again(said))
    assert thread_of(said).comments == 1


def test_an_answer_to_a_deleted_or_foreign_comment_is_refused(world: World) -> None:
    challenge, writer = world.challenge(), world.person()
    idea, elsewhere = world.idea(challenge), world.idea(world.again(challenge))
    said, other = say(world, idea, writer), say(world, elsewhere, writer)
    with pytest.raises(NotPossible, match="comment_is_gone"):
        say(world, idea, writer, parent=other)
    deleting.delete(actor=writer, comment=again(said))
    with pytest.raises(NotPossible, match="comment_is_gone"):
        say(world, idea, writer, parent=said)


def test_nothing_and_too_much_are_refused(world: World) -> None:
    idea, writer = world.idea(world.challenge()), world.person()
    for text, code in ((" \n ", "comment_missing"), ("x" * (LONGEST + 1), "comment_too_long")):
        with pytest.raises(Invalid, match=code):
            say(world, idea, writer, text)
    assert say(world, idea, writer, "x" * LONGEST).id > 0


def test_the_words_of_old_trash_are_forgotten_and_the_line_stays(world: World) -> None:
    idea, writer = world.idea(world.challenge()), world.person()
    said = say(world, idea, writer, "Words.")
    writing.edit(actor=writer, comment=again(said), text="Other words.")
    say(world, idea, writer, "An answer.", said)
    deleting.delete(actor=writer, comment=again(said))
    assert deleting.empty_trash(actor=house(Origin.CLOCK)) == 0
    with transaction():
        row = again(said)
        assert row.trashed_at is not None
        row.trashed_at -= timedelta(days=31)
    assert [deleting.empty_trash(actor=house(Origin.CLOCK)) for _ in range(2)] == [1, 0]
    assert (again(said).text, len(queries.revisions(said.id))) == ("", 0)
    with pytest.raises(NotPossible):
        deleting.restore(actor=writer, comment=again(said))


# --- the count, once, and what is asked -------------------------------------------------------------------------------


def test_the_counter_is_a_recount_after_everything(world: World) -> None:
    idea, writer = world.idea(world.challenge()), world.person()
    said = [say(world, idea, writer, f"Number {number}") for number in range(4)]
    say(world, idea, writer, "An answer", said[0])
    deleting.delete(actor=writer, comment=again(said[1]))
    deleting.delete(actor=writer, comment=again(said[2]))
    deleting.restore(actor=writer, comment=again(said[2]))
    with transaction():
        hidden = again(said[3])
        hidden.hidden_at = world.now()
        counting.recount(hidden.thread)
    thread = thread_of(said[0])
    assert (thread.comments, counted(thread.id)) == (3, 3)


def test_many_at_once_open_one_thread_and_are_counted_all(world: World) -> None:
    idea = world.idea(world.challenge())
    name, people = idea.public_id, world.crowd(6)

    def call(who: Actor) -> int:
        with transaction():
            found = load_locked(lambda: ideas.get(who, name))
            assert found is not None
            return talking.say(actor=who, idea=found, text="At once").thread_id

    results = at_once(world.app, [lambda who=who: call(who) for who in people], slow="FROM comment")
    assert len(set(results)) == 1
    thread = queries.thread_by_id(results[0])
    assert thread is not None
    assert (thread.comments, counted(thread.id), db.session.scalar(select(func.count()).select_from(Thread))) == (6, 6, 1)


def test_answers_and_deletions_at_once_are_counted_right(world: World) -> None:
    """They do not come through the idea: the thread's own lock is what keeps the count."""
    idea, people = world.idea(world.challenge()), world.crowd(6)
    said = [say(world, idea, who) for who in people]
    names = [each.public_id for each in said]

    def answer(who: Actor, name: str) -> None:
        with transaction():
            found = load_locked(lambda: queries.comment(who, name))
            assert found is not None
            writing.add(actor=who, thread=found.thread, text="At once", language="en", parent=found)

    def delete(who: Actor, name: str) -> None:
        with transaction():
            found = load_locked(lambda: queries.comment(who, name))
            assert found is not None
            deleting.delete(actor=who, comment=found)

    pairs = list(zip(people, names, strict=True))
    calls = [lambda who=who, name=name: answer(who, name) for who, name in pairs[:4]]
    calls += [lambda who=who, name=name: delete(who, name) for who, name in pairs[4:]]
    assert at_once(world.app, calls, slow="count(*)") == [None] * 6
    thread = thread_of(said[0])
    assert (thread.comments, counted(thread.id)) == (8, 8)


def test_a_form_sent_twice_says_it_once(world: World) -> None:
    idea, writer = world.idea(world.challenge()), world.person()
    browser = world.browser(writer)
    form = {"text": "Only once.", "once": "k" * 32}
    first, second = (browser.post(f"/ideas/{idea.public_id}/talk", form) for _ in range(2))
    assert (first.status_code, second.status_code, first.location) == (303, 303, second.location)
    said = db.session.scalars(select(Comment)).one()
    reply = {"text": "An answer, once.", "once": "m" * 32}
    for _ in range(2):
        assert browser.post(f"/comments/{said.public_id}/replies", reply).status_code == 303
    assert thread_of(said).comments == 2
    facts = db.session.scalars(select(Event).where(Event.name == CommentAdded.__name__).order_by(Event.id)).all()
    assert [each.payload["parent_id"] for each in facts] == [None, said.id]
    assert {(each.challenge_id, each.idea_id) for each in facts} == {(idea.challenge_id, idea.id)}


def test_a_wrong_form_is_answered_with_everything_typed(world: World) -> None:
    idea, writer = world.idea(world.challenge()), world.person()
    long = "x" * (LONGEST + 1)
    page = world.browser(writer).post(f"/ideas/{idea.public_id}/talk", {"text": long})
    assert (page.status_code, long in page.get_data(as_text=True)) == (422, True)


def fill(world: World, idea: Idea, count: int) -> None:
    people = world.crowd(5)
    said: list[Comment] = []
    for number, who in zip(range(count), itertools.cycle(people), strict=False):
        parent = said[number // 2] if number % 3 else None
        said.append(say(world, idea, who, f"Comment {number} for @{people[number % 5].name}", parent))


def test_a_long_talk_asks_no_more_of_the_database_than_a_short_one(embedded: World) -> None:
    world = embedded
    challenge = world.challenge()
    reader = world.browser(world.person())
    asked = []
    for count in (1, 60):
        idea = world.idea(world.again(challenge))
        fill(world, idea, count)
        for path in (f"/ideas/{idea.public_id}", f"/ideas/{idea.public_id}/talk"):
            reader.get(path)
            with counting_statements() as sent:
                page = reader.get(path)
            assert page.status_code == 200
            asked.append((path[17:], len(sent)))
    assert asked[2:] == asked[:2]
    assert dict(asked)["/talk"] <= 12


def test_sixty_comments_are_two_pages_and_every_permalink_finds_its_own(embedded: World) -> None:
    world = embedded
    idea = world.idea(world.challenge())
    fill(world, idea, 60)
    browser = world.browser(world.person())
    rows = db.session.scalars(select(Comment).order_by(Comment.path)).all()
    names = [row.public_id for row in rows]
    seen: list[str] = []
    address: str | None = f"/ideas/{idea.public_id}/talk"
    pages = 0
    while address:
        page = browser.get(address).get_data(as_text=True)
        seen += re.findall(r'<li class="comment[^"]*" id="comment-(\w+)"', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else None
        pages += 1
    assert (pages, seen) == (2, names)
    for name in (names[0], names[49], names[50], names[59]):
        place = browser.get(f"/comments/{name}").location
        assert f'id="comment-{name}"' in browser.get(place.split("#")[0]).get_data(as_text=True)
        assert place.endswith(f"#comment-{name}")


def test_a_permalink_survives_renaming(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    idea = world.idea(challenge, author, "An old name")
    said = say(world, idea, author)
    before = world.browser(author).get(f"/comments/{said.public_id}").location
    ideas_writing.revise(actor=author, idea=world.idea_again(idea), title="A new name", text="Better.", requested_minor=None)
    assert world.browser(author).get(f"/comments/{said.public_id}").location == before


def test_the_number_of_comments_stands_on_the_card_and_on_the_tab(world: World) -> None:
    challenge, who = world.challenge(), world.person()
    idea = world.idea(challenge)
    say(world, idea, who)
    asking.ask(actor=who, challenge=world.again(challenge), text="How?")
    page = world.browser(who).get(f"/challenges/{challenge.public_id}/ideas").get_data(as_text=True)
    assert (f'href="/ideas/{idea.public_id}#talk">1 comment</a>' in page) is True
    assert 'Questions <span class="tabs-count">1</span>' in page


def test_the_fragment_is_sent_again_only_when_something_changed(world: World) -> None:
    idea, who = world.idea(world.challenge()), world.person()
    said = say(world, idea, who)
    browser = world.browser(who)
    path, asks = f"/ideas/{idea.public_id}/talk", {"HX-Request": "true"}
    first = browser.get(path, headers=asks)
    assert "<html" not in first.get_data(as_text=True)

    def next_status() -> int:
        return browser.get(path, headers={**asks, "If-None-Match": first.headers["ETag"]}).status_code

    assert next_status() == 304
    writing.edit(actor=who, comment=again(said), text="Other words")
    assert next_status() == 200


def test_an_empty_comment_is_told_on_top_with_a_link_to_the_field(world: World) -> None:
    challenge = world.challenge()
    project, writer = world.project(), world.person()
    panellist = world.sponsor_of(challenge)
    idea = world.idea(challenge)
    for who, path in (
        (writer, f"/ideas/{idea.public_id}/talk"),
        (writer, f"/challenges/{challenge.public_id}/questions"),
        (panellist, f"/challenges/{challenge.public_id}/panel-talk"),
        (writer, f"/projects/{project.public_id}/talk"),
    ):
        page = world.browser(who).post(path, {"text": " "})
        html = page.get_data(as_text=True)
        assert (page.status_code, 'class="error-summary"' in html, 'href="#text"' in html) == (422, True, True), path


def test_who_writes_on_the_page_of_an_idea_goes_back_there(world: World) -> None:
    idea, writer = world.idea(world.challenge()), world.person()
    browser = world.browser(writer)
    assert 'name="here" value="pages.idea"' in browser.get(f"/ideas/{idea.public_id}").get_data(as_text=True)
    there = browser.post(f"/ideas/{idea.public_id}/talk", {"text": "Here.", "here": "pages.idea", "once": "a" * 32})
    said = db.session.scalars(select(Comment)).one()
    assert there.location == f"/ideas/{idea.public_id}#comment-{said.public_id}"
    elsewhere = browser.post(f"/ideas/{idea.public_id}/talk", {"text": "There.", "here": "pages.home", "once": "b" * 32})
    assert elsewhere.location.startswith("/comments/")


def test_the_way_back_from_deleting_is_in_view(world: World) -> None:
    """An address of the line would scroll past the notice that has the button."""
    idea, writer = world.idea(world.challenge()), world.person()
    said, browser = say(world, idea, writer), world.browser(writer)
    gone = browser.post(f"/comments/{said.public_id}/deletion", {})
    assert gone.location == f"/ideas/{idea.public_id}/talk"
    assert "Undo" in browser.get(gone.location).get_data(as_text=True)


def test_a_comment_in_the_trash_reads_as_words_without_mark_up(world: World) -> None:
    writer = world.person("Writer", Circle.STAFF)
    comment = say(world, world.idea(world.challenge()), writer, "See **this** and `that`.")
    deleting.delete(actor=writer, comment=again(comment))
    page = world.browser(writer).get("/my-work/trash").get_data(as_text=True)
    assert (page.count("See this and that."), "**this**" in page) == (2, False)


def test_the_talk_of_the_panel_is_reached_from_the_challenge_by_those_who_read_it(embedded: World) -> None:
    challenge = embedded.panel_challenge()
    readers = [embedded.panellist(challenge), embedded.sponsor_of(challenge), embedded.person()]
    path = f"/challenges/{challenge.public_id}"
    pages = [embedded.browser(who).get(path).get_data(as_text=True) for who in readers]
    assert [f"{path}/panel-talk" in page for page in pages] == [True, True, False]
