"""From a watch file to its numbers."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.async_api import FilePayload, expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import sign_up, upload
from tests.support.browser import Visitor
from tests.support.fit_writer import CYCLING, RUNNING
from tests.support.training_log import Outing

RIDE = Outing(date(2026, 3, 3), CYCLING, 40, hard=True)
RUN = Outing(date(2026, 3, 4), RUNNING, 30)


async def figure(visitor: Visitor, name: str) -> str:
    """Return the number under a label of the summary."""
    label = visitor.page.get_by_role("main").get_by_text(name, exact=True).first
    return (await label.locator("xpath=../..").inner_text()).split("\n")[1]


async def test_a_dropped_file_becomes_an_activity(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.call("PATCH", "/athletes/me", {"ftp_w": 235}, expect=200)
    await newcomer.visit("/")
    await newcomer.drop(RIDE.file_name, RIDE.to_fit())
    await expect(page.get_by_test_id("jobs")).to_contain_text("Imported", timeout=60_000)
    await page.get_by_role("link", name="Open the activity").click()

    # Recorded at 17:12 UTC in a file that says UTC+1: an evening ride at 18:12, wherever the reader is.
    await expect(newcomer.heading("Evening Ride")).to_be_visible()
    await expect(page.get_by_text("Tue, 3 Mar 2026, 18:12")).to_be_visible()
    stored = (await newcomer.call("GET", "/activities", expect=200))["items"][0]
    assert await figure(newcomer, "Distance") == f"{stored['distance_m'] / 1000:.2f}"
    assert await figure(newcomer, "Avg heart rate") == f"{stored['hr_mean_bpm']:.0f}"
    assert await figure(newcomer, "Load") == f"{stored['load_au']:.0f}"
    for chart in ("Power", "Heart rate", "Speed", "Altitude"):
        await expect(page.get_by_text(chart, exact=True).first).to_be_visible()
    await expect(page.get_by_role("img", name="Route of")).to_be_visible()
    await expect(page.get_by_role("table", name="Best power")).to_be_visible()


async def test_the_same_file_again_is_known(newcomer: Visitor) -> None:
    await upload(newcomer, "/activities/uploads", RIDE.file_name, RIDE.to_fit())
    await newcomer.visit("/activities")
    await newcomer.page.get_by_role("button", name="Add").click()
    await newcomer.drop("copy.fit", RIDE.to_fit())
    await expect(newcomer.page.get_by_text("Already there", exact=True)).to_be_visible(timeout=60_000)
    for said in ("2 files", "1 Imported", "1 Already there"):
        await expect(newcomer.page.get_by_test_id("jobs").get_by_text(said, exact=True)).to_be_visible()
    assert len((await newcomer.call("GET", "/activities", expect=200))["items"]) == 1


@pytest.mark.parametrize(("name", "content"), [("letter.fit", b"Dear reader, this is a letter."), ("empty.fit", b"")])
async def test_a_file_that_is_no_activity_is_refused_with_the_reason(
    newcomer: Visitor, name: str, content: bytes
) -> None:
    await newcomer.visit("/activities")
    await newcomer.drop(name, content)
    problem = newcomer.page.get_by_test_id("jobs").get_by_role("alert")
    await expect(problem).to_be_visible(timeout=60_000)
    assert len((await problem.inner_text()).split()) > 3
    await newcomer.page.get_by_role("button", name=f"Dismiss {name}").click()
    await expect(newcomer.page.get_by_test_id("jobs")).to_have_count(0)


async def test_many_files_at_once_are_all_told_and_the_refused_one_first(newcomer: Visitor) -> None:
    page = newcomer.page
    short = Outing(date(2026, 3, 5), RUNNING, 2).to_fit()
    contents = {"letter.fit": b"Dear reader, this is a letter."} | {f"copy-{n}.fit": short for n in range(24)}
    await newcomer.visit("/activities")
    await page.wait_for_load_state("networkidle")
    async with page.expect_file_chooser() as asked:
        await page.get_by_role("button", name="Choose files").click()
    files: list[FilePayload] = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in contents.items()
    ]
    await (await asked.value).set_files(files)
    jobs = page.get_by_test_id("jobs")
    for said in ("25 files", "23 Already there", "1 Rejected"):
        await expect(jobs.get_by_text(said, exact=True)).to_be_visible()
    await expect(jobs.get_by_role("alert")).to_be_visible()
    await jobs.get_by_role("button", name="Show all 25").click()
    for name in contents:
        await expect(jobs.get_by_text(name, exact=True)).to_be_visible()


async def test_one_cursor_runs_through_all_charts(anna_at: OpenWindow, anna: Visitor) -> None:
    rides = await anna.call("GET", "/activities?sport=cycling&limit=1", expect=200)
    visitor = await anna_at()
    page = visitor.page
    await visitor.visit(f"/activities/{rides['items'][0]['id']}")
    cursor = page.get_by_role("slider", name="Position in the activity")
    await cursor.focus()
    await page.keyboard.press("End")
    words = await cursor.get_attribute("aria-valuetext")
    assert words is not None
    assert all(part in words for part in ("Power", "Heart rate", "Speed", "Altitude"))
    at_end = await cursor.get_attribute("aria-valuenow")
    await page.keyboard.press("PageDown")
    assert await cursor.get_attribute("aria-valuenow") != at_end
    box = await cursor.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    halfway = int(await cursor.get_attribute("aria-valuenow") or 0) / int(at_end or 1)
    assert halfway == pytest.approx(0.5, abs=0.02)
    await page.get_by_role("radio", name="Distance").click()
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    await expect(page.get_by_text(re.compile(r"^At [\d.]+ km$"))).to_be_visible()


async def test_units_are_those_of_the_person(window: OpenWindow) -> None:
    visitor = await window(locale="en-US")
    await sign_up(visitor, "Uma", units="imperial")
    job = await upload(visitor, "/activities/uploads", RUN.file_name, RUN.to_fit())
    (activity_id,) = job["result"]["files"][0]["activity_ids"]
    stored = await visitor.call("GET", f"/activities/{activity_id}", expect=200)
    await visitor.visit(f"/activities/{activity_id}")
    assert await figure(visitor, "Distance") == f"{stored['distance_m'] / 1609.344:.2f}"
    await expect(visitor.page.get_by_text("/mi").first).to_be_visible()


async def test_searching_filtering_and_paging(anna_at: OpenWindow, anna: Visitor) -> None:
    visitor = await anna_at()
    page = visitor.page
    await visitor.visit("/activities")
    rows = page.get_by_role("list", name="Activities").get_by_role("link")
    stored = (await anna.call("GET", "/activities?limit=100", expect=200))["items"]
    assert len(stored) > 30  # the first page goes on by itself
    await expect(rows).not_to_have_count(0)
    await rows.last.scroll_into_view_if_needed()
    await expect(rows).to_have_count(len(stored), timeout=30_000)
    await page.get_by_label("Sport").select_option("cycling")
    await expect(rows).to_have_count(sum(item["sport"] == "cycling" for item in stored))
    await expect(rows.filter(has_text="Run")).to_have_count(0)
    await page.get_by_label("Search titles and notes").fill("nothing of this name")
    await expect(visitor.heading("Nothing found")).to_be_visible()


async def test_editing_and_deleting(newcomer: Visitor) -> None:
    page = newcomer.page
    job = await upload(newcomer, "/activities/uploads", RUN.file_name, RUN.to_fit())
    (activity_id,) = job["result"]["files"][0]["activity_ids"]
    await newcomer.visit(f"/activities/{activity_id}")
    await page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog", name="Edit activity")
    await dialog.get_by_label("Title").fill("Along the sea")
    await dialog.get_by_label("How hard was it?").select_option("4")
    await dialog.get_by_label("Notes").fill("Wind from the side.")
    await dialog.get_by_role("button", name="Save").click()
    await expect(newcomer.heading("Along the sea")).to_be_visible()
    await expect(page.get_by_text("Wind from the side.").first).to_be_visible()
    stored = await newcomer.call("GET", f"/activities/{activity_id}", expect=200)
    assert (stored["title"], stored["rpe_cr10"]) == ("Along the sea", 4)

    await page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete this activity?")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await page.get_by_role("button", name="Delete").click()
    await dialog.get_by_role("button", name="Delete").click()
    await expect(newcomer.heading("No activities yet")).to_be_visible()
    await newcomer.call("GET", f"/activities/{activity_id}", expect=404)


async def test_the_original_comes_back_byte_for_byte(newcomer: Visitor) -> None:
    content = RUN.to_fit()
    job = await upload(newcomer, "/activities/uploads", RUN.file_name, content)
    (activity_id,) = job["result"]["files"][0]["activity_ids"]
    await newcomer.visit(f"/activities/{activity_id}")
    await newcomer.page.get_by_role("button", name="Download").click()
    dialog = newcomer.page.get_by_role("dialog")
    assert await newcomer.axe() == []
    async with newcomer.page.expect_download() as started:
        await dialog.get_by_role("button", name=RUN.file_name).click()
    saved = await (await started.value).path()
    assert saved.read_bytes() == content


async def test_an_activity_that_does_not_exist(newcomer: Visitor) -> None:
    await newcomer.visit("/activities/01a20174-b022-7778-93dd-4b69d3d905b5")
    await expect(newcomer.heading("This activity does not exist")).to_be_visible()


@pytest.mark.screens("/activities/compare")
async def test_two_activities_are_compared(anna_at: OpenWindow, anna: Visitor) -> None:
    visitor = await anna_at()
    page = visitor.page
    first, second = (await anna.call("GET", "/activities?sport=running&limit=2", expect=200))["items"]
    await visitor.visit(f"/activities/{first['id']}")
    await page.get_by_role("link", name="Compare with another").click()
    choice = page.get_by_role("list", name="Choose the second activity")
    await expect(choice.get_by_role("link").first).to_be_visible()
    assert await visitor.axe() == []
    await choice.locator(f"a[href*='{second['id']}']").click()
    figures = page.get_by_role("table", name="Figures")
    row = figures.get_by_role("row").filter(has_text="Avg heart rate")
    difference = round(second["hr_mean_bpm"] - first["hr_mean_bpm"])
    await expect(row).to_contain_text(f"{abs(difference)} bpm")
    await expect(page.get_by_role("img", name="Heart rate of")).to_be_visible()
    await page.get_by_role("radio", name="Distance").click()
    assert await visitor.axe() == []
    await page.get_by_role("button", name="As a table").click()
    numbers = page.get_by_role("table", name="Heart rate")
    await expect(numbers.get_by_role("row")).to_have_count(12)
    await expect(numbers).to_contain_text("km")
    assert await visitor.axe() == []
