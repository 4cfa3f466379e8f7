"""Connecting services in tests, the way the app does."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import text

from tests.support.api import Api, Person
from tests.support.provider_server import ProviderServer


async def authorize(person: Person, provider: ProviderServer, service: str, **body: Any) -> dict[str, Any]:
    """Go to the service's page, give permission there and come back; returns the connection."""
    started = await person.call("POST", f"/connections/authorizations/{service}", status=201, json=body)
    query = {name: values[0] for name, values in parse_qs(urlsplit(started["authorization_url"]).query).items()}
    code = provider.oauth.approve(query.get("code_challenge"))
    connection: dict[str, Any] = await person.call(
        "POST", "/connections/authorizations", status=201, json={"state": query["state"], "code": code}
    )
    return connection


async def connection_of(person: Person, service: str) -> dict[str, Any] | None:
    """Return the person's connection to a service as the list shows it."""
    listed = await person.get("/connections")
    offer = next(one for one in listed["providers"] if one["provider"] == service)
    connection: dict[str, Any] | None = offer["connection"]
    return connection


async def synced(api: Api, person: Person, connection_id: str) -> dict[str, Any]:
    """Let the worker do what waits and return the connection in full."""
    await api.work()
    detail: dict[str, Any] = await person.get(f"/connections/{connection_id}")
    return detail


async def go_on(api: Api) -> None:
    """Let waiting jobs begin at once, as they would later."""
    async with api.resources.database.transaction() as session:
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    await api.work()
