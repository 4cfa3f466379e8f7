"""What an assistant sees and may do: the protocol over HTTP, the page about it, and what is kept from it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from tests.integration.features.test_plans_and_fitness import REQUEST
from tests.support.api import Api, Person
from tests.support.workouts import Ride

from topform.entrypoints.mcp import TOOLS
from topform.platform.database import Base

PROTOCOL = "2025-06-18"


async def token_of(person: Person, *scopes: str) -> str:
    made = await person.call(
        "POST", "/accounts/me/tokens", status=201, json={"name": "assistant", "scopes": list(scopes)}
    )
    return str(made["token"])


async def ask(api: Api, token: str, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send one message of the protocol and return its result."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": PROTOCOL,
    }
    async with api.client(headers=headers) as http:
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
        answer = await http.post("/api/mcp", json=message)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()["result"]
    return result


async def use(api: Api, token: str, name: str, **arguments: Any) -> tuple[bool, dict[str, Any]]:
    """Use a tool; return whether it failed, and its document."""
    result = await ask(api, token, "tools/call", {"name": name, "arguments": arguments})
    document = result["structuredContent"]
    assert json.loads(result["content"][0]["text"]) == document
    return bool(result.get("isError")), document


async def ride(api: Api, person: Person, title: str, *, days_ago: int) -> str:
    """Import a ride and return its id."""
    started = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    await person.upload(f"{title}.fit", Ride(started_at=started, seconds=1800).as_fit())
    await api.work()
    found = (await person.get("/activities"))["items"]
    new = next(item for item in found if item["started_at"].startswith(started.strftime("%Y-%m-%d")))
    await person.call("PATCH", f"/activities/{new['id']}", status=200, json={"title": title})
    return str(new["id"])


async def tag(api: Api, activity_id: str) -> None:
    """Have everything that came with an activity come from Strava."""
    async with api.resources.database.transaction() as session:
        for table in Base.metadata.sorted_tables:
            if "restricted_by" in table.c:
                column = "id" if table.name == "activities" else "activity_id"
                if column in table.c:
                    await session.execute(
                        text(f"UPDATE {table.name} SET restricted_by = 'strava' WHERE {column} = :id"),
                        {"id": activity_id},
                    )


async def test_an_assistant_lists_tools_with_schemas_and_gets_the_numbers_of_the_app(api: Api):
    person = await api.sign_up()
    activity_id = await ride(api, person, "Hill repeats", days_ago=1)
    token = await token_of(person, "assistant:read")
    hello = await ask(
        api,
        token,
        "initialize",
        {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
    )
    assert hello["serverInfo"]["name"] == "topform" and "Strava" in hello["instructions"]
    assert "If propose_plan_change is among your tools" in hello["instructions"]
    tools = {tool["name"]: tool for tool in (await ask(api, token, "tools/list"))["tools"]}
    assert set(tools) == {tool.name for tool in TOOLS if not tool.suggests}
    schema = tools["get_activity"]["inputSchema"]
    assert schema["required"] == ["activity_id"] and schema["additionalProperties"] is False
    assert tools["predict_race"]["description"].startswith("Predict a running race")
    assert all(tool["annotations"]["readOnlyHint"] for tool in tools.values())

    failed, activity = await use(api, token, "get_activity", activity_id=activity_id)
    shown = await person.get(f"/activities/{activity_id}")
    assert shown.pop("route_preview")
    assert not failed and activity == shown
    failed, listed = await use(api, token, "list_activities", limit=1)
    assert not failed and [item["title"] for item in listed["items"]] == ["Hill repeats"]
    failed, fitness = await use(api, token, "get_fitness")
    assert not failed and fitness == await person.get("/fitness")


async def test_wrong_arguments_and_names_are_explained(api: Api):
    person = await api.sign_up()
    token = await token_of(person, "assistant:read")
    for name, arguments, code in (
        ("delete_activity", {}, "tool_unknown"),
        ("propose_plan_change", {}, "tool_unknown"),
        ("get_activity", {}, "invalid_input"),
        ("get_activity", {"activity_id": "x"}, "invalid_input"),
        ("get_activity", {"activity_id": 7}, "invalid_input"),
        ("get_activity", {"activity_id": "../../../accounts/me"}, "invalid_input"),
        ("get_activity", {"activity_id": "0193d6d0-0000-7000-8000-000000000000"}, "not_found"),
        ("list_activities", {"athlete": "somebody"}, "invalid_input"),
        ("get_zones", {"sport": "chess"}, "request_malformed"),
    ):
        failed, document = await use(api, token, name, **arguments)
        assert failed and document["code"] == code, (name, document)
        assert document["detail"]


async def test_strangers_and_tokens_without_the_scope_are_turned_away(api: Api):
    person, other = await api.sign_up(), await api.sign_up()
    activity_id = await ride(api, person, "Mine", days_ago=1)
    async with api.client() as http:
        nobody = await http.post("/api/mcp", json={})
        assert (nobody.status_code, nobody.json()["code"]) == (401, "not_authenticated")
        token = await token_of(person, "activities:read")
        refused = await http.post("/api/mcp", json={}, headers={"Authorization": f"Bearer {token}"})
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    failed, document = await use(api, await token_of(other, "assistant:read"), "get_activity", activity_id=activity_id)
    assert failed and document["code"] == "not_found"


async def test_nothing_that_came_from_strava_reaches_an_assistant(api: Api):
    person = await api.sign_up()
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 250})
    open_id = await ride(api, person, "Open ride", days_ago=2)
    kept_id = await ride(api, person, "Kept ride", days_ago=1)
    own = await person.get("/fitness")
    await tag(api, kept_id)
    token = await token_of(person, "assistant:read")

    failed, listed = await use(api, token, "list_activities")
    assert not failed and [item["id"] for item in listed["items"]] == [open_id]
    failed, document = await use(api, token, "get_activity", activity_id=kept_id)
    assert failed and document["code"] == "not_found"
    failed, fitness = await use(api, token, "get_fitness")
    assert 0 < sum(day["load_au"] for day in fitness["days"]) < sum(day["load_au"] for day in own["days"])
    assert await person.get("/fitness") == own
    for tool in TOOLS:
        failed, document = await use(api, token, tool.name)
        assert "Kept ride" not in json.dumps(document) and kept_id not in json.dumps(document)
        if tool.rests_on_all and not tool.suggests:
            assert failed and document["code"] == "withheld_from_assistants"

    view = await person.get("/assistant")
    assert view["kept_from_assistants"] == ["strava"]
    shown = await person.get("/assistant/answers/list_activities")
    assert shown == {"is_error": False, "document": listed}


async def test_an_assistant_changes_nothing_and_suggests_only_when_allowed(api: Api):
    person = await api.sign_up()
    start = datetime.now(UTC).date() + timedelta(days=2)
    await person.call("POST", "/plans", status=202, json={"request": REQUEST | {"start": start.isoformat()}})
    await api.work()
    before = await person.get("/plans/current")
    token = await token_of(person, "assistant:read", "assistant:write")
    change = {"type": "skip_week", "week_of": before["document"]["days"][7]["date"]}
    failed, tried = await use(api, token, "try_plan_change", plan_id=before["id"], change=change)
    assert not failed and tried["effect"]
    failed, card = await use(
        api, token, "propose_plan_change", plan_id=before["id"], change=change, why="You travel that week."
    )
    assert not failed, card
    assert (card["status"], card["code"]) == ("open", "assistant_skip_week")
    assert "You travel that week." in card["reason"]
    assert await person.get("/plans/current") == before
    failed, again = await use(api, token, "propose_plan_change", plan_id=before["id"], change=change, why="Please.")
    assert failed and again["code"] == "conflict"

    changed = await person.call("POST", f"/plans/proposals/{card['id']}/accept", status=200)
    assert changed["id"] != before["id"]
    reading = await token_of(person, "assistant:read")
    failed, refused = await use(api, reading, "propose_plan_change", plan_id=changed["id"], change=change, why="No.")
    assert failed and refused["code"] == "tool_unknown"


async def test_an_assistant_is_shown_no_session_to_follow_while_a_red_flag_stands(api: Api):
    person = await api.sign_up()
    start = datetime.now(UTC).date() + timedelta(days=2)
    await person.call("POST", "/plans", status=202, json={"request": REQUEST | {"start": start.isoformat()}})
    await api.work()
    token = await token_of(person, "assistant:read")
    _, plan = await use(api, token, "get_plan")
    assert any(day["sessions"] for day in plan["document"]["days"])
    await person.call("POST", "/readiness/red-flag", status=200, json={"symptoms": ["fainting"]})
    _, plan = await use(api, token, "get_plan")
    assert plan["is_stopped"] and not any(day["sessions"] for day in plan["document"]["days"])
    span = {"from": start.isoformat(), "to": (start + timedelta(days=6)).isoformat()}
    _, report = await use(api, token, "get_plan_adherence", plan_id=plan["id"], **span)
    assert report["sessions"] == []
    change = {"type": "drop_day", "weekday": "sat"}
    failed, refused = await use(api, token, "try_plan_change", plan_id=plan["id"], change=change)
    assert failed and refused["code"] == "plan_locked"


async def test_every_tool_stands_for_an_operation_that_is_documented(api: Api):
    paths = api.app.openapi()["paths"]
    for tool in TOOLS:
        operation = paths[f"/api/v1{tool.path}"][tool.method]
        assert operation["description"]
        assert tool.method == "get" or tool.suggests or "nothing is stored" in operation["description"]
