"""The tables of moves: every state can be reached, and only from where the table says."""

from __future__ import annotations

import pytest

from innovation.rules.challenge import CHALLENGE
from innovation.rules.idea import IDEA
from innovation.rules.machine import Machine, NoSuchMove
from innovation.rules.project import GATE, PROJECT
from innovation.rules.run import RUN

MACHINES = [CHALLENGE, IDEA, PROJECT, GATE, RUN]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.name)
def test_every_state_can_be_reached(machine: Machine) -> None:
    reached = {machine.start}
    while True:
        more = {to for froms, to in machine.moves.values() if reached & set(froms)} - reached
        if not more:
            break
        reached |= more
    assert reached == machine.states()


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.name)
def test_moves_leave_only_from_their_states(machine: Machine) -> None:
    for move, (froms, to) in machine.moves.items():
        for state in machine.states():
            if state in froms:
                assert machine.after(state, move) == to
            else:
                with pytest.raises(NoSuchMove):
                    machine.after(state, move)


def test_a_chosen_idea_stays_chosen() -> None:
    assert [move for move in IDEA.moves if IDEA.can("promoted", move)] == []


def test_diagrams_show_every_move() -> None:
    assert CHALLENGE.diagram().count("-->") == 1 + sum(len(froms) for froms, _ in CHALLENGE.moves.values())
