"""Somebody who only reads a post, and is told of nothing, sees it change before their eyes."""

from __future__ import annotations

from playwright.async_api import expect
from tests.e2e.app.conftest import OpenWindow
from tests.e2e.app.test_community import RUN, join
from tests.support.app_site import upload


async def test_a_stranger_sees_a_post_change_and_go_while_it_is_open(window: OpenWindow) -> None:
    lara, otto = await join(window, "Lara"), await join(window, "Otto", viewport="phone")
    job = await upload(lara, "/activities/uploads", RUN.file_name, RUN.to_fit())
    about = {"activity_id": job["result"]["files"][0]["activity_ids"][0], "audience": "public"}
    post = await lara.call("POST", "/community/posts", {**about, "text": "By the lake", "shown": []}, expect=201)
    path = f"/community/posts/{post['id']}"
    await otto.visit(path)
    await expect(otto.page.get_by_text("By the lake")).to_be_visible()
    await lara.call("POST", f"{path}/comments", {"text": "It was windy"}, expect=201)
    await expect(otto.page.get_by_role("list", name="Comments").get_by_text("It was windy")).to_be_visible()
    await lara.call("PATCH", path, {"text": "Around the lake", "shown": ["distance"]}, expect=200)
    await expect(otto.page.get_by_text("Around the lake")).to_be_visible()
    await expect(otto.page.get_by_text("Distance", exact=True)).to_be_visible()
    await otto.context.set_offline(True)
    await lara.call("PATCH", path, {"text": "Twice around the lake"}, expect=200)
    await otto.context.set_offline(False)
    await expect(otto.page.get_by_text("Twice around the lake")).to_be_visible()
    await lara.call("PATCH", path, {"audience": "followers"}, expect=200)
    await expect(otto.page.get_by_text("This post is gone")).to_be_visible()
    assert await otto.axe() == []
