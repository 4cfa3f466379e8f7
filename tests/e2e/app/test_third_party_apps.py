"""An app of others asks for access, in a real browser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.async_api import Route, expect
from tests.support.app_site import PASSWORD
from tests.support.browser import Visitor

REDIRECT = "https://coach.example.org/done"


@pytest.mark.screens("/authorize")
async def test_an_app_is_registered_let_in_after_signing_in_and_taken_back(newcomer: Visitor) -> None:
    page = newcomer.page
    email = (await newcomer.call("GET", "/athletes/me", expect=200))["email"]
    await newcomer.visit("/security")
    await page.get_by_role("button", name="Register an app").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name of the app").fill("Coach")
    await dialog.get_by_label("Address it leads back to").fill(REDIRECT)
    await dialog.get_by_role("button", name="Register an app").click()
    await expect(page.get_by_text("The app is registered.")).to_be_visible()
    (app,) = (await newcomer.call("GET", "/accounts/me/apps", expect=200))["registered"]
    await newcomer.visit("/profile")
    await page.get_by_role("button", name="Sign out").click()
    await expect(newcomer.heading("Sign in to TopForm")).to_be_visible()

    reached: list[str] = []

    async def their_page(route: Route) -> None:
        reached.append(route.request.url)
        await route.fulfill(body="done")

    await newcomer.context.route(f"{REDIRECT}**", their_page)
    request = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": REDIRECT,
        "scope": "activities:read plans:write",
        "state": "s1",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    await newcomer.visit("/authorize?" + urlencode(request))
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(newcomer.heading("Let Coach in?")).to_be_visible()
    await expect(page.get_by_text("See your activities, with routes and heart rate")).to_be_visible()
    await expect(page.get_by_text("See and change your plan")).to_be_visible()
    assert await newcomer.axe() == []
    await page.get_by_role("button", name="Allow", exact=True).click()
    await page.wait_for_url(f"{REDIRECT}**")
    query = parse_qs(urlsplit(reached[0]).query)
    assert query["state"] == ["s1"]
    assert query["code"]
    await newcomer.visit("/authorize?" + urlencode(request | {"redirect_uri": "https://evil.example/"}))
    await expect(
        page.get_by_text("The app wants to lead you to an address that it has not registered.")
    ).to_be_visible()
    assert len(reached) == 1
    newcomer.strangers.clear()
