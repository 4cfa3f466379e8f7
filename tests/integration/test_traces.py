"""Traces: what is sent where an operator asks for them, and that nothing of a person is in it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.support.api import PASSWORD, running
from tests.support.workouts import Ride

from topform.entrypoints.worker import features
from topform.platform.job_runner import JobRunner
from topform.platform.settings import InvalidSettingsError, Settings, load_settings
from topform.platform.tracing import ATTRIBUTES, Kind, Span, Tracer


class Receiver(ThreadingHTTPServer):
    """A collector that keeps what it is sent."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        received = self.bodies

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.path == "/v1/traces"
                received.append(body.decode())
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *arguments: Any) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def spans(self) -> list[dict[str, Any]]:
        return [
            span
            for body in self.bodies
            for resource in json.loads(body)["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        ]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def attributes(span: dict[str, Any]) -> dict[str, Any]:
    return {item["key"]: next(iter(item["value"].values())) for item in span["attributes"]}


async def test_a_session_is_told_without_the_person(database_url: str, tmp_path: Path, receiver: Receiver) -> None:
    settings = Settings(data_dir=tmp_path, database_url=database_url, traces_endpoint=receiver.endpoint)
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    async with running(settings) as api:
        person = await api.sign_up(email="secret.person@example.org", display_name="Secretname")
        await person.get("/activities", params={"q": "secretquery"})
        await person.get("/athletes/me", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
        await person.call("POST", "/sessions", status=401, json={"email": "secret.person@example.org", "password": "x"})
        job = await person.upload("secretfile.fit", Ride(seconds=60).as_fit())
        worker = Tracer(receiver.endpoint, service="topform-worker")
        worker.watch(api.resources.database.engine)
        runner = JobRunner(
            api.resources.database,
            features(),
            provides=(api.settings, api.resources.store, api.resources),
            tracer=worker,
        )
        async with worker.running():
            await runner.run_until_idle()
        assert (await person.get(f"/jobs/{job['id']}"))["state"] == "succeeded"
        activity = (await person.get("/activities"))["items"][0]["id"]
        await person.get(f"/activities/{activity}")
    spans = receiver.spans()
    names = {span["name"] for span in spans}
    assert {"POST /api/v1/accounts", "GET /api/v1/activities/{activity_id}", "SELECT activities"} <= names
    assert any(span["traceId"] == trace and span.get("parentSpanId") == "00f067aa0ba902b7" for span in spans)

    (upload,) = (span for span in spans if span["name"] == "POST /api/v1/activities/uploads")
    jobs = [span for span in spans if span["kind"] == Kind.CONSUMER]
    assert {"traceId": upload["traceId"], "spanId": upload["spanId"]} in [
        link for one in jobs for link in one.get("links", [])
    ]
    inside = [span for span in spans if span.get("parentSpanId") == upload["spanId"]]
    assert any(span["name"] == "INSERT jobs" for span in inside)

    told = {key for span in spans for key in attributes(span)}
    assert told <= ATTRIBUTES
    everything = " ".join(receiver.bodies)
    for secret in (
        "secret", "Secretname", PASSWORD, person.token, person.athlete["id"], activity, job["id"], "Europe/Berlin",
        str(tmp_path),
    ):  # fmt: skip
        assert secret not in everything, secret


async def test_nothing_is_made_or_sent_unless_asked_for(
    database_url: str, tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint)
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    async with running(Settings(data_dir=tmp_path, database_url=database_url)) as api:
        person = await api.sign_up()
        await person.upload("ride.fit", Ride(seconds=60).as_fit())
        async with api.resources.database.engine.connect() as connection:
            stored = await connection.exec_driver_sql("SELECT args::text FROM procrastinate_jobs")
            assert all("traceparent" not in args for (args,) in stored)
    assert receiver.bodies == []


async def test_a_collector_that_is_away_holds_nothing_up(database_url: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=database_url, traces_endpoint="http://127.0.0.1:9")
    async with running(settings) as api:
        person = await api.sign_up()
        await person.get("/athletes/me")


def test_a_span_tells_what_is_on_the_list_only() -> None:
    span = Span("GET /x", Kind.SERVER, "0" * 32)
    with pytest.raises(ValueError, match=r"url\.path"):
        span.tell({"url.path": "/activities/1"})


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidSettingsError, match="TOPFORM_TRACES_ENDPOINT must be an address"):
        load_settings(traces_endpoint="localhost:4318")
