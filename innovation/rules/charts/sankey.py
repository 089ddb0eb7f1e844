"""Bands from stage to stage, each as thick as what went that way.

Layout: a stage stands in the column it is given, below the one before it (in the last column a line lower
where two lines of words would meet); its height is the larger of what came and what
went, and one unit of thickness is the same everywhere. Bands leave and arrive in the order of the stages they join. What
goes back to an earlier column, or stays in its own, is not drawn: the table that stands with the chart says it.
Complexity: linear in stages and bands, after sorting them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BAR = 14
GAP = 26
LINE = 18
"""The height of a line of words."""
LEAST = 2
"""No bar and no band is thinner: what is there can be seen."""


@dataclass(frozen=True, slots=True)
class Flow:
    """So many went from one stage to another."""

    source: str
    target: str
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage: its upper left corner, its height, and the larger of what came to it and what left it."""

    key: str
    x: int
    y: int
    height: int
    count: int
    last: bool
    """Whether it stands in the last column, so that its words go to its left."""


@dataclass(frozen=True, slots=True)
class Band:
    """A flow as the path of its outline."""

    flow: Flow
    path: str


@dataclass(frozen=True, slots=True)
class Sankey:
    width: int
    height: int
    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    back: tuple[Flow, ...]
    """What is not drawn."""


def layout(columns: Sequence[Sequence[str]], flows: Sequence[Flow], width: int = 900, height: int = 360) -> Sankey:
    """Place stages and bands; stages that nothing joins are left out.

    Raises:
        KeyError: a flow names a stage that is in no column.
    """
    column = {key: n for n, keys in enumerate(columns) for key in keys}
    order = {key: (n, m) for n, keys in enumerate(columns) for m, key in enumerate(keys)}
    drawn = [flow for flow in flows if flow.count > 0 and column[flow.source] < column[flow.target]]
    back = tuple(flow for flow in flows if flow.count > 0 and column[flow.source] >= column[flow.target])
    came, went = _sums(drawn)
    size = {key: max(came.get(key, 0), went.get(key, 0)) for key in came.keys() | went.keys()}
    used = [[key for key in keys if key in size] for keys in columns]
    used = [keys for keys in used if keys]
    if not used:
        return Sankey(width, 0, (), (), back)
    most = max(sum(size[key] for key in keys) for keys in used)
    room = height - GAP * (max(len(keys) for keys in used) + 1)
    bars = _bars(used, size, width, room, most)
    height = max(height, *(bar.y + bar.height for bar in bars.values()))
    return Sankey(width, height, tuple(bars.values()), _bands(drawn, bars, order, room, most), back)


def _sums(flows: Sequence[Flow]) -> tuple[dict[str, int], dict[str, int]]:
    came: dict[str, int] = {}
    went: dict[str, int] = {}
    for flow in flows:
        came[flow.target] = came.get(flow.target, 0) + flow.count
        went[flow.source] = went.get(flow.source, 0) + flow.count
    return came, went


def _bars(used: Sequence[Sequence[str]], size: Mapping[str, int], width: int, room: int, most: int) -> dict[str, Bar]:
    found: dict[str, Bar] = {}
    for n, keys in enumerate(used):
        x = (width - BAR) * n // max(len(used) - 1, 1)
        last = n == len(used) - 1 and n > 0
        beside = [found[key].y for key in used[n - 1]] if last else []
        y = GAP
        for key in keys:
            # Words of the last column go to the left, where those of the column before it stand.
            while any(abs(y - other) < LINE for other in beside):
                y += 1
            tall = max(size[key] * room // most, LEAST)
            found[key] = Bar(key, x, y, tall, size[key], last)
            y += tall + GAP
    return found


def _bands(
    flows: Sequence[Flow], bars: Mapping[str, Bar], order: Mapping[str, tuple[int, int]], room: int, most: int
) -> tuple[Band, ...]:
    leaves = {key: bar.y for key, bar in bars.items()}
    arrives = dict(leaves)
    thick = {flow: max(flow.count * room // most, LEAST) for flow in flows}
    starts, ends = {}, {}
    for flow in sorted(flows, key=lambda each: (order[each.source], order[each.target])):
        starts[flow] = leaves[flow.source]
        leaves[flow.source] += thick[flow]
    for flow in sorted(flows, key=lambda each: (order[each.target], order[each.source])):
        ends[flow] = arrives[flow.target]
        arrives[flow.target] += thick[flow]
    return tuple(
        Band(flow, _path(bars[flow.source].x + BAR, starts[flow], bars[flow.target].x, ends[flow], thick[flow]))
        for flow in flows
    )


def _path(x1: int, y1: int, x2: int, y2: int, thick: int) -> str:
    mid = (x1 + x2) // 2
    return (
        f"M{x1} {y1}C{mid} {y1} {mid} {y2} {x2} {y2}V{y2 + thick}C{mid} {y2 + thick} {mid} {y1 + thick} {x1} {y1 + thick}Z"
    )
