"""Traces in OpenTelemetry's format, for operators who set an address to send them to; otherwise nothing is made.

A span says what was done, how long it took and whether it failed. What may be said of it is a closed list of
attributes: templates of routes, kinds of statements, names of tasks. Paths, queries, parameters and identifiers of
people have no place in it, which is why neither the web framework's own telemetry nor a general library is used.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import IntEnum
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from topform import __version__
from topform.platform.logs import get_logger

ATTRIBUTES: Final = frozenset(
    {
        "db.collection.name",
        "db.operation.name",
        "db.system.name",
        "error.type",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "messaging.destination.name",
        "messaging.operation.name",
        "topform.job.attempt",
    }
)
"""Everything that a span may tell."""

TRACEPARENT: Final = "traceparent"
_TRACEPARENT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_TABLE: Final = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+([a-z_][a-z0-9_]*)")
MOST_WAITING: Final = 4096
BATCH: Final = 512
EVERY_S: Final = 2.0
TIMEOUT_S: Final = 5.0
SCOPE: Final = "topform"

log = get_logger(__name__)


class Kind(IntEnum):
    """The kinds of spans, numbered as the protocol does."""

    INTERNAL = 1
    SERVER = 2
    CLIENT = 3
    CONSUMER = 5


@dataclass(slots=True)
class Span:
    """A piece of work and how long it took."""

    name: str
    kind: Kind
    trace_id: str
    parent_id: str | None = None
    link: tuple[str, str] | None = None
    span_id: str = field(default_factory=lambda: secrets.token_hex(8))
    started_ns: int = field(default_factory=time.time_ns)
    ended_ns: int = 0
    failed: bool = False
    attributes: dict[str, str | int] = field(default_factory=dict)

    def tell(self, attributes: Mapping[str, str | int]) -> None:
        """Add attributes; one that is not on the list is a mistake of the program."""
        unknown = attributes.keys() - ATTRIBUTES
        if unknown:
            raise ValueError(f"spans do not tell {', '.join(sorted(unknown))}")
        self.attributes.update(attributes)

    def as_document(self) -> dict[str, Any]:
        """Return the span as OTLP writes it in JSON."""
        document: dict[str, Any] = {
            "traceId": self.trace_id,
            "spanId": self.span_id,
            "name": self.name,
            "kind": int(self.kind),
            "startTimeUnixNano": str(self.started_ns),
            "endTimeUnixNano": str(self.ended_ns),
            "attributes": _attributes(self.attributes),
            "status": {"code": 2} if self.failed else {},
        }
        if self.parent_id is not None:
            document["parentSpanId"] = self.parent_id
        if self.link is not None:
            document["links"] = [{"traceId": self.link[0], "spanId": self.link[1]}]
        return document


_current: ContextVar[Span | None] = ContextVar("span", default=None)


def current_traceparent() -> str | None:
    """Return what names the running span to others (W3C trace context), None when there is none."""
    span = _current.get()
    return None if span is None else f"00-{span.trace_id}-{span.span_id}-01"


def read_traceparent(header: object) -> tuple[str, str] | None:
    """Return the trace and span that a header or a job names, None when it names none."""
    found = _TRACEPARENT.fullmatch(header) if isinstance(header, str) else None
    return None if found is None else (found[1], found[2])


class Tracer:
    """Makes spans and sends them in batches; when they cannot be sent they are dropped, and nothing else waits."""

    def __init__(self, endpoint: str, *, service: str) -> None:
        self._url = urlsplit(endpoint.rstrip("/") + "/v1/traces")
        self._service = service
        self._waiting: deque[Span] = deque(maxlen=MOST_WAITING)
        self._is_failing = False

    @contextmanager
    def span(
        self, name: str, kind: Kind, *, parent: tuple[str, str] | None = None, link: tuple[str, str] | None = None
    ) -> Iterator[Span]:
        """Time a piece of work; spans that are made inside belong to it."""
        trace_id = secrets.token_hex(16) if parent is None else parent[0]
        span = Span(name, kind, trace_id, None if parent is None else parent[1], link)
        token = _current.set(span)
        try:
            yield span
        except BaseException as error:
            span.failed = True
            span.tell({"error.type": type(error).__qualname__})
            raise
        finally:
            _current.reset(token)
            span.ended_ns = time.time_ns()
            self._waiting.append(span)

    def watch(self, engine: AsyncEngine) -> None:
        """Make a span of every statement that is sent while another span runs."""

        def begin(_connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:
            if context is not None:
                context.topform_began_ns = time.time_ns()

        def end(_connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
            self._statement(statement, context, error=None)

        def fail(failure: Any) -> None:
            self._statement(failure.statement or "", failure.execution_context, error=failure.original_exception)

        event.listen(engine.sync_engine, "before_cursor_execute", begin)
        event.listen(engine.sync_engine, "after_cursor_execute", end)
        event.listen(engine.sync_engine, "handle_error", fail)

    def _statement(self, statement: str, context: Any, *, error: BaseException | None) -> None:
        parent = _current.get()
        began_ns = getattr(context, "topform_began_ns", None)
        if parent is None or began_ns is None:
            return
        operation = (statement.split(None, 1) or [""])[0].upper()
        table = _TABLE.search(statement)
        name = operation if table is None else f"{operation} {table[1]}"
        span = Span(name, Kind.CLIENT, parent.trace_id, parent.span_id, started_ns=began_ns, ended_ns=time.time_ns())
        span.tell({"db.system.name": "postgresql", "db.operation.name": operation})
        if table is not None:
            span.tell({"db.collection.name": table[1]})
        if error is not None:
            span.failed = True
            span.tell({"error.type": type(error).__qualname__})
        self._waiting.append(span)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send spans while the program runs, and those that wait at its end."""
        sender = asyncio.create_task(self._send_often(), name="send-traces")
        try:
            yield
        finally:
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender
            await self.flush()

    async def _send_often(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await self.flush()

    async def flush(self) -> None:
        """Send what waits."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            try:
                await asyncio.to_thread(self._send, batch)
            except (OSError, HTTPException) as error:
                if not self._is_failing:
                    log.warning("traces_not_sent", reason=type(error).__name__, spans=len(batch))
                self._is_failing = True
                return
            self._is_failing = False

    def _send(self, batch: list[Span]) -> None:
        resource = {"service.name": self._service, "service.version": __version__}
        document = {
            "resourceSpans": [
                {
                    "resource": {"attributes": _attributes(resource)},
                    "scopeSpans": [{"scope": {"name": SCOPE}, "spans": [span.as_document() for span in batch]}],
                }
            ]
        }
        host, port = self._url.hostname or "", self._url.port
        kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        connection = kind(host, port, timeout=TIMEOUT_S)
        try:
            connection.request(
                "POST", self._url.path, json.dumps(document).encode(), {"Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            answer.read()
            if answer.status >= 400:
                raise HTTPException(f"status {answer.status}")
        finally:
            connection.close()


def _attributes(values: Mapping[str, str | int]) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
        for key, value in values.items()
    ]
