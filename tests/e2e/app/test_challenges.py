"""Two people in two browsers: one does push-ups, and the other's board moves."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_community import join
from tests.support.live_sets import live_set


@pytest.mark.screens("/community/challenges", "/community/challenges/new", "/community/challenges/[id]")
async def test_the_board_moves_while_it_is_looked_at(window: OpenWindow) -> None:
    gita, olaf = await join(window, "Gita"), await join(window, "Olaf", viewport="phone", scheme="dark")
    await gita.visit("/community/challenges")
    await expect(gita.heading("You take part in none")).to_be_visible()
    assert await gita.axe() == []
    await gita.page.get_by_role("link", name="New challenge").click()
    await gita.page.get_by_label("Title", exact=True).fill("June push-ups")
    await gita.page.get_by_role("radio", name="Everybody").click()
    assert await gita.axe() == []
    await gita.page.get_by_role("button", name="Make challenge").click()
    await expect(gita.heading("June push-ups")).to_be_visible()
    board = gita.page.get_by_role("list", name="Board").get_by_role("listitem")
    await expect(board).to_have_count(1)

    await olaf.visit("/community/challenges")
    await olaf.page.get_by_role("radio", name="To join").click()
    await olaf.page.get_by_role("link", name="June push-ups").click()
    await olaf.page.get_by_role("button", name="Take part", exact=True).click()
    await expect(board).to_have_count(2)
    await expect(gita.page.get_by_text("Live", exact=True)).to_be_visible()

    await gita.call("POST", "/form-checks/live", live_set(3), expect=201)
    theirs = olaf.page.get_by_role("list", name="Board").get_by_role("listitem")
    await expect(theirs.first).to_contain_text("3 repetitions")
    await olaf.call("POST", "/form-checks/live", live_set(5, wrong={0: "hips_sag"}), expect=201)
    await expect(board.first).to_contain_text("Olaf")
    await expect(board.first).to_contain_text("4 repetitions")
    await expect(board.last).to_contain_text("Gita (you)")
    await expect(gita.page.get_by_text("You: place 2 of 2")).to_be_visible()
    await expect(theirs.first).to_contain_text("Olaf (you)")
    own_sets = olaf.page.get_by_role("list", name="Your score").get_by_role("listitem")
    await expect(own_sets).to_have_count(1)
    await expect(own_sets).to_contain_text("4 of 5 repetitions count")
    await expect(own_sets).to_contain_text("Repetition 1: Hips sag")
    await expect(gita.page.get_by_text("3 of 3 repetitions count")).to_be_visible()
    assert await gita.axe() == []
    assert await olaf.axe() == []
