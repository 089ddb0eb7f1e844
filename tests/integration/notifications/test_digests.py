"""Digests: in the morning, once, whole, and none when there is nothing to say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from innovation.ideas.models import Idea
from innovation.ideas.service import talking, writing
from innovation.kernel import clock
from innovation.kernel.actor import Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.notifications.models import Message
from innovation.notifications.service import choosing, digests
from innovation.people.models import Person
from innovation.rules.notices import Frequency, Topic, Way, last_morning
from tests.support.letters import Letter
from tests.support.race import at_once
from tests.support.world import World

CLOCK = house(Origin.CLOCK)
MAKE = digests.make_digests


class Reader:
    """Somebody who follows a challenge, gets its news in a digest alone, and whose morning has come when it is said so."""

    def __init__(self, world: World, digest: str = "daily") -> None:
        self.world = world
        self.challenge = world.challenge(title="Warm water?")
        self.who = world.person("Reader")
        self.author = world.person("Author")
        choosing.choose(actor=self.who, wanted={Topic.FOLLOWED: {Way.DIGEST}}, digest=digest)
        choosing.watch(actor=self.who, kind="challenge", subject_id=self.challenge.id, level="follow")

    def news(self, *titles: str, waits: bool = True) -> None:
        """Ideas that he is told of; written before the last morning if they wait for it."""
        for title in titles:
            self.world.idea(self.challenge, self.author, title)
        self.world.settle()
        if waits:
            self.date(clock.now() - timedelta(days=8))

    def date(self, moment: datetime) -> None:
        with transaction():
            db.session.execute(update(Message).where(Message.channel == "digest").values(created_at=moment))

    def letters(self) -> list[Letter]:
        """The digests that reached him."""
        self.world.settle()
        return [each for each in self.world.letters() if each.to == "reader@example.org" and "news at" in each.subject]

    def waiting(self) -> int:
        rows = db.session.scalars(select(Message.id).where(Message.channel == "digest", Message.sent_at.is_(None))).all()
        db.session.rollback()
        return len(rows)


@pytest.fixture
def reader(world: World) -> Reader:
    return Reader(world)


def test_what_waited_comes_in_one_mail_by_challenge_and_once(reader: Reader) -> None:
    reader.news("First idea", "Second idea")
    for _ in range(2):
        MAKE(actor=CLOCK)
    (letter,) = reader.letters()
    assert letter.subject.startswith("2 pieces of news at")
    assert [each in letter.text for each in ("Warm water?", "First idea", "Second idea", "/ideas/", "/inbox")] == [True] * 5
    assert [each in letter.html for each in ("Warm water?", "First idea", "Second idea")] == [True] * 3
    assert reader.waiting() == 0


def test_what_came_after_the_morning_waits_for_the_next(reader: Reader) -> None:
    reader.news("Later", waits=False)
    reader.date(clock.now() + timedelta(seconds=5))
    MAKE(actor=CLOCK)
    assert (reader.letters(), reader.waiting()) == ([], 1)
    with clock.travelling(clock.now() + timedelta(days=1, hours=1)):
        MAKE(actor=CLOCK)
        reader.world.settle()
    assert ([each.subject[:19] for each in reader.letters()], reader.waiting()) == (["1 piece of news at "], 0)


def test_nothing_new_is_no_mail(reader: Reader) -> None:
    reader.world.settle()
    MAKE(actor=CLOCK)
    assert reader.letters() == []


def test_a_second_digest_of_one_morning_is_not_made(reader: Reader) -> None:
    reader.news("First idea")
    MAKE(actor=CLOCK)
    reader.news("Came late, dated early")
    MAKE(actor=CLOCK)
    assert (len(reader.letters()), reader.waiting()) == (1, 1)


def test_a_weekly_digest_comes_on_monday(world: World) -> None:
    reader = Reader(world, "weekly")
    monday = last_morning(clock.now(), Frequency.WEEKLY, "Europe/Amsterdam")
    assert monday is not None
    reader.news("Idea", waits=False)
    reader.date(monday + timedelta(hours=1))
    with clock.travelling(monday + timedelta(days=6, hours=23)):
        MAKE(actor=CLOCK)
    assert reader.letters() == []
    with clock.travelling(monday + timedelta(days=7, minutes=5)):
        MAKE(actor=CLOCK)
        reader.world.settle()
    assert len(reader.letters()) == 1


def test_who_ends_his_digests_has_nothing_waiting(reader: Reader) -> None:
    reader.news("Idea")
    choosing.choose(actor=reader.who, wanted={}, digest="off")
    MAKE(actor=CLOCK)
    assert (reader.letters(), reader.waiting()) == ([], 0)


def test_a_line_about_what_he_may_no_longer_see_is_left_out(reader: Reader) -> None:
    reader.news("Stays", "Goes")
    goes = next(each for each in _ideas(reader) if each.title == "Goes")
    writing.withdraw(actor=reader.author, idea=reader.world.idea_again(goes))
    MAKE(actor=CLOCK)
    (letter,) = reader.letters()
    assert ("Stays" in letter.text, "Goes" in letter.whole, reader.waiting()) == (True, False, 0)


def test_a_digest_of_nothing_visible_is_not_sent(reader: Reader) -> None:
    reader.news("Goes")
    writing.withdraw(actor=reader.author, idea=reader.world.idea_again(_ideas(reader)[0]))
    MAKE(actor=CLOCK)
    assert (reader.letters(), reader.waiting()) == ([], 0)
    assert db.session.scalars(select(Message.id).where(Message.kind == "digest")).all() == []


def test_what_is_hidden_between_writing_and_sending_is_not_sent(reader: Reader) -> None:
    reader.news("Goes")
    MAKE(actor=CLOCK)
    writing.withdraw(actor=reader.author, idea=reader.world.idea_again(_ideas(reader)[0]))
    assert reader.letters() == []


def test_one_line_that_is_hidden_between_writing_and_sending_is_left_out(reader: Reader) -> None:
    reader.news("Stays", "Goes")
    MAKE(actor=CLOCK)
    writing.withdraw(actor=reader.author, idea=reader.world.idea_again(_ideas(reader)[1]))
    (letter,) = reader.letters()
    assert ("Stays" in letter.whole, "Goes" in letter.whole, letter.subject[:8]) == (True, False, "1 piece ")


def test_a_sealed_idea_is_named_by_its_reference(world: World) -> None:
    challenge = world.sealed()
    author, panellist = world.person("Author", Circle.EXPERT), world.panellist(challenge, world.person("Reader"))
    idea = world.idea(challenge, author, "zyzzyva")
    choosing.choose(actor=panellist, wanted={Topic.FOLLOWED: {Way.DIGEST, Way.PAGE}}, digest="daily")
    choosing.watch(actor=panellist, kind="idea", subject_id=idea.id, level="follow")
    talking.say(actor=world.sponsor_of(challenge), idea=world.idea_again(idea), text="zyzzyva?")
    world.settle()
    with transaction():
        db.session.execute(
            update(Message).where(Message.channel == "digest").values(created_at=clock.now() - timedelta(days=2))
        )
    MAKE(actor=CLOCK)
    world.settle()
    letters = [each for each in world.letters() if "news at" in each.subject]
    assert [(idea.public_id in each.text, "zyzzyva" in each.whole) for each in letters] == [(True, False)]


def test_two_clocks_make_one_digest(reader: Reader) -> None:
    reader.news("First idea", "Second idea")
    at_once(reader.world.app, [lambda: MAKE(actor=CLOCK)] * 4)
    assert (len(reader.letters()), reader.waiting()) == (1, 0)


def test_what_fails_half_way_leaves_all_lines_waiting(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.news("First idea")
    real = digests.write

    def broken(*args: object, **kwargs: object) -> int:
        real(*args, **kwargs)  # type: ignore[arg-type]
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(digests, "write", broken)
        with pytest.raises(RuntimeError):
            MAKE(actor=CLOCK)
    assert (reader.letters(), reader.waiting()) == ([], 1)
    MAKE(actor=CLOCK)
    assert (len(reader.letters()), reader.waiting()) == (1, 0)


def test_more_readers_than_a_batch_all_get_theirs(world: World) -> None:
    challenge = world.challenge()
    crowd = world.crowd(digests.BATCH + 3)
    for each in crowd:
        choosing.watch(actor=each, kind="challenge", subject_id=challenge.id, level="follow")
    world.idea(challenge, world.person("Author"))
    world.settle()
    with transaction():
        early = datetime(2020, 1, 1, tzinfo=UTC)
        db.session.execute(update(Message).where(Message.channel == "digest").values(created_at=early))
    after: int | None = 0
    rounds = 0
    while after is not None:
        after = MAKE(actor=CLOCK, after=after)
        rounds += 1
    world.settle()
    got = {each.to for each in world.letters() if "news at" in each.subject}
    assert (rounds, got) == (2, {f"{each.name}@example.org" for each in crowd})


def test_a_digest_speaks_its_readers_language(world: World) -> None:
    reader = Reader(world)
    with transaction():
        db.session.get_one(Person, reader.who.person_id).language = "nl"
    reader.news("Een idee")
    MAKE(actor=CLOCK)
    world.settle()
    letters = [each for each in world.letters() if each.to == "reader@example.org"]
    assert ['lang="nl"' in each.html for each in letters] == [True]


def _ideas(reader: Reader) -> list[Idea]:
    found = list(db.session.scalars(select(Idea).order_by(Idea.id)))
    db.session.rollback()
    return found
