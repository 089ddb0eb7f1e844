"""Promotion happens once, with a reason for every idea."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.exc import IntegrityError

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel import sealing
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.projects.models import Project
from innovation.promotion import queries as promotion
from innovation.promotion.models import Decision, Round, Run, RunChallenge
from innovation.promotion.service import queueing, running
from innovation.rules.promotion import canonical, decide, outcome_bytes, ready_rule
from innovation.voting.models import Tally
from tests.support.race import at_once
from tests.support.refusals import spelled
from tests.support.world import World


def _decided(world: World, ideas: int = 5) -> tuple[Run, list[int]]:
    challenge = world.challenge()
    made = [world.idea(challenge) for _ in range(ideas)]
    for place, idea in enumerate(made):
        for _ in range(ideas - place):
            world.vote(idea)
    world.close(challenge)
    world.settle()
    return world.run_of(challenge), [idea.id for idea in made]


def test_every_idea_gets_one_decision_with_a_reason(world: World) -> None:
    run, ideas = _decided(world)
    rows = db.session.execute(select(Decision.idea_id, Decision.promoted, Decision.because).order_by(Decision.place)).all()
    assert [row.idea_id for row in rows] == ideas
    assert [row.promoted for row in rows] == [True, True, True, False, False]
    assert {row.because for row in rows} == {"within_top", "below_line"}
    assert run.state == "decided"


def test_a_run_carried_on_twice_decides_once(world: World) -> None:
    run, _ = _decided(world)
    for _ in range(2):
        running.carry_on(actor=house(Origin.CLOCK), run_id=run.id)
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 5


def test_announcing_twice_opens_each_project_once(world: World) -> None:
    run, ideas = _decided(world)
    challenge = run.challenges[0].challenge
    sponsor = world.sponsor_of(challenge)
    for _ in range(2):
        running.announce(actor=sponsor, run=world.run_of(challenge))
    assert sorted(db.session.scalars(select(Project.idea_id))) == ideas[:3]
    assert world.run_of(challenge).state == "announced"


def test_two_clocks_queue_one_run(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge)
    world.close(challenge)
    assert [queueing.queue_due(actor=house(Origin.CLOCK)) for _ in range(2)] == [1, 0]
    assert db.session.scalar(select(func.count()).select_from(Run)) == 1


# --- killed, repeated, replayed ------------------------------------------------------------------------------------


def _queued(world: World, ideas: int = 4) -> tuple[int, list[int]]:
    """A queued run that no worker has touched, over ideas of which the first is wanted the most."""
    challenge = world.challenge()
    made = [world.idea(challenge) for _ in range(ideas)]
    crowd = world.crowd(ideas)
    for place, idea in enumerate(made):
        for who in crowd[place:]:
            world.vote(idea, who)
    world.close(challenge)
    queueing.queue_due(actor=house(Origin.CLOCK))
    return world.runs()[0].id, [idea.id for idea in made]


def _places(run_id: int) -> list[tuple[int, bool]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Decision.idea_id, Decision.promoted).where(Decision.run_id == run_id).order_by(Decision.place)
    )
    return [(idea_id, promoted) for idea_id, promoted in rows]


def test_a_run_killed_after_the_freeze_goes_on_from_what_it_froze(world: World) -> None:
    """Whatever happens to the votes, the rule and the ideas meanwhile: the stored snapshot decides."""
    run_id, ideas = _queued(world)
    running.freeze(actor=house(Origin.CLOCK), run_id=run_id)
    frozen = promotion.run(run_id).snapshot
    with transaction():
        db.session.execute(update(Tally).values(for_count=0, for_weight=0))
        db.session.execute(update(Tally).where(Tally.idea_id == ideas[-1]).values(for_count=99, for_weight=99))
        db.session.execute(update(Challenge).values(rule=ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1})))
        db.session.execute(update(Idea).where(Idea.id == ideas[0]).values(state="merged"))
    running.freeze(actor=house(Origin.CLOCK), run_id=run_id)
    running.carry_on(actor=house(Origin.CLOCK), run_id=run_id)
    assert promotion.run(run_id).snapshot == frozen
    assert _places(run_id) == list(zip(ideas, [True, True, True, False], strict=True))


def test_a_run_killed_before_its_decision_is_decided_by_the_next_attempt(world: World) -> None:
    run_id, ideas = _queued(world)
    with pytest.raises(OSError, match="killed"), _killed_at(Decision):
        running.carry_on(actor=house(Origin.CLOCK), run_id=run_id)
    world.anew()
    assert (promotion.run(run_id).state, _places(run_id)) == ("frozen", [])
    running.carry_on(actor=house(Origin.CLOCK), run_id=run_id)
    assert [idea for idea, _ in _places(run_id)] == ideas


@contextmanager
def _killed_at(model: type) -> Iterator[None]:
    """The process ends as it writes this table."""

    def end(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(f"INSERT INTO {model.__tablename__} "):  # type: ignore[attr-defined]
            raise OSError("killed")

    event.listen(Engine, "before_cursor_execute", end)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", end)


def test_four_workers_at_once_decide_once(world: World) -> None:
    run_id, ideas = _queued(world)
    results = at_once(world.app, [lambda: running.carry_on(actor=house(Origin.CLOCK), run_id=run_id)] * 4)
    assert [spelled(each) for each in results] == ["NoneType"] * 4
    assert [idea for idea, _ in _places(run_id)] == ideas
    names = db.session.scalars(select(Event.name).where(Event.name.in_(["RunFrozen", "RunDecided"]))).all()
    assert sorted(names) == ["RunDecided", "RunFrozen"]


def test_four_clocks_at_once_queue_one_run(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge)
    world.close(challenge)
    results = at_once(world.app, [lambda: queueing.queue_due(actor=house(Origin.CLOCK))] * 4)
    assert sorted(results, key=str) == [0, 0, 0, 1]
    assert db.session.scalar(select(func.count()).select_from(Run)) == 1
    assert db.session.scalar(select(func.count()).select_from(Round)) == 1


def test_a_replay_gives_the_same_bytes(world: World) -> None:
    run, _ = _decided(world)
    text, kept = run.snapshot, run.outcome_hash
    assert text is not None
    replays = {hashlib.sha256(outcome_bytes(decide(json.loads(text)))).hexdigest() for _ in range(3)}
    assert replays == {kept}
    assert hashlib.sha256(text.encode()).hexdigest() == run.snapshot_hash
    assert canonical(json.loads(text)).decode() == text


def test_a_replay_in_another_process_gives_the_same_bytes(world: World) -> None:
    """Nothing rests on the order of a set or on a hash that is seeded anew in each process."""
    run, _ = _decided(world)
    script = (
        "import hashlib, json, sys; from innovation.rules.promotion import decide, outcome_bytes;"
        "print(hashlib.sha256(outcome_bytes(decide(json.loads(sys.stdin.read())))).hexdigest())"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            input=run.snapshot or "",
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == run.outcome_hash


def test_a_snapshot_holds_whole_numbers_and_no_texts(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge, title="A title nobody needs")
    run = world.decided(challenge)

    def kinds(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set().union(*(kinds(each) for each in value.values())) if value else set()
        if isinstance(value, list):
            return set().union(*(kinds(each) for each in value)) if value else set()
        return {type(value).__name__}

    assert kinds(json.loads(run.snapshot or "")) <= {"int", "str", "NoneType", "bool"}
    assert "A title nobody needs" not in (run.snapshot or "")


def test_the_sealed_head_stands_in_the_run(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge)
    sealing.seal()
    head = sealing.head()
    run = world.decided(challenge)
    assert (run.sealed_no, run.sealed_hash) == head
    assert head[0] > 0


def test_the_schema_keeps_one_run_a_challenge_round_and_pass(world: World) -> None:
    run, _ = _decided(world, ideas=1)
    row = run.challenges[0]
    values = {"run_id": run.id, "challenge_id": row.challenge_id, "round_id": row.round_id, "pass_no": 1}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(RunChallenge(**values))


def test_the_schema_keeps_one_project_an_idea(world: World) -> None:
    project = world.project()
    values = {name: getattr(project, name) for name in ("idea_id", "challenge_id", "programme_id", "started_at", "due_at")}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Project(title="Twice", **values))


def test_the_schema_keeps_no_frozen_run_without_its_snapshot(world: World) -> None:
    _queued(world, ideas=1)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Run).values(state="frozen"))
