"""One act on many things, decided now and done ten minutes later, unless it is stopped.

Nothing of the act happens before: no state changes, no fact but that it was decided, no mail is written. So to stop it is
to undo nothing. When its time has come each line is an act of its own, by the person who decided, with the rights he has
then; one that cannot be done any more says why, and the others go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from innovation.ideas.models import Idea
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import DomainError, Invalid
from innovation.kernel.events import deliver_later
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May
from innovation.rules.sending import (
    HELD,
    LINE,
    MOST_CHOSEN,
    MOST_PERSONAL,
    MOST_WORDS,
    SENDING,
    Chosen,
    LineState,
    SendingAct,
    SendingState,
    said_to,
)
from innovation.steering.events import LineCarriedOut, LineRefused, SendingDecided, SendingReleased, SendingStopped
from innovation.steering.models import SavedReason, Sending, SendingLine
from innovation.steering.queries import sendings as queries
from innovation.steering.queries.choosing import Thing, things
from innovation.steering.service import acting

CARRY_OUT = "steering.carry_out"
"""Under which name the lines of a released sending are delivered."""


@use_case(May.DECIDE_SENDING)
def decide(
    *,
    actor: Actor,
    act: SendingAct,
    chosen: Sequence[Chosen],
    words: str,
    reason: SavedReason | None = None,
    personal: Mapping[str, str] | None = None,
    params: Mapping[str, Any] | None = None,
    now: datetime = AT_LOCK,
) -> Sending:
    """Decide an act for the chosen things. What it cannot be done to is left out; the rest waits ten minutes.

    Args:
        words: what is said to each.
        reason: the saved reason that the words began with.
        personal: what is said to one alone besides, by what was chosen as a list writes it.
        params: what goes for all of them: ``until``, the instant up to which an idea can come again, in ISO form.

    Raises:
        Invalid: nothing is left to act on, or too much; the words are missing, or they or a personal line too long.
    """
    check_words(words, personal or {})
    if len(chosen) > MOST_CHOSEN:
        raise Invalid("too_many_chosen", field="words")
    found = [each for each in things(actor, act, chosen, now) if not each.problem]
    if not found or actor.person_id is None:
        raise Invalid("nothing_chosen", field="words")
    sending = Sending(
        act=act,
        reason_id=reason.id if reason is not None else None,
        params=dict(params or {}) | _read(found),
        decided_by=actor.person_id,
        decided_at=now,
        goes_at=now + HELD,
    )
    sending.lines = [line for each in found for line in _lines(each, words, (personal or {}).get(str(each.chosen), ""))]
    db.session.add(sending)
    db.session.flush()
    fact = SendingDecided(sending_id=sending.id, act=act, lines=len(sending.lines), **_programme(found))
    lifecycle.begin(sending, SENDING, fact, actor=actor, now=now)
    return sending


def _read(found: Sequence[Thing]) -> dict[str, Any]:
    """The versions of the ideas as they are now, by id: what its authors change meanwhile is not decided unread."""
    versions = {str(each.row.id): each.row.revision_no for each in found if isinstance(each.row, Idea) and each.duty is None}
    return {"versions": versions} if versions else {}


def check_words(words: str, personal: Mapping[str, str]) -> None:
    """Whether something is said, and no more than fits.

    Raises:
        Invalid: it is not.
    """
    if not words.strip():
        raise Invalid("words_missing", field="words")
    if len(words) > MOST_WORDS:
        raise Invalid("words_too_long", field="words")
    if any(len(each) > MOST_PERSONAL for each in personal.values()):
        raise Invalid("personal_too_long", field="words")


def _lines(thing: Thing, words: str, personal: str) -> list[SendingLine]:
    """One line for a thing; for a reminder one for each person who is reminded."""
    assert thing.challenge is not None
    ids = acting.ids_of(thing.row)
    text = said_to(words.replace("\r\n", "\n"), personal.replace("\r\n", "\n"))
    people: Sequence[int | None] = thing.duty.people if thing.duty is not None else [None]
    return [
        SendingLine(challenge_id=thing.challenge.id, person_id=person_id, text=text, state=LineState.WAITING, **ids)
        for person_id in people
    ]


def _programme(found: Sequence[Thing]) -> dict[str, int]:
    """The programme that a sending is about, where it is about one."""
    ids = {each.challenge.programme_id for each in found if each.challenge is not None}
    return {"programme_id": ids.pop()} if len(ids) == 1 else {}


@use_case(May.STOP_SENDING, on="sending")
def stop(*, actor: Actor, sending: Sending, now: datetime = AT_LOCK) -> None:
    """Stop a sending while it waits: nothing of it happens, not to one thing.

    Raises:
        NotPossible: it was stopped before, or its time has come and it is on its way.
    """
    sending.ended_at = now
    fact = SendingStopped(sending_id=sending.id, act=sending.act)
    lifecycle.move(sending, SENDING, "stop", fact, actor=actor, now=now)


@use_case(May.STOP_SENDING, on="sending")
def take_out(*, actor: Actor, sending: Sending, line: SendingLine, now: datetime = AT_LOCK) -> None:
    """Take one line out of a sending that waits; with its last line the whole is stopped.

    Raises:
        NotPossible: it is not waiting any more, or that line is out already.
    """
    waiting = queries.waiting_lines(sending.id)
    if sending.state != SendingState.WAITING or len(waiting) <= 1:
        stop(actor=actor, sending=sending)
    refused = LineRefused(sending_id=sending.id, act=sending.act, problem="taken_out")
    line.problem = refused.problem
    lifecycle.move(line, LINE, "refuse", refused, actor=actor, now=now)


@use_case(None)
def release(*, actor: Actor, now: datetime = AT_LOCK) -> int:
    """Let go of sendings whose ten minutes are over: from here on nothing stops them, and each line is delivered once.

    Returns:
        How many; call it again until it is none.
    """
    found = queries.due(now)
    for sending in found:
        let_go(actor=actor, sending=sending, now=now)
    return len(found)


def let_go(*, actor: Actor, sending: Sending, now: datetime) -> None:
    """Release one sending, inside a use case."""
    sending.ended_at = now
    fact = SendingReleased(sending_id=sending.id, act=sending.act)
    event = lifecycle.move(sending, SENDING, "release", fact, actor=actor, now=now)
    for line in queries.waiting_lines(sending.id):
        deliver_later(event, CARRY_OUT, key=str(line.id))


@use_case(None)
def carry_out(*, actor: Actor, line_id: int, now: datetime = AT_LOCK) -> None:
    """Do what one line of a released sending says, as the person who decided it, or note why it cannot be done.

    The act and the mark on the line are one transaction: killed anywhere, it is done once or not yet.
    """
    line = queries.locked_line(line_id)
    if line is None or line.state != LineState.WAITING or line.sending.state != SendingState.GONE:
        return
    sending = line.sending
    about = {"challenge_id": line.challenge_id, "idea_id": line.idea_id}
    line.problem = _problem(sending, line_id)
    if line.problem:
        refused = LineRefused(sending_id=sending.id, act=sending.act, problem=line.problem, **about)
        lifecycle.move(line, LINE, "refuse", refused, actor=actor, now=now)
    else:
        done = LineCarriedOut(sending_id=sending.id, act=sending.act, **about)
        lifecycle.move(line, LINE, "carry_out", done, actor=actor, now=now)


def _problem(sending: Sending, line_id: int) -> str:
    """Try the act of a line; why it was refused, as a code, or nothing. What a refused act began is undone."""
    who = queries.decider(sending)
    if who is None:
        return "not_here_any_more"
    made = len(db.session.info["deliveries"])
    try:
        with db.session.begin_nested():
            acting.do_line(who, sending, queries.line_by_id(line_id))
    except DomainError as error:
        del db.session.info["deliveries"][made:]
        return error.code[:60]
    return ""
