"""Third-party services on a local port, played from their public documentation, failures included."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from tests.support.in_thread import served_in_thread

if TYPE_CHECKING:
    from tests.support.provider_garmin import GarminAccount

CLIENT_ID = "client-1"
CLIENT_SECRET = "client-secret-0123456789"
WEBHOOK_SECRET = "webhook-secret-0123456789"


@dataclass(frozen=True)
class Seen:
    """A request that arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


Failure = Callable[[], Response]


def status(code: int, **headers: str) -> Failure:
    """Answer with a status."""
    return lambda: JSONResponse({"message": "no"}, status_code=code, headers=headers)


def half_json() -> Failure:
    """Answer with the first half of a document."""
    return lambda: Response('[{"id": "i1", "start_date_local": "2026-0', media_type="application/json")


def cut_off() -> Failure:
    """Promise more than is sent, then hang up."""

    async def part() -> Any:
        yield b'[{"id": 1'
        raise ConnectionResetError("the service hangs up")

    return lambda: StreamingResponse(part(), media_type="application/json", headers={"Content-Length": "5000"})


def never_ending(released: threading.Event) -> Failure:
    """Send a part and then nothing for as long as the test runs."""

    async def part() -> Any:
        yield b"["
        await asyncio.to_thread(released.wait)

    return lambda: StreamingResponse(part(), media_type="application/json")


def oversized(size: int) -> Failure:
    """Answer with a very large body."""
    return lambda: Response(b" " * size, media_type="application/json")


@dataclass
class OAuth:
    """An authorisation server: codes with PKCE, access tokens, refresh tokens that serve once where they rotate."""

    rotates: bool = True
    uses_pkce: bool = True
    codes: dict[str, str | None] = field(default_factory=dict)
    refresh_tokens: set[str] = field(default_factory=set)
    access_tokens: set[str] = field(default_factory=set)
    refreshes: int = 0

    def approve(self, challenge: str | None) -> str:
        """Return the code with which an athlete comes back who has given permission."""
        code = secrets.token_hex(12)
        self.codes[code] = challenge
        return code

    def grant(self, form: dict[str, str]) -> tuple[str, str] | None:
        """Return an access and a refresh token, None when the grant is not valid."""
        if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
            return None
        if form["grant_type"] == "authorization_code":
            if form["code"] not in self.codes:
                return None
            challenge = self.codes.pop(form["code"])
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if challenge is not None and base64.urlsafe_b64encode(digest).decode().rstrip("=") != challenge:
                return None
        else:
            if form["refresh_token"] not in self.refresh_tokens:
                return None
            self.refreshes += 1
            if self.rotates:
                self.refresh_tokens.remove(form["refresh_token"])
        access, refresh = f"access-{secrets.token_hex(8)}", f"refresh-{secrets.token_hex(8)}"
        self.access_tokens.add(access)
        self.refresh_tokens.add(refresh)
        return access, refresh

    def revoke(self) -> None:
        """Withdraw the athlete's permission."""
        self.access_tokens.clear()
        self.refresh_tokens.clear()

    def accepts(self, request: Request) -> bool:
        """Whether the request carries a valid access token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return scheme == "Bearer" and token in self.access_tokens


def _garmin_account() -> GarminAccount:
    from tests.support.provider_garmin import GarminAccount

    return GarminAccount()


@dataclass
class ProviderServer:
    """The services, what they hold, what they were asked, and how they shall fail next."""

    url: str = ""
    requests: list[Seen] = field(default_factory=list)
    failures: list[tuple[str, Failure]] = field(default_factory=list)
    oauth: OAuth = field(default_factory=OAuth)
    released: threading.Event = field(default_factory=threading.Event)
    held_paths: set[str] = field(default_factory=set)
    is_holding: threading.Event = field(default_factory=threading.Event)

    # intervals.icu
    intervals_key: str = "key-of-ada-0123456789"
    intervals_activities: list[dict[str, Any]] = field(default_factory=list)
    intervals_files: dict[str, bytes] = field(default_factory=dict)
    intervals_wellness: list[dict[str, Any]] = field(default_factory=list)

    # Strava
    strava_activities: list[dict[str, Any]] = field(default_factory=list)
    strava_streams: dict[int, dict[str, Any]] = field(default_factory=dict)
    strava_expires_at: float = 0.0
    strava_usage: tuple[int, int] = (1, 1)

    # Garmin Connect
    garmin: GarminAccount = field(default_factory=_garmin_account)

    # Polar, Oura, WHOOP, Withings, Google Health
    registered: list[str] = field(default_factory=list)
    health: dict[str, Any] = field(default_factory=dict)

    def fail(self, part_of_path: str, *failures: Failure) -> None:
        """Have the next requests whose path holds the text fail, one after the other."""
        self.failures += [(part_of_path, failure) for failure in failures]

    def asked(self, part_of_path: str) -> list[Seen]:
        """Return the requests whose path holds the text."""
        return [seen for seen in self.requests if part_of_path in seen.path]

    def hold(self, part_of_path: str) -> None:
        """Leave requests to this path unanswered until `release`."""
        self.released.clear()
        self.is_holding.clear()
        self.held_paths.add(part_of_path)

    def release(self) -> None:
        """Answer what is held."""
        self.held_paths.clear()
        self.released.set()


def _listed_between(items: list[dict[str, Any]], name: str, oldest: str, newest: str) -> list[dict[str, Any]]:
    return [item for item in items if oldest[:10] <= str(item[name])[:10] <= newest[:10]]


def make_app(server: ProviderServer) -> FastAPI:
    """Return the services as one application; their paths do not overlap."""
    app = FastAPI()

    @app.middleware("http")
    async def watch(request: Request, call_next: Any) -> Response:
        body = await request.body()
        path = request.url.path
        headers = {name.lower(): value for name, value in request.headers.items()}
        server.requests.append(Seen(request.method, path, dict(request.query_params), headers, body))
        for held in tuple(server.held_paths):
            if held in path:
                server.is_holding.set()
                await asyncio.to_thread(server.released.wait)
        for index, (part, failure) in enumerate(server.failures):
            if part in path:
                del server.failures[index]
                return failure()
        response: Response = await call_next(request)
        return response

    from tests.support import provider_fitbit, provider_garmin, provider_health

    provider_fitbit.add_google_health(app, server)
    provider_garmin.add_garmin(app, server)
    provider_health.add_oura(app, server)
    provider_health.add_polar(app, server)
    provider_health.add_whoop(app, server)
    provider_health.add_withings(app, server)
    _add_intervals(app, server)
    _add_strava(app, server)
    return app


def _add_intervals(app: FastAPI, server: ProviderServer) -> None:
    def refused(request: Request) -> Response | None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        key = base64.b64encode(f"API_KEY:{server.intervals_key}".encode()).decode()
        if (scheme == "Basic" and given == key) or server.oauth.accepts(request):
            return None
        return JSONResponse(
            {"status": 403 if scheme == "Basic" else 401, "error": "Access denied"}, 403 if scheme == "Basic" else 401
        )

    @app.post("/api/oauth/token")
    async def token(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        granted = server.oauth.grant(form)
        if granted is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        # No refresh token and no end: it is valid until the athlete takes it back.
        return JSONResponse(
            {
                "token_type": "Bearer",
                "access_token": granted[0],
                "scope": "ACTIVITY:READ,WELLNESS:READ",
                "athlete": {"id": "i2049151", "name": "Ada"},
            }
        )

    @app.get("/api/v1/athlete/0")
    async def athlete(request: Request) -> Response:
        return refused(request) or JSONResponse({"id": "i2049151", "name": "Ada"})

    @app.get("/api/v1/athlete/0/activities")
    async def activities(request: Request, oldest: str, newest: str) -> Response:
        listed = _listed_between(server.intervals_activities, "start_date_local", oldest, newest)
        listed.sort(key=lambda item: str(item["start_date_local"]), reverse=True)
        return refused(request) or JSONResponse(listed)

    @app.get("/api/v1/activity/{activity_id}")
    async def activity(request: Request, activity_id: str) -> Response:
        found = [item for item in server.intervals_activities if item["id"] == activity_id]
        return refused(request) or (JSONResponse(found[0]) if found else JSONResponse({"status": 404}, 404))

    @app.get("/api/v1/activity/{activity_id}/file")
    async def file(request: Request, activity_id: str) -> Response:
        content = server.intervals_files.get(activity_id)
        if content is None:
            return JSONResponse({"status": 404}, 404)
        return refused(request) or Response(gzip.compress(content, mtime=0), media_type="application/octet-stream")

    @app.get("/api/v1/athlete/0/wellness")
    async def wellness(request: Request, oldest: str, newest: str) -> Response:
        return refused(request) or JSONResponse(_listed_between(server.intervals_wellness, "id", oldest, newest))

    @app.delete("/api/v1/disconnect-app")
    async def disconnect(request: Request) -> Response:
        answer = refused(request)
        if answer is None:
            server.oauth.revoke()
        return answer or JSONResponse({})


def _add_strava(app: FastAPI, server: ProviderServer) -> None:
    quota = lambda: {  # noqa: E731
        "X-RateLimit-Limit": "200,2000",
        "X-RateLimit-Usage": f"{server.strava_usage[0]},{server.strava_usage[1]}",
    }

    def answer(request: Request, document: Any, code: int = 200) -> Response:
        if not server.oauth.accepts(request):
            return JSONResponse({"message": "Authorization Error", "errors": []}, 401)
        return JSONResponse(document, code, headers=quota())

    @app.post("/oauth/token")
    async def token(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        granted = server.oauth.grant(form)
        if granted is None:
            return JSONResponse({"message": "Bad Request", "errors": []}, 400)
        document: dict[str, Any] = {
            "token_type": "Bearer",
            "expires_at": int(server.strava_expires_at or time.time() + 21600),
            "expires_in": 21600,
            "refresh_token": granted[1],
            "access_token": granted[0],
        }
        if form["grant_type"] == "authorization_code":
            document["athlete"] = {"id": 134815, "firstname": "Ada", "lastname": "L"}
        return JSONResponse(document)

    @app.post("/oauth/revoke")
    async def revoke(request: Request) -> Response:
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({}, 401)
        server.oauth.revoke()
        return JSONResponse({})

    @app.get("/athlete/activities")
    async def activities(request: Request, before: int, page: int, per_page: int) -> Response:
        listed = [one for one in server.strava_activities if one["_start_s"] < before]
        listed.sort(key=lambda one: one["_start_s"], reverse=True)
        page_of = listed[(page - 1) * per_page : page * per_page]
        return answer(request, [{name: one[name] for name in one if name[0] != "_"} for one in page_of])

    @app.get("/activities/{activity_id}")
    async def activity(request: Request, activity_id: int) -> Response:
        found = [one for one in server.strava_activities if one["id"] == activity_id]
        if not found:
            return answer(request, {"message": "Record Not Found"}, 404)
        return answer(request, {name: value for name, value in found[0].items() if name[0] != "_"})

    @app.get("/activities/{activity_id}/streams")
    async def streams(request: Request, activity_id: int) -> Response:
        if activity_id not in server.strava_streams:
            return answer(request, {"message": "Record Not Found"}, 404)
        return answer(request, server.strava_streams[activity_id])


@contextlib.contextmanager
def running_provider() -> Iterator[ProviderServer]:
    """Start the services on a free port and stop them at the end."""
    server = ProviderServer()
    with served_in_thread(make_app(server)) as server.url:
        try:
            yield server
        finally:
            server.release()


def ride_listed_by_intervals(activity_id: str, day: date, *, name: str = "Ride") -> dict[str, Any]:
    """Return an activity as intervals.icu lists it."""
    return {
        "id": activity_id,
        "start_date_local": f"{day.isoformat()}T08:00:00",
        "name": name,
        "source": "GARMIN_CONNECT",
        "file_type": "fit",
    }


def as_json(document: Any) -> bytes:
    """Return a document as a notification carries it."""
    return json.dumps(document).encode()
