"""The started program, a browser, and people who use it."""

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
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from tests.support.browser import CHROMIUM_FLAGS, Visitor, open_window, require_chromium
from tests.support.postgres import data_directory
from tests.support.shared_data import REPOSITORY
from tests.support.training_log import training_log

READY_S = 90.0
PASSWORD = "correct horse battery staple"

OpenWindow = Callable[..., Awaitable[Visitor]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives the started application and keep it in one process, which then starts it once."""
    for item in items:
        if "tests/e2e/app" in str(item.path):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("app"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a freshly started TopForm with the built app."""
    if not (REPOSITORY / "app/dist/index.html").is_file():
        pytest.skip("the app is not built: run 'make app/dist/index.html'")
    require_chromium()
    with data_directory() as data_dir:
        yield from _served(data_dir, tmp_path_factory.mktemp("site") / "serve.log")


def _served(data_dir: Path, log: Path) -> Iterator[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "topform", "serve", "--port", "0", "--data-dir", str(data_dir)],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=REPOSITORY,
            env={**environment, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
            start_new_session=True,
        )
    try:
        yield _address(process, log)
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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(site: str) -> AsyncIterator[Browser]:
    """One browser for all tests; each opens windows of its own."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=require_chromium(), args=list(CHROMIUM_FLAGS))
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser, site: str) -> AsyncIterator[OpenWindow]:
    """Open windows that close with the test, after which nothing may have gone wrong in them."""
    opened: list[Visitor] = []

    async def open_one(**options: Any) -> Visitor:
        visitor = await open_window(browser, site, **options)
        opened.append(visitor)
        return visitor

    yield open_one
    for visitor in opened:
        await visitor.context.close()
    assert [visitor.strangers for visitor in opened if visitor.strangers] == []
    unexpected = [line for visitor in opened for line in visitor.complaints if "status of 4" not in line]
    assert unexpected == []


async def sign_up(visitor: Visitor, name: str, **profile: Any) -> None:
    """Make an account whose session this window's browser holds."""
    account = {
        "email": f"{name.lower()}-{os.urandom(4).hex()}@example.org",
        "password": PASSWORD,
        "display_name": name,
        "time_zone": "Europe/Berlin",
    }
    await visitor.call("POST", "/accounts", account, expect=201)
    if profile:
        await visitor.call("PATCH", "/athletes/me", profile, expect=200)


@pytest_asyncio.fixture(loop_scope="session")
async def newcomer(window: OpenWindow) -> Visitor:
    """Somebody who has just signed up."""
    visitor = await window()
    await sign_up(visitor, "Nora")
    return visitor


async def wait_for_job(visitor: Visitor, job: dict[str, Any]) -> dict[str, Any]:
    """Return the job once it has succeeded."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        known: dict[str, Any] = await visitor.call("GET", f"/jobs/{job['id']}", expect=200)
        if known["state"] in ("succeeded", "failed"):
            assert known["state"] == "succeeded", known
            return known
        await asyncio.sleep(0.3)
    raise AssertionError(known)


async def upload(visitor: Visitor, path: str, name: str, content: bytes, **fields: str) -> dict[str, Any]:
    """Send a file with this browser's session and wait for what becomes of it."""
    part = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    answer = await visitor.context.request.post(
        f"{visitor.url}/api/v1{path}", headers={"X-TopForm-Client": "1"}, multipart={**fields, "file": part}
    )
    assert answer.status == 202, await answer.text()
    return await wait_for_job(visitor, await answer.json())


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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def anna(browser: Browser, site: str) -> AsyncIterator[Visitor]:
    """Somebody who has trained for seven weeks, has a plan and has checked her form; her data is only read."""
    visitor = await open_window(browser, site)
    await sign_up(
        visitor,
        "Anna",
        sex="f",
        mass_kg=62,
        hr_rest_bpm=48,
        hr_max_bpm=188,
        lthr_bpm=168,
        ftp_w=235,
        threshold_speed_m_s=3.7,
    )
    today = datetime.now(UTC).date()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for outing in training_log(today, weeks=7):
            archive.writestr(outing.file_name, outing.to_fit())
    await upload(visitor, "/activities/uploads", "log.zip", packed.getvalue())
    order = {
        "athlete": {"sport": "running", "experience": "intermediate"},
        "goal": {
            "type": "race",
            "sport": "running",
            "distance_m": 10000,
            "date": (today + timedelta(days=70)).isoformat(),
            "priority": "A",
        },
        "start": (today - timedelta(days=today.weekday())).isoformat(),
        "available_minutes": {"tue": 60, "thu": 60, "sat": 60, "sun": 120},
    }
    await wait_for_job(visitor, await visitor.call("POST", "/plans", {"request": order}, expect=202))
    await upload(visitor, "/form-checks", "room.mp4", empty_room_video(), exercise="push_up")
    yield visitor
    await visitor.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def anna_at(window: OpenWindow, anna: Visitor) -> OpenWindow:
    """Open windows in which Anna is signed in."""
    session = await anna.context.storage_state()

    async def open_one(**options: Any) -> Visitor:
        return await window(session=session, **options)

    return open_one
