"""The walls behind "promotion happens once", and what comes of it when one is taken away.

Two clocks at the same line can only meet on PostgreSQL: SQLite's writer stands alone from its first statement, so a
second clock reads what the first one wrote, and the unique keys of a run are never asked. There the same keys are shown
by writing the second row directly.
"""

from __future__ import annotations

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from innovation.challenges import queries as challenges
from innovation.ideas import queries as ideas
from innovation.kernel import clock
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.projects.models import Project
from innovation.projects.service.opening import open_project
from innovation.promotion.models import Round, RoundChallenge, Run, RunChallenge
from tests.faults.crew import Crew, Hold, fresh
from tests.faults.scene import closed_challenge
from tests.support.world import World

pytestmark = pytest.mark.faults

RUN_KEY = ("run", "uq_run_round_id_pass_no")
CHALLENGE_KEY = ("run_challenge", "uq_run_challenge_challenge_id_round_id_pass_no")
PROJECT_KEY = ("project", "uq_project_idea_id")


def _take_away(table: str, key: str) -> None:
    """Drop a unique key from the test's database (the next test gets a fresh one)."""
    db.session.rollback()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
        with Operations(MigrationContext.configure(connection)).batch_alter_table(table) as batch:
            batch.drop_constraint(key, type_="unique")
        connection.commit()
    db.engine.dispose()


def _make_round(world: World) -> tuple[int, int]:
    """A round that is due, with one challenge; (its id, the challenge's)."""
    scene = closed_challenge(world)
    with transaction():
        challenge = challenges.by_id(scene.challenge.id)
        made = Round(programme_id=challenge.programme_id, title=challenge.title, created_at=clock.now())
        made.members = [RoundChallenge(challenge_id=challenge.id)]
        db.session.add(made)
    return made.id, scene.challenge.id


@pytest.mark.parametrize("house", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("removed", "runs"),
    [((), 1), ((RUN_KEY,), 1), ((CHALLENGE_KEY,), 1), ((RUN_KEY, CHALLENGE_KEY), 2)],
    ids=["both keys", "without run's", "without run_challenge's", "without both"],
)
def test_two_clocks_at_the_same_line_queue_one_run_by_either_key(
    removed: tuple[tuple[str, str], ...], runs: int, world: World, crew: Crew
) -> None:
    """Both clocks have read that the round is due when they are let go; one is five minutes ahead, so no lease holds it."""
    _make_round(world)
    for table, key in removed:
        _take_away(table, key)
    read = Hold("innovation.promotion.queries:rounds_due", when="after")
    clocks = [crew.start("clock", hold=read)]
    crew.until_held(*clocks)
    clocks.append(crew.start("clock", hold=read, offset=300))
    crew.until_held(*clocks)
    assert _runs() == 0
    for each in clocks:
        each.let_go()
    assert [each.end() for each in clocks] == [0, 0]  # a clock ends its turn before it stops
    assert _runs() == runs


def _runs() -> int:
    fresh()
    return db.session.scalar(select(func.count()).select_from(Run)) or 0


@pytest.mark.parametrize("stands", [True, False], ids=["key stands", "key taken away"])
def test_second_run_of_a_round_is_refused_by_the_key_alone(stands: bool, world: World) -> None:
    round_id, challenge_id = _make_round(world)
    if not stands:
        _take_away(*RUN_KEY)
        _take_away(*CHALLENGE_KEY)

    def queue_past_every_check() -> None:
        with transaction():
            due = db.session.get_one(Round, round_id)
            run = Run(
                round_id=round_id, programme_id=due.programme_id, pass_no=1, origin=Origin.CLOCK, queued_at=clock.now()
            )
            run.challenges = [RunChallenge(challenge_id=challenge_id, round_id=round_id, pass_no=1)]
            db.session.add(run)

    queue_past_every_check()
    if stands:
        with pytest.raises(IntegrityError):
            queue_past_every_check()
    else:
        queue_past_every_check()
    assert _runs() == (1 if stands else 2)


@pytest.mark.parametrize("stands", [True, False], ids=["key stands", "key taken away"])
def test_second_project_of_an_idea_is_refused_by_the_key_alone(stands: bool, world: World) -> None:
    """Before this wall stand the run's lock and state, the look for existing projects and the idea's own machine."""
    idea = world.idea(world.challenge())
    if not stands:
        _take_away(*PROJECT_KEY)

    def open_past_every_check() -> None:
        with transaction():
            found = ideas.by_id(idea.id)
            assert found is not None
            open_project(actor=house(Origin.CLOCK), idea=found, author_ids=[], now=clock.now())

    open_past_every_check()
    if stands:
        with pytest.raises(IntegrityError):
            open_past_every_check()
    else:
        open_past_every_check()
    assert db.session.scalars(select(Project.idea_id)).all() == [idea.id] * (1 if stands else 2)
