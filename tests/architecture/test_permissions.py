"""The golden permission table: role by act by state. A change of policy shows as a change of this file's twin.

To accept a change, run ``python -m tests.architecture.test_permissions`` and read the difference.
"""

from __future__ import annotations

from pathlib import Path

from innovation.rules.challenge import CHALLENGE
from innovation.rules.idea import IDEA
from innovation.rules.machine import Machine
from innovation.rules.policy import May, allowed
from innovation.rules.predicates import Case, Role
from innovation.rules.project import GATE, PROJECT
from innovation.rules.run import RUN

GOLDEN = Path(__file__).parent / "permissions.golden"

PEOPLE: dict[str, frozenset[Role]] = {
    "visitor": frozenset(),
    "signed in": frozenset({Role.SIGNED_IN}),
    "audience": frozenset({Role.SIGNED_IN, Role.AUDIENCE}),
    "staff audience": frozenset({Role.SIGNED_IN, Role.STAFF, Role.AUDIENCE}),
    "author": frozenset({Role.SIGNED_IN, Role.AUDIENCE, Role.AUTHOR}),
    "sponsor": frozenset({Role.SIGNED_IN, Role.STAFF, Role.AUDIENCE, Role.SPONSOR}),
    "panel": frozenset({Role.SIGNED_IN, Role.AUDIENCE, Role.PANEL}),
    "checker": frozenset({Role.SIGNED_IN, Role.AUDIENCE, Role.CHECKER}),
    "checker author": frozenset({Role.SIGNED_IN, Role.AUDIENCE, Role.CHECKER, Role.AUTHOR}),
    "manager": frozenset({Role.SIGNED_IN, Role.STAFF, Role.AUDIENCE, Role.MANAGER}),
    "manager author": frozenset({Role.SIGNED_IN, Role.STAFF, Role.AUDIENCE, Role.MANAGER, Role.AUTHOR}),
    "team": frozenset({Role.SIGNED_IN, Role.AUDIENCE, Role.TEAM}),
    "lead": frozenset({Role.SIGNED_IN, Role.AUDIENCE, Role.TEAM, Role.LEAD}),
    "administrator": frozenset({Role.SIGNED_IN, Role.ADMINISTRATOR}),
    "approver": frozenset({Role.SIGNED_IN, Role.STAFF, Role.AUDIENCE, Role.APPROVER}),
    "own approver": frozenset({Role.SIGNED_IN, Role.STAFF, Role.AUDIENCE, Role.APPROVER, Role.SPONSOR}),
    "publisher": frozenset({Role.SIGNED_IN, Role.STAFF, Role.AUDIENCE, Role.SPONSOR, Role.PUBLISHER}),
}

MOVES: dict[May, tuple[Machine, str]] = {
    May.PROPOSE_CHALLENGE: (CHALLENGE, "propose"),
    May.PUBLISH_CHALLENGE: (CHALLENGE, "publish"),
    May.STOP_CHALLENGE: (CHALLENGE, "stop"),
    May.SUBMIT_IDEA: (IDEA, "submit"),
    May.WITHDRAW_IDEA: (IDEA, "withdraw"),
    May.CHECK_IDEA: (IDEA, "accept"),
    May.ANNOUNCE: (RUN, "announce"),
    May.DECIDE_GATE: (GATE, "pass"),
    May.LEAD_PROJECT: (PROJECT, "pass"),
}
"""Acts that a machine has a word in: the states in which it lets them be."""


def table() -> str:
    rows = [f"{'act':<20}{'in state':<14}" + "".join(f"{name:<16}" for name in PEOPLE)]
    for act in May:
        machine, move = MOVES.get(act, (None, ""))
        for state in sorted(machine.states()) if machine else ["-"]:
            can = machine is None or machine.can(state, move)
            marks = "".join(f"{'yes' if can and allowed(act, Case(roles)) else '.':<16}" for roles in PEOPLE.values())
            rows.append(f"{act.value:<20}{state:<14}{marks}".rstrip())
    return "\n".join(rows) + "\n"


def test_permissions_are_as_agreed() -> None:
    assert table() == GOLDEN.read_text("utf-8")


def test_what_has_no_line_is_refused() -> None:
    everything = Case(frozenset(Role) - {Role.SPONSOR, Role.PANEL, Role.AUTHOR, Role.TEAM, Role.LEAD})
    assert allowed("no such act", everything) is False  # type: ignore[arg-type]


if __name__ == "__main__":
    GOLDEN.write_text(table(), "utf-8")
