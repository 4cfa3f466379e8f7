"""What every response goes through: security headers, entity tags, request limits, metrics."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from topform.entrypoints.api.problems import problem_response
from topform.platform.tracing import TRACEPARENT, Kind, Tracer, read_traceparent
from topform.platform.web.uploads import BODY_ALLOWANCE, BodyAllowance

IMAGES = "img-src 'self' data: blob:"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "style-src 'self'",
        IMAGES,
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(self), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000"
API_PREFIX = "/api/"
API_ROOT = "/api/v1"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
MAX_JSON_BYTES = 2**20
MAX_TAGGED_BYTES = 32 * 2**20


def _raw(headers: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


_OVER_TLS = _raw({"Strict-Transport-Security": HSTS})
_OF_THE_API = _raw({"Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"})


class SecurityHeaders:
    """Adds the security headers to every response; pictures may also come from ``image_origin`` where there is one."""

    def __init__(self, app: ASGIApp, image_origin: str | None = None) -> None:
        self._app = app
        images = IMAGES if image_origin is None else f"{IMAGES} {image_origin}"
        policy = CONTENT_SECURITY_POLICY.replace(IMAGES, images)
        self._everywhere = _raw({"Content-Security-Policy": policy, **SECURITY_HEADERS})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present: list[tuple[bytes, bytes]] = list(message["headers"])
                names = {name for name, _ in present}
                present += [header for header in self._always(scope) if header[0] not in names]
                headers = MutableHeaders(raw=present)
                if scope["path"].startswith(API_PREFIX) and b"vary" in names:
                    headers.add_vary_header("Cookie")
                    headers.add_vary_header("Authorization")
                message["headers"] = headers.raw
            await send(message)

        await self._app(scope, receive, with_headers)

    def _always(self, scope: Scope) -> tuple[tuple[bytes, bytes], ...]:
        """Return the headers that an answer gets where it does not bring its own."""
        over_tls = _OVER_TLS if scope["scheme"] == "https" else ()
        of_the_api = _OF_THE_API if scope["path"].startswith(API_PREFIX) else ()
        return (*self._everywhere, *over_tls, *of_the_api)


class EntityTags:
    """Gives JSON answers of the API an entity tag and answers 304 when the client has them already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(API_PREFIX):
            await self._app(scope, receive, send)
            return
        known = {tag.strip().removeprefix("W/") for tag in Headers(scope=scope).get("if-none-match", "").split(",")}
        start: Message | None = None
        body = bytearray()
        passes_through = False

        async def tagged(message: Message) -> None:
            nonlocal start, passes_through
            if message["type"] == "http.response.start":
                headers = Headers(raw=message["headers"])
                is_json = headers.get("content-type", "").startswith("application/json")
                passes_through = message["status"] != 200 or not is_json or "etag" in headers
                if not passes_through:
                    start = message
                    return
            if passes_through or start is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if len(body) > MAX_TAGGED_BYTES:
                passes_through = True
                await send(start)
                await send({**message, "body": bytes(body)})
                return
            if message.get("more_body", False):
                return
            await _send_tagged(send, start, bytes(body), known)

        await self._app(scope, receive, tagged)


async def _send_tagged(send: Send, start: Message, body: bytes, known: set[str]) -> None:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["ETag"] = tag
    if tag in known or "*" in known:
        del headers["content-length"]
        await send({"type": "http.response.start", "status": 304, "headers": headers.raw})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})


class RequestLimits:
    """Refuses bodies over the limit, by their announced size and by what really arrives.

    Uploads are counted where they are written: only the operations that take them lift this limit. What a request calls
    its own body does not.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "")
        may_be_upload = headers.get("content-type", "").startswith("multipart/form-data")
        if announced.isdigit() and int(announced) > MAX_JSON_BYTES and not may_be_upload:
            await _refuse(scope, receive, send)
            return
        allowance = scope[BODY_ALLOWANCE] = BodyAllowance(MAX_JSON_BYTES)
        received = 0
        has_started = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if allowance.max_bytes is not None and received > allowance.max_bytes and not has_started:
                    raise _BodyTooLargeError
            return message

        async def noticed(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self._app(scope, counted, noticed)
        except _BodyTooLargeError:
            await _refuse(scope, receive, send)


class _BodyTooLargeError(BaseException):
    """Passes through the framework's own handlers up to the middleware that raised it."""


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    response = problem_response(
        413,
        "too_large",
        f"The request is larger than {MAX_JSON_BYTES // 2**20} MiB.",
        remedy="Send less in one request.",
        headers={"Connection": "close"},
    )
    await response(scope, receive, send)


class HttpMetrics:
    """Counts requests and times them, by route template and never by path."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Counter(
            "topform_http_requests", "HTTP requests answered.", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "topform_http_request_seconds", "Time until the answer was sent.", ["method", "route"], registry=registry
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        began = time.perf_counter()

        async def noticed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noticed)
        finally:
            route = _route_template(scope)
            method = scope["method"] if scope["method"] in METHODS else "OTHER"
            self._requests.labels(method, route, str(status)).inc()
            self._seconds.labels(method, route).observe(time.perf_counter() - began)


class RequestSpans:
    """Makes a span of every request, told by the route's template, and continues the trace of a proxy in front."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        parent = read_traceparent(Headers(scope=scope).get(TRACEPARENT))
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        with self._tracer.span(method, Kind.SERVER, parent=parent) as span:

            async def noticed(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.failed = message["status"] >= 500
                    span.tell({"http.response.status_code": message["status"]})
                await send(message)

            try:
                await self._app(scope, receive, noticed)
            finally:
                route = _route_template(scope)
                span.name = f"{method} {route}"
                span.tell({"http.request.method": method, "http.route": route})


def _route_template(scope: Scope) -> str:
    """Return the path of the route as it is written, with names in the place of identifiers."""
    template: str | None = getattr(scope.get("route"), "path_format", None)
    if template is None:
        return "unmatched"
    return API_ROOT + template if scope["path"].startswith(API_ROOT) else template
