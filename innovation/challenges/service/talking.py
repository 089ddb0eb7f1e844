"""Questions about a challenge, and the private talk of its panel."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges import queries
from innovation.challenges.models import Challenge
from innovation.discussion.models import Comment
from innovation.discussion.queries import begun
from innovation.discussion.service.threads import open_thread
from innovation.discussion.service.writing import add
from innovation.kernel.actor import Actor
from innovation.kernel.errors import NotPossible
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.challenge import LIVE
from innovation.rules.policy import May


@use_case(May.TALK, on="challenge")
def ask(*, actor: Actor, challenge: Challenge, text: str, parent: Comment | None = None, now: datetime = AT_LOCK) -> Comment:
    """Ask something about a challenge, or answer; also after it is decided, until the talk is locked.

    Raises:
        NotPossible: it is not published yet: what is said now would be read by everybody later.
        Invalid: nothing is said, or too much.
    """
    if challenge.state not in LIVE:
        raise NotPossible("no_talk_here")
    thread = queries.talk_of(challenge)
    if not begun(thread):
        challenge.thread_id = open_thread(thread, now).id
    return add(actor=actor, thread=thread, text=text, language=challenge.language, parent=parent)


@use_case(May.PANEL_TALK, on="challenge")
def confer(
    *, actor: Actor, challenge: Challenge, text: str, parent: Comment | None = None, now: datetime = AT_LOCK
) -> Comment:
    """Say something to the panel and the sponsors alone.

    Raises:
        Invalid: nothing is said, or too much.
    """
    thread = queries.talk_of(challenge, "panel")
    if not begun(thread):
        challenge.panel_thread_id = open_thread(thread, now).id
    return add(actor=actor, thread=thread, text=text, language=challenge.language, parent=parent)
