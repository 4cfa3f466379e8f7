"""Every operation of the API against everybody who might try it; new operations are covered as they appear."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_coaches import coach_of
from tests.integration.features.test_form_checks import store_form_check
from tests.integration.features.test_passkeys import add as add_passkey
from tests.integration.features.test_plans_and_fitness import REQUEST
from tests.integration.features.test_third_party_apps import registered
from tests.support.api import Api, Person, running
from tests.support.passkeys import Authenticator
from tests.support.push_service import Browser
from tests.support.workouts import Ride

from topform.entrypoints.api.coached import coached_paths
from topform.features.accounts.tables import IdentityRow
from topform.features.athletes.public import Share
from topform.features.community.moderation_tables import RemovalRow
from topform.features.community.removals import write_down_removal
from topform.features.community.signal_tables import SignalRow
from topform.features.plans.tables import PlanProposalRow
from topform.platform.settings import Settings
from topform.platform.web.identity import OWNER_AREAS, Role

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
    "GET /community/people/{handle}/public.{form}",
}
"""What needs no session: the way to one, what carries its own secret, and what people let the whole world read."""

ENDS_THE_SESSION = {"DELETE /sessions/current"}
OWNED = (
    "activities",
    "activity_sources",
    "form_checks",
    "form_check_disputes",
    "form_check_labels",
    "form_check_opinions",
    "form_check_raters",
    "consents",
    "plans",
    "plan_proposals",
    "session_feedback",
    "session_marks",
    "calendar_tokens",
    "connections",
    "account_api_tokens",
    "account_passkeys",
    "account_identities",
    "account_apps",
    "account_app_grants",
    "threshold_tests",
    "health_reports",
    "community_people",
    "community_posts",
    "community_comments",
    "community_challenges",
    "community_challenge_entries",
    "community_removals",
    "notice_settings",
    "notice_devices",
    "coach_grants",
    "coach_invitations",
    "coach_groups",
    "community_club_members",
    "live_rooms",
    "live_room_people",
    "live_room_cheers",
    "privacy_zones",
    "segments",
    "segment_members",
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
        """Return the documented example of a body, and the query that has to be there, such as the schema asks for."""
        query = {
            one["name"]: self._example(one["schema"])
            for one in self._document.get("parameters", [])
            if one["in"] == "query" and one.get("required")
        }
        content = self._document.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            return {"params": query, "json": content["application/json"]["example"]}
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
    await person.call("PUT", "/notices/settings", status=200, json={"off": ["kudos"], "reminder_min": 420})
    told = await person.call("POST", "/notices/devices", status=201, json=Browser().subscription())
    token = await person.call("POST", "/accounts/me/tokens", status=201, json={"name": "x", "scopes": ["jobs:read"]})
    passkey = await add_passkey(person, Authenticator())
    address = await person.call("POST", "/calendar/addresses", status=201, json={"name": "Phone"})
    report = await person.call("POST", "/readiness/reports", status=201, json={"pain": {"site": "knee", "level": 5}})
    connection = await person.call("POST", "/connections/folder", status=201, json={})
    form_check_id = await store_form_check(api, person, b"video")
    said = {"kind": "count_wrong", "rep_count": 3}
    dispute = await person.call("POST", f"/form-checks/{form_check_id}/disputes", status=201, json=said)
    await person.call("PUT", f"/form-checks/{form_check_id}/labels", status=200, json={"reps": []})
    await person.call("PUT", f"/form-checks/{form_check_id}/opinion", status=200, json={"form": "correct"})
    await person.call("PUT", f"/form-checks/{form_check_id}/rater", status=200, json={"email": "second@example.org"})
    agreed = {"is_given": True, "text_version": "1"}
    await person.call("PUT", "/consents/improve_form_model", status=200, json=agreed)
    threshold_test = await person.call("POST", "/athletes/me/threshold-tests", status=201, json=test)
    coach = await coach_of(api, person, *(share.value for share in Share))
    invitation = await person.call("POST", "/coaching/invitations", status=201, json={"scopes": ["plan"]})
    place = {"name": "Home", "latitude_deg": 1.5, "longitude_deg": 2.5, "radius_m": 200}
    zone = await person.call("POST", "/athletes/me/privacy-zones", status=201, json=place)
    stretch = {"name": "Road", "activity_id": activity_id, "start_s": 200, "end_s": 400}
    segment = await person.call("POST", "/segments", status=201, json=stretch)
    kept = {"shares_efforts": False}
    await person.call("PUT", f"/segments/{segment['id']}/membership", status=200, json=kept)
    await api.work()
    profile = {"handle": "furnished", "name": "Furnished"}
    await person.call("PUT", "/community/me", status=200, json=profile)
    post = await person.call("POST", "/community/posts", status=201, json={"activity_id": activity_id})
    path = f"/community/posts/{post['id']}/comments"
    comment = await person.call("POST", path, status=201, json={"text": "For me"})
    wish = {"title": "June", "kind": "distance", "first_day": "2036-06-01", "last_day": "2036-06-30"}
    challenge = await person.call(
        "POST", "/community/challenges", status=201, json=wish | {"audience": "invited", "team_size": 2}
    )
    team = await person.call("POST", f"/community/challenges/{challenge['id']}/teams", status=201, json={"name": "We"})
    board = await person.get(f"/community/challenges/{challenge['id']}/board")
    club = await person.call("POST", "/community/clubs", status=201, json={"name": "Furnished"})
    group = await person.call("POST", "/coaching/groups", status=201, json={"name": "Furnished"})
    room = await person.call("POST", "/community/rooms", status=201, json={"audience": "friends"})
    agreed_in_room = {"shares": ["heart_rate"], "text_version": "1"}
    await person.call("PUT", f"/community/rooms/{room['id']}/presence", status=200, json=agreed_in_room)
    await person.call("POST", f"/community/rooms/{room['id']}/cheers", status=201, json={})
    return {
        "handle": "furnished",
        "challenge_id": challenge["id"],
        "club_id": club["id"],
        "group_id": group["id"],
        "room_id": room["id"],
        "entry_id": board["own"]["id"],
        "team_id": team["id"],
        "removal_id": await store_removal(api, person, UUID(challenge["id"])),
        "signal_id": await store_signal(api, person, UUID(challenge["id"]), UUID(activity_id)),
        "post_id": post["id"],
        "comment_id": comment["id"],
        "activity_id": activity_id,
        "source_id": (await person.get(f"/activities/{activity_id}/sources"))["items"][0]["id"],
        "job_id": upload["id"],
        "plan_id": plan_id,
        "session_id": sessions[0]["id"],
        "proposal_id": str(proposal_id),
        "form_check_id": form_check_id,
        "dispute_id": dispute["id"],
        "device_id": device["id"],
        "push_device_id": told["id"],
        "token_id": token["id"],
        "passkey_id": passkey["id"],
        "client_id": await let_an_app_in(api, person),
        "identity_id": await store_identity(api, person),
        "address_id": address["id"],
        "report_id": report["id"],
        "test_id": threshold_test["id"],
        "connection_id": connection["id"],
        "coach_id": coach.athlete["id"],
        "invitation_id": invitation["id"],
        "zone_id": zone["id"],
        "segment_id": segment["id"],
        "athlete_id": person.athlete["id"],
        "account_id": person.athlete["id"],
        "sign_up_invitation_id": "0" * 64,
    }


async def store_removal(api: Api, person: Person, challenge_id: UUID) -> str:
    """Store that somebody's challenge was taken away, as a moderator's decision does."""
    async with api.resources.database.transaction() as session:
        owner, now = UUID(person.athlete["id"]), datetime.now(UTC)
        await write_down_removal(session, owner, "challenge", challenge_id, by=owner, note="", now=now)
        found = await session.execute(select(RemovalRow.id).where(RemovalRow.athlete_id == owner))
        return str(found.scalar_one())


async def store_signal(api: Api, person: Person, challenge_id: UUID, activity_id: UUID) -> str:
    """Store that something about an effort on a board is unusual, as the program finds it."""
    row = SignalRow(
        id=uuid4(),
        athlete_id=UUID(person.athlete["id"]),
        key="furnished",
        code="clock_ahead",
        strength=0.5,
        facts={"ahead_s": 600},
        challenge_id=challenge_id,
        activity_id=activity_id,
        effort_at=datetime.now(UTC),
        raised_at=datetime.now(UTC),
    )
    async with api.resources.database.transaction() as session:
        session.add(row)
    return str(row.id)


NOBODYS = {"quantity": "ftp_w", "valid_from": "2026-06-01", "metric": "body_mass_kg", "day": "2026-06-01"}
"""Parameters that name no row of anybody: each athlete has their own of these."""
WORDS = {
    "name": "readiness",
    "kind": "zwo",
    "provider": "strava",
    "source": "oura",
    "purpose": "improve_form_model",
    "fault": "hips_sag",
    "model_id": "push_up_verdict",
    "number": "1",
    "form": "atom",
    "remote_address": "@kim@example.org",
    "sha256": "0000000000000000000000000000000000000000000000000000000000000000",
    "host": "example.org",
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


async def follower_of(api: Api, person: Person) -> Person:
    """Return somebody whom the person lets follow them; what is shared with followers has tests of its own."""
    own = {name: (await person.get("/community/me"))["profile"][name] for name in ("handle", "name")}
    await person.call("PUT", "/community/me", status=200, json=own | {"is_findable": True})
    follower = await api.sign_up()
    profile = {"handle": "follower", "name": "Follower", "is_findable": True}
    await follower.call("PUT", "/community/me", status=200, json=profile)
    await follower.call("PUT", f"/community/following/{own['handle']}", status=200)
    await person.call("PUT", "/community/followers/follower", status=200)
    await person.call("PUT", "/community/me", status=200, json=own)
    return follower


async def others(api: Api, person: Person) -> dict[str, Person]:
    """Return everybody else who might try: by name, with what they were granted or lost."""
    coach = await coach_of(api, person, *(share.value for share in Share))
    former = await coach_of(api, person, *(share.value for share in Share))
    await person.call("DELETE", f"/coaching/coaches/{former.athlete['id']}", status=204)
    return {
        "stranger": await api.sign_up(),
        "coach": coach,
        "former coach": former,
        "moderator": await with_role(api, Role.MODERATOR),
        "admin": await with_role(api, Role.ADMIN),
    }


def is_theirs(who: str, operation: Operation) -> bool:
    """Tell whether somebody may use an operation with another person's id; the tests of coaches and roles do."""
    return (
        (who == "coach" and "athlete_id" in operation.names)
        or (who == "admin" and operation.area == "administration")
        or (who in ("moderator", "admin") and str(operation) == "PUT /community/signals/{signal_id}")
    )


async def test_the_ids_of_another_are_as_good_as_invented_ones_and_nothing_changes(api: Api, person: Person) -> None:
    owned = await furnish(api, person)
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
    people = await others(api, person)
    before = await snapshot(api, person.athlete["id"])
    assert [table for table in OWNED if not before[table] and table not in ("session_feedback", "session_marks")] == []
    told_apart, asked = [], 0
    for who, operation in product(people, operations(api)):
        names = set(operation.names) & owned.keys()
        if not names or is_theirs(who, operation):
            continue
        answers = []
        invented = {name: str(uuid4()) for name in owned} | {"session_id": owned["session_id"]}
        for values in (owned, invented | {"sign_up_invitation_id": "1" * 64}):
            path = f"/api/v1{operation.with_values(values | NOBODYS | WORDS)}"
            answer = await people[who].http.request(operation.method, path, **operation.arguments())
            answers.append((answer.status_code, answer.json()["code"] if answer.content else None))
        asked += 1
        if answers[0] != answers[1] or answers[0][0] < 400:
            told_apart.append((who, str(operation), answers))
    assert told_apart == []
    assert asked > 300
    assert await snapshot(api, person.athlete["id"]) == before


async def test_every_operation_for_coaches_asks_for_its_scope(api: Api, person: Person) -> None:
    """Owner, coach with the consent, without that scope, after it ended, stranger, administrator: each answer."""
    owned = await furnish(api, person)
    everything = [share.value for share in Share]
    people = await others(api, person) | {"follower": await follower_of(api, person)}
    wanted = {
        f"GET /coaching/athletes/{{athlete_id}}{route.removeprefix('/athletes/me')}": needs
        for route, needs in coached_paths().items()
    }
    seen, wrong = set(), []
    for operation in operations(api):
        if str(operation) not in wanted:
            continue
        seen.add(str(operation))
        path = f"/api/v1{operation.with_values(owned)}"
        refused = dict.fromkeys(("former coach", "stranger", "follower", "moderator", "admin"), 404)
        expected = {"coach": 200, **refused}
        for who, status in expected.items():
            answer = await people[who].http.get(path, **operation.arguments())
            if answer.status_code != status:
                wrong.append((who, str(operation), answer.status_code, answer.text))
        if (answer := await person.http.get(path, **operation.arguments())).status_code != 404:
            wrong.append(("owner, who is nobody's coach", str(operation), answer.status_code, answer.text))
    for missing in everything:
        rest = [scope for scope in everything if scope not in (missing, "plan_proposals")]
        change = {"scopes": rest}
        await person.call("PUT", f"/coaching/coaches/{people['coach'].athlete['id']}", status=200, json=change)
        for operation in operations(api):
            needs = wanted.get(str(operation), ())
            if missing in {share.value for share in needs}:
                path = f"/api/v1{operation.with_values(owned)}"
                answer = await people["coach"].http.get(path, **operation.arguments())
                if (answer.status_code, answer.json().get("code")) != (403, "coach_scope_missing"):
                    wrong.append((f"coach without {missing}", str(operation), answer.status_code, answer.text))
    assert wrong == []
    assert seen == wanted.keys()


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
