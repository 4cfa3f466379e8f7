"""Two servers on this machine: following, posting and deleting across them, and messages that prove nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from sqlalchemy import text
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_community import HIDDEN_HR, HIDDEN_LOAD, HIDDEN_POWER, share, store_activity
from tests.integration.features.test_minors import born, set_birth_date
from tests.integration.features.test_privacy import erase, traces
from tests.support.api import Api, Person
from tests.support.federation import (
    PATIENCE_S,
    Stranger,
    actor_of,
    another_database,
    federating,
    host_of,
    known_person,
    settle,
)
from tests.support.postgres import PostgresServer

from topform.platform.web.identity import Role

ACTIVITY_JSON = "application/activity+json"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
PROTOCOL = (
    "/.well-known/webfinger?resource=acct:kim@127.0.0.1",
    "/.well-known/nodeinfo",
    "/federation/nodeinfo/2.1",
    f"/federation/actors/{uuid4()}",
    f"/federation/actors/{uuid4()}/outbox",
    f"/federation/actors/{uuid4()}/followers",
    f"/federation/notes/{uuid4()}",
)


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """One server."""
    async with federating(database_url, tmp_path) as started:
        yield started


@pytest.fixture
async def there(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Api]:
    """Another server with a database of its own."""
    with another_database(postgres_server) as url:
        async with federating(url, tmp_path_factory.mktemp("there")) as started:
            yield started


def address(server: Api, handle: str) -> str:
    return f"@{handle}@{host_of(server)}"


async def befriend(here: Api, ada: Person, there: Api, kim: Person) -> None:
    """Have somebody here follow somebody there, who accepts."""
    known = [await person.get("/community/me") for person in (ada, kim)]
    assert [one["federates"] for one in known] == [True, True]
    by, to = [one["profile"]["handle"] for one in known]
    asked = await ada.call("PUT", f"/community/remote-following/{address(there, to)}", status=200)
    assert (asked["address"], asked["following"]) == (address(there, to), "requested")
    await settle(here, there)
    (request,) = (await kim.get("/community/remote-followers", params={"accepted": False}))["items"]
    assert request["address"] == address(here, by)
    await kim.call("PUT", f"/community/remote-followers/{request['address']}", status=200)
    await settle(there, here)


async def remote_texts(person: Person) -> list[str]:
    """What a person reads of other servers."""
    items = (await person.get("/community/feed"))["items"]
    return [post["text"] for post in items if post["origin"] is not None]


async def fetched(url: str) -> Any:
    async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
        answer = await http.get(url, headers={"Accept": ACTIVITY_JSON})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] in (ACTIVITY_JSON, "application/jrd+json")
    return answer.json()


async def a_post_travels_changes_and_vanishes(here: Api, there: Api) -> None:
    ada, kim = await known_person(here, "ada"), await known_person(there, "kim")
    await befriend(here, ada, there, kim)
    (followed,) = (await ada.get("/community/remote-following"))["items"]
    assert (followed["address"], followed["following"], followed["host"]) == (
        address(there, "kim"),
        "yes",
        host_of(there),
    )
    assert (await kim.get("/community/federation"))["followers"] == 1

    await share(kim, await store_activity(there, kim), "followers", text="For my own people")
    shown = ["distance", "time"]
    post = await share(kim, await store_activity(there, kim), "public", text="<b>Hard</b> & fast", shown=shown)
    own = await share(ada, await store_activity(here, ada), "me", text="Mine")
    await settle(there, here)
    newest, older = (await ada.get("/community/feed"))["items"]
    assert (newest["kind"], older["origin"]) in (("remote", None), ("activity", older["origin"]))
    (item,) = [one for one in (newest, older) if one["id"] != own["id"]]
    assert (item["kind"], item["author"]) == ("remote", {"handle": f"kim@{host_of(there)}", "name": "Kim"})
    assert item["origin"] == {
        "host": host_of(there),
        "url": f"{there.settings.public_url}/community/posts/{post['id']}",
    }
    assert "<b>Hard</b> & fast" in item["text"] and "Distance: 30.00 km" in item["text"]
    assert not [one for one in (HIDDEN_HR, HIDDEN_POWER, HIDDEN_LOAD) if str(one) in json.dumps(item)]
    assert (await ada.get(f"/community/posts/{item['id']}"))["origin"] == item["origin"]
    first = await ada.get("/community/feed", params={"limit": 1})
    rest = await ada.get("/community/feed", params={"limit": 1, "cursor": first["next_cursor"]})
    assert [one["id"] for one in (*first["items"], *rest["items"])] == [newest["id"], older["id"]]
    eve = await known_person(here, "eve")
    assert await remote_texts(eve) == []
    await eve.get(f"/community/posts/{item['id']}", status=404)

    await kim.call("PATCH", f"/community/posts/{post['id']}", status=200, json={"text": "Better", "shown": ["time"]})
    await settle(there, here)
    (changed,) = await remote_texts(ada)
    assert "Better" in changed and "Distance" not in changed and "Hard" not in changed

    await kim.call("PATCH", f"/community/posts/{post['id']}", status=200, json={"audience": "followers"})
    await settle(there, here)
    assert await remote_texts(ada) == []
    await kim.call("PATCH", f"/community/posts/{post['id']}", status=200, json={"audience": "public"})
    await settle(there, here)
    assert len(await remote_texts(ada)) == 1
    await kim.call("DELETE", f"/community/posts/{post['id']}", status=204)
    await settle(there, here)
    assert await remote_texts(ada) == []


async def what_is_taken_away_is_taken_away_everywhere(here: Api, there: Api) -> None:
    ada, kim = await known_person(here, "ann"), await known_person(there, "kay")
    await befriend(here, ada, there, kim)
    moderator = await with_role(there, Role.MODERATOR)
    reader = await there.sign_up(address="10.9.0.3", birth_date="1991-01-01")
    await reader.call("PUT", "/community/me", status=200, json={"handle": "reader", "name": "Reader"})
    by_moderator, by_activity = [
        await share(kim, await store_activity(there, kim), "public", text=said) for said in ("Rude", "Deleted ride")
    ]
    await settle(there, here)
    assert len(await remote_texts(ada)) == 2

    report = {"post_id": by_moderator["id"], "reason": "harassment"}
    reported = await reader.call("POST", "/community/reports", status=201, json=report)
    decision = {"decision": "removed", "note": "Be kind"}
    await moderator.call("PUT", f"/community/reports/{reported['id']}", status=200, json=decision)
    await kim.call("DELETE", f"/activities/{by_activity['activity_id']}", status=204)
    await settle(there, here)
    assert await remote_texts(ada) == []

    # A new post, and then the whole account: everything of it goes there, too, and nothing of it stays behind here.
    await share(kim, await store_activity(there, kim), "public", text="The last one")
    await settle(there, here)
    assert len(await remote_texts(ada)) == 1
    actor = (await actor_of(there, kim)).address
    await erase(there, kim)
    await settle(there, here)
    assert await remote_texts(ada) == []
    assert (await ada.get("/community/remote-following"))["items"] == []
    async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
        assert (await http.get(actor)).status_code == 404
    assert await traces(there, [kim.athlete["id"], actor.rpartition("/")[2], kim.athlete["email"]]) == []


async def blocks_part_people_and_servers(here: Api, there: Api) -> None:
    ada, kim = await known_person(here, "bea"), await known_person(there, "ken")
    await befriend(here, ada, there, kim)
    await share(kim, await store_activity(there, kim), "public", text="Hello")
    await settle(there, here)
    assert len(await remote_texts(ada)) == 1
    theirs, mine = address(there, "ken"), address(here, "bea")

    await kim.call("PUT", f"/community/remote-blocks/{mine}", status=204)
    assert [one["address"] for one in (await kim.get("/community/remote-blocks"))["items"]] == [mine]
    await settle(there, here)
    assert (await kim.get("/community/federation"))["followers"] == 0
    assert (await ada.get("/community/remote-following"))["items"] == []
    await ada.call("PUT", f"/community/remote-following/{theirs}", status=200)
    await settle(here, there, here)
    assert (await ada.get("/community/remote-following"))["items"] == []  # refused at once
    assert (await kim.get("/community/federation"))["requests"] == 0
    await kim.call("DELETE", f"/community/remote-blocks/{mine}", status=204)
    await befriend(here, ada, there, kim)
    await ada.call("DELETE", f"/community/remote-following/{theirs}", status=204)
    await settle(here, there)
    assert (await kim.get("/community/federation"))["followers"] == 0
    await befriend(here, ada, there, kim)

    moderator = await with_role(there, Role.MODERATOR)
    await ada.call("PUT", "/community/blocked-hosts/example.org", status=403, json={"reason": "x"})
    path = f"/community/blocked-hosts/{host_of(here)}"
    await moderator.call("PUT", path, status=200, json={"reason": "Nothing but spam"})
    assert (await kim.get("/community/federation"))["followers"] == 0
    before = await remote_texts(ada)
    await share(kim, await store_activity(there, kim), "public", text="Not for them")
    await settle(there, here)
    assert await remote_texts(ada) == before
    writer = await actor_of(here, ada)
    inbox = f"{(await actor_of(there, kim)).address}/inbox"
    follow = {"id": f"{writer.address}#1", "type": "Follow", "actor": writer.address, "object": inbox[:-6]}
    assert await writer.send(inbox, follow) == 403
    await moderator.call("DELETE", path, status=204)
    assert await writer.send(inbox, follow) == 202


async def a_message_that_proves_nothing_changes_nothing(here: Api, there: Api) -> None:
    ada, kim = await known_person(here, "cat"), await known_person(there, "kit")
    eve = await known_person(here, "cleo")
    writer, other, target = await actor_of(here, ada), await actor_of(here, eve), await actor_of(there, kim)
    inbox = f"{target.address}/inbox"

    def follow(number: int) -> dict[str, Any]:
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{writer.address}#{number}",
            "type": "Follow",
            "actor": writer.address,
            "object": target.address,
        }

    long_ago, ahead = (datetime.now(UTC) + timedelta(hours=hours) for hours in (-2, 2))
    forger = Stranger(writer.address, writer.key_id, generate_private_key(public_exponent=65537, key_size=2048))
    elsewhere = f"{writer.address}/inbox"
    refused = {
        "no signature": await writer.send(inbox, follow(1), headers={"Signature": ""}),
        "another key": await forger.send(inbox, follow(1)),
        "another body": await writer.send(inbox, follow(1), body=json.dumps(follow(2)).encode()),
        "an old date": await writer.send(inbox, follow(1), at=long_ago),
        "a date to come": await writer.send(inbox, follow(1), at=ahead),
        "signed for another inbox": await writer.send(inbox, follow(1), signed_for=elsewhere),
        "in another's name": await other.send(inbox, follow(1)),
        "an unknown key": await writer.send(inbox, follow(1), key_id=f"{writer.address}#other"),
        "a key inside": await writer.send(inbox, follow(1), key_id="http://10.0.0.1/actor#main-key"),
        "a key in the cloud": await writer.send(inbox, follow(1), key_id="http://169.254.169.254/latest#k"),
        "a key on no port of the web": await writer.send(inbox, follow(1), key_id="https://example.org:22/a#k"),
    }
    assert refused == dict.fromkeys(refused, 401)
    body, headers = writer.message(inbox, {**follow(1), "padding": "x" * 300_000})
    async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
        assert (await http.post(inbox, content=body, headers=headers)).status_code == 413
        assert (await http.post(inbox, content=b"x" * 2_000_000, headers=headers)).status_code == 413
    assert await writer.send(inbox, {"id": 5}) == 422
    assert await writer.send(f"{here.settings.public_url}/federation/actors/{uuid4()}/inbox", follow(1)) == 404
    assert (await kim.get("/community/federation"))["requests"] == 0

    for unknown in ("Like", "Announce", "Arrive", "Question"):
        said = {**follow(7), "id": f"{writer.address}#{unknown}", "type": unknown}
        assert await writer.send(inbox, said) == 202
    assert (await kim.get("/community/federation"))["requests"] == 0
    undo = {**follow(4), "type": "Undo", "object": follow(3)}
    for message, requests in ((follow(3), 1), (follow(3), 1), (undo, 0), (follow(3), 0), (undo, 0), (follow(5), 1)):
        assert await writer.send(inbox, message) == 202
        assert (await kim.get("/community/federation"))["requests"] == requests, message["id"]

    # Nobody speaks for somebody else: of a note, its author; of a request, whoever was asked.
    await befriend(there, kim, here, eve)
    note = {"id": f"{writer.address}/notes/1", "type": "Note", "to": [PUBLIC], "content": "Hi"}
    for author in (other.address, writer.address):
        said = {**follow(8), "id": f"{author}#8", "type": "Create", "object": {**note, "attributedTo": author}}
        assert await writer.send(inbox, {**said, "id": f"{writer.address}#{author[-4:]}"}) == 202
    assert await remote_texts(kim) == []
    real = {"id": f"{other.address}/notes/1", "type": "Note", "to": [PUBLIC], "attributedTo": other.address}
    real |= {"content": "<p>One<script>x()</script></p><p>two\u202e</p>"}
    create = {"id": f"{other.address}#c", "type": "Create", "actor": other.address, "object": real}
    assert await other.send(inbox, create) == 202
    assert await remote_texts(kim) == ["One\ntwo"]
    delete = {"id": f"{writer.address}#d", "type": "Delete", "actor": writer.address, "object": real["id"]}
    assert await writer.send(inbox, delete) == 202
    assert await remote_texts(kim) == ["One\ntwo"]
    hidden = {**real, "to": [f"{other.address}/followers"]}
    update = {"id": f"{other.address}#u", "type": "Update", "actor": other.address, "object": hidden}
    assert await other.send(inbox, update) == 202
    assert await remote_texts(kim) == []
    await kim.call("PUT", "/community/remote-following/@root@10.0.0.1", status=422)
    problem = await kim.call("PUT", "/community/remote-following/@kit@nowhere.invalid", status=422)
    assert problem["code"] == "remote_address_unusable"


async def what_is_sent_again_or_too_late_changes_nothing(here: Api, there: Api) -> None:
    """Somebody who listened in sends the very same bytes once more; and a deletion may overtake what it deletes."""
    ada, kim = await known_person(here, "rea"), await known_person(there, "ron")
    await befriend(there, kim, here, ada)
    writer = await actor_of(here, ada)
    inbox = f"{(await actor_of(there, kim)).address}/inbox"

    def about(kind: str, number: int) -> dict[str, Any]:
        address = f"{writer.address}/notes/{number}"
        note = {"id": address, "type": "Note", "to": [PUBLIC], "attributedTo": writer.address, "content": f"N{number}"}
        told = {"id": f"{address}#{kind}", "type": kind, "actor": writer.address}
        return {**told, "object": address if kind == "Delete" else note}

    async def again(recorded: tuple[bytes, dict[str, str]]) -> int:
        async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
            return (await http.post(inbox, content=recorded[0], headers=recorded[1])).status_code

    create, delete = (writer.message(inbox, about(kind, 1)) for kind in ("Create", "Delete"))
    for recorded, shown in ((create, ["N1"]), (create, ["N1"]), (delete, []), (create, []), (delete, []), (create, [])):
        assert await again(recorded) == 202
        assert await remote_texts(kim) == shown
    other = f"{(await actor_of(there, kim)).address}/inbox?twice"
    async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
        assert (await http.post(other, content=create[0], headers=create[1])).status_code == 401

    stranger = await actor_of(here, await known_person(here, "roy"))
    foreign = {**about("Delete", 2), "id": f"{stranger.address}#d", "actor": stranger.address}
    assert await stranger.send(inbox, foreign) == 202
    assert await writer.send(inbox, about("Create", 2)) == 202
    assert await remote_texts(kim) == ["N2"], "nobody deletes for somebody else, not even before"
    assert await writer.send(inbox, about("Delete", 3)) == 202
    assert await writer.send(inbox, about("Create", 3)) == 202
    assert await remote_texts(kim) == ["N2"]


async def documents_say_what_others_need_and_no_more(here: Api, _there: Api) -> None:
    ada = await known_person(here, "eda", language="de")
    base = here.settings.public_url
    finger = await fetched(f"{base}/.well-known/webfinger?resource=acct:Eda@{host_of(here)}")
    assert finger["subject"] == f"acct:eda@{host_of(here)}"
    (itself,) = [link["href"] for link in finger["links"] if link["rel"] == "self"]
    person = await fetched(itself)
    assert (await fetched(f"{base}/.well-known/webfinger?resource={itself}")) == finger
    assert (person["id"], person["type"], person["preferredUsername"]) == (itself, "Person", "eda")
    assert person["publicKey"]["owner"] == itself and "BEGIN PUBLIC KEY" in person["publicKey"]["publicKeyPem"]
    assert person["manuallyApprovesFollowers"] is True
    for _ in range(23):
        post = await share(ada, await store_activity(here, ada), "public", text="<i>Los</i>", shown=["distance"])
    await share(ada, await store_activity(here, ada), "followers", text="Geheim")
    await settle(here)
    outbox = await fetched(person["outbox"])
    assert (outbox["type"], outbox["totalItems"]) == ("OrderedCollection", 23)
    page = await fetched(outbox["first"])
    rest = await fetched(page["next"])
    notes = [one["object"] for one in (*page["orderedItems"], *rest["orderedItems"])]
    assert (len(page["orderedItems"]), len(notes), len({note["id"] for note in notes})) == (20, 23, 23)
    newest = notes[0]
    assert (
        newest["content"]
        == "<p>Radfahrt, 1. Juni 2026</p><p>&lt;i&gt;Los&lt;/i&gt;</p><ul><li>Distanz: 30,00 km</li></ul>"
    )
    assert newest["url"] == f"{base}/community/posts/{post['id']}"
    assert (newest["to"], newest["attributedTo"]) == ([PUBLIC], itself)
    assert (await fetched(newest["id"]))["content"] == newest["content"]
    assert await fetched(person["followers"]) == {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": person["followers"],
        "type": "OrderedCollection",
        "totalItems": 0,
    }
    everything = json.dumps([person, page, rest, finger])
    for private in ("Geheim", ada.athlete["id"], ada.athlete["email"], str(HIDDEN_HR), str(HIDDEN_POWER)):
        assert private not in everything
    links = (await fetched_plain(f"{base}/.well-known/nodeinfo"))["links"]
    assert (await fetched_plain(links[0]["href"]))["protocols"] == ["activitypub"]

    # The age ends it as well, and so does leaving; another start is another address.
    await set_birth_date(here, ada, born(17))
    async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
        for path in (itself, person["outbox"], newest["id"], finger["aliases"][0]):
            assert (await http.get(path)).status_code == 404
    await set_birth_date(here, ada, born(30))
    await ada.call("PUT", "/community/federation", status=200, json={"is_on": False})
    async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
        assert (await http.get(itself)).status_code == 404
    await ada.call("PUT", "/community/federation", status=200, json={"is_on": True})
    again = await fetched(f"{base}/.well-known/webfinger?resource=acct:eda@{host_of(here)}")
    assert again["aliases"] != finger["aliases"]
    await ada.call("DELETE", "/community/me", status=204)
    async with here.resources.database.transaction() as session:
        for table in ("community_actors", "community_announced_posts", "community_deliveries"):
            query = text(f"SELECT count(*) FROM {table} WHERE athlete_id = :id")
            assert await session.scalar(query, {"id": ada.athlete["id"]}) == 0, table


async def fetched_plain(url: str) -> Any:
    async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
        return (await http.get(url)).raise_for_status().json()


async def only_adults_who_want_it_have_an_address(here: Api, _there: Api) -> None:
    unborn, young = await here.sign_up(address="10.9.0.1"), await here.sign_up(address="10.9.0.2", birth_date=born(17))
    for person, handle, code in ((unborn, "una", "age_unknown"), (young, "yan", "too_young")):
        await person.call("PUT", "/community/me", status=200, json={"handle": handle, "name": handle})
        problem = await person.call("PUT", "/community/federation", status=403, json={"is_on": True})
        assert problem["code"] == code
        assert (await person.get("/community/federation"))["is_on"] is False
        problem = await person.call("PUT", "/community/remote-following/@kim@example.org", status=403)
        assert problem["code"] == code
    willing = await here.sign_up(address="10.9.0.2", birth_date=born(30))
    await willing.call("PUT", "/community/federation", status=409, json={"is_on": True})
    await willing.call("PUT", "/community/me", status=200, json={"handle": "will", "name": "Will"})
    problem = await willing.call("PUT", "/community/remote-following/@kim@example.org", status=409)
    assert problem["code"] == "not_federated"
    async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
        for handle in ("una", "yan", "will", "nobody"):
            url = f"{here.settings.public_url}/.well-known/webfinger"
            asked = {"resource": f"acct:{handle}@{host_of(here)}"}
            assert (await http.get(url, params=asked)).status_code == 404


async def test_across_two_servers(here: Api, there: Api) -> None:
    """Starting two servers takes longer than what they then do, so that they are started once."""
    for part in (
        a_post_travels_changes_and_vanishes,
        what_is_taken_away_is_taken_away_everywhere,
        blocks_part_people_and_servers,
        a_message_that_proves_nothing_changes_nothing,
        what_is_sent_again_or_too_late_changes_nothing,
        documents_say_what_others_need_and_no_more,
        only_adults_who_want_it_have_an_address,
        a_server_that_is_away_gets_it_later_and_one_that_stays_away_never,
    ):
        await part(here, there)


async def test_where_it_is_off_there_is_nothing(api: Api, person: Person) -> None:
    async with api.client() as http:
        for path in PROTOCOL:
            assert (await http.get(path)).status_code == 404, path
        assert (await http.post(f"/federation/actors/{uuid4()}/inbox", json={})).status_code == 404
    assert (await person.get("/community/me"))["federates"] is False
    await person.get("/community/federation", status=404)
    await person.call("PUT", "/community/federation", status=404, json={"is_on": True})
    await person.call("PUT", "/community/remote-following/@kim@example.org", status=404)


async def a_server_that_is_away_gets_it_later_and_one_that_stays_away_never(here: Api, there: Api) -> None:
    ada, kim = await known_person(here, "dot"), await known_person(there, "kip")
    await befriend(here, ada, there, kim)
    async with there.resources.database.transaction() as session:
        await session.execute(text("UPDATE community_remote_actors SET inbox = replace(inbox, '/inbox', '/gone')"))
    await share(kim, await store_activity(there, kim), "public", text="Refused for good")
    await settle(there)

    async def waiting() -> int:
        async with there.resources.database.transaction() as session:
            return int(await session.scalar(text("SELECT count(*) FROM community_deliveries")) or 0)

    assert await waiting() == 0  # 404 or 405: there is no such inbox
    async with there.resources.database.transaction() as session:
        await session.execute(text("UPDATE community_remote_actors SET inbox = 'http://127.0.0.1:9/inbox'"))
    await share(kim, await store_activity(there, kim), "public", text="Nobody is there")
    await settle(there)
    assert await waiting() == 1
    async with there.resources.database.transaction() as session:
        await session.execute(text("UPDATE community_deliveries SET created_at = now() - interval '4 days'"))
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"))
    await settle(there)
    assert await waiting() == 0
