"""Expo's push service on this machine: tickets at once and receipts later, as its public documentation has it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from tests.support.in_thread import served_in_thread

SEND = "/--/api/v2/push/send"
RECEIPTS = "/--/api/v2/push/getReceipts"


@dataclass
class ExpoService:
    """The service: what it took, and what it says of it."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    """The access token of each request."""
    asked: list[list[str]] = field(default_factory=list)
    """For which tickets receipts were asked for."""
    tickets: list[dict[str, Any] | int] = field(default_factory=list)
    """What the next messages are answered instead of being taken; a number refuses the whole request."""
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, token: str) -> list[dict[str, Any]]:
        """What was taken for a phone."""
        return [one for one in self.taken if one["to"] == token]

    def forget(self) -> None:
        """Begin anew."""
        for held in (self.taken, self.tokens, self.asked, self.tickets):
            held.clear()
        self.receipts.clear()


def failed(error: str) -> dict[str, Any]:
    """Return a ticket or a receipt of a message that failed."""
    return {"status": "error", "message": f"It failed: {error}.", "details": {"error": error}}


@contextlib.contextmanager
def running_expo_service() -> Iterator[ExpoService]:
    """Start the service on a free port and stop it at the end."""
    service = ExpoService()
    app = FastAPI()

    @app.post(SEND)
    async def send(request: Request) -> Response:
        service.tokens.append(request.headers.get("authorization"))
        body = await request.json()
        answer = service.tickets.pop(0) if service.tickets else None
        if isinstance(answer, int):
            refused = {"errors": [{"code": "TOO_MANY_REQUESTS", "message": "Too many requests."}]}
            return JSONResponse(refused, status_code=answer, headers={"Retry-After": "600"})
        if answer is None:
            service.taken.append(body)
            answer = {"status": "ok", "id": f"0000-ticket-{len(service.taken)}"}
        return JSONResponse({"data": answer if isinstance(body, dict) else [answer]})

    @app.post(RECEIPTS)
    async def receipts(request: Request) -> Response:
        ids = (await request.json())["ids"]
        service.asked.append(ids)
        return JSONResponse({"data": {one: service.receipts[one] for one in ids if one in service.receipts}})

    with served_in_thread(app) as service.url:
        yield service
