"""From a goal to a week of training."""

from __future__ import annotations

from playwright.async_api import expect
from tests.support.browser import Visitor


async def test_a_goal_becomes_a_week_of_sessions_with_reasons(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.call("PATCH", "/athletes/me", {"threshold_speed_m_s": 3.6}, expect=200)
    await newcomer.visit("/plan")
    await page.get_by_role("link", name="Create a plan").click()
    await page.get_by_label("Distance").select_option("21097.5")
    await page.get_by_label("Saturday").select_option("45")
    await page.get_by_role("button", name="Make the plan").click()
    sessions = page.get_by_test_id("session")
    await expect(sessions.first).to_be_visible(timeout=90_000)
    await expect(page.get_by_text("Race: Running, 21.1 km")).to_be_visible()

    plan = await newcomer.call("GET", "/plans/current", expect=200)
    first_week = [session for day in plan["document"]["days"][:7] for session in day["sessions"]]
    await expect(sessions).to_have_count(len(first_week))
    for shown, session in zip(await sessions.all(), first_week, strict=True):
        await expect(shown).to_contain_text(session["title"])
        await expect(shown).to_contain_text(session["why"])
    assert plan["request"]["available_minutes"]["sat"] == 45

    await sessions.first.get_by_role("button", name="Show steps of").click()
    await expect(sessions.first.get_by_role("listitem").first).to_contain_text(first_week[0]["steps"][0]["text"])
    await page.get_by_role("button", name="Next week").click()
    await expect(page.get_by_text("Week 2 of")).to_be_visible()
    await page.get_by_role("button", name="Show all checks").click()
    await expect(page.get_by_text("A rest day in seven")).to_be_visible()


async def test_push_ups_can_be_a_goal(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/plan/new")
    await page.get_by_label("Sport").select_option("strength")
    await page.get_by_role("button", name="Make the plan").click()
    await expect(page.get_by_text("Enter whole numbers")).to_be_visible()
    await page.get_by_label("Push-ups you can do").fill("15")
    await page.get_by_label("Push-ups you want to reach").fill("25")
    await page.get_by_role("button", name="Make the plan").click()
    await expect(page.get_by_test_id("session").first).to_be_visible(timeout=90_000)
    await expect(page.get_by_text("25 in one set: Push-ups")).to_be_visible()


async def test_a_plan_needs_time(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/plan/new")
    for weekday in ("Tuesday", "Thursday", "Saturday", "Sunday"):
        await page.get_by_label(weekday).select_option("0")
    await page.get_by_role("button", name="Make the plan").click()
    await expect(page.get_by_text("Give at least one day some time.")).to_be_visible()
