"""An act on many that waits before it is done, so that who decided it can still stop it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from innovation.rules.machine import Machine

HELD = timedelta(minutes=10)
"""So long a decided act waits, with its mails, before anything of it happens."""


class SendingAct(StrEnum):
    """What is said to people with a reason of one's own."""

    RETURN_IDEA = "return_idea"
    DECLINE_IDEA = "decline_idea"
    RETURN_CHALLENGE = "return_challenge"
    ANSWER = "answer"
    REMIND = "remind"


class DutyKind(StrEnum):
    """What somebody is reminded of: what waits for him alone."""

    APPROVE = "approve"
    """A challenge that was handed in."""
    CHECK = "check"
    """An idea that is shown to nobody before it is checked."""
    PICK = "pick"
    """Ideas that a sponsor chooses from."""
    ANNOUNCE = "announce"
    """A result that is decided and not told."""
    ANSWER = "answer"
    """Authors who were promised an answer."""
    INQUIRY = "inquiry"
    """A question to a sponsor."""
    GATE = "gate"
    """A gate of a project."""


class SendingState(StrEnum):
    WAITING = "waiting"
    STOPPED = "stopped"
    GONE = "gone"


class LineState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    """It could not be done any more when its time came: the line says why."""


SENDING = Machine(
    name="sending",
    start=SendingState.WAITING,
    moves={
        "stop": ({SendingState.WAITING}, SendingState.STOPPED),
        "release": ({SendingState.WAITING}, SendingState.GONE),
    },
)

LINE = Machine(
    name="sending line",
    start=LineState.WAITING,
    moves={
        "carry_out": ({LineState.WAITING}, LineState.DONE),
        "refuse": ({LineState.WAITING}, LineState.REFUSED),
    },
)

MOST_CHOSEN = 200
"""On how many things one act is decided at once."""
MOST_WORDS = 5_000
"""How long the words for all may be."""
MOST_PERSONAL = 1_000
"""How long the personal line for one may be."""

KINDS: dict[SendingAct, frozenset[str]] = {
    SendingAct.RETURN_IDEA: frozenset({"idea"}),
    SendingAct.DECLINE_IDEA: frozenset({"idea"}),
    SendingAct.RETURN_CHALLENGE: frozenset({"challenge"}),
    SendingAct.ANSWER: frozenset({"inquiry"}),
    SendingAct.REMIND: frozenset({"idea", "challenge", "run", "inquiry", "gate"}),
}
"""What each act is done to."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One thing that an act is decided for: its kind and the name it has in addresses.

    A list writes it ``idea:k3v9x2m7qa``; a gate ``gate:``, the name of its project, and after a stroke its own key.
    """

    kind: str
    name: str

    @classmethod
    def read(cls, written: str) -> Chosen | None:
        """What a list wrote; None for anything else."""
        kind, _, name = written.partition(":")
        return cls(kind, name) if name and any(kind in kinds for kinds in KINDS.values()) else None

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def said_to(words: str, personal: str) -> str:
    """The very words for one: those for all, and below them the line for this one alone."""
    return "\n\n".join(part for part in (words.strip(), personal.strip()) if part)
