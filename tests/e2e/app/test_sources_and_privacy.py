"""Recordings of one workout and the privacy screen, as a person meets them."""

from __future__ import annotations

import zipfile

from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_accessibility import objections
from tests.support.app_site import PASSWORD, sign_up, upload
from tests.support.browser import Visitor
from tests.support.two_devices import TwoDevices

RIDE = TwoDevices(seconds=900)


async def test_a_recording_is_chosen_separated_and_joined_again(newcomer: Visitor) -> None:
    await upload(newcomer, "/activities/uploads", "computer.fit", RIDE.computer_file())
    job = await upload(newcomer, "/activities/uploads", "watch.fit", RIDE.watch_file())
    (activity_id,) = job["result"]["files"][0]["activity_ids"]
    page = newcomer.page
    await newcomer.visit(f"/activities/{activity_id}")
    await expect(page.get_by_text("Gives Heart rate, Heartbeats")).to_be_visible()
    assert await newcomer.axe() == []
    await page.get_by_label("Distance and speed from").select_option(label="pulse Watch")
    await expect(page.get_by_text("Gives Distance and speed, Heart rate, Heartbeats")).to_be_visible()

    await page.get_by_role("button", name="Not this workout: pulse Watch").click()
    await page.get_by_role("dialog").get_by_role("button", name="Separate").click()
    await expect(page.get_by_role("button", name="Not this workout: pulse Watch")).to_have_count(0)
    await newcomer.visit("/activities")
    await page.get_by_role("button", name="Same workout as").click()
    await page.get_by_role("dialog").get_by_role("button", name="Join").click()
    await expect(page.get_by_role("button", name="Same workout as")).to_have_count(0)
    assert await newcomer.axe() == []


async def test_sources_are_put_in_order_with_the_keyboard_and_it_is_undone(window: OpenWindow) -> None:
    visitor = await window(viewport="phone")
    await sign_up(visitor, "Olga")
    await upload(visitor, "/activities/uploads", "computer.fit", RIDE.computer_file())
    await upload(visitor, "/activities/uploads", "watch.fit", RIDE.watch_file())
    page = visitor.page
    await visitor.visit("/devices")
    await page.get_by_role("link", name="Which source counts").click()
    ranking = page.get_by_role("list", name="Distance and speed: the first counts")
    await expect(ranking.get_by_role("listitem").first).to_contain_text("acme Edge")
    await page.get_by_role("button", name="Move pulse Watch up for Distance and speed").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("pulse Watch is now number 1. Not saved yet.")).to_be_visible()
    assert await objections(visitor) == []
    await page.get_by_role("button", name="Save the order for Distance and speed").press("Enter")
    await expect(page.get_by_role("button", name="Undo the new order for Distance and speed")).to_be_visible()
    known = await visitor.call("GET", "/activities/source-preferences", expect=200)
    assert known["preferences"] == {"distance": ["pulse Watch", "acme Edge"]}

    await page.get_by_role("button", name="Undo the new order for Distance and speed").press("Enter")
    await expect(ranking.get_by_role("listitem").first).to_contain_text("acme Edge")
    known = await visitor.call("GET", "/activities/source-preferences", expect=200)
    assert known["preferences"] == {}


async def test_an_account_is_taken_along_and_its_deletion_taken_back(window: OpenWindow) -> None:
    visitor = await window()
    await sign_up(visitor, "Wanda")
    address = str((await visitor.call("GET", "/athletes/me", expect=200))["email"])
    page = visitor.page
    await visitor.visit("/profile")
    await page.get_by_role("link", name="Privacy and your data").click()
    await page.get_by_role("button", name="Make an archive").click()
    button = page.get_by_role("button", name="Download (")
    await expect(button).to_be_visible()
    assert await visitor.axe() == []
    async with page.expect_download() as started:
        await button.click()
    with zipfile.ZipFile(await (await started.value).path()) as archive:
        assert "manifest.json" in archive.namelist()

    await page.get_by_role("button", name="Delete my account").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Your e-mail address, to confirm").fill(address)
    await dialog.get_by_label("Password").fill(PASSWORD)
    assert await visitor.axe() == []
    await dialog.get_by_role("button", name="Delete my account").click()
    await expect(page.get_by_text("The account will be deleted on")).to_be_visible()
    await page.get_by_role("button", name="Keep my account").click()
    await expect(page.get_by_role("button", name="Delete my account")).to_be_visible()
