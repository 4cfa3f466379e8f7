"""Forgetting a password, a second step at the door, devices and tokens, as a person meets them."""

from __future__ import annotations

import asyncio
import email
import email.policy
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import PASSWORD, Site, sign_up
from tests.support.browser import Visitor

NEW_PASSWORD = "staple battery horse correct"
PATIENCE_S = 60.0


def links_to(outbox: Path, address: str, page: str) -> list[str]:
    """The links to a page in the letters that lie in the outbox."""
    letters = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(outbox.glob("*.eml"))
    ]
    texts = [letter.get_content() for letter in letters if letter["To"] == address]  # type: ignore[attr-defined]
    return [link for text in texts for link in re.findall(r"http\S+", text) if urlsplit(link).path == page]


async def link_to(site: Site, address: str, page: str) -> str:
    """Wait for the letter and return the path of its link."""
    async with asyncio.timeout(PATIENCE_S):
        while not (found := links_to(site.data_dir / "outbox", address, page)):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    parts = urlsplit(found[-1])
    return f"{parts.path}?{parts.query}"


async def address_of(visitor: Visitor) -> str:
    athlete = await visitor.call("GET", "/athletes/me", expect=200)
    return str(athlete["email"])


@pytest.mark.screens("/forgot-password", "/reset-password")
async def test_a_forgotten_password_is_replaced(window: OpenWindow, installation: Site) -> None:
    visitor = await window()
    await sign_up(visitor, "Vera")
    address = await address_of(visitor)
    page = visitor.page
    await visitor.visit("/profile")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("link", name="Forgot your password?").click()
    await page.get_by_label("E-mail address").fill(address)
    await page.get_by_role("button", name="Send the link").click()
    await expect(page.get_by_role("alert")).to_contain_text("a link is on its way")
    assert await visitor.axe() == []

    await visitor.visit(await link_to(installation, address, "/reset-password"))
    await page.get_by_label("New password").fill("short")
    await page.get_by_role("button", name="Save the password").click()
    await expect(page.get_by_text("Use at least 10 characters.")).to_be_visible()
    await page.get_by_label("New password").fill(NEW_PASSWORD)
    assert await visitor.axe() == []
    await page.get_by_role("button", name="Save the password").click()
    await expect(page.get_by_text("The password is saved.")).to_be_visible()
    await page.get_by_role("link", name="Back to sign in").click()
    await page.get_by_label("E-mail address").fill(address)
    await page.get_by_label("Password").fill(NEW_PASSWORD)
    await page.keyboard.press("Enter")
    await expect(visitor.heading("Hello Vera")).to_be_visible()


@pytest.mark.screens("/verify-email")
async def test_the_address_is_confirmed_by_the_letter(window: OpenWindow, installation: Site) -> None:
    visitor = await window()
    await sign_up(visitor, "Vera")
    address = await address_of(visitor)
    await visitor.visit("/security")
    await expect(visitor.page.get_by_text("Not confirmed yet")).to_be_visible()
    await visitor.visit(await link_to(installation, address, "/verify-email"))
    await expect(visitor.page.get_by_text(f"{address} is confirmed.")).to_be_visible()
    assert await visitor.axe() == []
    await visitor.visit("/security")
    await expect(visitor.page.get_by_text("Confirmed", exact=True)).to_be_visible()


async def test_an_authenticator_is_asked_for_at_the_door(newcomer: Visitor, window: OpenWindow) -> None:
    page = newcomer.page
    address = await address_of(newcomer)
    await newcomer.visit("/profile")
    await page.get_by_role("link", name="Account security").click()
    await page.get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Confirm with your password").fill("not this one")
    await dialog.get_by_role("button", name="Set up").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("The password is wrong")
    await dialog.get_by_label("Confirm with your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Set up").click()
    await expect(page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    key = (await dialog.get_by_text(re.compile(r"^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$")).inner_text()).replace(" ", "")
    assert await newcomer.axe() == []
    await dialog.get_by_label("First code").fill(pyotp.TOTP(key).now())
    await dialog.get_by_role("button", name="Confirm", exact=True).click()
    await expect(dialog).to_contain_text("Your recovery codes")
    code = await dialog.get_by_role("listitem").first.inner_text()
    assert await newcomer.axe() == []
    await dialog.get_by_role("button", name="I have kept them").click()
    await expect(page.get_by_text("10 recovery codes left")).to_be_visible()

    elsewhere = await window()
    await elsewhere.visit("/sign-in")
    await elsewhere.page.get_by_label("E-mail address").fill(address)
    await elsewhere.page.get_by_label("Password").fill(PASSWORD)
    await elsewhere.page.keyboard.press("Enter")
    await expect(elsewhere.heading("One more step")).to_be_visible()
    await elsewhere.page.get_by_label("Code").fill("000000")
    await elsewhere.page.get_by_role("button", name="Sign in").click()
    await expect(elsewhere.page.get_by_role("alert")).to_contain_text("The code is wrong")
    await elsewhere.page.get_by_label("Code").fill(code)
    assert await elsewhere.axe() == []
    await elsewhere.page.get_by_role("button", name="Sign in").click()
    await expect(elsewhere.heading("Hello Nora")).to_be_visible()


async def test_another_device_is_signed_out(newcomer: Visitor, window: OpenWindow) -> None:
    other = await window()
    address = await address_of(newcomer)
    form = {"email": address, "password": PASSWORD, "session": "cookie"}
    await other.call("POST", "/sessions", form, expect=201)
    await other.visit("/")
    await expect(other.heading("Hello Nora")).to_be_visible()
    await newcomer.visit("/security")
    page = newcomer.page
    await expect(page.get_by_text("This device")).to_have_count(1)
    await page.get_by_role("button", name=re.compile("^Sign out .* on ")).first.click()
    await expect(page.get_by_role("button", name=re.compile("^Sign out .* on "))).to_have_count(0)
    await other.call("GET", "/athletes/me", expect=401)
    await newcomer.call("GET", "/athletes/me", expect=200)
    await page.get_by_role("button", name="Show what happened").click()
    happened = page.get_by_role("list", name="What happened to the account").get_by_role("listitem")
    await expect(happened).to_have_count(3)
    await expect(happened.first).to_contain_text("A device was signed out")
    await expect(happened.last).to_contain_text("Signed in")
    assert await newcomer.axe() == []


async def test_a_token_is_made_shown_once_and_deleted(newcomer: Visitor) -> None:
    page = newcomer.page
    name = f"Spreadsheet {os.urandom(2).hex()}"
    await newcomer.visit("/security")
    await expect(page.get_by_text("No program has a token.")).to_be_visible()
    await page.get_by_role("button", name="Make a token").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Make a token").click()
    await expect(dialog.get_by_text("Choose at least one.")).to_be_visible()
    await dialog.get_by_label("What for").fill(name)
    await dialog.get_by_role("checkbox", name="activities: read").click()
    assert await newcomer.axe() == []
    await dialog.get_by_role("button", name="Make a token").click()
    token = await page.get_by_text(re.compile("^tft_")).inner_text()
    stranger = await newcomer.context.request.get(
        f"{newcomer.url}/api/v1/activities", headers={"Authorization": f"Bearer {token}"}
    )
    assert stranger.status == 200
    await page.reload()
    await expect(page.get_by_text(name)).to_be_visible()
    await expect(page.get_by_text(token)).to_have_count(0)
    await page.get_by_role("button", name=f"Delete token {name}").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("No program has a token.")).to_be_visible()
