"""Trying an act on many before it is decided: what would come of it, with the very mails that would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.mail import Letter
from innovation.kernel.rehearsal import Rehearsed, rehearse
from innovation.rules.sending import Chosen, SendingAct
from innovation.steering.queries import sendings as queries
from innovation.steering.service import sendings
from innovation.steering.service.sendings import CARRY_OUT

SHOWN = 20
"""How many mails are shown; those of the other things are made in the same way."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A mail as it is shown: what it says, in which language, and how many people get it.

    The address at which a reader ends such mails is his alone: a sign stands in its place. Nothing else is left out.
    """

    kind: str
    language: str
    subject: str
    text: str
    to: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What would come of one thing: the code of what keeps the act from it, or the mails that would leave.

    ``looked``: whether its mails were composed; those after the first twenty are not.
    """

    chosen: Chosen
    problem: str
    letters: tuple[Letter, ...]
    looked: bool

    @property
    def copies(self) -> list[Copy]:
        """The mails, those that say the same to several people once."""
        said = Counter(_shown(each) for each in self.letters)
        return [Copy(*shown, to=number) for shown, number in said.items()]


PLACEHOLDER = "…"
"""Stands for what is its reader’s alone."""


def _shown(letter: Letter) -> tuple[str, str, str, str]:
    own = letter.mail.unsubscribe
    text = letter.mail.text.replace(own, PLACEHOLDER) if own else letter.mail.text
    return letter.kind, letter.mail.language, letter.mail.subject, text


def try_out(
    *,
    actor: Actor,
    act: SendingAct,
    chosen: Sequence[Chosen],
    words: str,
    personal: Mapping[str, str],
    params: Mapping[str, Any],
) -> list[Tried]:
    """Decide, release and carry out the act on each thing by itself, in a transaction that is undone.

    Raises:
        Invalid: the words do not do (see :func:`innovation.steering.service.sendings.check_words`).
    """
    sendings.check_words(words, personal)
    found: list[Tried] = []
    for each in chosen:
        looked = sum(len(one.letters) for one in found) < SHOWN
        said = {"words": words, "personal": personal, "params": params}
        played = _try_one(actor, act, each, said, looked=looked)
        found.append(Tried(each, played.result, played.letters, looked))
    return found


def _try_one(actor: Actor, act: SendingAct, chosen: Chosen, said: dict[str, Any], *, looked: bool) -> Rehearsed[str]:
    made: list[int] = []

    def decide() -> None:
        sending = sendings.decide(actor=actor, act=act, chosen=[chosen], **said)
        sendings.let_go(actor=house(Origin.CLOCK), sending=sending, now=sending.decided_at)
        made.append(sending.id)

    def problem() -> str:
        """Why it could not be done to anybody it concerns; nothing where it was done to one."""
        codes = queries.problems(made[0])
        return "" if "" in codes else next(iter(codes), "")

    return rehearse(decide, problem, lambda name: looked or name == CARRY_OUT)
