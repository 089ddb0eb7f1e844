"""A clock dies by kill -9 while it lets sendings go, a worker among their lines; all is done in the end, each once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from innovation.challenges import queries as challenges
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.sending import Chosen, SendingAct
from innovation.steering.models import Sending, SendingLine
from innovation.steering.service import sendings
from tests.faults.crew import Crew, Hold, assert_one_file_per_mail, fresh
from tests.support.world import World

pytestmark = pytest.mark.faults

IDEAS = 4
LATER = 700


def _scene(world: World) -> list[str]:
    """Two sendings of two lines each whose ten minutes are over; the authors' addresses."""
    challenge = world.challenge()
    with transaction():
        challenges.by_id(challenge.id).checked_first = True
    sponsor = world.sponsor_of(challenge)
    ideas = [world.idea(world.again(challenge), world.person(f"author{number}")) for number in range(IDEAS)]
    world.settle()
    for pair in (ideas[:2], ideas[2:]):
        chosen = [Chosen("idea", each.public_id) for each in pair]
        sendings.decide(actor=sponsor, act=SendingAct.DECLINE_IDEA, chosen=chosen, words="Not for us.")
    with transaction():
        db.session.execute(update(Sending).values(goes_at=clock.now() - timedelta(seconds=1)))
    return [f"author{number}@example.org" for number in range(IDEAS)]


def _lines() -> Counter[str]:
    fresh()
    found = Counter(str(state) for state in db.session.scalars(select(SendingLine.state)))
    db.session.rollback()
    return found


def _released() -> Counter[str]:
    fresh()
    found = Counter(str(state) for state in db.session.scalars(select(Sending.state)))
    db.session.rollback()
    return found


def _finish(world: World, crew: Crew, authors: list[str]) -> None:
    crew.until(lambda: _lines() == {"done": IDEAS}, "the last line")
    crew.until_settled()
    fresh()
    facts = Counter(db.session.scalars(select(Event.name)))
    assert (facts["SendingReleased"], facts["LineCarriedOut"], facts["IdeaTurnedDown"]) == (2, IDEAS, IDEAS)
    assert set(db.session.scalars(select(Idea.state))) == {"declined"}
    told = [each.to for each in world.letters() if "Not for us." in each.text]
    assert sorted(told) == authors
    assert_one_file_per_mail(crew.settings.mail_folder)


def test_a_clock_killed_while_it_lets_go_lets_go_once(world: World, crew: Crew) -> None:
    authors = _scene(world)
    doomed = crew.start("clock", hold=Hold("innovation.steering.service.sendings:let_go", call=2, when="after"))
    crew.until_held(doomed)
    assert _released() == {"waiting": 2}
    doomed.kill()
    crew.start("worker", offset=LATER)
    crew.start("clock", offset=LATER)
    _finish(world, crew, authors)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_killed_among_the_lines_does_each_once(world: World, crew: Crew, when: str) -> None:
    authors = _scene(world)
    doomed = crew.start("worker", hold=Hold("innovation.steering.service.acting:do_line", call=2, when=when))
    crew.until_idle()
    first = crew.start("clock")
    crew.until_held(doomed)
    assert _lines() == {"done": 1, "waiting": IDEAS - 1}
    doomed.kill()
    first.end()
    crew.start("worker", offset=LATER)
    crew.start("clock", offset=LATER)
    _finish(world, crew, authors)
