"""A clock dies by kill -9 while it writes the morning's digests; the next one makes them all, each once, none lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.notifications.models import Message
from innovation.notifications.service import choosing
from innovation.rules.notices import Topic, Way
from tests.faults.crew import Crew, Hold, assert_one_file_per_mail, fresh
from tests.support.world import World

pytestmark = pytest.mark.faults

READERS = 25
"""More than one transaction's worth: the first batch is committed when the clock dies in the second."""
LATER = 700


def _waiting() -> tuple[int, int]:
    """(lines that wait, digests that are written)."""
    fresh()
    lines = db.session.scalar(
        select(func.count()).select_from(Message).where(Message.channel == "digest", Message.sent_at.is_(None))
    )
    made = db.session.scalar(
        select(func.count()).select_from(Message).where(Message.channel == "mail", Message.kind == "digest")
    )
    db.session.rollback()
    return lines or 0, made or 0


def _scene(world: World) -> None:
    challenge, author = world.challenge(), world.person("Author")
    for reader in world.crowd(READERS):
        choosing.choose(actor=reader, wanted={Topic.FOLLOWED: {Way.DIGEST}}, digest="daily")
        choosing.watch(actor=reader, kind="challenge", subject_id=challenge.id, level="follow")
    for number in (1, 2):
        world.idea(challenge, author, f"Idea number {number}")
    world.settle()
    with transaction():
        early = datetime(2020, 1, 1, tzinfo=UTC)
        db.session.execute(update(Message).where(Message.channel == "digest").values(created_at=early))


@pytest.mark.parametrize(("call", "made"), [(1, 0), (23, 20)])
def test_a_clock_killed_among_digests_loses_and_doubles_none(world: World, crew: Crew, call: int, made: int) -> None:
    _scene(world)
    doomed = crew.start("clock", hold=Hold("innovation.notifications.service.digests:write", call=call, when="after"))
    crew.until_held(doomed)
    assert _waiting() == (2 * (READERS - made), made)
    doomed.kill()

    crew.start("worker", offset=LATER)
    crew.start("clock", offset=LATER)
    crew.until(lambda: _waiting() == (0, READERS), "the last digest")
    crew.until_settled()
    fresh()
    told = [
        tuple(params["message_ids"]) for params in db.session.scalars(select(Message.params).where(Message.kind == "digest"))
    ]
    assert [len(each) for each in told] == [2] * READERS
    assert len({number for each in told for number in each}) == 2 * READERS
    assert_one_file_per_mail(crew.settings.mail_folder)
