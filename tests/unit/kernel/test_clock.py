"""Wall times: some do not exist, some exist twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from innovation.kernel.clock import WallTimeError, to_utc, to_wall, zones

ZONE = "Europe/Amsterdam"


def test_a_wall_time_has_one_instant() -> None:
    assert to_utc(datetime(2026, 11, 27, 17), ZONE) == datetime(2026, 11, 27, 16, tzinfo=UTC)
    assert to_utc(datetime(2026, 7, 27, 17), ZONE) == datetime(2026, 7, 27, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "code"), [(datetime(2026, 3, 29, 2, 30), "nonexistent"), (datetime(2026, 10, 25, 2, 30), "ambiguous")]
)
def test_a_wall_time_the_clocks_skip_or_repeat_is_refused(wall: datetime, code: str) -> None:
    with pytest.raises(WallTimeError) as refused:
        to_utc(wall, ZONE)
    assert refused.value.code == code


def test_there_and_back() -> None:
    wall = datetime(2026, 5, 1, 12, 34)
    assert to_wall(to_utc(wall, ZONE), ZONE) == wall


def test_the_host_zone_may_be_chosen() -> None:
    assert ZONE in zones()
    assert "UTC" in zones()
