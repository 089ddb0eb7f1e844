"""What happens to files. A sealed idea's files are among them, so a fact says of a file no more than that it is one."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAdded(Fact):
    attachment_id: int
    kind: str
    """Of what it belongs to: challenge, idea, project or thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRemoved(Fact):
    attachment_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRestored(Fact):
    attachment_id: int
    kind: str
