"""Other people's implementations of a method, asked for their answer: evalica and pabutools, in an interpreter of their own.

They never stand in the product's environment (one of them is GPL). ``INNOVATION_ORACLE`` is the path of a Python that has
them: an environment made from ``requirements-oracle.lock``.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.conftest import missing

_WRAP = """
import json, sys
data = json.load(sys.stdin)
answer = None
{script}
print()
json.dump(answer, sys.stdout)
"""


def oracle() -> Path:
    """The oracle's interpreter; without one the test is skipped with the reason (and fails where nothing may be skipped)."""
    named = os.environ.get("INNOVATION_ORACLE", "")
    if not named or not Path(named).is_file():
        missing("INNOVATION_ORACLE names no Python with the packages of requirements-oracle.lock")
    return Path(named)


def ask(script: str, data: Any, timeout: float = 240) -> Any:
    """What a script makes of ``data`` in the oracle's interpreter.

    ``script`` is Python at module level: it finds its input in ``data`` and leaves its answer in ``answer``. Both travel as
    JSON; what the script prints before is dropped. Raises AssertionError with its own complaint when it fails.
    """
    done = subprocess.run(
        [oracle(), "-c", _WRAP.format(script=script)],
        input=json.dumps(data),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
