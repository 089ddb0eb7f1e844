"""A run can be decided again from what is stored, and one changed byte is found."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.promotion.models import Decision, Run
from innovation.promotion.service.replaying import replay
from tests.support.world import World


@pytest.fixture
def run(world: World) -> Run:
    challenge = world.challenge()
    for votes in (3, 2, 2, 1):
        idea = world.idea(challenge)
        for _ in range(votes):
            world.vote(idea)
    world.close(challenge)
    world.settle()
    return world.run_of(challenge)


def test_a_replay_gives_the_same(run: Run, app: Flask) -> None:
    assert replay(run) is None
    printed = app.test_cli_runner().invoke(args=["replay", run.public_id])
    assert (printed.exit_code, printed.output.split()[-2:]) == (0, ["the", "same"])


@pytest.mark.parametrize(
    ("forge", "found"),
    [
        (lambda run: {"snapshot": run.snapshot.replace('"for":3', '"for":4')}, "snapshot"),
        (lambda run: {"outcome_hash": "0" * 64}, "outcome"),
    ],
)
def test_one_changed_byte_of_a_run_is_found(forge: object, found: str, run: Run, app: Flask) -> None:
    changed = forge(run)  # type: ignore[operator]  # one of the lambdas above
    with transaction():
        db.session.execute(update(Run).where(Run.id == run.id).values(**changed))
    db.session.expire_all()
    assert replay(run) == found
    assert app.test_cli_runner().invoke(args=["replay"]).exit_code == 1


def test_a_changed_decision_is_found(run: Run) -> None:
    with transaction():
        db.session.execute(update(Decision).where(Decision.run_id == run.id, Decision.place == 4).values(promoted=True))
    assert replay(run) == "decisions"
