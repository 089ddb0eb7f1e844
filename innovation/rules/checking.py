"""Where ideas are looked at before others see them, unless a sponsor says otherwise."""

from __future__ import annotations


def checked_by_default(*, visibility: str, staff_only: bool) -> bool:
    """Whether ideas are checked first, where nobody said.

    Our own staff read each other at once, and a sealed idea is read by few anyway. What anybody from outside sends for many
    to read is looked at first.
    """
    return visibility == "open" and not staff_only
