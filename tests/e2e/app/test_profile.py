"""What formulas need to know of a body, and the freedom not to know it."""

from __future__ import annotations

from playwright.async_api import expect
from tests.support.browser import Visitor


async def test_thresholds_are_kept_and_may_stay_unknown(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/profile")
    await page.get_by_label("Threshold pace, running").fill("4:30")
    await page.get_by_label("Maximum heart rate").fill("188")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Profile saved")).to_be_visible()
    athlete = await newcomer.call("GET", "/athletes/me", expect=200)
    assert round(1000 / athlete["threshold_speed_m_s"]) == 270
    assert athlete["hr_max_bpm"] == 188
    assert (athlete["ftp_w"], athlete["sex"], athlete["css_m_s"]) == (None, None, None)

    await page.get_by_label("Maximum heart rate").fill("")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_label("Maximum heart rate")).to_have_value("")
    await page.wait_for_timeout(300)
    assert (await newcomer.call("GET", "/athletes/me", expect=200))["hr_max_bpm"] is None


async def test_an_impossible_value_is_not_sent(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/profile")
    await page.get_by_label("Maximum heart rate").fill("900")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("This is not a possible value.")).to_be_visible()
    assert (await newcomer.call("GET", "/athletes/me", expect=200))["hr_max_bpm"] is None


async def test_units_change_what_is_shown_not_what_is_stored(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.call("PATCH", "/athletes/me", {"mass_kg": 70}, expect=200)
    await newcomer.visit("/profile")
    await expect(page.get_by_label("Body mass")).to_have_value("70")
    await page.get_by_role("radio", name="Imperial").click()
    await expect(page.get_by_label("Body mass")).to_have_value("154.3")
    assert (await newcomer.call("GET", "/athletes/me", expect=200))["mass_kg"] == 70
