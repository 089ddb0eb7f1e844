"""The closing second, for real: what the database's clock says after the lock decides, whoever asked first."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.service import writing
from innovation.kernel import clock
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.promotion.models import Decision, Run
from innovation.promotion.service import queueing, running
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import Tally
from tests.support.race import at_once
from tests.support.refusals import spelled
from tests.support.world import World


def _closing_in(challenge: Challenge, seconds: float) -> None:
    """Let ideas and votes close so soon, by the database's clock."""
    with transaction():
        last = clock.instant(db.session) + timedelta(seconds=seconds)
        values = {"closes_at": last, "vote_closes_at": last, "frozen_at": None}
        db.session.execute(update(Challenge).where(Challenge.id == challenge.id).values(**values))


def test_the_clock_is_read_after_the_lock(world: World) -> None:
    """Somebody holds the challenge until after its deadline; who waited for it is too late, although he asked in time."""
    challenge = world.challenge()
    author = world.person()
    number, held = world.draft_idea(challenge, author).id, challenge.id
    _closing_in(challenge, 0.6)
    on_postgres = db.engine.dialect.name == "postgresql"

    def hold() -> str:
        with transaction():
            if on_postgres:
                db.session.execute(select(Challenge.id).where(Challenge.id == held).with_for_update()).all()
            time.sleep(0.9)
        return "held"

    def submit() -> None:
        idea = ideas.by_id(number)
        assert idea is not None
        db.session.rollback()
        time.sleep(0.15)
        writing.submit(actor=author, idea=idea, accept_terms=True)

    results = at_once(world.app, [hold, submit])
    assert [spelled(each) for each in results] == ["str", "NotNow closed"]
    assert world.idea_again(db.session.get_one(Idea, number)).state == "draft"


def test_the_database_decides_and_not_this_machine(world: World) -> None:
    """With the process's clock a day off the verb still sees the database's instant."""
    challenge = world.challenge()
    author = world.person()
    before = clock.instant(db.session)
    db.session.rollback()
    sent = world.idea(challenge, author)
    after = clock.instant(db.session)
    assert sent.submitted_at is not None
    assert before <= sent.submitted_at <= after
    if db.engine.dialect.name == "postgresql":
        assert abs(db.session.execute(text("SELECT clock_timestamp()")).scalar_one() - after) < timedelta(seconds=5)


@pytest.mark.parametrize("rounds", [3])
def test_what_races_with_the_freeze_is_in_the_snapshot_or_refused(world: World, rounds: int) -> None:
    """Submissions and votes against the freezing job: nothing comes in between the snapshot and the end."""
    for _ in range(rounds):
        challenge = world.challenge()
        standing = world.idea(challenge)
        authors, voters = world.crowd(3), world.crowd(3)
        drafts = [(who, world.draft_idea(challenge, who).id) for who in authors]
        name, number = standing.public_id, challenge.id
        with transaction():
            db.session.execute(
                update(Challenge)
                .where(Challenge.id == number)
                .values(closes_at=clock.now() + timedelta(seconds=30), vote_closes_at=clock.now() + timedelta(seconds=30))
            )
        with clock.travelling(clock.now() + timedelta(minutes=1)):
            assert queueing.queue_due(actor=house(Origin.CLOCK)) == 1
        run_id = db.session.scalars(select(Run.id).order_by(Run.id.desc())).first()
        assert run_id is not None

        def submit(who, idea_id):  # type: ignore[no-untyped-def]
            idea = ideas.by_id(idea_id)
            db.session.rollback()
            return writing.submit(actor=who, idea=idea, accept_terms=True).id

        def vote(who, name=name):  # type: ignore[no-untyped-def]
            with transaction():
                paper = voting.ballot_paper(who, name)
                votes.cast(actor=who, paper=paper, value=1)

        calls = [lambda w=who, i=idea: submit(w, i) for who, idea in drafts]
        calls += [lambda w=who: vote(w) for who in voters]
        calls += [lambda r=run_id: bool(running.close(actor=house(Origin.CLOCK), run_id=r))]
        results = at_once(world.app, calls)
        assert {spelled(each) for each in results} <= {"int", "NoneType", "bool", "NotNow closed"}
        running.carry_on(actor=house(Origin.CLOCK), run_id=run_id)
        came_in = sorted(each for each in results if type(each) is int)
        world.anew()
        decided = sorted(db.session.scalars(select(Decision.idea_id).where(Decision.run_id == run_id)))
        assert decided == sorted([standing.id, *came_in])
        params = db.session.scalars(
            select(Decision.params).where(Decision.run_id == run_id, Decision.idea_id == standing.id)
        ).one()
        counted = db.session.scalar(select(Tally.for_count).where(Tally.idea_id == standing.id)) or 0
        assert (params["have"], counted) == (counted, results[3:6].count(None))
