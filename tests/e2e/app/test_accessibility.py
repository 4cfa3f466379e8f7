"""Every screen, in light and dark, on a phone and on a desk: WCAG 2.2 AA, keyboard, no sideways scrolling."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import sign_up
from tests.support.browser import Scheme, Viewport, Visitor

LOOKS = [(viewport, scheme) for viewport in ("phone", "desktop") for scheme in ("light", "dark")]


async def screens(anna: Visitor) -> dict[str, str]:
    """Return the path of every screen behind the sign-in."""
    ride = (await anna.call("GET", "/activities?sport=cycling&limit=1", expect=200))["items"][0]
    run = (await anna.call("GET", "/activities?sport=running&limit=1", expect=200))["items"][0]
    check = (await anna.call("GET", "/form-checks?limit=1", expect=200))["items"][0]
    return {
        "today": "/",
        "activities": "/activities",
        "ride": f"/activities/{ride['id']}",
        "run": f"/activities/{run['id']}",
        "form checks": "/form-checks",
        "form check": f"/form-checks/{check['id']}",
        "fitness": "/fitness",
        "plan": "/plan",
        "new plan": "/plan/new",
        "profile": "/profile",
        "body": "/body",
        "security": "/security",
        "thresholds": "/thresholds",
        "privacy": "/privacy",
        "notices": "/notices",
        "notice settings": "/notices/settings",
        "sources": "/devices/sources",
        "nowhere": "/nowhere",
    }


async def objections(visitor: Visitor) -> list[str]:
    found = await visitor.axe()
    if await visitor.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("the page scrolls sideways")
    if await visitor.page.locator("[role=heading][aria-level='1']").count() != 1:
        found.append("the page has not one main heading")
    return found


@pytest.mark.screens(
    "/",
    "/activities",
    "/activities/[id]",
    "/form-checks",
    "/form-checks/[id]",
    "/fitness",
    "/plan",
    "/plan/new",
    "/profile",
    "/body",
    "/security",
    "/thresholds",
    "/privacy",
    "/notices",
    "/notices/settings",
    "/devices/sources",
    "+not-found",
)
@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
async def test_every_screen_passes(anna_at: OpenWindow, anna: Visitor, viewport: Viewport, scheme: Scheme) -> None:
    visitor = await anna_at(viewport=viewport, scheme=scheme)
    found = {}
    for name, path in (await screens(anna)).items():
        await visitor.visit(path)
        await expect(visitor.page.locator("[aria-busy=true]")).to_have_count(0)
        if problems := await objections(visitor):
            found[name] = problems
    assert found == {}


@pytest.mark.screens("/sign-in", "/sign-up")
@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
async def test_the_screens_before_the_sign_in_pass(window: OpenWindow, viewport: Viewport, scheme: Scheme) -> None:
    visitor = await window(viewport=viewport, scheme=scheme)
    for path, submit in (("/sign-in", "Sign in"), ("/sign-up", "Create account")):
        await visitor.visit(path)
        await visitor.page.get_by_role("button", name=submit, exact=True).click()
        await expect(visitor.page.get_by_role("alert").first).to_be_visible()
        assert await objections(visitor) == []


@pytest.mark.screens("/assistant", "/form-checks/[id]/label")
async def test_screens_behind_others_pass(anna_at: OpenWindow, anna: Visitor) -> None:
    visitor = await anna_at(viewport="phone", scheme="dark")
    for path in ("/assistant", f"{(await screens(anna))['form check']}/label"):
        await visitor.visit(path)
        await expect(visitor.page.locator("[aria-busy=true]")).to_have_count(0)
        assert await objections(visitor) == [], path


@pytest.mark.parametrize("path", ["/activities", "/form-checks", "/fitness", "/plan", "/"])
async def test_empty_screens_pass(newcomer: Visitor, path: str) -> None:
    await newcomer.visit(path)
    assert await objections(newcomer) == []


async def test_dialogs_and_tables_pass(anna_at: OpenWindow, anna: Visitor) -> None:
    visitor = await anna_at()
    page = visitor.page
    await visitor.visit((await screens(anna))["run"])
    await page.get_by_role("button", name="Edit").click()
    assert await visitor.axe() == []
    await page.keyboard.press("Escape")
    await visitor.visit("/fitness")
    await page.get_by_role("button", name="As a table").click()
    await expect(page.get_by_role("table", name="Fitness")).to_be_visible()
    assert await visitor.axe() == []


async def test_the_keyboard_reaches_everything_and_shows_where_it_is(anna_at: OpenWindow) -> None:
    visitor = await anna_at()
    page = visitor.page
    await visitor.visit("/")
    await page.bring_to_front()
    await expect(page.get_by_role("button", name="Skip to content")).to_be_attached()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Skip to content")).to_be_focused()
    await expect(page.get_by_role("button", name="Skip to content")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.getAttribute('role')") == "main"
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("link", name="Profile")).to_be_focused()
    outline = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "2px"
    await page.get_by_role("link", name="Fitness", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(visitor.heading("Fitness").first).to_be_visible()
    await expect(page.get_by_role("link", name="Fitness")).to_have_attribute("aria-current", "page")

    time_range = page.get_by_role("radiogroup", name="Time range")
    await time_range.get_by_role("radio", name="3 months").focus()
    await page.keyboard.press("ArrowRight")
    await expect(time_range.get_by_role("radio", name="1 year")).to_be_checked()
    await expect(time_range.get_by_role("radio", name="1 year")).to_be_focused()
    slider = page.get_by_role("slider", name="Day in the chart")
    await slider.focus()
    await page.keyboard.press("End")
    assert "fitness" in (await slider.get_attribute("aria-valuetext") or "")


async def test_a_dialog_holds_the_focus_and_gives_it_back(anna_at: OpenWindow, anna: Visitor) -> None:
    visitor = await anna_at()
    page = visitor.page
    await visitor.visit((await screens(anna))["run"])
    opener = page.get_by_role("button", name="Edit")
    await opener.focus()
    await page.keyboard.press("Enter")
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await page.evaluate(
            "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        )
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()


async def test_the_appearance_can_be_chosen(newcomer: Visitor) -> None:
    page = newcomer.page
    await newcomer.visit("/profile")
    await page.get_by_role("radio", name="Dark").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(newcomer.heading("Profile")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert await newcomer.axe() == []


SIZE_OF_TEXT = "parseFloat(getComputedStyle(document.querySelector('[role=main] label')).fontSize)"
TWICE_AS_LARGE = """
    const larger = new CSSStyleSheet();
    larger.replaceSync("html { font-size: 32px }");
    document.adoptedStyleSheets = [larger];
"""
STICKS_OUT = """() => [...document.querySelectorAll('[role=main] *')].filter((one) => {
    const { left, right, width, height } = one.getBoundingClientRect();
    if (width < 2 || height < 2 || (left >= -1 && right <= innerWidth + 1)) return false;
    for (let parent = one.parentElement; parent; parent = parent.parentElement)
        if (/auto|scroll/.test(getComputedStyle(parent).overflowX)) return false;
    return true;
}).map((one) => one.textContent.slice(0, 60))"""


async def test_larger_text_is_chosen_or_taken_from_the_browser(newcomer: Visitor, window: OpenWindow) -> None:
    page = newcomer.page
    await newcomer.visit("/profile")
    usual = await page.evaluate(SIZE_OF_TEXT)
    await page.get_by_role("radio", name="Very large").click()
    await newcomer.until(f"{SIZE_OF_TEXT} === {1.6 * usual}")
    await page.reload()
    await expect(newcomer.heading("Profile")).to_be_visible()
    await newcomer.until(f"{SIZE_OF_TEXT} === {1.6 * usual}")
    assert await objections(newcomer) == []

    other = await window()
    await other.page.add_init_script(TWICE_AS_LARGE)
    await other.visit("/sign-in")
    assert await other.page.evaluate(SIZE_OF_TEXT) == 2 * usual
    assert await objections(other) == []


BROKEN_TITLES = """() => [...document.querySelectorAll('[role=main] [role=heading]')].filter((one) => {
    if (/\\s/.test(one.textContent.trim())) return false;
    return one.offsetHeight > 1.5 * parseFloat(getComputedStyle(one).lineHeight);
}).map((one) => one.textContent)"""


async def test_no_title_breaks_inside_a_word_in_text_twice_as_large(anna_at: OpenWindow, anna: Visitor) -> None:
    visitor = await anna_at(viewport="phone")
    await visitor.page.add_init_script(TWICE_AS_LARGE)
    known = await screens(anna)
    for path in ("/", known["run"]):
        await visitor.visit(path)
        await expect(visitor.page.locator("[aria-busy=true]")).to_have_count(0)
        assert await visitor.page.evaluate(BROKEN_TITLES) == []


TABLES_IN_PART = """() => [...document.querySelectorAll('[role=region]')].filter(
    (one) => one.querySelector('[role=table]') && one.scrollWidth > one.clientWidth + 2
).map((one) => one.getAttribute('aria-label'))"""


async def test_tables_that_do_not_fit_in_text_twice_as_large_become_lines(anna_at: OpenWindow, anna: Visitor) -> None:
    visitor = await anna_at(viewport="phone")
    await visitor.page.add_init_script(TWICE_AS_LARGE)
    await visitor.visit("/thresholds")
    await expect(visitor.page.get_by_role("table").first.get_by_role("cell").first).to_be_visible()
    await expect(visitor.page.locator("[aria-busy=true]")).to_have_count(0)
    assert await visitor.page.evaluate(TABLES_IN_PART) == []
    assert await objections(visitor) == []


CUT_TABS = """() => [...document.querySelectorAll('[role=navigation] a, [role=navigation] a div')].filter((one) => {
    const { left, right } = one.getBoundingClientRect();
    return one.scrollWidth > one.clientWidth + 1 || left < -1 || right > innerWidth + 1;
}).map((one) => one.textContent)"""
SIZE_OF_TABS = "parseFloat(getComputedStyle(document.querySelector('[role=navigation] a [dir=auto]')).fontSize)"


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "zh"])
async def test_the_tabs_of_a_small_phone_are_whole_in_letters_twice_as_large(window: OpenWindow, language: str) -> None:
    visitor = await window(viewport="phone")
    page = visitor.page
    await page.set_viewport_size({"width": 360, "height": 740})
    await sign_up(visitor, "Toni", language=language)
    await visitor.visit("/")
    tabs = page.get_by_role("navigation").get_by_role("link")
    await expect(tabs).to_have_count(7)
    usual = await page.evaluate(SIZE_OF_TABS)
    places = [await tab.bounding_box() for tab in await tabs.all()]
    assert len({place["y"] for place in places if place}) == 1
    assert await page.evaluate(CUT_TABS) == []

    await page.add_init_script(TWICE_AS_LARGE)
    await visitor.visit("/")
    assert await page.evaluate(SIZE_OF_TABS) == 2 * usual
    assert await page.evaluate(CUT_TABS) == []
    places = [await tab.bounding_box() for tab in await tabs.all()]
    assert len({place["y"] for place in places if place}) == (1 if language == "zh" else 2)
    assert await objections(visitor) == []


async def test_the_largest_text_fits_a_phone(anna_at: OpenWindow, anna: Visitor) -> None:
    visitor = await anna_at(viewport="phone")
    await visitor.page.add_init_script("localStorage.setItem('topform.textSize', 'largest')")
    found = {}
    for name, path in (await screens(anna)).items():
        await visitor.visit(path)
        await expect(visitor.page.locator("[aria-busy=true]")).to_have_count(0)
        if outside := await visitor.page.evaluate(STICKS_OUT):
            found[name] = outside
    assert found == {}
