"""Lines that go in steps, over time: an axis of round numbers and the paths in it. Complexity: linear in the points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 900
HEIGHT = 260
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 14, 34


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: where it stands, and the value it stands for."""

    at: int
    value: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its path, and where it ends."""

    path: str
    end_x: int
    end_y: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines between two axes; everything in units of ``width`` by ``height``."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    lines: tuple[Line, ...]


def steps(series: Sequence[Sequence[tuple[int, int]]], *, most_x: int | None = None, most_y: int | None = None) -> Chart:
    """Draw series of (x, y), each with rising x, as steps: a value holds until the next, the last to the axis' end.

    Values are not below zero; the axes begin at 0 and end at ``most_x`` and ``most_y``, or at what is the most.
    """
    wide = most_x or max((x for points in series for x, _y in points), default=0) or 1
    tall = most_y or max((y for points in series for _x, y in points), default=0) or 1
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def across(x: int) -> int:
        return LEFT + (right - LEFT) * min(x, wide) // wide

    def up(y: int) -> int:
        return bottom - (bottom - TOP) * min(y, tall) // tall

    lines = []
    for points in series:
        if not points:
            continue
        path = f"M{across(points[0][0])} {up(points[0][1])}"
        path += "".join(f"H{across(x)}V{up(y)}" for x, y in points[1:]) + f"H{right}"
        lines.append(Line(path, right, up(points[-1][1])))
    return Chart(
        WIDTH,
        HEIGHT,
        LEFT,
        right,
        TOP,
        bottom,
        tuple(Tick(across(value), value) for value in ticks(wide)),
        tuple(Tick(up(value), value) for value in ticks(tall)),
        tuple(lines),
    )


def ticks(most: int, about: int = 5) -> tuple[int, ...]:
    """Round numbers from 0 up to a largest value: steps of 1, 2 or 5 times a power of ten, at most ``about`` of them."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if most <= factor * power * about:
                return tuple(range(0, most + 1, factor * power))
        power *= 10
