"""The API process: ``python -m topform.entrypoints.api_process [--descriptor N]``."""

from __future__ import annotations

import argparse
import contextlib
import socket
import sys
from collections.abc import Sequence

import uvicorn

from topform.core.errors import TopFormError
from topform.platform.logs import configure_logging, get_logger
from topform.platform.processes import exit_with_parent
from topform.platform.settings import load_settings
from topform.platform.supervisor import listen

FACTORY = "topform.entrypoints.api:create_app"
OPEN_CONNECTIONS_GRACE_S = 3

log = get_logger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the API on an inherited socket, or on the configured address."""
    parser = argparse.ArgumentParser(prog="topform-api", description="Serve TopForm's API and app.")
    parser.add_argument("--descriptor", type=int, default=None, help="an inherited listening socket")
    parser.add_argument("--factory", default=FACTORY, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    exit_with_parent()
    try:
        settings = load_settings()
        configure_logging(log_format=settings.log_format, level=settings.log_level)
        listener = (
            listen(settings.host, settings.port) if given.descriptor is None else socket.socket(fileno=given.descriptor)
        )
    except TopFormError as error:
        log.error("api_cannot_run", code=error.code, reason=error.message, remedy=error.remedy)
        return 1
    config = uvicorn.Config(
        given.factory,
        factory=True,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=OPEN_CONNECTIONS_GRACE_S,
    )
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
