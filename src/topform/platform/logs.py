"""Structured logs on stderr; what could identify a person or place never reaches them."""

from __future__ import annotations

import logging
import sys
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"
PERSONAL_KEYS = frozenset(
    {
        "authorization", "birth_date", "body", "cookie", "display_name", "email", "file_name", "latitude", "longitude",
        "lat_deg", "lon_deg", "mass_kg", "name", "notes", "password", "secret", "title", "token", "url_query",
    }
)  # fmt: skip
QUIET_LOGGERS = {
    "alembic": logging.WARNING,
    "asyncio": logging.WARNING,
    # They write addresses with their queries, and at the debug level headers with their tokens.
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "procrastinate": logging.WARNING,
    "sqlalchemy.engine": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    "uvicorn.error": logging.WARNING,
    "watchfiles": logging.WARNING,
}


def hide_personal_fields(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the values of fields that hold personal data or secrets."""
    for key in event.keys() & PERSONAL_KEYS:
        event[key] = HIDDEN
    return event


def configure_logging(*, log_format: Literal["auto", "json", "console"] = "auto", level: str = "info") -> None:
    """Send structlog and the standard library's loggers to stderr in one shape."""
    as_json = log_format == "json" or (log_format == "auto" and not sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        hide_personal_fields,
    ]
    final: list[Processor] = (
        [
            # Without local variables, which hold what people uploaded.
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(default=str),
        ]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, quiet_level in QUIET_LOGGERS.items():
        logging.getLogger(name).setLevel(quiet_level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def get_logger(name: str) -> Any:
    """Return a structured logger; call it with an event name and fields, never with a formatted sentence."""
    return structlog.stdlib.get_logger(name)
