"""What data may be wanted for: for each purpose a read without the athlete's yes gets nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from uuid import UUID

import pytest
from sqlalchemy import select, text
from tests.integration.features.test_assistant import ask, token_of
from tests.integration.features.test_coaches import coach_of, of, ride_of
from tests.integration.features.test_form_checks import store_form_check
from tests.support.api import Api, Person

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.tables import ActivityRow
from topform.features.athletes.public import reading_for, visible_to
from topform.features.consents.public import ConsentPurpose, consenting_athletes
from topform.features.form_checks.public import consented_recordings

AGREED = {"is_given": True, "text_version": "1"}


async def seen(api: Api, viewer: Person, purpose: Purpose, *, ambient: bool = False) -> int:
    """Return how many activities the one rule gives a viewer for a purpose, said in the query or around it."""
    who = AthleteId(UUID(viewer.athlete["id"]))
    async with api.resources.database.transaction() as session:
        with reading_for(purpose) if ambient else nullcontext():
            rule = visible_to(who, ActivityRow) if ambient else visible_to(who, ActivityRow, purpose=purpose)
            return len(list(await session.scalars(select(ActivityRow).where(rule))))


async def own_eyes(api: Api, person: Person) -> None:
    stranger = await api.sign_up()
    assert (await seen(api, person, Purpose.OWN_EYES), await seen(api, stranger, Purpose.OWN_EYES)) == (1, 0)


async def other_people(api: Api, person: Person) -> None:
    stranger = await api.sign_up()
    for ambient in (False, True):
        assert await seen(api, stranger, Purpose.OTHER_PEOPLE, ambient=ambient) == 0
    async with api.resources.database.transaction() as session:
        await session.execute(text("UPDATE activities SET restricted_by = 'strava'"))
    for ambient in (False, True):
        assert await seen(api, person, Purpose.OTHER_PEOPLE, ambient=ambient) == 0


async def coach(api: Api, person: Person) -> None:
    kim = await coach_of(api, person, "plan")
    assert await seen(api, kim, Purpose.COACH) == 0, "another scope is no yes to this"
    path = f"/coaching/coaches/{kim.athlete['id']}"
    await person.call("PUT", path, status=200, json={"scopes": ["activities"]})
    assert await seen(api, kim, Purpose.COACH) == 1
    await person.call("DELETE", path, status=204)
    assert await seen(api, kim, Purpose.COACH) == 0
    await kim.get(of(person, "/activities"), status=404)


async def model(api: Api, person: Person) -> None:
    await store_form_check(api, person, b"video")
    who = AthleteId(UUID(person.athlete["id"]))

    async def may_be_taken() -> bool:
        async with api.resources.database.transaction() as session:
            if not await consenting_athletes(session, ConsentPurpose.IMPROVE_FORM_MODEL):
                assert await consented_recordings(session) == []
            return who in await consenting_athletes(session, ConsentPurpose.IMPROVE_FORM_MODEL)

    found = [await may_be_taken()]
    for said in (AGREED, {"is_given": False}):
        await person.call("PUT", "/consents/improve_form_model", status=200, json=said)
        found.append(await may_be_taken())
    assert found == [False, True, False]
    async with api.resources.database.transaction() as session:
        await session.execute(text("UPDATE activities SET restricted_by = 'strava'"))
    assert await seen(api, person, Purpose.MODEL) == 0


async def assistant(api: Api, person: Person) -> None:
    token = await token_of(person, "assistant:read")
    (yes,) = [one for one in (await person.get("/consents"))["items"] if one["purpose"] == "assistant"]
    assert yes["is_given"] and len(yes["history"]) == 1, "making the token is the yes, and the ledger holds it"
    assert (await ask(api, token, "tools/list"))["tools"]
    await person.call("PUT", "/consents/assistant", status=200, json={"is_given": False})
    async with api.client(headers={"Authorization": f"Bearer {token}"}) as http:
        refused = await http.post("/api/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert (refused.status_code, refused.json()["code"]) == (403, "consent_missing")


async def research(api: Api, person: Person) -> None:
    for ambient in (False, True):
        assert await seen(api, person, Purpose.RESEARCH, ambient=ambient) == 0


CASES: dict[Purpose, Callable[[Api, Person], Awaitable[None]]] = {
    Purpose.OWN_EYES: own_eyes,
    Purpose.OTHER_PEOPLE: other_people,
    Purpose.COACH: coach,
    Purpose.MODEL: model,
    Purpose.ASSISTANT: assistant,
    Purpose.RESEARCH: research,
}


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_a_read_without_the_yes_for_its_purpose_gets_nothing(api: Api, person: Person, purpose: Purpose) -> None:
    await ride_of(api, person)
    await CASES[purpose](api, person)
