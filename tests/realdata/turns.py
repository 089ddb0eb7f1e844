"""Which real case runs on which database."""

from __future__ import annotations

from collections.abc import Iterable


def taking_turns(cases: Iterable[str], both: str) -> list[tuple[str, str]]:
    """Pairs (database, case): the two databases take turns, and one case runs on both.

    Where databases may differ, the integration tests ask each of them; a real case takes minutes, and asks whether the
    product does with somebody's files what he published.
    """
    rest = [case for case in cases if case != both]
    return [("sqlite", both), ("postgresql", both)] + [
        ("postgresql" if turn % 2 == 0 else "sqlite", case) for turn, case in enumerate(rest)
    ]
