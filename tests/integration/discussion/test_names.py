"""Whom a comment names, who is told, and whose name is kept back before the result."""

from __future__ import annotations

from sqlalchemy import select, update

from innovation.challenges.models import Challenge
from innovation.discussion import queries
from innovation.discussion.events import PersonMentioned
from innovation.discussion.models import Mention
from innovation.discussion.service import writing
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.people.models import Person
from innovation.rules.talk import token
from tests.integration.discussion.test_talk import again, say, thread_of
from tests.support.world import World

WITHHELD = "An author of this idea"


def public_id(who: Actor) -> str:
    found = db.session.get_one(Person, who.person_id).public_id
    db.session.rollback()
    return found


def told() -> list[int]:
    found = db.session.scalars(select(Event).where(Event.name == PersonMentioned.__name__).order_by(Event.id)).all()
    ids = [each.payload["person_id"] for each in found]
    db.session.rollback()
    return ids


def page_of(world: World, idea_id: str, who: Actor | None) -> str:
    return world.browser(who).get(f"/ideas/{idea_id}").get_data(as_text=True)


def test_a_full_name_behind_an_at_names_a_reader_and_tells_once(world: World) -> None:
    idea, writer, ada = world.idea(world.challenge()), world.person(), world.person("Ada de Wit")
    said = say(world, idea, writer, "Ask @Ada de Wit, she knows.")
    assert again(said).text == f"Ask {token(public_id(ada))}, she knows."
    page = page_of(world, idea.public_id, writer)
    assert f'<a class="mention" href="/people/{public_id(ada)}">@Ada de Wit</a>' in page
    writing.edit(actor=writer, comment=again(said), text="Ask somebody else.")
    writing.edit(actor=writer, comment=again(said), text="Ask @Ada de Wit after all.")
    assert told() == [ada.person_id]


def test_a_name_added_by_an_edit_is_told(world: World) -> None:
    idea, writer, ada, ben = world.idea(world.challenge()), world.person(), world.person("Ada"), world.person("Ben")
    said = say(world, idea, writer, "Ask @Ada.")
    writing.edit(actor=writer, comment=again(said), text="Ask @Ada and @Ben.")
    assert told() == [ada.person_id, ben.person_id]
    assert queries.typed(again(said)) == "Ask @Ada and @Ben."


def test_who_may_not_read_the_talk_is_not_named(world: World) -> None:
    idea, writer = world.idea(world.challenge(who_may="staff")), world.person()
    outside = world.person("Out Side", Circle.EXPERT)
    forged = token(public_id(outside))
    said = say(world, idea, writer, f"Ask @Out Side, or {forged}.")
    assert (told(), db.session.scalars(select(Mention)).all()) == ([], [])
    page = page_of(world, idea.public_id, writer)
    assert (f"/people/{forged[9:19]}" in page, "@Out Side" in page, again(said).text.count("@Out Side")) == (False, True, 1)


def test_a_name_that_two_people_have_is_nobodys(world: World) -> None:
    idea, writer = world.idea(world.challenge()), world.person()
    twins = [world.person(f"Twin {number}") for number in (1, 2)]
    with transaction():
        db.session.execute(update(Person).where(Person.id.in_([each.person_id for each in twins])).values(name="Jan Jansen"))
    say(world, idea, writer, "Ask @Jan Jansen.")
    assert told() == []
    thread = thread_of(say(world, idea, writer, "And again."))
    inserted = {each.insert for each in queries.suggested(writer, thread, "jan")}
    assert inserted == {token(public_id(each)) for each in twins}
    say(world, idea, writer, f"Then {token(public_id(twins[1]))}.")
    assert told() == [twins[1].person_id]


def test_a_mention_survives_renaming_and_erasure(world: World) -> None:
    idea, writer, ada = world.idea(world.challenge()), world.person(), world.person("Ada")
    say(world, idea, writer, "Ask @Ada.")
    with transaction():
        db.session.get_one(Person, ada.person_id).name = "Ada Jansen"
    page = page_of(world, idea.public_id, writer)
    assert (">@Ada Jansen</a>" in page, ">@Ada</a>" in page) == (True, False)
    with transaction():
        person = db.session.get_one(Person, ada.person_id)
        person.erased_at, person.name = world.now(), ""
    page = page_of(world, idea.public_id, writer)
    assert ('<span class="mention">@former participant</span>' in page, "Ada" in page) == (True, False)


def test_markup_in_a_name_is_shown_as_it_is_written(world: World) -> None:
    idea, writer, ada = world.idea(world.challenge()), world.person(), world.person("Ada")
    say(world, idea, writer, "Ask @Ada. <script>alert(1)</script>")
    with transaction():
        db.session.get_one(Person, ada.person_id).name = "<b>Ada</b>"
    page = page_of(world, idea.public_id, writer)
    assert ("@&lt;b&gt;Ada&lt;/b&gt;" in page, "<b>Ada" in page, "<script>alert" in page) == (True, False, False)


def test_suggestions_are_people_who_read_the_talk(world: World) -> None:
    challenge = world.sealed()
    author = world.person("Sam Author", Circle.EXPERT)
    idea = world.idea(challenge, author)
    sponsor = world.sponsor_of(challenge)
    world.person("Sam Staff")
    thread = thread_of(say(world, idea, author))
    with transaction():
        db.session.get_one(Person, sponsor.person_id).name = "Sam Sponsor"
    assert [each.name for each in queries.suggested(world.actor(sponsor.person_id or 0), thread, "sam")] == ["Sam Author"]
    other = world.browser(world.person("Other", Circle.EXPERT))
    assert other.get(f"/threads/{thread.public_id}/people?q=sam").status_code == 404
    assert world.browser().get(f"/threads/{thread.public_id}/people?q=sam").status_code == 404


def test_an_outsider_is_not_told_the_names_of_everybody(world: World) -> None:
    idea, expert = world.idea(world.challenge(who_may="experts")), world.person("Expert", Circle.EXPERT)
    speaker = world.person("Sam Speaker")
    world.person("Sam Silent")
    thread = thread_of(say(world, idea, speaker))
    assert [each.name for each in queries.suggested(expert, thread, "sam")] == ["Sam Speaker"]
    assert {each.name for each in queries.suggested(world.person(), thread, "sam")} == {"Sam Speaker", "Sam Silent"}


def test_an_outsider_finds_the_sponsors_whom_the_challenge_names(world: World) -> None:
    challenge = world.challenge(world.person("Sam Sponsor"), who_may="experts")
    idea, expert = world.idea(challenge), world.person("Expert", Circle.EXPERT)
    world.person("Sam Silent")
    thread = thread_of(say(world, idea, expert))
    assert [each.name for each in queries.suggested(expert, thread, "sam")] == ["Sam Sponsor"]


# --- names that are kept back -----------------------------------------------------------------------------------------


def hidden(world: World, **changes: object) -> Challenge:
    challenge = world.challenge(**changes)
    with transaction():
        db.session.get_one(Challenge, challenge.id).names_hidden = True
    return world.again(challenge)


def test_an_author_speaks_without_a_name_until_the_result(world: World) -> None:
    challenge = hidden(world)
    author, reader = world.person("Ada Author"), world.person("Rea Reader")
    idea = world.idea(challenge, author)
    said = say(world, idea, author, "I made it of glass.")
    say(world, idea, reader, "Why glass?", said)
    pages = {
        "reader": page_of(world, idea.public_id, reader),
        "author": page_of(world, idea.public_id, author),
        "sponsor": page_of(world, idea.public_id, world.sponsor_of(challenge)),
    }
    seen = {key: (WITHHELD in page, "Ada Author" in page.split('id="talk"')[1]) for key, page in pages.items()}
    assert seen == {"reader": (True, False), "author": (False, True), "sponsor": (False, True)}
    browser = world.browser(reader)
    for path in (f"/comments/{said.public_id}/history", f"/comments/{said.public_id}/replies"):
        page = browser.get(path).get_data(as_text=True)
        assert (WITHHELD in page, "Ada Author" in page) == (True, False)
    thread = thread_of(said)
    assert [each.name for each in queries.suggested(world.person("X", Circle.EXPERT), thread, "ada")] == []
    assert queries.writers(reader, [again(said)])[said.id].kind == "author"
    with transaction():
        db.session.get_one(Challenge, challenge.id).decided_at = world.now()
    assert (WITHHELD in page_of(world, idea.public_id, reader)) is False


def test_a_panel_that_may_not_know_the_authors_of_a_sealed_idea_cannot_find_them_by_naming(world: World) -> None:
    challenge = world.sealed()
    with transaction():
        db.session.get_one(Challenge, challenge.id).names_hidden = True
    author, judge = world.person("Ada Author"), world.panellist(world.again(challenge), world.person("Jo Judge"))
    idea = world.idea(world.again(challenge), author)
    thread = thread_of(say(world, idea, author))
    said = say(world, idea, judge, f"Is it @Ada Author, or {token(public_id(author))}?")
    assert [each.name for each in queries.suggested(judge, thread, "ada")] == []
    assert [each.name for each in queries.suggested(author, thread, "jo")] == ["Jo Judge"]
    assert (again(said).text.count("@Ada Author"), told()) == (1, [])
    page = page_of(world, idea.public_id, judge)
    assert f'<a class="mention" href="/people/{public_id(author)}"' not in page


def test_an_author_on_another_idea_has_his_name(world: World) -> None:
    challenge = hidden(world)
    author, reader = world.person("Ada Author"), world.person()
    world.idea(challenge, author)
    other = world.idea(world.again(challenge))
    say(world, other, author, "Well thought.")
    assert "Ada Author" in page_of(world, other.public_id, reader)


def test_a_co_author_named_by_an_author_is_kept_back_and_one_named_by_a_guess_is_not(world: World) -> None:
    """To replace what a reader typed himself would tell him that he guessed right."""
    challenge = hidden(world)
    author, reader = world.person("Ada Author"), world.person("Rea Reader")
    idea = world.idea(challenge, author)
    say(world, idea, author, "It is mine: @Ada Author.")
    page = page_of(world, idea.public_id, reader).split('id="talk"')[1]
    assert ("Ada Author" in page, f"@{WITHHELD}" in page) == (False, True)
    guessed = say(world, idea, reader, "Is this yours, @Ada Author?")
    page = page_of(world, idea.public_id, reader).split('id="talk"')[1]
    assert page.count("@Ada Author</a>") == 1
    texts = queries.plain_texts(reader, [again(guessed)])
    assert texts[guessed.id] == "Is this yours, @Ada Author?"


def test_an_erased_person_is_a_former_participant(world: World) -> None:
    idea, writer = world.idea(world.challenge()), world.person("Gone Soon")
    say(world, idea, writer)
    with transaction():
        db.session.get_one(Person, writer.person_id).erased_at = world.now()
    page = page_of(world, idea.public_id, world.person()).split('id="talk"')[1]
    assert ("Gone Soon" in page, "former participant" in page) == (False, True)
