"""Somebody new, from the sign-up to what to do today, with a file from a watch."""

from __future__ import annotations

import os

import pytest
from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import PASSWORD, sign_up
from tests.support.browser import Visitor, today_there
from tests.support.training_log import training_log


async def join(visitor: Visitor, name: str) -> None:
    """Sign up as a person does."""
    page = visitor.page
    await visitor.visit("/sign-up")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("E-mail address").fill(f"{name.lower()}-{os.urandom(4).hex()}@example.org")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create account").click()
    await expect(visitor.heading("What do you want?")).to_be_visible()


async def go_on(visitor: Visitor, heading: str) -> None:
    await visitor.page.get_by_role("button", name="Continue").click()
    await expect(visitor.heading(heading)).to_be_visible()


async def test_from_the_sign_up_over_an_import_to_today(window: OpenWindow) -> None:
    visitor = await window(viewport="phone")
    page = visitor.page
    await join(visitor, "Nils")
    await page.get_by_role("checkbox", name="Running").click()
    await expect(page.get_by_role("checkbox", name="Running")).to_be_checked()
    await page.get_by_label("What for?").select_option("general_fitness")
    assert await visitor.axe() == []

    await go_on(visitor, "About you")
    await page.get_by_label("Date of birth").fill("1990-05-04")
    await page.get_by_role("radio", name="Male", exact=True).click()
    await expect(page.get_by_role("radio", name="Male", exact=True)).to_be_checked()
    assert await visitor.axe() == []

    await go_on(visitor, "What may be kept?")
    choices = page.get_by_role("checkbox")
    await expect(choices).to_have_count(4)
    assert await choices.evaluate_all("boxes => boxes.map((box) => box.ariaChecked)") == ["false"] * 4
    assert await visitor.axe() == []

    await go_on(visitor, "What do you know already?")
    await expect(page.get_by_text("Then TopForm suggests a value found in your hard runs and races")).to_be_visible()
    pace = page.get_by_role("radiogroup", name="Threshold pace, running")
    await pace.get_by_role("radio", name="I know it").click()
    await page.get_by_role("textbox", name="Threshold pace, running").fill("4:30")
    assert await visitor.axe() == []

    await go_on(visitor, "Bring your training")
    assert await visitor.axe() == []
    await page.get_by_role("checkbox", name="My training").click()
    newest = list(training_log(today_there(), weeks=1))[-1]
    await expect(page.get_by_test_id("drop-zone")).to_be_visible()
    await visitor.drop(newest.file_name, newest.to_fit())
    await expect(page.get_by_text("imported", exact=False).first).to_be_visible(timeout=60_000)
    await page.get_by_role("button", name="Go to Today").click()
    await expect(visitor.heading("Hello Nils")).to_be_visible()
    await expect(page.get_by_role("heading", name="Last activity")).to_be_visible()
    await page.get_by_role("link", name="Create a plan").click()
    await expect(page.get_by_label("What for?")).to_have_value("general_fitness")

    athlete = await visitor.call("GET", "/athletes/me", expect=200)
    assert (athlete["sports"], athlete["aim"]) == (["running"], "general_fitness")
    assert (athlete["birth_date"], athlete["sex"]) == ("1990-05-04", "m")
    assert round(1000 / athlete["threshold_speed_m_s"]) == 270
    consents = (await visitor.call("GET", "/consents", expect=200))["items"]
    assert [one["purpose"] for one in consents if one["is_given"]] == ["training_diary"]
    # What was left out in the first steps was a no; the yes to the recordings came after it.
    refused = {one["purpose"] for one in consents if [entry["is_refusal"] for entry in one["history"]][:1] == [True]}
    assert refused == {"improve_form_model", "training_diary", "body_and_wellness", "form_videos"}


async def test_a_closed_tab_loses_nothing_and_everything_can_wait(window: OpenWindow) -> None:
    visitor = await window(scheme="dark")
    page = visitor.page
    await join(visitor, "Ella")
    await page.get_by_role("checkbox", name="Cycling").press("Space")
    await expect(page.get_by_role("checkbox", name="Cycling")).to_be_checked()
    await page.get_by_role("button", name="Continue").press("Enter")
    await expect(visitor.heading("About you")).to_be_visible()
    await expect(page.get_by_role("main")).to_be_focused()
    await page.close()

    visitor.page = await visitor.context.new_page()
    page = visitor.page
    await visitor.visit("/")
    await page.get_by_role("link", name="Go on").click()
    await expect(visitor.heading("About you")).to_be_visible()
    await page.get_by_role("button", name="Back").click()
    await expect(page.get_by_role("checkbox", name="Cycling")).to_be_checked()
    await page.go_back()
    await expect(visitor.heading("About you")).to_be_visible()
    await page.get_by_role("button", name="Set up later").click()
    await expect(page.get_by_text("Your set-up is not finished")).to_be_visible()
    await page.get_by_role("button", name="That is enough").click()
    await expect(page.get_by_text("Your set-up is not finished")).to_have_count(0)
    await visitor.visit("/")
    await expect(page.get_by_test_id("consent-gate")).to_be_visible()
    await expect(page.get_by_test_id("drop-zone")).to_have_count(0)
    assert await visitor.axe() == []


@pytest.mark.screens("/welcome")
@pytest.mark.parametrize("step", ["aim", "you", "consents", "thresholds", "history"])
async def test_every_step_passes_on_a_desk_in_the_dark(window: OpenWindow, step: str) -> None:
    visitor = await window(scheme="dark")
    await sign_up(visitor, "Dana")
    await visitor.visit(f"/welcome?step={step}")
    await expect(visitor.page.locator("[aria-busy=true]")).to_have_count(0)
    assert await visitor.axe() == []
    assert not await visitor.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
