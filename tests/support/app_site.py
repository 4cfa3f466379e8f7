"""TopForm as a person has it: started, with the built app, and somebody's training in it."""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from playwright.async_api import FilePayload

from tests.support.browser import Visitor
from tests.support.postgres import data_directory
from tests.support.shared_data import REPOSITORY
from tests.support.training_log import training_log

READY_S = 90.0
JOB_S = 180.0
HEALTH_PURPOSES = ("training_diary", "body_and_wellness", "form_videos")
PASSWORD = "correct horse battery staple"
BODY = {
    "sex": "f",
    "mass_kg": 62,
    "hr_rest_bpm": 48,
    "hr_max_bpm": 188,
    "lthr_bpm": 168,
    "ftp_w": 235,
    "threshold_speed_m_s": 3.7,
}


@dataclass(frozen=True)
class Site:
    """A running installation."""

    url: str
    data_dir: Path


@contextmanager
def served(*, port: int = 0, **settings: str) -> Iterator[Site]:
    """Start ``topform serve`` on a new data directory and a free port, or that one, with these variables set."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
    with data_directory() as folder:
        log = folder / "serve.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "topform", "serve", "--port", str(port), "--data-dir", str(folder / "data")],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=REPOSITORY,
                env={**environment, **settings, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
                start_new_session=True,
            )
        try:
            yield Site(_address(process, log), folder / "data")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if (found := re.search(r"open (http://localhost:\d+)", log.read_text())) is not None:
            return found.group(1)
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


async def sign_up(visitor: Visitor, name: str, *, email: str | None = None, **profile: Any) -> None:
    """Make an account whose session this window's browser holds; it agrees to keeping what it brings."""
    account = {
        "email": email or f"{name.lower()}-{os.urandom(4).hex()}@example.org",
        "password": PASSWORD,
        "display_name": name,
        "time_zone": "Europe/Berlin",
        "session": "cookie",
    }
    await visitor.call("POST", "/accounts", account, expect=201)
    for purpose in HEALTH_PURPOSES:
        await visitor.call("PUT", f"/consents/{purpose}", {"is_given": True, "text_version": "1"}, expect=200)
    if profile:
        await visitor.call("PATCH", "/athletes/me", profile, expect=200)


async def give_role(site: Site, visitor: Visitor, role: str) -> str:
    """Give somebody a role as the owner of the machine does; return the address of the account."""
    email = str((await visitor.call("GET", "/athletes/me", expect=200))["email"])
    command = [sys.executable, "-m", "topform", "account", "role", email, role, "--data-dir", str(site.data_dir)]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
    return email


async def wait_for_job(visitor: Visitor, job: dict[str, Any]) -> dict[str, Any]:
    """Return the job once it has succeeded."""
    deadline = time.monotonic() + JOB_S
    while time.monotonic() < deadline:
        known: dict[str, Any] = await visitor.call("GET", f"/jobs/{job['id']}", expect=200)
        if known["state"] in ("succeeded", "failed"):
            assert known["state"] == "succeeded", known
            return known
        await asyncio.sleep(0.3)
    raise AssertionError(known)


async def upload(visitor: Visitor, path: str, name: str, content: bytes, **fields: str) -> dict[str, Any]:
    """Send a file with this browser's session and wait for what becomes of it."""
    part: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    answer = await visitor.context.request.post(
        f"{visitor.url}/api/v1{path}", headers={"X-TopForm-Client": "1"}, multipart={**fields, "file": part}
    )
    assert answer.status == 202, await answer.text()
    return await wait_for_job(visitor, await answer.json())


async def train(visitor: Visitor, today: date, *, weeks: int) -> None:
    """Import that many weeks of training and have a plan made for a race in ten weeks."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for outing in training_log(today, weeks=weeks):
            archive.writestr(outing.file_name, outing.to_fit())
    await upload(visitor, "/activities/uploads", "log.zip", packed.getvalue())
    goal = {"type": "race", "sport": "running", "distance_m": 10000, "priority": "A"}
    order = {
        "athlete": {"sport": "running", "experience": "intermediate"},
        "goal": {**goal, "date": (today + timedelta(days=70)).isoformat()},
        "start": (today - timedelta(days=today.weekday())).isoformat(),
        "available_minutes": {"tue": 60, "thu": 60, "sat": 60, "sun": 120},
    }
    await wait_for_job(visitor, await visitor.call("POST", "/plans", {"request": order}, expect=202))


def empty_room_video(seconds: float = 2.0) -> bytes:
    """Return a short video in which nobody is: a light wandering over a wall."""
    memory = io.BytesIO()
    with av.open(memory, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=Fraction(15))
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        rows, columns = np.mgrid[0:240, 0:320]
        for at in range(int(seconds * 15)):
            light = 120 + 60 * np.exp(-((columns - 5 * at) ** 2 + (rows - 120) ** 2) / 4000)
            frame = av.VideoFrame.from_ndarray(np.repeat(light[..., None], 3, axis=2).astype(np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return memory.getvalue()
