"""Feeds of public posts: only of adults who chose so, only what was chosen, and documents that readers understand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import httpx
from tests.integration.features.test_community import (
    HIDDEN_HR,
    HIDDEN_LOAD,
    HIDDEN_POWER,
    join,
    share,
    store_activity,
)
from tests.integration.features.test_form_checks import store_form_check
from tests.integration.features.test_minors import born, set_birth_date
from tests.support.api import Api, Person

FORMS = ("rss", "atom", "json")
ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
FULL_ADDRESS = "https://coach.example.org"


async def publish(api: Api, handle: str, **choices: Any) -> Person:
    """Return an adult whose public feed is on."""
    person = await api.sign_up(birth_date=born(30), **choices)
    await switch(person, handle, on=True)
    return person


async def switch(person: Person, handle: str, *, on: bool, status: int = 200) -> Any:
    profile = {"handle": handle, "name": handle.title(), "has_public_feed": on}
    return await person.call("PUT", "/community/me", status=status, json=profile)


async def fetch(api: Api, handle: str, form: str = "json", **options: Any) -> httpx.Response:
    """Ask for a feed as somebody without an account."""
    async with api.client() as http:
        return await http.get(f"/api/v1/community/people/{handle}/public.{form}", **options)


async def ids(api: Api, handle: str) -> list[str]:
    """The posts of a feed, found in each form of it."""
    found = []
    for form in FORMS:
        answer = await fetch(api, handle, form)
        assert answer.status_code == 200, answer.text
        if form == "json":
            found.append([item["id"] for item in answer.json()["items"]])
        else:
            root = ElementTree.fromstring(answer.content)
            found.append([one.text for one in (*root.iter("guid"), *root.findall(f"{ATOM}entry/{ATOM}id"))])
    assert found[0] == found[1] == found[2]
    return [UUID(one).hex for one in found[0]]


async def test_there_is_no_feed_until_an_adult_asks_for_one(api: Api) -> None:
    unborn = await join(api, "ada")
    await share(unborn, await store_activity(api, unborn), "public")
    assert (await unborn.get("/community/me"))["profile"]["has_public_feed"] is False
    assert (await switch(unborn, "ada", on=True, status=403))["code"] == "age_unknown"
    young = await api.sign_up(birth_date=born(17))
    assert (await switch(young, "kim", on=True, status=403))["code"] == "too_young"
    await switch(young, "kim", on=False)
    await share(young, await store_activity(api, young), "public")
    for handle in ("ada", "kim", "nobody_here"):
        answers = [(answer.status_code, answer.json()["code"]) for answer in [await fetch(api, handle)]]
        assert answers == [(404, "not_found")]


async def test_a_feed_ends_with_the_choice_the_age_and_the_account(api: Api) -> None:
    ada = await publish(api, "ada")
    post = await share(ada, await store_activity(api, ada), "public")
    assert await ids(api, "ADA") == [UUID(post["id"]).hex]
    await switch(ada, "ada", on=False)
    assert (await fetch(api, "ada")).status_code == 404
    await switch(ada, "ada", on=True)
    await set_birth_date(api, ada, born(17))
    assert (await fetch(api, "ada")).status_code == 404
    await set_birth_date(api, ada, None)
    assert (await fetch(api, "ada")).status_code == 404
    await set_birth_date(api, ada, born(30))
    assert (await fetch(api, "ada")).status_code == 200
    await ada.call("DELETE", "/community/me", status=204)
    assert (await fetch(api, "ada")).status_code == 404


async def test_only_public_posts_leave_and_go_again(api: Api) -> None:
    ada = await publish(api, "ada")
    kept = [await share(ada, await store_activity(api, ada), audience) for audience in ("me", "followers")]
    out = [await share(ada, await store_activity(api, ada), "public") for _ in range(3)]
    newest_first = [UUID(post["id"]).hex for post in reversed(out)]
    assert await ids(api, "ada") == newest_first
    await ada.call("PATCH", f"/community/posts/{out[0]['id']}", status=200, json={"audience": "followers"})
    await ada.call("DELETE", f"/community/posts/{out[1]['id']}", status=204)
    assert await ids(api, "ada") == newest_first[:1]
    await ada.call("PATCH", f"/community/posts/{kept[0]['id']}", status=200, json={"audience": "public"})
    assert set(await ids(api, "ada")) == {newest_first[0], UUID(kept[0]["id"]).hex}


async def test_a_feed_holds_the_chosen_fields_in_the_authors_words_and_nothing_else(api: Api) -> None:
    ada = await publish(api, "ada", language="de")
    ride = await store_activity(api, ada)
    said = 'Hart <b>& "schön"</b>\x0b'
    await share(ada, ride, "public", text=said, shown=["distance", "time", "ascent", "start_time"])
    form_check = await store_form_check(api, ada, b"video")
    new = {"form_check_id": form_check, "audience": "public", "shown": ["count"]}
    await ada.call("POST", "/community/posts", status=201, json=new)
    answer = (await fetch(api, "ada")).json()
    assert (answer["title"], answer["language"]) == ("Ada: Training", "de")
    push_ups, post = answer["items"]
    assert push_ups["title"].startswith("Liegestütze, ")
    assert post["title"] == "Radfahrt, 1. Juni 2026"
    assert post["content_text"].splitlines()[-5:] == [
        "Beginn: 08:31",
        "Distanz: 30,00 km",
        "Zeit: 58:20",
        "Gesamtzeit: 1:01:40",
        "Anstieg: 310 m",
    ]
    assert "<b>" not in post["content_html"] and "Hart &lt;b&gt;&amp; &quot;schön&quot;" in post["content_html"]
    everything = [(await fetch(api, "ada", form)).text for form in FORMS]
    for text in everything:
        assert "Hart" in text
        for hidden in (HIDDEN_HR, HIDDEN_POWER, HIDDEN_LOAD, 52.51, "Ride past my house", ada.athlete["id"], "Puls"):
            assert str(hidden) not in text
        assert ada.athlete["email"] not in text and ride not in text and form_check not in text


IN_UNITS = [
    ("metric", "running", ["30.00 km", "1:57 /km", "310 m"]),
    ("imperial", "running", ["18.64 mi", "3:08 /mi", "1017 ft"]),
    ("imperial", "swimming", ["32808 yd", "0:11 /100 yd", "1017 ft"]),
    ("metric", "rowing", ["30.00 km", "0:58 /500 m", "310 m"]),
    ("imperial", "cycling", ["18.64 mi", "19.2 mph", "1017 ft"]),
]


async def test_numbers_are_in_the_authors_units(api: Api) -> None:
    ada = await publish(api, "ada")
    for units, sport, expected in IN_UNITS:
        await ada.call("PATCH", "/athletes/me", status=200, json={"units": units})
        activity = await store_activity(api, ada, sport=sport)
        await share(ada, activity, "public", shown=["distance", "speed", "ascent"])
        item = (await fetch(api, "ada")).json()["items"][0]
        assert [line.partition(": ")[2] for line in item["content_text"].splitlines()] == expected, sport


async def test_a_reader_is_spared_what_it_has_and_gets_what_changed(api: Api) -> None:
    ada = await publish(api, "ada")
    first = await share(ada, await store_activity(api, ada), "public")
    gone = await share(ada, await store_activity(api, ada), "public")
    kinds = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
    for form in FORMS:
        answer = await fetch(api, "ada", form)
        assert answer.headers["content-type"] == f"{kinds[form]}; charset=utf-8"
        assert parsedate_to_datetime(answer.headers["last-modified"]).tzinfo is UTC
        tag = {"If-None-Match": f'W/{answer.headers["etag"]}, "other"'}
        again = await fetch(api, "ada", form, headers=tag)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
        since = {"If-Modified-Since": answer.headers["last-modified"]}
        assert (await fetch(api, "ada", form, headers=since)).status_code == 200
    before = await fetch(api, "ada")
    await ada.call("DELETE", f"/community/posts/{gone['id']}", status=204)
    after = await fetch(api, "ada", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200 and len(after.json()["items"]) == 1
    await ada.call("PATCH", f"/community/posts/{first['id']}", status=200, json={"text": "Better words"})
    changed = await fetch(api, "ada", headers={"If-None-Match": after.headers["etag"]})
    assert changed.json()["items"][0]["id"] == after.json()["items"][0]["id"]
    assert changed.json()["items"][0]["content_text"].startswith("Better words\n")
    assert parsedate_to_datetime(changed.headers["last-modified"]) >= parsedate_to_datetime(
        after.headers["last-modified"]
    )


async def test_the_documents_are_what_the_standards_ask_for(api: Api) -> None:
    settings = api.settings.model_copy(update={"public_url": f"{FULL_ADDRESS}/"})
    api.app.state.resources = replace(api.resources, settings=settings)
    ada = await publish(api, "ada")
    post = await share(ada, await store_activity(api, ada), "public")
    home, address = f"{FULL_ADDRESS}/community/people/ada", f"{FULL_ADDRESS}/community/posts/{post['id']}"
    own = f"{FULL_ADDRESS}/api/v1/community/people/ada/public"
    created = datetime.fromisoformat(post["created_at"])

    channel = ElementTree.fromstring((await fetch(api, "ada", "rss")).content).find("channel")
    assert channel is not None
    assert {"title", "link", "description", "language", "lastBuildDate"} <= {one.tag for one in channel}
    (item,) = channel.findall("item")
    assert (channel.findtext("link"), item.findtext("link")) == (home, address)
    guid = item.find("guid")
    assert guid is not None and (guid.text, guid.get("isPermaLink")) == (f"urn:uuid:{post['id']}", "false")
    assert parsedate_to_datetime(item.findtext("pubDate") or "") == created.replace(microsecond=0)
    assert item.findtext(f"{DC}creator") == "Ada"
    itself = channel.find(f"{ATOM}link")
    assert itself is not None and (itself.get("rel"), itself.get("href")) == ("self", f"{own}.rss")

    feed = ElementTree.fromstring((await fetch(api, "ada", "atom")).content)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Ada"
    assert {one.get("rel"): one.get("href") for one in feed.findall(f"{ATOM}link")} == {
        "self": f"{own}.atom",
        "alternate": home,
    }
    assert UUID((feed.findtext(f"{ATOM}id") or "").removeprefix("urn:uuid:")) != UUID(ada.athlete["id"])
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}published") or "") == created
    content = entry.find(f"{ATOM}content")
    assert content is not None and content.get("type") == "html"

    document = json.loads((await fetch(api, "ada", "json")).content)
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert (document["home_page_url"], document["feed_url"]) == (home, f"{own}.json")
    assert document["items"][0]["url"] == address
    assert document["authors"] == [{"name": "Ada", "url": home}]
