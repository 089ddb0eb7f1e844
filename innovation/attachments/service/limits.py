"""How much may be added: one file, one person, one challenge, one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from innovation.attachments import queries
from innovation.attachments.models import FileSet
from innovation.kernel.db import lock
from innovation.kernel.errors import Invalid
from innovation.settings import Settings

MEGABYTE = 1024 * 1024
_PERSON, _CHALLENGE = 7_310_003, 7_310_004
"""What the advisory locks are about; beside it stands whose."""


@dataclass(frozen=True, slots=True)
class Limits:
    """In bytes."""

    file: int
    person: int
    challenge: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        return cls(
            settings.file_megabytes * MEGABYTE,
            settings.person_megabytes * MEGABYTE,
            settings.challenge_megabytes * MEGABYTE,
        )


def check_room(limits: Limits, file_set: FileSet, person_id: int, size: int, now: datetime) -> None:
    """Refuse what there is no room for. Whoever asks at the same time waits until this transaction is over.

    Raises:
        Invalid: the file is too large, the list is full, or the person's or the challenge's share is used up.
    """
    if size > limits.file:
        raise Invalid("file_too_large", field="file", most=limits.file // MEGABYTE)
    lock(select(func.pg_advisory_xact_lock(_PERSON, person_id)))
    if file_set.challenge_id is not None:
        lock(select(func.pg_advisory_xact_lock(_CHALLENGE, file_set.challenge_id)))
    if queries.count(file_set.id, now) >= queries.MOST_FILES:
        raise Invalid("too_many_files", field="file", most=queries.MOST_FILES)
    if queries.bytes_of_person(person_id, now) + size > limits.person:
        raise Invalid("person_has_no_room", field="file", most=limits.person // MEGABYTE)
    if file_set.challenge_id is not None:
        used = queries.bytes_of_challenge(file_set.challenge_id, now)
        if used + size > limits.challenge:
            raise Invalid("challenge_has_no_room", field="file", most=limits.challenge // MEGABYTE)
