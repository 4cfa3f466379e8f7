"""Files that wait for a connection: they outlast the page, belong to one account, and arrive once."""

from __future__ import annotations

import re
from datetime import date

from playwright.async_api import Locator, Page, Route, expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import PASSWORD, sign_up
from tests.support.browser import Visitor
from tests.support.fit_writer import RUNNING
from tests.support.training_log import Outing

RUN = Outing(date(2026, 3, 4), RUNNING, 20)
UPLOADS = re.compile(r"/api/v1/activities/uploads$")


async def test_a_file_chosen_without_a_network_arrives_once_after_the_page_was_closed(window: OpenWindow) -> None:
    visitor = await window(service_workers="allow")
    await sign_up(visitor, "Ines")
    await visitor.visit("/activities")
    await visitor.context.set_offline(True)
    await visitor.drop(RUN.file_name, RUN.to_fit())
    await expect(waiting(visitor.page)).to_contain_text(RUN.file_name)
    await visitor.page.close()

    await visitor.context.set_offline(False)
    page = await another_page(visitor)
    await visitor.visit("/activities")
    await expect(page.get_by_role("list", name="Activities").get_by_role("link")).to_have_count(1)
    await expect(waiting(page)).to_have_count(0)
    await visitor.visit("/activities")
    await expect(waiting(page)).to_have_count(0)
    jobs = await visitor.call("GET", "/jobs", expect=200)
    assert [job["kind"] for job in jobs["items"]] == ["activity_import"]
    assert len((await visitor.call("GET", "/activities", expect=200))["items"]) == 1


async def test_a_waiting_file_is_neither_seen_nor_sent_by_others_and_signing_out_asks(window: OpenWindow) -> None:
    visitor = await window()
    await sign_up(visitor, "Ines", email="ines-waits@example.org")
    sent: list[str] = []

    async def cut(route: Route) -> None:
        sent.append(route.request.url)
        await route.abort("internetdisconnected")

    await visitor.context.route(UPLOADS, cut)
    await visitor.visit("/activities")
    await visitor.drop(RUN.file_name, RUN.to_fit())
    await expect(waiting(visitor.page)).to_contain_text(RUN.file_name)
    await visitor.page.close()
    of_ines = len(sent)
    assert of_ines > 0

    await visitor.context.clear_cookies()
    page = await another_page(visitor)
    await sign_up(visitor, "Otto")
    await visitor.visit("/activities")
    await expect(page.get_by_test_id("drop-zone")).to_be_visible()
    await expect(page.get_by_test_id("jobs")).to_have_count(0)
    await sign_out(page)
    await expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert len(sent) == of_ines

    await sign_in(visitor, "ines-waits@example.org")
    await visitor.visit("/activities")
    await expect(waiting(page)).to_contain_text(RUN.file_name)
    await sign_out(page)
    question = page.get_by_role("dialog", name="1 item has not been sent")
    await question.get_by_role("button", name="Cancel").click()
    await expect(question).to_have_count(0)
    await page.get_by_role("button", name="Sign out").click()
    await question.get_by_role("button", name="Delete and sign out").click()
    await expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    of_ines = len(sent)

    await sign_in(visitor, "ines-waits@example.org")
    await visitor.visit("/activities")
    await expect(page.get_by_test_id("drop-zone")).to_be_visible()
    await expect(page.get_by_test_id("jobs")).to_have_count(0)
    assert len(sent) == of_ines


async def test_a_file_that_waits_can_be_taken_back(window: OpenWindow) -> None:
    visitor = await window()
    await sign_up(visitor, "Ines")
    await visitor.visit("/activities")
    await visitor.context.set_offline(True)
    await visitor.drop(RUN.file_name, RUN.to_fit())
    await visitor.page.get_by_role("button", name=f"Do not send {RUN.file_name}").click()
    await expect(waiting(visitor.page)).to_have_count(0)
    await visitor.context.set_offline(False)
    await visitor.visit("/activities")
    await expect(visitor.page.get_by_test_id("drop-zone")).to_be_visible()
    await expect(visitor.page.get_by_test_id("jobs")).to_have_count(0)
    assert (await visitor.call("GET", "/jobs", expect=200))["items"] == []


def waiting(page: Page) -> Locator:
    """Return the list of files that the server does not have yet."""
    return page.get_by_role("list", name="Files that wait")


async def another_page(visitor: Visitor) -> Page:
    """Open a page in the same browser, after the one before was closed."""
    visitor.page = await visitor.context.new_page()
    visitor.watch()
    return visitor.page


async def sign_in(visitor: Visitor, email: str) -> None:
    """Give this browser a session of that account."""
    await visitor.call("POST", "/sessions", {"email": email, "password": PASSWORD, "session": "cookie"}, expect=201)


async def sign_out(page: Page) -> None:
    """Ask for it in the profile."""
    await page.get_by_role("link", name="Profile").first.click()
    await page.get_by_role("button", name="Sign out").click()
