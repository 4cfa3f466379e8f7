"""The app in each language: nothing of English or of the keys is left."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import sign_up
from tests.support.browser import Visitor
from tests.support.shared_data import REPOSITORY

TEXTS = REPOSITORY / "app/src/i18n"


def words(language: str) -> dict[str, str]:
    found: dict[str, str] = {}

    def collect(node: dict[str, object], prefix: str) -> None:
        for name, value in node.items():
            if isinstance(value, dict):
                collect(value, f"{prefix}{name}.")
            else:
                found[prefix + name] = str(value)

    collect(json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8")), "")
    return found


SCREENS = ("/", "/activities", "/form-checks", "/fitness", "/plan", "/plan/new", "/profile", "/nowhere")
SOME = ("/", "/plan/new", "/profile")


@pytest.mark.parametrize(
    ("language", "locale", "screens"),
    [("de", "de-DE", SCREENS), ("es", "es-ES", SOME), ("fr", "fr-FR", SOME), ("zh", "zh-CN", SOME)],
)
async def test_every_screen_speaks_the_language(
    window: OpenWindow, language: str, locale: str, screens: tuple[str, ...]
) -> None:
    visitor = await window(locale=locale)
    await sign_up(visitor, "Greta", language=language)
    english, own = words("en"), words(language)
    foreign = {
        text
        for key, text in english.items()
        if len(text.split()) > 2 and own.get(key, text) != text and "{{" not in text and text not in own.values()
    }
    for path in screens:
        await visitor.visit(path)
        shown = await visitor.page.locator("body").inner_text()
        assert [text for text in foreign if text in shown] == []
        assert re.findall(r"\b(?:plan|activity|activities|form|fitness|jobs|profile)\.[a-z]\w+", shown) == []
    await expect(visitor.page.locator("html")).to_have_attribute("lang", language)


async def test_the_language_can_be_changed_in_the_profile(newcomer: Visitor) -> None:
    await newcomer.visit("/profile")
    await newcomer.page.get_by_label("Language").select_option("de")
    await expect(newcomer.heading("Profil")).to_be_visible()
    await newcomer.page.reload()
    await expect(newcomer.heading("Profil")).to_be_visible()
    athlete = await newcomer.call("GET", "/athletes/me", expect=200)
    assert athlete["language"] == "de"


async def test_hours_are_told_to_12_or_to_24(window: OpenWindow) -> None:
    visitor = await window(locale="en-US")
    await sign_up(visitor, "Yara")
    await visitor.visit("/profile")
    await visitor.page.get_by_role("radio", name="24 hours").click()
    await visitor.visit("/security")
    shown = visitor.page.get_by_text(re.compile(r"\b\d{1,2}:\d{2}"))
    await expect(shown.first).not_to_contain_text(re.compile("AM|PM"))
    await visitor.visit("/profile")
    await visitor.page.get_by_role("radio", name="12 hours").click()
    await visitor.visit("/security")
    await expect(shown.first).to_contain_text(re.compile("AM|PM"))


async def test_numbers_and_dates_follow_the_region(window: OpenWindow) -> None:
    visitor = await window(locale="de-DE")
    await sign_up(visitor, "Gero", language="de", threshold_speed_m_s=3.7, mass_kg=71.5)
    await visitor.visit("/plan/new")
    await expect(visitor.page.get_by_text("Höchstens 5,0 Stunden pro Woche")).to_be_visible()
