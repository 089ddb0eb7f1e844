"""How a fact reaches people: by the ways each of them chose, once, and never past what he muted or may not see."""

from __future__ import annotations

from typing import Any

import pytest
from flask import get_template_attribute
from flask_babel import force_locale
from sqlalchemy import func, select

from innovation.challenges.service import course
from innovation.ideas.service import authors, writing
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.notifications import service
from innovation.notifications.models import Message
from innovation.notifications.queries import Line
from innovation.notifications.queries.addressees import who_see
from innovation.notifications.queries.audience import seers_of_challenge, seers_of_idea
from innovation.notifications.service import choosing
from innovation.people import queries as people
from innovation.people.models import Person
from innovation.rules.notices import PLANS, TOPICS, Topic, Way
from innovation.rules.predicates import Role
from tests.conftest import counting
from tests.integration.notifications.conftest import Told
from tests.support.world import World


def watch(who: Actor, subject: Any, level: str = "follow", kind: str = "challenge") -> None:
    choosing.watch(actor=who, kind=kind, subject_id=subject.id, level=level)


def choose(who: Actor, topic: Topic, *ways: Way, digest: str = "daily") -> None:
    choosing.choose(actor=who, wanted={topic: set(ways)}, digest=digest)


# --- how much it asks ----------------------------------------------------------------------------------------------


def _asked(world: World, how_many: int) -> tuple[int, int, int]:
    """(questions, statements, people told) of telling so many people of one fact."""
    crowd = world.crowd(how_many)
    with transaction():
        event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        ids = [each.person_id or 0 for each in crowd]
        with counting() as sent:
            told = service.tell(event, "update_posted", ids, {"project_id": 1})
            db.session.flush()
        return sum(each.startswith("SELECT") for each in sent.seen), len(sent), told


def test_telling_three_hundred_asks_no_more_than_telling_three(world: World) -> None:
    """Whose name is withheld, the choices with the addresses, and what was told before; then the messages and the mails'
    deliveries.

    SQLite writes row by row where it has to say the new rows' keys, in its own process; PostgreSQL is asked once for each.
    """
    world.challenge()
    (few, statements, told_few), (many, all_statements, told_many) = _asked(world, 3), _asked(world, 300)
    assert (told_few, told_many) == (3, 300)
    assert (few, many) == (3, 3)
    if db.session.get_bind().dialect.name == "postgresql":
        assert (statements, all_statements) == (5, 5)


def test_telling_again_tells_nobody(world: World) -> None:
    world.challenge()
    person = world.person()
    for expected in (1, 0):
        with transaction():
            event = db.session.scalars(select(Event).order_by(Event.id)).first()
            assert event is not None
            assert service.tell(event, "mention", [person.person_id or 0], {}) == expected
    assert db.session.scalar(select(func.count()).select_from(Message).where(Message.kind == "mention")) == 2


def test_three_hundred_followers_are_asked_in_batches(world: World) -> None:
    challenge = world.challenge()
    crowd = [each.person_id or 0 for each in world.crowd(300)]
    number = challenge.id
    db.session.rollback()
    with counting() as sent:
        seen = seers_of_challenge(crowd, number)
    assert (len(seen), len(sent)) == (300, 3 + 3)


# --- choices ---------------------------------------------------------------------------------------------------------


def test_a_choice_holds_for_every_way(world: World, told: Told) -> None:
    challenge = world.challenge()
    names = ("Plain", "Silent", "Mail", "Digest", "Without")
    who = {name: world.person(name) for name in names}
    for each in who.values():
        watch(each, challenge)
    choose(who["Silent"], Topic.FOLLOWED)
    choose(who["Mail"], Topic.FOLLOWED, Way.MAIL)
    choose(who["Digest"], Topic.FOLLOWED, Way.DIGEST)
    choose(who["Without"], Topic.FOLLOWED, Way.DIGEST, Way.PAGE, digest="off")
    world.idea(challenge, world.person("Author"), "For all")
    assert told.ways("followed_idea") == {
        ("Plain", "inbox"),
        ("Plain", "digest"),
        ("Mail", "mail"),
        ("Digest", "digest"),
        ("Without", "inbox"),
    }


def test_a_must_reaches_whoever_switched_off_and_muted_everything(world: World, told: Told) -> None:
    challenge = world.challenge()
    author = world.person("Author")
    choosing.choose(actor=author, wanted={topic: set() for topic in PLANS}, digest="off")
    watch(author, challenge, "mute")
    world.idea(challenge, author)
    world.announced(challenge)
    for kind in ("idea_received", "decision"):
        assert told.ways(kind) == {("Author", "inbox"), ("Author", "mail")}


def test_a_muted_challenge_says_nothing_but_what_one_must_know(world: World, told: Told) -> None:
    challenge = world.challenge()
    author = world.person("Author")
    voters = {name: world.person(name) for name in ("Hears", "Mutes", "MutesIdea", "MutesAuthor")}
    idea = world.idea(challenge, author)
    for each in voters.values():
        world.vote(idea, each)
    watch(voters["Mutes"], challenge, "mute")
    watch(voters["MutesIdea"], idea, "mute", "idea")
    choosing.watch(actor=voters["MutesAuthor"], kind="person", subject_id=author.person_id or 0, level="mute")
    again = world.idea_again(idea)
    writing.revise(actor=author, idea=again, title="New", text="New text.", requested_minor=None)
    assert told("idea_changed") == [("Hears", "idea_changed")]
    world.announced(challenge)
    assert ("Author", "decision") in told("decision")


def test_whom_one_mutes_does_not_tell_who_wrote_an_idea_whose_authors_wait_for_the_result(world: World, told: Told) -> None:
    challenge, author = world.panel_challenge(names_hidden=True), world.person("Author")
    hears, mutes = world.person("Hears"), world.person("Mutes")
    for each in (hears, mutes):
        watch(each, challenge)
    choosing.watch(actor=mutes, kind="person", subject_id=author.person_id or 0, level="mute")
    world.idea(challenge, author)
    assert {name for name, _kind in told("followed_idea")} == {"Hears", "Mutes"}


# --- following -------------------------------------------------------------------------------------------------------


def test_who_follows_hears_of_new_ideas_as_long_as_he_sees_the_challenge(world: World, told: Told) -> None:
    challenge = world.challenge()
    staff, expert = world.person("Staff"), world.person("Expert", Circle.EXPERT)
    for each in (staff, expert):
        watch(each, challenge)
    author = world.person("Author")
    watch(author, challenge)
    world.idea(challenge, author)
    assert told("followed_idea") == [("Staff", "followed_idea")]  # the expert is not asked; the author did it himself
    world.open_to(challenge, "circle", "expert")
    world.idea(challenge, author)
    assert told("followed_idea").count(("Expert", "followed_idea")) == 1


def test_nobody_hears_of_a_sealed_idea_by_following(world: World, told: Told) -> None:
    challenge = world.sealed()
    sponsor, expert = world.sponsor_of(challenge), world.person("Expert", Circle.EXPERT)
    for each in (sponsor, expert):
        watch(each, challenge)
    author = world.person("Author", Circle.EXPERT)
    for each in (sponsor, expert):
        choosing.watch(actor=each, kind="person", subject_id=author.person_id or 0, level="follow")
    world.idea(challenge, author)
    assert told("followed_idea") == []


def test_following_a_person_tells_of_his_ideas_but_not_where_names_wait(world: World, told: Told) -> None:
    author, follower = world.person("Author"), world.person("Follower")
    choosing.watch(actor=follower, kind="person", subject_id=author.person_id or 0, level="follow")
    hidden = world.panel_challenge(names_hidden=True)
    world.idea(hidden, author)
    assert told("followed_idea") == []
    world.idea(world.challenge(), author)
    assert told("followed_idea") == [("Follower", "followed_idea")]


def test_following_an_organisation_tells_of_its_peoples_ideas_and_its_challenges(world: World, told: Told) -> None:
    author = world.person("Author", Circle.STAFF, organisation="Acme")
    follower, other = world.person("Follower"), world.person("Expert", Circle.EXPERT)
    row = people.organisation_by_id(author.organisation_id)
    assert row is not None
    for each in (follower, other):
        watch(each, row, kind="organisation")
    world.idea(world.challenge(), author)
    assert told("followed_idea") == [("Follower", "followed_idea")]
    draft = world.draft_challenge(world.person("Sponsor"))
    with transaction():
        db.session.get_one(type(draft), draft.id).organisation_id = row.id
    world.handed_in(draft)
    from innovation.challenges.service import briefs

    briefs.publish(actor=world.manager, challenge=world.again(draft))
    assert told("followed_challenge") == [("Follower", "followed_challenge")]


def test_an_idea_followed_tells_of_its_change_and_its_end_and_a_voter_once(world: World, told: Told) -> None:
    challenge = world.challenge()
    author, follower, voter = world.person("Author"), world.person("Follower"), world.person("Voter")
    idea = world.idea(challenge, author)
    world.vote(idea, voter)
    for each in (author, follower, voter):
        watch(each, idea, kind="idea")
    writing.revise(actor=author, idea=world.idea_again(idea), title="New", text="Newer.", requested_minor=None)
    assert told("idea_changed", "followed_change") == [("Follower", "followed_change"), ("Voter", "idea_changed")]
    world.announced(challenge)
    assert told("followed_decision") == [("Follower", "followed_decision"), ("Voter", "followed_decision")]


def test_a_deadline_that_moves_reaches_every_draft_and_idea(world: World, told: Told) -> None:
    challenge = world.challenge()
    names = ("Sent", "Draft", "Gone", "Follows", "Nobody")
    who = {name: world.person(name) for name in names}
    world.idea(challenge, who["Sent"])
    world.draft_idea(challenge, who["Draft"])
    gone = world.idea(challenge, who["Gone"])
    writing.withdraw(actor=who["Gone"], idea=world.idea_again(gone))
    watch(who["Follows"], challenge)
    watch(who["Draft"], challenge)
    course.extend(actor=world.manager, challenge=world.again(challenge), closes=world.wall(days=40), reason="More time.")
    assert told("deadline_moved", "followed_deadline") == [
        ("Draft", "deadline_moved"),
        ("Follows", "followed_deadline"),
        ("Sent", "deadline_moved"),
    ]
    letter = next(each for each in world.letters() if each.to == "draft@example.org" and "more time" in each.subject)
    assert "now takes ideas until" in letter.text


def test_a_stopped_challenge_reaches_who_wrote_for_it(world: World, told: Told) -> None:
    challenge = world.challenge()
    author = world.person("Author")
    world.idea(challenge, author)
    course.stop(actor=world.manager, challenge=world.again(challenge), note="No money.", ideas="They stay yours.")
    assert told.ways("challenge_stopped") == {("Author", "inbox"), ("Author", "mail")}


# --- who sees: the same predicate as the pages -----------------------------------------------------------------------


def test_asking_many_at_once_says_what_asking_each_says(world: World) -> None:
    from innovation.challenges import queries as challenges
    from innovation.ideas import queries as ideas

    sealed, staff = world.sealed(), world.challenge()
    helper = world.person("Helper", Circle.PARTNER)
    author = world.person("Author", Circle.EXPERT)
    idea = world.draft_idea(sealed, author)
    authors.name_author(actor=author, idea=world.idea_again(idea), email="helper@example.org")
    writing.submit(actor=author, idea=world.idea_again(idea), accept_terms=True)
    crowd = [
        author,
        helper,
        world.manager,
        world.sponsor_of(sealed),
        world.sponsor_of(staff),
        world.panellist(sealed),
        world.grant(world.person(), Role.ADMINISTRATOR),
        *(world.person("", circle) for circle in Circle),
    ]
    ids = [each.person_id or 0 for each in crowd]
    for challenge in (sealed, staff):
        one_by_one = [each.person_id for each in crowd if challenges.get(each, challenge.public_id)]
        assert seers_of_challenge(ids, challenge.id) == sorted(one_by_one)
    one_by_one = [each.person_id for each in crowd if ideas.get(each, idea.public_id)]
    assert 3 <= len(one_by_one) < len(crowd)
    assert seers_of_idea(ids, idea.id) == sorted(one_by_one)
    assert who_see([], lambda who: select(Person.id)) == []


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_kind_that_stands_on_a_page_has_words(world: World, language: str) -> None:
    words = get_template_attribute("notifications/_words.html", "message_words")
    with world.app.test_request_context(), force_locale(language):
        said = {}
        for kind, topic in TOPICS.items():
            if PLANS[topic].only_mail or kind == "invitation":
                continue
            message = Message(kind=kind, created_at=world.now())
            said[kind] = str(words(Line(message, "TITLE", "idea", "x", True)))
    assert {kind: text for kind, text in said.items() if text == "TITLE"} == {}
    assert len(set(said.values())) >= len(said) - 2
