"""The command line with a fault built in: ``python saboteur.py worker`` is ``innovation worker`` that does what
``INNOVATION_TEST_FAULTS`` says. The product itself knows no such thing: what is changed is changed here.

The variable is JSON, every part optional:

``hold``: ``{"at": "module:attribute", "call": 2, "when": "before" | "after" | "instead", "answer": …, "marker": path,
"go": path}`` stops the process at the n-th call of a function: it writes its process id into ``marker`` and waits until
``go`` exists. With ``instead`` the function is not called at all, and ``answer`` is what it returns.

``no_sweeper``: the sweeper counts its turns in this file and does nothing else.

``hasty``: the n-th failure waits a fifth of a second, the sweeper comes every second and pokes again after one.
"""

from __future__ import annotations

import importlib
import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from innovation.app import cli
from innovation.kernel import queue
from innovation.kernel.queue import deliveries, pokes

FAULTS = "INNOVATION_TEST_FAULTS"


def _hold(at: str, call: int, when: str, answer: Any, marker: str, go: str) -> None:
    module_name, name = at.split(":")
    module = importlib.import_module(module_name)
    real: Callable[..., Any] = getattr(module, name)
    calls = 0

    def stop() -> None:
        partial = Path(f"{marker}.part")
        partial.write_text(str(os.getpid()))
        partial.rename(marker)
        while not Path(go).exists():
            time.sleep(0.02)

    def held(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls != call:
            return real(*args, **kwargs)
        if when == "before":
            stop()
        made = answer if when == "instead" else real(*args, **kwargs)
        if when != "before":
            stop()
        return made

    setattr(module, name, held)


def _no_sweeper(turns: str) -> None:
    def count() -> None:
        with Path(turns).open("a") as file:
            file.write("turn\n")

    queue.every(name="kernel.sweep", seconds=1)(count)


def _hasty() -> None:
    deliveries.backoff = lambda attempts: timedelta(seconds=0.2)
    pokes.POKE_AGAIN = timedelta(seconds=1)
    queue.every(name="kernel.sweep", seconds=1)(queue.sweep)


if __name__ == "__main__":
    faults = json.loads(os.environ[FAULTS])
    if "hold" in faults:
        _hold(**faults["hold"])
    if "no_sweeper" in faults:
        _no_sweeper(faults["no_sweeper"])
    if faults.get("hasty"):
        _hasty()
    cli()
