"""Requests made from the OpenAPI document itself: none may end in a server error or in an undocumented answer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.support.running_server import RunningServer
from tests.support.workouts import Ride

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDS_THE_SESSION = "/api/v1/sessions/current"
EXAMPLES = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """Somebody with an activity on the way."""
    ada = server.sign_up()
    server.start_worker("--queues", "default")
    ada.post("/activities/uploads", files={"file": ("ride.fit", Ride(seconds=60).as_fit())})
    return ada


def test_no_request_made_from_the_document_breaks_the_server(server: RunningServer, client: httpx.Client) -> None:
    schema = schemathesis.openapi.from_url(f"{server.url}/api/openapi.json")
    headers = {"Authorization": client.headers["authorization"]}
    tried = set()

    def call(case: Any) -> None:
        tried.add(case.operation.label)
        case.call_and_validate(headers=headers, checks=CHECKS)

    for operation in (found.ok() for found in schema.get_all_operations()):
        if operation.path != ENDS_THE_SESSION:
            EXAMPLES(given(case=operation.as_strategy())(call))()
    assert len(tried) >= 24
    assert client.get("/athletes/me").status_code == 200
    assert '"level": "error"' not in server.log("topform.entrypoints.api_process")
