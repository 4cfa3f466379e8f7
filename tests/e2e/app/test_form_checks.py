"""From a video to a verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect
from tests.support.app_site import empty_room_video
from tests.support.browser import Visitor

PUSH_UPS = "video/push_up/yt_60s_counter_man__03.mp4"
"""Six push-ups, counted by eye."""


async def test_a_video_without_anybody_gets_no_verdict(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/form-checks")
    await newcomer.drop("room.mp4", empty_room_video())
    link = page.get_by_role("link", name="See the form check")
    await expect(link).to_be_visible(timeout=120_000)
    await link.click()
    verdict = page.get_by_test_id("verdict")
    await expect(verdict).to_contain_text("Not sure")
    await expect(verdict.get_by_text("0", exact=True)).to_be_visible()
    await expect(page.get_by_text("I could not see anybody")).to_be_visible()
    await expect(newcomer.heading("How to film")).to_be_visible()


async def test_what_is_no_video_is_refused_with_the_reason(newcomer: Visitor) -> None:
    await newcomer.visit("/form-checks")
    await newcomer.drop("notes.mp4", b"These are notes, not a video. " * 40)
    problem = newcomer.page.get_by_test_id("jobs").get_by_role("alert")
    await expect(problem).to_be_visible(timeout=60_000)


@pytest.mark.shared_data
async def test_push_ups_are_counted_and_judged(newcomer: Visitor, shared_data: Path) -> None:
    page = newcomer.page
    await newcomer.visit("/")
    await newcomer.drop("push-ups.mp4", (shared_data / PUSH_UPS).read_bytes())
    await expect(page.get_by_role("progressbar", name="Progress of push-ups.mp4")).to_be_visible()
    link = page.get_by_role("link", name="See the form check")
    await expect(link).to_be_visible(timeout=180_000)
    await link.click()
    await expect(newcomer.heading("Push-ups")).to_be_visible()
    checks = (await newcomer.call("GET", "/form-checks", expect=200))["items"]
    assert checks[0]["rep_count"] == 6
    reps = page.get_by_role("list").filter(has=page.get_by_role("button")).get_by_role("button")
    await expect(page.get_by_test_id("verdict").get_by_text("6", exact=True)).to_be_visible()

    video = page.locator("video")
    await expect(video).to_be_visible()
    await newcomer.until("document.querySelector('video').readyState >= 2")
    await reps.nth(3).click()
    await newcomer.until("document.querySelector('video').currentTime > 2")
    await expect(reps.nth(3)).to_have_attribute("aria-current", "true")

    timeline = page.get_by_role("slider", name="Position in the recording")
    await timeline.focus()
    await timeline.press("Home")
    await newcomer.until("document.querySelector('video').currentTime < 0.05")
    await timeline.press("ArrowRight")
    await expect(timeline).to_have_attribute("aria-valuenow", "0.1")
    await expect(page.get_by_role("table", name="In numbers").get_by_role("row")).to_have_count(
        1 + len((await newcomer.call("GET", f"/form-checks/{checks[0]['id']}", expect=200))["analysis"]["reps"])
    )
    comparison = page.get_by_test_id("comparison")
    await comparison.get_by_role("button", name="Show as a table").click()
    await expect(comparison.get_by_role("row", name="Elbow")).to_be_visible()
    assert await newcomer.axe() == []
    await its_picture_is_shown_on_a_post(newcomer, checks[0]["id"])
    await newcomer.visit(f"/form-checks/{checks[0]['id']}")
    await the_count_is_disputed_with_consent(newcomer, checks[0]["id"])
    await a_repetition_is_labelled(newcomer, checks[0]["id"])

    await newcomer.visit(f"/form-checks/{checks[0]['id']}")
    await page.get_by_role("button", name="Delete form check").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete form check").click()
    await expect(newcomer.heading("No form check yet")).to_be_visible()


async def its_picture_is_shown_on_a_post(newcomer: Visitor, check_id: str) -> None:
    """The picture out of the video is off, seen before it is shared, and then on the post."""
    page, is_drawn = newcomer.page, "[...document.images].some((one) => one.naturalWidth > 300)"
    profile = {"handle": "pushing", "name": "Pat", "is_findable": False}
    await newcomer.call("PUT", "/community/me", profile, expect=200)
    await newcomer.visit(f"/community/share?form_check={check_id}")
    picture = page.get_by_role("checkbox", name="Picture out of the video")
    await expect(picture).not_to_be_checked()
    await expect(page.get_by_role("img", name="The picture that is shown")).to_be_visible()
    await newcomer.until(is_drawn)
    await picture.click()
    assert await newcomer.axe() == []
    await page.get_by_role("button", name="Share", exact=True).click()
    await expect(page.get_by_role("img", name="Picture out of Pat's video")).to_be_visible()
    await newcomer.until(is_drawn)
    assert await newcomer.axe() == []


async def the_count_is_disputed_with_consent(newcomer: Visitor, check_id: str) -> None:
    """Consent is off, is given for the count that is disputed, and withdrawn again."""
    card = newcomer.page.get_by_test_id("dispute")
    await expect(card).to_contain_text("nothing of it is used for training")
    await card.get_by_label("Counted: 6. It was:").fill("7")
    await card.get_by_role("button", name="The count is wrong").click()
    await expect(card).to_contain_text("You said it was 7.")
    agree = newcomer.page.get_by_test_id("consent").get_by_role("checkbox", name="Body points of my form checks")
    await expect(agree).not_to_be_checked()
    await agree.click()
    await expect(agree).to_be_checked()
    said = await newcomer.call("GET", f"/form-checks/{check_id}/disputes", expect=200)
    assert (said["items"][0]["rep_count"], said["used_for_training"]) == (7, True)
    await agree.click()
    await expect(agree).not_to_be_checked()


async def a_repetition_is_labelled(newcomer: Visitor, check_id: str) -> None:
    """Start, turn and end by keyboard, a fault, saved."""
    page = newcomer.page
    await newcomer.visit(f"/form-checks/{check_id}/label")
    slider = page.get_by_role("slider", name="Position in the recording")
    await slider.focus()
    for moves, key in ((1, "s"), (9, "t"), (9, "e")):
        for _ in range(moves):
            await slider.press("ArrowRight")
        await slider.press(key)
    marked = page.get_by_test_id("marked-reps")
    await marked.get_by_role("button", name="Faults of Repetition 1").click()
    await marked.get_by_role("checkbox", name="Hips sag").click()
    assert await newcomer.axe() == []
    await page.get_by_role("button", name="Save the labels").click()
    await expect(page.get_by_text("Labels saved")).to_be_visible()
    labels = (await newcomer.call("GET", f"/form-checks/{check_id}/labels", expect=200))["labels"]
    assert [rep["faults"] for rep in labels["reps"]] == [["hips_sag"]]
