"""Two clocks and three workers begin at the same moment, on one database and one Redis: everything happens once."""

from __future__ import annotations

import pytest

from tests.faults.crew import Crew, assert_promoted_once, assert_sent_once, fresh, mails
from tests.faults.postbox import Postbox
from tests.faults.scene import CHOSEN, closed_challenge
from tests.support.world import World

pytestmark = pytest.mark.faults

IDEAS = 8


def test_two_clocks_and_three_workers_promote_and_mail_once(world: World, crew: Crew, postbox: Postbox) -> None:
    crew.smtp_url = postbox.url
    scene = closed_challenge(world, IDEAS, settled=False)
    for command in ("worker", "clock", "worker", "clock", "worker"):
        crew.start(command)
    crew.until(lambda: _answers() == IDEAS, "an answer for every author")
    crew.until_settled()
    assert_promoted_once(scene.ideas, scene.authors, CHOSEN)
    assert_sent_once(postbox)
    assert all(child.alive for child in crew.children)


def _answers() -> int:
    fresh()
    return len([message for message in mails() if message.kind == "decision"])
