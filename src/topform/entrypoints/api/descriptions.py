"""What the OpenAPI document says beyond the words of operations: names in paths, and what lets programs in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from topform.entrypoints.api.examples import METHODS
from topform.platform.web.identity import OWNER_AREAS, area_of

OAUTH: Final = "OAuth2"

IN_PATHS: Final[Mapping[str, str]] = {
    "account_id": "The account; `GET /admin/accounts` lists them.",
    "activity_id": "The activity; lists of activities name it as `id`.",
    "address_id": "The calendar address; not its secret.",
    "athlete_id": "The athlete who shares with you; `GET /coaching/athletes` lists them.",
    "challenge_id": "The challenge.",
    "client_id": "The application; the id that it was registered with.",
    "club_id": "The club.",
    "coach_id": "The coach; `GET /coaching/coaches` lists yours.",
    "comment_id": "The comment.",
    "connection_id": "The connected service; `GET /connections` lists yours.",
    "device_id": "The signed-in device; `GET /accounts/me/devices` lists yours.",
    "dispute_id": "The objection against the analysis.",
    "entry_id": "Somebody's place in the challenge; its board names it.",
    "fault": "Code of the fault that the recommendation is for.",
    "form": "Which kind of feed.",
    "form_check_id": "The form check; `GET /form-checks` lists yours.",
    "group_id": "The group of athletes whom you coach.",
    "handle": "The name under which the person is known here.",
    "identity_id": "The way to sign in at another provider; `GET /accounts/me/identities` lists yours.",
    "invitation_id": "The invitation; not its secret.",
    "job_id": "The job; the answer that began it names it as `id`.",
    "kind": "In which form the session leaves.",
    "metric": "Which daily value.",
    "model_id": "The model, as the list of models names it.",
    "name": "Which tool of an assistant.",
    "number": "Which version of the model, counted from 1.",
    "passkey_id": "The passkey; `GET /accounts/me/passkeys` lists yours.",
    "plan_id": "The plan, or an older version of it; `GET /plans/current` names the newest.",
    "post_id": "The post.",
    "proposal_id": "The proposed change; `GET /plans/proposals` lists yours.",
    "purpose": "What the data would be used for.",
    "push_device_id": "The device that gets notices.",
    "quantity": "Which threshold.",
    "removal_id": "The removal by a moderator.",
    "report_id": "The report.",
    "room_id": "The room for training together.",
    "secret": "The secret part of the calendar address; it is the permission.",
    "segment_id": "The segment.",
    "session_id": "The planned session; the plan's document names it as `id`.",
    "sha256": "Digest of the file, as the description of the model names it.",
    "sign_up_invitation_id": "The invitation to sign up; not its secret.",
    "signal_id": "What was noticed and is to be looked at.",
    "source_id": "The file that the activity came from.",
    "team_id": "The team of the challenge.",
    "test_id": "The threshold test.",
    "token_id": "The token; not its secret.",
    "valid_from": "From which day on the threshold holds.",
    "zone_id": "The privacy zone.",
}


def add_descriptions(document: dict[str, Any]) -> None:
    """Say of every parameter in a path what it is, unless the operation says so itself."""
    for path in document["paths"].values():
        for method in path.keys() & METHODS:
            for parameter in path[method].get("parameters", ()):
                if parameter["in"] == "path" and parameter["name"] in IN_PATHS:
                    parameter.setdefault("description", IN_PATHS[parameter["name"]])


def add_scopes(document: dict[str, Any]) -> None:
    """Say how an app of others asks an athlete for access, and which scope opens each operation to programs."""
    scopes = {"events:read": "Listen to what happens, on the WebSocket."}
    for path in document["paths"].values():
        for method in path.keys() & METHODS:
            operation = path[method]
            area = area_of(operation.get("tags", ()))
            if {"HTTPBearer": []} not in operation.get("security", ()) or not area or area in OWNER_AREAS:
                continue
            right = "read" if method == "get" else "write"
            operation["security"].append({OAUTH: [f"{area}:{right}"]})
            words = area.replace("_", " ")
            scopes[f"{area}:{right}"] = f"Read {words}." if right == "read" else f"Change {words}; reading is included."
    document["components"]["securitySchemes"][OAUTH] = {
        "type": "oauth2",
        "description": (
            "For apps that other athletes use: a code with PKCE (`S256`), to an address that was registered letter by "
            "letter. The access token goes into `Authorization: Bearer`, as do tokens of programs, which have the same "
            "scopes. Where no scope is named, no program gets in."
        ),
        "flows": {
            "authorizationCode": {
                "authorizationUrl": "/authorize",
                "tokenUrl": "/api/v1/oauth/token",
                "refreshUrl": "/api/v1/oauth/token",
                "scopes": dict(sorted(scopes.items())),
            }
        },
    }
