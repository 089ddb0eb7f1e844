"""What nobody needs any more is swept; what somebody needs stays."""

from __future__ import annotations

import io
from datetime import timedelta

from sqlalchemy import func, select, update

from innovation.attachments import work
from innovation.attachments.models import Attachment, Doomed, FileSet, Upload
from innovation.attachments.service import arriving, keeping, uploads
from innovation.attachments.service.uploads import Wanted
from innovation.ideas.models import Idea
from innovation.kernel.db import Base, db
from innovation.kernel.files import store
from tests.support import samples
from tests.support.filing import add, begin
from tests.support.world import World


def rows(kind: type[Base]) -> int:
    found = db.session.scalar(select(func.count()).select_from(kind)) or 0
    db.session.rollback()
    return found


def kept() -> int:
    return len(store().under("files")) + len(store().under("uploads"))


def ago(column: object, **time: float) -> None:
    """Let an instant of every row be so long ago."""
    kind = column.class_  # type: ignore[attr-defined]
    earlier = db.session.scalars(select(column).limit(1)).one() - timedelta(**time)  # type: ignore[call-overload]
    db.session.execute(update(kind).values({column.key: earlier}))  # type: ignore[attr-defined]
    db.session.commit()


def clear() -> None:
    store().delete(*(key for folder in ("files", "uploads") for key, _size in store().under(folder)))


def test_a_kept_file_stays(world: World) -> None:
    clear()
    author = world.person("Author")
    idea = world.draft_idea(world.challenge(), author, "Rig")
    file = add(world, author, idea, samples.PDF)
    ago(Upload.expires_at, days=3)
    ago(FileSet.made_at, days=40)
    work.sweep()
    assert (rows(Attachment), rows(Upload), rows(Doomed), kept()) == (1, 0, 0, 1)
    assert b"".join(store().get(file.key)) == samples.PDF


def test_an_upload_of_yesterday_goes_with_its_parts(world: World) -> None:
    clear()
    author = world.person("Author")
    idea = world.draft_idea(world.challenge(), author, "Rig")
    upload = begin(world, author, idea, Wanted("a.pdf", 100))
    arriving.take_part(actor=author, upload=upload, store=store(), offset=0, content=io.BytesIO(b"x" * 50))
    work.sweep()
    assert (rows(Upload), kept()) == (1, 1)
    ago(Upload.expires_at, days=2)
    work.sweep()
    assert (rows(Upload), rows(Doomed), kept()) == (0, 0, 0)


def test_the_trash_is_emptied_after_thirty_days(world: World) -> None:
    clear()
    author = world.person("Author")
    idea = world.draft_idea(world.challenge(), author, "Rig")
    file = add(world, author, idea, samples.PDF)
    keeping.remove(actor=author, file=db.session.get_one(Attachment, file.id))
    ago(Upload.expires_at, days=2)
    ago(Attachment.trashed_at, days=29)
    work.sweep()
    assert (rows(Attachment), kept()) == (1, 1)
    ago(Attachment.trashed_at, days=2)
    work.sweep()
    assert (rows(Attachment), rows(Doomed), kept()) == (0, 0, 0)


def test_bytes_that_never_became_a_file_go(world: World) -> None:
    """A process that dies between writing the bytes and the row leaves the key it meant to use."""
    clear()
    author = world.person("Author")
    idea = world.draft_idea(world.challenge(), author, "Rig")
    upload = begin(world, author, idea, Wanted("a.pdf", 100))
    uploads.intend(actor=author, upload=upload, key="files/loose/bytes")
    store().put("files/loose/bytes", b"x")
    work.sweep()
    assert kept() == 1
    ago(Doomed.since, hours=2)
    work.sweep()
    assert (rows(Doomed), kept()) == (0, 0)


def test_a_set_that_nothing_holds_goes_with_its_files(world: World) -> None:
    clear()
    author = world.person("Author")
    idea = world.draft_idea(world.challenge(), author, "Rig")
    other = world.draft_idea(world.challenge(), author, "Other")
    add(world, author, idea, samples.PDF)
    add(world, author, other, samples.PDF)
    db.session.execute(update(Idea).where(Idea.id == idea.id).values(file_set_id=None))
    db.session.commit()
    work.sweep()
    assert (rows(FileSet), rows(Attachment)) == (2, 2)
    ago(FileSet.made_at, days=2)
    ago(Upload.expires_at, days=3)
    work.sweep()
    work.sweep()
    assert (rows(FileSet), rows(Attachment), kept()) == (1, 1, 1)
