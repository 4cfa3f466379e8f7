"""The way to a browser: through its push service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.notices.repository import NoticeRepository
from topform.features.notices.texts import Message
from topform.features.notices.web_push import (
    BrowserKeys,
    PushAddressError,
    authorization,
    encrypt,
    from_text,
    new_key,
    public_text,
)
from topform.platform.sealed_secrets import SecretSealer
from topform.platform.settings import Settings
from topform.providers.http import Patience, ProviderHttp

SERVICE: Final = "push"
KEY_PLACE: Final = "push key of this server"
LASTS_S: Final = 86_400
"""How long a push service keeps a message for a device that is off; older news is in the list."""
ANSWER_BYTES: Final = 64 * 1024
ONE_TRY: Final = Patience(attempts=1, connect_s=10.0, read_s=20.0, total_s=30.0, json_bytes=ANSWER_BYTES)
"""The queue tries again, so that a slow service holds no worker."""

KNOWN_HOSTS: Final = frozenset(
    {"fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", "api.push.apple.com"}
)
KNOWN_ENDINGS: Final = (".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com")
"""Where the browsers' own push services are; others only when the operator names them."""


@dataclass(frozen=True, slots=True)
class BrowserAddress:
    """Where a browser takes messages."""

    endpoint: str
    keys: BrowserKeys

    @classmethod
    def from_document(cls, document: Mapping[str, str]) -> BrowserAddress:
        """Read what `as_text` wrote."""
        keys = BrowserKeys(from_text(document["p256dh"]), from_text(document["auth"]))
        return cls(document["endpoint"], keys)


def require_known_host(endpoint: str, settings: Settings) -> str:
    """Return the host of a push service; refuse any other, since this server would send requests there."""
    parts = urlsplit(endpoint)
    host = (parts.hostname or "").lower()
    is_known = host in KNOWN_HOSTS or host.endswith(KNOWN_ENDINGS) or host in settings.push_hosts
    if parts.scheme != "https" or parts.port not in (None, 443) or not is_known:
        raise PushAddressError(
            f"{host or 'The address'} is no push service that this server sends to.",
            remedy="Use another browser, or ask the person who runs the server to allow it in TOPFORM_PUSH_HOSTS.",
        )
    return host


def address_digest(address: str) -> bytes:
    """Return what tells addresses apart without being one."""
    return sha256(address.encode()).digest()


def device_place(device_id: UUID) -> str:
    """Return the place that a device's address is sealed for."""
    return f"notice device {device_id}"


async def server_key(session: AsyncSession, sealer: SecretSealer, *, now: datetime) -> str:
    """Return this server's private key as PEM; it is made on first use."""
    notices = NoticeRepository(session)
    row = await notices.key()
    if row is None:
        key = new_key()
        await notices.add_key(
            {
                "id": 1,
                "public_key": public_text(key),
                "sealed_private_key": sealer.seal(key, place=KEY_PLACE),
                "created_at": now,
            }
        )
        row = await notices.key()
    if row is None:
        raise AssertionError("unreachable")
    return sealer.open(row.sealed_private_key, place=KEY_PLACE)


async def send_to_browser(
    address: BrowserAddress, message: Message, *, key_pem: str, settings: Settings, now: datetime, urgent: bool
) -> None:
    """Hand one message to the push service of a browser; its errors are those of any other service."""
    host = require_known_host(address.endpoint, settings)
    # Whoever knows a browser's address there can send to it.
    http = ProviderHttp(
        SERVICE, hosts=frozenset({host}), base_url=settings.push_base_url, patience=ONE_TRY, hides_paths=True
    )
    text = json.dumps(message.as_document(), ensure_ascii=False, separators=(",", ":")).encode()
    try:
        await http.request(
            "POST",
            address.endpoint,
            headers={
                "Authorization": authorization(address.endpoint, key_pem, contact=contact_of(settings), now=now),
                "Content-Encoding": "aes128gcm",
                "Content-Type": "application/octet-stream",
                "TTL": str(LASTS_S),
                "Urgency": "high" if urgent else "normal",
            },
            content=encrypt(text, address.keys),
        )
    finally:
        await http.aclose()


def contact_of(settings: Settings) -> str:
    """Return where the people of a push service find who runs this server."""
    if settings.public_url is not None and settings.public_url.startswith("https://"):
        return settings.public_url.rstrip("/")
    return f"mailto:{parseaddr(settings.mail_from)[1]}"
