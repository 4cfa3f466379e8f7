"""What is on the screen follows what happens elsewhere."""

from __future__ import annotations

from datetime import date

from playwright.async_api import expect
from tests.support.app_site import upload
from tests.support.browser import Visitor
from tests.support.fit_writer import RUNNING
from tests.support.training_log import Outing

RUN = Outing(date(2026, 3, 4), RUNNING, 20)


async def rows(visitor: Visitor) -> list[str]:
    return await visitor.page.get_by_role("list", name="Activities").get_by_role("link").all_inner_texts()


async def test_an_open_list_shows_what_arrives_and_what_goes(newcomer: Visitor) -> None:
    await newcomer.visit("/activities")
    await expect(newcomer.heading("No activities yet")).to_be_visible()
    job = await upload(newcomer, "/activities/uploads", RUN.file_name, RUN.to_fit())
    (activity_id,) = job["result"]["files"][0]["activity_ids"]
    entries = newcomer.page.get_by_role("list", name="Activities").get_by_role("link")
    await expect(entries).to_have_count(1)
    await newcomer.call("PATCH", f"/activities/{activity_id}", {"title": "Renamed elsewhere"}, expect=200)
    await expect(entries.first).to_contain_text("Renamed elsewhere")

    live = await rows(newcomer)
    await newcomer.page.reload()
    await newcomer.settle()
    assert live == await rows(newcomer)

    await newcomer.call("DELETE", f"/activities/{activity_id}", expect=204)
    await expect(newcomer.heading("No activities yet")).to_be_visible()


async def test_nothing_is_missed_while_the_connection_is_down(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/activities")
    await expect(newcomer.heading("No activities yet")).to_be_visible()
    await newcomer.context.set_offline(True)
    banner = page.get_by_test_id("offline-banner")
    await expect(banner).to_contain_text("You are offline")
    assert await newcomer.axe() == []
    await upload(newcomer, "/activities/uploads", RUN.file_name, RUN.to_fit())
    await newcomer.context.set_offline(False)
    await expect(banner).to_have_count(0, timeout=40_000)
    await expect(page.get_by_role("list", name="Activities").get_by_role("link")).to_have_count(1)


async def test_a_file_dropped_without_a_network_is_sent_when_it_is_back(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/activities")
    await expect(page.get_by_test_id("drop-zone")).to_be_visible()
    await newcomer.context.set_offline(True)
    await newcomer.drop(RUN.file_name, RUN.to_fit())
    await expect(page.get_by_test_id("jobs")).to_contain_text("once there is a connection")
    await newcomer.context.set_offline(False)
    await expect(page.get_by_test_id("jobs")).not_to_contain_text("once there is a connection")
    await expect(page.get_by_role("list", name="Activities").get_by_role("link")).to_have_count(1)
