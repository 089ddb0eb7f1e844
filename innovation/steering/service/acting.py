"""The acts themselves: which verb does what one line says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Inquiry
from innovation.challenges.queries import inquiries as asked
from innovation.challenges.service import briefs, inquiries
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.service import checking
from innovation.kernel.actor import Actor
from innovation.kernel.errors import NotPossible
from innovation.projects.models import Gate
from innovation.rules.sending import SendingAct
from innovation.steering.models import Sending, SendingLine
from innovation.steering.service.reminding import remind


def ids_of(row: Idea | Inquiry | Gate | Challenge) -> dict[str, int]:
    """The column of a line that leads to a thing; a challenge stands in every line anyway."""
    if isinstance(row, Challenge):
        return {}
    kind = {Idea: "idea_id", Inquiry: "inquiry_id", Gate: "gate_id"}[type(row)]
    return {kind: row.id}


def do_line(who: Actor, sending: Sending, line: SendingLine | None) -> None:
    """Do to one thing what a sending says, inside a use case.

    Raises:
        DomainError: whatever the act's own verb raises; NotPossible, where the thing is no longer here.
    """
    if line is None:
        raise NotPossible("not_here")
    _ACTS[SendingAct(sending.act)](who, sending, line)


def _idea(line: SendingLine) -> Idea:
    found = ideas.by_id(line.idea_id or 0)
    if found is None:
        raise NotPossible("not_here")
    return found


def _version(sending: Sending, line: SendingLine) -> int | None:
    """Which version of an idea stood there when it was decided about."""
    versions: Mapping[str, int] = sending.params.get("versions", {})
    return versions.get(str(line.idea_id))


def _return_idea(actor: Actor, sending: Sending, line: SendingLine) -> None:
    until = sending.params.get("until")
    again = datetime.fromisoformat(until) if until else None
    checking.send_back(actor=actor, idea=_idea(line), note=line.text, until=again, revision=_version(sending, line))


def _decline_idea(actor: Actor, sending: Sending, line: SendingLine) -> None:
    checking.decline(actor=actor, idea=_idea(line), note=line.text, revision=_version(sending, line))


def _return_challenge(actor: Actor, sending: Sending, line: SendingLine) -> None:
    briefs.send_back(actor=actor, challenge=challenges.by_id(line.challenge_id), note=line.text)


def _answer(actor: Actor, sending: Sending, line: SendingLine) -> None:
    inquiry = asked.by_id(line.inquiry_id or 0)
    if inquiry is None:
        raise NotPossible("not_here")
    inquiries.answer(actor=actor, inquiry=inquiry, text=line.text, publish=False)


def _remind(actor: Actor, sending: Sending, line: SendingLine) -> None:
    remind(actor=actor, challenge=challenges.by_id(line.challenge_id), line=line)


_ACTS: Mapping[SendingAct, Callable[[Actor, Sending, SendingLine], None]] = {
    SendingAct.RETURN_IDEA: _return_idea,
    SendingAct.DECLINE_IDEA: _decline_idea,
    SendingAct.RETURN_CHALLENGE: _return_challenge,
    SendingAct.ANSWER: _answer,
    SendingAct.REMIND: _remind,
}
