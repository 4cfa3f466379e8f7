"""What is kept no longer goes by itself, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from tests.support.api import Api, Person
from tests.support.workouts import Ride

from topform.features.privacy.registry import retention_rules
from topform.features.privacy.repository import delete_old
from topform.features.privacy.retention import EXPORTS_KEPT, forget_what_is_old

PAGE = Path(__file__).parents[3] / "docs" / "guides" / "data-protection.md"


class Later:
    """A clock that runs ahead."""

    def __init__(self, ahead: timedelta, now: datetime) -> None:
        self._now = now + ahead

    def now(self) -> datetime:
        """Return the moment."""
        return self._now


async def forgotten_after(api: Api, days: float) -> dict[str, int]:
    clock = Later(timedelta(days=days), api.resources.clock.now())
    return await forget_what_is_old(replace(api.resources, clock=clock))


async def test_what_is_in_use_stays_and_what_is_over_goes(api: Api, person: Person) -> None:
    await person.upload("ride.fit", Ride(seconds=60).as_fit())
    export = await person.call("POST", "/account/exports", status=202)
    token = await person.call(
        "POST", "/accounts/me/tokens", status=201, json={"name": "script", "scopes": ["activities:read"]}
    )
    assert token
    await api.work()
    assert await forgotten_after(api, 0) == {}
    assert (await person.get(f"/jobs/{export['id']}"))["state"] == "succeeded"
    archive = f"exports/{person.athlete['id']}/{export['id']}.zip"
    assert archive in api.stored_files()

    gone = await forgotten_after(api, EXPORTS_KEPT.days + 1)
    assert gone["exports"] == 1
    assert archive not in api.stored_files()
    await person.get(f"/account/exports/{export['id']}/file", status=404)
    assert "jobs" not in gone

    gone = await forgotten_after(api, 91)
    assert gone["jobs"] == 2
    assert gone["account_sessions"] == 1
    assert await forgotten_after(api, 91) == {}
    async with api.resources.database.transaction() as session:
        for table in ("athletes", "activities", "activity_sources", "account_credentials", "account_api_tokens"):
            assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 1, table


async def test_an_unfinished_job_is_never_too_old(api: Api, person: Person) -> None:
    await person.upload("ride.fit", Ride(seconds=60).as_fit())
    await forgotten_after(api, 400)
    async with api.resources.database.transaction() as session:
        assert await session.scalar(text("SELECT count(*) FROM jobs")) == 1


async def test_every_rule_is_a_query_that_the_database_answers(api: Api) -> None:
    for rule in retention_rules():
        async with api.resources.database.transaction() as session:
            assert await delete_old(session, rule, now=api.resources.clock.now()) == 0


def test_the_page_tells_every_rule() -> None:
    told = PAGE.read_text(encoding="utf-8")
    for rule in retention_rules():
        days = "at once" if rule.days == 0 else f"{rule.days} days"
        assert any(f"`{rule.table.name}`" in line and days in line for line in told.splitlines()), rule
    assert f"{EXPORTS_KEPT.days} days" in told
