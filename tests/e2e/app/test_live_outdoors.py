"""A planned ride outdoors with a power meter and satellites is coached, and becomes an activity with a route."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, Final

import pytest
from playwright.async_api import expect
from tests.support.app_site import wait_for_job
from tests.support.browser import Visitor, today_there
from tests.support.strap import SENSORS

M_PER_DEGREE: Final = 111_195
LATITUDE_DEG: Final = 47.37


async def test_a_ride_by_power_is_coached_recorded_and_kept_through_a_reload(newcomer: Visitor) -> None:
    page = newcomer.page
    session, step = await _session_by_power(newcomer)
    await page.add_init_script(SENSORS)
    await page.clock.install()
    await newcomer.visit(f"/live/workout?session={session['id']}")
    await page.get_by_role("button", name="Start", exact=False).click()
    await _connect(newcomer)
    while await page.get_by_test_id("step").inner_text() != step["text"]:
        await page.get_by_role("button", name="Skip").click()

    await page.evaluate("window.sensors.watts = 40; window.sensors.metersAt = 0")
    await page.clock.run_for(25_000)
    told = f"More power, 40, target {step['low']}"
    await expect(page.get_by_test_id("caption")).to_have_text(told)
    assert told in await page.evaluate("window.sensors.spoken")
    await expect(page.get_by_test_id("power")).to_have_text("40")
    await expect(page.get_by_text("Route is recorded, within")).to_be_visible()
    await expect(page.get_by_role("img", name="Route", exact=False)).to_be_visible()
    assert await newcomer.axe() == []

    await page.evaluate("window.sensors.leave()")
    await page.clock.run_for(6_000)
    await expect(page.get_by_text("Lost, looking for it: power meter")).to_be_visible()
    await expect(page.get_by_test_id("power")).to_have_count(0)

    await page.reload()
    await page.get_by_role("button", name="Go on").click()
    await _connect(newcomer)
    await page.get_by_role("button", name="Resume").click()
    await page.evaluate("window.sensors.metersAt = 400")
    await page.clock.run_for(20_000)
    await page.get_by_role("button", name="End session").click()
    await expect(page.get_by_text("Saved. It appears")).to_be_visible()
    activity = await _only_activity(newcomer)
    assert activity["sport"] == "cycling"
    assert 40 < activity["power_mean_w"] < 200
    # Half a minute, and twenty seconds after the reload, at 8 m/s; a first position makes no way yet.
    # The page's own clock goes on between the steps of the test, and positions come once a second of it.
    assert activity["distance_m"] == pytest.approx(400, rel=0.25)
    streams = await newcomer.call("GET", f"/activities/{activity['id']}/streams", expect=200)
    latitudes = [degrees for degrees in streams["channels"]["latitude_deg"] if degrees is not None]
    assert len(latitudes) > 40
    assert latitudes[-1] == pytest.approx(LATITUDE_DEG + 560 / M_PER_DEGREE, abs=2e-4)
    cadences = [rpm for rpm in streams["channels"]["cadence_rpm"] if rpm is not None]
    assert cadences[10] == pytest.approx(90, abs=1)


async def _connect(visitor: Visitor) -> None:
    page = visitor.page
    await page.get_by_role("button", name="Connect power meter").click()
    await expect(page.get_by_text("Connected: power meter")).to_be_visible()
    await page.get_by_role("button", name="Record route").click()


async def _session_by_power(visitor: Visitor) -> tuple[dict[str, Any], dict[str, Any]]:
    """Have a plan made, and return a session with a step that aims at a power, and that step."""
    today = today_there()
    order = {
        "athlete": {"sport": "cycling", "experience": "beginner", "threshold": {"power_w": 250}},
        "goal": {"type": "general_fitness", "weeks": 4},
        "start": (today - timedelta(days=today.weekday())).isoformat(),
        "available_minutes": {"tue": 60, "thu": 60, "sat": 90, "sun": 90},
    }
    await wait_for_job(visitor, await visitor.call("POST", "/plans", {"request": order}, expect=202))
    plan = await visitor.call("GET", "/plans/current", expect=200)
    found = (
        (session, step)
        for day in plan["document"]["days"]
        for session in day["sessions"]
        for step in session.get("steps", [])
        if step.get("target") == "power_w" and step["duration_s"] >= 300
    )
    return next(found)


async def _only_activity(visitor: Visitor) -> dict[str, Any]:
    """Wait for the imported activity."""
    async with asyncio.timeout(60.0):
        while True:
            page = await visitor.call("GET", "/activities", expect=200)
            if page["items"]:
                found: dict[str, Any] = page["items"][0]
                return found
            await asyncio.sleep(0.3)
