"""Signing up, in and out as a person does it."""

from __future__ import annotations

import os

from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import PASSWORD
from tests.support.browser import Visitor


async def test_a_stranger_is_led_to_the_sign_in(window: OpenWindow) -> None:
    visitor = await window()
    await visitor.visit("/fitness")
    await expect(visitor.heading("Sign in to TopForm")).to_be_visible()
    assert visitor.page.url.endswith("/sign-in")


async def test_signing_up_out_and_in_again(window: OpenWindow) -> None:
    visitor = await window()
    page = visitor.page
    email = f"eva-{os.urandom(4).hex()}@example.org"
    await visitor.visit("/sign-in")
    await page.get_by_role("link", name="Create account").click()
    await page.get_by_label("Name").fill("Eva")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create account").click()
    await expect(visitor.heading("What do you want?")).to_be_visible()
    await page.get_by_role("button", name="Set up later").click()
    await expect(visitor.heading("Hello Eva")).to_be_visible()

    athlete = await visitor.call("GET", "/athletes/me", expect=200)
    assert (athlete["time_zone"], athlete["units"], athlete["language"]) == ("Europe/Berlin", "metric", "en")

    await page.get_by_role("link", name="Profile").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(visitor.heading("Sign in to TopForm")).to_be_visible()
    await visitor.call("GET", "/athletes/me", expect=401)

    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(visitor.heading("Hello Eva")).to_be_visible()


async def test_what_is_wrong_is_said_beside_the_field(window: OpenWindow) -> None:
    visitor = await window()
    page = visitor.page
    await visitor.visit("/sign-up")
    await page.get_by_label("E-mail address").fill("nobody")
    await page.get_by_label("Password").fill("short")
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_text("This field is needed.")).to_be_visible()
    await expect(page.get_by_text("Enter an e-mail address such as")).to_be_visible()
    password = page.get_by_label("Password")
    await expect(password).to_have_attribute("aria-invalid", "true")
    described = await password.get_attribute("aria-describedby")
    assert described is not None
    words = [await page.locator(f"[id='{one}']").inner_text() for one in described.split()]
    assert "Use at least 10 characters." in words


async def test_a_wrong_password_is_refused_in_words(window: OpenWindow) -> None:
    visitor = await window()
    page = visitor.page
    await visitor.visit("/sign-in")
    await page.get_by_label("E-mail address").fill("nobody@example.org")
    await page.get_by_label("Password").fill("not the password")
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("password", ignore_case=True)


async def test_a_session_that_ended_elsewhere_leads_to_the_sign_in(newcomer: Visitor) -> None:
    await newcomer.visit("/activities")
    await expect(newcomer.heading("No activities yet")).to_be_visible()
    await newcomer.call("DELETE", "/sessions/current", expect=204)
    await newcomer.page.get_by_role("link", name="Fitness").click()
    await expect(newcomer.heading("Sign in to TopForm")).to_be_visible()
