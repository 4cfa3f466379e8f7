"""Sending e-mail: by SMTP where the operator has set it up, else into a folder of the data directory."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from topform.core.clock import Clock
from topform.core.errors import SetupError
from topform.platform.settings import Settings

SMTP_PATIENCE_S: Final = 20.0


class MailError(SetupError):
    """The mail server did not take a message."""

    code = "mail_not_sent"


@dataclass(frozen=True, slots=True)
class Mail:
    """A message of plain text to one reader; ``account`` is the athlete whom it is about."""

    to: str
    subject: str
    text: str
    account: UUID


class MailTransport(Protocol):
    """Something that takes messages."""

    async def send(self, mail: Mail) -> None:
        """Hand a message over; raise `MailError` when it was not taken."""
        ...


class FileOutbox:
    """Writes each message as an ``.eml`` file that only the owner of the installation can read."""

    def __init__(self, folder: Path, *, sender: str, clock: Clock) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock

    async def send(self, mail: Mail) -> None:
        """Write the message."""
        await asyncio.to_thread(self._write, mail)

    def _write(self, mail: Mail) -> None:
        now = self._clock.now()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{now:%Y%m%dT%H%M%S}-{mail.account}-{_in_name(mail.to)}-{secrets.token_hex(3)}.eml"
        path = self._folder / name
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(_as_message(mail, sender=self._sender, now=now).as_bytes())


class SmtpTransport:
    """Delivers by SMTP: ``smtps://`` speaks TLS from the start, ``smtp://`` upgrades before it signs in."""

    def __init__(self, url: str, *, sender: str, clock: Clock) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        self._clock = clock

    async def send(self, mail: Mail) -> None:
        """Deliver the message."""
        try:
            await asyncio.to_thread(self._deliver, mail)
        except (OSError, smtplib.SMTPException) as error:
            raise MailError(
                f"The mail server {self._url.hostname} did not take a message.",
                remedy="Check TOPFORM_MAIL_URL and the log of the mail server; the message is tried again.",
            ) from error

    def _deliver(self, mail: Mail) -> None:
        url, context = self._url, ssl.create_default_context()
        host = url.hostname or "localhost"
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=SMTP_PATIENCE_S, context=context)
        else:
            server = smtplib.SMTP(host, url.port or 587, timeout=SMTP_PATIENCE_S)
        with server:
            server.ehlo()
            if url.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if url.username is not None:
                if not isinstance(server.sock, ssl.SSLSocket):
                    raise smtplib.SMTPException("the server offers no TLS, and the password is not sent without it")
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(_as_message(mail, sender=self._sender, now=self._clock.now()))


def mail_transport(settings: Settings, clock: Clock) -> MailTransport:
    """Return the transport that the settings name."""
    if settings.mail_url is not None:
        return SmtpTransport(settings.mail_url.get_secret_value(), sender=settings.mail_from, clock=clock)
    return FileOutbox(settings.data_dir / "outbox", sender=settings.mail_from, clock=clock)


def delete_letters(outbox: Path, account: UUID, address: str) -> None:
    """Delete the files of letters about an account, whoever they went to, and of all letters to an address."""
    to_it = rf"([0-9a-f-]{{36}}-)?{re.escape(_in_name(address))}-[0-9a-f]{{6}}"
    belongs = re.compile(rf"[0-9]{{8}}T[0-9]{{6}}-({account}-.*|{to_it})\.eml")
    for letter in outbox.glob("*.eml"):
        if belongs.fullmatch(letter.name):
            letter.unlink(missing_ok=True)


def _in_name(address: str) -> str:
    return re.sub(r"[^A-Za-z0-9.@_-]", "_", address)[:150]


def _as_message(mail: Mail, *, sender: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">") or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
