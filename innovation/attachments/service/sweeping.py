"""What nobody needs any more: uploads whose day is over, the trash after thirty days, sets nobody holds, loose bytes.

Rows go first, and leave the keys of their bytes in ``doomed_file``; the bytes go after, with no transaction open. Whatever
is interrupted goes on at the next sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select, update

from innovation.attachments import queries
from innovation.attachments.models import Attachment, Doomed, FileSet, Upload
from innovation.attachments.service.uploads import parts_of
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.files import Store
from innovation.kernel.usecase import AT_LOCK, use_case

BATCH = 200
IN_TRASH = timedelta(days=30)
IN_PEACE = timedelta(hours=1)
"""How long loose bytes are left alone: somebody may be about to make them a file."""
UNHELD = timedelta(days=1)


@use_case(None)
def doom(*, actor: Actor, now: datetime = AT_LOCK) -> int:
    """Delete the rows whose time is over, at most a few hundred of each kind; how many went."""
    uploads = db.session.scalars(select(Upload).where(Upload.expires_at <= now).order_by(Upload.id).limit(BATCH)).all()
    db.session.add_all([Doomed(key=parts_of(each), since=now - IN_PEACE) for each in uploads])
    _delete(Upload.id.in_([each.id for each in uploads]))
    _abandon(actor, now)
    over = Attachment.trashed_at <= now - IN_TRASH
    # An upload names the file it became for a day; a file that old has none.
    files = db.session.scalars(
        select(Attachment)
        .where(over, ~exists().where(Upload.attachment_id == Attachment.id))
        .order_by(Attachment.id)
        .limit(BATCH)
    ).all()
    db.session.add_all([Doomed(key=each.key, since=now - IN_PEACE) for each in files])
    db.session.execute(delete(Attachment).where(Attachment.id.in_([each.id for each in files])))
    return len(uploads) + len(files)


def _delete(which: ColumnElement[bool]) -> None:
    db.session.execute(delete(Upload).where(which), execution_options={"synchronize_session": False})


def _abandon(house: Actor, now: datetime) -> None:
    """Let go of sets that nothing holds: their files are trashed as if long ago, and an empty set goes."""
    unheld = select(FileSet.id).where(FileSet.made_at <= now - UNHELD, ~queries.visible(house))
    loose = db.session.scalars(unheld.order_by(FileSet.id).limit(BATCH)).all()
    db.session.execute(
        update(Attachment)
        .where(Attachment.set_id.in_(loose))
        .values(trashed_at=now - IN_TRASH)
        .execution_options(synchronize_session=False)
    )
    empty = (
        ~exists().where(Attachment.set_id == FileSet.id),
        ~exists().where(Upload.set_id == FileSet.id),
    )
    db.session.execute(delete(FileSet).where(FileSet.id.in_(loose), *empty).execution_options(synchronize_session=False))


def doomed(now: datetime) -> Sequence[tuple[int, str]]:
    """The next keys whose bytes can go, as (row, key)."""
    rows = db.session.execute(
        select(Doomed.id, Doomed.key).where(Doomed.since <= now - IN_PEACE).order_by(Doomed.id).limit(BATCH)
    )
    return [(row.id, row.key) for row in rows]


def erase(store: Store, keys: Sequence[str]) -> None:
    """Delete bytes from the store; a key that ends in ``/`` is a folder."""
    for key in keys:
        if key.endswith("/"):
            store.delete(*(found for found, _size in store.under(key)))
        else:
            store.delete(key)


@use_case(None)
def forget(*, actor: Actor, rows: Sequence[int]) -> None:
    """Forget keys whose bytes are gone."""
    db.session.execute(delete(Doomed).where(Doomed.id.in_(list(rows))))
