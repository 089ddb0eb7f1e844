"""Files of a talk: whoever may write in it may add one, for as long as it is open."""

from __future__ import annotations

from datetime import datetime

from innovation.attachments import queries as attachments
from innovation.attachments.models import Upload
from innovation.attachments.service import uploads
from innovation.attachments.service.limits import Limits
from innovation.attachments.service.uploads import Wanted
from innovation.discussion.models import Thread
from innovation.discussion.service.threads import require_open
from innovation.kernel.actor import Actor
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May


@use_case(May.TALK, on="thread")
def begin_upload(*, actor: Actor, thread: Thread, wanted: Wanted, limits: Limits, now: datetime = AT_LOCK) -> Upload:
    """Begin to add a file to a talk.

    Raises:
        NotPossible: the talk is locked.
        Invalid: such a file is not taken, or there is no room for it.
    """
    require_open(thread)
    if thread.file_set_id is None:
        thread.file_set_id = uploads.open_set("thread", thread.challenge_id, now).id
    file_set = attachments.set_by_id(thread.file_set_id)
    return uploads.begin(actor=actor, file_set=file_set, wanted=wanted, limits=limits)
