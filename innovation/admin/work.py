"""Regular work of the house itself."""

from __future__ import annotations

from innovation.kernel import queue, web


@queue.every(name="admin.forget_old_answers", minutes=60)
def forget_old_answers() -> None:
    web.forget_old_answers()
