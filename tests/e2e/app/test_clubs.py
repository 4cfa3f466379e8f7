"""A club in two browsers: one asks to join, the other says yes, and both see what is shared with it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_community import RUN, join
from tests.support.app_site import upload


@pytest.mark.screens("/community/clubs", "/community/clubs/new", "/community/clubs/[id]", "/community/clubs/[id]/edit")
async def test_a_club_is_made_joined_and_shared_with(window: OpenWindow) -> None:
    lena, emil = await join(window, "Lena"), await join(window, "Emil", viewport="phone", scheme="dark")
    await lena.visit("/community/clubs")
    await expect(lena.heading("You are in no club")).to_be_visible()
    assert await lena.axe() == []
    await lena.page.get_by_role("link", name="New club").click()
    await lena.page.get_by_label("Name", exact=True).fill("Lake runners")
    await lena.page.get_by_label("Description").fill("Any pace, all weathers.")
    await lena.page.get_by_role("checkbox", name="Run", exact=True).click()
    await lena.page.get_by_role("checkbox", name="Others on this server can find it").click()
    assert await lena.axe() == []
    await lena.page.get_by_role("button", name="Make club").click()
    await expect(lena.heading("Lake runners")).to_be_visible()

    await emil.visit("/community/clubs")
    await emil.page.get_by_role("radio", name="To find").click()
    await emil.page.get_by_label("Part of the name").fill("lake")
    await emil.page.get_by_role("button", name="Search").click()
    await emil.page.get_by_role("link", name="Lake runners").click()
    await emil.page.get_by_role("button", name="Ask to join").click()
    await expect(emil.page.get_by_text("You asked to join.")).to_be_visible()
    assert await emil.axe() == []
    await lena.page.get_by_role("button", name="Accept Emil").click()
    await expect(lena.page.get_by_role("list", name="Members").get_by_role("listitem")).to_have_count(2)
    await expect(emil.heading("Nothing shared yet")).to_be_visible()

    job = await upload(lena, "/activities/uploads", RUN.file_name, RUN.to_fit())
    (activity,) = job["result"]["files"][0]["activity_ids"]
    await lena.visit(f"/community/share?activity={activity}")
    await lena.page.get_by_label("Who sees it").select_option(label="Club: Lake runners")
    assert await lena.axe() == []
    await lena.page.get_by_role("button", name="Share", exact=True).click()
    await expect(lena.page.get_by_text("Club: Lake runners").first).to_be_visible()
    await expect(emil.page.get_by_role("list", name="Posts").get_by_role("listitem")).to_have_count(1)
    assert await emil.axe() == []

    await lena.visit("/community/clubs")
    await lena.page.get_by_role("link", name="Lake runners").click()
    await lena.page.get_by_role("link", name="Edit club").click()
    await expect(lena.page.get_by_label("Description")).to_have_value("Any pace, all weathers.")
    assert await lena.axe() == []
    await lena.page.go_back()
    await lena.page.get_by_role("button", name="Change the role of Emil").click()
    assert await lena.axe() == []
    await lena.page.get_by_role("button", name="Remove Emil").click()
    await lena.page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    await expect(emil.page.get_by_role("button", name="Ask to join")).to_be_visible()
    await expect(emil.page.get_by_role("list", name="Posts")).to_have_count(0)
