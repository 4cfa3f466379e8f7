"""TopForm on a day that is always the same, for tests that look at its screens.

``python -m tests.support.fixed_day`` serves the API, with ``worker`` it does the jobs. Time goes on a thousand times
more slowly than outside: what happens keeps its order, and the minute on the screen stays the same.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi import FastAPI

from topform.entrypoints import api_process, worker
from topform.entrypoints.api import application
from topform.platform.jobs import QUEUES, TRAINING_QUEUE, VIDEO_QUEUE
from topform.platform.processes import exit_with_parent
from topform.platform.settings import load_settings

INSTANT: Final = datetime(2026, 3, 18, 8, 0, tzinfo=UTC)
"""A Wednesday; the watch says nine in Berlin."""

BEGUN: Final = "FIXED_DAY_BEGUN_S"
"""The variable that holds when all processes of one test began, in seconds of the machine's clock."""

SLOWER: Final = 1000


class SlowClock:
    """A clock that starts at the instant and hardly moves."""

    def __init__(self, begun_s: float) -> None:
        self._begun_s = begun_s

    def now(self) -> datetime:
        """Return the current instant as an aware UTC datetime."""
        return INSTANT + timedelta(seconds=(time.time() - self._begun_s) / SLOWER)


def create_app() -> FastAPI:
    """Return the application on that day."""
    return application.create_app(clock=SlowClock(float(os.environ[BEGUN])))


def main() -> int:
    """Serve, or work."""
    if sys.argv[1:] != ["worker"]:
        return api_process.main(["--factory", f"{__spec__.name}:create_app"])
    exit_with_parent()
    clock = SlowClock(float(os.environ[BEGUN]))
    queues = [queue for queue in QUEUES if queue not in (VIDEO_QUEUE, TRAINING_QUEUE)]
    asyncio.run(worker.run(load_settings(), queues=queues, concurrency=1, clock=clock))
    return 0


if __name__ == "__main__":
    sys.exit(main())
