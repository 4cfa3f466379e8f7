"""The list behind the bell, and the devices that are told."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError, PermissionDeniedError
from topform.core.ids import AthleteId, new_id
from topform.features.notices.delivering import told_of
from topform.features.notices.events import NOTICES_CHANGED
from topform.features.notices.repository import NoticeRepository, SeenNotice
from topform.features.notices.schemas import (
    NewPushDevice,
    NewPushPhone,
    Notice,
    NoticeAuthor,
    NoticePage,
    PushDevice,
    PushDevices,
    ReadNotices,
    SentTest,
    UnreadCount,
)
from topform.features.notices.sending import (
    BrowserAddress,
    address_digest,
    device_place,
    require_known_host,
    server_key,
)
from topform.features.notices.tables import PushDeviceRow
from topform.features.notices.tasks import PUSH_TASK
from topform.features.notices.texts import path_of
from topform.features.notices.web_push import public_text
from topform.platform.events import publish
from topform.platform.jobs import defer
from topform.platform.sealed_secrets import SecretSealer
from topform.platform.settings import Settings
from topform.platform.web.idempotency import Nothing
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page

MOST_DEVICES: Final = 20
NAME_CHARACTERS: Final = 80


class NoSessionError(PermissionDeniedError):
    """What was asked belongs to a session, and this request has none."""

    code = "no_session"


class PhonesAreOffError(PermissionDeniedError):
    """The operator has not turned messages to phones on."""

    code = "phones_are_off"


async def list_notices(session: AsyncSession, viewer: AthleteId, *, cursor: str | None, limit: int) -> NoticePage:
    """Return a page of notices, newest first."""
    found = await NoticeRepository(session).page(viewer, after=decode_cursor(cursor), limit=limit + 1)
    shown, has_more = split_page(found, limit)
    return NoticePage(
        items=[_shown(one) for one in shown],
        next_cursor=encode_cursor(shown[-1].row.created_at, shown[-1].row.id) if has_more else None,
        unread=await NoticeRepository(session).unread(viewer),
    )


async def read(session: AsyncSession, athlete_id: AthleteId, which: ReadNotices, *, now: datetime) -> UnreadCount:
    """Mark notices as read; devices that were not told of them yet are not told any more."""
    if await NoticeRepository(session).read(athlete_id, which.ids, now=now):
        await publish(session, athlete_id, NOTICES_CHANGED, {})
    return UnreadCount(unread=await NoticeRepository(session).unread(athlete_id))


async def list_devices(
    session: AsyncSession, viewer: AthleteId, session_id: UUID | None, settings: Settings, *, now: datetime
) -> PushDevices:
    """Return the athlete's devices and the server's public key, which is made when somebody first asks."""
    key = await server_key(session, SecretSealer(settings.sealing_keys()), now=now)
    rows = await NoticeRepository(session).devices(viewer)
    return PushDevices(
        public_key=public_text(key),
        tells_phones=settings.expo_push,
        items=[_device(row, session_id) for row in rows],
    )


async def add_device(
    session: AsyncSession,
    athlete_id: AthleteId,
    session_id: UUID | None,
    new: NewPushDevice,
    settings: Settings,
    *,
    name: str | None,
    now: datetime,
) -> PushDevice:
    """Have a browser told from now on, as long as its session lasts."""
    address = _address(new, settings)
    return await _add(session, athlete_id, session_id, address["endpoint"], address, settings, name=name, now=now)


async def add_phone(
    session: AsyncSession,
    athlete_id: AthleteId,
    session_id: UUID | None,
    new: NewPushPhone,
    settings: Settings,
    *,
    name: str | None,
    now: datetime,
) -> PushDevice:
    """Have the app on a phone told from now on, as long as its session lasts."""
    if not settings.expo_push:
        raise PhonesAreOffError(
            "This server sends no messages to phones.",
            remedy="Ask the person who runs the server to set TOPFORM_EXPO_PUSH.",
        )
    address = {"expo_token": new.token}
    return await _add(session, athlete_id, session_id, new.token, address, settings, name=name, now=now, is_phone=True)


async def _add(
    session: AsyncSession,
    athlete_id: AthleteId,
    session_id: UUID | None,
    unique: str,
    address: dict[str, str],
    settings: Settings,
    *,
    name: str | None,
    now: datetime,
    is_phone: bool = False,
) -> PushDevice:
    if session_id is None:
        raise NoSessionError("Only a device that is signed in can be told.", remedy="Sign in on the device.")
    device_id = new_id()
    notices = NoticeRepository(session)
    row = PushDeviceRow(
        id=device_id,
        athlete_id=athlete_id,
        session_id=session_id,
        address_sha256=address_digest(unique),
        sealed_address=SecretSealer(settings.sealing_keys()).seal(json.dumps(address), place=device_place(device_id)),
        is_phone=is_phone,
        name=None if name is None else name[:NAME_CHARACTERS],
        created_at=now,
        last_sent_at=None,
    )
    await notices.replace_device(row)
    for old in (await notices.devices(athlete_id))[MOST_DEVICES:]:
        await notices.remove_device(athlete_id, old.id)
    await publish(session, athlete_id, NOTICES_CHANGED, {})
    return _device(row, session_id)


async def remove_device(session: AsyncSession, athlete_id: AthleteId, device_id: UUID) -> Nothing:
    """Have a device told nothing any more."""
    if not await NoticeRepository(session).remove_device(athlete_id, device_id):
        raise NotFoundError("There is no such device.", remedy="It may have been removed already.")
    await publish(session, athlete_id, NOTICES_CHANGED, {})
    return Nothing()


async def send_trial(session: AsyncSession, athlete_id: AthleteId) -> SentTest:
    """Send a trial message to each of the athlete's devices."""
    devices = await NoticeRepository(session).devices(athlete_id)
    for device in devices:
        lock = f"{PUSH_TASK}:{device.id}:trial"
        await defer(session, PUSH_TASK, queueing_lock=lock, athlete_id=athlete_id, device_id=device.id, notice_ids=None)
    return SentTest(devices=len(devices))


def _address(new: NewPushDevice, settings: Settings) -> dict[str, str]:
    """Return where a browser takes messages, after making sure that this can be used."""
    require_known_host(new.endpoint, settings)
    address = {"endpoint": new.endpoint, "p256dh": new.keys.p256dh, "auth": new.keys.auth}
    BrowserAddress.from_document(address)
    return address


def _shown(seen: SeenNotice) -> Notice:
    row = seen.row
    return Notice.model_validate(
        {
            "id": row.id,
            "kind": row.kind,
            "by": None if seen.handle is None else NoticeAuthor(handle=seen.handle, name=seen.name or ""),
            "path": path_of(told_of(seen)),
            "service": row.detail if row.kind == "source_stopped" else None,
            "day": date.fromisoformat(row.detail) if row.kind == "session_reminder" and row.detail else None,
            "created_at": row.created_at,
            "is_read": row.read_at is not None,
        }
    )


def _device(row: PushDeviceRow, session_id: UUID | None) -> PushDevice:
    return PushDevice.model_validate(
        {
            "id": row.id,
            "name": row.name,
            "is_phone": row.is_phone,
            "created_at": row.created_at,
            "last_sent_at": row.last_sent_at,
            "is_this_one": session_id is not None and row.session_id == session_id,
        }
    )
