"""The API process: ``python -m topform.entrypoints.api_process [--descriptor N]``."""

from __future__ import annotations

import argparse
import contextlib
import gc
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
LARGEST_MESSAGE_BYTES = 64 * 1024
"""What a client says on a WebSocket is a token and a few words, and the first arrives before anybody is known."""

COLLECT_AFTER = (20_000, 10, 20)
"""An answer makes thousands of objects and needs none of them afterwards: nothing is to be looked for in between."""

SWITCH_S = 0.0005
"""How long a thread that reads the streams of an activity may keep all other requests waiting."""

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
        # A window of compression for each client is a third of a MiB, and events are a few hundred bytes.
        ws_per_message_deflate=False,
        ws_max_size=LARGEST_MESSAGE_BYTES,
    )
    config.load()
    # What the program itself consists of lives as long as the process: no collection need look at it again. An answer
    # with thousands of rows otherwise pays for several walks over everything that was imported.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    sys.setswitchinterval(SWITCH_S)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
