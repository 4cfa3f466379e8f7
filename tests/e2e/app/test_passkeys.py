"""Passkeys in a real browser with a virtual authenticator (WebAuthn, section 11)."""

from __future__ import annotations

import pytest_asyncio
from playwright.async_api import CDPSession, expect
from tests.support.app_site import PASSWORD
from tests.support.browser import Visitor


@pytest_asyncio.fixture(loop_scope="session")
async def device(newcomer: Visitor) -> tuple[CDPSession, str]:
    """The browser's own device, which keeps passkeys and always recognises its owner."""
    devtools = await newcomer.context.new_cdp_session(newcomer.page)
    await devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, added["authenticatorId"]


async def test_a_passkey_is_made_opens_the_door_confirms_and_is_removed(
    newcomer: Visitor, device: tuple[CDPSession, str]
) -> None:
    devtools, authenticator = device
    page = newcomer.page
    await newcomer.visit("/security")
    await expect(page.get_by_text("No passkey opens this account.")).to_be_visible()
    await page.get_by_role("button", name="Add a passkey").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name of the passkey").fill("Blue box")
    await dialog.get_by_label("Confirm with your password").fill("not this one")
    await dialog.get_by_role("button", name="Add a passkey").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("The password is wrong")
    await dialog.get_by_label("Confirm with your password").fill(PASSWORD)
    assert await newcomer.axe() == []
    await dialog.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_role("button", name="Remove passkey Blue box")).to_be_visible()
    kept = await devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
    assert [(one["rpId"], one["isResidentCredential"]) for one in kept["credentials"]] == [("localhost", True)]

    await newcomer.visit("/profile")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(newcomer.heading("Hello Nora")).to_be_visible()

    await newcomer.visit("/security")
    await page.get_by_label("New password").fill("staple battery horse correct")
    await page.get_by_role("button", name="Change password").click()
    await dialog.get_by_role("button", name="Confirm with a passkey instead").click()
    await expect(page.get_by_text("Password changed.")).to_be_visible()

    await page.get_by_role("button", name="Remove passkey Blue box").click()
    await dialog.get_by_role("button", name="Confirm with a passkey instead").click()
    await expect(page.get_by_text("No passkey opens this account.")).to_be_visible()

    # The device still offers it; the server knows it no more.
    await newcomer.visit("/profile")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("alert")).to_contain_text("opens no account here")
    assert await newcomer.axe() == []


async def test_who_does_not_answer_can_go_on_with_the_password(
    newcomer: Visitor, device: tuple[CDPSession, str]
) -> None:
    page = newcomer.page
    email = (await newcomer.call("GET", "/athletes/me", expect=200))["email"]
    await newcomer.visit("/profile")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("alert")).to_contain_text("No passkey was used.")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(newcomer.heading("Hello Nora")).to_be_visible()
