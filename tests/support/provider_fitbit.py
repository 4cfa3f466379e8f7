"""The Google Health API on the local port, played from its reference: data points by kind, in pages, filtered."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from tests.support.provider_health import form_of
from tests.support.provider_server import ProviderServer

SCOPE = "https://www.googleapis.com/auth/googlehealth."
ALL_SCOPES = " ".join(
    f"{SCOPE}{kind}.readonly"
    for kind in ("activity_and_fitness", "health_metrics_and_measurements", "sleep", "location")
)
FILTER = re.compile(r'([a-z_.]+) >= "(\d{4}-\d\d-\d\d)" AND ([a-z_.]+) < "(\d{4}-\d\d-\d\d)"')
SOURCES = "users/me/dataSourceFamilies/google-sources"
SCOPE_OF_KIND = {"sleep": "sleep", "exercise": "activity_and_fitness", "steps": "activity_and_fitness"}


def civil(day: str, hour: int = 0) -> dict[str, Any]:
    """Return a local time in parts."""
    at = date.fromisoformat(day)
    return {"date": {"year": at.year, "month": at.month, "day": at.day}, "time": {"hours": hour}}


def _day(point: dict[str, Any], time: str) -> str:
    """Return the local day that a filter's field names in a data point."""
    kind, _, path = time.partition(".")
    head, *rest = kind.split("_")
    fields = point[head + "".join(word.title() for word in rest)]
    for name in path.split("."):
        head, *rest = name.split("_")
        fields = fields[head + "".join(word.title() for word in rest)]
    parts = fields.get("date", fields)
    return date(parts["year"], parts["month"], parts["day"]).isoformat()


def add_google_health(app: FastAPI, server: ProviderServer) -> None:
    """Add Google's sign-in and the API."""

    def problem(code: int, state: str) -> Response:
        return JSONResponse({"error": {"code": code, "status": state, "message": state}}, code)

    def refused(request: Request, kind: str) -> Response | None:
        if not server.oauth.accepts(request):
            return problem(401, "UNAUTHENTICATED")
        needed = f"{SCOPE}{SCOPE_OF_KIND.get(kind, 'health_metrics_and_measurements')}.readonly"
        return None if needed in server.health.get("google_scopes", ALL_SCOPES) else problem(403, "PERMISSION_DENIED")

    @app.post("/token")
    async def token(request: Request) -> Response:
        granted = server.oauth.grant(await form_of(request))
        if granted is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        scopes = server.health.get("google_scopes", ALL_SCOPES)
        answer = {"access_token": granted[0], "expires_in": 3599, "token_type": "Bearer", "scope": scopes}
        return JSONResponse(answer | {"refresh_token": granted[1]})

    @app.post("/revoke")
    async def revoke(request: Request) -> Response:
        known = (await form_of(request)).get("token") in server.oauth.refresh_tokens
        server.oauth.revoke()
        return JSONResponse({}) if known else JSONResponse({"error": "invalid_token"}, 400)

    @app.get("/v4/users/me/identity")
    async def identity(request: Request) -> Response:
        if not server.oauth.accepts(request):
            return problem(401, "UNAUTHENTICATED")
        return JSONResponse({"name": "users/me/identity", "healthUserId": "ada1", "legacyUserId": "7ZXW2D"})

    async def listed(request: Request, kind: str) -> Response:
        query = request.query_params
        asked = FILTER.fullmatch(query["filter"])
        if asked is None or asked[1] != asked[3] or query["dataSourceFamily"] != SOURCES:
            return problem(400, "INVALID_ARGUMENT")
        if kind in ("exercise", "sleep") and int(query["pageSize"]) > 25:
            return problem(400, "INVALID_ARGUMENT")
        found = [one for one in server.health.get(kind, []) if asked[2] <= _day(one, asked[1]) < asked[4]]
        at = int(query.get("pageToken", 0))
        more = {"nextPageToken": str(at + 2)} if at + 2 < len(found) else {}
        # What is empty is left out, as protocol buffers do.
        return refused(request, kind) or JSONResponse(({"dataPoints": found[at : at + 2]} if found else {}) | more)

    @app.get("/v4/users/me/dataTypes/{kind}/dataPoints:reconcile")
    async def reconcile(request: Request, kind: str) -> Response:
        return await listed(request, kind)

    @app.get("/v4/users/me/dataTypes/{kind}/dataPoints")
    async def points(request: Request, kind: str) -> Response:
        return problem(400, "INVALID_ARGUMENT") if kind == "sleep" else await listed(request, kind)

    @app.post("/v4/users/me/dataTypes/steps/dataPoints:dailyRollUp")
    async def steps(request: Request) -> Response:
        asked = await request.json()
        first, end = (date(**asked["range"][edge]["date"]) for edge in ("start", "end"))
        if end - first > timedelta(days=90):
            return problem(400, "INVALID_ARGUMENT")
        counted = [
            {"civilStartTime": civil(day), "civilEndTime": civil(day, 24), "steps": {"countSum": str(count)}}
            for day, count in server.health.get("steps", {}).items()
            if first.isoformat() <= day < end.isoformat()
        ]
        return refused(request, "steps") or JSONResponse({"rollupDataPoints": counted} if counted else {})

    @app.get("/v4/users/me/dataTypes/exercise/dataPoints/{point}")
    async def exercise(request: Request, point: str) -> Response:
        number, _, method = point.partition(":")
        if method == "exportExerciseTcx":
            tcx = server.health["tcx"].get(number)
            if "location" not in server.health.get("google_scopes", ALL_SCOPES):
                return problem(403, "PERMISSION_DENIED")
            assert request.query_params["alt"] == "media"
            return problem(404, "NOT_FOUND") if tcx is None else Response(tcx, media_type="application/octet-stream")
        found = [one for one in server.health["exercise"] if one["name"].endswith(f"/{number}")]
        return refused(request, "exercise") or (JSONResponse(found[0]) if found else problem(404, "NOT_FOUND"))
