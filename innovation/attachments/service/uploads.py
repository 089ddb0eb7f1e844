"""An upload from its first byte to its last, as rows; the bytes themselves are moved by ``arriving``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from innovation.attachments.events import FileAdded
from innovation.attachments.models import Attachment, Doomed, FileSet, Upload
from innovation.attachments.service.kinds import allowed_name
from innovation.attachments.service.limits import Limits, check_room
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.file_names import own_words
from innovation.rules.policy import May

LIFETIME = timedelta(hours=24)
LONGEST_ALT = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to add: the name it has on his machine, its bytes, and what it shows, if it is an image."""

    name: str
    size: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file turned out to be, as it is kept under ``key``."""

    name: str
    media_type: str
    size: int
    sha256: str
    key: str
    width: int | None = None
    height: int | None = None


def open_set(kind: str, challenge_id: int | None, now: datetime) -> FileSet:
    """A new, empty file set, inside its owner's verb; the owner keeps its key."""
    made = FileSet(kind=kind, challenge_id=challenge_id, made_at=now)
    db.session.add(made)
    db.session.flush()
    return made


@use_case(May.ADD_FILE, on="file_set")
def begin(*, actor: Actor, file_set: FileSet, wanted: Wanted, limits: Limits, now: datetime = AT_LOCK) -> Upload:
    """Begin an upload. Its whole size counts from now on, so that two at once cannot both take the last room.

    Raises:
        Invalid: nothing of this name or size is taken, or there is no room for it.
    """
    assert actor.person_id is not None
    if wanted.size <= 0:
        raise Invalid("file_is_empty", field="file")
    if len(wanted.alt) > LONGEST_ALT:
        raise Invalid("alt_too_long", field="alt", most=LONGEST_ALT)
    allowed_name(wanted.name)
    check_room(limits, file_set, actor.person_id, wanted.size, now)
    upload = Upload(
        set_id=file_set.id,
        person_id=actor.person_id,
        name=own_words(wanted.name)[-200:],
        alt=wanted.alt.strip(),
        size=wanted.size,
        begun_at=now,
        expires_at=now + LIFETIME,
    )
    upload.set = file_set
    db.session.add(upload)
    db.session.flush()
    return upload


@use_case(May.ADD_FILE, on="upload")
def receive(*, actor: Actor, upload: Upload, offset: int, length: int, now: datetime = AT_LOCK) -> None:
    """Note that a part has arrived and is in the store. Of two at the same place one counts.

    Raises:
        NotPossible: the upload is elsewhere (``offset`` says where), or its day is over.
        Invalid: more arrived than was said to come.
    """
    if upload.attachment_id is None and upload.expires_at <= now:
        raise NotPossible("upload_is_over")
    if offset != upload.received:
        raise NotPossible("upload_is_elsewhere", offset=upload.received)
    if offset + length > upload.size:
        raise Invalid("file_longer_than_said", field="file")
    upload.received += length


@use_case(May.ADD_FILE, on="upload")
def intend(*, actor: Actor, upload: Upload, key: str, now: datetime = AT_LOCK) -> None:
    """Say under which key the file is about to be kept. Until it is a file's, the sweeper takes it for nobody's."""
    db.session.add(Doomed(key=key, since=now))


@use_case(May.ADD_FILE, on="upload")
def finish(*, actor: Actor, upload: Upload, found: Found | None, now: datetime = AT_LOCK) -> Attachment:
    """Make an upload that has arrived in full a file of its set. Once: a second call finds the first one's file.

    Args:
        found: what it turned out to be; None where the caller saw that it was finished before.

    Raises:
        NotPossible: not all of it is there.
    """
    if upload.attachment_id is not None:
        return db.session.get_one(Attachment, upload.attachment_id)
    if found is None or upload.received != upload.size:
        raise NotPossible("upload_is_elsewhere", offset=upload.received)
    made = Attachment(
        set_id=upload.set_id,
        name=found.name,
        media_type=found.media_type,
        size=found.size,
        sha256=found.sha256,
        key=found.key,
        width=found.width,
        height=found.height,
        alt=upload.alt if found.width is not None else "",
        uploaded_by=upload.person_id,
        uploaded_at=now,
    )
    made.set = upload.set
    db.session.add(made)
    db.session.flush()
    db.session.execute(delete(Doomed).where(Doomed.key == found.key))
    upload.attachment_id = made.id
    emit(FileAdded(attachment_id=made.id, kind=upload.set.kind, challenge_id=upload.set.challenge_id), actor=actor, now=now)
    return made


@use_case(May.ADD_FILE, on="upload")
def give_up(*, actor: Actor, upload: Upload, now: datetime = AT_LOCK) -> None:
    """Stop an upload: its place is free at once, its parts go with the next sweep. A finished one stays as it is."""
    if upload.attachment_id is None:
        db.session.add(Doomed(key=parts_of(upload), since=now))
        db.session.delete(upload)


def parts_of(upload: Upload) -> str:
    """The folder of the store in which the parts of an upload lie."""
    return f"uploads/{upload.public_id}/"
