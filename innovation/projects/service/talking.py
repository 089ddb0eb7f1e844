"""Talk about a project."""

from __future__ import annotations

from datetime import datetime

from innovation.discussion.models import Comment
from innovation.discussion.queries import begun
from innovation.discussion.service.threads import open_thread
from innovation.discussion.service.writing import add
from innovation.kernel.actor import Actor
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.models import Project
from innovation.projects.queries import talking as talks
from innovation.rules.policy import May


@use_case(May.LOOK, on="project")
def say(*, actor: Actor, project: Project, text: str, parent: Comment | None = None, now: datetime = AT_LOCK) -> Comment:
    """Say something about a project, or answer somebody. Who may is asked of the talk, which its audience has a say in.

    Raises:
        Refused: this person only looks on.
        Invalid: nothing is said, or too much.
    """
    thread = talks.talk_of(project)
    if not begun(thread):
        project.thread_id = open_thread(thread, now).id
    return add(actor=actor, thread=thread, text=text, language=project.language, parent=parent)
