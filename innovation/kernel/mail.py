"""Sending one mail: to a mail server where one is set, else into a file that a page for developers shows."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote, urlparse

from innovation.kernel import clock
from innovation.settings import Settings


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready to go. ``message_id`` is always the same for the same message, so a second copy is recognised.

    ``reply_to`` is whom an answer reaches (empty: the sender); ``unsubscribe`` is the address at which a button, or the
    reader's mail program in his name, ends mails of this kind (empty: this one cannot be ended).
    """

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    language: str
    reply_to: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it would leave, and the kind of message that it is."""

    kind: str
    mail: Mail


_UNFOLDED = policy.SMTP.clone(max_line_length=998)
"""As long as SMTP lets a line be: a link that is folded or encoded is no link any more for many programs."""


def build(mail: Mail, sender: str) -> EmailMessage:
    """The mail as a MIME message with a text and an HTML part."""
    message = EmailMessage(policy=_UNFOLDED)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = " ".join(mail.subject.split())
    message["Message-ID"] = f"<{mail.message_id}@{sender.rsplit('@', 1)[-1].rstrip('>')}>"
    message["Date"] = formatdate(clock.now().timestamp(), usegmt=True)
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        if mail.unsubscribe.startswith("https://"):  # RFC 8058 allows the one click over nothing else
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    # Last: making the message multipart would move it into the text part.
    message["Content-Language"] = mail.language
    return message


class AddressRefused(Exception):
    """The mail server will never take a mail to this address; ``said`` is its answer."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def send(mail: Mail, settings: Settings) -> None:
    """Hand a mail over. Raises what the network or the disk raises; the delivery that asked will try again.

    Raises:
        AddressRefused: the server says for good that there is no such address; trying again would not help.
    """
    message = build(mail, settings.mail_from)
    if settings.smtp_url:
        _smtp(message, settings.smtp_url)
    else:
        _file(message, mail, settings.mail_folder)


def _smtp(message: EmailMessage, address: str) -> None:
    url = urlparse(address)
    port = url.port or (465 if url.scheme == "smtps" else 587)
    client = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with client(url.hostname or "127.0.0.1", port, timeout=20) as server:
        server.ehlo()
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            if code < 500:
                raise
            raise AddressRefused(f"{code} {said.decode('utf-8', 'replace')}") from error


def _file(message: EmailMessage, mail: Mail, folder: Path) -> None:
    """The file's name is the message's id, so sending again overwrites instead of doubling."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{mail.message_id}.eml"
    partial = path.with_suffix(".part")
    partial.write_bytes(message.as_bytes())
    partial.replace(path)


def kept(folder: Path, newest: int = 100) -> Iterator[tuple[str, EmailMessage]]:
    """The mails in the folder, newest first: (name, message)."""
    if not folder.is_dir():
        return
    paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in paths[:newest]:
        yield path.stem, BytesParser(policy=policy.default).parsebytes(path.read_bytes())
