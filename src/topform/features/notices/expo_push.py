"""The way to an app on a phone: Expo's push service hands messages on to those of Apple and Google."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from topform.features.notices.sending import LASTS_S, ONE_TRY
from topform.features.notices.texts import TITLE, Message
from topform.platform.settings import Settings
from topform.providers.errors import ProviderAnswerError, ProviderRateLimitedError, RemoteItemMissingError
from topform.providers.http import DEFAULT_PAUSE_S, ProviderHttp

SERVICE: Final = "expo_push"
HOST: Final = "exp.host"
SEND_URL: Final = f"https://{HOST}/--/api/v2/push/send"
RECEIPTS_URL: Final = f"https://{HOST}/--/api/v2/push/getReceipts"
CHANNEL: Final = "notices"
"""The channel of the Android app that the messages belong to."""

MOST_RECEIPTS: Final = 300
"""How many receipts are asked for at once; the service allows 1000."""

GONE: Final = "DeviceNotRegistered"
TOO_OFTEN: Final = "MessageRateExceeded"


class Receipt(StrEnum):
    """What became of a message after the service had taken it."""

    DELIVERED = "delivered"
    GONE = "gone"
    """The app was taken off the phone, or may show nothing any more."""
    FAILED = "failed"


async def send_to_phone(token: str, message: Message, *, settings: Settings, urgent: bool) -> str:
    """Hand one message to the service and return the ticket by which it tells later what became of it."""
    answer = await _ask(
        SEND_URL,
        {
            "to": token,
            "title": TITLE,
            "body": message.body,
            "data": {"url": message.url},
            "ttl": LASTS_S,
            "priority": "high" if urgent else "normal",
            "sound": "default",
            "channelId": CHANNEL,
        },
        settings,
    )
    ticket = answer[0] if isinstance(answer, list) and answer else answer
    if not isinstance(ticket, Mapping):
        raise ProviderAnswerError("The push service gave no ticket.", provider=SERVICE)
    reason = _reason(ticket)
    if reason == GONE:
        raise RemoteItemMissingError("The phone takes no messages of this app any more.", provider=SERVICE)
    if reason == TOO_OFTEN:
        raise ProviderRateLimitedError(
            "The phone got too many messages.", provider=SERVICE, retry_after_s=DEFAULT_PAUSE_S
        )
    ticket_id = ticket.get("id")
    if ticket.get("status") != "ok" or not isinstance(ticket_id, str):
        raise ProviderAnswerError(
            f"The push service did not take the message ({reason or 'no reason given'}).", provider=SERVICE
        )
    return ticket_id


async def receipts(tickets: Iterable[str], *, settings: Settings) -> dict[str, tuple[Receipt, str | None]]:
    """Return what became of messages, with the reason the service gave; what it does not know yet is left out."""
    wanted = list(tickets)
    answer = await _ask(RECEIPTS_URL, {"ids": wanted}, settings)
    if not isinstance(answer, Mapping):
        raise ProviderAnswerError("The push service gave no receipts.", provider=SERVICE)
    found: dict[str, tuple[Receipt, str | None]] = {}
    for ticket_id in wanted:
        receipt = answer.get(ticket_id)
        if not isinstance(receipt, Mapping):
            continue
        reason = _reason(receipt)
        if receipt.get("status") == "ok":
            found[ticket_id] = (Receipt.DELIVERED, None)
        else:
            found[ticket_id] = (Receipt.GONE if reason == GONE else Receipt.FAILED, reason)
    return found


async def _ask(url: str, body: Mapping[str, Any], settings: Settings) -> Any:
    token = settings.expo_access_token
    http = ProviderHttp(SERVICE, hosts=frozenset({HOST}), base_url=settings.push_base_url, patience=ONE_TRY)
    try:
        answer = await http.json(
            "POST",
            url,
            token=None if token is None else token.get_secret_value(),
            headers={"Accept": "application/json"},
            body=body,
        )
    finally:
        await http.aclose()
    return answer.get("data") if isinstance(answer, Mapping) else None


def _reason(said: Mapping[str, Any]) -> str | None:
    details = said.get("details")
    reason = details.get("error") if isinstance(details, Mapping) else None
    return reason if isinstance(reason, str) else None
