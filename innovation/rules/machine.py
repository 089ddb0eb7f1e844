"""What a lifecycle is: a start, and moves from some states to one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


class NoSuchMove(Exception):
    """The machine has no such move from this state."""

    def __init__(self, move: str, state: str) -> None:
        super().__init__(f"no move {move!r} from {state!r}")
        self.move = move
        self.at = state


@dataclass(frozen=True, slots=True)
class Machine:
    """One table of moves: ``moves[name] = (states it leaves from, state it leads to)``."""

    name: str
    start: str
    moves: Mapping[str, tuple[Collection[str], str]]

    def can(self, state: str, move: str) -> bool:
        """Whether ``move`` leaves from ``state``."""
        return move in self.moves and state in self.moves[move][0]

    def after(self, state: str, move: str) -> str:
        """The state that ``move`` leads to from ``state``.

        Raises:
            NoSuchMove: the table has no such row.
        """
        if not self.can(state, move):
            raise NoSuchMove(move, state)
        return self.moves[move][1]

    def states(self) -> frozenset[str]:
        """Every state the table names."""
        return frozenset({self.start, *(s for froms, to in self.moves.values() for s in (*froms, to))})

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, for the documentation."""
        rows = [
            f"    {origin} --> {target}: {move}" for move, (froms, target) in self.moves.items() for origin in sorted(froms)
        ]
        return "\n".join(["stateDiagram-v2", f"    [*] --> {self.start}", *rows])
