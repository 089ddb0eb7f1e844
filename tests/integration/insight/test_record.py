"""The record of who asks, counted by hand; and that it tells nobody who withholds his name."""

from __future__ import annotations

from datetime import timedelta

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.insight.queries.records import SponsorsRecord, sponsors_record
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.promotion.service import running
from innovation.rules.record import FEWEST_SPONSORS, Record
from tests.conftest import counting
from tests.support.pages import words
from tests.support.world import World


def _answered(world: World, sponsor: Actor, days: int, ideas: int = 1, **changes: object) -> Challenge:
    """A challenge whose ideas were answered so many days after it closed."""
    made = world.challenge(sponsor, **changes)
    for _ in range(ideas):
        world.idea(made)
    world.decided(made)
    _closed_ago(made, days)
    _announced(world, made)
    return world.again(made)


def _announced(world: World, challenge: Challenge) -> None:
    running.announce(actor=world.sponsor_of(challenge), run=world.run_of(challenge))
    world.anew()


def _closed_ago(challenge: Challenge, days: int) -> None:
    with transaction():
        row = challenges.by_id(challenge.id)
        row.closes_at = clock.now() - timedelta(days=days, minutes=-1)
        for idea in db.session.scalars(db.select(Idea).where(Idea.challenge_id == challenge.id)):
            idea.submitted_at = row.closes_at - timedelta(days=3)


def _record(world: World, challenge: Challenge) -> SponsorsRecord:
    found = sponsors_record(world.again(challenge), clock.now())
    db.session.rollback()
    return found


def _withhold(challenge: Challenge) -> None:
    """As if its sponsor had withheld his name before it was published."""
    with transaction():
        challenges.by_id(challenge.id).sponsor_withheld = True


def test_a_record_is_made_of_the_sponsors_own_earlier_challenges(world: World) -> None:
    anna, other = world.person("Anna"), world.person("Other")
    asks = world.challenge(anna)
    assert _record(world, asks) == SponsorsRecord(False, None, 0)
    _answered(world, anna, 5, ideas=3)
    assert _record(world, asks) == SponsorsRecord(False, Record(7, 3, 3), 1)
    _answered(world, anna, 20, ideas=2)
    _answered(world, other, 80, ideas=4)
    # Three of five within a week, all five within three.
    assert _record(world, asks) == SponsorsRecord(False, Record(21, 5, 5), 2)


def test_what_waits_too_long_counts_against_the_record_and_what_waits_for_less_counts_nowhere(world: World) -> None:
    anna = world.person("Anna")
    asks = world.challenge(anna)
    _answered(world, anna, 5, ideas=3)
    waits = world.challenge(anna)
    world.idea(waits)
    world.close(waits)
    assert _record(world, asks).record == Record(7, 3, 3)
    _closed_ago(waits, 100)
    # Three of four, and no number of days makes it more.
    assert _record(world, asks) == SponsorsRecord(False, Record(90, 3, 4), 2)


def test_an_answer_in_a_challenge_without_a_name_changes_no_sponsors_record(world: World) -> None:
    anna = world.person("Anna")
    asks, secret = world.challenge(anna), world.challenge(anna)
    _answered(world, anna, 5)
    before = _record(world, asks)
    world.idea(secret)
    _withhold(secret)
    world.decided(secret)
    _closed_ago(secret, 60)
    _announced(world, secret)
    assert _record(world, asks) == before == SponsorsRecord(False, Record(7, 1, 1), 1)


def test_a_withheld_sponsor_has_the_houses_record_the_same_whoever_he_is(world: World) -> None:
    crowd = world.crowd(FEWEST_SPONSORS)
    secret = [world.challenge(each) for each in crowd[:2]]
    for challenge in secret:
        _withhold(challenge)
    for days, sponsor in zip((5, 20, 20, 20), crowd, strict=False):
        _answered(world, sponsor, days)
    # Four sponsors are few enough to be told apart.
    assert [_record(world, each) for each in secret] == [SponsorsRecord(True, None, 0)] * 2
    _answered(world, crowd[-1], 20)
    assert [_record(world, each) for each in secret] == [SponsorsRecord(True, Record(21, 5, 5), 5)] * 2


def test_the_record_asks_two_queries_however_much_was_asked_before(world: World) -> None:
    anna = world.person("Anna")
    asks = world.again(world.challenge(anna))
    asked = []
    for _ in range(2):
        with counting() as statements:
            sponsors_record(asks, clock.now())
        asked.append(len(statements.seen))
        db.session.rollback()
        for days in (3, 30):
            _answered(world, anna, days, ideas=2)
        asks = world.again(asks)
    assert asked == [2, 2]


def test_the_record_stands_on_the_challenge_for_every_reader(world: World) -> None:
    anna = world.person("Anna")
    asks = world.challenge(anna, who_may="everyone")
    browsers = [world.browser(each) for each in (None, anna, world.manager)]
    path = f"/challenges/{asks.public_id}"
    assert ["No record yet" in words(each.get(path)) for each in browsers] == [True] * 3
    _answered(world, anna, 20, ideas=2)
    assert ["Answers 100% within 21 days" in words(each.get(path)) for each in browsers] == [True] * 3
    assert ["1 earlier challenge," in words(each.get(path)) for each in browsers] == [True] * 3
