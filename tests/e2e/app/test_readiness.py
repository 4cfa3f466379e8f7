"""Symptoms stop all sessions until somebody has looked at them; with any look, by keyboard and for screen readers."""

from __future__ import annotations

from playwright.async_api import expect
from tests.support.browser import Visitor


async def test_a_symptom_stops_sessions_until_it_is_cleared(newcomer: Visitor) -> None:
    """Report, see the advice instead of sessions, clear on one's word; axe finds nothing on the way."""
    page = newcomer.page
    await newcomer.visit("/")
    await page.get_by_role("button", name="Report a symptom").click()
    dialog = page.get_by_role("dialog", name="Do you have any of these?")
    await expect(dialog.get_by_role("button", name="Stop all sessions")).to_be_disabled()
    await dialog.get_by_role("checkbox", name="Chest pain or pressure").click()
    assert await newcomer.axe() == []
    await dialog.get_by_role("button", name="Stop all sessions").click()
    alert = page.get_by_role("alert").filter(has_text="All sessions are stopped")
    await expect(alert).to_be_visible()
    await expect(alert).to_contain_text("Seek medical care now")
    await expect(alert).to_contain_text("Chest pain or pressure")
    await expect(page.get_by_text("No session today")).to_be_visible()
    await expect(page.get_by_text("No plan yet")).to_have_count(0)
    assert await newcomer.axe() == []
    await newcomer.visit("/")
    await expect(alert).to_be_visible()
    await alert.get_by_role("button", name="It was looked at").click()
    dialog = page.get_by_role("dialog", name="Open training again?")
    await expect(dialog.get_by_role("button", name="Open training again")).to_be_disabled()
    await dialog.get_by_role("checkbox", name="The symptoms were looked at").click()
    await dialog.get_by_role("button", name="Open training again").click()
    await expect(alert).to_have_count(0)
    await expect(page.get_by_text("No plan yet")).to_be_visible()
