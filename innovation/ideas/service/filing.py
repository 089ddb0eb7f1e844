"""Files of an idea: its authors add them for as long as they may change the idea itself."""

from __future__ import annotations

from datetime import datetime

from innovation.attachments import queries as attachments
from innovation.attachments.models import Upload
from innovation.attachments.service import uploads
from innovation.attachments.service.limits import Limits
from innovation.attachments.service.uploads import Wanted
from innovation.ideas.models import Idea
from innovation.ideas.service.timing import require_time
from innovation.ideas.service.writing import why_fixed
from innovation.kernel.actor import Actor
from innovation.kernel.errors import DomainError, NotPossible
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.idea import UNSENT, WAITS_OR_RUNS
from innovation.rules.policy import May


@use_case(May.EDIT_IDEA, on="idea")
def begin_upload(*, actor: Actor, idea: Idea, wanted: Wanted, limits: Limits, now: datetime = AT_LOCK) -> Upload:
    """Begin to add a file to an idea.

    Raises:
        NotPossible, NotNow: the idea stays as it is.
        Invalid: such a file is not taken, or there is no room for it.
    """
    require_changeable(idea, now)
    if idea.file_set_id is None:
        idea.file_set_id = uploads.open_set("idea", idea.challenge_id, now).id
    file_set = attachments.set_by_id(idea.file_set_id)
    return uploads.begin(actor=actor, file_set=file_set, wanted=wanted, limits=limits)


def require_changeable(idea: Idea, now: datetime) -> None:
    """Refuse what changes an idea that stays as it is.

    Raises:
        NotPossible: it is decided, withdrawn or merged, people vote on it as it is, or it was accepted as it is.
        NotNow: the challenge takes no changes now.
    """
    if idea.state in UNSENT:
        return
    if idea.state not in WAITS_OR_RUNS:
        raise NotPossible("not_in_the_running", state=idea.state)
    require_time(idea.challenge, May.SUBMIT_IDEA, now)
    fixed = why_fixed(idea, now)
    if fixed is not None:
        raise NotPossible(fixed)


def changeable(idea: Idea, now: datetime) -> bool:
    """Whether files can be added to an idea now, and taken away."""
    try:
        require_changeable(idea, now)
    except DomainError:
        return False
    return True
