"""The bytes of an upload: part by part into the store, then looked at as a whole and kept.

Parts lie in the store, not on this machine, since the next one may reach another web process. Nothing here holds a
transaction open; each step that changes rows is a verb of its own.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from innovation.attachments.models import Attachment, Upload
from innovation.attachments.service import pictures, uploads
from innovation.attachments.service.kinds import sniff
from innovation.attachments.service.uploads import Found
from innovation.kernel import ids
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import DomainError, Invalid, NotPossible
from innovation.kernel.files import Store
from innovation.rules.file_names import safe_name

LARGEST_PART = 4 * 1024 * 1024
PART = 1024 * 1024
"""Bytes of a part, as our own pages send them: what a lost connection costs at most."""
_IN_MEMORY = 1024 * 1024
_PIECE = 256 * 1024


def take_part(*, actor: Actor, upload: Upload, store: Store, offset: int, content: IO[bytes]) -> None:
    """Keep one part of at most :data:`LARGEST_PART` bytes, and count it if it is the next one.

    Raises:
        NotPossible: the upload is elsewhere, as told by the error's ``offset``.
        Invalid: the part is too large, or goes beyond what was said to come.
    """
    if offset != upload.received:
        raise NotPossible("upload_is_elsewhere", offset=upload.received)
    folder = uploads.parts_of(upload)
    db.session.rollback()  # the line may be slow: nothing of the database waits for it
    data = content.read(LARGEST_PART + 1)
    if len(data) > LARGEST_PART:
        raise Invalid("part_too_large", field="file")
    if not data:
        return
    # Two that send the same part at once write two keys; the loser's is taken away again.
    key = f"{folder}{offset:012d}-{ids.public_id()}"
    store.put(key, data)
    try:
        uploads.receive(actor=actor, upload=upload, offset=offset, length=len(data))
    except BaseException:
        store.delete(key)
        raise


def take_whole(*, actor: Actor, upload: Upload, store: Store, content: IO[bytes]) -> Attachment:
    """Keep a file that came in one piece, by a form.

    Raises:
        Invalid: it is not what is taken.
    """
    while upload.received < upload.size:
        before = upload.received
        take_part(actor=actor, upload=upload, store=store, offset=before, content=io.BytesIO(content.read(LARGEST_PART)))
        if upload.received == before:
            raise Invalid("file_is_damaged", field="file")
    return keep(actor=actor, upload=upload, store=store)


def keep(*, actor: Actor, upload: Upload, store: Store) -> Attachment:
    """Look at a file that has arrived in full, and keep it; where that was done before, find it.

    Raises:
        Invalid: it is not what is taken; the upload is then given up.
        NotPossible: not all of it is there.
    """
    if upload.attachment_id is None and upload.received != upload.size:
        raise NotPossible("upload_is_elsewhere", offset=upload.received)
    found = _kept(actor, upload, store) if upload.attachment_id is None else None
    made = uploads.finish(actor=actor, upload=upload, found=found)
    store.delete(*(key for key, _size in store.under(uploads.parts_of(upload))))
    return made


def _kept(actor: Actor, upload: Upload, store: Store) -> Found:
    said, folder, total = upload.name, uploads.parts_of(upload), upload.size
    key = f"files/{upload.public_id}/{ids.public_id()}"
    db.session.rollback()
    with _joined(store, folder, total) as content:
        try:
            kind = sniff(content, said)
            name = safe_name(said, kind.extensions[0])
            width = height = None
            final = content
            if kind.is_image:
                final, width, height = pictures.encode_anew(content, kind.media_type)
        except DomainError:
            uploads.give_up(actor=actor, upload=upload)
            raise
        size, sha256 = _measured(final)
        uploads.intend(actor=actor, upload=upload, key=key)
        store.put(key, final)
        final.close()
    return Found(name, kind.media_type, size, sha256, key, width, height)


@contextmanager
def _joined(store: Store, folder: str, total: int) -> Iterator[IO[bytes]]:
    """An upload's parts as one file, beyond a megabyte on disk. It is closed behind the caller."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as whole:
        for key, start in _way_through(store, folder, total):
            for piece in store.get(key, start):
                whole.write(piece)
        whole.seek(0)
        yield cast(IO[bytes], whole)


def _way_through(store: Store, folder: str, total: int) -> Iterator[tuple[str, int]]:
    """Which parts to read, and from where in each: a part may overlap the one before, never leave a gap."""
    parts = [(int(key.removeprefix(folder).partition("-")[0]), size, key) for key, size in store.under(folder)]
    reached = 0
    while reached < total:
        over = [(start + size, start, key) for start, size, key in parts if start <= reached < start + size <= total]
        if not over:
            raise Invalid("file_is_damaged", field="file")
        end, start, key = max(over)
        yield key, reached - start
        reached = end


def _measured(content: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while piece := content.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    content.seek(0)
    return size, digest.hexdigest()
