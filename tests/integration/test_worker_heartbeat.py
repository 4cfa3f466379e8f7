"""A worker that hangs is noticed, and one that goes on again too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 120.0


def is_alive(file: Path, *, within_s: float) -> bool:
    """Ask as the probes of containers do."""
    command = [sys.executable, "-m", "topform.platform.heartbeat", str(file), "--within", str(within_s)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.2)


def test_a_worker_that_is_stopped_has_no_heartbeat(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    assert not is_alive(file, within_s=1e9)
    environment = {**os.environ, "TOPFORM_DATABASE_URL": database_url, "TOPFORM_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "topform.entrypoints.worker", "--queues", "default", "--heartbeat", str(file)]
    worker = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(file.exists)
        assert is_alive(file, within_s=1e6)
        worker.send_signal(signal.SIGSTOP)
        wait_until(lambda: not is_alive(file, within_s=8.0))
        assert worker.poll() is None
        worker.send_signal(signal.SIGCONT)
        wait_until(lambda: is_alive(file, within_s=8.0))
    finally:
        worker.send_signal(signal.SIGCONT)
        worker.kill()
        worker.wait()


def test_a_file_that_is_no_heartbeat_is_none(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    file.write_text("hello", encoding="ascii")
    assert not is_alive(file, within_s=1e9)
    # From before the machine started: its clock had run longer.
    file.write_text(repr(time.monotonic() + 1e6), encoding="ascii")
    assert not is_alive(file, within_s=1e9)
