"""A mail server on a real socket that keeps what it took, and fails when it is told to."""

from __future__ import annotations

import asyncio
import email
from collections import Counter, defaultdict
from collections.abc import Callable
from email import policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services import LOCAL, free_port

Plan = Callable[[int, int], str]
"""(number of the message in order of appearance, its how-manieth attempt) -> ``take``, ``refuse`` or ``hang up``."""


class Postbox:
    """What it took: ``letters`` holds (Message-ID without brackets and host, recipient) in order.

    ``refuse`` answers 451 and keeps nothing; ``hang up`` keeps the letter and then
    breaks the connection before the sender hears so.
    """

    def __init__(self) -> None:
        self.letters: list[tuple[str, str]] = []
        self.attempts: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.plan: Plan = lambda _number, _attempt: "take"
        self._numbers: dict[str, int] = defaultdict(lambda: len(self._numbers))
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        assert self._controller is not None
        return f"smtp://{LOCAL}:{self._controller.port}"

    @property
    def counts(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(name for name, _recipient in list(self.letters))

    def number(self, name: str) -> int:
        return self._numbers[name]

    def start(self) -> None:
        self._controller = Controller(self, hostname=LOCAL, port=free_port())
        self._controller.start()

    def stop(self) -> None:
        assert self._controller is not None
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        content: Any = envelope.content
        letter = email.message_from_bytes(content, policy=policy.default)
        name = str(letter["Message-ID"]).strip("<>").split("@")[0]
        assert [str(letter["To"])] == envelope.rcpt_tos
        self.attempts[name] += 1
        outcome = self.plan(self._numbers[name], self.attempts[name])
        self.outcomes[outcome] += 1
        if outcome in {"take", "hang up"}:
            self.letters.append((name, envelope.rcpt_tos[0]))
        if outcome == "hang up":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "451 Try again later" if outcome == "refuse" else "250 OK"
