"""Whole tasks without a mouse: every control is reached with Tab, shows that it is, and is used with keys."""

from __future__ import annotations

import re
from datetime import date, datetime

from playwright.async_api import FilePayload, Locator, expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_community import join
from tests.e2e.app.test_plans import SATURDAY
from tests.support.app_site import PASSWORD, Site, give_role, sign_up
from tests.support.browser import Visitor
from tests.support.fit_writer import RUNNING
from tests.support.live_sets import live_set
from tests.support.training_log import Outing

RUN = Outing(date(2026, 3, 4), RUNNING, 20)
MOST_TABS = 120
IS_REACHED = "(one) => one === document.activeElement && one.matches(':focus-visible')"


async def reach(visitor: Visitor, target: Locator) -> None:
    """Press Tab until the focus is there and is seen."""
    await expect(target).to_be_visible()
    await expect(target).to_be_enabled()
    for _ in range(MOST_TABS):
        if await target.evaluate(IS_REACHED):
            return
        await visitor.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


async def press(visitor: Visitor, target: Locator, key: str = "Enter") -> None:
    """Reach a control and press a key on it."""
    await reach(visitor, target)
    await visitor.page.keyboard.press(key)


async def press_button(visitor: Visitor, name: str, *, within: Locator | None = None) -> None:
    """Reach the button of that name and press Enter on it."""
    await press(visitor, (within or visitor.page.get_by_role("main")).get_by_role("button", name=name, exact=True))


async def write(visitor: Visitor, field: Locator, text: str) -> None:
    """Reach a field and type; in a list of choices that chooses the one that begins so."""
    await reach(visitor, field)
    await visitor.page.keyboard.type(text)


async def test_training_is_brought_in_edited_taken_along_and_deleted(newcomer: Visitor) -> None:
    page = newcomer.page
    address = str((await newcomer.call("GET", "/athletes/me", expect=200))["email"])
    await newcomer.visit("/activities")
    await page.wait_for_load_state("networkidle")
    await reach(newcomer, page.get_by_role("button", name="Choose files"))
    async with page.expect_file_chooser() as asked:
        await page.keyboard.press("Enter")
    chosen: FilePayload = {"name": RUN.file_name, "mimeType": "application/octet-stream", "buffer": RUN.to_fit()}
    await (await asked.value).set_files(chosen)
    await press(newcomer, page.get_by_role("list", name="Activities").get_by_role("link"))
    await press_button(newcomer, "Edit")
    dialog = page.get_by_role("dialog")
    await write(newcomer, dialog.get_by_label("Title"), "Without a mouse")
    await press_button(newcomer, "Save", within=dialog)
    await expect(newcomer.heading("Without a mouse")).to_be_visible()

    await newcomer.visit("/privacy")
    await press_button(newcomer, "Make an archive")
    await reach(newcomer, page.get_by_role("button", name="Download ("))
    async with page.expect_download():
        await page.keyboard.press("Enter")
    await press_button(newcomer, "Delete my account")
    await write(newcomer, dialog.get_by_label("Your e-mail address, to confirm"), address)
    await write(newcomer, dialog.get_by_label("Password"), PASSWORD)
    await press_button(newcomer, "Delete my account", within=dialog)
    await press_button(newcomer, "Keep my account")
    await expect(page.get_by_role("button", name="Delete my account")).to_be_visible()


async def test_a_plan_is_ordered_and_a_change_of_it_accepted(newcomer: Visitor, window: OpenWindow) -> None:
    page = newcomer.page
    await newcomer.visit("/people")
    await press_button(newcomer, "Invite")
    code = await page.get_by_test_id("coach-code").inner_text()
    coach = await window()
    await sign_up(coach, "Odile")
    athlete = await coach.call("POST", "/coaching/athletes", {"code": code}, expect=201)

    await newcomer.visit("/plan/new")
    await write(newcomer, page.get_by_label("What for?"), "Gen")
    await expect(page.get_by_label("What for?")).to_have_value("general_fitness")
    await press_button(newcomer, "Make the plan")
    await expect(page.get_by_test_id("session").first).to_be_visible(timeout=90_000)
    plan = await newcomer.call("GET", "/plans/current", expect=200)
    wish = {"plan_id": plan["id"], "change": {"type": "drop_day", "weekday": "sat"}, "why": "Your club meets then."}
    await coach.call("POST", f"/coaching/athletes/{athlete['athlete_id']}/plans/proposals", wish, expect=201)
    await press_button(newcomer, "Accept", within=page.get_by_test_id("proposal"))
    await expect(page.get_by_text("The plan was changed.")).to_be_visible()
    changed = await newcomer.call("GET", "/plans/current", expect=200)
    trained = {datetime.fromisoformat(day["date"]).weekday() for day in changed["document"]["days"] if day["sessions"]}
    assert SATURDAY not in trained


async def test_a_session_is_begun_and_ended_and_a_count_disputed(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/live/workout")
    await press_button(newcomer, "Free run")
    await press_button(newcomer, "Pause")
    await press_button(newcomer, "End session")
    await expect(page.get_by_role("button", name="Back", exact=True)).to_be_visible()

    done = await newcomer.call("POST", "/form-checks/live", live_set(3), expect=201)
    await newcomer.visit(f"/form-checks/{done['id']}")
    card = page.get_by_test_id("dispute")
    await write(newcomer, card.get_by_label("Counted: 3. It was:"), "4")
    await press_button(newcomer, "The count is wrong", within=card)
    await expect(card).to_contain_text("You said it was 4.")


async def test_a_post_is_cheered_answered_and_reported_and_a_challenge_made(window: OpenWindow) -> None:
    karl, pia = await join(window, "Karl"), await join(window, "Pia")
    done = await pia.call("POST", "/form-checks/live", live_set(3), expect=201)
    post = {"form_check_id": done["id"], "audience": "public", "text": "Three before breakfast"}
    shared = await pia.call("POST", "/community/posts", post, expect=201)
    page = karl.page
    await karl.visit(f"/community/posts/{shared['id']}")
    await press(karl, page.get_by_role("button", name="Give Pia kudos"))
    await write(karl, page.get_by_label("Your comment"), "And four for lunch")
    await press_button(karl, "Comment")
    await expect(page.get_by_role("list", name="Comments")).to_contain_text("And four for lunch")
    await press_button(karl, "Report")
    dialog = page.get_by_role("dialog")
    await write(karl, dialog.get_by_label("Reason"), "Some")
    await press_button(karl, "Report", within=dialog)
    await expect(page.get_by_text("Thank you. The moderators will look at it.")).to_be_visible()

    await karl.visit("/community/challenges/new")
    await write(karl, page.get_by_label("Title", exact=True), "Lunch push-ups")
    await press_button(karl, "Make challenge")
    await expect(karl.heading("Lunch push-ups")).to_be_visible()


async def test_somebody_is_invited_to_the_server(window: OpenWindow, installation: Site) -> None:
    root = await window()
    await sign_up(root, "Rita")
    await give_role(installation, root, "admin")
    await root.visit("/admin")
    await press(root, root.page.get_by_role("link", name=re.compile("^People Who has")))
    await press_button(root, "Make an invitation")
    await expect(root.page.get_by_test_id("invitation-link")).to_contain_text("/sign-up?invitation=")
