"""What the edit form can say of a rule it gives back unchanged; what it cannot say it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from innovation.challenges.forms import KEEP, rule_of, rule_slots
from innovation.rules.promotion import READY_RULES


@pytest.mark.parametrize("ballot", ["approval", "yes_no"])
@pytest.mark.parametrize("how_many", ["top", "skip", "stop"])
@pytest.mark.parametrize("floor", [(0, 0, 0), (5, 0, 0), (0, 40, 50), (3, 10, 7)])
def test_slots_come_back_as_they_were(ballot: str, how_many: str, floor: tuple[int, int, int]) -> None:
    least, voters, share = floor
    rule = rule_of(ballot=ballot, how_many=how_many, k=3, least=least, voters=voters, share=share)
    slots = rule_slots(rule)
    assert rule_of(ballot=ballot, **slots) == rule


@pytest.mark.parametrize("name", ["catalyst_funds_3_5", "catalyst_funds_6_9"])
def test_a_rule_beyond_the_slots_is_kept(name: str) -> None:
    rule: dict[str, Any] = dict(READY_RULES[name])
    assert rule_slots(rule)["how_many"] == KEEP
