"""The bell is live, the settings are kept, and a message that arrives is shown and leads somewhere."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import sign_up
from tests.support.browser import PATIENCE_MS, Visitor


async def join(window: OpenWindow, name: str, **options: Any) -> Visitor:
    visitor = await window(**options)
    await sign_up(visitor, name)
    profile = {"handle": name.lower(), "name": name, "is_findable": True}
    await visitor.call("PUT", "/community/me", profile, expect=200)
    return visitor


async def test_what_concerns_one_appears_at_once_and_can_be_turned_off(window: OpenWindow) -> None:
    mila = await join(window, "Mila")
    owen = await join(window, "Owen", viewport="phone", scheme="dark")
    await mila.visit("/notices")
    await expect(mila.heading("Nothing to tell")).to_be_visible()
    assert await mila.axe() == []
    await owen.call("PUT", "/community/following/mila", expect=200)
    row = mila.page.get_by_role("link", name="Owen asks to follow you.")
    await expect(row).to_be_visible()
    await expect(mila.page.get_by_role("link", name="Notices 1")).to_be_visible()
    assert await mila.axe() == []
    await row.click()
    await expect(mila.page.get_by_role("heading", name="People", exact=True)).to_be_visible()
    await expect(mila.page.get_by_role("link", name="Notices", exact=True)).to_be_visible()

    await owen.visit("/")
    await owen.page.get_by_role("link", name="Notices").click()
    await owen.page.get_by_role("link", name="What you are told").click()
    await owen.page.get_by_role("checkbox", name="Kudos").click()
    await owen.page.get_by_role("checkbox", name="Remind me of the session of the day").click()
    await expect(owen.page.get_by_label("Remind me at")).to_have_value("420")
    stored = await owen.call("GET", "/notices/settings", expect=200)
    for _ in range(100):
        if stored["reminder_min"] is not None:
            break
        await asyncio.sleep(0.1)
        stored = await owen.call("GET", "/notices/settings", expect=200)
    assert (stored["off"], stored["reminder_min"]) == (["kudos"], 420)
    assert await owen.axe() == []


async def test_a_message_is_shown_by_the_service_worker(window: OpenWindow, site: str) -> None:
    visitor = await join(window, "Push", service_workers="allow")
    await visitor.visit("/notices/settings")
    await expect(visitor.page.get_by_role("button", name="Turn on for this browser")).to_be_visible()
    await visitor.context.grant_permissions(["notifications"], origin=site)
    await visitor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session = await visitor.context.new_cdp_session(visitor.page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def hear(event: dict[str, Any]) -> None:
        for registration in event["registrations"]:
            if not registration["isDeleted"] and not found.done():
                found.set_result(registration["registrationId"])

    session.on("ServiceWorker.workerRegistrationUpdated", hear)
    await session.send("ServiceWorker.enable")
    registration = await asyncio.wait_for(found, PATIENCE_MS / 1000)
    said = {"title": "TopForm", "body": "Ada gave you kudos.", "url": "/community", "lang": "en", "tag": "one"}
    message = {"origin": site, "registrationId": registration, "data": json.dumps(said)}
    await session.send("ServiceWorker.deliverPushMessage", message)
    await visitor.until(
        "navigator.serviceWorker.ready.then(one => one.getNotifications()).then(all => all.length === 1)"
    )
    shown = await visitor.page.evaluate(
        """navigator.serviceWorker.ready.then((one) => one.getNotifications())
           .then(([one]) => [one.title, one.body, one.lang, one.data.url])"""
    )
    assert shown == ["TopForm", "Ada gave you kudos.", "en", "/community"]
