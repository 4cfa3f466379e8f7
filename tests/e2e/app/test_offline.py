"""The app without a network: it opens, shows what was seen last, and says what it cannot know."""

from __future__ import annotations

from datetime import date

from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_drafts import kill
from tests.e2e.app.test_plans import order_plan_from_today
from tests.support.app_site import sign_up, upload
from tests.support.fit_writer import RUNNING
from tests.support.training_log import Outing

RUN = Outing(date(2026, 3, 4), RUNNING, 20)
CONTROLLED = "async () => { await navigator.serviceWorker.ready; return navigator.serviceWorker.controller !== null; }"
LISTED = "() => localStorage.getItem('topform.answers').includes('[\"activities\",{')"
KEPT = "() => (localStorage.getItem('topform.answers') ?? '').includes('Kept for the train')"
SENT = "() => localStorage.getItem('topform.answers').includes('\"mutations\":[]')"


async def test_the_app_opens_without_a_network_and_shows_what_was_seen_last(window: OpenWindow) -> None:
    visitor = await window(service_workers="allow")
    await sign_up(visitor, "Otto")
    job = await upload(visitor, "/activities/uploads", RUN.file_name, RUN.to_fit())
    (activity_id,) = job["result"]["files"][0]["activity_ids"]
    await visitor.call("PATCH", f"/activities/{activity_id}", {"title": "Kept for the train"}, expect=200)
    await visitor.visit(f"/activities/{activity_id}")
    await visitor.until(f"({KEPT})()")
    await visitor.visit("/activities")
    page = visitor.page
    entry = page.get_by_role("list", name="Activities").get_by_role("link")
    await expect(entry).to_contain_text("Kept for the train")
    await visitor.until(f"({CONTROLLED})()")
    await visitor.until(f"({LISTED})()")

    await visitor.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_test_id("offline-banner")).to_contain_text("You are offline")
    await expect(entry).to_contain_text("Kept for the train")
    await page.get_by_role("link", name="Profile").first.click()
    await expect(visitor.heading("Profile")).to_be_visible()

    await page.go_back()
    await entry.click()
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_role("textbox", name="Title").fill("Written in the tunnel")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_test_id("offline-banner")).to_contain_text("1 change waits to be sent")
    await page.close()

    page = visitor.page = await visitor.context.new_page()
    visitor.watch()
    await visitor.context.set_offline(False)
    await visitor.visit("/activities")
    await expect(page.get_by_role("list", name="Activities").get_by_role("link")).to_contain_text(
        "Written in the tunnel"
    )
    stored = await visitor.call("GET", f"/activities/{activity_id}", expect=200)
    assert stored["title"] == "Written in the tunnel"

    await visitor.visit("/profile")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    await visitor.until(f"!({KEPT})()")


async def test_a_session_marked_without_a_network_stays_marked_when_the_tab_dies_and_is_sent(
    window: OpenWindow,
) -> None:
    visitor = await window(service_workers="allow")
    await sign_up(visitor, "Mats")
    plan = await order_plan_from_today(visitor)
    await visitor.visit("/plan")
    session = visitor.page.get_by_test_id("session").first
    await expect(session.get_by_role("button", name="I did it")).to_be_visible()
    await visitor.until(f"({CONTROLLED})()")
    await visitor.until("(localStorage.getItem('topform.answers') ?? '').includes('adherence')")

    await visitor.context.set_offline(True)
    await session.get_by_role("button", name="I did it").click()
    await expect(session.get_by_role("radio", name="7")).to_be_visible()
    await session.get_by_role("radio", name="7").click()
    await kill(visitor)

    await visitor.visit("/plan")
    page = visitor.page
    session = page.get_by_test_id("session").first
    await expect(page.get_by_test_id("offline-banner")).to_contain_text("2 changes wait to be sent")
    await expect(session.get_by_text("Done", exact=True).first).to_be_visible()
    await expect(session.get_by_role("radio", name="7")).to_be_checked()

    day, marked = next((day["date"], one["id"]) for day in plan["document"]["days"] for one in day["sessions"])
    await visitor.context.set_offline(False)
    await expect(page.get_by_test_id("offline-banner")).to_have_count(0)
    await visitor.until(f"({SENT})()")
    await expect(session.get_by_role("radio", name="7")).to_be_checked()
    span = f"from={day}&to={day}"
    (stored,) = (await visitor.call("GET", f"/plans/{plan['id']}/adherence?{span}", expect=200))["sessions"]
    assert (stored["session_id"], stored["status"], stored["mark"]["mark"]) == (marked, "done", "done")
    assert stored["feedback"]["rpe_cr10"] == 7
