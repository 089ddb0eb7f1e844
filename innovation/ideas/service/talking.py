"""Talk about an idea."""

from __future__ import annotations

from datetime import datetime

from innovation.discussion.models import Comment
from innovation.discussion.queries import begun
from innovation.discussion.service.threads import open_thread
from innovation.discussion.service.writing import add
from innovation.ideas import queries
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.errors import NotPossible
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.idea import UNSENT, IdeaState
from innovation.rules.policy import May

SILENT = UNSENT | {IdeaState.CHECKING, IdeaState.WITHDRAWN}
"""States in which nobody talks about an idea: only its authors see it, or besides them who checks it."""


def silent(idea: Idea) -> bool:
    """Whether nobody talks about an idea, because it is not before its readers or never came before them."""
    return idea.unchecked or idea.state in SILENT


@use_case(May.TALK, on="idea")
def say(*, actor: Actor, idea: Idea, text: str, parent: Comment | None = None, now: datetime = AT_LOCK) -> Comment:
    """Say something about an idea, or answer somebody; also after it is decided, until the talk is locked.

    Raises:
        NotPossible: it is not sent, not accepted where that comes first, or withdrawn.
        Invalid: nothing is said, or too much.
    """
    if silent(idea):
        raise NotPossible("no_talk_here")
    thread = queries.talk_of(idea)
    if not begun(thread):
        idea.thread_id = open_thread(thread, now).id
    return add(actor=actor, thread=thread, text=text, language=idea.challenge.language, parent=parent)
