"""Telling open pages that something changed: server-sent events over threads, fed by the facts in the database.

While anybody listens, one thread of this process looks once a second for new facts and wakes the streams of the topics
they belong to. A message says only that something changed; the page then asks again, and is told what it may see. So it
needs no other server, and a lost message costs a delay, nothing else.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import func, or_, select

from innovation.kernel.db import db
from innovation.kernel.events import Event

log = logging.getLogger(__name__)

LATE_SECONDS = 60.0
"""How long a number that is missing among the facts is waited for: a later one may be committed before it."""
_LOOK_BACK = 50

Topic = Callable[[dict[str, Any]], Hashable | None]


@dataclass
class Pace:
    """How often what happens, in seconds."""

    look: float = 1.0
    beat: float = 15.0
    """After so much silence a stream says that it is still there; that is also when it notices that nobody listens."""
    stream: float = 300.0
    """A stream then ends, and the browser asks anew: so rights that were taken away end within five minutes."""


class Stream(Iterator[bytes]):
    """One listener's messages; closing it gives its place back, whether or not it was ever read."""

    def __init__(self, hub: Hub, topic: Hashable, changed: bool) -> None:
        self.hub = hub
        self.topic = topic
        self.signal = threading.Event()
        self._first = True
        # Not all at one moment: those who came together do not come back together.
        self._until = time.monotonic() + hub.pace.stream * random.uniform(0.85, 1.0)  # noqa: S311 - no secret
        if changed:
            self.signal.set()

    def __next__(self) -> bytes:
        if self._first:
            self._first = False
            return b"retry: 3000\n\n"
        left = self._until - time.monotonic()
        if left <= 0:
            raise StopIteration
        if self.signal.wait(min(self.hub.pace.beat, left)):
            self.signal.clear()
            return b"event: changed\ndata: -\n\n"
        return b": still here\n\n"

    def close(self) -> None:
        self.hub.leave(self)


class Hub:
    """Everybody who listens in this process."""

    def __init__(self, app: Flask, budget: int, topic: Topic) -> None:
        self._app = app
        self._budget = budget
        self._topic = topic
        self.pace = Pace()
        self._lock = threading.Lock()
        self._streams: dict[Hashable, set[Stream]] = {}
        self._watcher: threading.Thread | None = None
        self._watch = _Watch()

    def __len__(self) -> int:
        return sum(len(each) for each in self._streams.values())

    def listen(self, topic: Hashable, is_stale: Callable[[], bool]) -> Stream | None:
        """A stream of the changes of one topic; None when this process has as many as it may hold.

        Args:
            is_stale: whether what the listener has is old already. It is asked once nothing that happens from now on can
                be missed.
        """
        with self._lock:
            if len(self) >= self._budget:
                return None
            if self._watcher is None:
                self._watch = _Watch()
                with self._app.app_context():
                    self._watch.begin()
                self._watcher = threading.Thread(target=self._run, name="live", daemon=True)
                self._watcher.start()
            stream = Stream(self, topic, False)
            self._streams.setdefault(topic, set()).add(stream)
        try:
            if is_stale():
                stream.signal.set()
        except BaseException:
            stream.close()
            raise
        return stream

    def leave(self, stream: Stream) -> None:
        """Give a stream's place back; twice does no harm."""
        with self._lock:
            among = self._streams.get(stream.topic, set())
            among.discard(stream)
            if not among:
                self._streams.pop(stream.topic, None)

    def wake(self, topics: set[Hashable]) -> None:
        """Tell whoever listens to these topics."""
        with self._lock:
            for topic in topics:
                for stream in self._streams.get(topic, ()):
                    stream.signal.set()

    def _run(self) -> None:
        while True:
            time.sleep(self.pace.look)
            with self._lock:
                if not self._streams:
                    self._watcher = None
                    return
            try:
                with self._app.app_context():
                    found = self._watch.look()
            except Exception:  # the database may be away for a while; the pages ask by themselves meanwhile
                log.warning("could not look for new facts", exc_info=True)
                continue
            self.wake({topic for payload in found if (topic := self._topic(payload)) is not None})


class _Watch:
    """Which facts were seen. Numbers are given before a commit, so a smaller one may appear after a larger one."""

    def __init__(self) -> None:
        self._top = 0
        self._missing: dict[int, float] = {}

    def begin(self) -> None:
        """Take what is there as seen."""
        with db.engine.connect() as connection:
            last = connection.execute(select(func.max(Event.id))).scalar() or 0
            self._top = max(last - _LOOK_BACK, 0)
            self._note(connection.execute(select(Event.id).where(Event.id > self._top)).scalars().all())

    def look(self) -> list[dict[str, Any]]:
        """The payloads of the facts that were committed since the last look."""
        now = time.monotonic()
        self._missing = {number: until for number, until in self._missing.items() if until > now}
        unseen = or_(Event.id > self._top, Event.id.in_(list(self._missing)))
        with db.engine.connect() as connection:
            rows = connection.execute(select(Event.id, Event.payload).where(unseen).order_by(Event.id).limit(5000)).all()
        self._note([row.id for row in rows])
        return [row.payload for row in rows]

    def _note(self, numbers: Any) -> None:
        until = time.monotonic() + LATE_SECONDS
        for number in numbers:
            self._missing.pop(number, None)
            if number > self._top:
                if number - self._top < 1000:
                    self._missing.update(dict.fromkeys(range(self._top + 1, number), until))
                self._top = number
