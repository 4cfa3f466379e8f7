"""Strava from connecting to stored activities, over real HTTP: rotation of tokens, hints, limits, and the tag."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from sqlalchemy import select, text
from tests.support.api import Api, Person
from tests.support.connections import authorize, synced
from tests.support.provider_server import CLIENT_ID, WEBHOOK_SECRET, ProviderServer, as_json, status
from tests.support.workouts import MORNING

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.public import daily_loads
from topform.features.activities.tables import ActivityRow
from topform.features.connections.catalog import open_provider
from topform.features.connections.credentials import Access
from topform.features.connections.tables import ConnectionRow
from topform.platform.settings import Settings
from topform.providers.protocols import Credentials

SECONDS = 120
NOTIFICATIONS = "/api/v1/connections/notifications/strava"


def fill(provider: ProviderServer, count: int, *, every_h: int = 24) -> None:
    """Give the account rides, newest first."""
    for index in range(count):
        add(provider, 1000 + index, MORNING - timedelta(hours=every_h * index))


def add(provider: ProviderServer, activity_id: int, started_at: datetime, **changes: Any) -> None:
    activity = {
        "id": activity_id,
        "name": f"Ride {activity_id}",
        "sport_type": "Ride",
        "start_date": started_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "start_date_local": (started_at + timedelta(hours=1)).isoformat()[:19] + "Z",
        "utc_offset": 3600,
        "elapsed_time": SECONDS,
        "distance": 8.0 * SECONDS,
        "device_watts": True,
        "kudos_count": activity_id,
        "_start_s": started_at.timestamp(),
    }
    provider.strava_activities.append(activity | changes)
    rows = range(SECONDS + 1)
    streams: dict[str, list[Any]] = {
        "time": list(rows),
        "distance": [8.0 * second for second in rows],
        "heartrate": [140] * len(rows),
        "watts": [200] * len(rows),
    }
    provider.strava_streams[activity_id] = {
        name: {"data": data, "series_type": "distance", "original_size": len(data)} for name, data in streams.items()
    }


async def test_the_permission_is_asked_for_as_documented(
    person: Person, provider: ProviderServer, settings: Settings
) -> None:
    started = await person.call("POST", "/connections/authorizations/strava", status=201, json={})
    page = urlsplit(started["authorization_url"])
    query = {name: values[0] for name, values in parse_qs(page.query).items()}
    assert page.path == "/oauth/authorize"
    assert started["redirect_uri"] == f"{settings.public_url}/devices/callback"
    assert query.pop("state")
    assert query.pop("code_challenge")
    assert query == {
        "client_id": CLIENT_ID,
        "redirect_uri": started["redirect_uri"],
        "response_type": "code",
        "scope": "read,activity:read_all",
        "approval_prompt": "auto",
        "code_challenge_method": "S256",
    }


async def test_pages_that_overlap_bring_each_activity_once(api: Api, person: Person, provider: ProviderServer) -> None:
    fill(provider, 100, every_h=12)
    # Two that began in the very second on which the first page ends, and one that is older.
    edge = MORNING - timedelta(hours=12 * 99)
    add(provider, 5000, edge, manual=True)
    add(provider, 5001, edge - timedelta(days=3))
    for activity_id in range(1002, 1100):
        del provider.strava_streams[activity_id]
    connection = await authorize(person, provider, "strava", since="2025-12-01")
    after = await synced(api, person, connection["id"])
    listed = provider.asked("/athlete/activities")
    assert [seen.query["page"] for seen in listed] == ["1", "1"]
    assert after["counts"]["imported"] == 3
    assert after["counts"]["unavailable"] == 1
    assert sum(after["counts"].values()) == 102
    assert len(provider.asked("/activities/1000/streams")) == 1


async def test_what_strava_delivers_stays_with_its_owner(api: Api, person: Person, provider: ProviderServer) -> None:
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 200})
    fill(provider, 1)
    connection = await authorize(person, provider, "strava", since="2026-02-01")
    await synced(api, person, connection["id"])
    (ride,) = (await person.get("/activities"))["items"]
    assert (ride["title"], ride["power_mean_w"], ride["hr_mean_bpm"]) == ("Ride 1000", 200, 140)
    owner = AthleteId(UUID(person.athlete["id"]))
    async with api.resources.database.transaction() as session:
        assert (await session.execute(select(ActivityRow.restricted_by))).scalar_one() == "strava"
        assert len(await daily_loads(session, owner)) == 1
        assert await daily_loads(session, owner, purpose=Purpose.ASSISTANT) == []
    offer = next(one for one in (await person.get("/connections"))["providers"] if one["provider"] == "strava")
    assert offer["is_restricted"] is True


async def test_the_original_does_not_change_with_the_number_of_kudos(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill(provider, 1)
    connection = await authorize(person, provider, "strava", since="2026-02-01")
    await synced(api, person, connection["id"])
    provider.strava_activities[0]["kudos_count"] += 1
    days = {"first_day": "2026-02-01", "last_day": "2026-03-02"}
    await person.call("POST", f"/connections/{connection['id']}/fetches", status=202, json=days)
    after = await synced(api, person, connection["id"])
    assert after["runs"][0]["counts"]["duplicate"] == 1


async def test_an_expired_token_is_refreshed_once_and_the_new_pair_is_kept(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill(provider, 1)
    provider.strava_expires_at = time.time() - 10
    connection = await authorize(person, provider, "strava", since="2026-02-01")
    provider.strava_expires_at = 0
    after = await synced(api, person, connection["id"])
    assert (after["error"], provider.oauth.refreshes) == (None, 1)
    # A token that the service no longer knows although its time is not over.
    provider.oauth.access_tokens.clear()
    await person.call("POST", f"/connections/{connection['id']}/looks", status=202)
    after = await synced(api, person, connection["id"])
    assert (after["error"], provider.oauth.refreshes) == (None, 2)
    assert len(provider.oauth.refresh_tokens) == 1, "a refresh token that rotates is spent when it is used"


async def test_processes_that_refresh_at_the_same_moment_spend_one_token(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    provider.strava_expires_at = time.time() - 10
    connection = await authorize(person, provider, "strava", since="2026-02-01")
    provider.strava_expires_at = 0

    async def token() -> str:
        async with open_provider(api.resources, "strava") as opened:
            owner = AthleteId(UUID(person.athlete["id"]))
            access = Access(api.resources, opened, owner, UUID(connection["id"]))
            credentials: Credentials = await access.current()
            return credentials.access_token

    tokens = await asyncio.gather(*(token() for _ in range(5)))
    assert provider.oauth.refreshes == 1
    assert len(set(tokens)) == 1


async def test_a_revoked_grant_needs_a_new_permission(api: Api, person: Person, provider: ProviderServer) -> None:
    connection = await authorize(person, provider, "strava", since="2026-02-01")
    provider.oauth.revoke()
    after = await synced(api, person, connection["id"])
    assert (after["state"], after["error"]["code"]) == ("needs_sign_in", "provider_sign_in_needed")


async def test_the_quota_is_kept_and_the_run_goes_on_later(api: Api, person: Person, provider: ProviderServer) -> None:
    fill(provider, 2)
    connection = await authorize(person, provider, "strava", since="2026-02-01")
    provider.strava_usage = (200, 900)
    waiting = await synced(api, person, connection["id"])
    assert (waiting["run"]["state"], waiting["error"]["code"]) == ("waiting", "provider_rate_limited")
    wait = datetime.fromisoformat(waiting["run"]["retry_at"]) - datetime.now(UTC)
    assert wait <= timedelta(minutes=15)
    assert len(provider.asked("/athlete/activities")) == 1
    assert provider.asked("/streams") == []

    provider.strava_usage = (1, 901)
    async with api.resources.database.transaction() as session:
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    after = await synced(api, person, connection["id"])
    assert (after["run"], after["counts"]["imported"]) == (None, 2)


async def test_the_address_is_confirmed_and_hints_are_fetched_before_they_count(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    connection = await authorize(person, provider, "strava", since="2026-02-25")
    await synced(api, person, connection["id"])
    add(provider, 7777, MORNING - timedelta(days=700))
    query = {"hub.mode": "subscribe", "hub.challenge": "15f7d1a91c1f40f8a748fd134752feb3"}
    event = {
        "object_type": "activity",
        "object_id": 7777,
        "aspect_type": "create",
        "owner_id": 134815,
        "subscription_id": 1,
        "event_time": 1516126040,
        "updates": {"title": "a lie"},
    }
    async with api.client() as anybody:
        confirmed = await anybody.get(NOTIFICATIONS, params=query | {"hub.verify_token": WEBHOOK_SECRET})
        assert confirmed.json() == {"hub.challenge": query["hub.challenge"]}
        refused = await anybody.get(NOTIFICATIONS, params=query | {"hub.verify_token": "guess"})
        assert refused.status_code == 403
        for object_id in (7777, 999_999, 7777):
            content = as_json(event | {"object_id": object_id})
            assert (await anybody.post(NOTIFICATIONS, content=content)).status_code == 200
        assert (await anybody.post(NOTIFICATIONS, content=as_json({"owner_id": "x"}))).status_code == 403
    after = await synced(api, person, connection["id"])
    # The ride is older than the import; the hint names it, so it is fetched. The other activity does not exist.
    assert after["counts"]["imported"] == 1
    (ride,) = (await person.get("/activities"))["items"]
    assert ride["title"] == "Ride 7777"


async def test_a_forged_hint_of_withdrawal_does_nothing(api: Api, person: Person, provider: ProviderServer) -> None:
    connection = await authorize(person, provider, "strava", since="2026-02-25")
    event = {"object_type": "athlete", "object_id": 134815, "aspect_type": "update", "owner_id": 134815}
    async with api.client() as anybody:
        content = as_json(event | {"updates": {"authorized": "false"}})
        assert (await anybody.post(NOTIFICATIONS, content=content)).status_code == 200
    after = await synced(api, person, connection["id"])
    assert after["state"] == "active"


async def test_disconnecting_revokes_even_with_an_old_token(api: Api, person: Person, provider: ProviderServer) -> None:
    fill(provider, 1)
    connection = await authorize(person, provider, "strava", since="2026-02-01")
    await synced(api, person, connection["id"])
    provider.fail("/oauth/revoke", status(503))
    await person.call("DELETE", f"/connections/{connection['id']}", status=204, params={"stored": "delete"})
    await api.work()
    async with api.resources.database.transaction() as session:
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    await api.work()
    assert len(provider.asked("/oauth/revoke")) == 2, "a service that is down is asked again"
    assert provider.oauth.refresh_tokens == set()
    assert (await person.get("/activities"))["items"] == []
    async with api.resources.database.transaction() as session:
        assert (await session.execute(select(ConnectionRow))).scalars().all() == []
