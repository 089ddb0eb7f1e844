"""What is frozen is handed out as the record: it tells of a side of fewer than five readers only where the rule asks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from innovation.kernel.actor import Circle
from innovation.rules.promotion import ready_rule
from tests.support.world import World

ASKS = {"all": [{"measure": "voters_external", "at_least": {"value": 1}}]}


@pytest.mark.parametrize(("outsiders", "asks", "told"), [(2, False, False), (2, True, True), (5, False, True)])
def test_a_small_side_is_frozen_only_where_the_rule_rests_on_it(
    world: World, outsiders: int, asks: bool, told: bool
) -> None:
    changes: dict[str, Any] = {"eligibility": ASKS} if asks else {}
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1}, **changes)
    challenge = world.challenge(who_may="experts", visibility="open", rule=rule)
    idea = world.idea(challenge)
    for who in (*world.crowd(6), *world.crowd(outsiders, Circle.EXPERT)):
        world.vote(idea, who)
    world.close(challenge)
    world.settle()
    snapshot = json.loads(world.run_of(challenge).snapshot or "")
    (frozen,) = [row["measures"] for row in snapshot["ideas"]]
    assert any(name.endswith(("_internal", "_external")) for name in frozen) is told
    assert frozen["for"] == 6 + outsiders
