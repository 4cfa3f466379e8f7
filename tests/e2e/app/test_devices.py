"""Devices and services in the browser: connecting, status, gaps, fetching again, disconnecting."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_accessibility import LOOKS, objections
from tests.support.app_site import sign_up
from tests.support.browser import PATIENCE_MS, Scheme, Viewport, Visitor
from tests.support.provider_server import ProviderServer, ride_listed_by_intervals
from tests.support.workouts import Ride

RIDE = replace(Ride(), seconds=60)


@pytest.fixture
def rides(services: ProviderServer) -> ProviderServer:
    """An account at intervals.icu with two rides, one typed in, and daily values with a gap of four days."""
    services.intervals_activities.clear()
    today = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    for index, days in enumerate((3, 5)):
        at = today - timedelta(days=days)
        services.intervals_activities.append(ride_listed_by_intervals(f"e{index}", at.date(), name=f"Ride {index}"))
        services.intervals_files[f"e{index}"] = replace(RIDE, started_at=at).as_fit()
    typed = {
        "id": "e9",
        "start_date_local": (today - timedelta(days=6)).isoformat(),
        "name": "Typed",
        "source": "MANUAL",
    }
    services.intervals_activities.append(typed)
    services.intervals_wellness = [
        {"id": (today - timedelta(days=days)).date().isoformat(), "restingHR": 50}
        for days in range(60)
        if days not in range(20, 24)
    ]
    return services


async def connect(visitor: Visitor, services: ProviderServer) -> None:
    """Connect intervals.icu with a key, as a person does."""
    page = visitor.page
    await visitor.visit("/profile")
    await page.get_by_role("link", name="Devices & services").click()
    await page.get_by_role("button", name="Connect intervals.icu with a personal key").click()
    await page.get_by_label("Key", exact=True).fill(services.intervals_key)
    await page.get_by_role("dialog").get_by_role("button", name="Connect").click()
    await page.wait_for_url(re.compile(r"/devices/[0-9a-f-]{36}$"))


async def imported(visitor: Visitor, connection_id: str) -> None:
    """Wait until the first import is over, so that the pages that follow are at rest."""
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while (await visitor.call("GET", f"/connections/{connection_id}", expect=200))["run"] is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.2)


async def test_a_service_is_connected_looked_at_fetched_again_and_left(
    newcomer: Visitor, rides: ProviderServer
) -> None:
    page = newcomer.page
    await connect(newcomer, rides)
    # What the worker does arrives without reloading.
    await expect(page.get_by_text("Works", exact=True)).to_be_visible()
    await expect(page.get_by_text("Account: Ada")).to_be_visible()
    await expect(page.get_by_text("Typed", exact=False).first).to_be_visible()
    await expect(page.get_by_text("It was entered by hand; there is no recording.")).to_be_visible()
    await expect(page.get_by_role("img", name=re.compile("4 missing"))).to_be_visible()
    assert await newcomer.axe() == []

    await page.get_by_role("button", name=re.compile(r"^Fetch .* again$")).click()
    await expect(page.get_by_text("It is being fetched.")).to_be_visible()
    await expect(page.get_by_role("table", name="Last fetches").get_by_text("Fetched again")).to_be_visible()

    await page.get_by_role("button", name="Disconnect").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await newcomer.axe() == []
    await page.get_by_role("checkbox").click()
    await page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    await page.wait_for_url(re.compile(r"/devices$"))
    connect_again = page.get_by_role("button", name="Connect intervals.icu with a personal key")
    await expect(connect_again).to_be_visible()
    assert (await newcomer.call("GET", "/activities", expect=200))["items"] == []


async def test_a_wrong_key_says_what_to_do(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/devices")
    await page.get_by_role("button", name="Connect intervals.icu with a personal key").click()
    await page.get_by_label("Key", exact=True).fill("wrong")
    await page.get_by_role("dialog").get_by_role("button", name="Connect").click()
    await expect(page.get_by_role("alert")).to_contain_text("does not know this key")
    assert await newcomer.axe() == []


@pytest.mark.screens("/devices/callback")
async def test_coming_back_from_a_services_page_connects_it(newcomer: Visitor, services: ProviderServer) -> None:
    started = await newcomer.call("POST", "/connections/authorizations/oura", {}, expect=201)
    assert started["redirect_uri"] == "https://topform.example.org/devices/callback"
    state = started["authorization_url"].split("state=")[1].split("&")[0]
    await newcomer.visit(f"/devices/callback?state={state}&code={services.oauth.approve(None)}")
    await newcomer.page.wait_for_url(re.compile(r"/devices/[0-9a-f-]{36}$"))
    await newcomer.visit(f"/devices/callback?state={state}&code=again")
    await expect(newcomer.page.get_by_role("alert")).to_contain_text("not awaited any more")
    assert await objections(newcomer) == []


@pytest.mark.screens("/devices", "/devices/[id]")
@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
async def test_the_screens_pass(window: OpenWindow, rides: ProviderServer, viewport: Viewport, scheme: Scheme) -> None:
    visitor = await window(viewport=viewport, scheme=scheme)
    await sign_up(visitor, "Nora")
    await visitor.visit("/devices")
    assert await objections(visitor) == []
    connection = await visitor.call("POST", "/connections/keys/intervals", {"key": rides.intervals_key}, expect=201)
    await imported(visitor, connection["id"])
    await visitor.visit("/devices")
    assert await objections(visitor) == []
    await visitor.visit(f"/devices/{connection['id']}")
    await expect(visitor.page.get_by_text("Works", exact=True)).to_be_visible()
    assert await objections(visitor) == []
