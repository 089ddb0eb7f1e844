"""A run can be decided again from what is stored, and one changed byte is found."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask import Flask
from sqlalchemy import select, update

from innovation.ideas.models import Idea
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.promotion.models import Decision, Run
from innovation.promotion.service.ballots import packed, unpacked
from innovation.promotion.service.replaying import replay, told
from innovation.rules.promotion import decide, outcome_bytes
from innovation.voting.models import Tally
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


def test_a_changed_decision_is_found_and_named(run: Run, app: Flask) -> None:
    fourth = db.session.scalars(
        select(Idea.public_id)
        .join(Decision, Decision.idea_id == Idea.id)
        .where(Decision.run_id == run.id, Decision.place == 4)
    ).one()
    with transaction():
        db.session.execute(update(Decision).where(Decision.run_id == run.id, Decision.place == 4).values(promoted=True))
    assert replay(run) == f"decisions ({fourth})"
    db.session.rollback()
    assert app.test_cli_runner().invoke(args=["verify"]).exit_code == 1


def test_a_changed_ballot_is_found(run: Run) -> None:
    cast = unpacked(run.ballots)
    assert cast is not None
    cast["voters"][0]["votes"] = {}
    with transaction():
        db.session.execute(update(Run).where(Run.id == run.id).values(ballots=packed(cast)))
    db.session.expire_all()
    assert replay(run) == "ballots"


def test_a_run_forged_with_its_fingerprint_is_found_by_the_chain(run: Run, app: Flask) -> None:
    """Snapshot and hash changed together hold by themselves; the sealed fact still names what was frozen."""
    forged = (run.snapshot or "").replace('"for":3', '"for":2')
    outcome = hashlib.sha256(outcome_bytes(decide(json.loads(forged), unpacked(run.ballots)))).hexdigest()
    values = {"snapshot": forged, "snapshot_hash": hashlib.sha256(forged.encode()).hexdigest(), "outcome_hash": outcome}
    with transaction():
        db.session.execute(update(Run).where(Run.id == run.id).values(**values))
    db.session.expire_all()
    assert told(run) == "the fact RunFrozen"
    db.session.rollback()
    said = app.test_cli_runner().invoke(args=["verify"])
    assert (said.exit_code, run.public_id in said.output) == (1, True)


def test_verify_names_an_idea_whose_tally_was_changed(run: Run, app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["verify"]).exit_code == 0
    idea_id, name = db.session.execute(select(Idea.id, Idea.public_id).order_by(Idea.id).limit(1)).one()
    with transaction():
        db.session.execute(update(Tally).where(Tally.idea_id == idea_id).values(for_count=Tally.for_count + 1))
    said = app.test_cli_runner().invoke(args=["verify"])
    assert (said.exit_code, name in said.output) == (1, True)
