"""Two minutes with a strap become the day's variability, also without a network; a poor signal becomes none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import expect
from tests.support.browser import Visitor, today_there
from tests.support.strap import STRAP


async def begin(visitor: Visitor, *, swing: int) -> None:
    """Connect the strap and begin to measure; `swing` is half the difference of two beats in 1/1024 s."""
    page = visitor.page
    await page.add_init_script(STRAP)
    await page.clock.install()
    await visitor.visit("/live/hrv")
    assert await visitor.axe() == []
    await page.evaluate(f"window.strap.bpm = 60; window.strap.swing = {swing}")
    await page.get_by_role("button", name="Connect heart-rate strap").click()
    await expect(page.get_by_text("Strap connected")).to_be_visible()
    await page.get_by_role("button", name="Begin").click()
    await page.clock.run_for(3_000)
    await expect(page.get_by_text("Lie still and breathe calmly")).to_be_visible()


@pytest.mark.screens("/live/hrv")
async def test_a_measurement_without_a_network_is_kept_and_sent(newcomer: Visitor) -> None:
    page = newcomer.page
    await begin(newcomer, swing=20)
    assert await newcomer.axe() == []
    await page.clock.run_for(121_000)
    await expect(page.get_by_text("Your measurement")).to_be_visible()
    assert await newcomer.axe() == []
    await newcomer.context.set_offline(True)
    await page.get_by_role("button", name="Save for today").click()
    await page.clock.run_for(1_000)
    assert await stored(newcomer) == []
    await newcomer.context.set_offline(False)
    await expect(page.get_by_text("It counts in your readiness")).to_be_visible()
    (value,) = await stored(newcomer)
    assert (value["metric"], value["source"], value["is_chosen"]) == ("hrv_rmssd_ms", "strap", True)
    # The beats differ by 40 / 1024 s.
    assert value["value"] == pytest.approx(39.1, abs=0.05)
    newcomer.complaints = [text for text in newcomer.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


async def test_what_is_no_beat_to_beat_signal_is_not_measured(newcomer: Visitor) -> None:
    page = newcomer.page
    await begin(newcomer, swing=0)
    await page.clock.run_for(121_000)
    await expect(page.get_by_text("It could not be measured")).to_be_visible()
    await expect(page.get_by_text("averages the pulse", exact=False)).to_be_visible()
    assert await newcomer.axe() == []
    assert await stored(newcomer) == []


async def stored(visitor: Visitor) -> list[dict[str, Any]]:
    """Return the daily values of these days."""
    today = today_there()
    path = f"/wellness?from={today - timedelta(days=2)}&to={today + timedelta(days=2)}"
    days = (await visitor.call("GET", path, expect=200))["days"]
    return [value for day in days for value in day["values"]]
