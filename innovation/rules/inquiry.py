"""What may be asked and answered beside the talks: how long, and how much at once. Plain figures, no database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

LONGEST: Final = 4_000
"""Letters of a question, and of an answer to one."""
MOST_OF_ONE: Final = 5
"""So many questions of one person can wait for an answer in one challenge, and of one judge on one idea."""


def numbered(asked_by: Sequence[int | None]) -> dict[int, int]:
    """The number by which each asker goes, from 1 in the order of their first questions; it never changes afterwards.

    Args:
        asked_by: who asked each question, the first question first.
    """
    known = dict.fromkeys(each for each in asked_by if each is not None)
    return {person_id: number for number, person_id in enumerate(known, 1)}
