"""What administrators, moderators and coaches see of others, and the zones that hide a place from them."""

from __future__ import annotations

import json
from datetime import date

import pytest
from playwright.async_api import Route, expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_accessibility import objections
from tests.support.app_site import Site, give_role, sign_up, upload
from tests.support.browser import Visitor
from tests.support.fit_writer import RUNNING
from tests.support.live_sets import live_set
from tests.support.shared_data import REPOSITORY
from tests.support.training_log import Outing

RUN = Outing(date(2026, 3, 4), RUNNING, 20)
BAD_WORDS = "Buy my pills at example.org"


@pytest.mark.screens(
    "/admin",
    "/admin/people",
    "/admin/models",
    "/admin/models/[id]/[number]",
    "/admin/improvement",
    "/admin/jobs",
    "/admin/actions",
    "/moderation",
    "/community/removals",
)
async def test_an_administrator_and_a_moderator_look_after_the_server(window: OpenWindow, installation: Site) -> None:
    root, mara, tim = await window(), await window(viewport="phone", scheme="dark"), await window()
    for visitor, name in ((root, "Root"), (mara, "Mara"), (tim, "Tim")):
        await sign_up(visitor, name)
    await give_role(installation, root, "admin")
    email = str((await mara.call("GET", "/athletes/me", expect=200))["email"])
    for visitor, handle in ((mara, "mara_mod"), (tim, "tim_sells")):
        profile = {"handle": handle, "name": handle, "is_findable": True}
        await visitor.call("PUT", "/community/me", profile, expect=200)
    done = await tim.call("POST", "/form-checks/live", live_set(3), expect=201)
    shared = {"form_check_id": done["id"], "audience": "public", "text": BAD_WORDS}
    post = await tim.call("POST", "/community/posts", shared, expect=201)
    reported = {"post_id": post["id"], "reason": "spam", "note": "Advertising, again."}
    await mara.call("POST", "/community/reports", reported, expect=201)
    await tim.visit("/admin")
    await expect(tim.heading("There is nothing here")).to_be_visible()

    page = root.page
    await root.visit("/profile")
    await page.get_by_role("link", name="Administration").click()
    await expect(root.heading("Administration")).to_be_visible()
    assert await objections(root) == []
    await page.get_by_role("link", name="People Who has").click()
    await page.get_by_label("Search a name or an address").fill(email)
    accounts = page.get_by_role("list", name="Accounts").get_by_role("listitem")
    await expect(accounts).to_have_count(1)
    assert await objections(root) == []
    await page.get_by_role("button", name="Change the account of Mara").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Role").select_option(label="Moderator")
    assert await root.axe() == []
    await dialog.get_by_role("button", name="Give this role").click()
    await expect(accounts.get_by_text("Moderator", exact=True)).to_be_visible()
    await dialog.get_by_role("button", name="Lock the account").click()
    await expect(accounts.get_by_text("Locked", exact=True)).to_be_visible()
    await dialog.get_by_role("button", name="Unlock the account").click()
    await expect(accounts.get_by_text("Locked", exact=True)).to_be_hidden()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Make an invitation").click()
    await expect(page.get_by_test_id("invitation-link")).to_contain_text("/sign-up?invitation=")
    for path, words in (
        ("/admin/models", "No versions yet"),
        ("/admin/improvement", "No version was trained here yet."),
        ("/admin/jobs", "Imports and numbers"),
        ("/admin/actions", "Root gave Mara the role Moderator."),
    ):
        await root.visit(path)
        await expect(page.get_by_text(words).first).to_be_visible()
        assert await objections(root) == [], path
    await a_version_of_a_model_is_looked_at(root)

    # The lock ended the session.
    session = {"email": email, "password": "correct horse battery staple", "session": "cookie"}
    await mara.call("POST", "/sessions", session, expect=201)
    await mara.visit("/profile")
    await expect(mara.page.get_by_role("link", name="Administration")).to_have_count(0)
    await mara.page.get_by_role("link", name="Moderation").click()
    await expect(mara.page.get_by_text(BAD_WORDS)).to_be_visible()
    await expect(mara.page.get_by_text("Advertising, again.")).to_be_visible()
    assert await objections(mara) == []
    await mara.page.get_by_role("button", name="Remove: Post by tim_sells").click()
    await mara.page.get_by_label("Reason").fill("Advertising.")
    assert await mara.axe() == []
    await mara.page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    await expect(mara.page.get_by_role("button", name="Remove: Post by tim_sells")).to_have_count(0)
    await mara.page.get_by_role("radio", name="Decided").click()
    await expect(mara.page.get_by_test_id("report").get_by_text("Removed", exact=True)).to_be_visible()
    await mara.call("GET", f"/community/posts/{post['id']}", expect=404)

    await tim.visit("/community/removals")
    await expect(tim.page.get_by_text("Advertising.")).to_be_visible()
    assert await objections(tim) == []
    (removal,) = (await tim.call("GET", "/community/removals", expect=200))["items"]
    await tim.call("PUT", f"/community/removals/{removal['id']}/appeal", {"reason": "It was a joke."}, expect=200)
    await mara.page.get_by_role("radio", name="Appeals").click()
    await expect(mara.page.get_by_text("Another moderator has to answer")).to_be_visible()
    await root.visit("/moderation")
    await page.get_by_role("radio", name="Appeals").click()
    await expect(page.get_by_text("It was a joke.")).to_be_visible()
    assert await objections(root) == []
    await page.get_by_role("button", name="Give it back: Post by tim_sells").click()
    await page.get_by_label("Reason").fill("A bad one, but a joke.")
    await page.get_by_role("dialog").get_by_role("button", name="Give it back", exact=True).click()
    await expect(page.get_by_role("list", name="Answered").get_by_text("Given back", exact=True)).to_be_visible()


async def a_version_of_a_model_is_looked_at(root: Visitor) -> None:
    """The screen of the version that the API's documentation shows; training one takes longer than a test."""
    address = "/admin/models/{model_id}/versions/{number}"
    documented = json.loads((REPOSITORY / "openapi.json").read_text())["paths"][f"/api/v1{address}"]["get"]
    version = documented["responses"]["200"]["content"]["application/json"]["example"]

    async def show(route: Route) -> None:
        await route.fulfill(json=version)

    asked = f"**/api/v1{address.format(**version)}"
    await root.page.route(asked, show)
    await root.visit(f"/admin/models/{version['model_id']}/{version['number']}")
    await expect(root.page.get_by_text(version["transitions"][0]["reason"])).to_be_visible()
    assert await objections(root) == []
    await root.page.unroute(asked)


@pytest.mark.screens("/privacy-zones", "/coaching/[id]/activities/[activity]")
async def test_a_coach_opens_an_activity_whose_start_is_hidden(newcomer: Visitor, window: OpenWindow) -> None:
    page = newcomer.page
    await newcomer.visit("/privacy-zones")
    await expect(page.get_by_text("No zone yet")).to_be_visible()
    assert await objections(newcomer) == []
    job = await upload(newcomer, "/activities/uploads", "run.fit", RUN.to_fit())
    (activity_id,) = job["result"]["files"][0]["activity_ids"]
    await newcomer.visit("/privacy-zones")
    await expect(page.get_by_role("img", name="Map with the zone")).to_be_visible()
    middle = page.get_by_role("slider", name="Middle of the zone")
    await middle.press("End")
    await expect(middle).to_have_attribute("aria-valuetext", "End")
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(middle).to_have_attribute("aria-valuetext", "Start")
    radius = page.get_by_role("slider", name="Radius")
    await expect(radius).to_have_attribute("aria-valuetext", "300 m")
    await radius.press("ArrowLeft")
    await expect(radius).to_have_attribute("aria-valuetext", "250 m")
    await page.get_by_label("Name", exact=True).fill("Home")
    await page.get_by_role("button", name="Add the zone").click()
    await expect(page.get_by_role("list", name="Your zones").get_by_text("Home")).to_be_visible()
    assert await objections(newcomer) == []

    order = {"scopes": ["activities"], "email": None}
    invitation = await newcomer.call("POST", "/coaching/invitations", order, expect=201)
    coach = await window(viewport="phone")
    await sign_up(coach, "Kim")
    athlete = await coach.call("POST", "/coaching/athletes", {"code": invitation["code"]}, expect=201)
    await coach.visit(f"/coaching/{athlete['athlete_id']}")
    await coach.page.locator(f"[href$='/activities/{activity_id}']").click()
    await expect(coach.page.get_by_role("img", name="Route of")).to_be_visible()
    await expect(coach.heading("What you do not see")).to_be_visible()
    assert await objections(coach) == []
    seen = await coach.call(
        "GET", f"/coaching/athletes/{athlete['athlete_id']}/activities/{activity_id}/streams", expect=200
    )
    latitude = seen["channels"]["latitude_deg"]
    assert latitude[0] is None
    assert any(value is not None for value in latitude)

    await page.get_by_role("button", name="Delete the zone Home").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    await expect(page.get_by_text("No zone yet")).to_be_visible()
