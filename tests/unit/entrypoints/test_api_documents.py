"""Stored documents are what the OpenAPI document says of them: every key is described, and nothing else is promised."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import jsonschema_rs
import numpy as np
import pytest
from tests.support.plan_documents import HALF_MARATHON, PUSH_UPS
from tests.support.push_up_body import PushUps

from topform.coaching.adaptation import Life, propose
from topform.coaching.adaptation.lived import recorded_session
from topform.coaching.adaptation.what_if import what_if
from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest
from topform.core.activity import Channel, Lap, Leg, Pause, PoolLength, Sport, Streams, StrengthSet
from topform.core.documents import plain
from topform.entrypoints.api import create_app
from topform.features.accounts.public import scopes_of
from topform.kinematics.form_analysis import Exercise
from topform.platform.settings import Settings
from topform.science.athlete import AthleteParameters
from topform.science.leg_analysis import analyse_leg
from topform.vision.analysis import analyze_sequence

Document = dict[str, Any]
MADE_BY_KEY = frozenset({"ChannelSummary", "Metric"})
NAMED_BY_CONTENT = frozenset({"LegDetail"})
FREE = {
    "AssistantAnswer.document": "any answer of the API, word for word",
    "ModelAlarm.numbers": "depends on the alarm",
    "ModelTransition.numbers": "depends on what decided",
    "ModelVersionDetails.card": "comes with a model",
    "PasskeyOptions.public_key": "defined by Web Authentication",
}
TRIATHLON: Document = {
    "athlete": {"sport": "triathlon"},
    "goal": {"type": "race", "sport": "triathlon", "distance_m": 51_500, "date": "2027-04-11", "priority": "B"},
    "start": "2027-03-01",
    "available_minutes": {"tue": 60, "wed": 60, "thu": 60, "sat": 90, "sun": 120},
    "other_races": [{"date": "2027-03-20", "distance_m": 5000, "priority": "C"}],
    "offered_dates": {"2027-03-08": 45},
    "constraints": {"max_session_minutes": 120, "long_day": "sun", "strength_per_week": 1},
    "history_days": [{"date": "2027-02-27", "load": 60.0, "minutes": 55}],
}
THRESHOLD: Document = {
    "athlete": {"sport": "cycling", "ctl": 50, "threshold": {"power_w": 260, "hr_bpm": 165}, "mass_kg": 70},
    "goal": {"type": "threshold_gain", "pct": 4, "weeks": 4},
    "start": "2027-03-01",
    "available_minutes": {"tue": 75, "thu": 75, "sat": 60, "sun": 150},
}
MAINTAIN: Document = {**THRESHOLD, "athlete": {"sport": "running"}, "goal": {"type": "maintain", "weeks": 2}}
REQUESTS = [HALF_MARATHON, PUSH_UPS, TRIATHLON, THRESHOLD, MAINTAIN]


@pytest.fixture(scope="module")
def document() -> Document:
    return create_app(Settings()).openapi()


@pytest.fixture(scope="module")
def strict(document: Document) -> Document:
    """The schemas without room for keys that they do not name."""
    schemas: Document = copy.deepcopy(document["components"]["schemas"])
    for name, schema in schemas.items():
        if "properties" in schema and name not in MADE_BY_KEY | NAMED_BY_CONTENT:
            schema["additionalProperties"] = False
    return schemas


def wrong(name: str, value: Any, schemas: Document) -> list[str]:
    """Return what a value has against the schema of a name."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
    found = jsonschema_rs.Draft202012Validator(schema).iter_errors(value)
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in found]


@pytest.mark.parametrize(
    "request_document", REQUESTS, ids=lambda one: f"{one['goal']['type']}_{one['athlete']['sport']}"
)
def test_plans_and_their_changes_are_as_described(request_document: Document, strict: Document) -> None:
    assert wrong("PlanRequestDocument", request_document, strict) == []
    plan = plain(make_plan(PlanRequest.from_dict(request_document)).as_dict())
    assert wrong("PlanDocument", plan, strict) == []
    today = date.fromisoformat(request_document["start"]) + timedelta(days=4)
    planned = [session for day in plan["days"][:4] for session in day["sessions"]]
    lived = {
        today - timedelta(days=1): (
            recorded_session(
                day=today, number=1, sport="running", minutes=31.0, load_au=40.0, distance_m=5000.0,
                planned=planned[0] if planned else None, activity_id="0192f5c4-7d1e-7a3b-9c55-2f6d8e4a1b90",
            ),
        )
    }  # fmt: skip
    change = {"type": "away", "first": str(today + timedelta(days=1)), "last": str(today + timedelta(days=3))}
    tried = plain(what_if(request_document, plan, change, today=today, lived=lived))
    assert wrong("PlanDocument", tried["document"], strict) == []
    assert wrong("PlanRequestDocument", tried["request"], strict) == []
    assert wrong("ChangeEffect", tried["effect"], strict) == []
    assert [said for entry in tried["diff"] for said in wrong("DiffEntry", entry, strict)] == []
    assert [said for entry in tried["relaxed"] for said in wrong("Relaxation", entry, strict)] == []


def test_a_proposal_that_makes_a_session_lighter_is_as_described(strict: Document) -> None:
    plan = plain(make_plan(PlanRequest.from_dict(PUSH_UPS)).as_dict())
    life = Life(today=date.fromisoformat(PUSH_UPS["start"]), poor_form="push_up")
    proposal = propose(PUSH_UPS, plan, life)
    assert proposal is not None
    assert wrong("PlanDocument", plain(proposal.document), strict) == []
    assert wrong("ChangeEffect", plain(proposal.effect), strict) == []


def test_an_analysed_leg_is_as_described(strict: Document) -> None:
    n = 900
    leg = Leg(
        sport=Sport.CYCLING,
        started_at=datetime(2026, 3, 1, 7, tzinfo=UTC),
        elapsed_s=float(n),
        timer_s=float(n),
        streams=Streams(np.arange(float(n)), {Channel.POWER_W: np.full(n, 200.0), Channel.HR_BPM: np.full(n, 140.0)}),
        laps=(Lap(0.0, 450.0),),
        lengths=(PoolLength(0.0, 30.0, is_active=True),),
        sets=(StrengthSet(0.0, 30.0, is_active=True, exercise="push_up", reps=8),),
        pauses=(Pause(10.0, 12.0),),
        device_summary={"normalised_power_w": 210.0},
    )
    found = plain(analyse_leg(leg, AthleteParameters(ftp_w=250.0)).as_dict())
    assert found.keys() - strict["LegDetail"]["properties"].keys() <= {channel.value for channel in Channel}
    assert wrong("LegDetail", found, strict) == []


def test_an_analysed_set_is_as_described(strict: Document) -> None:
    found = analyze_sequence(PushUps().frames(), exercise=Exercise.PUSH_UP).as_dict()
    assert wrong("FormDocument", plain(found), strict) == []


def free_objects(schema: Any, place: str) -> Iterator[str]:
    """Yield the places at which a schema allows any object or anything."""
    if not isinstance(schema, dict) or "$ref" in schema or "enum" in schema or "const" in schema:
        return
    kinds = [one for key in ("anyOf", "oneOf", "allOf") for one in schema.get(key, ())]
    if not kinds and "type" not in schema:
        yield place
    is_open = schema.get("type") == "object" and "properties" not in schema
    if is_open and schema.get("additionalProperties", True) is True:
        yield place
    for name, part in schema.get("properties", {}).items():
        yield from free_objects(part, f"{place}.{name}")
    inside = [schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), dict)]
    for part in (*kinds, *inside):
        yield from free_objects(part, place)


def test_only_what_nobody_can_describe_is_free(document: Document) -> None:
    schemas = document["components"]["schemas"]
    found = {place for name, schema in schemas.items() for place in free_objects(schema, name)}
    assert found == FREE.keys()


def test_every_parameter_is_described_and_every_file_is_binary(document: Document) -> None:
    silent, untyped = [], []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            named = f"{method.upper()} {path}"
            silent += [(named, one["name"]) for one in operation.get("parameters", ()) if not one.get("description")]
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            contents = [(kind, said) for body in bodies for kind, said in body.get("content", {}).items()]
            untyped += [(named, kind) for kind, said in contents if not said.get("schema")]
    assert silent == []
    assert untyped == []


def test_a_job_that_waits_has_no_result_and_one_that_ended_has_its_own(document: Document) -> None:
    seen = []
    for path in document["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get("application/json", {})
                if content.get("schema", {}).get("$ref", "").endswith("/Job"):
                    seen.append((status, content["example"]["state"], content["example"]["result"] is None))
    assert {said for said in seen if said[0] == "202"} == {("202", "queued", True)}
    assert [said for said in seen if said[0] == "200"] == [("200", "succeeded", False)]


def test_every_operation_says_which_scope_opens_it_to_programs(document: Document) -> None:
    """As the server asks for it; what only its owner may touch names none, and the flow lists all that are named."""
    flow = document["components"]["securitySchemes"]["OAuth2"]["flows"]["authorizationCode"]
    assert flow["authorizationUrl"] == "/authorize"
    assert flow["tokenUrl"].removeprefix("/api/v1") == "/oauth/token"
    needed = {
        (method, path): [one["OAuth2"] for one in operation.get("security", ()) if "OAuth2" in one]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert needed["get", "/api/v1/activities"] == [["activities:read"]]
    assert needed["post", "/api/v1/activities/uploads"] == [["activities:write"]]
    assert needed["get", "/api/v1/form-checks"] == [["form_checks:read"]]
    assert needed["post", "/api/v1/account/exports"] == needed["get", "/api/v1/accounts/me/security"] == []
    named = {scope for scopes in needed.values() for one in scopes for scope in one}
    assert set(flow["scopes"]) == named | {"events:read"}
    assert named < set(scopes_of(create_app(Settings()).state.areas))
