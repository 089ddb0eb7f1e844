"""Real processes of the product on the house of a test, and what the database says they did."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from redis import Redis
from sqlalchemy import func, select

from innovation.insight import queries as insight
from innovation.kernel import mail, queue, sealing
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, DeliveryState, Event
from innovation.notifications.models import Message
from innovation.projects.models import Project
from innovation.promotion.models import Decision, Run
from innovation.settings import Settings
from tests.faults import saboteur
from tests.faults.postbox import Postbox
from tests.services import die_with, valkey

PATIENCE = 60.0
"""Seconds that anything may take on a machine busy with other things; alone it takes one or two."""


@dataclass(frozen=True)
class Hold:
    """Where a process stops: at the n-th call of ``module:attribute``; see :mod:`tests.faults.saboteur`."""

    at: str
    call: int = 1
    when: str = "before"
    answer: Any = None


class Child:
    """One process of the product."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, marker: Path, go: Path) -> None:
        self._process, self._log, self._marker, self._go = process, log, marker, go

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def __str__(self) -> str:
        return f"--- process {self.pid}, {'alive' if self.alive else 'ended'}\n{self.log}"

    @property
    def is_held(self) -> bool:
        """Whether it stands at its hold; the process id in the marker proves that it is this one."""
        assert self.alive, f"the process ended by itself:\n{self.log}"
        return self._marker.exists() and int(self._marker.read_text()) == self.pid

    def let_go(self) -> None:
        self._go.touch()

    def kill(self) -> None:
        """kill -9, and proof that this is what ended it."""
        assert self.alive, f"it was dead before it was killed:\n{self.log}"
        os.kill(self.pid, signal.SIGKILL)
        assert self._process.wait(30) == -signal.SIGKILL

    def end(self) -> int:
        """Ask it to stop, as a service manager does; its exit code."""
        self._process.terminate()
        return self._process.wait(30)

    def destroy(self) -> None:
        if self.alive:
            self._process.kill()
        self._process.wait(30)


class Crew:
    """Workers and clocks of one test."""

    def __init__(self, settings: Settings, redis: valkey.Server, folder: Path) -> None:
        self.settings, self.redis, self.folder = settings, redis, folder
        self.smtp_url = ""
        self.children: list[Child] = []

    def start(self, command: str, *, hold: Hold | None = None, offset: int = 0, **faults: Any) -> Child:
        """Start ``innovation worker`` or ``innovation clock``: the installed command, unless a fault is asked for.

        Args:
            command: what follows ``innovation`` on the command line.
            hold: where it shall stop and wait.
            offset: seconds by which its clock is ahead, so that nobody waits for leases.
            faults: see :mod:`tests.faults.saboteur`.
        """
        number = len(self.children)
        log, marker, go = (self.folder / f"{number}-{command}.{end}" for end in ("log", "held", "go"))
        if hold is not None:
            faults["hold"] = asdict(hold) | {"marker": str(marker), "go": str(go)}
        environ = self._environ() | {"INNOVATION_CLOCK_OFFSET": str(offset)}
        program = [str(Path(sys.executable).parent / "innovation")]
        if faults:
            environ[saboteur.FAULTS] = json.dumps(faults)
            program = [sys.executable, str(Path(saboteur.__file__))]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*program, command],
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with(os.getpid(), signal.SIGKILL),  # sets one flag
            )
        self.children.append(Child(process, log, marker, go))
        return self.children[-1]

    def _environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("INNOVATION_")}
        return kept | {
            "INNOVATION_HOME": str(self.settings.home),
            "DATABASE_URL": self.settings.database_url,
            "REDIS_URL": self.redis.url,
            "SECRET_KEY": self.settings.secret_key,
            "INNOVATION_BASE_URL": self.settings.base_url,
            "INNOVATION_SMTP_URL": self.smtp_url,
            "INNOVATION_TESTING": "1",
        }

    def until(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Ask ten times a second; on the deadline fail with everything the processes said."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                logs = "\n".join(
                    f"--- {child.pid} {'alive' if child.alive else 'ended'}\n{child.log}" for child in self.children
                )
                raise AssertionError(f"{what} did not happen within {seconds:g} s\n{logs}")
            time.sleep(0.1)

    def until_held(self, *children: Child) -> None:
        self.until(lambda: all(child.is_held for child in children), "the hold")

    def until_idle(self, workers: int = 1, but: Set[str] = frozenset()) -> None:
        """Wait until so many workers listen and have nothing to do; ``but`` names those of before an outage."""
        self.until(lambda: len(known_workers(self.redis, b"idle") - but) == workers, f"{workers} idle workers")

    def until_settled(self) -> None:
        """Wait until every delivery is carried out."""
        self.until(lambda: waiting() == 0, "the last delivery")

    def stop(self) -> None:
        for child in self.children:
            child.destroy()


def known_workers(redis: valkey.Server, state: bytes | None = None) -> set[str]:
    """The names of the workers Redis knows (in a state); a worker takes a new name after each outage."""
    with Redis.from_url(redis.url, socket_timeout=5) as client:
        known = {name.decode(): client.hget(name, "state") for name in client.scan_iter("rq:worker:*", _type="hash")}
    return {name for name, said in known.items() if state in {None, said}}


def jobs(redis: valkey.Server) -> int:
    """How many jobs wait in Redis."""
    with Redis.from_url(redis.url, socket_timeout=5) as client:
        return int(client.llen(f"rq:queue:{queue.QUEUE}"))


def keys(redis: valkey.Server) -> int:
    """How many things Redis remembers at all."""
    with Redis.from_url(redis.url, socket_timeout=5) as client:
        return int(client.dbsize())


# --- what the database says -----------------------------------------------------------------------------------------


def waiting() -> int:
    """How many deliveries are not done, in a reading of its own."""
    count = db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state != DeliveryState.DONE))
    db.session.rollback()
    assert count is not None
    return count


def fresh() -> None:
    """Forget what was read before, so that the next query sees what the processes wrote."""
    db.session.rollback()
    db.session.expire_all()


def facts(name: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.name == name).order_by(Event.id)))


def delivery_of(handler: str) -> Delivery:
    """The only delivery of a handler."""
    return db.session.scalars(select(Delivery).where(Delivery.handler == handler)).one()


def mails() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.channel == "mail").order_by(Message.id)))


def message_id(message: Message) -> str:
    return f"message-{message.id}-event-{message.event_id}"


class _Idea(Protocol):
    @property
    def id(self) -> int: ...


def assert_promoted_once(ideas: Sequence[_Idea], authors: Sequence[str], chosen: int) -> None:
    """One run, one decision per idea, one project per chosen idea, one answer per author, one announcement.

    Args:
        ideas: in the order in which the rule places them.
        authors: the address of each idea's author.
        chosen: how many of them the rule takes.
    """
    fresh()
    ids = [idea.id for idea in ideas]
    assert db.session.scalars(select(Run.state)).all() == ["announced"]
    assert [len(facts(name)) for name in ("RunQueued", "RunFrozen", "RunDecided", "RunAnnounced")] == [1, 1, 1, 1]
    decided = db.session.execute(select(Decision.idea_id, Decision.promoted).order_by(Decision.place)).all()
    assert [row.idea_id for row in decided] == ids
    assert [row.promoted for row in decided] == [place < chosen for place in range(len(ids))]
    assert sorted(db.session.scalars(select(Project.idea_id))) == sorted(ids[:chosen])
    assert sorted(fact.idea_id or 0 for fact in facts("IdeaPromoted")) == sorted(ids[:chosen])
    assert sorted(fact.idea_id or 0 for fact in facts("IdeaDeclined")) == sorted(ids[chosen:])
    answers = [message for message in mails() if message.kind == "decision"]
    assert Counter(message.address for message in answers) == Counter(authors)
    assert all(message.sent_at is not None for message in mails())
    assert sealing.check().broken_at is None
    assert insight.mismatches() == []
    db.session.rollback()


def assert_one_file_per_mail(folder: Path) -> None:
    """Every mail lies in the folder once, to its own address, and nothing half written beside it."""
    fresh()
    written = {message_id(message): message.address for message in mails()}
    assert {name: str(letter["To"]) for name, letter in mail.kept(folder, newest=10_000)} == written
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.eml" for name in written)


def assert_sent_once(postbox: Postbox, how_many: int | None = None) -> None:
    """The mail server took every mail of the database, each to its own address, and each one time."""
    fresh()
    written = [(message_id(message), message.address) for message in mails()]
    assert Counter(postbox.letters) == Counter(written)
    assert how_many is None or len(written) == how_many
    assert [message.sent_at for message in mails()].count(None) == 0
