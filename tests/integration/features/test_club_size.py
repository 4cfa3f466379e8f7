"""However many memberships a server has, no page reads the table of them, and no list of people is without end."""

from __future__ import annotations

import psycopg
import pytest
from tests.integration.features.test_challenges import make, take_part
from tests.integration.features.test_community import befriend, join, share, store_activity
from tests.support.api import Api
from tests.support.query_plans import recorded_queries, scans_without_index

from topform.features.community.club_members import repository

MEMBERSHIPS = 200_000


def add_memberships(api: Api) -> None:
    """Have four thousand strangers be in fifty clubs each."""
    with psycopg.connect(api.resources.database.plain_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            """
            INSERT INTO community_club_members (club_id, athlete_id, standing, since)
            SELECT md5('club' || mod(n * 7 + k, 4000))::uuid, md5('athlete' || n)::uuid,
                CASE k WHEN 0 THEN 'owner' ELSE 'member' END, now()
            FROM generate_series(1, %s) n, generate_series(0, 49) k
            """,
            [MEMBERSHIPS // 50],
        )
        connection.execute("VACUUM (ANALYZE) community_club_members")


async def test_no_page_reads_the_table_of_memberships_as_a_whole(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await befriend(bob, ada)
    wish = {"name": "Lake", "joining": "open", "is_listed": True}
    club = (await ada.call("POST", "/community/clubs", status=201, json=wish))["id"]
    await bob.call("PUT", f"/community/clubs/{club}/membership", status=200)
    post = await share(ada, await store_activity(api, ada), "club", club_id=club)
    await bob.call("POST", f"/community/posts/{post['id']}/comments", status=201, json={"text": "Well done"})
    challenge = await make(ada)
    await take_part(bob, challenge)
    add_memberships(api)
    found = {}
    for path in (
        "/community/feed",
        "/community/people/ada",
        "/community/people/ada/posts",
        f"/community/posts/{post['id']}/comments",
        "/community/clubs?which=mine",
        f"/community/clubs/{club}/people",
        f"/community/clubs/{club}/posts",
        "/community/challenges",
        f"/community/challenges/{challenge}/board",
    ):
        with recorded_queries(api.resources.database) as queries:
            await bob.get(path)
        assert queries
        scans = [
            scan
            for query in queries
            for scan in await scans_without_index(api.resources.database, query, {"community_club_members"})
        ]
        if scans:
            found[path] = scans
    assert found == {}


async def test_a_list_of_people_ends_and_the_latest_bans_are_on_it(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "MOST_LISTED", 3)
    owner = await join(api, "owner")
    wish = {"name": "Lake", "joining": "open", "is_listed": True}
    club = (await owner.call("POST", "/community/clubs", status=201, json=wish))["id"]
    handles = ["amy", "ben", "cat", "dan"]
    for handle in handles:
        person = await join(api, handle)
        await person.call("PUT", f"/community/clubs/{club}/membership", status=200)
    path = f"/community/clubs/{club}/people"
    shown = [one["handle"] for one in (await owner.get(path))["items"]]
    assert shown == ["owner", "amy", "ben"]
    for handle in handles:
        await owner.call("PUT", f"{path}/{handle}", status=200, json={"standing": "banned"})
    banned = (await owner.get(path, params={"standing": "banned"}))["items"]
    assert [one["handle"] for one in banned] == ["dan", "cat", "ben"]
    await owner.call("DELETE", f"{path}/amy", status=204)  # One that is too old for the list is lifted by its handle.
