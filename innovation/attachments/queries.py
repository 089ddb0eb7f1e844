"""Reading files: what an actor may see is one SQL predicate, made of what each kind of owner says of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import contains_eager

from innovation.attachments.models import Attachment, FileSet, Upload
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import loader_of, locks_of, roles_of
from innovation.people.models import Person
from innovation.rules.file_kinds import ACCEPTED, BY_TYPE
from innovation.rules.file_names import address_name
from innovation.rules.predicates import Role

MOST_FILES = 50
"""Of one thing: so many fit on a page."""


@dataclass(frozen=True, slots=True)
class Place:
    """What files of one kind belong to.

    Attributes:
        sees: which file sets of this kind a person may read, over :class:`FileSet`.
        adds: whether a person may add files to a set now.
    """

    sees: Callable[[Actor], ColumnElement[bool]]
    adds: Callable[[Actor, int], bool]


_places: dict[str, Place] = {}


def belongs(kind: str, sees: Callable[[Actor], ColumnElement[bool]], adds: Callable[[Actor, int], bool]) -> None:
    """Say who reads and who adds the files of one kind of thing; the wiring does, since only it knows what lies above."""
    _places[kind] = Place(sees, adds)


def visible(actor: Actor) -> ColumnElement[bool]:
    """File sets this person may read. A set that nothing holds is read by nobody."""
    lines = [and_(FileSet.kind == kind, place.sees(actor)) for kind, place in sorted(_places.items())]
    return or_(*lines) if lines else false()


def may_add(actor: Actor, file_set: FileSet) -> bool:
    """Whether a person may add to a set now; the house itself may."""
    place = _places.get(file_set.kind)
    return actor.is_house or (actor.signed_in and place is not None and place.adds(actor, file_set.id))


@roles_of(FileSet)
def roles_on_set(actor: Actor, file_set: FileSet) -> frozenset[Role]:
    return frozenset({Role.FILER}) if may_add(actor, file_set) else frozenset()


@roles_of(Attachment)
def roles_on_file(actor: Actor, file: Attachment) -> frozenset[Role]:
    return frozenset({Role.FILER}) if keeps(actor, file) and may_add(actor, file.set) else frozenset()


@roles_of(Upload)
def roles_on_upload(actor: Actor, upload: Upload) -> frozenset[Role]:
    mine = actor.is_house or upload.person_id == actor.person_id
    return frozenset({Role.FILER}) if mine and may_add(actor, upload.set) else frozenset()


def keeps(actor: Actor, file: Attachment) -> bool:
    """Whether a file is this person's to change, if he may add: in a talk, where many add, it is its own giver's alone."""
    return file.set.kind != "thread" or file.uploaded_by == actor.person_id


@locks_of(FileSet)
def _set_locks(file_set: FileSet) -> Sequence[Select[Any]]:
    return [select(FileSet.id).where(FileSet.id == file_set.id).with_for_update()]


@locks_of(Upload)
def _upload_locks(upload: Upload) -> Sequence[Select[Any]]:
    return [select(Upload.id).where(Upload.id == upload.id).with_for_update()]


@locks_of(Attachment)
def _file_locks(file: Attachment) -> Sequence[Select[Any]]:
    return [select(Attachment.id).where(Attachment.id == file.id).with_for_update()]


@loader_of(Upload)
def upload_by_id(upload_id: int) -> Upload | None:
    """An upload with its set, for a verb that has locked it."""
    return db.session.scalars(_uploads().where(Upload.id == upload_id)).one_or_none()


@loader_of(Attachment)
def file_by_id(file_id: int) -> Attachment | None:
    """A file with its set, for a verb that has locked it."""
    return db.session.scalars(_files().where(Attachment.id == file_id)).one_or_none()


def _uploads() -> Select[Upload]:
    return select(Upload).join(Upload.set).options(contains_eager(Upload.set))


def _files() -> Select[Attachment]:
    return select(Attachment).join(Attachment.set).options(contains_eager(Attachment.set))


def file(actor: Actor, public_id: str) -> Attachment | None:
    """A file this person may read, with its set; none that is in the trash."""
    condition = (Attachment.public_id == public_id, Attachment.trashed_at.is_(None), visible(actor))
    return db.session.scalars(_files().where(*condition)).one_or_none()


def trashed(actor: Actor, public_id: str) -> Attachment | None:
    """A file in the trash of something this person may read, with its set."""
    condition = (Attachment.public_id == public_id, Attachment.trashed_at.is_not(None), visible(actor))
    return db.session.scalars(_files().where(*condition)).one_or_none()


def trashed_by(actor: Actor, since: datetime, limit: int = 50) -> Sequence[Attachment]:
    """Files this person took away since then, of things he may still read, the latest first."""
    if actor.person_id is None:
        return []
    mine = (Attachment.trashed_by == actor.person_id, Attachment.trashed_at > since, visible(actor))
    return db.session.scalars(_files().where(*mine).order_by(Attachment.trashed_at.desc(), Attachment.id).limit(limit)).all()


def upload(actor: Actor, public_id: str) -> Upload | None:
    """One's own upload to something one may still read, with its set."""
    if actor.person_id is None:
        return None
    condition = (Upload.public_id == public_id, Upload.person_id == actor.person_id, visible(actor))
    return db.session.scalars(_uploads().where(*condition)).one_or_none()


def set_by_id(set_id: int) -> FileSet:
    """A set, for the verb that adds to it."""
    return db.session.get_one(FileSet, set_id)


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as a list shows it.

    Attributes:
        by: who added it; None where nobody is to be named, '' for somebody who is no longer here.
        keeps: whether the reader may change it.
    """

    file: Attachment
    by: str | None
    keeps: bool

    @property
    def address(self) -> str:
        return address_name(self.file.name)

    @property
    def group(self) -> str:
        return BY_TYPE[self.file.media_type].group


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one thing, as ``attachments/_files.html`` shows them.

    Attributes:
        add_url: where one is added; None for whoever may not.
        most: the largest size of one, in megabytes.
    """

    items: list[Listed]
    add_url: str | None
    most: int
    accept: str = ACCEPTED


def files(actor: Actor, set_id: int | None, add_url: str | None, most: int, *, names: bool = True) -> Files:
    """The files of a thing that the caller has found this person may read.

    Args:
        add_url: where this person adds one; None if he may not.
        most: the largest size of one, in megabytes.
        names: whether it may be said who added what.
    """
    return Files(listed(actor, set_id, names=names, adds=add_url is not None), add_url, most)


def listed(actor: Actor, set_id: int | None, *, names: bool = True, adds: bool = False) -> list[Listed]:
    """The files of a set, the first one first; ``adds`` says whether this person may add and change files here."""
    if set_id is None:
        return []
    rows = db.session.execute(
        _files()
        .add_columns(Person.name, Person.erased_at)
        .outerjoin(Person, Person.id == Attachment.uploaded_by)
        .where(Attachment.set_id == set_id, Attachment.trashed_at.is_(None))
        .order_by(Attachment.id)
        .limit(MOST_FILES)
    )
    return [
        Listed(found, (name if erased is None and name else "") if names else None, adds and keeps(actor, found))
        for found, name, erased in rows
    ]


def count(set_id: int, now: datetime) -> int:
    """How many files a set has, those on their way among them."""
    there = select(func.count()).where(Attachment.set_id == set_id, Attachment.trashed_at.is_(None))
    coming = select(func.count()).where(Upload.set_id == set_id, Upload.attachment_id.is_(None), Upload.expires_at > now)
    return (db.session.scalar(there) or 0) + (db.session.scalar(coming) or 0)


def bytes_of_person(person_id: int, now: datetime) -> int:
    """What somebody has added in all, and has begun to add; the trash counts until it is emptied."""
    return _bytes(Attachment.uploaded_by == person_id, Upload.person_id == person_id, now)


def bytes_of_challenge(challenge_id: int, now: datetime) -> int:
    """What was added to a challenge, its ideas, projects and talk, and what is on its way."""
    sets = select(FileSet.id).where(FileSet.challenge_id == challenge_id)
    return _bytes(Attachment.set_id.in_(sets), Upload.set_id.in_(sets), now)


def _bytes(files: ColumnElement[bool], uploads: ColumnElement[bool], now: datetime) -> int:
    kept = select(func.coalesce(func.sum(Attachment.size), 0)).where(files)
    coming = select(func.coalesce(func.sum(Upload.size), 0)).where(
        uploads, Upload.attachment_id.is_(None), Upload.expires_at > now
    )
    return int(db.session.scalar(kept) or 0) + int(db.session.scalar(coming) or 0)
