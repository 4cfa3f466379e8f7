"""A coach is let in, sees what is shared, suggests, and is sent away, in two real browsers."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import sign_up
from tests.support.browser import Visitor


@pytest.mark.screens("/people", "/coaching", "/coaching/[id]")
async def test_a_coach_is_let_in_and_sent_away(newcomer: Visitor, window: OpenWindow) -> None:
    page = newcomer.page
    await newcomer.visit("/people")
    await expect(newcomer.heading("Only you")).to_be_visible()
    assert await newcomer.axe() == []
    await page.get_by_role("button", name="Invite").click()
    code = await page.get_by_test_id("coach-code").inner_text()

    coach = await window()
    await sign_up(coach, "Kim")
    await coach.visit(f"/coaching?code={code}")
    await coach.page.get_by_role("button", name="Become their coach").click()
    await expect(coach.heading("Nora")).to_be_visible()
    await expect(coach.page.get_by_text("No activities are stored.")).to_be_visible()
    assert await coach.axe() == []
    await coach.visit("/coaching")
    await expect(coach.page.get_by_role("link", name="Nora")).to_be_visible()
    assert await coach.axe() == []

    await newcomer.visit("/people")
    await expect(newcomer.heading("Kim")).to_be_visible()
    await expect(page.get_by_text("Can see your data")).to_be_visible()
    await expect(page.get_by_text("Kim: activities")).to_be_visible()
    await page.get_by_role("button", name="Change what Kim can see").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("checkbox", name="Health reports and notes")).not_to_be_checked()
    assert await newcomer.axe() == []
    await dialog.get_by_role("checkbox", name="Activities and fitness").click()
    await dialog.get_by_role("button", name="Share this").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.get_by_role("button", name="Take access back from Kim").click()
    await expect(newcomer.heading("Only you")).to_be_visible()

    await coach.visit("/coaching")
    await expect(coach.heading("No athletes yet")).to_be_visible()
