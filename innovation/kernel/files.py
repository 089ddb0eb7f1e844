"""The file port: bytes under a key, in a folder of this machine or in a store that speaks S3. Nothing else opens either.

Keys are made by the product, never by a person: letters, digits, ``-`` and ``/``. What is kept is never changed in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import IO, Any, cast
from urllib.parse import urlsplit

import obstore
from flask import Flask, current_app
from obstore.store import LocalStore, ObjectStore, S3Store

from innovation.settings import Settings, SettingsError

PIECE = 256 * 1024
"""How many bytes of a file are in memory at once while it goes out."""


_CHUNK = 5 * 1024 * 1024
"""Bytes of a piece of a large file on its way in: the least that S3 takes. Two are in memory at once."""


class Store:
    """Files by their keys."""

    def __init__(self, backend: ObjectStore) -> None:
        self._backend = backend

    def put(self, key: str, content: bytes | IO[bytes]) -> None:
        """Keep a file; a large one is read piece by piece. What stood under the key before is replaced as a whole."""
        obstore.put(self._backend, key, content, chunk_size=_CHUNK, max_concurrency=2)

    def get(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """A file's bytes from ``start`` up to, not including, ``end``, in pieces.

        Raises:
            FileNotFoundError: nothing is kept under this key; said at once, not when the first piece is asked for.
        """
        if end is not None and end <= start:
            return iter(())
        wanted = {"offset": start} if end is None else (start, end)
        options: Any = {"range": wanted} if start or end is not None else {}
        found = obstore.get(self._backend, key, options=options)
        return _pieces(found.stream(min_chunk_size=PIECE))

    def delete(self, *keys: str) -> None:
        """Forget files. One that is not there is no error: it is what was asked for."""
        for key in keys:
            with suppress(FileNotFoundError):
                obstore.delete(self._backend, key)

    def exists(self, key: str) -> bool:
        """Whether something is kept under a key."""
        try:
            obstore.head(self._backend, key)
        except FileNotFoundError:
            return False
        return True

    def under(self, prefix: str) -> list[tuple[str, int]]:
        """What is kept below a folder, as (key, bytes), in the order of the keys."""
        batches = cast(Iterable[list[Any]], obstore.list(self._backend, prefix))
        return sorted((str(each["path"]), int(each["size"])) for batch in batches for each in batch)


def _pieces(stream: Iterable[Any]) -> Iterator[bytes]:
    for piece in stream:
        view = memoryview(piece)
        for start in range(0, len(view), PIECE):
            yield bytes(view[start : start + PIECE])


def connect(app: Flask, settings: Settings) -> None:
    """Give an application its files."""
    app.extensions["innovation.files"] = open_store(settings)


def store() -> Store:
    """The present application's files."""
    return cast(Store, current_app.extensions["innovation.files"])


def open_store(settings: Settings) -> Store:
    """The store that the settings name: a folder in the home, or a bucket.

    Raises:
        SettingsError: the address is none that is understood.
    """
    if not settings.files_url:
        folder = settings.home.resolve() / "files"
        folder.mkdir(parents=True, exist_ok=True)
        return Store(LocalStore(str(folder), automatic_cleanup=True))
    address = urlsplit(settings.files_url)
    if address.scheme != "s3" or not address.netloc:
        raise SettingsError(f"INNOVATION_FILES_URL={settings.files_url!r} is not understood: use s3://bucket/folder.")
    return Store(_bucket(settings, address.netloc, address.path.strip("/")))


def _bucket(settings: Settings, name: str, folder: str) -> ObjectStore:
    config: dict[str, Any] = {"region": settings.files_region}
    if settings.files_endpoint:
        config["endpoint"] = settings.files_endpoint
        config["virtual_hosted_style_request"] = False
    if settings.files_access_key:
        config["access_key_id"] = settings.files_access_key
        config["secret_access_key"] = settings.files_secret_key
    # A server of one's own often stands on the inner network without TLS; a store on the internet has an https address.
    client: Any = {"allow_http": settings.files_endpoint.startswith("http://"), "timeout": "60s"}
    return S3Store(name, prefix=folder or None, config=cast(Any, config), client_options=client)
