"""Every operation of the API against everybody who might try it; new operations are covered as they appear."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.integration.features.test_form_checks import store_form_check
from tests.integration.features.test_passkeys import add as add_passkey
from tests.integration.features.test_plans_and_fitness import REQUEST
from tests.integration.features.test_third_party_apps import registered
from tests.support.api import Api, Person, running
from tests.support.passkeys import Authenticator
from tests.support.workouts import Ride

from topform.features.accounts.tables import IdentityRow
from topform.features.plans.tables import PlanProposalRow
from topform.platform.settings import Settings
from topform.platform.web.identity import OWNER_AREAS

PUBLIC = {
    "POST /accounts",
    "GET /accounts/state",
    "POST /sessions",
    "POST /sessions/refreshes",
    "POST /sessions/passkey-challenges",
    "POST /sessions/passkeys",
    "POST /sessions/identity-flows",
    "POST /sessions/identities",
    "POST /oauth/token",
    "POST /oauth/revoke",
    "POST /accounts/password-resets",
    "PUT /accounts/password-resets",
    "PUT /accounts/email-verifications",
    "GET /calendar/{secret}.ics",
}
"""What needs no session, because it is the way to one or carries its own secret."""

ENDS_THE_SESSION = {"DELETE /sessions/current"}
OWNED = (
    "activities",
    "activity_sources",
    "form_checks",
    "form_check_disputes",
    "form_check_labels",
    "form_check_raters",
    "consents",
    "plans",
    "plan_proposals",
    "session_feedback",
    "calendar_tokens",
    "connections",
    "account_api_tokens",
    "account_passkeys",
    "account_identities",
    "account_apps",
    "account_app_grants",
    "threshold_tests",
    "health_reports",
)


class Operation:
    """One method of one path."""

    def __init__(self, method: str, path: str, document: dict[str, Any], schemas: dict[str, Any]) -> None:
        self.method = method.upper()
        self.path = path.removeprefix("/api/v1")
        self.area = str(document["tags"][0]).replace(" ", "_")
        self._document, self._schemas = document, schemas
        self.names = [one["name"] for one in document.get("parameters", []) if one["in"] == "path"]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def with_values(self, values: dict[str, str]) -> str:
        """Return the path with its parameters filled in."""
        return self.path.format(**{name: values[name] for name in self.names})

    def arguments(self) -> dict[str, Any]:
        """Return a body, and the query that has to be there, such as the schema asks for."""
        query = {
            one["name"]: self._example(one["schema"])
            for one in self._document.get("parameters", [])
            if one["in"] == "query" and one.get("required")
        }
        content = self._document.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            return {"params": query, "json": self._example(content["application/json"]["schema"])}
        if "multipart/form-data" in content:
            return {"params": query, "files": {"file": ("a.fit", b"no activity")}}
        return {"params": query}

    def _example(self, schema: dict[str, Any]) -> Any:
        if "$ref" in schema:
            return self._example(self._schemas[schema["$ref"].rpartition("/")[2]])
        for key in ("anyOf", "oneOf", "allOf"):
            if key in schema:
                return self._example(schema[key][0])
        if "enum" in schema or "const" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        kind = schema.get("type")
        if kind == "object":
            properties = schema.get("properties", {})
            return {name: self._example(properties[name]) for name in schema.get("required", []) if name in properties}
        if kind == "array":
            return [self._example(schema["items"])] * schema.get("minItems", 0)
        if kind in ("integer", "number"):
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        if kind == "boolean":
            return True
        formats = {"date": "2026-06-01", "uuid": str(uuid4()), "date-time": "2026-06-01T08:00:00Z"}
        return formats.get(schema.get("format", ""), "a" * max(schema.get("minLength", 0), 10))


def operations(api: Api) -> Iterator[Operation]:
    """All operations under /api/v1."""
    document = api.app.openapi()
    for path, methods in document["paths"].items():
        if path.startswith("/api/v1/"):
            for method, operation in methods.items():
                yield Operation(method, path, operation, document["components"]["schemas"])


@pytest.fixture
async def api(settings: Settings, tmp_path: Path) -> AsyncIterator[Api]:
    """The application with a folder to watch, so that a connection can exist."""
    watched = settings.model_copy(update={"watch_dir": tmp_path / "watched"})
    async with running(watched) as started:
        yield started


async def store_identity(api: Api, person: Person) -> str:
    """Link an account elsewhere, as a provider's answer would."""
    row = IdentityRow(
        id=uuid4(),
        athlete_id=UUID(person.athlete["id"]),
        provider="club",
        issuer="https://login.example.org",
        subject=person.athlete["id"],
        email=person.athlete["email"],
        created_at=datetime.now(UTC),
    )
    async with api.resources.database.transaction() as session:
        session.add(row)
    return str(row.id)


async def let_an_app_in(api: Api, person: Person) -> str:
    """Register an app and grant it something."""
    app = await registered(api, person)
    assert (await app.exchange(await app.code(person)))[0] == 200
    return app.client_id


async def furnish(api: Api, person: Person) -> dict[str, str]:
    """Give a person one of everything and return the ids by the names that paths use."""
    upload = await person.upload("ride.fit", Ride().as_fit())
    plan = await person.call("POST", "/plans", status=202, json={"request": REQUEST})
    await api.work()
    (file,) = (await person.get(f"/jobs/{upload['id']}"))["result"]["files"]
    (activity_id,) = file["activity_ids"]
    plan_id = (await person.get(f"/jobs/{plan['id']}"))["result"]["plan_id"]
    sessions = [one for day in (await person.get("/plans/current"))["document"]["days"] for one in day["sessions"]]
    proposal_id = uuid4()
    async with api.resources.database.transaction() as session:
        session.add(
            PlanProposalRow(
                id=proposal_id,
                athlete_id=UUID(person.athlete["id"]),
                plan_id=UUID(plan_id),
                day=datetime.now(UTC).date(),
                code="tired",
                params={},
                reason="",
                request={},
                document={},
                diff=[],
                effect={},
                is_lock=False,
                status="open",
                created_at=datetime.now(UTC),
            )
        )
    test = {"protocol": "power_20min", "measured_on": "2026-06-01", "inputs": {"power_w": 250}}
    (device,) = (await person.get("/accounts/me/security"))["devices"]
    token = await person.call("POST", "/accounts/me/tokens", status=201, json={"name": "x", "scopes": ["jobs:read"]})
    passkey = await add_passkey(person, Authenticator())
    address = await person.call("POST", "/calendar/addresses", status=201, json={"name": "Phone"})
    report = await person.call("POST", "/readiness/reports", status=201, json={"pain": {"site": "knee", "level": 5}})
    connection = await person.call("POST", "/connections/folder", status=201, json={})
    form_check_id = await store_form_check(api, person, b"video")
    said = {"kind": "count_wrong", "rep_count": 3}
    dispute = await person.call("POST", f"/form-checks/{form_check_id}/disputes", status=201, json=said)
    await person.call("PUT", f"/form-checks/{form_check_id}/labels", status=200, json={"reps": []})
    await person.call("PUT", f"/form-checks/{form_check_id}/rater", status=200, json={"email": "second@example.org"})
    agreed = {"is_given": True, "text_version": "1"}
    await person.call("PUT", "/consents/improve_form_model", status=200, json=agreed)
    threshold_test = await person.call("POST", "/athletes/me/threshold-tests", status=201, json=test)
    return {
        "activity_id": activity_id,
        "source_id": (await person.get(f"/activities/{activity_id}/sources"))["items"][0]["id"],
        "job_id": upload["id"],
        "plan_id": plan_id,
        "session_id": sessions[0]["id"],
        "proposal_id": str(proposal_id),
        "form_check_id": form_check_id,
        "dispute_id": dispute["id"],
        "device_id": device["id"],
        "token_id": token["id"],
        "passkey_id": passkey["id"],
        "client_id": await let_an_app_in(api, person),
        "identity_id": await store_identity(api, person),
        "address_id": address["id"],
        "report_id": report["id"],
        "test_id": threshold_test["id"],
        "connection_id": connection["id"],
    }


NOBODYS = {"quantity": "ftp_w", "valid_from": "2026-06-01", "metric": "body_mass_kg", "day": "2026-06-01"}
"""Parameters that name no row of anybody: each athlete has their own of these."""
WORDS = {
    "name": "readiness",
    "kind": "zwo",
    "provider": "strava",
    "source": "oura",
    "purpose": "improve_form_model",
    "fault": "hips_sag",
}


async def snapshot(api: Api, athlete_id: str) -> dict[str, list[str]]:
    """Return all that the owner has, as text."""
    async with api.resources.database.transaction() as session:
        return {
            table: sorted(
                await session.scalars(
                    text(f"SELECT t::text FROM {table} t WHERE athlete_id = :id"),
                    {"id": athlete_id},
                )
            )
            for table in OWNED
        }


async def test_without_a_session_nothing_answers_but_the_door(api: Api) -> None:
    values = {name: str(uuid4()) for operation in operations(api) for name in operation.names} | NOBODYS | WORDS
    answered = []
    async with api.client() as http:
        for operation in operations(api):
            path = f"/api/v1{operation.with_values(values)}"
            answer = await http.request(operation.method, path, **operation.arguments())
            if str(operation) not in PUBLIC and (answer.status_code, answer.json()["code"]) != (
                401,
                "not_authenticated",
            ):
                answered.append((str(operation), answer.status_code, answer.text))
    assert answered == []


async def test_the_ids_of_another_are_as_good_as_invented_ones_and_nothing_changes(api: Api, person: Person) -> None:
    owned = await furnish(api, person)
    stranger = await api.sign_up()
    unknown = (
        {name for operation in operations(api) for name in operation.names}
        - owned.keys()
        - {
            *NOBODYS,
            *WORDS,
            "secret",
        }
    )
    assert unknown == set(), "furnish() must give the person one of these"
    before = await snapshot(api, person.athlete["id"])
    assert all(before[table] for table in OWNED if table != "session_feedback"), before.keys()
    told_apart = []
    for operation in operations(api):
        names = set(operation.names) & owned.keys()
        if not names:
            continue
        answers = []
        for values in (owned, {name: str(uuid4()) for name in owned} | {"session_id": owned["session_id"]}):
            path = f"/api/v1{operation.with_values(values | NOBODYS | WORDS)}"
            answer = await stranger.http.request(operation.method, path, **operation.arguments())
            answers.append((answer.status_code, answer.json()["code"] if answer.content else None))
        if answers[0] != answers[1] or answers[0][0] < 400:
            told_apart.append((str(operation), answers))
    assert told_apart == []
    assert await snapshot(api, person.athlete["id"]) == before


async def test_a_program_without_the_scope_is_refused_by_every_operation(api: Api, person: Person) -> None:
    values = {name: str(uuid4()) for operation in operations(api) for name in operation.names} | NOBODYS | WORDS
    scopes = (await person.get("/accounts/me/tokens"))["scopes"]
    areas = {operation.area for operation in operations(api)}
    assert {scope.partition(":")[0] for scope in scopes} == (areas - OWNER_AREAS) | {"events"}
    refused, leaking = 0, []
    for area in sorted(areas):
        others = [scope for scope in scopes if not scope.startswith(f"{area}:")]
        form = {"name": f"All but {area}", "scopes": others}
        token = (await person.call("POST", "/accounts/me/tokens", status=201, json=form))["token"]
        async with api.client(headers={"Authorization": f"Bearer {token}"}) as http:
            for operation in operations(api):
                if operation.area != area or str(operation) in PUBLIC:
                    continue
                path = f"/api/v1{operation.with_values(values)}"
                answer = await http.request(operation.method, path, **operation.arguments())
                refused += 1
                if answer.status_code != 403 or answer.json()["code"] != "scope_missing":
                    leaking.append((str(operation), answer.status_code, answer.text))
    assert leaking == []
    assert refused == len([one for one in operations(api) if str(one) not in PUBLIC])


async def test_a_reading_scope_never_writes(api: Api, person: Person) -> None:
    values = {name: str(uuid4()) for operation in operations(api) for name in operation.names} | NOBODYS | WORDS
    reading = [scope for scope in (await person.get("/accounts/me/tokens"))["scopes"] if scope.endswith(":read")]
    token = (await person.call("POST", "/accounts/me/tokens", status=201, json={"name": "r", "scopes": reading}))[
        "token"
    ]
    writing = []
    async with api.client(headers={"Authorization": f"Bearer {token}"}) as http:
        for operation in operations(api):
            if operation.method == "GET" or str(operation) in PUBLIC | ENDS_THE_SESSION:
                continue
            path = f"/api/v1{operation.with_values(values)}"
            answer = await http.request(operation.method, path, **operation.arguments())
            if answer.status_code != 403:
                writing.append((str(operation), answer.status_code))
    assert writing == []
