"""Body and sleep: typing a day, seeing what an export brought, choosing which source counts."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import expect
from tests.support.app_site import upload
from tests.support.browser import Visitor, today_there

HEADER = "date,weight,restingHR,hrv,hrvSDNN,sleepSecs,soreness"


async def test_a_day_is_typed_seen_and_emptied(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/body")
    await expect(page.get_by_text("No daily values in this time")).to_be_visible()
    await page.get_by_role("textbox", name="Weight").fill("7")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert")).to_contain_text("From 20 to 400 kg")
    await page.get_by_role("textbox", name="Weight").fill("70,4")
    await page.get_by_role("textbox", name="Sleep").fill("7:30")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("70.4", exact=True)).to_be_visible()
    await expect(page.get_by_text("7:30", exact=True)).to_be_visible()
    assert await newcomer.axe() == []
    await page.get_by_role("textbox", name="Sleep").fill("")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("7:30", exact=True)).to_have_count(0)


async def test_an_uploaded_export_shows_and_another_source_can_count(newcomer: Visitor) -> None:
    page = newcomer.page
    today = today_there()
    rows = [f"{today - timedelta(days=back)},{71 + back / 10:.1f},48,60,80,27000,2" for back in (3, 2, 1)]
    job = await upload(newcomer, "/activities/uploads", "wellness.csv", "\n".join([HEADER, *rows]).encode())
    assert job["state"] == "succeeded"
    yesterday = today - timedelta(days=1)
    await newcomer.call("PUT", f"/wellness/{yesterday}", {"body_mass_kg": 65.5}, expect=200)
    await newcomer.visit("/body")
    await expect(page.get_by_text("65.5", exact=True)).to_be_visible()
    await expect(page.get_by_text("HRV (SDNN)", exact=True)).to_be_visible()
    await page.get_by_label("Counts first").select_option("intervals_icu")
    await expect(page.get_by_text("71.1", exact=True)).to_be_visible()
    assert await newcomer.axe() == []
