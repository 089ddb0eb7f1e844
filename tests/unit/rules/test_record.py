"""How soon somebody answered before, in one line."""

from __future__ import annotations

import pytest

from innovation.rules.record import Record, record
from innovation.rules.survival import Stay


def _answered(days: int, count: int = 1) -> Stay:
    return Stay(days, True, count)


def _waits(days: int, count: int = 1) -> Stay:
    return Stay(days, False, count)


@pytest.mark.parametrize(
    ("stays", "found"),
    [
        ([], None),
        ([_waits(3, 40)], None),
        ([_answered(0)], Record(7, 1, 1)),
        ([_answered(7, 19), _answered(8)], Record(7, 19, 20)),
        ([_answered(7, 18), _answered(8, 2)], Record(14, 20, 20)),
        ([_answered(20, 97), _answered(80, 3)], Record(21, 97, 100)),
        ([_answered(20, 97), _waits(22, 3)], Record(21, 97, 100)),
        ([_answered(20, 97), _waits(21, 30)], Record(21, 97, 97)),
        ([_answered(20, 1), _answered(200, 1)], Record(90, 1, 2)),
        ([_waits(91, 4)], Record(90, 0, 4)),
    ],
)
def test_the_record_says_the_fewest_days_in_which_nearly_all_were_answered(stays: list[Stay], found: Record | None) -> None:
    assert record(stays) == found


def test_percent_are_rounded_down() -> None:
    assert [Record(7, 996, 1000).percent, Record(7, 1000, 1000).percent] == [99, 100]
