"""Signing in with an account elsewhere, in a real browser; the provider's page answers at once."""

from __future__ import annotations

import pytest
from playwright.async_api import Route, expect
from tests.support.app_site import PASSWORD
from tests.support.browser import Visitor
from tests.support.identity_provider import ISSUER, IdentityServer


@pytest.mark.screens("/identity")
async def test_an_account_elsewhere_is_linked_with_the_password_and_opens(
    newcomer: Visitor, club: IdentityServer
) -> None:
    page = newcomer.page
    club.email = (await newcomer.call("GET", "/athletes/me", expect=200))["email"]
    club.subject = club.email

    async def sign_in_there(route: Route) -> None:
        answer = club.answer(route.request.url)
        address = "&".join(f"{name}={value}" for name, value in answer.items())
        await route.fulfill(status=303, headers={"Location": f"{newcomer.url}/identity?{address}"})

    await newcomer.context.route(f"{ISSUER}/authorize**", sign_in_there)
    await newcomer.visit("/profile")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Sign in with Club").click()
    await expect(newcomer.heading("Link the two accounts")).to_be_visible()
    await page.get_by_label("Password").fill("not this one")
    await page.get_by_role("button", name="Link and sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("The password is wrong")
    assert await newcomer.axe() == []
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Link and sign in").click()
    await expect(newcomer.heading("Hello Nora")).to_be_visible()

    await newcomer.visit("/security")
    await expect(page.get_by_role("button", name="Unlink Club")).to_be_visible()
    assert await newcomer.axe() == []
    await newcomer.visit("/profile")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Sign in with Club").click()
    await expect(newcomer.heading("Hello Nora")).to_be_visible()
    assert all(address.startswith(ISSUER) for address in newcomer.strangers)
    newcomer.strangers.clear()
