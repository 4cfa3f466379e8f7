"""Polar, Oura, WHOOP and Withings on the local port, played from their public documentation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from tests.support.provider_server import CLIENT_ID, CLIENT_SECRET, ProviderServer

BASIC = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


async def form_of(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}


def signature(*parts: str, secret: str = CLIENT_SECRET) -> str:
    """Return the hexadecimal HMAC-SHA256 of parts joined by commas, as Withings signs."""
    return hmac.new(secret.encode(), ",".join(parts).encode(), hashlib.sha256).hexdigest()


def add_polar(app: FastAPI, server: ProviderServer) -> None:
    """Add Polar AccessLink."""

    def guarded(request: Request, document: Any, code: int = 200) -> Response:
        return JSONResponse(document, code) if server.oauth.accepts(request) else Response(status_code=401)

    @app.post("/v2/oauth2/token")
    async def token(request: Request) -> Response:
        form = await form_of(request)
        granted = None
        if request.headers.get("authorization") == BASIC and "client_secret" not in form:
            granted = server.oauth.grant({**form, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})
        if granted is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        answer = {"access_token": granted[0], "token_type": "bearer", "expires_in": 31535999, "x_user_id": 475}
        return JSONResponse(answer)

    @app.post("/v3/users")
    async def register(request: Request) -> Response:
        is_known = bool(server.registered)
        server.registered.append((await request.json())["member-id"])
        return guarded(request, {} if is_known else {"polar-user-id": 475}, 409 if is_known else 200)

    @app.delete("/v3/users/475")
    async def forget(request: Request) -> Response:
        answer = guarded(request, None, 204)
        server.oauth.revoke()
        return Response(status_code=answer.status_code)

    @app.get("/v3/exercises")
    async def exercises(request: Request) -> Response:
        return guarded(request, server.health["exercises"])

    @app.get("/v3/exercises/{exercise_id}")
    async def exercise(request: Request, exercise_id: str) -> Response:
        found = [one for one in server.health["exercises"] if one["id"] == exercise_id]
        return guarded(request, found[0]) if found else Response(status_code=404)

    @app.get("/v3/exercises/{exercise_id}/fit")
    async def fit(request: Request, exercise_id: str) -> Response:
        content = server.health["fit"].get(exercise_id)
        return Response(status_code=204) if content is None else Response(content)

    @app.get("/v3/users/sleep")
    async def sleep(request: Request) -> Response:
        return guarded(request, {"nights": server.health["nights"]})

    @app.get("/v3/users/nightly-recharge")
    async def recharge(request: Request) -> Response:
        recharges = server.health["recharges"]
        return guarded(request, {"recharges": recharges}) if recharges else Response(status_code=204)


def add_oura(app: FastAPI, server: ProviderServer) -> None:
    """Add the Oura API."""

    @app.get("/v2/usercollection/personal_info")
    async def person(request: Request) -> Response:
        return JSONResponse({"id": "8f9a5221", "email": "ada@example.org"})

    @app.get("/v2/usercollection/{kind}")
    async def collection(
        request: Request, kind: str, start_date: str, end_date: str, next_token: str | None = None
    ) -> Response:
        if not server.oauth.accepts(request):
            return JSONResponse({"detail": "Unauthorized"}, 401)
        records = [one for one in server.health.get(kind, []) if start_date <= one["day"] <= end_date]
        at = int(next_token or 0)
        # Pages of two that overlap by one.
        page = records[at : at + 2]
        following = str(at + 1) if at + 2 < len(records) else None
        return JSONResponse({"data": page, "next_token": following})

    @app.get("/v2/usercollection/workout/{workout_id}")
    async def workout(request: Request, workout_id: str) -> Response:
        found = [one for one in server.health["workout"] if one["id"] == workout_id]
        if not server.oauth.accepts(request):
            return JSONResponse({"detail": "Unauthorized"}, 401)
        return JSONResponse(found[0]) if found else JSONResponse({"detail": "Not found"}, 404)

    @app.post("/oauth/revoke")
    async def revoke(request: Request) -> Response:
        known = request.query_params.get("access_token") in server.oauth.access_tokens
        basic = request.headers.get("authorization") == BASIC
        if not known and not basic:
            return JSONResponse({}, 401)
        server.oauth.revoke()
        return JSONResponse({})


def add_whoop(app: FastAPI, server: ProviderServer) -> None:
    """Add the WHOOP API."""

    @app.post("/oauth/oauth2/token")
    async def token(request: Request) -> Response:
        granted = server.oauth.grant(await form_of(request))
        if granted is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        answer = {"access_token": granted[0], "refresh_token": granted[1], "expires_in": 3600, "token_type": "bearer"}
        scopes = server.health.get("scopes", "offline read:recovery read:sleep read:cycles")
        return JSONResponse({**answer, "scope": scopes})

    @app.get("/developer/v2/user/profile/basic")
    async def profile(request: Request) -> Response:
        return JSONResponse({"user_id": 10129, "first_name": "Ada"})

    @app.get("/developer/v2/activity/workout/{workout_id}")
    async def workout(request: Request, workout_id: str) -> Response:
        found = [one for one in server.health["activity/workout"] if one["id"] == workout_id]
        if not server.oauth.accepts(request):
            return Response(status_code=401)
        return JSONResponse(found[0]) if found else Response(status_code=404)

    @app.get("/developer/v2/{path:path}")
    async def records(request: Request, path: str, limit: int, nextToken: str | None = None) -> Response:
        if not server.oauth.accepts(request):
            return Response(status_code=401)
        assert limit <= 25
        found = server.health.get(path, [])
        at = int(nextToken or 0)
        following = str(at + 1) if at + 1 < len(found) else None
        return JSONResponse({"records": found[at : at + 1], "next_token": following})

    @app.delete("/developer/v2/user/access")
    async def revoke(request: Request) -> Response:
        server.oauth.revoke()
        return Response(status_code=204)


def add_withings(app: FastAPI, server: ProviderServer) -> None:
    """Add the Withings API; it answers 200 whatever happens."""
    nonces: set[str] = set()

    def envelope(status: int, body: Any = None) -> Response:
        return JSONResponse({"status": status, "body": body or {}} | ({} if status == 0 else {"error": "no"}))

    @app.post("/v2/signature")
    async def nonce(request: Request) -> Response:
        form = await form_of(request)
        if form["signature"] != signature("getnonce", form["client_id"], form["timestamp"]):
            return envelope(2553)
        fresh = f"nonce-{len(server.requests)}"
        nonces.add(fresh)
        return envelope(0, {"nonce": fresh})

    @app.post("/v2/oauth2")
    async def oauth(request: Request) -> Response:
        form = await form_of(request)
        if form["nonce"] not in nonces or form["signature"] != signature(form["action"], CLIENT_ID, form["nonce"]):
            return envelope(2553)
        nonces.remove(form["nonce"])
        if form["action"] == "revoke":
            server.oauth.revoke()
            return envelope(0)
        granted = server.oauth.grant(form)
        if granted is None:
            return envelope(503)
        tokens = {"access_token": granted[0], "refresh_token": granted[1], "expires_in": 10800, "token_type": "Bearer"}
        return envelope(0, {"userid": 363, "scope": "user.metrics,user.activity", **tokens})

    @app.post("/measure")
    async def measure(request: Request) -> Response:
        if not server.oauth.accepts(request):
            return envelope(401)
        at = int((await form_of(request)).get("offset", 0))
        groups = server.health["measuregrps"]
        more = {"more": 1, "offset": at + 1} if at + 1 < len(groups) else {"more": 0, "offset": 0}
        return envelope(0, {"timezone": "Europe/Berlin", "measuregrps": groups[at : at + 1], **more})

    @app.post("/v2/sleep")
    async def sleep(request: Request) -> Response:
        if not server.oauth.accepts(request):
            return envelope(401)
        return envelope(0, {"series": server.health["series"], "more": False, "offset": 0})


def as_bytes(document: Any) -> bytes:
    return json.dumps(document).encode()
