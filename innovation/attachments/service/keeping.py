"""What can be done with a file that is there: say what it shows, remove it, bring it back."""

from __future__ import annotations

from datetime import datetime

from innovation.attachments import queries
from innovation.attachments.events import FileRemoved, FileRestored
from innovation.attachments.models import Attachment
from innovation.attachments.service.uploads import LONGEST_ALT
from innovation.kernel.actor import Actor
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May


@use_case(May.CHANGE_FILE, on="file")
def say_what_it_shows(*, actor: Actor, file: Attachment, alt: str) -> None:
    """Give an image its words; none, if it says nothing that the text does not.

    Raises:
        Invalid: they are too long, or this is no image.
    """
    if file.width is None:
        raise Invalid("not_an_image", field="alt")
    if len(alt.strip()) > LONGEST_ALT:
        raise Invalid("alt_too_long", field="alt", most=LONGEST_ALT)
    file.alt = alt.strip()


@use_case(May.CHANGE_FILE, on="file")
def remove(*, actor: Actor, file: Attachment, now: datetime = AT_LOCK) -> None:
    """Put a file into the trash: nobody reads it any more, and for thirty days it can be brought back."""
    if file.trashed_at is None:
        file.trashed_at, file.trashed_by = now, actor.person_id
        emit(
            FileRemoved(attachment_id=file.id, kind=file.set.kind, challenge_id=file.set.challenge_id), actor=actor, now=now
        )


@use_case(May.CHANGE_FILE, on="file")
def restore(*, actor: Actor, file: Attachment, now: datetime = AT_LOCK) -> None:
    """Bring a removed file back where it was.

    Raises:
        NotPossible: the list has been filled meanwhile.
    """
    if file.trashed_at is None:
        return
    if queries.count(file.set_id, now) >= queries.MOST_FILES:
        raise NotPossible("too_many_files", most=queries.MOST_FILES)
    file.trashed_at = file.trashed_by = None
    emit(FileRestored(attachment_id=file.id, kind=file.set.kind, challenge_id=file.set.challenge_id), actor=actor, now=now)
