"""Every refusal is a problem document with a stable code; every answer carries the security headers."""

from __future__ import annotations

import json
from inspect import Parameter, signature
from pathlib import Path
from uuid import uuid4

import pytest
from tests.support.api import Api, Person, running

from topform.core.errors import TopFormError
from topform.entrypoints.api.problems import STATUS_BY_ERROR, status_of
from topform.platform.settings import Settings


def all_errors(root: type[TopFormError]) -> list[type[TopFormError]]:
    """Return the error classes below the root."""
    return [kind for child in root.__subclasses__() for kind in (child, *all_errors(child))]


async def test_every_error_class_that_a_caller_can_meet_has_a_status(api: Api) -> None:
    for kind in all_errors(TopFormError):
        if kind.__name__ in {
            "InternalError",
            "JobGaveUpError",
            "PlannerError",
            "RejectedUploadError",
            "SyncBrokenError",
        }:
            continue  # only ever the error of a job
        needed = [name for name, one in signature(kind).parameters.items() if one.kind is Parameter.KEYWORD_ONLY]
        facts = {"provider": "a service", "retry_after_s": 60.0}
        error = kind("what is wrong", **{name: facts[name] for name in needed if name in facts})
        assert status_of(error) in set(STATUS_BY_ERROR.values()), kind


async def test_a_password_is_measured_in_characters(api: Api) -> None:
    async with api.client() as http:
        form = {"email": "ada@example.org", "display_name": "Ada", "password": "short"}
        answer = await http.post("/api/v1/accounts", json=form)
    (said,) = answer.json()["errors"]
    assert (said["field"], said["message"]) == ("password", "Value should have at least 10 characters, not 5")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/athletes/me", 401, "not_authenticated"),
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/nothing", 404, "not_found"),
        ("PUT", "/api/v1/jobs", 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("POST", "/somewhere", 405, "method_not_allowed"),
        ("GET", "/", 503, "app_not_built"),
    ],
)
async def test_refusals_are_problem_documents(api: Api, method: str, path: str, status: int, code: str) -> None:
    async with api.client() as http:
        answer = await http.request(method, path)
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:topform:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["remedy"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"", "application/json"),
        (b'{"email": "a@example.org"}', "text/plain"),
        (b"\xff\xfe", "application/json"),
        (b'{"email": NaN}', "application/json"),
        (b"[" * 100_000, "application/json"),
    ],
    ids=["cut", "list", "empty", "text", "no-utf8", "nan", "deep"],
)
async def test_malformed_bodies_are_refused(api: Api, body: bytes, content_type: str) -> None:
    async with api.client() as http:
        answer = await http.post("/api/v1/sessions", content=body, headers={"Content-Type": content_type})
    assert answer.status_code in (400, 415, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_large_bodies_are_refused_before_and_while_they_arrive(api: Api) -> None:
    async def endless():
        for _ in range(64):
            yield b" " * 2**16

    async with api.client() as http:
        announced = await http.post(
            "/api/v1/sessions", content=b" " * (2**20 + 1), headers={"Content-Type": "application/json"}
        )
        streamed = await http.post("/api/v1/sessions", content=endless(), headers={"Content-Type": "application/json"})
    for answer in (announced, streamed):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_body_that_calls_itself_a_form_is_not_read_without_end_where_none_is_taken(api: Api) -> None:
    """Before anybody signed in a body of any size would lie in memory, only for what its header says."""
    blocks = 0

    async def endless():
        nonlocal blocks
        for _ in range(640):
            blocks += 1
            yield b" " * 2**16

    async with api.client() as http:
        for path in ("sessions", "accounts", "accounts/password-resets"):
            blocks = 0
            headers = {"Content-Type": "multipart/form-data; boundary=b"}
            answer = await http.post(f"/api/v1/{path}", content=endless(), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
            assert blocks <= 20


async def test_security_headers_are_on_every_answer(api: Api) -> None:
    async with api.client() as http:
        for path in ("/healthz", "/api/v1/nothing", "/api/v1/athletes/me", "/", "/api/openapi.json"):
            headers = (await http.get(path)).headers
            policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
            assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
            assert policy["worker-src"] == "'self'"
            assert policy["default-src"] == "'self'"
            assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"


async def test_an_answer_that_has_not_changed_is_not_sent_again(api: Api, person: Person) -> None:
    first = await person.http.get("/api/v1/athletes/me")
    tag = first.headers["etag"]
    again = await person.http.get("/api/v1/athletes/me", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert "content-security-policy" in again.headers
    await person.call("PATCH", "/athletes/me", status=200, json={"display_name": "Grace"})
    changed = await person.http.get("/api/v1/athletes/me", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()["display_name"]) == (200, "Grace")
    assert changed.headers["etag"] != tag
    assert changed.headers["cache-control"] == "private, no-cache"


async def test_health_and_readiness(api: Api, settings: Settings) -> None:
    async with api.client() as http:
        assert (await http.get("/healthz")).json()["status"] == "ok"
        assert (await http.get("/readyz")).json() == {"status": "ready", "database": "ok"}
        metrics = (await http.get("/metrics")).text
    assert 'topform_http_requests_total{method="GET",route="/healthz",status="200"} 1.0' in metrics
    assert "topform_event_clients 0.0" in metrics
    assert 'topform_model_alarms{kind="inputs"} 0.0' in metrics


async def test_metrics_name_routes_and_never_ids(api: Api, person: Person) -> None:
    secret = uuid4()
    await person.get(f"/activities/{secret}", status=404)
    async with api.client() as http:
        metrics = (await http.get("/metrics")).text
    assert str(secret) not in metrics
    assert 'route="/api/v1/activities/{activity_id}"' in metrics


async def test_the_committed_openapi_document_is_the_one_served(api: Api) -> None:
    committed = Path(__file__).parents[3] / "openapi.json"
    async with api.client() as http:
        served = (await http.get("/api/openapi.json")).json()
    assert served == json.loads(committed.read_text(encoding="utf-8"))
    assert served["openapi"].startswith("3.1")


async def test_the_app_is_served_with_a_fallback_for_its_screens_only(settings: Settings, tmp_path: Path) -> None:
    web = tmp_path / "web"
    (web / "_expo" / "static").mkdir(parents=True)
    (web / "index.html").write_text("<html>the app</html>", encoding="utf-8")
    (web / "_expo" / "static" / "main-abc.js").write_text("1", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    async with running(settings.model_copy(update={"web_dir": web})) as api, api.client() as http:
        html = {"Accept": "text/html"}
        for path in ("/", "/index.html", "/activities/01a2", "/form-checks"):
            answer = await http.get(path, headers=html)
            assert (answer.status_code, answer.text) == (200, "<html>the app</html>"), path
            assert answer.headers["cache-control"] == "no-cache"
        script = await http.get("/_expo/static/main-abc.js")
        assert (script.text, script.headers["cache-control"]) == ("1", "public, max-age=31536000, immutable")
        for path in ("/missing.js", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/_expo/../../secret.txt"):
            answer = await http.get(path)
            assert answer.status_code == 404, path
            assert "secret" not in answer.text
        assert (await http.get("/api/v1/nothing", headers=html)).status_code == 404
