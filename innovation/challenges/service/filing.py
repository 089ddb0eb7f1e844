"""Files of a brief: added while it is written. What was published stays as it was promised."""

from __future__ import annotations

from datetime import datetime

from innovation.attachments import queries as attachments
from innovation.attachments.models import Upload
from innovation.attachments.service import uploads
from innovation.attachments.service.limits import Limits
from innovation.attachments.service.uploads import Wanted
from innovation.challenges.models import Challenge
from innovation.kernel.actor import Actor
from innovation.kernel.errors import NotPossible
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.challenge import EDITABLE
from innovation.rules.policy import May


@use_case(May.EDIT_CHALLENGE, on="challenge")
def begin_upload(*, actor: Actor, challenge: Challenge, wanted: Wanted, limits: Limits, now: datetime = AT_LOCK) -> Upload:
    """Begin to add a file to a brief.

    Raises:
        NotPossible: it is published.
        Invalid: such a file is not taken, or there is no room for it.
    """
    if not changeable(challenge):
        raise NotPossible("brief_is_published", state=challenge.state)
    if challenge.file_set_id is None:
        challenge.file_set_id = uploads.open_set("challenge", challenge.id, now).id
    file_set = attachments.set_by_id(challenge.file_set_id)
    return uploads.begin(actor=actor, file_set=file_set, wanted=wanted, limits=limits)


def changeable(challenge: Challenge) -> bool:
    """Whether files can be added to a brief, and taken away."""
    return challenge.state in EDITABLE
