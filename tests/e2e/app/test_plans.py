"""From a goal to a week of training."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import sign_up, upload, wait_for_job
from tests.support.browser import Visitor, today_there
from tests.support.fit_writer import RUNNING
from tests.support.training_log import Outing, training_log

SATURDAY = 5


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
        await expect(shown).to_contain_text(session["why"].partition(" Your goal")[0])
        assert plan["request"]["goal"]["date"] not in await shown.inner_text()
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


async def order_running_plan(visitor: Visitor) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Have a plan made from next Monday on; return it and its first week."""
    today = today_there()
    start = today + timedelta(days=7 - today.weekday())
    goal = {"type": "race", "sport": "running", "distance_m": 10_000, "date": (start + timedelta(days=69)).isoformat()}
    order = {
        "athlete": {"sport": "running", "experience": "intermediate", "ctl": 35, "recent_longest": {"minutes": 80}},
        "goal": goal,
        "start": start.isoformat(),
        "available_minutes": {"tue": 60, "thu": 60, "sat": 60, "sun": 120},
    }
    await wait_for_job(visitor, await visitor.call("POST", "/plans", {"request": order}, expect=202))
    plan = await visitor.call("GET", "/plans/current", expect=200)
    return plan, plan["document"]["days"][:7]


async def answer_to_move(
    visitor: Visitor, plan: dict[str, Any], session: dict[str, Any], **order: Any
) -> dict[str, Any]:
    """Ask the server for a move; return what it says."""
    response = await visitor.context.request.post(
        f"{visitor.url}/api/v1/plans/{plan['id']}/sessions/{session['id']}/move",
        headers={"X-TopForm-Client": "1"},
        data=order,
    )
    return {"status": response.status, **await response.json()}


async def test_a_day_without_time_is_asked_about_and_two_sessions_change_places(newcomer: Visitor) -> None:
    page = newcomer.page
    plan, week = await order_running_plan(newcomer)
    sessions = [(day["date"], session) for day in week for session in day["sessions"]]
    to = where = None
    for place, (_, session) in enumerate(sessions):
        for day in week:
            if not day["sessions"] and to is None:
                answer = await answer_to_move(newcomer, plan, session, to=day["date"])
                if answer.get("code") == "plan_needs_time" and not answer["remarks"]:
                    to, where = day["date"], place
    assert to is not None and where is not None
    await newcomer.visit("/plan")
    cards = page.get_by_test_id("session")
    await cards.nth(where).get_by_label("Move to").select_option(to)
    question = page.get_by_role("dialog", name="Time for it?")
    await expect(question).to_contain_text("You offered no time on")
    await expect(question).not_to_contain_text(to)
    assert await newcomer.axe() == []
    await question.get_by_role("button", name="Yes, this once").click()
    await expect(page.get_by_role("button", name="Undo the last change")).to_be_visible()
    moved = await newcomer.call("GET", "/plans/current", expect=200)
    assert list(moved["request"]["offered_dates"]) == [to]
    await page.get_by_role("button", name="Undo the last change").click()
    await expect(page.get_by_role("button", name="Redo the change")).to_be_visible()

    plan = await newcomer.call("GET", "/plans/current", expect=200)
    pairs = [(a, b) for a in range(len(sessions)) for b in range(a + 1, len(sessions))]
    for first, second in pairs:
        (_, one), (day, other) = sessions[first], sessions[second]
        order = {"to": day, "swap_with": other["id"]}
        if one["title"] != other["title"] and (await answer_to_move(newcomer, plan, one, **order))["status"] == 200:
            break
    else:
        raise AssertionError("no two sessions of the week can change places without a question")
    await newcomer.call("POST", "/plans/undo", expect=200)
    await newcomer.visit("/plan")
    await expect(cards.nth(first)).to_contain_text(one["title"])
    carried = await page.evaluate_handle("() => new DataTransfer()")
    await cards.nth(first).dispatch_event("mousedown")
    await cards.nth(first).dispatch_event("dragstart", {"dataTransfer": carried})
    await cards.nth(second).dispatch_event("drop", {"dataTransfer": carried})
    await page.get_by_role("dialog").get_by_role("button", name=f"Swap {one['title']} and {other['title']}").click()
    await expect(cards.nth(first)).to_contain_text(other["title"])
    await expect(cards.nth(second)).to_contain_text(one["title"])


async def test_a_proposal_waits_on_today_and_is_accepted_in_the_plan(newcomer: Visitor, window: OpenWindow) -> None:
    page = newcomer.page
    plan, week = await order_running_plan(newcomer)
    coach = await window()
    await sign_up(coach, "Odile")
    order = {"scopes": ["plan", "plan_proposals"], "email": None}
    invitation = await newcomer.call("POST", "/coaching/invitations", order, expect=201)
    athlete = await coach.call("POST", "/coaching/athletes", {"code": invitation["code"]}, expect=201)
    wish = {"plan_id": plan["id"], "change": {"type": "drop_day", "weekday": "sat"}, "why": "Your club meets then."}
    await coach.call("POST", f"/coaching/athletes/{athlete['athlete_id']}/plans/proposals", wish, expect=201)

    await newcomer.visit("/")
    await expect(page.get_by_text("1 change of your plan waits for you")).to_be_visible()
    assert await newcomer.axe() == []
    await page.get_by_role("link", name="Look and answer").click()
    proposal = page.get_by_test_id("proposal")
    await expect(proposal).to_contain_text("Odile")
    assert await newcomer.axe() == []
    await proposal.get_by_role("button", name="Accept").click()
    await expect(page.get_by_text("The plan was changed.")).to_be_visible()
    await expect(proposal).to_have_count(0)
    changed = await newcomer.call("GET", "/plans/current", expect=200)
    days = {day["date"]: day["sessions"] for day in changed["document"]["days"]}
    (saturday,) = [day["date"] for day in week if datetime.fromisoformat(day["date"]).weekday() == SATURDAY]
    assert changed["id"] != plan["id"] and days[saturday] == []
    await newcomer.visit("/")
    await expect(newcomer.heading("Coming up")).to_be_visible()
    await expect(page.get_by_text("waits for you")).to_have_count(0)


async def order_plan_from_today(visitor: Visitor) -> dict[str, Any]:
    """Have a cyclist's plan made that has a session on each of its days but one; return it."""
    order = {
        "athlete": {"sport": "cycling", "experience": "intermediate", "ctl": 40, "threshold": {"power_w": 220}},
        "goal": {"type": "general_fitness", "weeks": 4},
        "start": today_there().isoformat(),
        "available_minutes": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 60),
    }
    await wait_for_job(visitor, await visitor.call("POST", "/plans", {"request": order}, expect=202))
    plan: dict[str, Any] = await visitor.call("GET", "/plans/current", expect=200)
    return plan


async def test_a_symptom_leaves_nothing_to_follow_in_plan_and_player(newcomer: Visitor) -> None:
    """The banner of Today stands in the plan and the player; sessions come back when it is cleared."""
    page = newcomer.page
    plan = await order_plan_from_today(newcomer)
    ahead = next(session for day in plan["document"]["days"] for session in day["sessions"])
    await newcomer.visit("/plan")
    await expect(page.get_by_test_id("session").first).to_be_visible()
    await expect(page.get_by_role("alert").filter(has_text="All sessions are stopped")).to_have_count(0)
    await newcomer.call("POST", "/readiness/red-flag", {"symptoms": ["chest_pain"]}, expect=200)
    alert = page.get_by_role("alert").filter(has_text="All sessions are stopped")
    for path in ("/plan", f"/live/workout?session={ahead['id']}"):
        await newcomer.visit(path)
        await expect(alert).to_contain_text("Seek medical care now")
        await expect(page.get_by_text("Sessions are hidden until")).to_be_visible()
        await expect(page.get_by_test_id("session")).to_have_count(0)
        await expect(page.get_by_label("Move to")).to_have_count(0)
        await expect(page.get_by_role("button", name="Start")).to_have_count(0)
        assert await newcomer.axe() == []
    await newcomer.visit("/plan")
    await page.get_by_role("button", name="Next week").click()
    await expect(page.get_by_text("Week 2 of")).to_be_visible()
    await expect(page.get_by_text("No sessions for now")).to_be_visible()
    await expect(page.get_by_test_id("session")).to_have_count(0)
    await alert.get_by_role("button", name="It was looked at").click()
    dialog = page.get_by_role("dialog", name="Open training again?")
    await dialog.get_by_role("checkbox", name="The symptoms were looked at").click()
    await dialog.get_by_role("button", name="Open training again").click()
    await expect(alert).to_have_count(0)
    await expect(page.get_by_test_id("session").first).to_be_visible()


async def test_a_new_plan_has_nothing_to_undo(newcomer: Visitor) -> None:
    page = newcomer.page
    plan = await order_plan_from_today(newcomer)
    session = [session for day in plan["document"]["days"] for session in day["sessions"]][-1]
    await newcomer.call("DELETE", f"/plans/{plan['id']}/sessions/{session['id']}", expect=200)
    await newcomer.visit("/plan")
    await expect(page.get_by_role("button", name="Undo the last change")).to_be_visible()
    await order_plan_from_today(newcomer)
    await expect(page.get_by_role("button", name="Undo the last change")).to_have_count(0)
    await expect(page.get_by_test_id("session").first).to_be_visible()


async def test_thresholds_found_in_training_are_pointed_out_before_a_plan_is_made_without_them(
    newcomer: Visitor,
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for outing in training_log(today_there(), weeks=7):
            archive.writestr(outing.file_name, outing.to_fit())
    await newcomer.visit("/plan/new")
    await expect(newcomer.heading("We found your thresholds in your training")).to_have_count(0)

    await upload(newcomer, "/activities/uploads", "log.zip", packed.getvalue())
    await newcomer.visit("/plan/new")
    await expect(newcomer.heading("We found your thresholds in your training")).to_be_visible()
    assert await newcomer.axe() == []
    await newcomer.page.get_by_role("link", name="Look at them and use them").click()
    await expect(newcomer.heading("Thresholds and zones")).to_be_visible()


async def order_plan_from_last_week(visitor: Visitor) -> date:
    """Have a plan made from the Monday of last week on, and return that day.

    It is so small that a week without training leaves it as it was made.
    """
    today = today_there()
    monday = today - timedelta(days=7 + today.weekday())
    order = {
        "athlete": {"sport": "running", "experience": "intermediate", "ctl": 6, "recent_longest": {"minutes": 60}},
        "goal": {"type": "general_fitness", "weeks": 6},
        "start": monday.isoformat(),
        "available_minutes": dict.fromkeys(("tue", "thu", "sat"), 30),
    }
    await wait_for_job(visitor, await visitor.call("POST", "/plans", {"request": order}, expect=202))
    return monday


async def test_last_week_says_on_a_phone_what_was_done_without_unfolding(window: OpenWindow) -> None:
    visitor = await window(viewport="phone")
    await sign_up(visitor, "Sven", threshold_speed_m_s=3.7)
    monday = await order_plan_from_last_week(visitor)
    run = Outing(monday + timedelta(days=1), RUNNING, 40)
    await upload(visitor, "/activities/uploads", run.file_name, run.to_fit())
    await visitor.visit("/plan")
    await visitor.page.get_by_role("button", name="Previous week").click()
    sessions = visitor.page.get_by_test_id("session")
    await expect(sessions.first.get_by_text("Done", exact=True)).to_be_visible()
    await expect(sessions.nth(1).get_by_text("Not done", exact=True)).to_be_visible()
    await sessions.nth(1).get_by_role("button", name="Show ").click()
    await expect(sessions.nth(1).get_by_text("Not done", exact=True)).to_have_count(1)


async def test_a_session_without_a_recording_is_called_done_or_skipped_and_taken_back(window: OpenWindow) -> None:
    visitor = await window(viewport="phone")
    await sign_up(visitor, "Maren", threshold_speed_m_s=3.7)
    monday = await order_plan_from_last_week(visitor)
    plan = await visitor.call("GET", "/plans/current", expect=200)
    span = f"from={monday}&to={monday + timedelta(days=6)}"

    async def became() -> list[tuple[str, str | None]]:
        found = await visitor.call("GET", f"/plans/{plan['id']}/adherence?{span}", expect=200)
        return [(one["status"], (one["mark"] or {}).get("reason")) for one in found["sessions"]]

    await visitor.visit("/plan")
    page = visitor.page
    await page.get_by_role("button", name="Previous week").click()
    first, second = page.get_by_test_id("session").nth(0), page.get_by_test_id("session").nth(1)
    for session in (first, second):
        await session.get_by_role("button", name="Show ", exact=False).first.click()
    async with page.expect_response(lambda answer: answer.url.endswith("/mark")):
        await first.get_by_role("button", name="I did it").click()
    await expect(first).to_contain_text("Nothing was measured")
    await expect(first).to_contain_text("How hard was it?")
    assert (await became())[:2] == [("done", None), ("missed", None)]
    assert await visitor.axe() == []

    async with page.expect_response(lambda answer: answer.url.endswith("/mark")):
        await second.get_by_role("button", name="Skip it").click()
    await expect(second).to_contain_text("Skipped")
    async with page.expect_response(lambda answer: answer.url.endswith("/mark")):
        await second.get_by_role("radio", name="Weather").click()
    assert (await became())[:2] == [("done", None), ("skipped", "weather")]

    async with page.expect_response(lambda answer: answer.url.endswith("/mark")):
        await first.get_by_role("button", name="Undo").click()
    await expect(first.get_by_text("Not done", exact=True)).to_be_visible()
    assert (await became())[:2] == [("missed", None), ("skipped", "weather")]


async def test_arrow_keys_open_the_days_before_a_session_moves(newcomer: Visitor) -> None:
    page = newcomer.page
    plan, _ = await order_running_plan(newcomer)
    await newcomer.visit("/plan")
    days = page.get_by_test_id("session").first.get_by_label("Move to")
    await days.focus()
    await page.keyboard.press("ArrowDown")
    await expect(days).to_have_value("")
    await expect(days).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert (await newcomer.call("GET", "/plans/current", expect=200))["id"] == plan["id"]


async def test_the_page_for_sharing_leads_to_what_can_be_shared(newcomer: Visitor) -> None:
    await newcomer.visit("/community/share")
    await expect(newcomer.page.get_by_text("Nothing to share")).to_be_visible()
    await newcomer.page.get_by_role("link", name="All activities").click()
    await expect(newcomer.heading("No activities yet")).to_be_visible()
