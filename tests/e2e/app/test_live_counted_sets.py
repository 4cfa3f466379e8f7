"""A planned set of push-ups is counted by the camera in the player, corrected, and kept with its session."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect
from tests.support.app_site import sign_up, wait_for_job
from tests.support.browser import CHROMIUM_FLAGS, Visitor, open_window, require_chromium, today_there
from tests.support.camera import FLAGS, write_clip

PUSH_UPS = "video/push_up/st_grey_tee_studio_man__01.mp4"
PATIENCE_MS = 120_000


@pytest.mark.shared_data
async def test_the_camera_counts_a_set_of_the_plan_and_the_athlete_corrects_it(
    site: str, shared_data: Path, tmp_path: Path
) -> None:
    camera = write_clip(shared_data / PUSH_UPS, tmp_path / "camera.y4m")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=require_chromium(), args=[*CHROMIUM_FLAGS, *FLAGS, camera]
        )
        visitor = await open_window(browser, site, viewport="phone")
        await sign_up(visitor, "Lena")
        page = visitor.page
        session = await _push_up_session(visitor)
        await visitor.visit(f"/live/workout?session={session['id']}")
        await page.get_by_role("button", name="Start", exact=False).first.click()
        count = page.get_by_role("button", name="Count with the camera")
        while not await count.is_visible():
            await page.get_by_role("button", name="Skip", exact=True).click()
        assert await visitor.axe() == []

        await count.click()
        await expect(page.get_by_role("img", name="2 repetitions")).to_be_visible(timeout=PATIENCE_MS)
        assert await visitor.axe() == []
        await page.get_by_role("button", name="Stop counting").click()
        field = page.get_by_label("Repetitions done")
        counted = int(await field.input_value())
        assert counted >= 2
        await field.fill(str(counted + 1))
        await page.get_by_role("button", name="Set done").click()

        last = page.get_by_label("Repetitions of the last set")
        await expect(last).to_have_value(str(counted + 1))
        await last.fill(str(counted))
        await page.get_by_role("button", name="Correct").click()
        assert await visitor.axe() == []
        await page.get_by_role("button", name="End session").click()
        await expect(page.get_by_text("Saved. It appears")).to_be_visible(timeout=PATIENCE_MS)

        check = await _only(visitor, "/form-checks")
        assert (check["exercise"], check["rep_count"]) == ("push_up", counted)
        kept = await visitor.call("GET", f"/form-checks/{check['id']}", expect=200)
        assert kept["analysis"]["camera"]["frames"] == kept["analysis"]["frames"]
        await _only(visitor, "/activities")
        await browser.close()
    assert visitor.strangers == []
    assert visitor.complaints == []


async def _push_up_session(visitor: Visitor) -> dict[str, Any]:
    """Have a plan made that leads to more push-ups, and return its first session with sets of them."""
    today = today_there()
    order = {
        "athlete": {"sport": "strength", "experience": "beginner", "max_reps": {"push_up": 12}},
        "goal": {"type": "strength_max_reps", "exercise": "push_up", "current": 12, "target": 20, "weeks": 4},
        "start": (today - timedelta(days=today.weekday())).isoformat(),
        "available_minutes": {"mon": 45, "wed": 45, "fri": 45},
    }
    await wait_for_job(visitor, await visitor.call("POST", "/plans", {"request": order}, expect=202))
    plan = await visitor.call("GET", "/plans/current", expect=200)
    sessions = [session for day in plan["document"]["days"] for session in day["sessions"]]
    return next(
        session
        for session in sessions
        if any(step.get("exercise") == "push_up" and step.get("reps") for step in session.get("steps", []))
    )


async def _only(visitor: Visitor, path: str) -> dict[str, Any]:
    """Wait for the one that is stored."""
    async with asyncio.timeout(60.0):
        while True:
            page = await visitor.call("GET", path, expect=200)
            if page["items"]:
                found: dict[str, Any] = page["items"][0]
                return found
            await asyncio.sleep(0.3)
