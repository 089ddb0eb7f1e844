"""The mails a house without a mail server has written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from innovation.kernel import mail


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as its reader gets it."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str

    @property
    def whole(self) -> str:
        return "\n".join((self.subject, self.text, self.html))


def letters(folder: Path) -> list[Letter]:
    """Every mail in a folder, by address and subject."""
    found = []
    for _name, message in mail.kept(folder, 100_000):
        parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
        found.append(
            Letter(
                to=str(message["To"]),
                subject=str(message["Subject"]),
                text=str(parts.get("text/plain", "")),
                html=str(parts.get("text/html", "")),
                message_id=str(message["Message-ID"]),
            )
        )
    return sorted(found, key=lambda letter: (letter.to, letter.subject))
