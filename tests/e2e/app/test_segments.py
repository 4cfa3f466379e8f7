"""Making a segment with the keyboard, its efforts, and sharing it with a friend on another device."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_community import join
from tests.support.app_site import upload
from tests.support.browser import Visitor
from tests.support.workouts import MORNING, Ride


async def ride(visitor: Visitor, days: int, speed_m_s: float) -> str:
    """Upload a ride along the road, and return its id."""
    content = Ride(started_at=MORNING + timedelta(days=days), seconds=700, speed_m_s=speed_m_s).as_fit()
    job = await upload(visitor, "/activities/uploads", f"ride{days}.fit", content)
    return str(job["result"]["files"][0]["activity_ids"][0])


@pytest.mark.screens("/segments", "/segments/new", "/segments/[id]")
async def test_a_segment_is_made_with_the_keyboard_matched_and_shared(window: OpenWindow) -> None:
    mira, nils = await join(window, "Mira"), await join(window, "Nils", viewport="phone", scheme="dark")
    activity = await ride(mira, 0, 8.0)
    await ride(mira, 1, 10.0)
    await ride(nils, 2, 7.0)
    await nils.call("PUT", "/community/following/mira", expect=200)
    await mira.call("PUT", "/community/followers/nils", expect=200)

    await mira.visit(f"/activities/{activity}")
    await mira.page.get_by_role("link", name="Make a segment").click()
    start = mira.page.get_by_role("slider", name="Start")
    await start.focus()
    before = int(await start.get_attribute("aria-valuenow") or "0")
    await start.press("PageUp")
    await start.press("ArrowRight")
    await expect(start).to_have_attribute("aria-valuenow", str(before + 11))
    await start.press("End")
    await expect(mira.page.get_by_text("The end has to lie behind the start.")).to_be_visible()
    await start.press("Home")
    for _ in range(8):
        await start.press("PageUp")
    await mira.page.get_by_label("Name", exact=True).fill("Road to the north")
    assert await mira.axe() == []
    await mira.page.get_by_role("button", name="Make it").click()
    await expect(mira.heading("Road to the north")).to_be_visible()
    efforts = mira.page.get_by_role("table", name="Your efforts").get_by_role("row")
    await expect(efforts).to_have_count(3, timeout=60_000)
    assert await mira.axe() == []

    await mira.page.get_by_role("radio", name="Followers").click()
    await mira.page.get_by_role("checkbox", name="Put my efforts on the board").click()
    await expect(mira.page.get_by_role("table", name="Board").get_by_role("row")).to_have_count(2)

    await nils.visit("/segments")
    await expect(nils.heading("No segments yet")).to_be_visible()
    await nils.page.get_by_role("radio", name="To join").click()
    assert await nils.axe() == []
    await nils.page.get_by_role("link", name="Road to the north").click()
    await nils.page.get_by_role("button", name="Join", exact=True).click()
    await nils.page.get_by_role("checkbox", name="Put my efforts on the board").click()
    await expect(nils.page.get_by_role("table", name="Your efforts").get_by_role("row")).to_have_count(
        2, timeout=60_000
    )
    await expect(nils.page.get_by_role("table", name="Board").get_by_role("row")).to_have_count(3, timeout=60_000)
    assert await nils.axe() == []
    await mira.visit(f"/activities/{activity}")
    await expect(mira.page.get_by_text("Rank 2 of 2", exact=True)).to_be_visible()
