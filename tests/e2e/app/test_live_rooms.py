"""Two people in two browsers train together: each sees the other's session change, and a cheer arrives."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_community import join
from tests.support.strap import STRAP


@pytest.mark.screens("/live/rooms", "/live/rooms/[id]")
async def test_two_browsers_in_one_room_see_each_other_live(window: OpenWindow) -> None:
    rhea, sven = await join(window, "Rhea"), await join(window, "Sven", viewport="phone", scheme="dark")
    for one, other in ((rhea, "sven"), (sven, "rhea")):
        await one.call("PUT", f"/community/following/{other}", expect=200)
    for one, other in ((rhea, "sven"), (sven, "rhea")):
        await one.call("PUT", f"/community/followers/{other}", expect=200)

    await rhea.page.add_init_script(STRAP)
    await rhea.visit("/live/workout")
    await rhea.page.get_by_role("button", name="Free run").click()
    await rhea.page.get_by_role("button", name="Connect heart-rate strap").click()
    await rhea.page.get_by_role("button", name="Train together").click()
    await rhea.page.get_by_role("button", name="Open", exact=True).click()
    await expect(rhea.page.get_by_role("checkbox", name="Time", exact=True)).to_be_checked()
    await expect(rhea.page.get_by_role("checkbox", name="Repetitions", exact=True)).not_to_be_checked()
    await rhea.page.get_by_role("checkbox", name="Heart rate", exact=True).click()
    assert await rhea.axe() == []
    await rhea.page.get_by_role("button", name="Come in").click()
    await expect(rhea.page.get_by_text("Nobody else is here yet.")).to_be_visible()

    await sven.visit("/live/rooms")
    await expect(sven.page.get_by_role("button", name="Come into Rhea")).to_be_visible()
    assert await sven.axe() == []
    await sven.page.get_by_role("button", name="Come into Rhea").click()
    await expect(sven.page.get_by_role("checkbox", name="Repetitions", exact=True)).not_to_be_checked()
    await sven.page.get_by_role("checkbox", name="Repetitions", exact=True).click()
    await sven.page.get_by_role("button", name="Come in").click()
    hers = sven.page.get_by_test_id("room-rhea")
    await expect(hers).to_contain_text("120")
    await rhea.page.evaluate("window.strap.bpm = 151")
    await expect(hers).to_contain_text("151")

    his = rhea.page.get_by_test_id("room-sven")
    room = (await sven.call("GET", "/community/rooms", expect=200))["items"][0]["id"]
    for seq, count in ((1, 7), (2, 8)):
        await sven.call("PUT", f"/community/rooms/{room}/state", {"seq": seq, "count": count}, expect=200)
        await expect(his).to_contain_text(str(count))
    await hers.get_by_role("button", name="Cheer Rhea").click()
    await expect(rhea.page.get_by_test_id("cheer")).to_have_text("Sven cheers for you!")
    assert await rhea.axe() == []
    assert await sven.axe() == []

    # What she takes back is gone from his screen; what happens in the room leaves her session alone.
    await rhea.page.get_by_role("button", name="Change").click()
    await rhea.page.get_by_role("checkbox", name="Heart rate", exact=True).click()
    await rhea.page.get_by_role("button", name="Save").click()
    await expect(hers).not_to_contain_text("151")
    await expect(rhea.page.get_by_test_id("bpm")).to_have_text("151")
    await sven.page.get_by_role("button", name="Leave").click()
    await expect(rhea.page.get_by_text("Nobody else is here yet.")).to_be_visible()

    # Her next session is shown in the room only when she says so.
    await rhea.page.get_by_role("button", name="End session").click()
    await rhea.page.get_by_role("button", name="Back", exact=True).click()
    await rhea.page.get_by_role("button", name="Free run").click()
    await expect(rhea.page.get_by_text("Still in Room of Rhea: show this session?")).to_be_visible()
    await rhea.page.get_by_role("button", name="Show this session").click()
    await expect(rhea.page.get_by_text("Nobody else is here yet.")).to_be_visible()
