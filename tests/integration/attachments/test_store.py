"""The file port: the same promises in a folder and in a store that speaks S3."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from innovation.kernel.files import PIECE, Store, open_store
from innovation.settings import Settings, SettingsError
from tests.conftest import missing
from tests.support.oracle import oracle
from tests.support.samples import PDF


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server with one bucket, ``files``."""
    python = oracle()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("s3") / "log").open("wb")
    environ = {**os.environ, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    command = [str(python), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=log, stderr=log, env=environ)
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(300):
            try:
                urllib.request.urlopen(urllib.request.Request(f"{address}/files", method="PUT"), timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        else:
            missing("moto's server did not answer")
        yield address
    finally:
        server.terminate()
        server.wait(15)
        log.close()


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return open_store(Settings(home=tmp_path))
    address = request.getfixturevalue("s3")
    return open_store(
        Settings(
            home=tmp_path,
            files_url=f"s3://files/{tmp_path.name}",
            files_endpoint=address,
            files_access_key="key",
            files_secret_key="secret",
        )
    )


def test_what_was_put_is_got(kept: Store) -> None:
    kept.put("files/a/b", PDF)
    assert (b"".join(kept.get("files/a/b")), kept.exists("files/a/b")) == (PDF, True)


def test_a_part_is_got_by_itself(kept: Store) -> None:
    kept.put("files/a", b"0123456789")
    parts = [b"".join(kept.get("files/a", *part)) for part in ((2,), (2, 5), (0, 1), (9, 10), (3, 3))]
    assert parts == [b"23456789", b"234", b"0", b"9", b""]


def test_a_large_file_goes_in_and_out_in_pieces(kept: Store) -> None:
    content = os.urandom(12 * 1024 * 1024 + 17)
    kept.put("files/large", io.BytesIO(content))
    pieces = list(kept.get("files/large"))
    assert b"".join(pieces) == content
    assert max(len(piece) for piece in pieces) <= PIECE


def test_what_is_not_there_is_said_not_to_be(kept: Store) -> None:
    assert kept.exists("files/none") is False
    with pytest.raises(FileNotFoundError):
        kept.get("files/none")
    with pytest.raises(FileNotFoundError):
        kept.get("files/none", 2, 5)


def test_what_is_deleted_is_gone_and_deleting_twice_is_no_error(kept: Store) -> None:
    kept.put("files/a", b"x")
    kept.delete("files/a")
    kept.delete("files/a", "files/never")
    assert kept.exists("files/a") is False


def test_a_folder_lists_its_own(kept: Store) -> None:
    for key in ("uploads/a/2", "uploads/a/1", "uploads/ab/1", "files/a"):
        kept.put(key, b"xyz")
    assert kept.under("uploads/a/") == [("uploads/a/1", 3), ("uploads/a/2", 3)]


def test_an_address_that_is_not_understood_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        open_store(Settings(home=tmp_path, files_url="ftp://files"))
