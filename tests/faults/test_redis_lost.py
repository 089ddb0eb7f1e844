"""Redis is emptied or killed; the database's delivery rows decide, so nothing is lost and nothing is sent twice.

The mails go to a real mail server, which counts them: a file written twice would look like one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from innovation.kernel import queue
from tests.faults.crew import Crew, Hold, assert_sent_once, jobs, keys, known_workers, waiting
from tests.faults.postbox import Postbox
from tests.faults.scene import readers, tell
from tests.support.world import World

pytestmark = pytest.mark.faults

PEOPLE = 150  # twice as many deliveries: one writes the message, one sends it


@pytest.mark.parametrize("sweeper", ["comes", "had come before", "is taken away"])
def test_flushed_redis_loses_nothing_but_for_the_sweeper(
    sweeper: str, world: World, crew: Crew, postbox: Postbox, tmp_path: Path
) -> None:
    """With the sweeper taken away the same scene must come to harm: that is how this test shows that it can fail.

    The worker holds at its fourth look for what is due, two batches later, and there its minute of draining is over
    (an empty answer): it goes back to Redis, which knows of nothing any more.
    """
    crew.smtp_url = postbox.url
    people = readers(PEOPLE)
    worker = crew.start("worker", hold=Hold("innovation.kernel.queue.deliveries:due", call=4, when="instead", answer=[]))
    crew.until_idle()
    tell(people)
    crew.until_held(worker)
    assert 0 < len(postbox.letters) < PEOPLE
    left = waiting()
    assert left >= 100  # messages to be written and mails to be sent; every message still means a mail
    assert jobs(crew.redis) > 0
    if sweeper == "had come before":
        assert queue.sweep() == left  # these pokes are lost too, and it pokes again only after a minute
    crew.redis.flush()
    assert keys(crew.redis) == 0
    worker.let_go()
    crew.until_idle()
    assert waiting() == left  # nobody will come for them but the sweeper

    if sweeper != "is taken away":
        crew.start("clock", offset=90 if sweeper == "had come before" else 0)
        crew.until_settled()
        assert_sent_once(postbox, PEOPLE)
    else:
        turns = tmp_path / "turns"
        crew.start("clock", no_sweeper=str(turns))
        crew.until(lambda: turns.exists() and len(turns.read_text().splitlines()) > 2, "three turns of no sweeper")
        crew.until_idle()
        assert waiting() == left
        assert len(postbox.letters) < PEOPLE


@pytest.mark.parametrize("when", ["idle", "at work"])
def test_work_goes_on_while_redis_is_away_and_after(when: str, world: World, crew: Crew, postbox: Postbox) -> None:
    """No clock runs: what is carried out, the workers find by themselves, in the database or by a poke."""
    crew.smtp_url = postbox.url
    people = readers(30)
    if when == "at work":
        workers = [crew.start("worker", hold=Hold("innovation.kernel.mail:send", call=5))]
    else:
        workers = [crew.start("worker"), crew.start("worker")]
    crew.until_idle(len(workers))
    tell(people[:10])
    if when == "at work":
        crew.until_held(workers[0])
    else:
        crew.until_settled()
        crew.until_idle(2)

    before = known_workers(crew.redis)
    crew.redis.kill()
    workers[0].let_go()
    tell(people[10:20])
    crew.until_settled()
    assert_sent_once(postbox, 20)

    crew.redis.start()
    crew.until_idle(len(workers), but=before)
    tell(people[20:])
    crew.until_settled()
    assert_sent_once(postbox, 30)
    assert all(worker.alive for worker in workers)


def test_worker_stops_when_asked_while_redis_is_away(world: World, crew: Crew) -> None:
    worker = crew.start("worker")
    crew.until_idle()
    crew.redis.kill()
    tell(readers(1))
    crew.until_settled()  # it has noticed, and looks into the database
    assert worker.end() == 0
