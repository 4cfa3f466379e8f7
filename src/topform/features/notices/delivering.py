"""From the list to the devices: several things that waited become one message."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.athletes.public import get_athlete
from topform.features.notices.events import NOTICES_CHANGED
from topform.features.notices.expo_push import MOST_RECEIPTS, Receipt, receipts, send_to_phone
from topform.features.notices.kinds import AT_ONCE
from topform.features.notices.repository import NoticeRepository, SeenNotice
from topform.features.notices.sending import BrowserAddress, device_place, send_to_browser, server_key
from topform.features.notices.settings import settings_of
from topform.features.notices.tables import PushDeviceRow, PushTicketRow
from topform.features.notices.tasks import DELIVER_TASK, PUSH_TASK
from topform.features.notices.texts import Message, Told, message, trial_message
from topform.features.notices.ticket_repository import TicketRepository
from topform.features.notices.times import next_at
from topform.features.notices.writing import write
from topform.features.plans.public import sessions_to_do
from topform.platform.events import publish
from topform.platform.happenings import Happening
from topform.platform.jobs import defer
from topform.platform.logs import get_logger
from topform.platform.sealed_secrets import SecretSealer
from topform.platform.web.resources import Resources
from topform.providers.errors import ProviderRateLimitedError, ProviderUnavailableError, RemoteItemMissingError

REMINDED_WITHIN: Final = timedelta(hours=1)
"""A reminder that could not be given in time is not given at all."""
MOST_IN_ONE: Final = 100
RECEIPT_AFTER: Final = timedelta(minutes=15)
"""How long Expo's push service may take to hear of Apple's and Google's what became of a message."""

log = get_logger(__name__)


async def deliver(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> int:
    """Order one message to each device about what they are to be told by now; return how many devices."""
    notices = NoticeRepository(session)
    taken = await notices.take_due(athlete_id, now=now)
    told = await notices.holding(athlete_id, taken, unread=True)
    if not told:
        return 0
    devices = await notices.devices(athlete_id)
    for device in devices:
        await defer(
            session,
            PUSH_TASK,
            athlete_id=athlete_id,
            device_id=device.id,
            notice_ids=[str(one.row.id) for one in told[:MOST_IN_ONE]],
        )
    return len(devices)


async def deliver_due(resources: Resources) -> None:
    """Order the delivery of all that waited for the end of quiet hours or for a digest, and give reminders."""
    now = resources.clock.now()
    async with resources.database.transaction() as session:
        to_remind = await NoticeRepository(session).athletes_to_remind(now=now)
    for athlete in to_remind:
        async with resources.database.transaction() as session:
            await remind(session, AthleteId(athlete), now=now)
    async with resources.database.transaction() as session:
        for athlete in await NoticeRepository(session).athletes_due(now=now):
            await defer(session, DELIVER_TASK, queueing_lock=f"{DELIVER_TASK}:{athlete}", athlete_id=athlete)


async def remind(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> bool:
    """Remind an athlete of a session of the day that is left to do, and set the next time; tell whether that was due.

    Whoever is ill, injured, away or has a symptom to look at is not reminded, and nobody of what they missed.
    """
    row = await NoticeRepository(session).settings(athlete_id, lock=True)
    if row is None or row.reminder_min is None or row.remind_at is None or row.remind_at > now:
        return False
    zone = ZoneInfo((await get_athlete(session, athlete_id)).time_zone)
    was_due = row.remind_at
    row.remind_at = next_at(now, row.reminder_min, zone)
    await session.flush()
    day = now.astimezone(zone).date()
    if now - was_due > REMINDED_WITHIN or await sessions_to_do(session, athlete_id, day=day) == 0:
        return False
    key = f"session_reminder:{day}"
    return await write(session, Happening("session_reminder", athlete_id, key, now, detail=day.isoformat()))


async def push(resources: Resources, athlete_id: AthleteId, device_id: UUID, notice_ids: Sequence[UUID] | None) -> None:
    """Send one message to one device; what no longer holds or was read meanwhile is left out. None sends a trial."""
    now = resources.clock.now()
    sealer = SecretSealer(resources.settings.sealing_keys())
    async with resources.database.transaction() as session:
        device = await NoticeRepository(session).device(athlete_id, device_id)
        if device is None:
            return
        text, urgent = await _message(session, athlete_id, notice_ids)
        key_pem = await server_key(session, sealer, now=now)
    if text is None:
        return
    if device.is_phone and not resources.settings.expo_push:
        return
    try:
        ticket_id = await _send(resources, device, text, sealer, key_pem, now=now, urgent=urgent)
    except RemoteItemMissingError:
        async with resources.database.transaction() as session:
            await NoticeRepository(session).remove_device(athlete_id, device_id)
            await publish(session, athlete_id, NOTICES_CHANGED, {})
        log.info("push_device_is_gone", device_id=str(device_id))
        return
    async with resources.database.transaction() as session:
        await NoticeRepository(session).note_sent(athlete_id, device_id, now=now)
        if ticket_id is not None:
            await NoticeRepository(session).add_ticket(athlete_id, device_id, ticket_id, now=now)


async def check_receipts(resources: Resources) -> int:
    """Ask what became of messages to phones; forget phones that take none any more, and return how many.

    What the service does not know yet is asked for again, until the ticket is two days old.
    """
    if not resources.settings.expo_push:
        return 0
    now = resources.clock.now()
    gone, after = 0, ""
    while True:
        async with resources.database.transaction() as session:
            tickets = await TicketRepository(session).tickets(
                before=now - RECEIPT_AFTER, limit=MOST_RECEIPTS, after=after
            )
        if not tickets:
            return gone
        after = tickets[-1].id
        try:
            known = await receipts([one.id for one in tickets], settings=resources.settings)
        except (ProviderRateLimitedError, ProviderUnavailableError):
            log.info("push_receipts_wait")
            return gone
        gone += await _note_receipts(resources, tickets, known)


async def _note_receipts(
    resources: Resources, tickets: Sequence[PushTicketRow], known: Mapping[str, tuple[Receipt, str | None]]
) -> int:
    lost: dict[AthleteId, set[UUID]] = defaultdict(set)
    for ticket in tickets:
        receipt, reason = known.get(ticket.id, (None, None))
        if receipt is Receipt.GONE:
            lost[AthleteId(ticket.athlete_id)].add(ticket.device_id)
        elif receipt is Receipt.FAILED:
            log.warning("push_to_phone_failed", device_id=str(ticket.device_id), reason=reason)
    async with resources.database.transaction() as session:
        notices = NoticeRepository(session)
        await TicketRepository(session).remove_tickets(list(known))
        for athlete_id, devices in lost.items():
            for device_id in devices:
                await notices.remove_device(athlete_id, device_id)
            await publish(session, athlete_id, NOTICES_CHANGED, {})
    return sum(len(devices) for devices in lost.values())


def told_of(seen: SeenNotice) -> Told:
    """Return a notice as far as words and paths need it."""
    row = seen.row
    return Told(
        id=row.id,
        kind=row.kind,
        name=row.detail if row.kind == "source_stopped" else seen.name,
        subject_id=row.post_id or row.challenge_id or row.club_id or row.connection_id,
    )


async def _message(
    session: AsyncSession, athlete_id: AthleteId, notice_ids: Sequence[UUID] | None
) -> tuple[Message | None, bool]:
    try:
        language = (await get_athlete(session, athlete_id)).language
    except NotFoundError:
        return None, False
    if notice_ids is None:
        return trial_message(language), True
    seen = await NoticeRepository(session).holding(athlete_id, notice_ids, unread=True)
    if not seen:
        return None, False
    wanted = await settings_of(session, athlete_id)
    text = message([told_of(one) for one in seen], language=language, hides_text=wanted.hides_text)
    return text, any(one.row.kind in AT_ONCE for one in seen)


async def _send(
    resources: Resources,
    device: PushDeviceRow,
    text: Message,
    sealer: SecretSealer,
    key_pem: str,
    *,
    now: datetime,
    urgent: bool,
) -> str | None:
    """Send a message; return the ticket of a message to a phone."""
    address = json.loads(sealer.open(device.sealed_address, place=device_place(device.id)))
    if device.is_phone:
        return await send_to_phone(address["expo_token"], text, settings=resources.settings, urgent=urgent)
    browser = BrowserAddress.from_document(address)
    await send_to_browser(browser, text, key_pem=key_pem, settings=resources.settings, now=now, urgent=urgent)
    return None
