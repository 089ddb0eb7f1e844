"""Real servers for the tests, each a child of the test process that dies with it."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable

LOCAL = "127.0.0.1"


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.create_server((LOCAL, 0)) as probe:
        return int(probe.getsockname()[1])


def die_with(parent: int, sign: signal.Signals) -> Callable[[], None]:
    """A ``preexec_fn``: the child gets ``sign`` when ``parent`` ends, even by kill -9 (Linux)."""

    def prepare() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(1, int(sign))  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask every 20 ms.

    Raises:
        TimeoutError: the condition did not come true in time; the message names ``what``.
    """
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"{what} did not happen within {seconds:g} s")
        time.sleep(0.02)
