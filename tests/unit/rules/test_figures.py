"""Shares, stays and charts: known values, and what holds for any."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.rules.charts import lines, sankey
from innovation.rules.figures import share
from innovation.rules.survival import Stay, curve


def test_under_ten_only_counts_are_said() -> None:
    assert share(3, 9).micro is None
    assert share(3, 10).micro == 300_000


def below(limit: float, yes: float, no: float, parts: int = 20_000) -> float:
    """The chance that a draw from Beta(yes, no) is below a limit, by the midpoint rule."""
    points = [(n + 0.5) / parts for n in range(parts)]
    weights = [x ** (yes - 1) * (1 - x) ** (no - 1) for x in points]
    return sum(weight for x, weight in zip(points, weights, strict=True) if x < limit) / sum(weights)


def test_the_interval_is_jeffreys() -> None:
    found = share(3, 10)
    assert found.low_micro is not None
    assert found.high_micro is not None
    assert abs(below(found.low_micro / 1e6, 3.5, 7.5) - 0.05) < 0.001
    assert abs(below(found.high_micro / 1e6, 3.5, 7.5) - 0.95) < 0.001
    assert (share(0, 20).low_micro, share(20, 20).high_micro) == (0, 1_000_000)


@given(st.integers(10, 500), st.integers(0, 500))
def test_a_share_lies_within_its_interval(whole: int, part: int) -> None:
    found = share(part % (whole + 1), whole)
    assert found.low_micro is not None
    assert found.micro is not None
    assert found.high_micro is not None
    assert found.low_micro <= found.micro <= found.high_micro


def test_more_than_the_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        share(3, 2)


def test_the_curve_is_kaplan_and_meiers() -> None:
    # Six stays: left at 1, 3, 3 and 6; still there after 2 and 6.
    found = curve([Stay(1, True), Stay(2, False), Stay(3, True, 2), Stay(6, True), Stay(6, False)])
    assert found.steps == ((0, 1_000_000), (1, 833_333), (3, 416_667), (6, 208_333))
    assert (found.median, found.left, found.open) == (3, 4, 2)


def test_while_most_are_there_the_median_is_not_known() -> None:
    assert curve([Stay(1, True), Stay(9, False, 3)]).median is None
    assert curve([]).steps == ((0, 1_000_000),)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans(), st.integers(1, 5))))
def test_a_curve_only_falls_and_counts_everything(rows: list[tuple[int, bool, int]]) -> None:
    found = curve([Stay(*row) for row in rows])
    shares = [micro for _time, micro in found.steps]
    assert shares == sorted(shares, reverse=True)
    assert found.left + found.open == sum(count for _time, _left, count in rows)


def test_leaving_early_by_the_open_ones_would_look_shorter() -> None:
    """Without the open ones the median would be 2; they were there for longer."""
    assert curve([Stay(2, True, 5), Stay(10, False, 4)]).median == 2
    assert curve([Stay(2, True, 4), Stay(10, False, 5)]).median is None


COLUMNS = (("a",), ("b", "c"), ("d",))


def test_bands_join_the_bars_and_what_goes_back_is_not_drawn() -> None:
    flows = [sankey.Flow("a", "b", 30), sankey.Flow("a", "c", 10), sankey.Flow("b", "d", 20), sankey.Flow("d", "a", 2)]
    found = sankey.layout(COLUMNS, flows)
    assert [(bar.key, bar.count) for bar in found.bars] == [("a", 40), ("b", 30), ("c", 10), ("d", 20)]
    assert [(bar.x, bar.last) for bar in found.bars] == [(0, False), (443, False), (443, False), (886, True)]
    assert [band.flow for band in found.bands] == flows[:3]
    assert found.back == (flows[3],)
    assert sankey.layout(COLUMNS, []).bars == ()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("bcd"), st.integers(0, 10**6)), max_size=8))
def test_every_bar_fits_into_the_picture(rows: list[tuple[str, str, int]]) -> None:
    flows = list({(source, target): sankey.Flow(source, target, count) for source, target, count in rows}.values())
    found = sankey.layout(COLUMNS, flows)
    assert all(bar.height >= sankey.LEAST and bar.y + bar.height <= found.height + sankey.LEAST for bar in found.bars)


def test_ticks_are_round_and_few() -> None:
    assert lines.ticks(100) == (0, 20, 40, 60, 80, 100)
    assert lines.ticks(7) == (0, 2, 4, 6)
    assert lines.ticks(1) == (0, 1)


def test_a_line_goes_in_steps_to_the_end_of_the_axis() -> None:
    chart = lines.steps([[(0, 0), (5, 10)]], most_x=10)
    assert chart.lines[0].path == "M60 226H470V14H880"
    assert (chart.lines[0].end_x, chart.lines[0].end_y) == (880, 14)
