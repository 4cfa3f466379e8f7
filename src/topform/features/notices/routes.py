"""Notices: the list, how one wants to be told, and the devices that are told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.accounts.public import device_name
from topform.features.notices import service
from topform.features.notices.schemas import (
    NewPushDevice,
    NewPushPhone,
    NoticePage,
    NoticeSettings,
    PushDevice,
    PushDevices,
    ReadNotices,
    SentTest,
    UnreadCount,
)
from topform.features.notices.settings import save_settings, settings_of
from topform.features.notices.writing import order_delivery
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import Caller
from topform.platform.web.pages import CursorParameter, Limit
from topform.platform.web.resources import Use

router = APIRouter(prefix="/notices", tags=["notices"])


@router.get("")
async def list_notices(use: Use, caller: Caller, limit: Limit = 30, cursor: CursorParameter = None) -> NoticePage:
    """Return what you were told of, newest first; what no longer holds is not in the list."""
    async with use.database.reading() as session:
        return await service.list_notices(session, caller.athlete_id, cursor=cursor, limit=limit)


@router.post("/read")
async def read_notices(which: ReadNotices, use: Use, caller: Caller, once: DoOnce) -> UnreadCount:
    """Mark some notices, or all of them, as read."""
    return await once.write(
        use,
        caller.athlete_id,
        which,
        lambda session, now: service.read(session, caller.athlete_id, which, now=now),
        UnreadCount,
    )


@router.get("/settings")
async def get_notice_settings(use: Use, caller: Caller) -> NoticeSettings:
    """Return how you want to be told."""
    async with use.database.reading() as session:
        return await settings_of(session, caller.athlete_id)


@router.put("/settings")
async def set_notice_settings(wanted: NoticeSettings, use: Use, caller: Caller, once: DoOnce) -> NoticeSettings:
    """Choose what you are told of and when; what waits for your devices follows at once."""

    async def save(session: AsyncSession, now: datetime) -> NoticeSettings:
        saved = await save_settings(session, caller.athlete_id, wanted, now=now)
        await order_delivery(session, caller.athlete_id, now=now)
        return saved

    return await once.write(use, caller.athlete_id, wanted, save, NoticeSettings)


@router.get("/devices")
async def list_push_devices(use: Use, caller: Caller) -> PushDevices:
    """Return the browsers and phones that are told, and what one of them needs to be told too."""
    async with use.database.transaction() as session:
        return await service.list_devices(
            session, caller.athlete_id, caller.session_id, use.settings, now=use.clock.now()
        )


@router.post("/devices", status_code=201)
async def add_push_device(new: NewPushDevice, use: Use, caller: Caller, request: Request, once: DoOnce) -> PushDevice:
    """Have this device told as long as it stays signed in; asking again replaces what was there for it."""
    name = device_name(request.headers.get("User-Agent"))
    return await once.write(
        use,
        caller.athlete_id,
        new,
        lambda session, now: service.add_device(
            session, caller.athlete_id, caller.session_id, new, use.settings, name=name, now=now
        ),
        PushDevice,
    )


@router.post("/phones", status_code=201)
async def add_push_phone(new: NewPushPhone, use: Use, caller: Caller, request: Request, once: DoOnce) -> PushDevice:
    """Have the app on this phone told as long as it stays signed in; asking again replaces what was there for it."""
    name = device_name(request.headers.get("User-Agent"))
    return await once.write(
        use,
        caller.athlete_id,
        new,
        lambda session, now: service.add_phone(
            session, caller.athlete_id, caller.session_id, new, use.settings, name=name, now=now
        ),
        PushDevice,
    )


@router.delete("/devices/{push_device_id}", status_code=204)
async def remove_push_device(push_device_id: UUID, use: Use, caller: Caller, once: DoOnce) -> None:
    """Have a device told nothing any more."""
    await once.write(
        use,
        caller.athlete_id,
        None,
        lambda session, _: service.remove_device(session, caller.athlete_id, push_device_id),
        Nothing,
    )


@router.post("/trial", status_code=202)
async def send_trial_notice(use: Use, caller: Caller, once: DoOnce) -> SentTest:
    """Send a message to each of your devices, to see that it arrives."""
    return await once.write(
        use,
        caller.athlete_id,
        None,
        lambda session, _: service.send_trial(session, caller.athlete_id),
        SentTest,
    )
