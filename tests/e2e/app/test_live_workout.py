"""A planned session is played with a heart-rate strap and a voice, survives a reload, and becomes an activity."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import expect
from tests.support.app_site import wait_for_job
from tests.support.browser import Visitor, today_there
from tests.support.strap import STRAP


@pytest.mark.screens("/live/workout")
async def test_a_session_is_played_with_a_strap_and_becomes_an_activity(newcomer: Visitor) -> None:
    page = newcomer.page
    session = await _session_by_heart_rate(newcomer)
    step = next(step for step in session["steps"] if step.get("target") == "hr_bpm")
    await page.add_init_script(STRAP)
    await page.clock.install()
    await newcomer.visit(f"/live/workout?session={session['id']}")
    assert await newcomer.axe() == []
    await page.get_by_role("button", name="Start", exact=False).click()
    await page.get_by_role("button", name="Connect heart-rate strap").click()
    await expect(page.get_by_text("Strap connected")).to_be_visible()
    while await page.get_by_test_id("step").inner_text() != step["text"]:
        await page.get_by_role("button", name="Skip", exact=True).click()

    await page.evaluate("window.strap.bpm = 190")
    await page.clock.run_for(45_000)
    told = f"Ease off, 190, target {step['high']}"
    await expect(page.get_by_test_id("caption")).to_have_text(told)
    await expect(page.get_by_test_id("bpm")).to_have_text("190")
    assert told in await page.evaluate("window.strap.spoken")
    await expect(page.get_by_text("On target", exact=True)).to_be_visible()
    assert await newcomer.axe() == []

    # A strap that is lost is told once and sought; nothing is judged meanwhile, and when it is back all goes on.
    await page.evaluate("window.strap.leave()")
    await page.clock.run_for(20_000)
    await expect(page.get_by_text("Strap lost; looking for it")).to_be_visible()
    await expect(page.get_by_test_id("bpm")).to_have_count(0)
    said = await page.evaluate("window.strap.spoken")
    assert said.count("Heart-rate strap lost.") == 1
    await page.evaluate("window.strap.isNear = true")
    await page.clock.run_for(15_000)
    await expect(page.get_by_text("Strap connected")).to_be_visible()
    await expect(page.get_by_test_id("bpm")).to_have_text("190")
    assert (await page.evaluate("window.strap.spoken")).count("Heart-rate strap is back.") == 1

    # Who turns the voice off hears nothing more, here and when the session goes on.
    spoken = await page.evaluate("window.strap.spoken")
    await page.get_by_role("checkbox", name="Voice").click()
    await page.clock.run_for(40_000)
    assert await page.evaluate("window.strap.spoken") == spoken

    await page.get_by_role("button", name="Lap").click()
    await page.reload()
    await expect(page.get_by_text("A session was interrupted")).to_be_visible()
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("checkbox", name="Voice")).not_to_be_checked()
    await page.get_by_role("button", name="Resume").click()
    await page.clock.run_for(10_000)

    await newcomer.context.set_offline(True)
    await page.get_by_role("button", name="End session").click()
    await expect(page.get_by_text("Session done")).to_be_visible()
    await newcomer.context.set_offline(False)
    await page.clock.run_for(16_000)
    await expect(page.get_by_text("Saved. It appears")).to_be_visible()
    activity = await _only_activity(newcomer)
    assert activity["sport"] == "running"
    detail = await newcomer.call("GET", f"/activities/{activity['id']}", expect=200)
    assert detail["device"]["manufacturer"] == "development"
    assert 120 <= activity["hr_mean_bpm"] <= 190
    newcomer.complaints = [text for text in newcomer.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


async def _session_by_heart_rate(visitor: Visitor) -> dict[str, Any]:
    """Have a plan made whose steady steps aim at a heart rate, and return its first such session."""
    today = today_there()
    order = {
        "athlete": {"sport": "running", "experience": "beginner", "threshold": {"hr_bpm": 165}},
        "goal": {"type": "general_fitness", "weeks": 4},
        "start": (today - timedelta(days=today.weekday())).isoformat(),
        "available_minutes": {"tue": 60, "thu": 60, "sat": 60, "sun": 60},
    }
    await wait_for_job(visitor, await visitor.call("POST", "/plans", {"request": order}, expect=202))
    plan = await visitor.call("GET", "/plans/current", expect=200)
    sessions = [session for day in plan["document"]["days"] for session in day["sessions"]]
    return next(
        session for session in sessions if any(step.get("target") == "hr_bpm" for step in session.get("steps", []))
    )


async def _only_activity(visitor: Visitor) -> dict[str, Any]:
    """Wait for the imported activity."""
    async with asyncio.timeout(60.0):
        while True:
            page = await visitor.call("GET", "/activities", expect=200)
            if page["items"]:
                found: dict[str, Any] = page["items"][0]
                return found
            await asyncio.sleep(0.3)
