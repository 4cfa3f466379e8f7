"""Whether a process without a port is alive: it writes the time into a file, and others look how old it is.

python -m topform.platform.heartbeat FILE --within 60
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Final, TypeVar

Result = TypeVar("Result")

EVERY_S: Final = 5.0
WITHIN_S: Final = 60.0


async def beat(path: Path, *, every_s: float = EVERY_S) -> None:
    """Write the time since the machine started until cancelled; an event loop that hangs writes nothing."""
    part = path.with_name(f"{path.name}.part")
    while True:
        # Not the time of day: that may jump. It is the same for all processes of a machine.
        part.write_text(repr(time.monotonic()), encoding="ascii")
        part.replace(path)
        await asyncio.sleep(every_s)


async def beating(work: Awaitable[Result], path: Path | None) -> Result:
    """Do some work, with a heartbeat while it lasts if there is a file for it."""
    if path is None:
        return await work
    heart = asyncio.create_task(beat(path), name="heartbeat")
    try:
        return await work
    finally:
        heart.cancel()


def age_s(path: Path) -> float | None:
    """Return how long ago the last beat was; None if there was none since the machine started."""
    try:
        age = time.monotonic() - float(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return None if age < 0.0 else age


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 if the last beat is young enough, else 1 with the reason."""
    parser = argparse.ArgumentParser(prog="topform-heartbeat", description="Tell whether a worker is alive.")
    parser.add_argument("file", type=Path, help="what the worker was given as --heartbeat")
    parser.add_argument("--within", type=float, default=WITHIN_S, metavar="SECONDS", help="how old it may be")
    given = parser.parse_args(arguments)
    age = age_s(given.file)
    if age is None:
        sys.stderr.write(f"{given.file}: no heartbeat yet\n")
        return 1
    if age > given.within:
        sys.stderr.write(f"{given.file}: the last heartbeat was {age:.0f} s ago\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
