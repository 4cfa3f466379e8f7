"""A headless Chromium that looks at one clip with the app's live pose, and with MediaPipe's web runtime beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.support import REPOSITORY
from playwright.sync_api import Page, sync_playwright
from tests.support.browser import CHROMIUM_FLAGS, find_chromium

from topform.entrypoints.api.middleware import SECURITY_HEADERS
from topform.vision.decode import VideoReader
from topform.vision.frames import VideoFrame

APP = REPOSITORY / "app"
LIVE = APP / "public" / "live"
PAGE = Path(__file__).parent / "live_page"
MEDIA_TYPES = {".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}
CAMERA_FLAGS = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


@dataclass
class Footage:
    """The pictures of one clip as planes, and when each was taken."""

    times: list[float] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    width: int = 0
    height: int = 0
    color_space: dict[str, Any] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """Return what the page must know of it."""
        return {"times": self.times, "width": self.width, "height": self.height, "colorSpace": self.color_space}


def footage_of(clip: Path, *, max_frames: int | None = None) -> tuple[Footage, list[VideoFrame]]:
    """Decode a clip that stands upright; the frames are those that the recorded analysis sees."""
    found, frames = Footage(), []
    with VideoReader(clip) as reader:
        for frame in reader:
            if frame.rotation_deg != 0 or frame.pixel_aspect != 1.0:
                raise ValueError(f"{clip.name} is stored rotated or with oblong pixels: choose another clip")
            height, width = frame.luma.shape
            found.width, found.height = width, height
            matrix = "bt709" if frame.luma_weights == "bt709" else "smpte170m"
            found.color_space = {"matrix": matrix, "primaries": "bt709", "transfer": "bt709"}
            found.color_space["fullRange"] = frame.full_range
            planes = [np.array(plane) for plane in (frame.luma, frame.blue, frame.red)]
            found.pictures.append(b"".join(plane.tobytes() for plane in planes))
            found.times.append(frame.t_s)
            luma, blue, red = planes
            frames.append(
                VideoFrame(
                    t_s=frame.t_s,
                    luma=luma,
                    blue=blue,
                    red=red,
                    luma_weights=frame.luma_weights,
                    full_range=frame.full_range,
                )
            )
            if max_frames is not None and len(frames) >= max_frames:
                break
    return found, frames


def write_camera(footage: Footage, target: Path, *, frames_per_s: int) -> None:
    """Write what Chromium takes for a camera: uncompressed pictures, shown in a loop."""
    with target.open("wb") as file:
        head = f"YUV4MPEG2 W{footage.width} H{footage.height} F{frames_per_s}:1 Ip A1:1 C420jpeg\n"
        file.write(head.encode())
        for picture in footage.pictures:
            file.write(b"FRAME\n" + picture)


def build() -> None:
    """Bundle the app's worker and the page, when the app's packages are there."""
    if not (APP / "node_modules" / "esbuild").is_dir():
        raise SystemExit("The app's packages are not installed: run 'make app/dist/index.html'.")
    subprocess.run(["node", "scripts/build-live.mjs"], cwd=APP, check=True)


@contextmanager
def served(files: dict[str, Path], footage: Footage) -> Iterator[str]:
    """Serve the page, the worker's files and the pictures under the app's own security headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content, media_type = self._found()
            self.send_response(404 if content is None else 200)
            for name, value in SECURITY_HEADERS.items():
                self.send_header(name, value)
            self.send_header("Content-Type", media_type)
            self.end_headers()
            self.wfile.write(content or b"")

        def _found(self) -> tuple[bytes | None, str]:
            if self.path.startswith("/frames/"):
                return footage.pictures[int(self.path.rsplit("/", 1)[1])], "application/octet-stream"
            for prefix, place in files.items():
                target = place / self.path.removeprefix(prefix) if prefix.endswith("/") else place
                if self.path.startswith(prefix) and target.is_file():
                    return target.read_bytes(), MEDIA_TYPES.get(target.suffix, "application/octet-stream")
            return None, "text/plain"

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def opened(
    footage: Footage, *, camera: Path | None = None, peer: Path | None = None, task: Path | None = None
) -> Iterator[Page]:
    """Open the page in a browser of its own."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("No Chromium or Chrome is installed: run 'make browser'.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bundle = Path(folder) / "page.js"
        esbuild = APP / "node_modules" / "esbuild" / "bin" / "esbuild"
        tsconfig = f"--tsconfig={APP / 'tsconfig.json'}"
        command = [
            str(esbuild),
            str(PAGE / "page.js"),
            "--bundle",
            tsconfig,
            f"--outfile={bundle}",
            "--log-level=error",
        ]
        subprocess.run(command, check=True)
        files = {"/page.js": bundle, "/live/": LIVE, "/": PAGE}
        if peer is not None and task is not None:
            files = {"/peer/": peer, "/pose.task": task, **files}
        flags = [*CHROMIUM_FLAGS, *CAMERA_FLAGS]
        if camera is not None:
            flags.append(f"--use-file-for-fake-video-capture={camera}")
        with served(files, footage) as url:
            browser = playwright.chromium.launch(executable_path=chromium, args=flags)
            page = browser.new_page()
            page.on("pageerror", lambda error: print(f"the page says: {error}"))
            page.goto(f"{url}/index.html")
            yield page
            browser.close()


def call(page: Page, name: str, *arguments: Any) -> Any:
    """Call one of the page's functions."""
    return page.evaluate(f"(given) => window.live.{name}(...given)", list(arguments))


def browser_cpu_s() -> float:
    """Return the time that all processes of the browsers started here have used. [s]"""
    ticks = os.sysconf("SC_CLK_TCK")
    used = 0.0
    for process in _descendants(os.getpid()):
        fields = (Path("/proc") / str(process) / "stat").read_text().rsplit(")", 1)[1].split()
        used += (int(fields[11]) + int(fields[12])) / ticks
    return used


def _descendants(process: int) -> list[int]:
    found: list[int] = []
    children = Path(f"/proc/{process}/task")
    for task in children.iterdir() if children.is_dir() else ():
        for child in (task / "children").read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found


def installed_peer(folder: Path | None) -> Path | None:
    """Return the folder of MediaPipe's tasks-vision, where somebody gave one."""
    if folder is None or shutil.which("node") is None:
        return None
    package = folder / "node_modules" / "@mediapipe" / "tasks-vision"
    return package if (package / "vision_bundle.mjs").is_file() else None
