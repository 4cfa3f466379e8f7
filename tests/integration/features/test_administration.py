"""Roles: who gets them, what they open, what a lock closes, and that the last administrator stays."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from tests.integration.features.test_coaches import ride_of
from tests.support.api import PASSWORD, Api, Person

from topform.core.ids import AthleteId
from topform.features.accounts.public import set_role
from topform.platform.web.identity import Role

ADMIN_PATHS = ("/admin/accounts", "/admin/invitations", "/admin/jobs", "/admin/actions")


async def with_role(api: Api, role: Role) -> Person:
    """Return somebody with a role, as the command of the machine's owner gives it."""
    person = await api.sign_up(display_name=f"The {role.value}")
    async with api.resources.database.transaction() as session:
        now = api.resources.clock.now()
        await set_role(session, AthleteId(UUID(person.athlete["id"])), role, actor=None, now=now)
    return person


async def test_only_administrators_administer(api: Api, person: Person) -> None:
    admin, moderator = await with_role(api, Role.ADMIN), await with_role(api, Role.MODERATOR)
    roles = [(await one.get("/accounts/me/security"))["role"] for one in (admin, moderator, person)]
    assert roles == ["admin", "moderator", "athlete"]
    for path in ADMIN_PATHS:
        await admin.get(path)
        for other in (person, moderator):
            assert (await other.get(path, status=403))["code"] == "role_missing"
    scopes = (await admin.get("/accounts/me/tokens"))["scopes"]
    assert not [scope for scope in scopes if "admin" in scope], "no program acts as an administrator"
    token = await admin.call("POST", "/accounts/me/tokens", status=201, json={"name": "x", "scopes": scopes})
    async with api.client(headers={"Authorization": f"Bearer {token['token']}"}) as http:
        answer = await http.get("/api/v1/admin/accounts")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


async def test_accounts_are_counted_and_not_read(api: Api, person: Person) -> None:
    admin = await with_role(api, Role.ADMIN)
    activity = await ride_of(api, person)
    page = await admin.get(f"/admin/accounts?q={person.athlete['email'].upper()}")
    (account,) = page["items"]
    assert account["counts"] == {"activities": 1, "form_checks": 0} and account["role"] == "athlete"
    assert set(account) == {
        "id", "email", "name", "role", "locked_at", "created_at", "last_seen_at", "counts",
    }  # fmt: skip
    await admin.get(f"/activities/{activity}", status=404)
    first = await admin.get("/admin/accounts?limit=1")
    second = await admin.get(f"/admin/accounts?limit=1&cursor={first['next_cursor']}")
    assert [one["items"][0]["id"] for one in (first, second)] == [admin.athlete["id"], person.athlete["id"]]
    assert (await admin.get("/admin/accounts?q=%25"))["items"] == [], "a search is for letters, not for patterns"


async def test_a_lock_closes_every_door_and_opens_again(api: Api, person: Person) -> None:
    admin = await with_role(api, Role.ADMIN)
    made = await person.call("POST", "/accounts/me/tokens", status=201, json={"name": "x", "scopes": ["jobs:read"]})
    path = f"/admin/accounts/{person.athlete['id']}/lock"
    assert (await admin.call("PUT", path, status=200, json={"is_locked": True}))["locked_at"] is not None
    await person.get("/athletes/me", status=401)
    credentials = {"email": person.athlete["email"], "password": PASSWORD}
    async with api.client() as http:
        refused = await http.post("/api/v1/sessions", json=credentials)
        assert (refused.status_code, refused.json()["code"]) == (403, "account_locked_by_admin")
        bearer = {"Authorization": f"Bearer {made['token']}"}
        assert (await http.get("/api/v1/jobs", headers=bearer)).status_code == 401
        await admin.call("PUT", path, status=200, json={"is_locked": False})
        assert (await http.post("/api/v1/sessions", json=credentials)).status_code == 201
        assert (await http.get("/api/v1/jobs", headers=bearer)).status_code in (200, 404)
    actions = (await admin.get("/admin/actions"))["items"]
    found = [(one["action"], one["actor_id"]) for one in actions]
    assert found == [("unlock", admin.athlete["id"]), ("lock", admin.athlete["id"]), ("role", None)]
    told = [(one["actor_name"], one["account_name"]) for one in actions]
    assert told == [("The admin", person.athlete["display_name"])] * 2 + [(None, "The admin")]


async def test_the_last_administrator_stays(api: Api) -> None:
    admin = await with_role(api, Role.ADMIN)
    own = f"/admin/accounts/{admin.athlete['id']}"
    for path, change in ((f"{own}/role", {"role": "athlete"}), (f"{own}/lock", {"is_locked": True})):
        assert (await admin.call("PUT", path, status=409, json=change))["code"] == "last_admin"
    confirmed = {"confirm_email": admin.athlete["email"], "password": PASSWORD}
    refused = await admin.call("POST", "/account/erasure", status=409, json=confirmed)
    assert refused["code"] == "last_admin"
    other = await with_role(api, Role.ADMIN)
    assert (await admin.call("PUT", f"{own}/role", status=200, json={"role": "moderator"}))["role"] == "moderator"
    await admin.get("/admin/accounts", status=403)
    await other.get("/admin/accounts")


async def test_invitations_of_the_server(api: Api) -> None:
    admin = await with_role(api, Role.ADMIN)
    made = await admin.call("POST", "/admin/invitations", status=201)
    assert "/sign-up?invitation=" in made["link"]
    (waiting,) = (await admin.get("/admin/invitations"))["items"]
    assert (waiting["id"], waiting["link"]) == (made["id"], None)
    await admin.call("DELETE", f"/admin/invitations/{made['id']}", status=204)
    await admin.call("DELETE", f"/admin/invitations/{made['id']}", status=404)
    await admin.call("DELETE", "/admin/invitations/zz", status=422)


async def test_the_queue_tells_how_long_it_makes_one_wait(api: Api, person: Person) -> None:
    admin = await with_role(api, Role.ADMIN)
    await api.work()
    await person.upload("ride.fit", b"no activity")
    async with api.resources.database.transaction() as session:
        await session.execute(text("UPDATE procrastinate_events SET at = at - interval '90 seconds'"))
    states = {one["queue"]: one for one in (await admin.get("/admin/jobs"))["queues"]}
    assert states["default"]["waiting"] == 1 and 90 <= states["default"]["longest_wait_s"] < 300
    told = await measured(api)
    assert told['topform_jobs{queue="default",state="waiting"}'] == 1
    assert 90 <= told['topform_jobs_longest_wait_seconds{queue="default"}'] < 300
    assert told['topform_jobs_longest_wait_seconds{queue="video"}'] == 0, (
        "a queue that nothing waits in is told of, too"
    )
    await api.work()
    states = {one["queue"]: one for one in (await admin.get("/admin/jobs"))["queues"]}
    assert (states["default"]["waiting"], states["default"]["longest_wait_s"]) == (0, None)
    told = await measured(api)
    assert told['topform_jobs{queue="default",state="waiting"}'] == 0
    assert told['topform_jobs_longest_wait_seconds{queue="default"}'] == 0


async def test_a_wait_begins_when_a_job_is_due(api: Api, person: Person) -> None:
    """A job for later waits from then on; the oldest of all counts, whatever stands before it in the queue."""
    admin = await with_role(api, Role.ADMIN)
    await api.work()
    await person.upload("ride.fit", b"no activity")
    await person.upload("run.fit", b"no activity either")
    moved = text(
        "UPDATE procrastinate_jobs SET scheduled_at = now() + make_interval(mins => :by) "
        "WHERE id = (SELECT max(id) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'default')"
    )
    for by, waiting, scheduled, least_s, most_s in ((60, 1, 1, 0, 300), (-20, 2, 0, 1200, 1500)):
        async with api.resources.database.transaction() as session:
            await session.execute(moved, {"by": by})
        state = next(one for one in (await admin.get("/admin/jobs"))["queues"] if one["queue"] == "default")
        assert (state["waiting"], state["scheduled"]) == (waiting, scheduled)
        assert least_s <= state["longest_wait_s"] < most_s


async def test_what_was_given_up_is_counted_of_the_newest_jobs_where_it_is_asked_often(api: Api) -> None:
    admin = await with_role(api, Role.ADMIN)
    await api.work()
    failed = text(
        "INSERT INTO procrastinate_jobs (id, queue_name, task_name, status) VALUES (:id, 'video', 'drill', 'failed')"
    )
    async with api.resources.database.transaction() as session:
        for number in (10_000, 1_000_000, 1_000_001):
            await session.execute(failed, {"id": number})
    state = next(one for one in (await admin.get("/admin/jobs"))["queues"] if one["queue"] == "video")
    assert state["failed"] == 3
    assert (await measured(api))['topform_jobs{queue="video",state="failed"}'] == 2


async def measured(api: Api) -> dict[str, float]:
    """Return the samples of /metrics by name and labels."""
    async with api.client() as http:
        lines = (await http.get("/metrics")).text.splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}
