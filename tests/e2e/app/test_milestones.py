"""What of a plan is done, shared with a friend by choice."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_community import join
from tests.support.browser import Viewport, today_there
from tests.support.neighbours import finish_phases

WEEKS = 7


@pytest.mark.parametrize("viewport", ["phone", "desktop"])
async def test_a_finished_phase_is_shared_with_what_was_chosen(window: OpenWindow, viewport: Viewport) -> None:
    mia, otto = await join(window, f"Mia{viewport}", viewport=viewport), await join(window, f"Otto{viewport}")
    await otto.call("PUT", f"/community/following/mia{viewport}", expect=200)
    await mia.call("PUT", f"/community/followers/otto{viewport}", expect=200)
    plan = await finish_phases(mia, today_there(), weeks=WEEKS)
    reached = await mia.call("GET", f"/plans/{plan}/milestones", expect=200)
    first = reached["items"][-1]
    assert first["kind"] == "phase"

    await mia.visit("/plan")
    card = mia.page.get_by_test_id("milestones")
    share = card.get_by_role("link", name="Share: ").last
    if not await share.is_visible():
        await card.get_by_role("button", name="Done so far").click()
    await expect(card.get_by_role("listitem")).to_have_count(len(reached["items"]))
    assert await mia.axe() == []
    await share.click()
    await expect(mia.page.get_by_role("checkbox", name="Phase")).to_be_checked()
    await expect(mia.page.get_by_role("checkbox", name="Number of sessions")).not_to_be_checked()
    await mia.page.get_by_role("checkbox", name="Weeks").click()
    await mia.page.get_by_label("Words with it").fill("The dull part is done.")
    assert await mia.axe() == []
    await mia.page.get_by_role("button", name="Share", exact=True).click()
    await mia.page.wait_for_url("**/community/posts/**")
    await expect(mia.page.get_by_text("Phase of a plan finished")).to_be_visible()
    assert await mia.axe() == []

    await otto.visit("/community")
    post = otto.page.get_by_role("listitem").filter(has_text="The dull part is done.")
    await expect(post).to_contain_text("The dull part is done.")
    await expect(post).to_contain_text("Phase of a plan finished · Running")
    assert "Weeks" not in await post.inner_text() and "Sessions" not in await post.inner_text()
