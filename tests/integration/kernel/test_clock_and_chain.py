"""Regular work is done once whoever asks; the chain shows any change; states move only along their machine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from innovation.ideas.events import IdeaSubmitted
from innovation.ideas.models import Idea
from innovation.ideas.service import writing
from innovation.kernel import clock, lifecycle, queue, sealing
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import NotPossible
from innovation.kernel.events import Delivery, Event
from innovation.kernel.lifecycle import Passage, StageCount
from innovation.kernel.queue import ClockTick, regular
from innovation.kernel.usecase import transaction
from innovation.rules.idea import IDEA, IdeaState
from tests.support.race import at_once
from tests.support.world import World


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> dict[str, queue.Regular]:
    """A clock with no regular work but what a test gives it."""
    monkeypatch.setattr(regular, "regulars", {})
    return regular.regulars


def ticks() -> dict[str, ClockTick]:
    db.session.rollback()
    db.session.expire_all()
    return {each.name: each for each in db.session.scalars(select(ClockTick))}


# --- the clock -----------------------------------------------------------------------------------------------------


def test_regular_work_is_done_once_per_period(app: Flask, alone: dict[str, queue.Regular]) -> None:
    done: list[str] = []
    queue.every(name="tests.wind", minutes=5)(lambda: done.append("wound"))
    now = clock.now()
    assert [queue.tick(app) for _ in range(3)] == [["tests.wind"], [], []]
    with clock.travelling(now + timedelta(minutes=4)):
        assert queue.tick(app) == []
    with clock.travelling(now + timedelta(minutes=6)):
        assert [queue.tick(app) for _ in range(2)] == [["tests.wind"], []]
    assert len(done) == 2
    row = ticks()["tests.wind"]
    assert row.ran_at is not None
    assert row.due_at - row.ran_at == timedelta(minutes=5)


def test_clocks_at_once_do_regular_work_once(app: Flask, alone: dict[str, queue.Regular]) -> None:
    done: list[str] = []
    for name in ("tests.wind", "tests.strike"):
        queue.every(name=name, minutes=5)(lambda name=name: done.append(name))
    answers = at_once(app, [lambda: queue.tick(app)] * 4)
    assert sorted(name for answer in answers for name in answer) == ["tests.strike", "tests.wind"]
    assert sorted(done) == ["tests.strike", "tests.wind"]


def test_work_missed_while_no_clock_ran_is_done_once_not_once_per_period(
    app: Flask, alone: dict[str, queue.Regular]
) -> None:
    done: list[str] = []
    queue.every(name="tests.wind", minutes=5)(lambda: done.append("wound"))
    queue.tick(app)
    with clock.travelling(clock.now() + timedelta(days=3)):
        for _ in range(3):
            queue.tick(app)
    assert len(done) == 2


def test_failing_work_keeps_its_error_and_stops_no_other(app: Flask, alone: dict[str, queue.Regular]) -> None:
    done: list[str] = []
    broken = [True]

    def fall() -> None:
        if broken:
            raise RuntimeError("the spring broke")

    queue.every(name="tests.fall", minutes=5)(fall)
    queue.every(name="tests.wind", minutes=5)(lambda: done.append("wound"))
    now = clock.now()
    assert queue.tick(app) == ["tests.fall", "tests.wind"]
    assert done == ["wound"]
    assert "the spring broke" in (ticks()["tests.fall"].error or "")
    assert ticks()["tests.wind"].error is None
    broken.clear()
    with clock.travelling(now + timedelta(minutes=6)):
        queue.tick(app)
    assert ticks()["tests.fall"].error is None


def test_work_that_fails_undoes_what_it_wrote(app: Flask, alone: dict[str, queue.Regular]) -> None:
    def half() -> None:
        with transaction():
            db.session.add(ClockTick(name="tests.trace", due_at=clock.now()))
            db.session.flush()
            raise RuntimeError("half-way")

    queue.every(name="tests.half", minutes=5)(half)
    queue.tick(app)
    assert set(ticks()) == {"tests.half"}


def test_a_clock_may_be_given_some_of_the_work(app: Flask, alone: dict[str, queue.Regular]) -> None:
    for name in ("tests.wind", "other.wind"):
        queue.every(name=name, seconds=1)(lambda: None)
    assert queue.tick(app, only=lambda name: name.startswith("tests.")) == ["tests.wind"]


def test_every_regular_work_of_the_product_runs_in_an_empty_house(app: Flask) -> None:
    assert set(queue.tick(app)) == set(queue.regulars)
    assert {name: each.error for name, each in ticks().items()} == dict.fromkeys(queue.regulars)


# --- the chain -----------------------------------------------------------------------------------------------------


def sealed() -> list[Event]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Event).where(Event.seal_no.is_not(None)).order_by(Event.seal_no)))


def tamper(event_id: int, **values: Any) -> None:
    with transaction():
        db.session.execute(update(Event).where(Event.id == event_id).values(**values))
    db.session.expire_all()


@pytest.fixture
def history(world: World) -> World:
    """A world in which a little happened."""
    challenge = world.challenge()
    for _ in range(3):
        world.idea(challenge)
    return world


def test_facts_are_sealed_in_the_order_of_their_ids(history: World) -> None:
    assert sealing.check().sealed == 0
    number = sealing.seal()
    rows = sealed()
    assert number == len(rows) > 5
    assert [each.id for each in rows] == sorted(each.id for each in rows)
    assert [each.seal_no for each in rows] == list(range(1, number + 1))
    assert [each.previous_hash for each in rows] == ["0" * 64, *(each.hash for each in rows[:-1])]
    assert sealing.check() == sealing.ChainReport(number, 0, None)


def test_later_facts_are_sealed_behind_earlier_ones(history: World) -> None:
    first = sealing.seal()
    assert sealing.seal() == 0
    history.idea(history.challenge())
    waiting = sealing.check().waiting
    assert waiting > 0
    assert sealing.seal() == waiting
    assert sealing.check() == sealing.ChainReport(first + waiting, 0, None)


def test_two_sealers_at_once_make_one_chain(history: World) -> None:
    answers = at_once(history.app, [sealing.seal] * 3)
    assert sum(answers) == len(sealed())
    assert sealing.check() == sealing.ChainReport(len(sealed()), 0, None)


def test_a_fact_committed_late_is_sealed_late(history: World) -> None:
    """Ids are handed out before the commit: a fact with a lower id may appear behind sealed ones."""
    late = sealed() or list(db.session.scalars(select(Event).order_by(Event.id)))
    missing = late[2]
    columns = {column.key: getattr(missing, column.key) for column in Event.__table__.columns}
    with transaction():
        db.session.query(Delivery).filter(Delivery.event_id == missing.id).delete()
        db.session.execute(Event.__table__.delete().where(Event.__table__.c.id == columns["id"]))
    sealing.seal()
    with transaction():
        db.session.execute(Event.__table__.insert().values(**columns))
    assert sealing.seal() == 1
    assert sealed()[-1].id == columns["id"]
    assert sealing.check().broken_at is None


_CHANGES: list[Callable[[Event], dict[str, Any]]] = [
    lambda event: {"payload": event.payload | {"person_id": event.payload.get("person_id", 0) + 1}},
    lambda event: {"name": event.name + "x"},
    lambda event: {"actor_id": (event.actor_id or 0) + 1},
    lambda event: {"origin": "api"},
    lambda event: {"occurred_at": event.occurred_at + timedelta(microseconds=1)},
    lambda event: {"challenge_id": (event.challenge_id or 0) + 1},
    lambda event: {"hash": hashlib.sha256(b"forged").hexdigest()},
]


@pytest.mark.parametrize("change", _CHANGES, ids=["payload", "name", "actor", "origin", "time", "scope", "hash"])
def test_one_changed_value_of_a_sealed_fact_is_found(change: Callable[[Event], dict[str, Any]], history: World) -> None:
    sealing.seal()
    victim = sealed()[3]
    before = {key: getattr(victim, key) for key in change(victim)}
    tamper(victim.id, **change(victim))
    assert sealing.check().broken_at == victim.id
    tamper(victim.id, **before)
    assert sealing.check().broken_at is None


def test_a_removed_fact_is_found_at_the_next_one(history: World) -> None:
    sealing.seal()
    victim, after = (each.id for each in sealed()[2:4])
    with transaction():
        db.session.query(Delivery).filter(Delivery.event_id == victim).delete()
        db.session.execute(Event.__table__.delete().where(Event.__table__.c.id == victim))
    db.session.expire_all()
    assert sealing.check().broken_at == after


def test_the_command_that_verifies_tells_a_sound_chain_from_a_broken_one(history: World) -> None:
    sealing.seal()
    victim = sealed()[3]
    db.session.rollback()
    run = history.app.test_cli_runner().invoke
    good = run(args=["verify"])
    assert (good.exit_code, "the chain holds" in good.output) == (0, True)
    tamper(victim.id, actor_id=4711)
    bad = run(args=["verify"])
    assert (bad.exit_code, f"the chain is broken at fact {victim.id}" in bad.output) == (1, True)


# --- lifecycle -----------------------------------------------------------------------------------------------------


def passages(idea: Idea) -> list[tuple[str, bool]]:
    db.session.rollback()
    rows = db.session.scalars(
        select(Passage).where(Passage.subject_kind == "idea", Passage.subject_id == idea.id).order_by(Passage.id)
    )
    return [(each.stage, each.left_at is None) for each in rows]


def test_each_move_closes_a_passage_and_opens_the_next(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    idea = world.draft_idea(challenge, author)
    assert passages(idea) == []
    writing.submit(actor=author, idea=idea, accept_terms=True)
    assert passages(idea) == [("submitted", True)]
    writing.withdraw(actor=author, idea=world.idea_again(idea))
    assert passages(idea) == [("submitted", False), ("withdrawn", True)]
    rows = db.session.scalars(select(Passage).where(Passage.subject_id == idea.id, Passage.subject_kind == "idea")).all()
    names = dict(db.session.execute(select(Event.id, Event.name)).all())
    first, second = sorted(rows, key=lambda each: each.id)
    assert (names[first.entered_event_id], names[first.left_event_id or 0]) == ("IdeaSubmitted", "IdeaWithdrawn")
    assert first.left_at == second.entered_at
    assert second.entered_event_id == first.left_event_id


def test_moves_the_machine_does_not_know_are_refused(app: Flask) -> None:
    """The machine alone decides, before any row or fact is written."""
    unknown = [(state, name) for state in IdeaState for name in IDEA.moves if not IDEA.can(state, name)]
    assert len(unknown) > 50
    fact = IdeaSubmitted(idea_id=1, revision=1)
    for state, name in unknown:
        idea = Idea(id=1, state=state)
        with pytest.raises(NotPossible) as refused:
            lifecycle.move(idea, IDEA, name, fact, actor=house(Origin.CLI), now=clock.now())
        assert (refused.value.code, idea.state) == (f"cannot_{name}", state)
    assert db.session.scalar(select(db.func.count()).select_from(Event)) == 0


def test_a_refused_move_leaves_no_trace(world: World) -> None:
    idea = world.idea(world.challenge())
    before = (passages(idea), db.session.scalar(select(db.func.count()).select_from(Event)))
    fact, again = IdeaSubmitted(idea_id=idea.id, revision=2), world.idea_again(idea)
    with pytest.raises(NotPossible), transaction():
        lifecycle.move(again, IDEA, "submit", fact, actor=house(Origin.CLI), now=clock.now())
    assert world.idea_again(idea).state == "submitted"
    assert (passages(idea), db.session.scalar(select(db.func.count()).select_from(Event))) == before


def test_a_row_that_does_not_stand_at_the_start_cannot_begin(world: World) -> None:
    idea = world.idea(world.challenge())
    fact, again = IdeaSubmitted(idea_id=idea.id, revision=2), world.idea_again(idea)
    with pytest.raises(NotPossible) as refused, transaction():
        lifecycle.begin(again, IDEA, fact, actor=house(Origin.CLI), now=clock.now())
    assert refused.value.code == "not_at_start"


def test_a_state_that_was_written_past_the_machine_cannot_be_left(world: World) -> None:
    """Otherwise the funnel would count something out that never came in."""
    author = world.person()
    idea = world.draft_idea(world.challenge(), author)
    now = clock.now()
    with transaction():
        db.session.execute(update(Idea).where(Idea.id == idea.id).values(state="submitted", submitted_at=now))
    with pytest.raises(RuntimeError, match="no open passage"):
        writing.withdraw(actor=author, idea=world.idea_again(idea))
    assert passages(idea) == []
    assert db.session.scalar(select(StageCount.entered).where(StageCount.stage == "withdrawn")) is None
