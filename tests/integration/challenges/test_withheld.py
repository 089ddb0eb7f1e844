"""A sponsor who withholds his name: who knows it all the same, and that it is never taken back once it was shown."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.service import briefs, talking, withholding
from innovation.discussion import queries as discussion
from innovation.exchange.queries import lists
from innovation.insight.queries import activity, knowing
from innovation.kernel.actor import VISITOR, Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, Refused
from innovation.kernel.usecase import transaction
from innovation.notifications.queries.replying import reply_to
from innovation.people.models import Person
from innovation.people.service import accounts
from innovation.rules.predicates import Role
from tests.support.pages import words
from tests.support.world import World

NAME = "Xanthippolyta Vex"
UNNAMED = "A sponsor who withholds his name"


def _withheld(world: World, **changes: object) -> Challenge:
    """A published challenge whose sponsor withholds his name; he stands outside its audience."""
    made = world.draft_challenge(world.person(NAME), **changes)
    withholding.withhold(actor=world.sponsor_of(made), challenge=world.again(made), withheld=True)
    world.handed_in(world.again(made))
    briefs.publish(actor=world.manager, challenge=world.again(made))
    return world.again(made)


def _person(world: World, who: Actor) -> Person:
    world.anew()
    return db.session.get_one(Person, who.person_id)


def test_sponsor_panel_manager_and_administrator_know_it_and_nobody_else(world: World) -> None:
    challenge = _withheld(world, who_may="everyone")
    people = {
        "visitor": VISITOR,
        "public": world.person("", Circle.PUBLIC),
        "staff": world.person(),
        "sponsor elsewhere": world.sponsor_of(world.challenge()),
        "sponsor": world.sponsor_of(challenge),
        "panel": world.panellist(challenge, world.person("", Circle.EXPERT)),
        "manager": world.grant(world.person(), Role.MANAGER),
        "manager of the programme": world.grant(world.person(), Role.MANAGER, "programme", challenge.programme_id),
        "manager of another": world.grant(world.person(), Role.MANAGER, "programme", world.programme("Other").id),
        "administrator": world.grant(world.person(), Role.ADMINISTRATOR),
    }
    knowing_it = ["sponsor", "panel", "manager", "manager of the programme", "administrator"]
    row = world.again(challenge)
    assert [name for name, who in people.items() if challenges.knows_sponsor(who, row)] == knowing_it
    by_sql = {
        name: db.session.scalar(select(Challenge.id).where(Challenge.id == row.id, challenges.names_sponsor(who)))
        for name, who in people.items()
    }
    assert [name for name, found in by_sql.items() if found] == knowing_it
    listed = {name: challenges.sponsor_names([row.id], who) for name, who in people.items()}
    assert [name for name, found in listed.items() if found == {row.id: NAME}] == knowing_it
    assert [name for name, found in listed.items() if found == {}] == [each for each in people if each not in knowing_it]


def test_readers_read_that_a_sponsor_withholds_his_name(world: World) -> None:
    challenge = _withheld(world, who_may="everyone")
    for browser in (world.browser(), world.browser(world.person())):
        for path in ("/", "/challenges", f"/challenges/{challenge.public_id}"):
            page = words(browser.get(path))
            assert (path, UNNAMED in page, NAME in page) == (path, True, False)
    own = words(world.browser(world.sponsor_of(challenge)).get(f"/challenges/{challenge.public_id}"))
    assert (NAME in own, UNNAMED in own) == (True, False)


def test_what_he_writes_and_adds_stands_under_the_sponsor(world: World) -> None:
    challenge = _withheld(world)
    sponsor, staff = world.sponsor_of(challenge), world.person()
    talking.ask(actor=sponsor, challenge=world.again(challenge), text="Ask me anything.")
    world.anew()
    said = discussion.talk(staff, challenges.talk_of(world.again(challenge)), world.now()).lines[0].writer
    assert (said.kind, said.name) == ("sponsor", "")
    page = words(world.browser(staff).get(f"/challenges/{challenge.public_id}/questions"))
    assert ("The sponsor" in page, NAME in page) == (True, False)
    stream = activity.of_challenge(staff, world.again(challenge), None).items
    told = next(line for line in stream if line.name == "CommentAdded")
    assert (told.by, told.veiled, told.sponsor) == (None, False, True)
    known = discussion.talk(world.manager, challenges.talk_of(world.again(challenge)), world.now()).lines[0].writer
    assert known.name == NAME


def test_his_page_and_stream_are_not_found_by_his_challenge(world: World) -> None:
    challenge = _withheld(world)
    sponsor, staff = world.sponsor_of(challenge), world.person()
    talking.ask(actor=sponsor, challenge=world.again(challenge), text="Ask me anything.")
    person = _person(world, sponsor)
    assert knowing.person(staff, person.public_id) is None
    assert activity.of_person(staff, person, None).items == []
    assert knowing.person(world.manager, person.public_id) is not None


def test_nobody_is_suggested_for_reading_a_talk_only_as_its_sponsor(world: World) -> None:
    challenge = _withheld(world)
    sponsor, staff = world.sponsor_of(challenge), world.person()
    talking.ask(actor=sponsor, challenge=world.again(challenge), text="Ask me anything.")
    thread = challenges.talk_of(world.again(challenge))
    assert [each.name for each in discussion.suggested(staff, thread, "xanth")] == [NAME]  # staff reads here anyway
    db.session.rollback()
    _move_out(world, sponsor)
    thread = challenges.talk_of(world.again(challenge))
    assert discussion.suggested(staff, thread, "xanth") == []
    assert [each.name for each in discussion.suggested(world.manager, thread, "xanth")] == [NAME]


def _move_out(world: World, who: Actor) -> None:
    """Somebody who stands outside every audience but the public's from now on."""
    with transaction():
        accounts.place(db.session.get_one(Person, who.person_id), Circle.PUBLIC, None, None, "manager", world.now())


def test_readers_of_sealed_ideas_are_counted_with_him_unnamed(world: World) -> None:
    made = world.draft_challenge(world.person(NAME), who_may="experts", visibility="sealed", who_decides="sponsor")
    withholding.withhold(actor=world.sponsor_of(made), challenge=world.again(made), withheld=True)
    world.panellist(made, world.person("Panel", Circle.EXPERT))
    expert = world.person("", Circle.EXPERT)
    row = world.again(made)
    assert list(challenges.readers_of_sealed(row.id, expert)) == ["Panel", challenges.NAME_WITHHELD]
    assert list(challenges.readers_of_sealed(row.id, world.manager)) == ["Panel", NAME]
    world.handed_in(row)
    briefs.publish(actor=world.manager, challenge=world.again(made))
    page = words(world.browser(expert).get(f"/challenges/{made.public_id}/ideas/new"))
    assert ("Panel, the sponsor (name withheld)" in page, NAME in page) == (True, False)


def test_answers_to_mails_and_lists_as_files_name_nobody(world: World) -> None:
    challenge = _withheld(world)
    staff = world.person()
    found = reply_to(challenge.id, staff.person_id)
    assert found is not None
    assert found[0] == world.manager.name
    batch = lists.batch(staff, "challenges", {}, None, world.now(), None)
    column = lists.COLUMNS["challenges"].index("sponsors")
    assert [row[column] for row in batch.rows] == [None]


def test_a_name_that_was_shown_is_never_withheld_again(world: World) -> None:
    challenge = _withheld(world)
    sponsor = world.sponsor_of(challenge)
    withholding.withhold(actor=sponsor, challenge=world.again(challenge), withheld=False)
    assert NAME in words(world.browser(world.person()).get(f"/challenges/{challenge.public_id}"))
    with pytest.raises(Invalid) as refused:
        withholding.withhold(actor=sponsor, challenge=world.again(challenge), withheld=True)
    assert (refused.value.code, world.again(challenge).sponsor_withheld) == ("sponsor_was_named", False)


def test_before_publication_a_sponsor_changes_his_mind_as_often_as_he_likes(world: World) -> None:
    draft = world.draft_challenge(world.person(NAME))
    for wanted in (True, False, True):
        withholding.withhold(actor=world.sponsor_of(draft), challenge=world.again(draft), withheld=wanted)
    assert world.again(draft).sponsor_withheld is True


def test_only_a_sponsor_shows_or_withholds_the_name(world: World) -> None:
    challenge = _withheld(world)
    with pytest.raises(Refused):
        withholding.withhold(actor=world.manager, challenge=world.again(challenge), withheld=False)
    page = world.browser(world.manager).post(f"/challenges/{challenge.public_id}/full-part", {"access": "none"})
    assert (page.status_code, world.again(challenge).sponsor_withheld) == (303, True)
