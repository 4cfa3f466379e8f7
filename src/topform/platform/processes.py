"""Small facts about operating system processes that both the database server and the supervisor need."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
PARENT_POLL_S = 1.0


def is_alive(pid: int) -> bool:
    """Tell whether a process with this id exists and has not ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[:1] == ["Z"]


def command_line(pid: int) -> str | None:
    """Return the command line of a process, or None when it cannot be seen."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        if sys.platform == "linux":
            return None
        listing = subprocess.run(
            ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
        )
        return listing.stdout.strip() or None
    return raw.replace(b"\0", b" ").decode("utf-8", errors="replace").strip()


def ends_with_parent(sent: signal.Signals) -> Callable[[], None] | None:
    """Return a ``preexec_fn`` that makes the kernel send a signal to the child when its parent's thread ends.

    Only Linux can do this. It must be started from a thread that lives as long as the parent does.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(sent), 0, 0, 0)
        if os.getppid() != parent:  # the parent ended before the request was made
            os.kill(os.getpid(), sent)

    return arrange


def exit_with_parent() -> None:
    """Watch the parent from a thread and end this process when the parent is gone; for systems without the above."""
    if sys.platform == "linux":
        return
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_POLL_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def limit_own_resources(*, memory_bytes: int, file_bytes: int) -> None:
    """Bound what this process may take: address space, the size of any file it writes, no core dumps, no new rights.

    For processes that decode what strangers send. Limits that are lower already stay.
    """
    for kind, wanted in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        soft, hard = resource.getrlimit(kind)
        known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(kind, (min([wanted, *known]), hard))
    if sys.platform == "linux":
        # A program that it starts cannot gain rights by being setuid.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
