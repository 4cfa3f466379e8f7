"""What operators and orchestrators ask: alive, ready, numbers."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from topform import __version__
from topform.platform.web.resources import Use

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """The process runs."""

    status: Literal["ok"] = "ok"
    version: str = __version__


class Readiness(BaseModel):
    """Whether the process can serve."""

    status: Literal["ready", "not_ready"]
    database: Literal["ok", "unreachable"]


@router.get("/healthz")
async def healthz() -> Health:
    """Answer as long as the process runs."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness, "description": "Not ready to serve."}})
async def readyz(use: Use) -> Response:
    """Answer 200 when the database can be reached, 503 otherwise."""
    try:
        await use.database.ping()
    except (OSError, SQLAlchemyError):
        body = Readiness(status="not_ready", database="unreachable")
        return JSONResponse(body.model_dump(), status_code=503)
    return JSONResponse(Readiness(status="ready", database="ok").model_dump())


@router.get("/metrics", response_class=Response, include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Return the process's numbers for Prometheus."""
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)
