"""Minors: no account before 13, and before 16 nothing reaches anybody else, whichever way it was granted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_coaches import coach_of, let_in, of, ride_of
from tests.support.api import PASSWORD, Api, Person

from topform.core.ids import AthleteId
from topform.features.athletes.minors import age_on
from topform.features.consents.public import ConsentPurpose, consenting_athletes, has_consent
from topform.platform.web.identity import Role

AGREED = {"is_given": True, "text_version": "1"}


def born(years_ago: int) -> str:
    """Return a date of birth of somebody who had a birthday on the first of this year or later."""
    return date(datetime.now(UTC).year - years_ago, 1, 1).isoformat()


async def set_birth_date(api: Api, person: Person, birth_date: str | None) -> Any:
    """Correct a date of birth as an administrator."""
    admin = await with_role(api, Role.ADMIN)
    path = f"/admin/accounts/{person.athlete['id']}/birth-date"
    return await admin.call("PUT", path, status=200, json={"birth_date": birth_date})


def test_a_birthday_counts_on_its_day() -> None:
    assert age_on(date(2010, 6, 15), date(2026, 6, 14)) == 15
    assert age_on(date(2010, 6, 15), date(2026, 6, 15)) == 16
    assert age_on(date(2008, 2, 29), date(2024, 2, 28)) == 15


async def test_nobody_below_13_gets_an_account(api: Api) -> None:
    form = {"email": "child@example.org", "password": PASSWORD, "display_name": "Child"}
    async with api.client() as http:
        refused = await http.post("/api/v1/accounts", json={**form, "birth_date": born(10)})
        assert (refused.status_code, refused.json()["code"]) == (403, "too_young")
        future = await http.post("/api/v1/accounts", json={**form, "birth_date": "2999-01-01"})
        assert future.status_code == 422
    assert (await api.sign_up(birth_date=born(14))).athlete["birth_date"] == born(14)


async def test_a_minor_grants_nothing(api: Api) -> None:
    minor = await api.sign_up(birth_date=born(14))
    coach = await api.sign_up()
    refused = [
        await minor.call("POST", "/coaching/invitations", status=403, json={"scopes": ["plan"]}),
        await minor.call("PUT", "/consents/improve_form_model", status=403, json=AGREED),
    ]
    assert {one["code"] for one in refused} == {"too_young"} and all(one["remedy"] for one in refused)
    question = {"email": minor.athlete["email"], "scopes": ["plan"]}
    await coach.call("POST", "/coaching/questions", status=202, json=question)
    assert (await minor.get("/coaching/coaches"))["coaches"] == []


async def test_a_minor_sees_nobody_elses_data_as_a_coach(api: Api, person: Person) -> None:
    minor = await api.sign_up(birth_date=born(14))
    invitation = await person.call("POST", "/coaching/invitations", status=201, json={"scopes": ["activities"]})
    refused = await minor.call("POST", "/coaching/athletes", status=403, json={"code": invitation["code"]})
    assert refused["code"] == "too_young"
    assert (await person.get("/coaching/coaches"))["coaches"] == []


async def test_what_was_granted_before_the_age_was_known_shows_nothing(api: Api, person: Person) -> None:
    await ride_of(api, person)
    coach = await coach_of(api, person, "activities")
    await person.call("PUT", "/consents/improve_form_model", status=200, json=AGREED)
    await coach.get(of(person, "/activities"))
    await set_birth_date(api, person, born(14))
    await coach.get(of(person, "/activities"), status=404)
    assert (await coach.get("/coaching/athletes"))["items"] == []
    async with api.resources.database.transaction() as session:
        athlete_id = AthleteId(UUID(person.athlete["id"]))
        assert not await has_consent(session, athlete_id, ConsentPurpose.IMPROVE_FORM_MODEL)
        assert athlete_id not in await consenting_athletes(session, ConsentPurpose.IMPROVE_FORM_MODEL)
    assert (await person.get("/activities"))["items"], "one's own data stay one's own"
    await set_birth_date(api, person, born(20))
    await coach.get(of(person, "/activities"))


async def test_a_minor_cannot_make_themselves_older(api: Api) -> None:
    minor = await api.sign_up(birth_date=born(14))
    for after in (born(20), None):
        answer = await minor.call("PATCH", "/athletes/me", status=409, json={"birth_date": after})
        assert answer["code"] == "birth_date_fixed"
    adult = await api.sign_up()
    assert (await adult.call("PATCH", "/athletes/me", status=200, json={"birth_date": born(30)}))["birth_date"]
    await adult.call("PATCH", "/athletes/me", status=200, json={"birth_date": born(31)})
    await adult.call("PATCH", "/athletes/me", status=409, json={"birth_date": None})


@pytest.mark.parametrize("years", [16, 17])
async def test_from_16_on_one_decides_oneself(api: Api, years: int) -> None:
    young = await api.sign_up(birth_date=born(years))
    await let_in(young, await api.sign_up(), "plan")
