"""Garmin Connect's Personal API on the local port, played from its public documentation."""

from __future__ import annotations

import base64
import io
import json
import time
import zipfile
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from tests.support.provider_server import ProviderServer


@dataclass
class GarminAccount:
    """What Garmin Connect holds of one person, and the key that opens it."""

    key: str | None = "garmin-key-of-ada-0123456789"
    tokens: set[str] = field(default_factory=set)
    token_life_s: float = 86_400.0
    activities: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    nights: list[dict[str, Any]] = field(default_factory=list)
    hrv: list[dict[str, Any]] = field(default_factory=list)
    summaries: list[dict[str, Any]] = field(default_factory=list)
    weights: list[dict[str, Any]] = field(default_factory=list)

    def revoke(self) -> None:
        """Delete the key, as its owner does in the settings; its tokens end with it."""
        self.key = None
        self.tokens.clear()

    def new_token(self) -> str:
        """Return a token in three parts whose middle says when it ends."""
        claims = json.dumps({"exp": int(time.time() + self.token_life_s), "n": len(self.tokens)}).encode()
        token = f"head.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.signature"
        self.tokens.add(token)
        return token


def zipped(name: str, content: bytes) -> bytes:
    """Return an archive with one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def add_garmin(app: FastAPI, server: ProviderServer) -> None:
    """Add the Personal API."""

    def answer(request: Request, document: Any) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in server.garmin.tokens:
            return JSONResponse({"message": "HTTP 401 Unauthorized"}, 401)
        return Response(status_code=204) if document is None else JSONResponse(document)

    def within(items: list[dict[str, Any]], name: str, first: str, last: str) -> list[dict[str, Any]]:
        return [item for item in items if first <= str(item[name])[:10] <= last]

    @app.post("/personalapitoken-service/personal-api/personal-api-key/token")
    async def token(request: Request) -> Response:
        if server.garmin.key is None or request.headers.get("authorization") != f"ApiKey {server.garmin.key}":
            return JSONResponse({"message": "Unauthorized"}, 401)
        return Response(server.garmin.new_token(), media_type="text/plain")

    @app.get("/userprofile-service/userprofile/settings")
    async def settings(request: Request) -> Response:
        return answer(request, {"displayName": "ada-l", "timeZone": "Europe/Berlin"})

    @app.get("/activitylist-service/activities/search/activities")
    async def activities(request: Request, start: int, limit: int, startDate: str, endDate: str) -> Response:
        if limit > 45:
            return JSONResponse({"message": "HTTP 500"}, 500)
        listed = within(server.garmin.activities, "startTimeLocal", startDate, endDate)
        listed.sort(key=lambda one: str(one["startTimeLocal"]), reverse=True)
        return answer(request, listed[start : start + limit])

    @app.get("/download-service/files/activity/{activity_id}")
    async def download(request: Request, activity_id: str) -> Response:
        if request.headers.get("accept") == "application/octet-stream":
            return Response(status_code=406)
        content = server.garmin.files.get(activity_id)
        if content is None:
            return JSONResponse({"message": "HTTP 404 Not Found"}, 404)
        refused = answer(request, {})
        return Response(content, media_type="application/x-zip-compressed") if refused.status_code == 200 else refused

    @app.get("/sleep-service/sleep/dailySleepSummariesByDate")
    async def sleep(request: Request, startDate: str, endDate: str) -> Response:
        return answer(request, within(server.garmin.nights, "calendarDate", startDate, endDate))

    @app.get("/hrv-service/hrv/daily/{first}/{last}")
    async def hrv(request: Request, first: str, last: str) -> Response:
        nights = within(server.garmin.hrv, "calendarDate", first, last)
        return answer(request, {"hrvSummaries": nights, "userProfilePk": 1} if nights else None)

    @app.get("/usersummary-service/v2/dailysummaries")
    async def summaries(request: Request, startDate: str, endDate: str) -> Response:
        return answer(request, {"data": within(server.garmin.summaries, "calendarDate", startDate, endDate)})

    @app.get("/weight-service/weight/range/{first}/{last}")
    async def weights(request: Request, first: str, last: str, includeAll: str) -> Response:
        days = within(server.garmin.weights, "summaryDate", first, last)
        return answer(request, {"dailyWeightSummaries": days, "totalAverage": None})
