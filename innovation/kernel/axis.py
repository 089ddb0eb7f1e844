"""The axis of a chart: round numbers at even steps around what is drawn. Values are whole millionths."""

from __future__ import annotations

from dataclasses import dataclass

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``start`` to ``end``, with marks at ``ticks``, both ends among them."""

    start: int
    end: int
    ticks: tuple[int, ...]

    def at(self, value: int) -> float:
        """Where a value lies, in percent of the axis; what lies beyond an end is put on it."""
        inside = min(max(value, self.start), self.end)
        return round(100 * (inside - self.start) / (self.end - self.start), 2)


def axis(low: int, high: int, *, steps: int = 5, finest: int = MICRO // 10) -> Axis:
    """The axis with the finest step of 1, 2 or 5 times a power of ten that covers ``low`` to ``high`` in at most ``steps``.

    Args:
        finest: no step is smaller; a power of ten.
    """
    step = finest
    while True:
        for size in (step, 2 * step, 5 * step):
            start, end = low // size * size, -(-high // size) * size
            if end - start <= steps * size:
                if start == end:
                    # Downward where there is room: a share of all must not be drawn below more than all.
                    start, end = (start - size, end) if start > 0 else (start, end + size)
                return Axis(start, end, tuple(range(start, end + 1, size)))
        step *= 10
