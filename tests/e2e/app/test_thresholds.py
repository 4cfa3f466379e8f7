"""Thresholds and zones: nothing known, a value typed, a test done and put in use, taken back again."""

from __future__ import annotations

import re

from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import BODY, sign_up, train
from tests.support.browser import Visitor, today_there


async def test_a_test_is_entered_accepted_and_gives_zones(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/profile")
    await page.get_by_role("link", name="Thresholds and zones").click()
    await expect(newcomer.heading("Thresholds and zones")).to_be_visible()
    await expect(page.get_by_text("Not known yet, and that is fine.")).to_have_count(5)
    await expect(page.get_by_text("Threshold power (FTP) is not known")).to_be_visible()
    assert await newcomer.axe() == []

    await page.get_by_role("button", name="I did a test: Threshold power (FTP)").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("A number above 0 is needed.")).to_be_visible()
    await dialog.get_by_label("Mean power").fill("280")
    assert await newcomer.axe() == []
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("Your test says 266 W")  # 95 % of 280 W
    assert await newcomer.axe() == []
    await dialog.get_by_role("button", name="Use this").click()

    table = page.get_by_role("table", name="Power, 7 (Coggan)")
    await expect(table).to_contain_text("146 – 200")  # endurance: 55 to 75 % of 266 W
    await expect(page.get_by_text("266 W", exact=True)).to_be_visible()
    await expect(page.get_by_text(", and for all days before · from a test")).to_be_visible()
    await expect(page.get_by_text("20 minutes: 266 W")).to_be_visible()
    await expect(page.get_by_text("This is what is in use.")).to_be_visible()
    assert (await newcomer.call("GET", "/athletes/me", expect=200))["ftp_w"] == 266
    assert await newcomer.axe() == []

    await page.get_by_role("button", name="Delete: Since").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("Nothing yet. Use what the evidence says")).to_be_visible()
    await expect(table).to_have_count(0)
    await page.get_by_role("button", name="Delete: 20 minutes").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("Not known yet, and that is fine.")).to_have_count(5)


async def test_a_known_pace_is_typed_in_the_units_of_the_person(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.call("PATCH", "/athletes/me", {"units": "imperial"}, expect=200)
    await newcomer.visit("/thresholds")
    await page.get_by_role("button", name="I know my value: Threshold pace, running").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Value").fill("1:00")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("This is not a possible value")
    await dialog.get_by_label("Value").fill("7:00")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("7:00 /mi", exact=True)).to_be_visible()
    await page.get_by_role("radio", name="Running").click()
    table = page.get_by_role("table", name="Pace, 6")
    await expect(table).to_contain_text("slower than 8:45")  # 80 % of the speed
    state = await newcomer.call("GET", "/athletes/me/thresholds", expect=200)
    pace = next(one for one in state["thresholds"] if one["quantity"] == "threshold_speed_m_s")
    assert pace["in_use"]["valid_from"] == str(today_there())
    assert abs(pace["in_use"]["value"] - 1609.344 / 420) < 0.001
    assert await newcomer.axe() == []


async def test_today_asks_about_a_pace_that_the_training_contradicts_until_it_is_kept_or_replaced(
    window: OpenWindow,
) -> None:
    visitor = await window()
    page = visitor.page
    await sign_up(visitor, "Tess", **(BODY | {"threshold_speed_m_s": 1.8}))
    await train(visitor, today_there(), weeks=3)
    await visitor.visit("/")
    question = page.get_by_text("You use 9:16 /km; your training says")  # 1000 m at 1.8 m/s
    await expect(question).to_be_visible()
    assert await visitor.axe() == []
    await page.get_by_role("button", name="Keep mine: 9:16 /km").click()
    await expect(question).to_have_count(0)
    await visitor.visit("/")
    await expect(visitor.heading("Hello Tess")).to_be_visible()
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)
    await expect(question).to_have_count(0)

    await visitor.call("PATCH", "/athletes/me", {"threshold_speed_m_s": 1.9}, expect=200)
    await visitor.visit("/")
    await page.get_by_role("button", name=re.compile("^Use .* .km$")).click()
    await expect(page.get_by_text("You use 8:46 /km")).to_have_count(0)  # 1000 m at 1.9 m/s
    assert (await visitor.call("GET", "/athletes/me", expect=200))["threshold_speed_m_s"] > 1.9


async def test_a_heart_rate_above_the_maximum_is_told_and_put_in_use(window: OpenWindow) -> None:
    """Today asks, the thresholds say on which day it was, and one tap puts it in use."""
    visitor = await window()
    page = visitor.page
    await sign_up(visitor, "Mona", **(BODY | {"hr_max_bpm": 160, "lthr_bpm": None}))
    await train(visitor, today_there(), weeks=3)
    await visitor.visit("/")
    await expect(page.get_by_text("You use 160 bpm; on")).to_be_visible()
    assert await visitor.axe() == []
    await visitor.visit("/thresholds")
    await expect(page.get_by_text("Your maximum is at least this")).to_be_visible()
    await expect(page.get_by_text("Highest 10 seconds: at least").first).to_be_visible()
    assert await visitor.axe() == []
    await visitor.visit("/")
    await page.get_by_role("button", name=re.compile("^Use 1[67][0-9] bpm$")).click()
    await expect(page.get_by_text("You use 160 bpm; on")).to_have_count(0)
    assert (await visitor.call("GET", "/athletes/me", expect=200))["hr_max_bpm"] > 160


async def test_a_short_word_without_spaces_stays_on_one_line(window: OpenWindow) -> None:
    """Chinese may break between any two characters, so a button narrower than its word shows at once."""
    visitor = await window(viewport="phone", locale="zh-CN")
    await sign_up(visitor, "Ling", language="zh", **BODY)
    await train(visitor, today_there(), weeks=3)
    await visitor.visit("/thresholds")
    link = visitor.page.locator("a[href^='/activities/']").filter(has_text="打开").first
    await expect(link).to_be_visible()
    lines = await link.evaluate(
        "(one) => one.firstElementChild.offsetHeight / parseFloat(getComputedStyle(one.firstElementChild).lineHeight)"
    )
    assert lines < 1.5
