"""Streams and the pages of people and organisations: what they tell, and to whom."""

from __future__ import annotations

import pytest

from innovation.challenges import queries as challenges
from innovation.challenges.service import course, talking
from innovation.ideas.models import Idea
from innovation.ideas.service import talking as idea_talking
from innovation.ideas.service import writing
from innovation.insight.queries import activity, knowing
from innovation.kernel.actor import VISITOR, Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.pages.routes.activity import by_day
from innovation.people.models import Organisation, Person
from innovation.rules.predicates import Role
from tests.conftest import counting
from tests.support.browser import Browser
from tests.support.world import World

MARKER = "Zeppelin"


def _read(browser: Browser, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200, (path, page.status_code)
    return page.get_data(as_text=True)


def _name(who: Actor) -> str:
    found = db.session.get_one(Person, who.person_id).public_id
    db.session.rollback()
    return found


def _told(world: World, who: Actor, challenge_id: int) -> list[tuple[str, str | None]]:
    world.anew()
    stream = activity.of_challenge(who, challenges.by_id(challenge_id), None)
    return [(each.name, each.by.title if each.by else None) for each in stream.items][::-1]


def test_a_challenge_tells_what_happened_in_it_and_nothing_of_votes(world: World) -> None:
    author, reader = world.person("Author"), world.person("Reader")
    challenge = world.challenge(world.person("Sponsor"))
    idea = world.idea(challenge, author, "A pipe")
    world.idea_again(idea)
    writing.revise(actor=author, idea=world.idea_again(idea), title="A pipe", text="Better.", requested_minor=None)
    world.vote(world.idea_again(idea))
    talking.ask(actor=reader, challenge=world.again(challenge), text="Which pipe?")
    course.extend(actor=world.manager, challenge=world.again(challenge), closes=world.wall(days=30), reason="More time.")
    world.announced(challenge)
    assert _told(world, reader, challenge.id) == [
        ("ChallengePublished", None),
        ("IdeaSubmitted", "Author"),
        ("IdeaRevised", "Author"),
        ("CommentAdded", "Reader"),
        ("ChallengeExtended", None),
        ("IdeaPromoted", None),
        ("ProjectOpened", None),
        ("ChallengeDecided", None),
    ]
    page = _read(world.browser(reader), f"/challenges/{challenge.public_id}/activity")
    assert ["sent the idea" in page, "Which pipe" in page] == [True, False]


@pytest.fixture
def sealed(world: World) -> dict[str, Actor]:
    """A sealed idea with a comment, and people who may and may not read it."""
    sponsor, author = world.person("Sponsor"), world.person("Author", Circle.EXPERT, organisation="Outside")
    challenge = world.sealed(sponsor)
    idea = world.idea(challenge, author, f"{MARKER} idea")
    idea_talking.say(actor=world.actor(sponsor.person_id or 0), idea=world.idea_again(idea), text="Tell me more.")
    return {
        "sponsor": world.actor(sponsor.person_id or 0),
        "author": author,
        "manager": world.manager,
        "staff": world.person("Staff"),
        "colleague": world.person("Colleague", Circle.EXPERT, organisation="Outside"),
    }


def test_nothing_of_a_sealed_idea_stands_in_any_stream_of_an_outsider(world: World, sealed: dict[str, Actor]) -> None:
    idea = db.session.scalars(db.select(Idea)).one()
    challenge = challenges.by_id(idea.challenge_id)
    organisation = db.session.scalars(db.select(Organisation.public_id)).all()
    db.session.rollback()
    paths = ["/", f"/challenges/{challenge.public_id}/activity", *(f"/organisations/{each}" for each in organisation)]
    paths += [f"/people/{_name(who)}" for who in sealed.values()]
    found = {}
    for name, who in sealed.items():
        browser = world.browser(who)
        pages = [browser.get(path).get_data(as_text=True) for path in paths]
        found[name] = any(MARKER in page for page in pages)
    assert found == {"sponsor": True, "author": True, "manager": False, "staff": False, "colleague": False}


def test_names_that_are_kept_back_stand_in_no_stream(world: World) -> None:
    sponsor, author, reader = world.person("Sponsor"), world.person("Author", organisation="Works"), world.person("Reader")
    challenge = world.panel_challenge(sponsor, names_hidden=True)
    idea = world.idea(challenge, author, MARKER)
    idea_talking.say(actor=author, idea=world.idea_again(idea), text="My own idea.")
    lines = [("ChallengePublished", None), ("IdeaSubmitted", None), ("CommentAdded", None)]
    assert _told(world, reader, challenge.id) == lines
    assert _told(world, world.actor(sponsor.person_id or 0), challenge.id)[1:] == [
        ("IdeaSubmitted", "Author"),
        ("CommentAdded", "Author"),
    ]
    browser = world.browser(reader)
    assert browser.get(f"/people/{_name(author)}").status_code == 404
    works = db.session.scalars(db.select(Organisation.public_id).where(Organisation.name == "Works")).one()
    assert MARKER not in browser.get(f"/organisations/{works}").get_data(as_text=True)
    with transaction():
        world_challenge = db.session.get_one(type(challenge), challenge.id)
        world_challenge.names_hidden = False
    assert MARKER in _read(browser, f"/people/{_name(author)}")


def test_a_withdrawn_idea_and_a_removed_comment_take_their_lines_along(world: World) -> None:
    author, reader = world.person("Author"), world.person("Reader")
    challenge = world.challenge(world.person("Sponsor"))
    idea = world.idea(challenge, author)
    said = idea_talking.say(actor=reader, idea=world.idea_again(idea), text="Hm.")
    assert [name for name, _by in _told(world, reader, challenge.id)][1:] == ["IdeaSubmitted", "CommentAdded"]
    with transaction():
        db.session.get_one(type(said), said.id).hidden_at = world.now()
    assert [name for name, _by in _told(world, reader, challenge.id)][1:] == ["IdeaSubmitted"]
    writing.withdraw(actor=author, idea=world.idea_again(idea))
    assert [name for name, _by in _told(world, reader, challenge.id)][1:] == []


def test_somebody_knows_those_he_meets_in_what_he_sees(world: World) -> None:
    reader = world.person("Reader", Circle.EXPERT, organisation="Outside")
    author, stranger, sponsor = world.person("Author"), world.person("Stranger"), world.person("Sponsor")
    challenge = world.challenge(sponsor, who_may="experts")
    world.idea(challenge, author)
    world.challenge(stranger)  # for staff: no expert sees it
    known = {
        who.name: knowing.person(reader, _name(who)) is not None
        for who in (reader, author, sponsor, stranger, world.manager)
    }
    assert known == {"Reader": True, "Author": True, "Sponsor": True, "Stranger": False, "Manager": False}
    assert knowing.person(VISITOR, _name(author)) is None
    assert knowing.person(world.manager, _name(stranger)) is not None
    codes = [world.browser(who).get(f"/people/{_name(stranger)}").status_code for who in (reader, None, world.manager)]
    assert codes == [404, 404, 200]


def test_an_organisation_shows_its_challenges_and_whom_of_it_one_knows(world: World) -> None:
    author = world.person("Author", Circle.PARTNER, organisation="Works")
    world.person("Unseen", Circle.PARTNER, organisation="Works")
    challenge = world.challenge(world.person("Sponsor"), title="Less water?", who_may="experts")
    world.idea(challenge, author, MARKER)
    works = db.session.scalars(db.select(Organisation.public_id).where(Organisation.name == "Works")).one()
    page = _read(world.browser(world.person("Reader")), f"/organisations/{works}")
    assert ["Author" in page, "Unseen" in page, MARKER in page] == [True, False, True]
    outsider = world.person("Outsider", Circle.PUBLIC)
    assert world.browser(outsider).get(f"/organisations/{works}").status_code == 404


def test_streams_page_by_cursor_and_ask_no_more_for_sixty_than_for_one(embedded: World) -> None:
    world = embedded
    author, reader = world.person("Author", organisation="Works"), world.person("Reader")
    challenge = world.challenge(world.person("Sponsor"))
    world.idea(challenge, author)
    works = db.session.scalars(db.select(Organisation.public_id).where(Organisation.name == "Works")).one()
    paths = ["/", f"/challenges/{challenge.public_id}/activity", f"/people/{_name(author)}", f"/organisations/{works}"]
    browser = world.browser(reader)

    def asked() -> list[int]:
        counts = []
        for path in paths:
            browser.get(path)
            with counting() as sent:
                assert browser.get(path).status_code == 200
            counts.append(len(sent))
        return counts

    few = asked()
    for _ in range(60):
        world.idea(challenge, author)
    many = asked()
    assert [many[at] <= few[at] for at in range(len(paths))] == [True] * 4, (few, many)
    world.anew()
    seen, cursor = [], None
    for _ in range(3):
        stream = activity.of_challenge(reader, world.again(challenge), cursor)
        seen += [each.idea.public_id for each in stream.items if each.idea]
        cursor = stream.next
    assert (len(seen), len(set(seen)), cursor) == (61, 61, None)


def test_lines_of_one_day_stand_together_by_the_zone(world: World) -> None:
    challenge = world.challenge(world.person("Sponsor"))
    for _ in range(3):
        world.idea(challenge)
    world.anew()
    found = activity.of_challenge(world.manager, world.again(challenge), None).items
    assert [len(day) for day in by_day(found, "Europe/Amsterdam")] in ([4], [1, 3], [2, 2], [3, 1])  # midnight may pass
    at = [each.at for each in found]
    assert at == sorted(at, reverse=True)


def test_sponsors_of_a_challenge_know_its_panel(world: World) -> None:
    challenge = world.panel_challenge(world.person("Sponsor"))
    panel = world.panellist(challenge)
    other = world.person("Other", Circle.EXPERT)
    sponsor = world.sponsor_of(challenge)
    assert sponsor.holds(Role.SPONSOR, "challenge", challenge.id)
    assert [knowing.person(who, _name(panel)) is not None for who in (sponsor, other)] == [True, False]
