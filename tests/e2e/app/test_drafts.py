"""What is typed and not saved is there again after the tab, and gone when it is saved, cancelled or thrown away."""

from __future__ import annotations

import asyncio
from datetime import date

from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_community import join
from tests.support.app_site import sign_up, upload
from tests.support.browser import Visitor
from tests.support.fit_writer import RUNNING
from tests.support.training_log import Outing

RUN = Outing(date(2026, 3, 4), RUNNING, 20)
WAITS = "Something that you typed here is not saved yet."


async def kill(visitor: Visitor) -> None:
    """End the page's process without a word to the page, and open another one."""
    dying = visitor.page
    visitor.page = await visitor.context.new_page()
    visitor.watch()
    session = await visitor.context.new_cdp_session(dying)
    async with dying.expect_event("crash"):
        crash = asyncio.ensure_future(session.send("Page.crash"))
    crash.cancel()
    await dying.close()


async def test_what_is_typed_and_not_saved_outlives_the_tab_and_goes_with_cancel_or_save(window: OpenWindow) -> None:
    visitor = await window()
    await sign_up(visitor, "Tilda")
    job = await upload(visitor, "/activities/uploads", RUN.file_name, RUN.to_fit())
    (activity_id,) = job["result"]["files"][0]["activity_ids"]
    await visitor.visit(f"/activities/{activity_id}")
    await visitor.page.get_by_role("button", name="Edit").click()
    await visitor.page.get_by_role("textbox", name="Notes").fill("Half a thought")
    await kill(visitor)

    await visitor.visit(f"/activities/{activity_id}")
    page, notes = visitor.page, visitor.page.get_by_role("textbox", name="Notes")
    await page.get_by_role("button", name="Edit").click()
    await expect(notes).to_have_value("Half a thought")
    await expect(page.get_by_text("Not saved yet:")).to_be_visible()
    assert await visitor.axe() == []
    await page.get_by_role("button", name="Cancel").click()
    await page.get_by_role("button", name="Edit").click()
    await expect(notes).to_have_value("")
    await expect(page.get_by_text("Not saved yet")).to_have_count(0)

    await notes.fill("A whole thought")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.reload()
    await page.get_by_role("button", name="Edit").click()
    await expect(notes).to_have_value("A whole thought")
    await expect(page.get_by_text("Not saved yet")).to_have_count(0)


async def test_a_test_half_typed_is_pointed_out_beside_its_button(newcomer: Visitor) -> None:
    button = "I did a test: Threshold power (FTP)"
    await newcomer.visit("/thresholds")
    await newcomer.page.get_by_role("button", name=button).click()
    await newcomer.page.get_by_role("dialog").get_by_label("Which test").select_option("power_efforts")
    await newcomer.page.get_by_label("2. Mean power").fill("311")
    await kill(newcomer)

    await newcomer.visit("/thresholds")
    page = newcomer.page
    await expect(page.get_by_text(WAITS)).to_have_count(1)
    assert await newcomer.axe() == []
    await page.get_by_role("button", name=button).click()
    await expect(page.get_by_label("2. Mean power")).to_have_value("311")
    await expect(page.get_by_label("1. Mean power")).to_have_value("")
    await expect(page.get_by_text("Not saved yet:")).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_text(WAITS)).to_have_count(0)


async def test_a_pain_half_reported_and_a_body_half_described_are_there_again(newcomer: Visitor) -> None:
    await newcomer.visit("/")
    await newcomer.page.get_by_role("button", name="Report pain").click()
    await newcomer.page.get_by_label("Place").fill("left shin")
    await newcomer.page.get_by_role("checkbox", name="It changes how I move").click()
    await newcomer.visit("/profile")
    await newcomer.page.get_by_label("Body mass").fill("71.5")
    await newcomer.page.get_by_role("radio", name="Female").click()
    await kill(newcomer)

    await newcomer.visit("/profile")
    page = newcomer.page
    await expect(page.get_by_label("Body mass")).to_have_value("71.5")
    await expect(page.get_by_role("radio", name="Female")).to_be_checked()
    await page.get_by_role("button", name="Discard it").click()
    await expect(page.get_by_label("Body mass")).to_have_value("")
    await newcomer.visit("/")
    await expect(page.get_by_text(WAITS)).to_be_visible()
    await page.get_by_role("button", name="Report pain").click()
    await expect(page.get_by_label("Place")).to_have_value("left shin")
    await expect(page.get_by_role("checkbox", name="It changes how I move")).to_be_checked()
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(page.get_by_role("list", name="What you reported")).to_contain_text("left shin")
    await expect(page.get_by_text(WAITS)).to_have_count(0)


async def test_a_plan_half_ordered_is_there_again(newcomer: Visitor) -> None:
    await newcomer.visit("/plan/new")
    await newcomer.page.get_by_label("What for?").select_option("general_fitness")
    await newcomer.page.get_by_label("Hours a week").fill("4.5")
    await newcomer.page.get_by_label("Saturday").select_option("90")
    await kill(newcomer)

    await newcomer.visit("/plan/new")
    page = newcomer.page
    await expect(page.get_by_label("Hours a week")).to_have_value("4.5")
    await expect(page.get_by_label("Saturday")).to_have_value("90")
    assert await newcomer.axe() == []
    await page.get_by_role("button", name="Discard it").click()
    await expect(page.get_by_label("Hours a week")).to_have_count(0)
    await expect(page.get_by_label("Saturday")).to_have_value("60")


async def test_words_half_written_for_others_are_there_again_and_a_comment_goes_only_after_a_question(
    window: OpenWindow,
) -> None:
    visitor = await join(window, "Rosa")
    job = await upload(visitor, "/activities/uploads", RUN.file_name, RUN.to_fit())
    (activity_id,) = job["result"]["files"][0]["activity_ids"]
    share = f"/community/share?activity={activity_id}"
    await visitor.visit(share)
    await visitor.page.get_by_label("Words with it").fill("Along the river")
    await kill(visitor)
    await visitor.visit(share)
    await expect(visitor.page.get_by_label("Words with it")).to_have_value("Along the river")
    await visitor.page.get_by_role("button", name="Share", exact=True).click()
    await expect(visitor.heading("Post")).to_be_visible()
    post = visitor.page.url.removeprefix(visitor.url)
    await visitor.page.get_by_label("Your comment").fill("Never again")
    await kill(visitor)

    await visitor.visit(post)
    page = visitor.page
    await expect(page.get_by_label("Your comment")).to_have_value("Never again")
    await page.get_by_role("button", name="Comment", exact=True).click()
    comments = page.get_by_role("list", name="Comments")
    await expect(comments).to_contain_text("Never again")
    await expect(page.get_by_label("Your comment")).to_have_value("")
    await page.get_by_role("button", name="Delete the comment of Rosa").click()
    dialog = page.get_by_role("dialog", name="Delete the comment")
    await expect(dialog).to_contain_text("Never again")
    assert await visitor.axe() == []
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(comments).to_contain_text("Never again")
    await page.get_by_role("button", name="Delete the comment of Rosa").click()
    await dialog.get_by_role("button", name="Delete the comment").click()
    await expect(page.get_by_text("Never again")).to_have_count(0)
    await visitor.visit(share)
    await expect(page.get_by_label("Words with it")).to_have_value("")


async def test_a_handle_is_written_in_small_letters_and_what_cannot_be_one_is_said_while_typing(
    newcomer: Visitor,
) -> None:
    await newcomer.visit("/community")
    page, handle = newcomer.page, newcomer.page.get_by_label("Handle", exact=True)
    await handle.fill("Río Run")
    await expect(page.get_by_role("alert")).to_contain_text("letters a to z")
    await expect(page.get_by_role("button", name="Join", exact=True)).to_be_disabled()
    await handle.fill("Nora_Runs")
    await expect(page.get_by_text("Handles are written in small letters: nora_runs")).to_be_visible()
    assert await newcomer.axe() == []
    await page.get_by_role("button", name="Join", exact=True).click()
    await expect(newcomer.heading("Nothing here yet")).to_be_visible()
    assert (await newcomer.call("GET", "/community/me", expect=200))["profile"]["handle"] == "nora_runs"
