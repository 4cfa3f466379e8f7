"""Errors as `application/problem+json` (RFC 9457), and the one table from error class to status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from topform.core.documents import plain
from topform.core.errors import (
    AuthenticationError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    SetupError,
    StorageFullError,
    TooLargeError,
    TopFormError,
)
from topform.platform.logs import get_logger
from topform.platform.outages import OUTAGES, Outage, outage_of
from topform.providers.errors import (
    ProviderError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
    SignInNeededError,
)

STATUS_BY_ERROR: Mapping[type[TopFormError], int] = {
    TooLargeError: 413,
    InvalidInputError: 422,
    NotFoundError: 404,
    ConflictError: 409,
    AuthenticationError: 401,
    PermissionDeniedError: 403,
    RateLimitedError: 429,
    SetupError: 503,
    StorageFullError: 507,
    ProviderRateLimitedError: 503,
    ProviderUnavailableError: 503,
    SignInNeededError: 422,
    ProviderError: 502,
}
PROBLEM_JSON = "application/problem+json"
TYPE_BASE = "urn:topform:problem:"
RETRY_AFTER_S = 60
RETRY_AFTER_OUTAGE_S = 5
TEXT_OF_NO_DATABASE = frozenset({"22021", "22P05"})
"""What PostgreSQL says of text with the character zero, which none of its types can hold."""
HTTP_CODES = {
    404: ("not_found", "There is nothing at this address.", "Check the path and the identifier."),
    405: ("method_not_allowed", "This address does not take this method.", "See /api/openapi.json for what it takes."),
    415: ("unsupported_media_type", "The content type is not accepted here.", "Send application/json."),
    413: ("too_large", "The request is too large.", "Send less."),
}

log = get_logger(__name__)


class FieldProblem(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    message: str
    code: str


class Problem(BaseModel):
    """Why a request failed, and what to do about it."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="A URI that names the kind of problem.")
    title: str
    status: int
    code: str = Field(description="Stable; program against this.")
    detail: str
    remedy: str | None = None
    file: str | None = None
    offset_bytes: int | None = None
    errors: list[FieldProblem] | None = Field(default=None, description="By field, when the request is malformed.")


def status_of(error: TopFormError) -> int:
    """Return the status of an error's nearest class in the table."""
    for kind in type(error).__mro__:
        if kind in STATUS_BY_ERROR:
            return STATUS_BY_ERROR[kind]
    return 500


def problem_response(
    status: int,
    code: str,
    detail: str,
    *,
    remedy: str | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """Return a problem document."""
    document = {
        "type": TYPE_BASE + code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "remedy": remedy,
        **{name: plain(value) for name, value in more.items() if value is not None},
    }
    return JSONResponse(document, status_code=status, media_type=PROBLEM_JSON, headers=dict(headers or {}))


def error_response(error: TopFormError) -> JSONResponse:
    """Return a typed error as a problem document."""
    status = status_of(error)
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, OUTAGES):
        headers["Retry-After"] = str(RETRY_AFTER_OUTAGE_S)
    if status == 429:
        headers["Retry-After"] = str(error.fields.get("retry_after_s", RETRY_AFTER_S))
    if status == 413:
        headers["Connection"] = "close"
    return problem_response(
        status,
        error.code,
        error.message,
        remedy=error.remedy,
        headers=headers,
        file=error.file,
        offset_bytes=error.offset_bytes,
        **{name: value for name, value in error.fields.items() if name not in ("status", "type", "title", "detail")},
    )


def install_problem_handlers(app: FastAPI) -> None:
    """Have every error of the app answered with a problem document."""

    @app.exception_handler(TopFormError)
    async def typed(_request: Request, error: TopFormError) -> JSONResponse:
        if isinstance(error, OUTAGES):
            return _outage(error)
        return error_response(error)

    @app.exception_handler(RequestValidationError)
    async def malformed(_request: Request, error: RequestValidationError) -> JSONResponse:
        return problem_response(
            422,
            "request_malformed",
            "The request does not have the form that was asked for.",
            remedy="Correct the fields listed in `errors`.",
            errors=_field_problems(error.errors()),
        )

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> JSONResponse:
        fallback = ("http_error", str(error.detail), None)
        code, detail, remedy = HTTP_CODES.get(error.status_code, fallback)
        return problem_response(error.status_code, code, detail, remedy=remedy, headers=error.headers)

    @app.exception_handler(ClientDisconnect)
    async def gone(_request: Request, _error: ClientDisconnect) -> JSONResponse:
        return problem_response(400, "client_gone", "The client went away before the request was complete.")

    @app.exception_handler(PoolTimeoutError)
    @app.exception_handler(OSError)
    async def operating_system(_request: Request, error: Exception) -> JSONResponse:
        outage = outage_of(error)
        return _defect(error) if outage is None else _outage(outage, error)

    @app.exception_handler(DBAPIError)
    async def database(_request: Request, error: DBAPIError) -> JSONResponse:
        if getattr(error.orig, "sqlstate", None) in TEXT_OF_NO_DATABASE:
            return problem_response(
                422, "text_unreadable", "A text holds a character that cannot be stored.", remedy="Leave it out."
            )
        outage = outage_of(error)
        return _defect(error) if outage is None else _outage(outage, error)

    @app.exception_handler(Exception)
    async def defect(_request: Request, error: Exception) -> JSONResponse:
        return _defect(error)


def _outage(outage: Outage, cause: BaseException | None = None) -> JSONResponse:
    behind = cause or outage.__cause__
    log.error(outage.code, error=type(behind or outage).__name__)
    return error_response(outage)


def _defect(error: Exception) -> JSONResponse:
    log.error("request_failed", exc_info=error)
    return problem_response(
        500,
        "internal_error",
        "TopForm could not answer because of a defect of its own.",
        remedy="Please report it with the time of this request and the server's log.",
    )


def _said(error: Any) -> str:
    said = str(error["msg"]).removeprefix("Value error, ")
    # Of secrets, whose text pydantic hides from itself too.
    return said.replace("items after validation", "characters") if isinstance(error["input"], str) else said


def _field_problems(errors: Sequence[Any]) -> list[dict[str, str]]:
    return [
        {
            "field": ".".join(str(part) for part in error["loc"] if part != "body") or "body",
            "message": _said(error),
            "code": str(error["type"]),
        }
        for error in errors
    ]
